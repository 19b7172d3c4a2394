"""What packs, models and losses say as arguments of an annotated function, to the run time and to the checker alike.

The names of the formals that may be solved are flexible, ``?n``.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.chaining import BATCH
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.models import apply_loss, require_scalar, scalar_hint
from torchlean_typed.shapes.rules import reduction
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, shape_names, substitute_shape
from torchlean_typed.shapes.unify import Unifier, flexible, is_flexible, plain


def place_of(number: int, name: str | None) -> str:
    """How a message calls an argument; ``number`` counts from 1, without ``self``."""
    return f'argument {number} ("{name}")' if name is not None else f"argument {number}"


def match_pack(unifier: Unifier, formal: PackKind, actual: PackKind, place: str) -> None:
    """State that a pack has the shapes of ``formal``, and its names where both have names.

    Raises:
        ShapeError: for another number of entries, other names, and ranks that cannot fit.
    """
    f, a = len(formal.shapes), len(actual.shapes)
    if f != a:
        problem = f"{place} has {a} {'entry' if a == 1 else 'entries'}, expected {f}"
        raise ShapeError(unifier.op, problem, expected=f, got=a, hint=f"shapes: expected [{formal}], got [{actual}]")
    for index, (left, right) in enumerate(zip(formal.shapes, actual.shapes, strict=True)):
        try:
            unifier.match(left, right, f"{actual.label(index)} of {place}")
        except ShapeError as error:
            ranks = [sorted(map(len, pack.shapes)) for pack in (formal, actual)]
            hint = "are the entries in the right order?" if ranks[0] == ranks[1] else None
            raise ShapeError(unifier.op, error.problem, expected=error.expected, got=error.got, hint=hint) from None
    for index, (name, given) in enumerate(zip(formal.names, actual.names, strict=False)):
        if name != given:
            problem = f'entry {index} of {place} is "{given}", expected "{name}"'
            hint = "are the entries in the right order, of the right model?"
            raise ShapeError(unifier.op, problem, expected=name, got=given, hint=hint)


def match_model(unifier: Unifier, formal: ModelKind, actual: ModelKind, place: str, params: bool = True) -> None:
    """State that a model takes and gives the shapes of ``formal``, and has its parameters if ``params``.

    The formal's batch axes stand for any number of them: they are not solved for, the actual model's own names are.

    Raises:
        ShapeError: for ranks that cannot fit.
    """
    given, result = (_with_own_names(shape) for shape in (actual.input, actual.output))
    unifier.match(_any_batch(formal.input), given, f"the input of {place}")
    unifier.match(_any_batch(formal.output), result, f"the output of {place}")
    if params:
        names = actual.params.names if formal.params.names else ()
        match_pack(unifier, formal.params, PackKind(actual.params.shapes, names), f"the parameter pack of {place}")


def match_loss(unifier: Unifier, formal: LossKind, actual: LossKind, place: str) -> None:
    """State that a loss takes an output and a target of the shapes of ``formal``, and gives one number.

    Raises:
        ShapeError: for ranks that cannot fit, and for a loss that is not reduced.
    """
    if actual.standard:  # it takes any shape, and the one of the target follows from it
        target = reduction(unifier.op, formal.output, actual.axis) if actual.classes else formal.output
        unifier.match(formal.target, target, f"the target of {place}")
    else:
        for what, left, right in (("output", formal.output, actual.output), ("target", formal.target, actual.target)):
            if ANY_SHAPE not in (left, right):
                unifier.match(left, _with_own_names(right), f"the {what} of {place}")
    if formal.result == ():
        try:
            result = apply_loss(unifier.op, actual, _closed(formal.output), _closed(formal.target))
        except (ShapeError, Undetermined):
            return  # what does not fit, the unifier says when it has solved
        require_scalar(unifier.op, place, result, scalar_hint(actual))


def check_dtype(op: str, expected: str, allowed: Sequence[str], got: str, place: str) -> None:
    """Check the dtype found at ``place`` against those allowed, which ``expected`` describes.

    Raises:
        ShapeError: for any other.
    """
    if got not in allowed:
        raise ShapeError(op, f"{place} has dtype {got}, expected {expected}", expected=expected, got=got)


def _closed(shape: Shape) -> Shape:
    """The shape with its names as they are in the body of its function, where they are not solved for."""
    names = shape_names(shape)
    return substitute_shape(
        shape, {n: (Variadic(plain(n.lstrip("*"))),) if n.startswith("*") else symbol(plain(n)) for n in names}
    )


def _any_batch(shape: Shape) -> Shape:
    return substitute_shape(shape, {BATCH.key: (Variadic(plain(str(BATCH.name))),)})


def _with_own_names(shape: Shape) -> Shape:
    """The names that a model leaves open, apart from the formals'."""
    return flexible(shape, "'", frozenset(name for name in shape_names(shape) if not is_flexible(name)))
