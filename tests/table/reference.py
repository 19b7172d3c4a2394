"""What every operation computes, in NumPy, independently of the kernels: closed forms where there are any."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.table.array_reference import ARRAYS
from tests.table.model_reference import MODELS


def _gelu(x: Any) -> Any:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _layer_norm(x: Any, weight: Any, bias: Any, eps: float = 1e-5) -> Any:
    scale = 1 / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)
    return (x - np.mean(x, axis=-1, keepdims=True)) * scale * weight + bias


def _softmax(x: Any, axis: int = -1) -> Any:
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _transpose(x: Any) -> Any:
    (rows, columns) = x.shape
    return np.array([[x[i, j] for i in range(rows)] for j in range(columns)], x.dtype).reshape(columns, rows)


def _arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    return np.arange(0, start, step, dtype=dtype) if stop is None else np.arange(start, stop, step, dtype=dtype)


REFERENCE: dict[str, Any] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "negative": lambda x: -x,
    "abs": lambda x: np.sqrt(x * x),
    "sign": lambda x: np.where(x > 0, 1.0, 0.0) - np.where(x < 0, 1.0, 0.0),
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "pow": lambda x, y: np.exp(y * np.log(x)),
    "sqrt": lambda x: x**0.5,
    "exp": np.exp,
    "log": np.log,
    "log1p": lambda x: np.log(1 + x),
    "expm1": lambda x: np.exp(x) - 1,
    "safe_log": lambda x, eps: np.log(np.logaddexp(0, x) + eps),
    "sin": lambda x: np.imag(np.exp(1j * x)),
    "cos": lambda x: np.real(np.exp(1j * x)),
    "tanh": lambda x: np.sinh(x) / np.cosh(x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.where(x > 0, x, 0.0),
    "gelu": _gelu,
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "maximum": lambda x, y: np.where(x > y, x, y),
    "minimum": lambda x, y: np.where(x < y, x, y),
    "clip": lambda x, min=None, max=None: np.minimum(
        np.maximum(x, -np.inf if min is None else min), np.inf if max is None else max
    ),
    "where": lambda condition, x, y: np.where(condition, x, y),
    "equal": lambda x, y: x == y,
    "not_equal": lambda x, y: x != y,
    "less": lambda x, y: x < y,
    "less_equal": lambda x, y: x <= y,
    "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y,
    "logical_and": lambda x, y: x & y,
    "logical_or": lambda x, y: x | y,
    "logical_not": lambda x: ~x,
    "astype": lambda x, dtype: x.astype(dtype),
    "detach": lambda x: x,
    "sum": lambda x, axis=None, keepdims=False: np.add.reduce(
        x, axis=tuple(range(x.ndim)) if axis is None else axis, keepdims=keepdims
    ),
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "log_softmax": lambda x, axis=-1: np.log(_softmax(x, axis)),
    "layer_norm": _layer_norm,
    "matmul": np.matmul,
    "reshape": np.reshape,
    "flatten": np.ravel,
    "permute_dims": np.transpose,
    "swapaxes": np.swapaxes,
    "matrix_transpose": lambda x: np.swapaxes(x, -1, -2),
    "transpose": _transpose,
    "expand_dims": lambda x, axis=0: np.expand_dims(x, axis),
    "squeeze": np.squeeze,
    "broadcast_to": np.broadcast_to,
    "concat": lambda *arrays, axis=0: np.concatenate(arrays, axis=axis),
    "stack": lambda *arrays, axis=0: np.stack(arrays, axis=axis),
    "getitem": lambda x, key: x[key],
    "zeros": np.zeros,
    "ones": np.ones,
    "full": np.full,
    "zeros_like": np.zeros_like,
    "ones_like": np.ones_like,
    "full_like": np.full_like,
    "eye": lambda n_rows, n_cols=None, dtype=float: np.eye(n_rows, n_cols, dtype=dtype),
    "arange": _arange,
    "linspace": np.linspace,
    "normal": lambda shape, seed, dtype=float: np.random.default_rng(seed).standard_normal(shape).astype(dtype),
    "uniform": lambda shape, seed, dtype=float: np.random.default_rng(seed).random(shape).astype(dtype),
    **ARRAYS,
    **MODELS,
}
