"""autograd.model: vector-Jacobian products, Jacobian rows, Jacobian- and Hessian-vector products of models."""

from __future__ import annotations

from typing import Any

import autograd as hips
import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import FLOAT32, SAME, Array, arrays_of, assert_close, differences
from tests.values.models import (
    BATCHES,
    CROSS_ENTROPY,
    LINEAR,
    LOSSES,
    MODELS,
    MSE,
    NORM_RESIDUAL,
    OWN_LAYER,
    TANH,
    Loss,
    Model,
    input_for,
    like_output,
    pack_for,
    weights_for,
)
from torchlean_typed import autograd

COMBINATIONS = [(model, which) for model in MODELS for which in (MSE, CROSS_ENTROPY)]
COMBINATIONS += [(model, which) for model in (LINEAR, TANH, NORM_RESIDUAL) for which in LOSSES[2:]]
m = autograd.model


def jacobians(example: Model, weights: list[Array], x: Array) -> tuple[list[Array], Array]:
    """Of the output with respect to each parameter and to the input, by HIPS autograd, output axes first."""

    def output(index: int) -> Any:
        return lambda w: example.reference([*weights[:index], w, *weights[index + 1 :]], x)

    by_weights = [hips.jacobian(output(index))(w) for index, w in enumerate(weights)]
    return by_weights, hips.jacobian(lambda x: example.reference(weights, x))(x)


def pulled(jacobian: Array, seed: Array) -> Array:
    return np.tensordot(seed, jacobian, axes=seed.ndim)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("example", MODELS, ids=str)
def test_vjps_and_jacobian_rows(example: Model, batch: tuple[int, ...]) -> None:
    weights, x, seed = weights_for(example), input_for(example, batch), like_output(example, batch)
    params, xt, seed_out = pack_for(example, weights), tl.from_numpy(x), tl.from_numpy(seed)
    by_weights, by_x = jacobians(example, weights, x)
    results = []
    for mode in (tl.compiled, tl.eager):
        with mode():
            rows = m.jacrev_params(example.model, params, xt)
            products = (
                m.vjp_params(example.model, params, xt, seed_out),
                m.vjp_inputs(example.model, params, xt, seed_out),
                m.vjp_input(example.model, params, xt, seed_out),
            )
        assert_close(products[0], [pulled(j, seed) for j in by_weights], 1e-9)
        assert_close(products[1], [pulled(by_x, seed)], 1e-9)
        assert_close(products[2], pulled(by_x, seed), 1e-9)
        assert_close(rows, [j.reshape(seed.size, *w.shape) for j, w in zip(by_weights, weights, strict=True)], 1e-9)
        assert products[0].names == rows.stacked.names == params.names
        assert products[1].names == ("x",)
        results.append([*products, rows])
    for compiled, eager in zip(*results, strict=True):
        assert_close(eager, compiled, SAME)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("example", MODELS, ids=str)
def test_vjps_are_finite_differences(example: Model, batch: tuple[int, ...]) -> None:
    weights, x, seed = weights_for(example), input_for(example, batch), like_output(example, batch)
    params, xt, seed_out = pack_for(example, weights), tl.from_numpy(x), tl.from_numpy(seed)

    def value(weights: list[Array], x: Array) -> Any:
        return np.sum(seed * example.model(pack_for(example, weights), tl.from_numpy(x)).numpy())

    for index, gradient in enumerate(m.vjp_params(example.model, params, xt, seed_out)):
        before, after = weights[:index], weights[index + 1 :]
        assert_close(gradient, differences(lambda w, b=before, a=after: value([*b, w, *a], x), weights[index]))
    assert_close(m.vjp_input(example.model, params, xt, seed_out), differences(lambda x: value(weights, x), x))


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("example", [LINEAR, NORM_RESIDUAL, OWN_LAYER], ids=str)
def test_a_row_is_the_vjp_with_the_unit_seed_of_its_coordinate_in_row_major_order(
    example: Model, batch: tuple[int, ...]
) -> None:
    params, x = pack_for(example, weights_for(example)), tl.from_numpy(input_for(example, batch))
    rows = m.jacrev_params(example.model, params, x)
    shape = (*batch, *example.output)
    assert len(rows) == np.prod(shape)
    for number, (row, index) in enumerate(zip(rows, np.ndindex(shape), strict=True)):
        unit = np.zeros(shape)
        unit[index] = 1.0
        assert_close(row, m.vjp_params(example.model, params, x, tl.from_numpy(unit)), SAME)
        assert (row.shapes, row.names) == (params.shapes, params.names)
        assert_close(rows[number], row, 0.0)
        assert_close(rows[number - len(rows)], row, 0.0)


def hessian_product(example: Model, which: Loss, weights: list[Array], x: Array, y: Array, v: list[Array]) -> Any:
    """The derivative of the gradient along ``v``, by HIPS autograd."""
    if not weights:
        return []
    gradient = hips.grad(lambda weights: which.reference(example.reference(weights, x), y))

    def along(weights: list[Any]) -> Any:
        return sum(hips.numpy.sum(g * t) for g, t in zip(gradient(weights), v, strict=True))

    return hips.grad(along)(weights)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize(("example", "which"), COMBINATIONS, ids=str)
def test_directional_derivatives_and_hessian_vector_products(
    example: Model, which: Loss, batch: tuple[int, ...]
) -> None:
    weights, x, y = weights_for(example), input_for(example, batch), like_output(example, batch)
    v = weights_for(example, seed=7)
    params, vparams = pack_for(example, weights), pack_for(example, v)
    arguments = (tl.from_numpy(x), tl.from_numpy(y))
    gradient = m.grad_params(example.model, which.loss, params, *arguments)
    slope = m.jvp_params(example.model, which.loss, params, *arguments, vparams)
    curved = m.hvp_params(example.model, which.loss, params, *arguments, vparams)
    with tl.eager():
        assert_close(m.jvp_params(example.model, which.loss, params, *arguments, vparams), slope, SAME)
        assert_close(m.hvp_params(example.model, which.loss, params, *arguments, vparams), curved, SAME)

    assert_close(slope, gradient.dot(vparams), 1e-9)
    assert curved.names == params.names
    if which.detached:
        assert slope == 0.0
        assert_close(curved, params.zeros_like(), 0.0)
        return
    assert_close(curved, hessian_product(example, which, weights, x, y, v), 1e-9)
    step = 1e-5
    there, back = params + step * vparams, params - step * vparams
    up, down = (m.value_and_grad_params_scalar(example.model, which.loss, p, *arguments) for p in (there, back))
    assert_close(slope, (up[0] - down[0]) / (2 * step))
    scale = max([1.0, *(float(np.max(np.abs(a))) for a in arrays_of(curved))])
    for got, difference in zip(arrays_of(curved), arrays_of((up[1] - down[1]) / (2 * step)), strict=True):
        np.testing.assert_allclose(got, difference, rtol=0, atol=1e-6 * scale)


@pytest.mark.parametrize("example", MODELS, ids=str)
def test_products_in_float32(example: Model) -> None:
    weights, x, seed = weights_for(example), input_for(example, (4,)), like_output(example, (4,))
    v = weights_for(example, seed=7)

    def results(dtype: Any) -> list[Any]:
        params, vparams = (pack_for(example, [a.astype(dtype) for a in values]) for values in (weights, v))
        xt, yt = tl.from_numpy(x.astype(dtype)), tl.from_numpy(seed.astype(dtype))
        return [
            m.vjp_params(example.model, params, xt, yt),
            m.vjp_input(example.model, params, xt, yt),
            m.jacrev_params(example.model, params, xt),
            m.hvp_params(example.model, CROSS_ENTROPY.loss, params, xt, yt, vparams),
            m.jvp_params(example.model, CROSS_ENTROPY.loss, params, xt, yt, vparams),
        ]

    single = results(np.float32)
    for got, expected in zip(single, results(np.float64), strict=True):
        assert_close(got, expected, FLOAT32)
    assert {array.dtype.name for array in arrays_of(single[:-1])} == {"float32"}


def test_linear_params() -> None:
    w, b = tl.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), tl.tensor([7.0, 8.0])
    params = m.linear_params(w, b)
    model = tl.nn.linear(3, 2)
    assert params.names == model.param_names == ("0.weight", "0.bias")
    assert_close(model(params, tl.tensor([1.0, 0.0, -1.0])), np.array([5.0, 6.0]))
