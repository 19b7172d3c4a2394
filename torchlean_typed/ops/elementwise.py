"""Elementwise operations: one record each, with its partial derivatives. The result's shape is that of the operands.

``Shapes: *s, *s -> *s`` means rank-explicit broadcasting: equal ranks, only an axis of size 1 stretches, and a scalar
goes with anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise, stretched, unbroadcast
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import dtypes, rules
from torchlean_typed.shapes.errors import DomainError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from torchlean_typed.tensor import Tensor

    Operand = Tensor | float

GELU_SCALE = 2.0 * float(np.sqrt(2.0 / np.pi))
GELU_CUBIC = 0.044715


def _require_domain(inside: Any, x: Any, op: str, domain: str, hint: str) -> None:
    if not np.all(inside):
        index = tuple(int(i) for i in np.argwhere(~np.asarray(inside))[0])
        where = f"index {index if len(index) != 1 else index[0]}" if index else "the scalar"
        raise DomainError(f"{op}: needs {domain}, got {np.asarray(x)[index]} at {where}; {hint}")


def _logistic(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0), 1, e) / (1 + e)


# --- arithmetic -------------------------------------------------------------------------------------------------------


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: 1.0, lambda out, x, y: 1.0))
def add(x: Operand, y: Operand) -> Tensor:
    """Sum ``x + y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.add(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([4., 5.], float64)
    """
    return np.add(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: 1.0, lambda out, x, y: -1.0))
def subtract(x: Operand, y: Operand) -> Tensor:
    """Difference ``x - y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.subtract(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([-2., -1.], float64)
    """
    return np.subtract(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x, y: y, lambda out, x, y: x))
def multiply(x: Operand, y: Operand) -> Tensor:
    """Product ``x * y``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.multiply(tl.tensor([1.0, 2.0]), 3.0)
    Tensor([3., 6.], float64)
    """
    return np.multiply(x, y)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x, y: reciprocal(y), lambda out, x, y: -out / y))
def divide(x: Operand, y: Operand) -> Tensor:
    """Quotient ``x / y``, of floating dtypes.

    Shapes: ``*s, *s -> *s``.

    >>> tl.divide(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([0.5, 1.5], float64)
    """
    return np.divide(x, y)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: -1.0,))
def negative(x: Operand) -> Tensor:
    """Negation ``-x``.

    Shapes: ``*s -> *s``.

    >>> tl.negative(tl.tensor([1.0, -2.0]))
    Tensor([-1.,  2.], float64)
    """
    return np.negative(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: sign(x),))
def abs(x: Operand) -> Tensor:
    """Absolute value; its derivative at 0 is 0.

    Shapes: ``*s -> *s``.

    >>> tl.abs(tl.tensor([1.0, -2.0]))
    Tensor([1., 2.], float64)
    """
    return np.abs(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: x * 2,))
def square(x: Operand) -> Tensor:
    """Square ``x * x``.

    Shapes: ``*s -> *s``.

    >>> tl.square(tl.tensor([1.0, -3.0]))
    Tensor([1., 9.], float64)
    """
    return np.square(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: -square(out),))
def reciprocal(x: Operand) -> Tensor:
    """Reciprocal ``1 / x``.

    Shapes: ``*s -> *s``.

    >>> tl.reciprocal(tl.tensor([1.0, 4.0]))
    Tensor([1.  , 0.25], float64)
    """
    return np.reciprocal(x)


def _power_of_base(out: Tensor, x: Tensor, y: Tensor) -> Tensor:
    # x ** (y - 1) is infinite for x = 0 and y = 0, where the derivative is 0
    return y * pow(x, where(equal(y, 0), 1, y - 1))


def _power_of_exponent(out: Tensor, x: Tensor, y: Tensor) -> Tensor:
    positive = greater(x, 0)
    return where(positive, out * log(where(positive, x, 1.0)), 0.0)


@operation(rules.elementwise, dtypes.numeric, partials=(_power_of_base, _power_of_exponent))
def pow(x: Operand, y: Operand) -> Tensor:
    """Power ``x ** y``; the derivative with respect to the exponent is taken as 0 where ``x <= 0``.

    Shapes: ``*s, *s -> *s``.

    >>> tl.pow(tl.tensor([1.0, 2.0]), 3)
    Tensor([1., 8.], float64)
    """
    return np.power(x, y)


# --- exponentials and logarithms --------------------------------------------------------------------------------------


def _sqrt_partial(out: Tensor, x: Tensor) -> Tensor:
    positive = greater(x, 0)
    return where(positive, 0.5 / where(positive, out, 1.0), 0.0)


@operation(rules.elementwise, dtypes.floating, partials=(_sqrt_partial,))
def sqrt(x: Operand) -> Tensor:
    """Square root ``sqrt(max(x, 0))``; its derivative is 0 for ``x <= 0``.

    Shapes: ``*s -> *s``.

    >>> tl.sqrt(tl.tensor([4.0, -1.0]))
    Tensor([2., 0.], float64)
    """
    return np.sqrt(np.maximum(x, 0))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: out,))
def exp(x: Operand) -> Tensor:
    """Exponential.

    Shapes: ``*s -> *s``.

    >>> tl.exp(tl.tensor([0.0]))
    Tensor([1.], float64)
    """
    return np.exp(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: reciprocal(x),))
def log(x: Operand) -> Tensor:
    """Natural logarithm, of positive values.

    Shapes: ``*s -> *s``.

    Raises:
        DomainError: for a value that is not positive (NaN is not); the message names the first offending index.

    >>> tl.log(tl.tensor([1.0]))
    Tensor([0.], float64)
    """
    _require_domain(np.greater(x, 0), x, "log", "positive values", "use safe_log, or clip first")
    return np.log(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: reciprocal(x + 1.0),))
def log1p(x: Operand) -> Tensor:
    """``log(1 + x)``, exact for small x, of values above -1.

    Shapes: ``*s -> *s``.

    Raises:
        DomainError: for a value that is not above -1; the message names the first offending index.

    >>> tl.log1p(tl.tensor([0.0]))
    Tensor([0.], float64)
    """
    _require_domain(np.greater(x, -1), x, "log1p", "values above -1", "clip first")
    return np.log1p(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: out + 1.0,))
def expm1(x: Operand) -> Tensor:
    """``exp(x) - 1``, exact for small x.

    Shapes: ``*s -> *s``.

    >>> tl.expm1(tl.tensor([0.0]))
    Tensor([0.], float64)
    """
    return np.expm1(x)


@composite(lambda op, x, eps=1e-12: x, dtypes.floating)
def safe_log(x: Operand, eps: float = 1e-12) -> Tensor:
    """``log(softplus(x) + eps)``: a logarithm that takes every real number.

    Shapes: ``*s -> *s``.

    >>> tl.safe_log(tl.tensor([-1000.0]), 1e-6)
    Tensor([-13.81551056], float64)
    """
    return log(softplus(x) + eps)


# --- trigonometric and hyperbolic -------------------------------------------------------------------------------------


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: cos(x),))
def sin(x: Operand) -> Tensor:
    """Sine of an angle in radians.

    Shapes: ``*s -> *s``.

    >>> tl.sin(tl.tensor([0.0]))
    Tensor([0.], float64)
    """
    return np.sin(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: -sin(x),))
def cos(x: Operand) -> Tensor:
    """Cosine of an angle in radians.

    Shapes: ``*s -> *s``.

    >>> tl.cos(tl.tensor([0.0]))
    Tensor([1.], float64)
    """
    return np.cos(x)


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: 1.0 - square(out),))
def tanh(x: Operand) -> Tensor:
    """Hyperbolic tangent.

    Shapes: ``*s -> *s``.

    >>> tl.tanh(tl.tensor([0.0]))
    Tensor([0.], float64)
    """
    return np.tanh(x)


# --- activations ------------------------------------------------------------------------------------------------------


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: out * (1.0 - out),))
def sigmoid(x: Operand) -> Tensor:
    """Logistic function ``1 / (1 + exp(-x))``, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.sigmoid(tl.tensor([0.0, 1000.0]))
    Tensor([0.5, 1. ], float64)
    """
    return _logistic(x)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: astype(greater(x, 0), x.dtype),))
def relu(x: Operand) -> Tensor:
    """``max(x, 0)``; its derivative at 0 is 0.

    Shapes: ``*s -> *s``.

    >>> tl.relu(tl.tensor([2.0, -1.0]))
    Tensor([2., 0.], float64)
    """
    return np.maximum(x, 0)


def _gelu_partial(out: Tensor, x: Tensor) -> Tensor:
    gate = sigmoid(x * (GELU_SCALE + (GELU_SCALE * GELU_CUBIC) * square(x)))
    slope = GELU_SCALE + (3.0 * GELU_SCALE * GELU_CUBIC) * square(x)
    return gate + x * gate * (1.0 - gate) * slope


@operation(rules.elementwise, dtypes.floating, partials=(_gelu_partial,))
def gelu(x: Operand) -> Tensor:
    """Gaussian error linear unit, tanh approximation: ``x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))``.

    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.

    Shapes: ``*s -> *s``.

    >>> tl.gelu(tl.tensor([0.0]))
    Tensor([0.], float64)
    """
    # (1 + tanh(u)) / 2 is sigmoid(2u)
    return x * _logistic(x * (GELU_SCALE + (GELU_SCALE * GELU_CUBIC) * np.square(x)))


@operation(rules.elementwise, dtypes.floating, partials=(lambda out, x: sigmoid(x),))
def softplus(x: Operand) -> Tensor:
    """``log(1 + exp(x))``, without overflow.

    Shapes: ``*s -> *s``.

    >>> tl.softplus(tl.tensor([1000.0]))
    Tensor([1000.], float64)
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


# --- choice -----------------------------------------------------------------------------------------------------------


def _share(out: Tensor, mine: Tensor, other: Tensor) -> Tensor:
    """1 where this operand is the result, one half at a tie, 0 elsewhere."""
    wins, ties = astype(equal(out, mine), out.dtype), astype(equal(mine, other), out.dtype)
    return wins - 0.5 * ties


@operation(
    rules.elementwise,
    dtypes.numeric,
    partials=(lambda out, x, y: _share(out, x, y), lambda out, x, y: _share(out, y, x)),
)
def maximum(x: Operand, y: Operand) -> Tensor:
    """The larger of two; at a tie each has one half of the derivative.

    Shapes: ``*s, *s -> *s``.

    >>> tl.maximum(tl.tensor([1.0, 5.0]), 3.0)
    Tensor([3., 5.], float64)
    """
    return np.maximum(x, y)


@operation(
    rules.elementwise,
    dtypes.numeric,
    partials=(lambda out, x, y: _share(out, x, y), lambda out, x, y: _share(out, y, x)),
)
def minimum(x: Operand, y: Operand) -> Tensor:
    """The smaller of two; at a tie each has one half of the derivative.

    Shapes: ``*s, *s -> *s``.

    >>> tl.minimum(tl.tensor([1.0, 5.0]), 3.0)
    Tensor([1., 3.], float64)
    """
    return np.minimum(x, y)


def _clip_partial(out: Tensor, x: Tensor, min: float | None, max: float | None) -> Tensor:
    inside = astype(equal(x, x), x.dtype)
    if min is not None:
        inside = inside * astype(greater(x, min), x.dtype)
    if max is not None:
        inside = inside * astype(less(x, max), x.dtype)
    return inside


@operation(rules.unchanged, dtypes.numeric, partials=(_clip_partial,))
def clip(x: Operand, min: float | None = None, max: float | None = None) -> Tensor:
    """``x`` held between two numbers; the derivative is 0 at and outside both.

    Shapes: ``*s -> *s``.

    >>> tl.clip(tl.tensor([-1.0, 0.5, 2.0]), 0.0, 1.0)
    Tensor([0. , 0.5, 1. ], float64)
    """
    return x if min is None and max is None else np.clip(x, min, max)


@operation(rules.elementwise, dtypes.numeric, partials=(lambda out, x: x * 0,))
def sign(x: Operand) -> Tensor:
    """-1, 0 or 1; its derivative is 0.

    Shapes: ``*s -> *s``.

    >>> tl.sign(tl.tensor([-3.0, 0.0, 2.0]))
    Tensor([-1.,  0.,  1.], float64)
    """
    return np.sign(x)


@operation(
    rules.where,
    dtypes.selection,
    jvp=(
        None,
        lambda t, out, c, x, y: stretched(where(c, t, 0.0), out),
        lambda t, out, c, x, y: stretched(where(c, 0.0, t), out),
    ),
    vjp=(
        None,
        lambda ct, out, c, x, y: unbroadcast(where(c, ct, 0.0), x.shape),
        lambda ct, out, c, x, y: unbroadcast(where(c, 0.0, ct), y.shape),
    ),
    batch=batch_elementwise,
)
def where(condition: Operand, x: Operand, y: Operand) -> Tensor:
    """``x`` where the condition holds, else ``y``; what is not chosen gets the derivative 0, even where it is infinite.

    Shapes: ``*s, *s, *s -> *s``.

    >>> tl.where(tl.tensor([1.0, -1.0]) > 0, 1.0, 0.0)
    Tensor([1., 0.], float64)
    """
    return np.where(condition, x, y)


# --- comparisons and logic: no derivative -----------------------------------------------------------------------------


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def equal(x: Operand, y: Operand) -> Tensor:
    """``x == y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([False,  True], bool)
    """
    return np.equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def not_equal(x: Operand, y: Operand) -> Tensor:
    """``x != y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.not_equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([ True, False], bool)
    """
    return np.not_equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def less(x: Operand, y: Operand) -> Tensor:
    """``x < y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.less(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([ True, False], bool)
    """
    return np.less(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def less_equal(x: Operand, y: Operand) -> Tensor:
    """``x <= y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.less_equal(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([ True, False], bool)
    """
    return np.less_equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def greater(x: Operand, y: Operand) -> Tensor:
    """``x > y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.greater(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([False,  True], bool)
    """
    return np.greater(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def greater_equal(x: Operand, y: Operand) -> Tensor:
    """``x >= y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.greater_equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([False,  True], bool)
    """
    return np.greater_equal(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_and(x: Operand, y: Operand) -> Tensor:
    """Both, element by element, of bools.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.logical_and(tl.tensor([True, True]), tl.tensor([True, False]))
    Tensor([ True, False], bool)
    """
    return np.logical_and(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_or(x: Operand, y: Operand) -> Tensor:
    """Either, element by element, of bools.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.logical_or(tl.tensor([True, False]), tl.tensor([False, False]))
    Tensor([ True, False], bool)
    """
    return np.logical_or(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_not(x: Operand) -> Tensor:
    """The opposite, element by element, of bools.

    Shapes: ``*s -> *s``, of dtype bool.

    >>> tl.logical_not(tl.tensor([True, False]))
    Tensor([False,  True], bool)
    """
    return np.logical_not(x)


# --- conversions ------------------------------------------------------------------------------------------------------


@operation(
    rules.unchanged,
    dtypes.converted,
    vjp=(lambda ct, out, x, dtype: astype(ct, x.dtype),),
    batch=batch_elementwise,
)
def astype(x: Tensor, dtype: DTypeLike) -> Tensor:
    """``x`` in another dtype; between floating dtypes it is differentiable.

    Shapes: ``*s -> *s``.

    >>> tl.astype(tl.tensor([1.0, 2.5]), np.int64)
    Tensor([1, 2], int64)
    """
    return np.asarray(x).astype(dtype)


@operation(rules.unchanged, differentiable=False, batch=batch_elementwise)
def detach(x: Tensor) -> Tensor:
    """``x`` as a constant: no derivative flows back through it.

    Shapes: ``*s -> *s``.

    >>> tl.autograd.fn.grad(lambda x: tl.sum(tl.detach(x) * x), tl.tensor([2.0, 3.0]))
    Tensor([2., 3.], float64)
    """
    return x


@operation(rules.unchanged, vjp=(lambda ct, out, x: ct,), batch=batch_elementwise, public=False)
def alias(x: Tensor) -> Tensor:
    """``x`` under another name: what an inner derivative is taken with respect to."""
    return x
