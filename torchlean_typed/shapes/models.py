"""What must fit when a model, a loss or a derivative is called: checked here for the run time and for the checker."""

from __future__ import annotations

from functools import lru_cache

from torchlean_typed.shapes.chaining import BATCH, is_too_small
from torchlean_typed.shapes.dim import UNKNOWN, names_of, same
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.rules import reduction
from torchlean_typed.shapes.shape import ANY_SHAPE, Axis, Bindings, Shape, Variadic, is_known, substitute_shape
from torchlean_typed.shapes.unify import Unifier, plain
from torchlean_typed.shapes.vocabulary import fail


def same_shapes(a: Shape, b: Shape) -> bool | None:
    """Whether two shapes are equal: yes, no, or None where that depends on something unknown."""
    if is_known(a) and is_known(b):
        return a == b
    anonymous = Variadic(None)
    if anonymous in a or anonymous in b:
        if any(anonymous not in x and len(x) < len(y) - 1 for x, y in ((a, b), (b, a))):
            return False
        for x, y in (*_until_variadic(a, b), *_until_variadic(a[::-1], b[::-1])):
            if _same_axes(x, y) is False:
                return False
        return None
    if len(a) != len(b) or any(_same_axes(x, y) is False for x, y in zip(a, b, strict=True)):
        return False
    return None


def _same_axes(a: Axis, b: Axis) -> bool | None:
    if isinstance(a, Variadic) or isinstance(b, Variadic):
        return a == b
    return same(a, b)


def _until_variadic(a: Shape, b: Shape) -> list[tuple[Axis, Axis]]:
    pairs = []
    for x, y in zip(a, b, strict=False):
        if Variadic(None) in (x, y):
            break
        pairs.append((x, y))
    return pairs


def require_shape(op: str, what: str, got: Shape, owner: str, expected: Shape, hint: str | None = None) -> None:
    """``got`` must be ``expected``, the shape of ``owner``."""
    if same_shapes(expected, got) is False:
        operands = [(owner, expected), (what, got)]
        shown = (plain(show(expected)), plain(show(got)))
        fail(op, f"{what} does not have the shape of {owner}", operands, expected=shown[0], got=shown[1], hint=hint)


def same_packs(
    op: str, left: PackKind, right: PackKind, what: str = "the right pack", owner: str = "the left"
) -> PackKind:
    """Two packs of the same shapes in the same order, and of the same names where both are named."""
    a, b = len(left.shapes), len(right.shapes)
    if a != b:
        hint = f"shapes: {owner} [{left}], {what} [{right}]"
        fail(op, f"{what} has {b} {_entries(b)}, {owner} has {a}", expected=a, got=b, hint=hint)
    for index, (expected, got) in enumerate(zip(left.shapes, right.shapes, strict=True)):
        if same_shapes(expected, got) is False:
            shown = plain(show(expected)), plain(show(got))
            problem = f"{what} does not fit {owner}: {left.label(index)} is {shown[0]} in {owner}, here {shown[1]}"
            hint = _order_hint(left, right)
            raise ShapeError(op, problem, expected=shown[0], got=shown[1], hint=hint, position=index)
    for index, (name, given) in enumerate(zip(left.names, right.names, strict=False)):
        if name != given:
            problem = f'{what} does not fit {owner}: entry {index} is "{name}" in {owner}, here "{given}"'
            hint = "the entries have the same shapes but other names: are they in the right order?"
            raise ShapeError(op, problem, expected=name, got=given, hint=hint, position=index)
    return left


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"


def _order_hint(left: PackKind, right: PackKind) -> str:
    if sorted(map(str, left.shapes)) == sorted(map(str, right.shapes)):
        return "the same shapes in another order"
    return "was it made by another model?"


def entry_index(kind: PackKind, key: object) -> int:
    """The number of a pack's entry, which is named or numbered by ``key``.

    Raises:
        ShapeError: where it has no such entry.
    """
    names = kind.names or tuple(map(str, range(len(kind.shapes))))
    if isinstance(key, str) and key in names:
        return names.index(key)
    if isinstance(key, int) and not isinstance(key, bool) and -len(names) <= key < len(names):
        return key % len(names)
    known = ", ".join(f'"{name}"' for name in names)
    shown = f'"{key}"' if isinstance(key, str) else repr(key)
    hint = f"it has {len(names)} {_entries(len(names))}: {known}" if names else "it is empty"
    raise ShapeError("TensorPack", f"has no entry {shown}", expected=known, got=shown, hint=hint)


def check_params(op: str, model: ModelKind, params: PackKind, what: str = "params") -> None:
    """A pack with exactly the shapes of the model's parameters, in their order."""
    same_packs(op, model.params, params, what, "the model")


@lru_cache(maxsize=4096)
def apply_model(op: str, model: ModelKind, params: PackKind, x: Shape) -> Shape:
    """The shape of ``model(params, x)``."""
    check_params(op, model, params)
    if Variadic(None) in x and any(isinstance(axis, Variadic) and axis != BATCH for axis in model.input):
        return ANY_SHAPE  # of any model: of other inputs than the one it is known to take
    unifier = Unifier(op)
    try:
        unifier.match(model.input, x, "x")
        bindings = unifier.solve()
    except ShapeError:
        expected = tuple(axis for axis in model.input)
        problem = f"x has shape {show(x)}, the model takes {plain(show(expected))}"
        turned = len(x) >= 2 and len(model.input) == 2 and x[-2] == model.input[-1]
        hint = "did you mean .mT?" if turned else None
        raise ShapeError(op, problem, expected=plain(show(expected)), got=show(x), hint=hint) from None
    _require_windows(op, model, bindings, x)
    return known_part(substitute_shape(model.output, bindings))


def _require_windows(op: str, model: ModelKind, bindings: Bindings, x: Shape) -> None:
    """The input is not smaller than the windows of convolutions and poolings."""
    samples = [tuple(axis for axis in shape if not isinstance(axis, Variadic)) for shape in (model.input, model.output)]
    given, result = (substitute_shape(sample, bindings) for sample in samples)
    if is_too_small(given, result):
        made = plain(show(model.output))
        problem = f"x has shape {show(x)}, which is too small for the model's windows: it gives {made}"
        raise ShapeError(op, problem, expected="a larger input", got=show(x))


def known_part(shape: Shape) -> Shape:
    """A shape in which what unification left open is unknown."""
    axes: list[Axis] = []
    for axis in shape:
        if isinstance(axis, Variadic):
            axes.append(Variadic(None) if axis.name is not None and axis.name.startswith("?") else axis)
        else:
            axes.append(UNKNOWN if any(name.startswith("?") for name in names_of(axis)) else axis)
    return tuple(axes)


def apply_loss(op: str, loss: LossKind, output: Shape, target: Shape) -> Shape:
    """The shape of ``loss(output, target)``."""
    if not loss.standard:
        unifier = Unifier(op)
        unifier.match(loss.output, output, f"the output given to {loss.name}")
        unifier.match(loss.target, target, f"the target of {loss.name}")
        return known_part(substitute_shape(loss.result, unifier.solve()))
    try:
        each = output if loss.axis is None else reduction(op, output, loss.axis)
    except Undetermined:
        if loss.reduction == "none":
            raise
        each = ANY_SHAPE
    expected, owner = (each, "the samples") if loss.classes else (output, "the model's output")
    if same_shapes(expected, target) is False:
        operands = [("output", output), ("target", target)]
        hint = _classes_hint(output, target) if loss.classes else _target_hint(output, target)
        problem = f"{loss.name}: the target does not have the shape of {owner}"
        fail(op, problem, operands, expected=show(expected), got=show(target), hint=hint)
    if loss.reduction == "mean":
        _check_mean(op, loss.name, output)
    return each if loss.reduction == "none" else ()


def _check_mean(op: str, name: str, output: Shape) -> None:
    for axis, size in enumerate(output):
        if not isinstance(size, Variadic) and same(size, 0):
            problem = f"{name}: there is no mean, axis {axis} is empty"
            fail(op, problem, [("output", output)], axis=axis, got=0, hint='use reduction="sum"')


def _classes_hint(output: Shape, target: Shape) -> str | None:
    if same_shapes(output, target):
        return "for one-hot targets use cross_entropy_one_hot"
    return "it has the output's shape without the class axis"


def _target_hint(output: Shape, target: Shape) -> str | None:
    if len(output) == len(target) + 1 and same_shapes(output[:-1], target):
        if len(target) == 1:
            return "did you mean target[:, None], or a one-hot target?"
        return "a one-hot target has the class axis too; for numbers of classes use cross_entropy"
    if len(target) == len(output) + 1 and same_shapes(target[:-1], output):
        return "did you mean to squeeze the target's last axis?"
    return None


def scalar_loss(op: str, loss: LossKind, output: Shape, target: Shape) -> None:
    """A loss that is differentiated gives one number."""
    require_scalar(op, loss.name, apply_loss(op, loss, output, target), scalar_hint(loss))


def scalar_hint(loss: LossKind) -> str | None:
    """How a loss of ours is made to give one number."""
    return 'use reduction="mean" or "sum"' if loss.standard else None


def require_scalar(op: str, what: str, value: Shape, hint: str | None = None) -> None:
    """``value``, the shape of ``what``, must be that of a scalar."""
    if same_shapes((), value) is False:
        problem = f"{what} gives shape {plain(show(value))}, a scalar is needed"
        fail(op, problem, expected="[]", got=show(value), hint=hint or "sum it, or average it")
