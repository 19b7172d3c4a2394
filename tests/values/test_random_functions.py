"""Functions put together at random: the same derivatives eager and compiled, by forward and by reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import torchlean_typed as tl
from tests.values.close import SAME, arrays_of, assert_close
from torchlean_typed import Tensor, autograd

f = autograd.fn
Step = tuple[str, int, int]

ROWS, COLUMNS = 3, 2
UNARY: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": tl.tanh,
    "sin": tl.sin,
    "sigmoid": tl.sigmoid,
    "softplus": tl.softplus,
    "gelu": tl.gelu,
    "square": tl.square,
    "exp": lambda x: tl.exp(0.1 * tl.tanh(x)),
    "log": lambda x: tl.log(1.0 + tl.square(x)),
    "root": lambda x: tl.sqrt(1.0 + tl.square(x)),
    "negative": tl.negative,
    "twice": lambda x: x + x,
    "softmax": lambda x: tl.softmax(x, axis=0),
    "log_softmax": tl.log_softmax,
    "flip": lambda x: x[::-1],
    "turned": lambda x: tl.reshape(x.T, x.shape),
    "centred": lambda x: x - tl.mean(x, axis=1, keepdims=True),
    "scaled": lambda x: x * tl.sum(x, axis=0)[None, :],
    "spread": lambda x: tl.broadcast_to(tl.logsumexp(x, axis=0, keepdims=True), x.shape),
    "joined": lambda x: tl.concat([x[1:], x[:1] * 2.0]),
    "stacked": lambda x: tl.stack([x[:, 1], x[:, 0]], axis=1),
    "product": lambda x: x @ (x.T @ x) * 0.1,
    "norm": lambda x: tl.layer_norm(x, tl.ones(COLUMNS), tl.zeros(COLUMNS), 0.5),
    "slope": lambda x: f.grad(lambda y: tl.sum(tl.sin(y) * y), x),
    "held": lambda x: x * tl.detach(x),
    "again": lambda x: x,
}
BINARY: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": tl.add,
    "subtract": tl.subtract,
    "multiply": tl.multiply,
    "divide": lambda x, y: x / (2.0 + tl.square(y)),
    "gram": lambda x, y: (x @ y.T) @ x * 0.1,
}
STEPS = st.lists(
    st.tuples(st.sampled_from([*UNARY, *BINARY]), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=8
)


def function(steps: list[Step]) -> Callable[[Tensor], Tensor]:
    """Each step takes what some earlier ones gave; the last is bounded."""

    def run(x: Tensor) -> Tensor:
        values = [x]
        for name, i, j in steps:
            left, right = values[-1 - i % len(values)], values[j % len(values)]
            values.append(tl.tanh(UNARY[name](left) if name in UNARY else BINARY[name](left, right)))
        return values[-1] * values[len(values) // 2]

    return run


def derivatives(g: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> list[Any]:
    def total(x: Tensor) -> Tensor:
        return tl.sum(g(x) * v)

    return [
        f.value_and_grad(total, x),
        f.vjp(g, x, v),
        f.jvp(g, x, v),
        f.jacrev(g, x),
        f.jacfwd(g, x),
        f.hvp(total, x, v),
        f.hessian(total, x),
        f.grad(lambda x: tl.sum(f.grad(total, x) * v), x),
    ]


@settings(max_examples=25)
@given(steps=STEPS, seed=st.integers(0, 1000))
def test_all_ways_to_a_derivative_lead_to_the_same(steps: list[Step], seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, v = (tl.from_numpy(rng.uniform(-1, 1, (ROWS, COLUMNS))) for _ in range(2))
    g = function(steps)
    with tl.eager():
        eager = derivatives(g, x, v)
    with tl.compiled():
        compiled = derivatives(g, x, v)
    kept = [array.copy() for array in arrays_of(compiled)]
    with tl.compiled():
        derivatives(g, v, x)
    assert_close(compiled, eager, 1e-10)
    assert_close(compiled, kept, 0.0)
    (_, gradient), pulled, pushed, reverse, forward, product, hessian, again = eager
    assert_close(forward, reverse, SAME * 100)
    jacobian, matrix = reverse.tensor.numpy().reshape(6, 6), hessian.tensor.numpy().reshape(6, 6)
    direction = v.numpy().ravel()
    scale = 1e-10
    assert_close(pulled, gradient, scale)
    np.testing.assert_allclose(pulled.numpy().ravel(), direction @ jacobian, atol=scale)
    np.testing.assert_allclose(pushed.numpy().ravel(), jacobian @ direction, atol=scale)
    np.testing.assert_allclose(product.numpy().ravel(), matrix @ direction, atol=scale)
    assert_close(again.numpy().ravel(), direction @ matrix, 1e-8)
    if "held" not in [name for name, _, _ in steps]:  # a detached factor makes a field that is no gradient
        assert_close(matrix, matrix.T, 1e-9)
    step = 1e-5
    difference = (g(x + step * v) - g(x - step * v)).numpy() / (2 * step)
    if "held" not in [name for name, _, _ in steps]:
        np.testing.assert_allclose(pushed.numpy(), difference, atol=1e-6)
