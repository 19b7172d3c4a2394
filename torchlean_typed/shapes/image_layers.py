"""The signatures of the layers of images, ``*b c h w``: padding and stride arithmetic, exact in the types."""

from __future__ import annotations

from torchlean_typed.shapes.chaining import BATCH
from torchlean_typed.shapes.convolution import Sides
from torchlean_typed.shapes.dense_layers import flag, positive, weight_and_bias
from torchlean_typed.shapes.dim import Dimension, symbol
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.vocabulary import fail

HEIGHT, WIDTH = symbol("?h"), symbol("?w")


def conv2d(
    op: str,
    in_channels: object,
    out_channels: object,
    kernel: object,
    stride: object = 1,
    padding: object = 0,
    bias: object = True,
) -> ModelKind:
    """``*b in h w -> *b out (h+2*p-k)//s+1 (w+2*p-k)//s+1``; parameters ``weight: out in k k`` and ``bias: out``."""
    n, m = positive(op, in_channels, "in_channels"), positive(op, out_channels, "out_channels")
    windows = _pair(op, kernel, "kernel")
    places = _places(windows, _pair(op, stride, "stride"), _pair(op, padding, "padding", 0))
    params = weight_and_bias((m, n, *windows), flag(op, bias, "bias"))
    return ModelKind((BATCH, n, HEIGHT, WIDTH), (BATCH, m, *places), params, (op,), "floating")


def pool2d(op: str, kernel: object, stride: object = None, padding: object = 0) -> ModelKind:
    """``*b h w -> *b (h+2*p-k)//s+1 (w+2*p-k)//s+1``; the stride is the kernel where it is not given."""
    windows, edges = _pair(op, kernel, "kernel"), _pair(op, padding, "padding", 0)
    for k, p in zip(windows, edges, strict=True):
        if isinstance(k, int) and isinstance(p, int) and 2 * p > k:
            hint = "a window must not lie in the padding"
            fail(op, f"padding {p} is more than half of the kernel {k}", expected=f"{k // 2} or less", got=p, hint=hint)
    places = _places(windows, windows if stride is None else _pair(op, stride, "stride"), edges)
    takes = "any" if op == "max_pool2d" else "floating"
    return ModelKind((BATCH, HEIGHT, WIDTH), (BATCH, *places), layers=(op,), takes=takes)


def global_avg_pool(op: str) -> ModelKind:
    """``*b c h w -> *b c``."""
    channels = symbol("?c")
    return ModelKind((BATCH, channels, HEIGHT, WIDTH), (BATCH, channels), layers=(op,), takes="floating")


def _pair(op: str, value: object, what: str, least: int = 1) -> Sides:
    """One size for the height and the width, or a pair."""
    if not isinstance(value, (tuple, list)):
        return (positive(op, value, what, least),) * 2
    if len(value) != 2:
        fail(op, f"{what} must be one size or a pair, got {len(value)} sizes", expected="a pair", got=len(value))
    return tuple(positive(op, size, what, least) for size in value)


def _places(kernel: Sides, stride: Sides, padding: Sides) -> tuple[Dimension, ...]:
    sizes = zip((HEIGHT, WIDTH), kernel, stride, padding, strict=True)
    return tuple((size + 2 * p - k) // s + 1 for size, k, s, p in sizes)
