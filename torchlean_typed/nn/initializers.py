"""Initial values of parameters: from a generator and a shape ``(out, in, ...)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, ...]
# quoted: NumPy loads its random numbers when they are first asked for
Initializer = Callable[["np.random.Generator", Shape], NDArray[Any]]


def _fans(shape: Shape) -> tuple[int, int]:
    """Inputs and outputs of one unit: a weight is ``out in *kernel``."""
    if len(shape) < 2:
        return (shape[0] if shape else 1), (shape[0] if shape else 1)
    kernel = int(np.prod(shape[2:], dtype=np.int64))
    return shape[1] * kernel, shape[0] * kernel


def glorot_uniform(generator: np.random.Generator, shape: Shape) -> NDArray[Any]:
    """Uniform on +-sqrt(6 / (fan_in + fan_out)). Source: Glorot and Bengio 2010, AISTATS."""
    fan_in, fan_out = _fans(shape)
    limit = np.sqrt(6.0 / max(1, fan_in + fan_out))
    return generator.uniform(-limit, limit, shape)


def he_uniform(generator: np.random.Generator, shape: Shape) -> NDArray[Any]:
    """Uniform on +-sqrt(6 / fan_in), for a layer that feeds a relu. Source: He et al. 2015, arXiv:1502.01852."""
    limit = np.sqrt(6.0 / max(1, _fans(shape)[0]))
    return generator.uniform(-limit, limit, shape)


def zeros(generator: np.random.Generator, shape: Shape) -> NDArray[Any]:
    """Zeros: biases."""
    return np.zeros(shape)


def ones(generator: np.random.Generator, shape: Shape) -> NDArray[Any]:
    """Ones: scales."""
    return np.ones(shape)


def standard_normal(generator: np.random.Generator, shape: Shape) -> NDArray[Any]:
    """Draws from N(0, 1): tables of embeddings."""
    return generator.standard_normal(shape)
