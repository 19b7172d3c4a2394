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


KINDS = {
    "forward, nothing recorded": ("eager_forward", bars(hips=0.5)),  # of HIPS autograd, mostly NumPy itself
    "forward, recorded": ("eager_recorded", bars(hips=0.5)),
    "gradient": ("eager_grad", bars(hips=0.5)),
}
GROUP = "eager mode"


def _cases(dtype: str) -> list[Case]:
    chains = {"81 elementwise operations": Function(chain, 10, dtype)}
    chains["20 products, 40 others"] = Function(chained_products, 10, dtype, _weight)
    net = Case(
        "value and gradient: small MLP, tanh", "eager_value_and_grad", replace(SMALL, dtype=dtype), bars(hips=0.5)
    )
    functions = [
        Case(f"{what}: {name}", kind, function, held, GROUP)
        for name, function in chains.items()
        for what, (kind, held) in KINDS.items()
    ]
    return [*functions, replace(net, group=GROUP)]


CASES = [*_cases("float64"), *_cases("float32")]
