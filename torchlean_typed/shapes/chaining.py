"""How layers are chained: each takes what the one before gives.

Every layer takes any number of leading batch axes, ``*?b``: a flexible variadic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from torchlean_typed.shapes.dim import Dimension, Unknown, symbol
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.kinds import UNNAMED, ModelKind, PackKind
from torchlean_typed.shapes.shape import Bindings, Shape, Variadic, shape_names, substitute_shape
from torchlean_typed.shapes.unify import Unifier, flexible, is_flexible

BATCH = Variadic("?b")


def chain(op: str, parts: Sequence[ModelKind]) -> ModelKind:
    """One model out of models, each taking what the one before gives; the layers of all are numbered through.

    Raises:
        ShapeError: for a part that does not fit; ``position`` is its number.
    """
    return _chained(op, tuple(parts))


@lru_cache(maxsize=4096)
def _chained(op: str, parts: tuple[ModelKind, ...]) -> ModelKind:
    unifier = Unifier(op)
    own = [tagged(kind, f"'{number}") for number, kind in enumerate(parts)]
    layers = tuple(layer for kind in parts for layer in kind.layers)
    names: list[str] = []
    done = 0
    for number, kind in enumerate(parts):
        names += [_renumbered(name, done) for name in kind.params.names]
        if number:
            _join(unifier, own[number - 1], own[number], kind, layers, done, number)
            _require_values(op, parts[:number], kind, layers, done)
        _require_windows(unifier, own[number], kind, done, number)
        done += len(kind.layers)
    known = () if UNNAMED in layers or any(kind.params.is_nameless for kind in parts) else tuple(names)
    params = PackKind(tuple(shape for kind in parts for shape in kind.params.shapes), known)
    if not parts:
        return ModelKind((BATCH,), (BATCH,), params, takes="any")
    first, last = (settled(shape, unifier.bindings) for shape in (own[0].input, own[-1].output))
    return canonical(ModelKind(first, last, params, layers, first_taken(parts)))


def first_taken(parts: Sequence[ModelKind]) -> str:
    """What the first part takes that does not take anything."""
    return next((kind.takes for kind in parts if kind.takes != "any"), "any")


def settled(shape: Shape, values: Bindings) -> Shape:
    """The shape with every name replaced, and those in what it is replaced by."""
    for _ in values:
        replaced = substitute_shape(shape, values)
        if replaced == shape:
            break
        shape = replaced
    return shape


def _renumbered(name: str, offset: int) -> str:
    number, _, rest = name.partition(".")
    return f"{int(number) + offset}.{rest}"


def _join(
    unifier: Unifier,
    before: ModelKind,
    here: ModelKind,
    kind: ModelKind,
    layers: tuple[str, ...],
    done: int,
    number: int,
) -> None:
    """State that the part ``here`` takes what ``before`` gives; ``done`` layers stand before it."""
    given = show(plain_shape(settled(before.output, unifier.bindings)))
    try:
        unifier.match(here.input, before.output, "the output before it")
        unifier.solve()
    except ShapeError:
        expected = show(plain_shape(kind.input))
        sources = f" from layer {done - 1} ({layers[done - 1]})" if done else ""
        problem = f"layer {done} ({layers[done]}) expects input {expected}, got {given}{sources}"
        raise ShapeError(unifier.op, problem, expected=expected, got=given, position=number) from None
    if unifier.unsolved and not _has_unknown(here.input, before.output):
        expected = show(plain_shape(kind.input))
        which = f"which sizes layer {done} ({layers[done]}) gets"
        problem = f"{which} cannot be inferred: it expects {expected}, got {given}"
        hint = 'state the input shape: nn.input("1 28 28") first'
        raise ShapeError(unifier.op, problem, hint=hint, position=number)


def _require_values(op: str, before: Sequence[ModelKind], kind: ModelKind, layers: tuple[str, ...], done: int) -> None:
    """An embedding is not given floating values, which is what our layers make of anything."""
    ours = not {"layer", UNNAMED}.intersection(layers[:done])
    if kind.takes == "integer" and first_taken(before) in ("floating", "integer") and ours:
        sources = f"floating values from layer {done - 1} ({layers[done - 1]})"
        problem = f"layer {done} ({layers[done]}) takes integers, got {sources}"
        raise ShapeError(op, problem, expected="integers", got="floating values", position=len(before))


def _require_windows(unifier: Unifier, here: ModelKind, kind: ModelKind, done: int, number: int) -> None:
    """What a part gives is not empty, where what it takes is not."""
    given, result = (plain_shape(settled(shape, unifier.bindings)) for shape in (here.input, here.output))
    if is_too_small(given, result):
        last = done + len(kind.layers) - 1
        which = f"layer {done}" if last == done else f"layers {done} to {last}"
        problem = f"{which} ({', '.join(kind.layers)}) cannot take {show(given)}: a window does not fit"
        raise ShapeError(unifier.op, problem, expected="a larger input", got=show(given), position=number)


def is_too_small(given: Shape, result: Shape) -> bool:
    """Whether no output is left of an input, as it is smaller than a window with its padding."""
    sizes, left = ([axis for axis in shape if isinstance(axis, int)] for shape in (given, result))
    return all(size > 0 for size in sizes) and any(size < 1 for size in left)


def _has_unknown(*shapes: Shape) -> bool:
    return any(isinstance(axis, Unknown) or axis == Variadic(None) for shape in shapes for axis in shape)


def tagged(kind: ModelKind, tag: str) -> ModelKind:
    """The layer with flexible names of its own."""
    rigid = frozenset(n for n in shape_names(kind.input) | shape_names(kind.output) if not is_flexible(n))
    return replace(kind, input=flexible(kind.input, tag, rigid), output=flexible(kind.output, tag, rigid))


def _strip(text: str) -> str:
    """A text without the tags of names."""
    return "".join(part if i == 0 else part.lstrip("0123456789") for i, part in enumerate(text.split("'")))


def plain_shape(shape: Shape) -> Shape:
    """The shape with the names that messages show."""
    names = {name: _renamed(name, _strip(name.lstrip("*?"))) for name in shape_names(shape) if is_flexible(name)}
    return substitute_shape(shape, names)


def _renamed(name: str, new: str) -> Dimension | Shape:
    return (Variadic(new),) if name.startswith("*") else symbol(new)


def canonical(kind: ModelKind) -> ModelKind:
    """The model with short names again: the batch axes ``?b``, other names without tags where they stay apart."""
    names = sorted(n for n in shape_names(kind.input) | shape_names(kind.output) if is_flexible(n))
    values: dict[str, Dimension | Shape] = {}
    taken = set()
    for name in names:
        short = "b" if name.startswith("*") else _strip(name.lstrip("?"))
        unique = short
        while unique in taken:
            unique = f"{unique}_"
        taken.add(unique)
        values[name] = _renamed(name, f"?{unique}")
    return replace(kind, input=substitute_shape(kind.input, values), output=substitute_shape(kind.output, values))
