"""The signatures of the layers of images, ``*b c h w``: what the operation of this name gives, for all sizes."""

from __future__ import annotations

from collections.abc import Callable

from torchlean_typed.shapes import convolution
from torchlean_typed.shapes.chaining import BATCH
from torchlean_typed.shapes.convolution import Sides
from torchlean_typed.shapes.dense_layers import flag, positive, weight_and_bias
from torchlean_typed.shapes.dim import Dimension, symbol
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.shape import Shape
from torchlean_typed.shapes.vocabulary import exact_quotient, fail

HEIGHT, WIDTH = symbol("?h"), symbol("?w")


def conv2d(
    op: str,
    in_channels: object,
    out_channels: object,
    kernel: object,
    stride: object = 1,
    padding: object = 0,
    dilation: object = 1,
    groups: object = 1,
    bias: object = True,
) -> ModelKind:
    """``*b in h w -> *b out (h+2*p-d*(k-1)-1)//s+1 ...``; ``weight: out in//groups k k`` and ``bias: out``."""
    n, m = positive(op, in_channels, "in_channels"), positive(op, out_channels, "out_channels")
    weight = (m, _grouped(op, n, groups), *_pair(op, kernel, "kernel"))
    edges = padding if isinstance(padding, str) else _pair(op, padding, "padding", 0)
    steps, gaps = _pair(op, stride, "stride"), _pair(op, dilation, "dilation")
    image = (BATCH, n, HEIGHT, WIDTH)
    output = _given_by(convolution.conv2d, op, image, weight, None, steps, edges, gaps, groups)
    return ModelKind(image, output, weight_and_bias(weight, m, flag(op, bias, "bias")), (op,), "floating")


def conv_transpose2d(
    op: str,
    in_channels: object,
    out_channels: object,
    kernel: object,
    stride: object = 1,
    padding: object = 0,
    output_padding: object = 0,
    groups: object = 1,
    bias: object = True,
    dilation: object = 1,
) -> ModelKind:
    """``*b in h w -> *b out (h-1)*s-2*p+d*(k-1)+e+1 ...``; ``weight: in out//groups k k`` and ``bias: out``."""
    n, m = positive(op, in_channels, "in_channels"), positive(op, out_channels, "out_channels")
    weight = (n, _grouped(op, m, groups), *_pair(op, kernel, "kernel"))
    steps, edges = _pair(op, stride, "stride"), _pair(op, padding, "padding", 0)
    extras, gaps = _pair(op, output_padding, "output_padding", 0), _pair(op, dilation, "dilation")
    image = (BATCH, n, HEIGHT, WIDTH)
    output = _given_by(convolution.conv_transpose2d, op, image, weight, None, steps, edges, extras, groups, gaps)
    return ModelKind(image, output, weight_and_bias(weight, m, flag(op, bias, "bias")), (op,), "floating")


def pool2d(op: str, kernel: object, stride: object = None, padding: object = 0, dilation: object = 1) -> ModelKind:
    """``*b h w -> *b (h+2*p-d*(k-1)-1)//s+1 ...``; the stride is the kernel where it is not given."""
    steps = stride if stride is None else _pair(op, stride, "stride")
    windows, edges = _pair(op, kernel, "kernel"), _pair(op, padding, "padding", 0)
    image = (BATCH, HEIGHT, WIDTH)
    output = _given_by(convolution.pool2d, op, image, windows, steps, edges, _pair(op, dilation, "dilation"))
    return ModelKind(image, output, layers=(op,), takes="any" if op == "max_pool2d" else "floating")


def global_avg_pool(op: str) -> ModelKind:
    """``*b c h w -> *b c``."""
    channels = symbol("?c")
    return ModelKind((BATCH, channels, HEIGHT, WIDTH), (BATCH, channels), layers=(op,), takes="floating")


def _given_by(rule: Callable[..., Shape], op: str, image: Shape, *arguments: object) -> Shape:
    """What the operation gives; its errors do not speak of the image, which is any."""
    try:
        return rule(op, image, *arguments)
    except ShapeError as error:
        raise ShapeError(op, error.problem, expected=error.expected, got=error.got, hint=error.hint) from None


def _grouped(op: str, channels: Dimension, groups: object) -> Dimension:
    """The channels of one group."""
    count = positive(op, groups, "groups")
    return exact_quotient(channels, count, op, f"{channels} channels do not divide into {count} groups", ())


def _pair(op: str, value: object, what: str, least: int = 1) -> Sides:
    """One size for the height and the width, or a pair."""
    if not isinstance(value, (tuple, list)):
        return (positive(op, value, what, least),) * 2
    if len(value) != 2:
        fail(op, f"{what} must be one size or a pair, got {len(value)} sizes", expected="a pair", got=len(value))
    return tuple(positive(op, size, what, least) for size in value)
