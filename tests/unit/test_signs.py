"""What is said of signs holds for values of any size, and products are made symmetric where it allows that alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd
from torchlean_typed.engine.run import trace
from torchlean_typed.trace import leaf, tracing
from torchlean_typed.transform.signs import sign
from torchlean_typed.transform.simplify import simplify

CLAIMS: list[tuple[int, Callable[[Tensor], Tensor]]] = [
    (1, lambda x: x * x),
    (1, lambda x: tl.sigmoid(x) * (1.0 - tl.sigmoid(x)) * 0.002),
    (-1, lambda x: -0.5 * tl.sigmoid(x)),
    (-1, lambda x: -(tl.exp(x) + tl.abs(x))),
    (1, lambda x: (-tl.exp(x)) * (-tl.square(x))),
    (1, lambda x: tl.reshape(tl.relu(x) + tl.softplus(x), (-1, 1))),
    (1, lambda x: 1.0 - tl.softmax(x) * tl.sigmoid(x)),
    (1, lambda x: tl.where(x > 0.0, tl.exp(x), tl.sqrt(x))),
    (-1, lambda x: tl.sum(tl.reshape(-tl.square(x), (2, -1)), axis=0)),
    (0, lambda x: x),
    (0, lambda x: x**3),
    (0, lambda x: tl.sigmoid(x) - 0.5),
    (0, lambda x: 1.0 - tl.exp(x)),
    (0, lambda x: 0.5 - tl.sigmoid(x)),
    (0, lambda x: 1.0 - 2.0 * tl.sigmoid(x)),
    (0, lambda x: 2.0 - (1.0 - tl.sigmoid(x))),
    (0, lambda x: tl.exp(x) * tl.sin(x)),
    (0, lambda x: tl.where(x > 0.0, x, tl.exp(x))),
    (0, lambda x: tl.square(x) - tl.abs(x)),
]
VALUES = np.r_[np.linspace(-3, 3, 90), -800, 800, 1e-300, -1e-300, 0.0, -0.0, 30, -30, 17, -17]


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(("claim", "function"), CLAIMS)
def test_signs_hold_for_all_values(claim: int, function: Callable[[Tensor], Tensor]) -> None:
    with tracing():
        x = leaf((VALUES.size,), np.dtype(float))
        (simplified,) = simplify([function(x)])
    assert sign(simplified) == claim
    values = function(tl.from_numpy(VALUES)).numpy()
    assert claim == 0 or (claim * values >= 0).all()


RNG = np.random.default_rng(0)
SAMPLES = RNG.normal(size=(150, 70))
WEIGHTS = {
    "sigmoid'": (lambda z: tl.sigmoid(z) * (1.0 - tl.sigmoid(z)), True),
    "square": (lambda z: 3.0 * z**2, True),
    "exp, negative": (lambda z: -tl.exp(z), True),
    "of any sign": (tl.sin, False),
    "one below 0": (lambda z: tl.sigmoid(z) - 0.1, False),
}
FORMS: dict[str, Callable[[Any, Any], Any]] = {
    "columns": lambda x, d: x.T @ (x * d[:, None]),
    "left": lambda x, d: (x.T * d[None, :]) @ x,
    "negative": lambda x, d: x.T @ ((-d)[:, None] * x),
    "turned": lambda x, d: (x * d[:, None]).T @ x,
}


@pytest.mark.parametrize(("weight", "is_symmetric"), WEIGHTS.values(), ids=WEIGHTS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("is_input", [True, False])
def test_symmetric_products(
    form: Callable[[Any, Any], Any], weight: Callable[[Any], Any], is_symmetric: bool, is_input: bool
) -> None:
    """As a product in twice the precision, and by the half of it where no weight has another sign than the rest."""
    samples, z = tl.from_numpy(SAMPLES), tl.from_numpy(RNG.normal(size=150))

    def build(z: Tensor, x: Tensor = samples) -> list[Tensor]:
        return [form(x, weight(z))]

    inputs = [z, samples] if is_input else [z]
    program = trace(build, inputs)
    (found,) = program(inputs)
    weights, exact = weight(z).numpy().astype(np.longdouble), SAMPLES.astype(np.longdouble)
    expected = form(exact, weights)
    assert np.max(np.abs(found.numpy() - expected)) <= 1e-14 * np.max(np.abs(expected)) * 150
    assert ("sqrt" in program.graph()) == is_symmetric


def test_the_hessian_of_a_logistic_regression_is_symmetric_to_the_last_bit() -> None:
    data = tl.from_numpy(SAMPLES)
    loss = tl.compile(lambda w: tl.mean(tl.softplus(-(data @ w[:, None]))))
    w = tl.from_numpy(RNG.normal(size=70))
    hessian = autograd.fn.hessian(loss, w).tensor.numpy()
    assert np.array_equal(hessian, hessian.T)
    s = 1 / (1 + np.exp(-(SAMPLES @ w.numpy()).astype(np.longdouble)))
    expected = (SAMPLES.T * (s * (1 - s))) @ SAMPLES.astype(np.longdouble) / 150
    np.testing.assert_allclose(hessian, expected.astype(float), rtol=1e-12, atol=1e-15)
