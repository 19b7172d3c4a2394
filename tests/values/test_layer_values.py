"""The layers of images, of sequences and of models: values and gradients, eager and compiled, against HIPS autograd."""

from __future__ import annotations

from typing import Any

import autograd as hips
import autograd.numpy as anp
import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import FLOAT32, SAME, Array, arrays_of, assert_close, differences
from tests.values.layer_models import BLOCK, CONV, LAYER_MODELS, block
from tests.values.models import BATCHES, CROSS_ENTROPY, MSE, Model, dense, input_for, like_output, pack_for, weights_for
from torchlean_typed import autograd, loss, nn


def given(example: Model, batch: tuple[int, ...]) -> tuple[list[Array], Array, Array]:
    return weights_for(example), input_for(example, batch), like_output(example, batch)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("example", LAYER_MODELS, ids=str)
def test_values_and_gradients_are_those_of_hips_autograd(example: Model, batch: tuple[int, ...]) -> None:
    weights, x, y = given(example, batch)
    arguments = pack_for(example, weights), tl.from_numpy(x), tl.from_numpy(y)
    output = example.reference(weights, x)
    value = lambda weights, x: MSE.reference(example.reference(weights, x), y)  # noqa: E731
    expected = [value(weights, x), hips.grad(value)(weights, x), hips.grad(value, 1)(weights, x)]
    results = []
    for mode in (tl.compiled, tl.eager):
        with mode():
            assert_close(example.model(*arguments[:2]), output, 1e-11)
            out = autograd.model.value_and_grads(example.model, loss.mse(), *arguments)
        assert_close([out.value, out.dparams, out.dx], expected, 1e-9)
        results.append(out)
    assert_close(results[1], results[0], SAME)


@pytest.mark.parametrize("example", LAYER_MODELS, ids=str)
def test_gradients_are_finite_differences(example: Model) -> None:
    weights, x, y = given(example, (2,))
    target = tl.from_numpy(y)
    out = autograd.model.value_and_grads(
        example.model, CROSS_ENTROPY.loss, pack_for(example, weights), tl.from_numpy(x), target
    )

    def value(weights: list[Array], x: Array) -> float:
        return float(CROSS_ENTROPY.loss(example.model(pack_for(example, weights), tl.from_numpy(x)), target))

    for index, gradient in enumerate(out.dparams):
        before, after = weights[:index], weights[index + 1 :]
        assert_close(gradient, differences(lambda w, b=before, a=after: value([*b, w, *a], x), weights[index]))
    assert_close(out.dx, differences(lambda x: value(weights, x), x))


@pytest.mark.parametrize("example", LAYER_MODELS, ids=str)
def test_second_derivatives_are_differences_of_the_gradient(example: Model) -> None:
    weights, x, y = given(example, (2,))
    direction = weights_for(example, seed=7)
    rest = tl.from_numpy(x), tl.from_numpy(y)
    m = autograd.model
    product = m.hvp_params(example.model, loss.mse(), pack_for(example, weights), *rest, pack_for(example, direction))
    step = 1e-5
    sides = []
    for sign in (1, -1):
        moved = [w + sign * step * v for w, v in zip(weights, direction, strict=True)]
        sides.append(arrays_of(m.grad_params(example.model, loss.mse(), pack_for(example, moved), *rest)))
    expected = [(after - before) / (2 * step) for after, before in zip(*sides, strict=True)]
    assert_close(product, expected, 1e-5)


@pytest.mark.parametrize("example", [CONV, BLOCK], ids=str)
def test_float32_stays_float32(example: Model) -> None:
    weights, x, y = given(example, (4,))
    small = pack_for(example, weights_for(example, dtype=np.float32))
    arguments = small, tl.from_numpy(x.astype(np.float32)), tl.from_numpy(y.astype(np.float32))
    output = example.model(*arguments[:2])
    assert output.dtype.name == "float32"
    assert_close(output, example.reference(weights, x), FLOAT32)
    gradients = arrays_of(autograd.model.grad_params(example.model, loss.mse(), *arguments))
    assert {array.dtype.name for array in gradients} == {"float32"}


TOKENS = np.array([[2, 0, 4], [1, 2, 2]])


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_a_language_model_of_an_embedding(dtype: Any) -> None:
    model = nn.embedding(5, 4) >> nn.transformer_block(4, heads=2, hidden=6, causal=True) >> nn.linear(4, 5)
    example = Model("language", model, lambda p, x: dense(p[17], p[18], block(p[1:], p[0][x], 2, True)), output=(3, 5))
    weights, y = weights_for(example), like_output(example, (2,))
    pack, x, target = pack_for(example, weights), tl.from_numpy(TOKENS.astype(dtype)), tl.from_numpy(y)

    def value(weights: list[Any]) -> Any:
        output = example.reference(weights, TOKENS)
        return anp.mean((output - y) ** 2)

    for mode in (tl.compiled, tl.eager):
        with mode():
            assert_close(model(pack, x), example.reference(weights, TOKENS), 1e-11)
            got = autograd.model.value_and_grad_params(model, loss.mse(), pack, x, target)
        assert_close(list(got), [value(weights), hips.grad(value)(weights)], 1e-9)


def test_what_comes_later_does_not_change_what_a_causal_block_gives() -> None:
    model = nn.transformer_block(4, heads=2, hidden=6, causal=True)
    params = model.init(seed=0)
    x = np.random.default_rng(0).normal(size=(5, 4))
    other = np.concatenate([x[:3], x[3:] + 1.0])
    whole, changed = (model(params, tl.from_numpy(array)).numpy() for array in (x, other))
    np.testing.assert_allclose(whole[:3], changed[:3], rtol=1e-12)
    assert not np.allclose(whole[3:], changed[3:])


def test_dropout_passes_the_gradient_where_it_passes_the_value() -> None:
    model = nn.dropout(0.25, seed=3)
    x = np.random.default_rng(0).normal(size=(200, 50))
    results = []
    for mode in (tl.compiled, tl.eager):
        with mode():
            y = model(model.init(seed=0), tl.from_numpy(x))
            gradient = autograd.model.vjp_input(model, model.init(seed=0), tl.from_numpy(x), tl.ones((200, 50)))
        kept = y.numpy() != 0
        np.testing.assert_allclose(y.numpy(), np.where(kept, x / 0.75, 0.0), rtol=1e-12)
        assert_close(gradient, np.where(kept, 1 / 0.75, 0.0))
        assert abs(kept.mean() - 0.75) < 0.02
        results.append(y)
    assert_close(results[0], results[1], SAME)
