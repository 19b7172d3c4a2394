"""Contractions, rearrangements, indexing and statistics in NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    if x.ndim != y.ndim or x.shape[axis] != y.shape[axis]:
        raise ValueError("the vectors differ")
    return np.vecdot(np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1))


def _outer(x: Any, y: Any) -> Any:
    (n,), (m,) = x.shape, y.shape
    return np.array([[x[i] * y[j] for j in range(m)] for i in range(n)], x.dtype).reshape(n, m)


def _take(x: Any, indices: Any, axis: Any = None) -> Any:
    if axis is None and x.ndim != 1:
        raise ValueError("which axis?")
    return np.take(x, indices, axis=axis)


def _take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    return np.take_along_axis(x, indices, axis)


def _scatter_add(x: Any, indices: Any, updates: Any, axis: int = 0) -> Any:
    if np.take(x, indices, axis).shape != updates.shape:
        raise ValueError("the updates' shape differs")
    result = np.moveaxis(x.copy(), axis, 0)
    axis = axis % x.ndim
    moved = np.moveaxis(updates, tuple(range(axis, axis + indices.ndim)), tuple(range(indices.ndim)))
    for index in np.ndindex(*indices.shape):
        result[indices[index]] += moved[index]
    return np.moveaxis(result, 0, axis)


def _cumulative_sum(x: Any, axis: Any = None, include_initial: bool = False) -> Any:
    if (axis is None and x.ndim != 1) or isinstance(axis, tuple):
        raise ValueError("which axis?")
    return np.cumulative_sum(x, axis=axis, include_initial=include_initial)


def _triangle(x: Any, keep: Any) -> Any:
    rows, columns = np.indices(x.shape[-2:])
    return np.where(keep(columns - rows), x, 0)


def _diagonal(x: Any, offset: int = 0) -> Any:
    return np.diagonal(x, offset, -2, -1)


def _index(find: Any) -> Any:
    def reference(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return find(x, axis=axis, keepdims=keepdims)

    return reference


def _variance(x: Any, axis: Any = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    exact = np.asarray(x, np.longdouble)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = math.prod(x.shape[i] for i in axes)
    mean = np.mean(exact, axis=axis, keepdims=True)
    return (np.sum((exact - mean) ** 2, axis=axis, keepdims=keepdims) / (count - correction)).astype(x.dtype)


def _pad(x: Any, pad_width: Any, constant_values: float = 0) -> Any:
    pairs = pad_width if isinstance(pad_width, tuple) else (pad_width,)
    if any(width < 0 for pair in pairs for width in (pair if isinstance(pair, tuple) else (pair,))):
        raise ValueError("a width is negative")
    return np.pad(x, pad_width, constant_values=constant_values)


ARRAYS: dict[str, Any] = {
    "einsum": np.einsum,
    "tensordot": np.tensordot,
    "vecdot": _vecdot,
    "outer": _outer,
    "moveaxis": np.moveaxis,
    "split": np.split,
    "flip": np.flip,
    "roll": np.roll,
    "pad": _pad,
    "tril": lambda x, k=0: _triangle(x, lambda above: above <= k),
    "triu": lambda x, k=0: _triangle(x, lambda above: above >= k),
    "diagonal": _diagonal,
    "trace": lambda x, offset=0: np.sum(_diagonal(x, offset), axis=-1),
    "take": _take,
    "take_along_axis": _take_along_axis,
    "scatter_add": _scatter_add,
    "one_hot": lambda indices, num_classes, dtype=float: np.eye(num_classes, dtype=dtype)[indices],
    "prod": lambda x, axis=None, keepdims=False: np.multiply.reduce(
        x, axis=tuple(range(x.ndim)) if axis is None else axis, keepdims=keepdims
    ),
    "var": _variance,
    "std": lambda *args, **statics: np.sqrt(_variance(*args, **statics)),
    "argmax": _index(np.argmax),
    "argmin": _index(np.argmin),
    "cumulative_sum": _cumulative_sum,
}
