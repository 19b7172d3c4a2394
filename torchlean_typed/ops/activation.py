"""Activations of neural networks, element by element."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor

__all__ = ["sigmoid", "relu", "gelu", "softplus"]

GELU_SCALE = 2.0 * math.sqrt(2.0 / math.pi)
GELU_CUBIC = 0.044715


def _logistic(x: Any) -> Any:
    with np.errstate(over="ignore"):  # where the exponential is infinite the result is 0, as it should
        return np.reciprocal(1 + np.exp(np.negative(x)))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: out * (1.0 - out),))
def sigmoid(x: Operand) -> Tensor:
    """Logistic function ``1 / (1 + exp(-x))``, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.sigmoid(tl.tensor([0.0, 1000.0]))
    Tensor([0.5, 1. ], float64[2])
    """
    return _logistic(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: (x > 0).astype(x.dtype),))
def relu(x: Operand) -> Tensor:
    """``max(x, 0)``; its derivative at 0 is 0.

    Shapes: ``*s -> *s``.

    >>> tl.relu(tl.tensor([2.0, -1.0]))
    Tensor([2., 0.], float64[2])
    """
    return np.maximum(x, 0)


def _gelu_gate(x: Tensor) -> Tensor:
    return sigmoid(x * (GELU_SCALE + (GELU_SCALE * GELU_CUBIC) * x.square()))


def _gelu_partial(out: Tensor, x: Tensor) -> Tensor:
    gate = _gelu_gate(x)
    slope = GELU_SCALE + (3.0 * GELU_SCALE * GELU_CUBIC) * x.square()
    return gate + x * gate * (1.0 - gate) * slope


@operation(rules.elementwise, dtypes.floating, partials=(_gelu_partial,), form=lambda x: x * _gelu_gate(x))
def gelu(x: Operand) -> Tensor:
    """Gaussian error linear unit, tanh approximation: ``x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))``.

    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.

    Shapes: ``*s -> *s``.

    >>> tl.gelu(tl.tensor([0.0]))
    Tensor([0.], float64[1])
    """
    # (1 + tanh(u)) / 2 is sigmoid(2u)
    return x * _logistic(x * (GELU_SCALE + (GELU_SCALE * GELU_CUBIC) * np.square(x)))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: sigmoid(x),))
def softplus(x: Operand) -> Tensor:
    """``log(1 + exp(x))``, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.softplus(tl.tensor([1000.0]))
    Tensor([1000.], float64[1])
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
