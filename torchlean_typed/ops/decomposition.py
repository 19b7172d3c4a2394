"""Decompositions of square matrices, systems of equations and determinants."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import arithmetic, creation, derivatives, indexing, linalg, rearrangement, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import decomposition as rules
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes.errors import DomainError

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

__all__ = ["cholesky", "logdet", "solve", "triangular_solve"]

transposed = structure.matrix_transpose


def _symmetric(x: Tensor) -> Tensor:
    return 0.5 * (x + transposed(x))


def _matrix(found: Any, op: str, problem: str) -> DomainError:
    """The error for the first matrix of a stack that has a problem."""
    where = np.argwhere(found)
    index = tuple(int(i) for i in where[0]) if len(where) and where.shape[1] else ()
    at = f"the matrix at index {index if len(index) != 1 else index[0]}" if index else "the matrix"
    return DomainError(f"{op}: {at} {problem}")


def _fails(compute: Callable[[Any], Any], x: Any) -> Any:
    """For every matrix of a stack whether the computation fails on it."""
    found = np.zeros(x.shape[:-2], bool)
    for index in np.ndindex(found.shape):
        try:
            compute(x[index])
        except np.linalg.LinAlgError:
            found[index] = True
    return found


# --- Cholesky --------------------------------------------------------------------------------------------------------


def _half_below(x: Tensor) -> Tensor:
    """The lower triangle with one half of the diagonal: what the derivative of L L^T leaves of L^-1 dA L^-T."""
    return 0.5 * (rearrangement.tril(x) + rearrangement.tril(x, -1))


def _cholesky_tangent(t: Tensor, out: Tensor, x: Tensor) -> Tensor:
    inner = triangular_solve(out, transposed(triangular_solve(out, _symmetric(t))))
    return linalg.matrix_product(out, _half_below(inner))


def _cholesky_cotangent(ct: Tensor, out: Tensor, x: Tensor) -> Tensor:
    inner = _half_below(linalg.matrix_product(transposed(out), ct))
    upper = transposed(out)
    left = triangular_solve(upper, inner, False)
    return _symmetric(transposed(triangular_solve(upper, transposed(left), False)))


@operation(
    rules.square,
    dtypes.full_precision,
    jvp=(_cholesky_tangent,),
    vjp=(_cholesky_cotangent,),
    batch=derivatives.batch_elementwise,
    public=False,
)
def lower_cholesky(x: Tensor) -> Tensor:
    """The lower factor of the symmetric part of ``x``."""
    array = np.asarray(x)
    symmetric = 0.5 * (array + np.swapaxes(array, -1, -2))
    try:
        return np.linalg.cholesky(symmetric)  # type: ignore[return-value]
    except np.linalg.LinAlgError:
        found = _fails(np.linalg.cholesky, symmetric)
        raise _matrix(found, "cholesky", "is not positive definite") from None


@composite(rules.square, dtypes.full_precision)
def cholesky(x: Tensor, upper: bool = False) -> Tensor:
    """The lower triangular L with ``L @ L.mT == x``, for positive definite x; or L.mT with ``upper``.

    ``x`` counts by its symmetric part, so its derivative is symmetric.

    Source of the derivative: Murray 2016, arXiv:1602.07527.

    Shapes: ``*b n n -> *b n n``.

    Raises:
        DomainError: for a matrix that is not positive definite; the message names the first.

    >>> tl.cholesky(tl.tensor([[4.0, 2.0], [2.0, 5.0]]))
    Tensor([[2., 0.],
            [1., 2.]], float64[2, 2])
    """
    lower = lower_cholesky(x)
    return transposed(lower) if upper else lower


# --- systems of equations: both ways to solve one have their derivatives from one place ------------------------------


def _solving(solver: Callable[..., Tensor], part: Callable[..., Tensor], adjoint: Callable[..., Any]) -> dict[str, Any]:
    """Derivatives of ``x = solver(a, b)``: a dx = db - da x, where only ``part`` of the matrix counts."""

    def tangent_of_matrix(t: Tensor, out: Tensor, a: Tensor, b: Tensor, **statics: Any) -> Tensor:
        return -solver(a, linalg.matrix_product(part(t, **statics), out), **statics)

    def tangent_of_right(t: Tensor, out: Tensor, a: Tensor, b: Tensor, **statics: Any) -> Tensor:
        return solver(a, t, **statics)

    def of_right(ct: Tensor, a: Tensor, **statics: Any) -> Tensor:
        return solver(transposed(a), ct, **adjoint(**statics))

    def cotangent_of_matrix(ct: Tensor, out: Tensor, a: Tensor, b: Tensor, **statics: Any) -> Tensor:
        product = -linalg.matrix_product(of_right(ct, a, **statics), transposed(out))
        return derivatives.unbroadcast(part(product, **statics), a.shape)

    def cotangent_of_right(ct: Tensor, out: Tensor, a: Tensor, b: Tensor, **statics: Any) -> Tensor:
        return derivatives.unbroadcast(of_right(ct, a, **statics), b.shape)

    return {
        "jvp": (tangent_of_matrix, tangent_of_right),
        "vjp": (cotangent_of_matrix, cotangent_of_right),
        "batch": linalg.batch_product,
    }


def _by_elimination(a: Tensor, b: Tensor) -> Tensor:
    return linear_solve(a, b)


@operation(
    rules.solve,
    dtypes.full_precision,
    **_solving(_by_elimination, lambda x: x, lambda: {}),
    public=False,
)
def linear_solve(a: Tensor, b: Tensor) -> Tensor:
    """``solve`` with a right side that has two axes at least."""
    matrix, right = np.asarray(a), np.asarray(b)
    try:
        return np.linalg.solve(matrix, right)  # type: ignore[return-value]
    except np.linalg.LinAlgError:
        found = _fails(np.linalg.inv, matrix)
        raise _matrix(found, "solve", "is singular") from None


def _as_matrix(solver: Callable[..., Tensor], a: Tensor, b: Tensor, *statics: Any) -> Tensor:
    """A vector on the right is one column."""
    if b.ndim > 1:
        return solver(a, b, *statics)
    return structure.squeeze(solver(a, structure.expand_dims(b, 1), *statics), -1)


@composite(rules.solve, dtypes.full_precision)
def solve(a: Tensor, b: Tensor) -> Tensor:
    """The x of ``a @ x == b``; b is one vector, or a stack of matrices whose columns are solved for.

    Shapes: ``*b n n, *b n k -> *b n k``; one of the two may be a plain matrix, or b a vector ``n``.

    Raises:
        DomainError: for a matrix that is singular; the message names the first.

    >>> tl.solve(tl.tensor([[2.0, 0.0], [0.0, 4.0]]), tl.tensor([2.0, 2.0]))
    Tensor([1. , 0.5], float64[2])
    """
    return _as_matrix(linear_solve, a, b)


def _triangle(x: Tensor, lower: bool) -> Tensor:
    return rearrangement.tril(x) if lower else rearrangement.triu(x)


def _by_substitution(a: Tensor, b: Tensor, lower: bool) -> Tensor:
    return substitution(a, b, lower)


@operation(
    rules.solve,
    dtypes.full_precision,
    **_solving(_by_substitution, _triangle, lambda lower: {"lower": not lower}),
    public=False,
)
def substitution(a: Tensor, b: Tensor, lower: bool) -> Tensor:
    """``triangular_solve`` with a right side that has two axes at least."""
    matrix, right = np.asarray(a), np.asarray(b)
    zero = np.diagonal(matrix, 0, -2, -1) == 0
    if zero.any():
        raise _matrix(zero.any(-1), "triangular_solve", "is singular: its diagonal has a 0")
    lead = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-2])
    result = np.array(np.broadcast_to(right, (*lead, *right.shape[-2:])), dtype=right.dtype, order="C")
    if lower:
        _substitute(matrix, result)
    else:  # backwards is forwards with rows and columns in reverse
        _substitute(matrix[..., ::-1, ::-1], result[..., ::-1, :])
    return result  # type: ignore[return-value]


def _substitute(matrix: Any, right: Any, leaf: int = 16) -> None:
    """Forward substitution in place, by halves, so that most of the work is matrix products."""
    size = matrix.shape[-1]
    if size > leaf:
        half = size // 2
        _substitute(matrix[..., :half, :half], right[..., :half, :], leaf)
        right[..., half:, :] -= matrix[..., half:, :half] @ right[..., :half, :]
        _substitute(matrix[..., half:, half:], right[..., half:, :], leaf)
        return
    for i in range(size):
        row = right[..., i : i + 1, :]
        row -= matrix[..., i : i + 1, :i] @ right[..., :i, :]
        row /= matrix[..., i : i + 1, i : i + 1]


@composite(rules.solve, dtypes.full_precision)
def triangular_solve(a: Tensor, b: Tensor, lower: bool = True) -> Tensor:
    """The x of ``a @ x == b`` for triangular a, by substitution; the other triangle is not looked at.

    Shapes: ``*b n n, *b n k -> *b n k``; one of the two may be a plain matrix, or b a vector ``n``.

    Raises:
        DomainError: for a matrix that is singular; the message names the first.

    >>> tl.triangular_solve(tl.tensor([[2.0, 0.0], [2.0, 4.0]]), tl.tensor([2.0, 6.0]))
    Tensor([1., 1.], float64[2])
    """
    return _as_matrix(substitution, a, b, lower)


# --- determinants ----------------------------------------------------------------------------------------------------


def _stretched(x: Tensor) -> Tensor:
    """Numbers as matrices of one element, for products with matrices."""
    return structure.reshape(x, (*x.shape, 1, 1))


def _logdet_cotangent(ct: Tensor, out: Tensor, x: Tensor) -> Tensor:
    size = x.shape[-1]
    return arithmetic.multiply(_stretched(ct), linear_solve(transposed(x), creation.eye(size, dtype=x.dtype)))


@operation(
    rules.of_square,
    dtypes.full_precision,
    jvp=(lambda t, out, x: indexing.trace(linear_solve(x, t)),),
    vjp=(_logdet_cotangent,),
    batch=derivatives.batch_elementwise,
)
def logdet(x: Tensor) -> Tensor:
    """Logarithm of the determinant, of matrices whose determinant is positive; without overflow.

    Shapes: ``*b n n -> *b``.

    Raises:
        DomainError: for a matrix whose determinant is not positive; the message names the first.

    >>> tl.logdet(tl.tensor([[2.0, 0.0], [0.0, 0.5]]))
    Tensor(0., float64[])
    """
    sign, value = np.linalg.slogdet(np.asarray(x))
    if not np.all(sign > 0):
        raise _matrix(~np.asarray(sign > 0), "logdet", "has no positive determinant")
    return value  # type: ignore[no-any-return]
