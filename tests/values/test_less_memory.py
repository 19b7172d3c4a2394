"""Rows some at a time, and layers that are computed twice: the same values, in less memory."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import SAME, arrays_of, assert_close
from torchlean_typed import Seq, Tensor, autograd, loss, nn

m, f = autograd.model, autograd.fn
MODES = pytest.mark.parametrize("mode", [tl.eager, tl.compiled])
MODEL = nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 2)
PARAMS, X = MODEL.init(seed=1), tl.random.normal((5, 3), seed=2)
POINT = tl.linspace(-1.0, 1.0, 7)
STACKED = np.concatenate([np.eye(7), np.diag(2 * np.linspace(-1.0, 1.0, 7))])  # the Jacobian of x and its squares


def wavy(x: Tensor) -> Tensor:
    return tl.sin(x[1:] * x[:-1]) * tl.sum(x)


def energy(x: Tensor) -> Tensor:
    return tl.sum(wavy(tl.reshape(x, (7,))) ** 2)


@MODES
@pytest.mark.parametrize("chunk_size", [1, 2, 3, 7, 100])
def test_rows_some_at_a_time_are_the_rows(mode: Callable[[], Any], chunk_size: int) -> None:
    square = tl.reshape(POINT, (7, 1))
    with mode():
        for function in (wavy, tl.compile(wavy)):
            for rows in (f.jacrev, f.jacfwd):
                assert_close(rows(function, POINT, chunk_size), rows(function, POINT), SAME)
        for x in (POINT, square):
            single = f.jacfwd(lambda x: tl.astype(tl.stack([x, x**2]), np.float32), x, chunk_size)
            assert single[0].dtype == x.dtype
            assert single.tensor.shape == (2, *x.shape, *x.shape)
            np.testing.assert_allclose(single.tensor.numpy().reshape(14, 7), STACKED, rtol=1e-6)
            assert_close(f.hessian(energy, x, chunk_size=chunk_size), f.hessian(energy, x), SAME)
        found, wanted = m.jacrev_params(MODEL, PARAMS, X, chunk_size=chunk_size), m.jacrev_params(MODEL, PARAMS, X)
        assert_close(found, wanted, SAME)
        assert found.outer_shape == wanted.outer_shape


def test_a_hessian_that_is_not_symmetric_is_not_turned() -> None:
    def field(x: Tensor) -> Tensor:
        return tl.sum(x * tl.detach(x[::-1] ** 2))

    assert_close(f.hessian(field, POINT, chunk_size=3), f.hessian(field, POINT), SAME)


def test_chunks_within_a_derivative() -> None:
    def outer(x: Tensor, chunk_size: int | None) -> Tensor:
        rows = tl.sum(f.jacrev(wavy, x, chunk_size).tensor ** 2) + tl.sum(f.jacfwd(wavy, x, chunk_size).tensor ** 3)
        return rows + tl.sum(f.hessian(energy, x, chunk_size).tensor)

    for mode in (tl.eager, tl.compiled):
        with mode():
            assert_close(f.grad(lambda x: outer(x, 4), POINT), f.grad(lambda x: outer(x, None), POINT), 1e-11)


@pytest.mark.parametrize("rows", [f.jacrev, f.jacfwd])
@pytest.mark.parametrize("size", [0, -1, 1.5, True, "2"])
def test_a_chunk_has_a_row_at_least(rows: Callable[..., Any], size: Any) -> None:
    with pytest.raises(tl.ShapeError, match=rf"{rows.__name__}: .*chunk_size\W* must be an int"):
        rows(wavy, POINT, chunk_size=size)


def test_rows_of_nothing() -> None:
    for rows in (f.jacrev, f.jacfwd):
        assert rows(lambda x: tl.concat([x, x])[:0], POINT, chunk_size=2).tensor.shape == (0, 7)
        assert rows(lambda x: tl.concat([x, tl.ones(3)]), tl.zeros(0), chunk_size=2).tensor.shape == (3, 0)


def peak(compute: Callable[[], Any]) -> int:
    tl.clear_cache()
    gc.collect()
    tracemalloc.start()
    try:
        compute()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_chunks_take_less_memory() -> None:
    mixing = tl.from_numpy(np.random.default_rng(0).normal(size=(200, 200)))
    mixed = tl.compile(lambda x: tl.tanh(mixing @ tl.tanh(mixing @ tl.tanh(mixing @ x))))
    x = tl.ones(200)
    summed = tl.compile(lambda x: tl.sum(mixed(x) ** 2))
    for rows, function in ((f.jacrev, mixed), (f.jacfwd, mixed), (f.hessian, summed)):
        whole = peak(lambda: rows(function, x))  # noqa: B023
        assert peak(lambda: rows(function, x, chunk_size=10)) < 0.6 * whole  # noqa: B023


def both() -> tuple[Seq, Seq]:
    parts = [
        nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 4),
        nn.relu() >> nn.linear(4, 4),
        nn.residual(nn.linear(4, 4)),
    ]
    return nn.Seq(*parts), nn.Seq(*map(autograd.checkpoint, parts))


@MODES
def test_a_checkpoint_changes_no_value(mode: Callable[[], Any]) -> None:
    plain, checkpointed = both()
    params, y = plain.init(seed=3), tl.zeros((5, 4))
    again = checkpointed.init(seed=3)
    assert again.shapes == params.shapes
    again = tl.TensorPack.named(dict(zip(checkpointed.param_names, params, strict=True)))
    seed = tl.random.normal((5, 4), seed=4)
    with mode():
        results = [
            [
                model(p, X),
                *arrays_of(m.value_and_grads(model, loss.mse(), p, X, y)),
                m.jvp_params(model, loss.mse(), p, X, y, p),
                m.hvp_params(model, loss.mse(), p, X, y, p).flatten(),
                m.jacrev_params(model, p, X).stacked.flatten(),
                m.vjp_input(model, p, X, seed),
                f.hessian(lambda x, model=model, p=p: tl.sum(model(p, x) ** 3), X).tensor,  # type: ignore[misc]
                f.jacfwd(lambda x, model=model, p=p: model(p, x), X).tensor,  # type: ignore[misc]
            ]
            for model, p in ((plain, params), (checkpointed, again))
        ]
    for found, wanted in zip(*results, strict=True):
        np.testing.assert_allclose(np.asarray(found), np.asarray(wanted), rtol=1e-11, atol=1e-12)


def test_a_checkpoint_is_a_layer_like_others() -> None:
    block = autograd.checkpoint(nn.linear(3, 3) >> nn.tanh())
    assert repr(block) == 'Seq["*b 3", "*b 3", "3 3, 3"]'
    params = block.init(seed=0)
    assert_close(pickle.loads(pickle.dumps(block))(params, X), block(params, X), 0.0)
    with pytest.raises(tl.ShapeError, match="Seq: x has shape"):
        block(params, tl.ones((2, 4)))


@MODES
def test_the_results_within_a_checkpoint_are_not_kept(mode: Callable[[], Any]) -> None:
    block = nn.linear(64, 64) >> nn.tanh() >> nn.linear(64, 64) >> nn.gelu()
    x, y = tl.ones((2048, 64)), tl.zeros((2048, 64))

    def needed(wrap: Callable[[Seq], Seq]) -> int:
        model = nn.Seq(*[wrap(block) for _ in range(8)])
        params = model.init(seed=0)
        with mode():
            return peak(lambda: m.value_and_grad_params(model, loss.mse(), params, x, y))

    needed(lambda part: part)  # what Python itself keeps is there from now on
    assert needed(autograd.checkpoint) < 0.6 * needed(lambda part: part)


def test_an_eager_gradient_that_is_differentiated_no_further_is_not_recorded() -> None:
    """A chain of n steps has n results; were the way back recorded too, there would be at least two more for each."""
    x, steps = tl.ones(100_000), 10

    def chain(x: Tensor) -> Tensor:
        for _ in range(steps):
            x = tl.sin(x)
        return tl.sum(x)

    assert peak(lambda: f.grad(chain, x)) < 1.6 * steps * x.size * 8
