"""The shape rules of normalisation by given statistics, and of attention."""

from __future__ import annotations

from torchlean_typed.shapes.contraction import same_leading
from torchlean_typed.shapes.dim import same
from torchlean_typed.shapes.rearrangement import last_axes, matrix_axes, require_shape
from torchlean_typed.shapes.shape import Shape, Shapes, Variadic
from torchlean_typed.shapes.vocabulary import axis_position, broadcast, fail, require_same, variadic_position


def batch_norm(
    op: str,
    x: Shape,
    weight: Shape,
    bias: Shape,
    mean: Shape,
    variance: Shape,
    eps: object = 1e-5,
    axis: object = 1,
) -> Shape:
    """``*a c *b, c, c, c, c -> *a c *b``, c the size of ``axis``."""
    channels = x[axis_position(x, axis, op)]
    given = [("weight", weight), ("bias", bias), ("mean", mean), ("variance", variance)]
    for label, shape in given:
        require_shape(op, shape, (channels,), label, [("x", x), *given])
    return x


def batch_norm_training(
    op: str,
    x: Shape,
    weight: Shape,
    bias: Shape,
    mean: Shape,
    variance: Shape,
    momentum: object = 0.1,
    eps: object = 1e-5,
    axis: object = 1,
) -> Shapes:
    """``*a c *b, c, c, c, c -> *a c *b, c, c``: the result, then the new mean and variance."""
    result = batch_norm(op, x, weight, bias, mean, variance, eps, axis)
    position = axis_position(x, axis, op)
    for index, size in enumerate(x):
        if index != position and not isinstance(size, Variadic) and same(size, 0):
            fail(op, f"axis {index} is empty", [("x", x)], axis=index, expected="at least one element", got=0)
    channels = x[position : position + 1]
    return Shapes((result, channels, channels))


def attention(op: str, query: Shape, key: Shape, value: Shape, mask: Shape | None = None, *parameters: object) -> Shape:
    """``*b n d, *b m d, *b m v, *b n m -> *b n v``; the mask may be one ``n m`` for all leading axes."""
    operands = [("query", query), ("key", key), ("value", value)]
    (n, d), (m, depth), (count, width) = (matrix_axes(op, shape) for _, shape in operands)
    require_same(d, depth, op, "the last axes of query and key differ", operands)
    require_same(m, count, op, "the numbers of keys and values differ", operands)
    lead = same_leading(op, same_leading(op, query[:-2], key[:-2], operands[:2]), value[:-2], operands[1:])
    if mask is not None:
        shown = [("mask", mask), ("scores", (*lead, n, m))]
        if len(mask) < 2 and variadic_position(mask) is None:
            fail(op, "the mask must have rank 2 or that of the scores", shown, expected="n m", got=f"rank {len(mask)}")
        last_axes(op, mask, 2, "two axes")
        stands_for_all = len(mask) == 2
        common = broadcast(op, [("mask", mask), ("scores", (n, m) if stands_for_all else (*lead, n, m))])
        require_shape(op, (*lead, n, m)[-len(common) :], common, "the scores", shown)
    return (*lead, n, width)
