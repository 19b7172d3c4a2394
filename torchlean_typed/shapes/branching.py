"""The signatures of layers that are made of models: one beside the identity, or several beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from torchlean_typed.shapes.chaining import canonical, first_taken, plain_shape, settled, tagged
from torchlean_typed.shapes.dense_layers import axis_from_end
from torchlean_typed.shapes.dim import Dimension, same, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.shape import Shape, Variadic
from torchlean_typed.shapes.unify import Unifier


def residual(op: str, inner: ModelKind) -> ModelKind:
    """``*b n -> *b n``: ``x + inner(x)``; the inner model gives the shape that it takes."""
    own, unifier = tagged(inner, "'"), Unifier(op)
    if not _agree(unifier, own.input, own.output, "the inner model's output"):
        problem = "the inner model's output does not fit its input"
        _differ(op, problem, "input", inner.input, "output", inner.output, 0)
    shape = settled(own.input, unifier.bindings)
    return canonical(ModelKind(shape, shape, _numbered([inner], ""), (op,), inner.takes))


def add_branches(op: str, *models: ModelKind) -> ModelKind:
    """``*b n -> *b m``: the sum of what the models give, which take one input and give one shape."""
    branches, unifier = _with_one_input(op, models)
    first = branches[0].output
    for number, branch in enumerate(branches[1:], 1):
        if not _agree(unifier, first, branch.output, f"the output of branch {number}"):
            _differ_from_first(op, branches, number, unifier)
    return _joined(op, models, branches[0].input, first, unifier)


def concat_branches(op: str, *models: ModelKind, axis: object = -1) -> ModelKind:
    """``*b n -> *b m+k``: what the models give one after the other, along an axis counted from the end."""
    branches, unifier = _with_one_input(op, models)
    place = axis_from_end(op, axis)
    if place is None:
        raise Undetermined(f"{op}: the value of axis is not known")
    total: Dimension = 0
    shape: Shape = ()
    for number, branch in enumerate(branches):
        size = symbol(f"?c{number}")
        after = tuple(symbol(f"?s{i}") for i in range(-place - 1))
        shape = (Variadic("?b"), size, *after)
        if not _agree(unifier, shape, branch.output, f"the output of branch {number}"):
            _differ_from_first(op, branches, number, unifier, place)
        total = total + size
    return _joined(op, models, branches[0].input, (*shape[:1], total, *shape[2:]), unifier)


def _with_one_input(op: str, models: Sequence[ModelKind]) -> tuple[list[ModelKind], Unifier]:
    if not models:
        raise ShapeError(op, "needs one model or more, got none", expected="a model", got="none")
    unifier = Unifier(op)
    branches = [tagged(kind, f"'{number}") for number, kind in enumerate(models)]
    for number, branch in enumerate(branches[1:], 1):
        if not _agree(unifier, branches[0].input, branch.input, f"the input of branch {number}"):
            problem = f"branch {number} does not take what branch 0 takes"
            _differ(op, problem, "branch 0", models[0].input, f"branch {number}", models[number].input, number)
    return branches, unifier


def _joined(op: str, models: Sequence[ModelKind], source: Shape, result: Shape, unifier: Unifier) -> ModelKind:
    given, made = (settled(shape, unifier.bindings) for shape in (source, result))
    return canonical(ModelKind(given, made, _numbered(models, "{}."), (op,), first_taken(models)))


def _numbered(models: Sequence[ModelKind], form: str) -> PackKind:
    """The parameters of all models, their names with the branch before them."""
    shapes = tuple(shape for kind in models for shape in kind.params.shapes)
    names = tuple(f"0.{form.format(i)}{name}" for i, kind in enumerate(models) for name in kind.params.names)
    return PackKind(shapes, () if any(kind.params.is_nameless for kind in models) else names)


def _agree(unifier: Unifier, left: Shape, right: Shape, place: str) -> bool:
    """State that two shapes are one; False where they cannot be, or not for all sizes that are left open."""
    if _differ_in_rank(unifier, left, right):
        return False
    try:
        unifier.match(left, right, place)
        unifier.solve()
    except ShapeError:
        return False
    a, b = (settled(shape, unifier.bindings) for shape in (left, right))
    if len(a) != len(b) or Variadic(None) in (*a, *b):
        return True
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if not isinstance(x, Variadic) and not isinstance(y, Variadic)]
    return not any(same(x, y) is False for x, y in pairs)


def _differ_in_rank(unifier: Unifier, left: Shape, right: Shape) -> bool:
    """Whether there are more axes beside the same batch axes."""
    a, b = (settled(shape, unifier.bindings) for shape in (left, right))
    batches = [[axis for axis in shape if isinstance(axis, Variadic)] for shape in (a, b)]
    return batches[0] == batches[1] and Variadic(None) not in batches[0] and len(a) != len(b)


def _differ_from_first(
    op: str, branches: Sequence[ModelKind], number: int, unifier: Unifier, axis: int | None = None
) -> NoReturn:
    shapes = [plain_shape(settled(branches[i].output, unifier.bindings)) for i in (0, number)]
    if number == 0:
        problem = f"what branch 0 gives has no axis {axis}"
        raise ShapeError(op, problem, operands=[("branch 0", shapes[0])], axis=axis, got=show(shapes[0]), position=0)
    but = "" if axis is None else f", but for axis {axis}"
    problem = f"what branch {number} gives does not fit what branch 0 gives{but}"
    _differ(op, problem, "branch 0", shapes[0], f"branch {number}", shapes[1], number)


def _differ(op: str, problem: str, owner: str, expected: Shape, what: str, got: Shape, position: int) -> NoReturn:
    operands = [(owner, plain_shape(expected)), (what, plain_shape(got))]
    shown = [show(shape) for _, shape in operands]
    raise ShapeError(op, problem, operands=operands, expected=shown[0], got=shown[1], position=position)
