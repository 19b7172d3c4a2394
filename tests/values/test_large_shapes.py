"""Programs are written differently for large tensors: pooled results, stretched operands, long sums. Same values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import arrays_of, assert_close
from torchlean_typed import Seq, Tensor, autograd, loss, nn
from torchlean_typed.engine import emit, lower, plan

m, f = autograd.model, autograd.fn
BATCH, WIDTH = 300, 260
MODELS: dict[str, Callable[[], Seq]] = {
    "relu": lambda: nn.linear(20, WIDTH) >> nn.relu() >> nn.linear(WIDTH, 7),
    "gelu": lambda: nn.linear(20, WIDTH) >> nn.gelu() >> nn.linear(WIDTH, 7),
    "sigmoid": lambda: nn.linear(20, WIDTH) >> nn.sigmoid() >> nn.linear(WIDTH, 7),
    "norm": lambda: nn.linear(20, WIDTH) >> nn.layer_norm(WIDTH) >> nn.tanh() >> nn.linear(WIDTH, 7),
    "softmax": lambda: (
        nn.linear(20, WIDTH) >> nn.softmax() >> nn.residual(nn.linear(WIDTH, WIDTH)) >> nn.linear(WIDTH, 7)
    ),
}
FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sums": lambda x: tl.sum(tl.sum(x * x, axis=0) * tl.sum(tl.sin(x), axis=0)) + tl.sum(tl.sum(x, axis=1) ** 2),
    "stretches": lambda x: tl.sum(x * x[:1] + tl.broadcast_to(x[:, :1] ** 2, x.shape) / (2.0 + x**2)),
    "comparisons": lambda x: tl.sum(tl.where(x > 0, tl.relu(x) ** 2, tl.abs(x)) * tl.maximum(x, x[:1])),
    "extremes": lambda x: tl.sum(tl.max(x, axis=1) * tl.min(x, axis=1)) + tl.sum(tl.logsumexp(x, axis=0)),
    "log-softmax": lambda x: tl.sum(tl.log_softmax(x, axis=0) * tl.softmax(x)),
    "pieces": lambda x: tl.sum(x[1:, ::2] * x[:-1, ::2]) + tl.sum(tl.tril(x) * x.reshape(x.shape[::-1]).T),
}


def both(compute: Callable[[], Any]) -> tuple[Any, Any]:
    with tl.compiled():
        compute()  # so that the arrays that come back into use held other results
        compiled = compute()
    with tl.eager():
        return compiled, compute()


def test_the_shapes_are_beyond_the_limits() -> None:
    assert BATCH * WIDTH > lower._STRETCHED_SIZE
    assert BATCH * WIDTH * 8 > plan.POOLED_BYTES


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str) -> None:
    model = MODELS[name]()
    params, x = model.init(seed=0), tl.random.normal((BATCH, 20), seed=1)
    y = tl.softmax(tl.random.normal((BATCH, 7), seed=2))
    for criterion in (loss.mse(), loss.cross_entropy_one_hot()):
        compiled, eager = both(
            lambda criterion=criterion: [  # type: ignore[misc]
                m.value_and_grads(model, criterion, params, x, y),
                m.hvp_params(model, criterion, params, x, y, params),
            ]
        )
        assert_close(compiled, eager, 1e-11)
    compiled, eager = both(lambda: m.jacrev_params(model, params, x[:3]))
    assert_close(compiled, eager, 1e-11)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", [(BATCH, WIDTH), (3, 5)])
def test_functions(name: str, shape: tuple[int, int]) -> None:
    function = FUNCTIONS[name]
    x, v = tl.random.normal(shape, seed=3), tl.random.normal(shape, seed=4)
    compiled, eager = both(lambda: [*f.value_and_grad(function, x), f.hvp(function, x, v)])
    assert_close(compiled, eager, 1e-11)
    step = 1e-5
    difference = (function(x + step * v) - function(x - step * v)).item() / (2 * step)
    slope = float(np.vdot(arrays_of(eager)[1], v.numpy()))
    assert abs(slope - difference) <= 1e-6 * max(1.0, abs(slope))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_outer_product_beyond_what_caches_hold(dtype: type) -> None:
    x, y = (tl.random.normal((size,), seed=size).astype(dtype) for size in (1900, 1300))
    assert x.size * y.size * 4 > emit._OUTER_BYTES
    outer = tl.compile(lambda x: x[:, None] @ y[None, :])
    assert "einsum" in tl.program(outer, x).source()
    np.testing.assert_array_equal(outer(x).numpy(), np.multiply.outer(x.numpy(), y.numpy()))
    gradient = f.grad(tl.compile(lambda x: tl.sum(outer(x) * outer(x))), x)
    np.testing.assert_allclose(gradient.numpy(), 2 * x.numpy() * np.sum(y.numpy() ** 2, dtype="d"), rtol=1e-4)
