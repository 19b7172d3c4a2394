"""Kernels that write into a buffer, for operations that are more than one ufunc."""

from __future__ import annotations

from typing import Any

import numpy as np


def logistic(x: Any, out: Any = None) -> Any:
    """``1 / (1 + exp(-x))`` into ``out``, which may be ``x``."""
    return falling_logistic(np.negative(x, out), out)


def falling_logistic(x: Any, out: Any = None) -> Any:
    """``1 / (1 + exp(x))`` into ``out``, which may be ``x``."""
    out = np.exp(x, out)
    np.add(out, _ONES[out.dtype.char], out)
    return np.reciprocal(out, out)


# An array is met faster than Python's number.
_ONES = {kind: np.ones((), kind) for kind in "efd"}
