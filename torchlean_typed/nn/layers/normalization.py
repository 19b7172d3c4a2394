"""The layers that normalise."""

from __future__ import annotations

from typing import Any

from torchlean_typed.nn import initializers
from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq
from torchlean_typed.nn.statistics import normalised
from torchlean_typed.ops import neural
from torchlean_typed.shapes import layers as rules
from torchlean_typed.tensor import Tensor


@maker
def layer_norm(features: int, eps: float = 1e-5) -> Seq:
    """Normalise the last axis, then scale and shift it, with parameters ``weight: d`` (ones) and ``bias: d`` (zeros).

    Shapes: ``*b d -> *b d``.

    >>> nn.layer_norm(8)
    Seq["*b 8", "*b 8", "8, 8"]
    """
    kind = rules.layer_norm("layer_norm", features, eps)

    def forward(params: Any, x: Tensor) -> Tensor:
        return neural.layer_norm(x, params[0], params[1], eps)

    return Seq.of_layer(Layer(kind, forward, (initializers.ones, initializers.zeros)))


@maker
def batch_norm(features: int, axis: int = -1, momentum: float = 0.1, eps: float = 1e-5) -> Seq:
    """Normalise each feature by running statistics, then scale and shift it.

    The parameters are ``weight: c`` (ones) and ``bias: c`` (zeros), and the state ``mean: c`` and ``variance: c``,
    with respect to which derivatives are 0: ``nn.training(model)`` normalises by the statistics of the batch instead,
    and ``nn.update_statistics`` moves the running ones. The features are along ``axis``, counted from the end: -3 of
    images.

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167.

    Shapes: ``*b c -> *b c``; ``*b c h w -> *b c h w`` for ``axis=-3``.

    >>> nn.batch_norm(8)
    Seq["*b 8", "*b 8", "8, 8, 8, 8"]
    >>> nn.conv2d(1, 8, 3) >> nn.batch_norm(8, axis=-3) >> nn.relu()
    Seq["*b 1 h w", "*b 8 h-2 w-2", "8 1 3 3, 8, 8, 8, 8, 8"]
    """
    kind = rules.batch_norm("batch_norm", features, axis, momentum, eps)
    starts = (initializers.ones, initializers.zeros, initializers.zeros, initializers.ones)
    return Seq.of_layer(Layer(kind, lambda params, x: normalised(params, x, momentum, eps, axis), starts))
