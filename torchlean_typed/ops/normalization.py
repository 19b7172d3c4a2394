"""Batch normalisation: two pure functions of the running statistics, which the second gives back renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torchlean_typed.ops import arithmetic, conversion, reduce, structure
from torchlean_typed.ops.op import composite
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes import normalization as rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

__all__ = ["batch_norm", "batch_norm_training"]


def _across(x: Tensor, channels: Tensor, axis: int) -> Tensor:
    """One value a channel in the rank of ``x``."""
    return structure.reshape(channels, tuple(-1 if i == axis % x.ndim else 1 for i in range(x.ndim)))


def _scaled(centred: Tensor, weight: Tensor, bias: Tensor, variance: Tensor, eps: float, axis: int) -> Tensor:
    scale = _across(centred, weight, axis) / arithmetic.sqrt(_across(centred, variance, axis) + eps)
    return centred * scale + _across(centred, bias, axis)


@composite(rules.batch_norm, dtypes.floating)
def batch_norm(
    x: Tensor, weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, eps: float = 1e-5, axis: int = 1
) -> Tensor:
    """Each channel shifted and scaled by the given mean and ``sqrt(variance + eps)``, then by weight and bias.

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167.

    Shapes: ``*a c *b, c, c, c, c -> *a c *b``, c the size of ``axis``.

    >>> one = tl.ones(1)
    >>> tl.batch_norm(tl.tensor([[1.0], [3.0]]), one, tl.zeros(1), mean=one, variance=one, eps=0.0)
    Tensor([[0.],
            [2.]], float64[2, 1])
    """
    return _scaled(x - _across(x, mean, axis), weight, bias, variance, eps, axis)


@composite(rules.batch_norm_training, dtypes.floating)
def batch_norm_training(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    variance: Tensor,
    momentum: float = 0.1,
    eps: float = 1e-5,
    axis: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """``batch_norm`` by the statistics of ``x`` itself; and the running mean and variance, moved towards them.

    The new state is ``(1 - momentum) * state + momentum * statistic``, with the unbiased variance (divided by n - 1),
    and has no derivative.

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167; the state as in PyTorch.

    Shapes: ``*a c *b, c, c, c, c -> *a c *b, c, c``, c the size of ``axis``.

    >>> one, zero = tl.ones(1), tl.zeros(1)
    >>> y, mean, variance = tl.batch_norm_training(tl.tensor([[1.0], [3.0]]), one, zero, zero, one, eps=0.0)
    >>> y, mean, variance
    (Tensor([[-1.],
            [ 1.]], float64[2, 1]), Tensor([0.2], float64[1]), Tensor([1.1], float64[1]))
    """
    others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
    count = x.size // max(weight.size, 1)
    centre = reduce.mean(x, others, True)
    centred = x - centre
    spread = reduce.mean(arithmetic.square(centred), others)
    result = _scaled(centred, weight, bias, spread, eps, axis)
    unbiased = conversion.detach(spread) * (count / max(count - 1, 1))
    new_mean = mean + momentum * (conversion.detach(structure.reshape(centre, mean.shape)) - mean)
    new_variance = variance + momentum * (unbiased - variance)
    return result, conversion.detach(new_mean), conversion.detach(new_variance)
