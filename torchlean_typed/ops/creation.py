"""Constructors: functions from sizes and values to new tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.op import Evaluator, composite
from torchlean_typed.shapes import creation as rules
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes import rules as shape_rules

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from torchlean_typed.tensor import Tensor

    Size = int | Sequence[int]


@composite(rules.creation, dtypes.created)
def zeros(shape: Size, dtype: DTypeLike = "float64") -> Tensor:
    """Zeros.

    Shapes: ``-> *shape``.

    >>> tl.zeros(2)
    Tensor([0., 0.], float64[2])
    """
    return Evaluator.constant(np.zeros(shape, dtype))


@composite(rules.creation, dtypes.created)
def ones(shape: Size, dtype: DTypeLike = "float64") -> Tensor:
    """Ones.

    Shapes: ``-> *shape``.

    >>> tl.ones(2)
    Tensor([1., 1.], float64[2])
    """
    return Evaluator.constant(np.ones(shape, dtype))


@composite(rules.creation, dtypes.filled)
def full(shape: Size, fill_value: float, dtype: DTypeLike = "float64") -> Tensor:
    """One value everywhere.

    Shapes: ``-> *shape``.

    >>> tl.full(2, 7.0)
    Tensor([7., 7.], float64[2])
    """
    return Evaluator.constant(np.full(shape, fill_value, dtype))


@composite(shape_rules.unchanged, dtypes.like, differentiable=False)
def zeros_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Zeros in the shape of ``x``, and in its dtype unless another is given; no derivative flows back to ``x``.

    Shapes: ``*s -> *s``.

    Raises:
        ShapeError: for a dtype that is not bool, integer or floating.

    >>> tl.zeros_like(tl.tensor([1.0, 2.0]))
    Tensor([0., 0.], float64[2])
    """
    return Evaluator.constant(np.zeros(x.shape, dtype or x.dtype))


@composite(shape_rules.unchanged, dtypes.like, differentiable=False)
def ones_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Ones in the shape of ``x``, and in its dtype unless another is given; no derivative flows back to ``x``.

    Shapes: ``*s -> *s``.

    Raises:
        ShapeError: for a dtype that is not bool, integer or floating.

    >>> tl.ones_like(tl.tensor([1.5, 2.5]), dtype=np.int64)
    Tensor([1, 1], int64[2])
    """
    return Evaluator.constant(np.ones(x.shape, dtype or x.dtype))


@composite(shape_rules.unchanged, dtypes.filled, differentiable=False)
def full_like(x: Tensor, fill_value: float, dtype: DTypeLike | None = None) -> Tensor:
    """One value everywhere, in the shape and dtype of ``x`` as ``zeros_like``; no derivative flows back to ``x``.

    Shapes: ``*s -> *s``.

    Raises:
        ShapeError: for a value that does not go with the dtype, and a dtype that is not bool, integer or floating.

    >>> tl.full_like(tl.zeros(2), 7)
    Tensor([7., 7.], float64[2])
    """
    return Evaluator.constant(np.full(x.shape, fill_value, dtype or x.dtype))


@composite(rules.eye, dtypes.created)
def eye(n_rows: int, n_cols: int | None = None, dtype: DTypeLike = "float64") -> Tensor:
    """Ones on the diagonal, zeros elsewhere.

    Shapes: ``-> n_rows n_cols``.

    >>> tl.eye(2)
    Tensor([[1., 0.],
            [0., 1.]], float64[2, 2])
    """
    return Evaluator.constant(np.eye(n_rows, n_cols, dtype=dtype))


@composite(rules.arange, dtypes.arange)
def arange(start: float, stop: float | None = None, step: float = 1, dtype: DTypeLike | None = None) -> Tensor:
    """Values from ``start`` (0 if it is the only one) up to ``stop`` without it; int64 for ints, float64 else.

    Shapes: ``-> ceil((stop - start) / step)``.

    >>> tl.arange(3)
    Tensor([0, 1, 2], int64[3])
    """
    start, stop = (start, stop) if stop is not None else (0, start)
    return Evaluator.constant(np.arange(start, stop, step, dtype))


@composite(rules.linspace, dtypes.created_floating)
def linspace(start: float, stop: float, num: int, dtype: DTypeLike = "float64") -> Tensor:
    """``num`` values from ``start`` to ``stop``, both included.

    Shapes: ``-> num``.

    >>> tl.linspace(0.0, 1.0, 3)
    Tensor([0. , 0.5, 1. ], float64[3])
    """
    return Evaluator.constant(np.linspace(start, stop, num, dtype=dtype))
