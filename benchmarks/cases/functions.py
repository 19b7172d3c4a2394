"""Functions of a vector: whole Hessians and Jacobians."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Case, bars
from benchmarks.problems import Function


def rosenbrock(xp: Any, x: Any) -> Any:
    """Neighbours alone are coupled: the Hessian is tridiagonal."""
    return xp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def centred(xp: Any, x: Any) -> Any:
    """The same of the deviations from the mean, which couples everything: no structure is left to find."""
    return rosenbrock(xp, x - xp.mean(x))


def logistic(xp: Any, w: Any, signed: Any) -> Any:
    """Mean logistic loss of 500 samples, each row multiplied by its label's sign."""
    return xp.mean(xp.softplus(-(signed @ w[:, None])))


def _samples(rng: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    return (rng.normal(size=(500, n)) / np.sqrt(n) * rng.choice([-1.0, 1.0], size=(500, 1)),)


def layers(xp: Any, x: Any, *weights: Any) -> Any:
    """Layers of tanh, without biases."""
    x = x[None, :]
    for weight in weights:
        x = xp.tanh(x @ weight)
    return x[0]


def _weights(rng: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    return tuple(rng.normal(size=(n, n)) / np.sqrt(n) for _ in range(3))


def _hessian(name: str, function: Function, **held: float) -> Case:
    return Case(name, "hessian", function, bars(**held), "Hessian")


CASES = [
    case
    for dtype in ("float64", "float32")
    for case in (
        *(
            _hessian(f"Rosenbrock, n = {n}", Function(rosenbrock, n, dtype), jax=1.5, torch=60, hips=300)
            for n in (10, 100, 500)
        ),
        _hessian("Rosenbrock of deviations (dense), n = 100", Function(centred, 100, dtype), jax=0.5),
        *(
            _hessian(
                f"logistic regression, n = {n}, m = 500",
                Function(logistic, n, dtype, _samples),
                jax=2,
                torch=15,
                hips=50,
            )
            for n in (10, 100, 500)
        ),
        Case(
            "3 layers of tanh, 100 -> 100",
            "jacfwd",
            Function(layers, 100, dtype, _weights),
            bars(1.2, 7, 60),
            "Jacobian, forward",
        ),
    )
]
