"""Batch normalisation as a layer: inference, training and the running statistics are pure functions."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import ShapeError, autograd, loss, nn

MODEL = nn.Seq(nn.linear(3, 4), nn.residual(nn.batch_norm(4) >> nn.gelu()), nn.linear(4, 2), nn.batch_norm(2))
X, Y = tl.random.normal((6, 3), seed=0), tl.random.normal((6, 2), seed=1)
STATE = ("1.0.mean", "1.0.variance", "3.mean", "3.variance")


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def test_the_parameters_and_how_they_start() -> None:
    assert repr(nn.batch_norm(3)) == 'Seq["*b 3", "*b 3", "3, 3, 3, 3"]'
    assert repr(nn.batch_norm(3, axis=-3)) == 'Seq["*b 3 n0 n1", "*b 3 n0 n1", "3, 3, 3, 3"]'
    params = nn.batch_norm(3).init(seed=0)
    assert params.names == ("0.weight", "0.bias", "0.mean", "0.variance")
    assert [entry.numpy().tolist() for entry in params] == [[1.0] * 3, [0.0] * 3, [0.0] * 3, [1.0] * 3]


def test_inference_is_by_the_running_statistics() -> None:
    model = nn.batch_norm(2, axis=-3, eps=0.1)
    weight, bias, mean, variance = (np.random.default_rng(0).uniform(0.5, 2, 2) for _ in range(4))
    params = tl.TensorPack.of(*map(tl.from_numpy, (weight, bias, mean, variance)))
    for shape in ((2, 4, 5), (3, 2, 4, 5), (3, 1, 2, 4, 5)):
        x = np.random.default_rng(1).normal(size=shape)
        across = [part[:, None, None] for part in (weight, bias, mean, variance)]
        expected = (x - across[2]) / np.sqrt(across[3] + 0.1) * across[0] + across[1]
        np.testing.assert_allclose(model(params, tl.from_numpy(x)).numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("mode", [tl.eager, tl.compiled])
def test_training_is_by_the_statistics_of_the_batch(mode: Callable[[], Any]) -> None:
    model, params = nn.batch_norm(3), nn.batch_norm(3).init(seed=0)
    with mode():
        found = nn.training(model)(params, X).numpy()
        moved = nn.update_statistics(model, params, X)
    x = X.numpy()
    np.testing.assert_allclose(found, (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5), rtol=1e-12)
    np.testing.assert_allclose(moved["0.mean"].numpy(), 0.1 * x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(moved["0.variance"].numpy(), 0.9 + 0.1 * x.var(0, ddof=1), rtol=1e-12)
    assert moved.names == params.names
    assert [moved[i].numpy().tolist() for i in (0, 1)] == [[1.0] * 3, [0.0] * 3]


def test_statistics_of_layers_within_layers_are_renewed_where_they_stand() -> None:
    params = MODEL.init(seed=0)
    moved = nn.update_statistics(MODEL, params, X)
    changed = [name for name in params.names if not np.array_equal(params[name].numpy(), moved[name].numpy())]
    assert tuple(changed) == STATE
    hidden = nn.linear(3, 4)(tl.TensorPack.of(params[0], params[1]), X).numpy()
    np.testing.assert_allclose(moved["1.0.mean"].numpy(), 0.1 * hidden.mean(0), rtol=1e-12)


def test_after_many_batches_the_running_statistics_are_those_of_the_batch() -> None:
    model = nn.batch_norm(3, eps=0.0)
    params = model.init(seed=0)
    for _ in range(400):
        params = nn.update_statistics(model, params, X)
    x = X.numpy()
    np.testing.assert_allclose(model(params, X).numpy(), (x - x.mean(0)) / x.std(0, ddof=1), rtol=1e-10)


@pytest.mark.parametrize("model", [MODEL, nn.training(MODEL)], ids=["inference", "training"])
def test_gradients_are_the_differences_and_0_for_the_statistics(model: nn.Seq) -> None:
    params = nn.update_statistics(MODEL, MODEL.init(seed=0), X)
    gradient = autograd.model.grad_params(model, loss.mse(), params, X, Y)
    for index, name in enumerate(params.names):
        if name in STATE:
            assert not gradient[name].numpy().any()
            continue
        direction = tl.TensorPack.of(
            *(tl.ones(p.shape) if i == index else tl.zeros(p.shape) for i, p in enumerate(params))
        )
        after, before = (loss.mse()(model(params + h * direction, X), Y).item() for h in (1e-6, -1e-6))
        np.testing.assert_allclose(tl.sum(gradient[name]).item(), (after - before) / 2e-6, rtol=1e-6, atol=1e-8)
    stepped = params - 0.1 * gradient
    assert all(np.array_equal(stepped[name].numpy(), params[name].numpy()) for name in STATE)


def test_training_of_a_model_is_one_model() -> None:
    assert nn.training(MODEL) is nn.training(MODEL)
    assert repr(nn.training(MODEL)) == repr(MODEL)
    assert nn.training(MODEL).param_names == MODEL.param_names
    first, second = (nn.training(MODEL).init(seed=3), MODEL.init(seed=3))
    assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(first, second, strict=True))
    chained = nn.training(nn.linear(3, 3) >> nn.batch_norm(3)) >> nn.relu()
    again = pickle.loads(pickle.dumps(chained))
    params = chained.init(seed=0)
    np.testing.assert_array_equal(again(params, X).numpy(), chained(params, X).numpy())
    assert abs(nn.training(chained)(params, X).numpy() - chained(params, X).numpy()).max() == 0


def test_what_is_refused() -> None:
    norm: Any = nn.batch_norm
    assert refused(lambda: norm(0)) == "batch_norm: features must be at least 1, got 0"
    assert refused(lambda: norm(3, axis=1)).startswith("batch_norm: axis must be negative, counted from the end, got 1")
    assert refused(lambda: norm(3, eps=-1.0)) == "batch_norm: eps must not be negative, got -1.0"
    assert refused(lambda: norm(3, momentum=1.5)) == "batch_norm: momentum must be at most 1, got 1.5"
    assert refused(lambda: nn.update_statistics(MODEL, MODEL.init(seed=0), Y)) == (
        "update_statistics: x has shape [6, 2], the model takes [*b, 3]"
    )
    assert refused(lambda: nn.training(3)).startswith("training: ")  # type: ignore[type-var]
