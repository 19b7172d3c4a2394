"""Operations of neural networks that have a stable form of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import derivatives, exponential, reduce
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor


def _softmax_derivative(t: Tensor, out: Tensor, x: Tensor, axis: int) -> Tensor:
    # the Jacobian diag(y) - y y^T is symmetric: one formula for tangent and cotangent
    return out * (t - reduce.sum(out * t, axis, True))


def _shifted(x: Any, axis: int) -> Any:
    """The array with its largest value along the axis at 0, so that no exponential overflows."""
    return x - np.max(x, axis=axis, keepdims=True) if np.size(x) else x


@operation(
    rules.along_axis,
    dtypes.floating,
    jvp=(_softmax_derivative,),
    vjp=(_softmax_derivative,),
    batch=lambda *args: derivatives.batch_axes(*args),
)
def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """``exp(x) / sum(exp(x))`` along an axis, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.softmax(tl.tensor([1000.0, 1000.0]))
    Tensor([0.5, 0.5], float64[2])
    """
    e = np.exp(_shifted(x, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


@operation(
    rules.along_axis,
    dtypes.floating,
    jvp=(lambda t, out, x, axis: t - reduce.sum(exponential.exp(out) * t, axis, True),),
    vjp=(lambda ct, out, x, axis: ct - exponential.exp(out) * reduce.sum(ct, axis, True),),
    batch=lambda *args: derivatives.batch_axes(*args),
)
def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """``x - logsumexp(x)`` along an axis, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.log_softmax(tl.tensor([1000.0, 1000.0]))
    Tensor([-0.69314718, -0.69314718], float64[2])
    """
    shifted = _shifted(x, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True)) if np.size(x) else x


@composite(rules.layer_norm, dtypes.floating)
def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """Normalise the last axis to mean 0 and variance 1, dividing by ``sqrt(var + eps)``, then scale and shift it.

    Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450.

    Shapes: ``*b d, d, d -> *b d``.

    >>> tl.layer_norm(tl.tensor([[1.0, 3.0]]), tl.ones(2), tl.zeros(2), eps=0.0)
    Tensor([[-1.,  1.]], float64[1, 2])
    """
    centred = x - reduce.mean(x, -1, True)
    variance = reduce.mean(centred.square(), -1, True)
    rows = (None,) * (x.ndim - 1)
    return centred / (variance + eps).sqrt() * weight[rows] + bias[rows]
