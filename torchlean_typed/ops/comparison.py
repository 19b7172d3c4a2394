"""Comparisons and logic, element by element: they have no derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise
from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor

__all__ = [
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_not",
]


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def equal(x: Operand, y: Operand) -> Tensor:
    """``x == y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([False,  True], bool[2])
    """
    return np.equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def not_equal(x: Operand, y: Operand) -> Tensor:
    """``x != y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.not_equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([ True, False], bool[2])
    """
    return np.not_equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def less(x: Operand, y: Operand) -> Tensor:
    """``x < y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.less(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([ True, False], bool[2])
    """
    return np.less(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def less_equal(x: Operand, y: Operand) -> Tensor:
    """``x <= y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.less_equal(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([ True, False], bool[2])
    """
    return np.less_equal(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def greater(x: Operand, y: Operand) -> Tensor:
    """``x > y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.greater(tl.tensor([1.0, 3.0]), 2.0)
    Tensor([False,  True], bool[2])
    """
    return np.greater(x, y)


@operation(rules.elementwise, dtypes.comparison, differentiable=False, batch=batch_elementwise)
def greater_equal(x: Operand, y: Operand) -> Tensor:
    """``x >= y``, element by element.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.greater_equal(tl.tensor([1.0, 2.0]), 2.0)
    Tensor([False,  True], bool[2])
    """
    return np.greater_equal(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_and(x: Operand, y: Operand) -> Tensor:
    """Both, element by element, of bools.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.logical_and(tl.tensor([True, True], np.bool_), tl.tensor([True, False], np.bool_))
    Tensor([ True, False], bool[2])
    """
    return np.logical_and(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_or(x: Operand, y: Operand) -> Tensor:
    """Either, element by element, of bools.

    Shapes: ``*s, *s -> *s``, of dtype bool.

    >>> tl.logical_or(tl.tensor([True, False], np.bool_), tl.tensor([False, False], np.bool_))
    Tensor([ True, False], bool[2])
    """
    return np.logical_or(x, y)


@operation(rules.elementwise, dtypes.logical, differentiable=False, batch=batch_elementwise)
def logical_not(x: Operand) -> Tensor:
    """The opposite, element by element, of bools.

    Shapes: ``*s -> *s``, of dtype bool.

    >>> tl.logical_not(tl.tensor([True, False], np.bool_))
    Tensor([False,  True], bool[2])
    """
    return np.logical_not(x)
