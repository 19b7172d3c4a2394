"""The layers of images, ``*b c h w``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from torchlean_typed.nn import initializers
from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq
from torchlean_typed.ops import convolution, pooling, reduce
from torchlean_typed.shapes import layers as rules
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    Sides = int | tuple[int, int]
    Padding = int | tuple[int, int] | Literal["same", "valid"]


@maker
def conv2d(
    in_channels: int,
    out_channels: int,
    kernel: Sides,
    stride: Sides = 1,
    padding: Padding = 0,
    dilation: Sides = 1,
    groups: int = 1,
    bias: bool = True,
) -> Seq:
    """Cross-correlation with a weight, parameters ``weight: out in//groups k k`` and ``bias: out``.

    The kernel, the stride, the padding and the dilation are one size, or a pair for the height and the width. Padding
    counts as zeros; with ``"same"`` the output is as large as the input, ``"valid"`` is none.

    Shapes: ``*b in h w -> *b out (h+2*padding-dilation*(k-1)-1)//stride+1 ...``.

    >>> nn.conv2d(1, 8, 3)
    Seq["*b 1 h w", "*b 8 h-2 w-2", "8 1 3 3, 8"]
    >>> nn.input("1 28 28") >> nn.conv2d(1, 8, 3, stride=2, padding=1)
    Seq["*b 1 28 28", "*b 8 14 14", "8 1 3 3, 8"]
    """
    kind = rules.conv2d("conv2d", in_channels, out_channels, kernel, stride, padding, dilation, groups, bias)

    def forward(params: Any, x: Tensor) -> Tensor:
        return convolution.conv2d(x, params[0], params[1] if bias else None, stride, padding, dilation, groups)

    return Seq.of_layer(Layer(kind, forward, (None, initializers.zeros) if bias else (None,)))


@maker
def conv_transpose2d(
    in_channels: int,
    out_channels: int,
    kernel: Sides,
    stride: Sides = 1,
    padding: Sides = 0,
    output_padding: Sides = 0,
    groups: int = 1,
    bias: bool = True,
    dilation: Sides = 1,
) -> Seq:
    """What a convolution is transposed to: every element spreads over a window; undoes its change of the size.

    The parameters are ``weight: in out//groups k k`` and ``bias: out``.

    Shapes: ``*b in h w -> *b out (h-1)*stride-2*padding+dilation*(k-1)+output_padding+1 ...``.

    >>> nn.conv_transpose2d(8, 4, 2, stride=2)
    Seq["*b 8 h w", "*b 4 2*h 2*w", "8 4 2 2, 4"]
    """
    statics = (stride, padding, output_padding, groups)
    kind = rules.conv_transpose2d(
        "conv_transpose2d", in_channels, out_channels, kernel, *statics, bias=bias, dilation=dilation
    )

    def forward(params: Any, x: Tensor) -> Tensor:
        return convolution.conv_transpose2d(x, params[0], params[1] if bias else None, *statics, dilation)

    return Seq.of_layer(Layer(kind, forward, (None, initializers.zeros) if bias else (None,)))


@maker
def max_pool2d(kernel: Sides, stride: Sides | None = None, padding: Sides = 0, dilation: Sides = 1) -> Seq:
    """The largest value of each window; the stride is the kernel where it is not given, padding is never the largest.

    Shapes: ``*b h w -> *b (h+2*padding-dilation*(k-1)-1)//stride+1 ...``.

    >>> nn.max_pool2d(2)
    Seq["*b h w", "*b h//2 w//2", ""]
    """
    kind = rules.pool2d("max_pool2d", kernel, stride, padding, dilation)
    return Seq.of_layer(Layer(kind, lambda params, x: pooling.max_pool2d(x, kernel, stride, padding, dilation)))


@maker
def avg_pool2d(kernel: Sides, stride: Sides | None = None, padding: Sides = 0) -> Seq:
    """The mean of each window; the stride is the kernel where it is not given, padding counts as zeros.

    Shapes: ``*b h w -> *b (h+2*padding-k)//stride+1 (w+2*padding-k)//stride+1``.

    >>> nn.avg_pool2d(3, stride=1, padding=1)
    Seq["*b h w", "*b h w", ""]
    """
    kind = rules.pool2d("avg_pool2d", kernel, stride, padding)
    return Seq.of_layer(Layer(kind, lambda params, x: pooling.avg_pool2d(x, kernel, stride, padding)))


@maker
def global_avg_pool() -> Seq:
    """The mean of each channel.

    Shapes: ``*b c h w -> *b c``.

    >>> nn.conv2d(1, 8, 3) >> nn.global_avg_pool() >> nn.linear(8, 10)
    Seq["*b 1 h w", "*b 10", "8 1 3 3, 8, 10 8, 10"]
    """
    return Seq.of_layer(Layer(rules.global_avg_pool("global_avg_pool"), lambda params, x: reduce.mean(x, (-2, -1))))
