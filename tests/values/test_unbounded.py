"""Derivatives that are infinite where nothing flows through: 0, and not NaN, in every mode and order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd

Function = Callable[[Tensor], Tensor]
# each with its first and second derivative at 4; at 0 the branch that is not chosen has none
MASKED: dict[str, tuple[Function, float, float]] = {
    "divide": (lambda x: 1.0 / x, -1 / 16, 2 / 64),
    "sinc": (
        lambda x: tl.sin(x) / x,
        np.cos(4) / 4 - np.sin(4) / 16,
        -np.sin(4) / 4 - np.cos(4) / 8 + np.sin(4) / 32,
    ),
    "reciprocal": (tl.reciprocal, -1 / 16, 2 / 64),
    "negative power": (lambda x: x**-1.0, -1 / 16, 2 / 64),
    "root": (lambda x: x**0.5, 1 / 4, -1 / 32),
    "power": (lambda x: x ** (x - 4.0), np.log(4), np.log(4) ** 2 + 1 / 2),
    "exp": (lambda x: tl.exp(1.0 / x), -np.exp(1 / 4) / 16, np.exp(1 / 4) * (1 / 256 + 1 / 32)),
    "expm1": (lambda x: tl.expm1(1.0 / x), -np.exp(1 / 4) / 16, np.exp(1 / 4) * (1 / 256 + 1 / 32)),
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(("f", "first", "second"), MASKED.values(), ids=MASKED.keys())
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_branch_that_is_not_chosen_gives_no_nan(f: Function, first: float, second: float, compiled: bool) -> None:
    def masked(x: Tensor) -> Tensor:
        return tl.where(x > 0.0, f(x), 0.0)

    def total(x: Tensor) -> Tensor:
        return tl.sum(masked(x))

    x, v = tl.tensor([0.0, 4.0]), tl.ones(2)
    if compiled:
        masked, total = tl.compile(masked), tl.compile(total)
    fn = autograd.fn
    for found in (fn.grad(total, x), fn.jvp(masked, x, v), fn.vjp(masked, x, v)):
        np.testing.assert_allclose(found.numpy(), [0.0, first], rtol=1e-12)
    for rows in (fn.jacrev(masked, x), fn.jacfwd(masked, x)):
        np.testing.assert_allclose(rows.tensor.numpy(), np.diag([0.0, first]), rtol=1e-12)
    np.testing.assert_allclose(fn.hvp(total, x, v).numpy(), [0.0, second], rtol=1e-12)
    np.testing.assert_allclose(fn.hessian(total, x).tensor.numpy(), np.diag([0.0, second]), rtol=1e-12)


def test_where_a_cotangent_is_zero_by_chance_the_second_derivative_is_whole() -> None:
    x = tl.tensor([2.0, 0.5])
    hessian = autograd.fn.hessian(lambda x: tl.sum((1.0 / x - tl.tensor([0.5, 2.0])) ** 2), x)
    np.testing.assert_allclose(hessian.tensor.numpy(), np.diag([2 / 2.0**4, 2 / 0.5**4]), rtol=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_infinite_where_something_flows_stays_infinite() -> None:
    assert autograd.fn.grad(lambda x: tl.sum(1.0 / x), tl.tensor([0.0])).numpy().tolist() == [-np.inf]
    assert np.isnan(autograd.fn.grad(lambda x: tl.sum(x / x), tl.tensor([0.0])).item())


@pytest.mark.parametrize("mode", [tl.eager, tl.compiled])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_by_the_other_factor_of_what_is_infinite_there_is_nan_as_elsewhere(mode: Callable[[], Any]) -> None:
    """As in JAX, PyTorch and HIPS autograd; the way out of the docs gives 0."""
    z, y = tl.tensor([0.0, 2.0]), tl.ones(2)
    with mode():
        found = autograd.fn.grad(lambda y: tl.sum(tl.where(z > 0.0, y * (1.0 / z), 0.0)), y)
        safe = autograd.fn.grad(lambda y: tl.sum(tl.where(z > 0.0, y / tl.where(z > 0.0, z, 1.0), 0.0)), y)
    np.testing.assert_array_equal(found.numpy(), [np.nan, 0.5])
    np.testing.assert_array_equal(safe.numpy(), [0.0, 0.5])


def test_of_large_tensors_too() -> None:
    """Where the product is written into a buffer that held other values."""
    x, v = tl.linspace(0.0, 4.0, 5000), tl.ones(5000)
    masked = tl.compile(lambda x: tl.where(x > 0.0, tl.exp(1.0 / x), 0.0))
    with np.errstate(all="ignore"):
        slope = np.exp(1 / x.numpy()) / -(x.numpy() ** 2)
    slope[0] = 0.0
    finite = np.isfinite(slope)
    for _ in range(2):
        with np.errstate(all="ignore"):
            found = autograd.fn.jvp(masked, x, v).numpy()
        np.testing.assert_allclose(found[finite], slope[finite], rtol=1e-12)
