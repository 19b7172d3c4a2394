"""Eager mode, operation by operation, on sizes so small that an operation costs what its bookkeeping costs."""

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.case import Case, bars
from benchmarks.cases.networks import SMALL
from benchmarks.problems import Function


def chain(xp: Any, x: Any) -> Any:
    """80 elementwise operations, one after the other, and a sum."""
    y = x
    for _ in range(16):
        y = xp.sin(y) * x + 0.5
        y = xp.tanh(y - x)
    return xp.sum(y)


def chained_products(xp: Any, x: Any, weight: Any) -> Any:
    """20 products with a matrix, each followed by a mean that is taken away."""
    y = x[None, :]
    for _ in range(20):
        y = y @ weight
        y = y - xp.mean(y)
    return xp.sum(y)


def _weight(rng: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    return (rng.normal(size=(n, n)) / np.sqrt(n),)


GROUP = "eager mode"

CASES = [
    case
    for dtype in ("float64", "float32")
    for chained, draw in ((chain, Function.draw), (chained_products, _weight))
    for case in (
        Case(
            f"forward: {chained.__name__}, n = 10",
            "eager_forward",
            Function(chained, 10, dtype, draw),
            bars(hips=0.5),
            GROUP,
        ),
        Case(
            f"gradient: {chained.__name__}, n = 10",
            "eager_grad",
            Function(chained, 10, dtype, draw),
            bars(hips=0.5),
            GROUP,
        ),
    )
] + [
    Case(
        "value and gradient: small MLP, tanh",
        "eager_value_and_grad",
        replace(SMALL, dtype=dtype),
        bars(hips=0.5),
        GROUP,
    )
    for dtype in ("float64", "float32")
]
