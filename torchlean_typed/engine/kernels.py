"""Kernels that write into a buffer, for operations that are more than one ufunc."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import numpy as np


def logistic(x: Any, out: Any = None) -> Any:
    """``1 / (1 + exp(-x))`` into ``out``, which may be ``x``."""
    return falling_logistic(np.negative(x, out), out)


def falling_logistic(x: Any, out: Any = None) -> Any:
    """``1 / (1 + exp(x))`` into ``out``, which may be ``x``."""
    out = _exp(x, out)
    np.add(out, _ONES[out.dtype.char], out)
    return np.reciprocal(out, out)


def _exp(x: Any, out: Any) -> Any:
    """The exponential, infinite without a warning; ``with np.errstate`` takes a microsecond."""
    try:
        context = _quiet.pop()  # one can be entered by one thread at a time
    except IndexError:
        context = Context()
        context.run(np.seterr, over="ignore")
    out = context.run(np.exp, x, out)
    _quiet.append(context)
    return out


_quiet: list[Context] = []

# An array is met faster than Python's number.
_ONES = {kind: np.ones((), kind) for kind in "efd"}
