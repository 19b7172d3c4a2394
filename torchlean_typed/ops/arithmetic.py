"""Arithmetic, element by element: sums, products, powers and roots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import choice, exponential
from torchlean_typed.ops.domain import require_domain
from torchlean_typed.ops.op import operation
from torchlean_typed.ops.unbounded import unbounded
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.ops.derivatives import Partial
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor

__all__ = ["add", "subtract", "multiply", "divide", "negative", "abs", "sign", "square", "reciprocal", "pow", "sqrt"]


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: 1.0, lambda out, x, y: 1.0))
def add(x: Operand, y: Operand) -> Tensor:
    """Sum ``x + y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.add(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([4., 5.], float64[2])
    """
    return np.add(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: 1.0, lambda out, x, y: -1.0))
def subtract(x: Operand, y: Operand) -> Tensor:
    """Difference ``x - y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.subtract(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([-2., -1.], float64[2])
    """
    return np.subtract(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: y, lambda out, x, y: x))
def multiply(x: Operand, y: Operand) -> Tensor:
    """Product ``x * y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.multiply(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([3., 6.], float64[2])
    """
    return np.multiply(x, y)


def _is_number(y: Tensor) -> bool:
    """Whether it is one number for all, which is known, and not 0."""
    return not y._order and not y.shape and bool(y.item())


def _quotient_of_numerator(out: Tensor, x: Tensor, y: Tensor) -> Partial:
    return reciprocal(y) if _is_number(y) else unbounded(reciprocal(y))


@operation(rules.elementwise, dtypes.floating, partials=(_quotient_of_numerator, lambda out, x, y: unbounded(-out / y)))
def divide(x: Operand, y: Operand) -> Tensor:
    """Quotient ``x / y``, of floating dtypes.

    Shapes: ``*s, *s -> *s``.

    >>> tl.divide(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([0.5, 1.5], float64[2])
    """
    return np.divide(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: -1.0,))
def negative(x: Operand) -> Tensor:
    """Negation ``-x``.

    Shapes: ``*s -> *s``.

    >>> tl.negative(tl.tensor([1.0, -2.0]))
    Tensor([-1.,  2.], float64[2])
    """
    return np.negative(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: sign(x),))
def abs(x: Operand) -> Tensor:
    """Absolute value; its derivative at 0 is 0.

    Shapes: ``*s -> *s``.

    >>> tl.abs(tl.tensor([1.0, -2.0]))
    Tensor([1., 2.], float64[2])
    """
    return np.abs(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: 0.0,))
def sign(x: Operand) -> Tensor:
    """-1, 0 or 1; its derivative is 0.

    Shapes: ``*s -> *s``.

    >>> tl.sign(tl.tensor([-3.0, 0.0, 2.0]))
    Tensor([-1.,  0.,  1.], float64[3])
    """
    return np.sign(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: x * 2,))
def square(x: Operand) -> Tensor:
    """Square ``x * x``.

    Shapes: ``*s -> *s``.

    >>> tl.square(tl.tensor([1.0, -3.0]))
    Tensor([1., 9.], float64[2])
    """
    return np.square(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: unbounded(-square(out)),))
def reciprocal(x: Operand) -> Tensor:
    """Reciprocal ``1 / x``.

    Shapes: ``*s -> *s``.

    >>> tl.reciprocal(tl.tensor([1.0, 4.0]))
    Tensor([1.  , 0.25], float64[2])
    """
    return np.reciprocal(x)


def _power_of_base(out: Tensor, x: Tensor, y: Tensor) -> Partial:
    if _is_number(y):
        partial = y * pow(x, y - 1)
        return partial if y.item() >= 1 else unbounded(partial)
    # for x = 0 and y = 0 the derivative is 0, but x ** (y - 1) is infinite
    return unbounded(y * pow(x, choice.where((x == 0) & (y == 0), 1, y - 1)))


def _power_of_exponent(out: Tensor, x: Tensor, y: Tensor) -> Partial:
    positive = x > 0
    return unbounded(choice.where(positive, out * exponential.log(choice.where(positive, x, 1.0)), 0.0))


_BY_PRODUCTS: dict[float, Callable[[Any], Any]] = {
    1.0: lambda x: np.positive(x),
    2.0: lambda x: np.square(x),
    3.0: lambda x: np.square(x) * x,
}


@operation(rules.elementwise, dtypes.numeric, partials=(_power_of_base, _power_of_exponent))
def pow(x: Operand, y: Operand) -> Tensor:
    """Power ``x ** y``; the derivative with respect to the exponent is taken as 0 where ``x <= 0``.

    Shapes: ``*s, *s -> *s``.

    Raises:
        DomainError: for a whole number to a negative power; the message names the first offending index.

    >>> tl.pow(tl.tensor([1.0, 2.0]), 3)
    Tensor([1., 8.], float64[2])
    """
    if np.ndim(y) == 0 and float(y) in _BY_PRODUCTS:  # thirty times as fast
        return _BY_PRODUCTS[float(y)](x)
    if np.asarray(x).dtype.kind == "i":
        hint = "convert to a floating dtype with astype"
        require_domain(np.greater_equal(y, 0), y, "pow", "exponents of at least 0 for whole numbers", hint)
    return np.power(x, y)


def _sqrt_partial(out: Tensor, x: Tensor) -> Tensor:
    positive = x > 0
    return choice.where(positive, 0.5 / choice.where(positive, out, 1.0), 0.0)


@operation(rules.elementwise, dtypes.floating, partials=(_sqrt_partial,))
def sqrt(x: Operand) -> Tensor:
    """Square root ``sqrt(max(x, 0))``; its derivative is 0 for ``x <= 0``.

    Shapes: ``*s -> *s``.

    >>> tl.sqrt(tl.tensor([4.0, -1.0]))
    Tensor([2., 0.], float64[2])
    """
    return np.sqrt(np.maximum(x, 0))
