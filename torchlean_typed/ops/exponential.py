"""Exponentials and logarithms, trigonometric and hyperbolic functions, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops import activation
from torchlean_typed.ops.domain import above
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.ops.unbounded import unbounded
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor

__all__ = ["exp", "log", "log1p", "expm1", "safe_log", "sin", "cos", "tanh"]


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: unbounded(out),))
def exp(x: Operand) -> Tensor:
    """Exponential.

    Shapes: ``*s -> *s``.

    >>> tl.exp(tl.tensor([0.0]))
    Tensor([1.], float64[1])
    """
    return np.exp(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: 1.0 / x,), public=False)
def positive_log(x: Operand) -> Tensor:
    """``log`` of values that are known to be positive."""
    return np.log(x)


@composite(rules.elementwise, dtypes.floating)
def log(x: Operand) -> Tensor:
    """Natural logarithm, of positive values.

    Shapes: ``*s -> *s``.

    Raises:
        DomainError: for a value that is not positive (NaN is not); the message names the first offending index.

    >>> tl.log(tl.tensor([1.0]))
    Tensor([0.], float64[1])
    """
    return positive_log(above(x, 0.0, "log", "positive values", "use safe_log, or clip first"))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: 1.0 / (x + 1.0),), public=False)
def positive_log1p(x: Operand) -> Tensor:
    """``log1p`` of values that are known to be above -1."""
    return np.log1p(x)


@composite(rules.elementwise, dtypes.floating)
def log1p(x: Operand) -> Tensor:
    """``log(1 + x)``, exact for small x, of values above -1.

    Shapes: ``*s -> *s``.

    Raises:
        DomainError: for a value that is not above -1; the message names the first offending index.

    >>> tl.log1p(tl.tensor([0.0]))
    Tensor([0.], float64[1])
    """
    return positive_log1p(above(x, -1.0, "log1p", "values above -1", "clip first"))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: unbounded(out + 1.0),))
def expm1(x: Operand) -> Tensor:
    """``exp(x) - 1``, exact for small x.

    Shapes: ``*s -> *s``.

    >>> tl.expm1(tl.tensor([0.0]))
    Tensor([0.], float64[1])
    """
    return np.expm1(x)


@composite(lambda op, x, eps=1e-12: x, dtypes.floating)
def safe_log(x: Operand, eps: float = 1e-12) -> Tensor:
    """``log(softplus(x) + eps)``: a logarithm that takes every real number.

    Shapes: ``*s -> *s``.

    >>> tl.safe_log(tl.tensor([-1000.0]), 1e-6)
    Tensor([-13.81551056], float64[1])
    """
    return log(activation.softplus(x) + eps)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: cos(x),))
def sin(x: Operand) -> Tensor:
    """Sine of an angle in radians.

    Shapes: ``*s -> *s``.

    >>> tl.sin(tl.tensor([0.0]))
    Tensor([0.], float64[1])
    """
    return np.sin(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: -sin(x),))
def cos(x: Operand) -> Tensor:
    """Cosine of an angle in radians.

    Shapes: ``*s -> *s``.

    >>> tl.cos(tl.tensor([0.0]))
    Tensor([1.], float64[1])
    """
    return np.cos(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: 1.0 - out * out,))
def tanh(x: Operand) -> Tensor:
    """Hyperbolic tangent.

    Shapes: ``*s -> *s``.

    >>> tl.tanh(tl.tensor([0.0]))
    Tensor([0.], float64[1])
    """
    return np.tanh(x)
