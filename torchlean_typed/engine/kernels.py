"""Kernels that write into a buffer, for operations that are more than one ufunc."""

from __future__ import annotations

from typing import Any

import numpy as np


def logistic(x: Any, out: Any = None) -> Any:
    """``1 / (1 + exp(-x))`` into ``out``, which may be ``x``."""
    out = np.negative(x, out)
    with np.errstate(over="ignore"):  # where the exponential is infinite the result is 0, as it should
        np.exp(out, out)
    np.add(out, 1, out)
    return np.reciprocal(out, out)
