"""Packs, models, losses and rows as arguments of users' functions: what they say about the callee's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import Type

from torchlean_mypy.kinds import has_params, instance_of, loss_kind, model_kind, pack_kind, rows_kind
from torchlean_mypy.names import LOSS, PACK, ROWS, SEQ
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, shape_names, substitute_shape
from torchlean_typed.shapes.unify import flexible, is_flexible, plain

if TYPE_CHECKING:
    from torchlean_mypy.formals import Matcher


def match_kind(matcher: Matcher, formal: Type, actual: Type, place: str) -> bool:
    """State what a pack, a model, a loss or rows say; whether the formal is one of these.

    Raises:
        ShapeError: where the two cannot fit.
    """
    if instance_of(formal, PACK) is not None:
        f, a = pack_kind(formal), pack_kind(actual)
        if f is not None and a is not None:
            _packs(matcher, f, a, place)
    elif instance_of(formal, SEQ) is not None:
        _models(matcher, formal, actual, place)
    elif instance_of(formal, LOSS) is not None:
        _losses(matcher, formal, actual, place)
    elif instance_of(formal, ROWS) is not None:
        _rows(matcher, formal, actual, place)
    else:
        return False
    return True


def _packs(matcher: Matcher, formal: PackKind, actual: PackKind, place: str) -> None:
    f, a = len(formal.shapes), len(actual.shapes)
    if f != a:
        problem = f"{place} has {a} {'entry' if a == 1 else 'entries'}, expected {f}"
        hint = f"shapes: expected [{formal}], got [{actual}]"
        raise ShapeError(matcher.name, problem, expected=f, got=a, hint=hint)
    for index, (left, right) in enumerate(zip(formal.shapes, actual.shapes, strict=True)):
        matcher.unifier.match(matcher.formal(left), right, f"{actual.label(index)} of {place}")
    for index, (name, given) in enumerate(zip(formal.names, actual.names, strict=False)):
        if name != given:
            problem = f'entry {index} of {place} is "{given}", expected "{name}"'
            hint = "are the entries in the right order, of the right model?"
            raise ShapeError(matcher.name, problem, expected=name, got=given, hint=hint)


def _models(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    f, a = model_kind(formal), model_kind(actual)
    if f is None or a is None:
        return
    # the formal's batch axes stand for any: they must not be solved for, the actual model's own names must
    f_in, f_out = (matcher.formal(_rigid(shape)) for shape in (f.input, f.output))
    a_in, a_out = (flexible(shape, "'", _plain_names(shape)) for shape in (a.input, a.output))
    matcher.unifier.match(f_in, a_in, f"the input of {place}")
    matcher.unifier.match(f_out, a_out, f"the output of {place}")
    if has_params(formal) and has_params(actual):
        _packs(
            matcher,
            f.params,
            PackKind(a.params.shapes, a.params.names if f.params.names else ()),
            f"the parameters of {place}",
        )


def _rigid(shape: Shape) -> Shape:
    names = {name: (Variadic(plain(name.lstrip("*"))),) for name in shape_names(shape) if name.startswith("*?")}
    return substitute_shape(shape, names)


def _plain_names(shape: Shape) -> frozenset[str]:
    return frozenset(name for name in shape_names(shape) if not is_flexible(name))


def _losses(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    f, a = loss_kind(formal), loss_kind(actual)
    if f is None or a is None or a.same:
        return
    for what, left, right in (("output", f.output, a.output), ("target", f.target, a.target)):
        if ANY_SHAPE not in (left, right):
            actual_shape = flexible(right, "'", _plain_names(right))
            matcher.unifier.match(matcher.formal(left), actual_shape, f"the {what} of {place}")


def _rows(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    f, a = rows_kind(formal), rows_kind(actual)
    left, right = instance_of(formal, ROWS), instance_of(actual, ROWS)
    if left is None or right is None:
        return
    if f is not None and a is not None:
        (count,) = matcher.formal((f.count,))
        if not isinstance(count, Variadic):
            matcher.unifier.dimension(count, a.count, f"the number of rows of {place}")
    matcher.argument(left.args[1], right.args[1], None, f"a row of {place}")
