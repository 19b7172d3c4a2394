"""The shape rules of convolution and pooling: padding and stride arithmetic, exact in the types."""

from __future__ import annotations

from collections.abc import Callable

from torchlean_typed.shapes.dim import Dimension, same
from torchlean_typed.shapes.errors import Undetermined
from torchlean_typed.shapes.rearrangement import last_axes, require_shape
from torchlean_typed.shapes.shape import Shape
from torchlean_typed.shapes.vocabulary import Operands, exact_quotient, fail, plain_dims, require_same, require_size

Sides = tuple[Dimension, ...]
Borders = tuple[tuple[Dimension, Dimension], ...]  # before and after each axis


def sides(op: str, value: object, count: int, what: str, least: int) -> Sides:
    """A parameter that is one size for every spatial axis, or one for each."""
    given = value if isinstance(value, (tuple, list)) else (value,) * count
    if len(given) != count:
        fail(op, f"{what} has {len(given)} sizes for {count} spatial axes", expected=count, got=len(given))
    sizes = tuple(require_size(size, op) for size in given)
    for size in sizes:
        if isinstance(size, int) and size < least:
            fail(op, f"{what} {size} is less than {least}", expected=f"{least} or more", got=size)
    return sizes


def borders(op: str, padding: object, kernel: Sides, stride: Sides, dilation: Sides) -> Borders:
    """How many elements are put before and after each axis; of an odd number, "same" puts one more after."""
    if not isinstance(padding, str) or padding not in ("same", "valid"):
        if isinstance(padding, str):
            fail(op, f'padding must be sizes, "same" or "valid", got "{padding}"', expected="sizes", got=padding)
        return tuple((p, p) for p in sides(op, padding, len(kernel), "padding", 0))
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    for s in stride:
        require_same(1, s, op, 'padding "same" needs a stride of 1, they differ', ())
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def windows_along(
    op: str, x: Shape, kernel: Sides, stride: Sides, border: Borders, dilation: Sides, operands: Operands
) -> Sides:
    """For each of the last axes the number of windows: ``(n + 2*padding - dilation*(kernel - 1) - 1)//stride + 1``."""
    counts = []
    axes = last_axes(op, x, len(kernel), f"{len(kernel)} axes")
    for at, (size, k, s, (before, after), d) in enumerate(zip(axes, kernel, stride, border, dilation, strict=True)):
        padded, extent = size + before + after, d * (k - 1) + 1
        if isinstance(padded, int) and isinstance(extent, int) and not 0 < extent <= padded:
            axis = at - len(kernel)
            problem = f"a window of {extent} does not fit axis {axis}, which has {padded} elements with its padding"
            fail(op, problem, operands, axis=axis, expected=f"{extent} or more", got=padded)
        counts.append((padded - extent) // s + 1)
    return tuple(counts)


def _channels(
    op: str, x: Shape, weight: Shape, count: int, operands: Operands
) -> tuple[Dimension, tuple[Dimension, ...]]:
    """The channels of x, and the axes of the weight."""
    axes = plain_dims(weight, op)
    if len(axes) != count + 2:
        fail(op, f"the weight must have rank {count + 2}", operands, expected=count + 2, got=len(axes))
    return last_axes(op, x, count + 1, f"a channel and {count} spatial axes")[0], axes


def _operands(x: Shape, weight: Shape, bias: Shape | None) -> list[tuple[str, Shape]]:
    return [("x", x), ("weight", weight), *([] if bias is None else [("bias", bias)])]


def _group_count(op: str, groups: object) -> Dimension:
    (count,) = sides(op, groups, 1, "groups", 1)
    return count


def _convolution(count: int) -> Callable[..., Shape]:
    def rule(
        op: str,
        x: Shape,
        weight: Shape,
        bias: Shape | None = None,
        stride: object = 1,
        padding: object = 0,
        dilation: object = 1,
        groups: object = 1,
    ) -> Shape:
        operands = _operands(x, weight, bias)
        channels, (out, inner, *kernel) = _channels(op, x, weight, count, operands)
        number = _group_count(op, groups)
        require_same(channels, inner * number, op, "the channels of x and of the weight differ", operands)
        exact_quotient(out, number, op, f"{out} channels do not divide into {number} groups", operands)
        if bias is not None:
            require_shape(op, bias, (out,), "bias", operands)
        steps, gaps = sides(op, stride, count, "stride", 1), sides(op, dilation, count, "dilation", 1)
        edges = borders(op, padding, tuple(kernel), steps, gaps)
        return (*x[: -count - 1], out, *windows_along(op, x, tuple(kernel), steps, edges, gaps, operands))

    return rule


conv1d = _convolution(1)
conv2d = _convolution(2)


def conv_transpose2d(
    op: str,
    x: Shape,
    weight: Shape,
    bias: Shape | None = None,
    stride: object = 1,
    padding: object = 0,
    output_padding: object = 0,
    groups: object = 1,
    dilation: object = 1,
) -> Shape:
    """``*b c h w, c d k l -> *b d (h-1)*stride-2*padding+dilation*(k-1)+output_padding+1 ...``."""
    operands = _operands(x, weight, bias)
    channels, (inner, out, *kernel) = _channels(op, x, weight, 2, operands)
    number = _group_count(op, groups)
    require_same(channels, inner, op, "the channels of x and of the weight differ", operands)
    exact_quotient(inner, number, op, f"{inner} channels do not divide into {number} groups", operands)
    steps, gaps = sides(op, stride, 2, "stride", 1), sides(op, dilation, 2, "dilation", 1)
    edges, extras = sides(op, padding, 2, "padding", 0), sides(op, output_padding, 2, "output_padding", 0)
    result: list[Dimension] = []
    along = enumerate(last_axes(op, x, 2, "two axes"), -2)
    for (axis, size), k, s, p, e, d in zip(along, kernel, steps, edges, extras, gaps, strict=True):
        if isinstance(e, int) and isinstance(s, int) and isinstance(d, int) and e >= max(s, d):
            problem = f"output_padding {e} is less than neither the stride {s} nor the dilation {d}"
            fail(op, problem, operands, expected=f"less than {max(s, d)}", got=e)
        if same(size, 0):
            fail(op, f"axis {axis} is empty", operands, axis=axis, expected="1 or more", got=0)
        length = (size - 1) * s - 2 * p + d * (k - 1) + e + 1
        if isinstance(length, int) and length < 1:
            fail(op, f"padding {p} leaves nothing of the result", operands, expected="1 or more", got=length)
        result.append(length)
    if bias is not None:
        require_shape(op, bias, (out * number,), "bias", operands)
    return (*x[:-3], out * number, *result)


def pool2d(
    op: str, x: Shape, kernel: object, stride: object = None, padding: object = 0, dilation: object = 1
) -> Shape:
    """``*b h w -> *b (h+2*p-d*(k-1)-1)//s+1 ...``; the stride is the kernel where it is not given."""
    operands = [("operand", x)]
    if kernel is None:
        raise Undetermined(f"{op}: the kernel is not known")
    windows = sides(op, kernel, 2, "kernel", 1)
    steps = sides(op, windows if stride is None else stride, 2, "stride", 1)
    edges, gaps = sides(op, padding, 2, "padding", 0), sides(op, dilation, 2, "dilation", 1)
    for k, p, d in zip(windows, edges, gaps, strict=True):
        extent = d * (k - 1) + 1
        if isinstance(extent, int) and isinstance(p, int) and 2 * p > extent:
            problem = f"padding {p} is more than half of the kernel {extent}"
            hint = "a window must not lie in the padding"
            fail(op, problem, operands, expected=f"{extent // 2} or less", got=p, hint=hint)
    return (*x[:-2], *windows_along(op, x, windows, steps, tuple(zip(edges, edges, strict=True)), gaps, operands))
