"""The corners: constant functions, the identity, models without parameters, empty batches, scalars, huge values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import SAME, assert_close
from torchlean_typed import Rows, Tensor, TensorPack, autograd, loss, nn

f, m = autograd.fn, autograd.model
SHAPES: list[tuple[int, ...]] = [(), (3,), (2, 3), (0,), (0, 3), (1, 0, 2)]


@pytest.fixture(params=[tl.eager, tl.compiled], ids=["eager", "compiled"], autouse=True)
def mode(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test in both modes."""
    switch: Callable[[], AbstractContextManager[None]] = request.param
    with switch():
        yield


def some(shape: tuple[int, ...]) -> Tensor:
    return tl.from_numpy(np.asarray(np.random.default_rng(0).normal(size=shape)))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_function_that_ignores_its_input_has_derivative_zero(shape: tuple[int, ...]) -> None:
    x = some(shape)
    zeros = np.zeros(shape)
    constant, vector = tl.tensor(3.0), tl.tensor([1.0, 2.0])
    assert_close(f.grad(lambda x: constant, x), zeros, 0.0)
    assert_close(f.value_and_grad(lambda x: constant, x), [3.0, zeros], 0.0)
    assert_close(f.value_and_grad_scalar(lambda x: constant, x), [3.0, zeros], 0.0)
    assert_close(f.vjp(lambda x: vector, x, vector), zeros, 0.0)
    assert_close(f.jvp(lambda x: vector, x, x), np.zeros(2), 0.0)
    assert_close(f.hvp(lambda x: constant, x, x), zeros, 0.0)
    assert_close(f.jacrev(lambda x: vector, x).tensor, np.zeros((2, *shape)), 0.0)
    assert_close(f.jacfwd(lambda x: vector, x).tensor, np.zeros((2, *shape)), 0.0)
    assert_close(f.hessian(lambda x: constant, x).tensor, np.zeros((*shape, *shape)), 0.0)
    assert_close(f.grad(lambda x: tl.sum(tl.zeros((2, 2))), x), zeros, 0.0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_identity(shape: tuple[int, ...]) -> None:
    x, v = some(shape), some(shape) + 1.0
    identity = np.eye(x.size).reshape((*shape, *shape))
    assert_close(f.vjp(lambda x: x, x, v), v, 0.0)
    assert_close(f.jvp(lambda x: x, x, v), v, 0.0)
    assert_close(f.jacrev(lambda x: x, x).tensor, identity, 0.0)
    assert_close(f.jacfwd(lambda x: x, x).tensor, identity, 0.0)
    assert_close(f.jacrev(lambda x: x.detach(), x).tensor, 0 * identity, 0.0)


def test_the_identity_on_a_scalar_and_linear_functions() -> None:
    x = tl.tensor(2.0)
    assert_close(f.value_and_grad(lambda x: x, x), [2.0, 1.0], 0.0)
    assert_close(f.hessian(lambda x: x, x).tensor, 0.0, 0.0)
    assert_close(f.hessian(tl.sum, tl.ones((2, 3))).tensor, np.zeros((2, 3, 2, 3)), 0.0)
    assert_close(f.hvp(tl.sum, tl.ones(3), tl.ones(3)), np.zeros(3), 0.0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_inputs_of_every_rank_and_without_elements(shape: tuple[int, ...]) -> None:
    x, a = some(shape), some(shape).numpy()
    square: Callable[[Tensor], Tensor] = lambda x: tl.sum(x * x)  # noqa: E731
    diagonal = (2 * np.eye(a.size)).reshape((*shape, *shape))
    assert_close(f.grad(square, x), 2 * a, SAME)
    assert_close(f.hvp(square, x, x), 2 * a, SAME)
    rows = f.hessian(square, x)
    assert len(rows) == a.size
    assert_close(rows.tensor, diagonal, SAME)
    assert_close(f.jacrev(lambda x: x * x, x).tensor, diagonal * a, SAME)
    assert_close(f.jacfwd(lambda x: x * x, x).tensor, diagonal * a, SAME)


@pytest.mark.parametrize("batch", [(), (4,), (0,)], ids=str)
def test_a_model_of_activations_alone_has_an_empty_pack(batch: tuple[int, ...]) -> None:
    model = nn.tanh() >> nn.softplus()
    params = model.init(seed=0)
    x, y = some((*batch, 3)), some((*batch, 3))
    assert len(params) == 0
    assert params.shapes == params.names == model.param_shapes == model.param_names == ()
    out = m.value_and_grads(model, loss.mse("sum"), params, x, y)
    assert len(out.dparams) == 0
    slope = 1 / (1 + np.exp(-np.tanh(x.numpy()))) * (1 - np.tanh(x.numpy()) ** 2)
    assert_close(out.dx, 2 * (model(params, x) - y).numpy() * slope, 1e-9)
    assert len(m.vjp_params(model, params, x, y)) == 0
    assert m.jvp_params(model, loss.mse("sum"), params, x, y, params) == 0.0
    assert len(m.hvp_params(model, loss.mse("sum"), params, x, y, params)) == 0
    rows = m.jacrev_params(model, params, x)
    assert len(rows) == x.size
    assert [len(row) for row in rows] == [0] * x.size
    assert_close(out.dparams.norm(), 0.0, 0.0)
    assert len(params - 0.1 * out.dparams) == 0


def test_an_empty_seq_is_the_identity() -> None:
    model = nn.Seq()
    params, x = model.init(seed=0), some((2, 3))
    assert_close(model(params, x), x, 0.0)
    assert_close(m.vjp_input(model, params, x, x), x, 0.0)
    assert_close(m.grad_x(model, loss.mse("sum"), params, x, tl.zeros((2, 3))), 2 * x.numpy(), SAME)


def test_a_batch_without_samples() -> None:
    model = nn.input("2 3") >> nn.flatten(2) >> nn.linear(6, 4) >> nn.layer_norm(4) >> nn.gelu() >> nn.softmax()
    params, x, y = model.init(seed=0), tl.zeros((0, 2, 3)), tl.zeros((0, 4))
    assert model(params, x).shape == (0, 4)
    for which in (loss.mse("sum"), loss.cross_entropy_one_hot("sum")):
        out = m.value_and_grads(model, which, params, x, y)
        assert_close([out.value, out.dparams], [0.0, params.zeros_like()], 0.0)
        assert (out.dx.shape, out.dtarget.shape) == ((0, 2, 3), (0, 4))
        assert_close(m.hvp_params(model, which, params, x, y, params), params.zeros_like(), 0.0)
    rows = m.jacrev_params(model, params, x)
    assert (len(rows), list(rows)) == (0, [])
    assert [entry.shape for entry in rows.stacked] == [(0, *shape) for shape in model.param_shapes]
    with pytest.raises(tl.ShapeError, match=r"grad_params: mse: there is no mean, axis 0 is empty"):
        m.grad_params(model, loss.mse(), params, x, y)


def test_a_scalar_model() -> None:
    model = nn.layer(lambda p, x: p["a"] * tl.sin(x), params={"a": ""}, input="", output="")
    params, x, y = TensorPack.named({"0.a": tl.tensor(2.0)}), tl.tensor(0.5), tl.tensor(1.0)
    out = m.value_and_grads(model, loss.mse("none"), params, x, y)
    error = 2 * np.sin(0.5) - 1
    assert_close(out, [error**2, 2 * error * np.sin(0.5), 2 * error * 2 * np.cos(0.5), -2 * error], 1e-12)
    assert_close(m.jacrev_params(model, params, x)[0], [np.sin(0.5)], 1e-12)


def test_undeclared_shapes_are_found_when_the_layer_runs() -> None:
    model = nn.layer(lambda p, x: x[..., None] * p["w"].reshape((*(1,) * x.ndim, 2)), params={"w": "2"})
    params, x = TensorPack.named({"0.w": tl.tensor([1.0, 2.0])}), tl.tensor([3.0, 4.0, 5.0])
    rows = m.jacrev_params(model, params, x)
    assert len(rows) == 6
    assert rows.outer_shape == (3, 2)
    assert_close(rows[5], [np.array([0.0, 5.0])], 0.0)
    with pytest.raises(tl.ShapeError) as caught:
        m.vjp_params(model, params, x, tl.ones((3, 3)))
    assert str(caught.value) == (
        "vjp_params: seed_out does not have the shape of the model's output "
        "(the model's output: [3, 2], seed_out: [3, 3])"
    )
    with pytest.raises(tl.ShapeError) as caught:
        m.vjp_input(model, params, x, tl.ones((3,)))
    assert str(caught.value) == (
        "vjp_input: seed_out does not have the shape of the model's output (the model's output: [3, 2], seed_out: [3])"
    )


def test_arguments_may_be_views_of_any_layout() -> None:
    model = nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 3) >> nn.layer_norm(3)
    params, table = model.init(seed=0), some((3, 2, 6))
    turned = params.map(lambda p: p.T.reshape(p.shape[::-1]).T if p.ndim == 2 else p[::-1][::-1])
    views = [
        tl.permute_dims(table, (1, 2, 0)),
        table[:, 0, ::2].T,
        table[::-1, 1, 1:3].T,
        tl.broadcast_to(some((1, 3)), (4, 3)),
        tl.broadcast_to(tl.tensor(0.3), (2, 2, 3)),
    ]
    for x in views:
        copied = tl.from_numpy(x.numpy().copy())
        seed, y = x, tl.broadcast_to(tl.tensor(0.1), x.shape)
        assert_close(model(turned, x), model(params, copied), SAME)
        assert_close(
            m.value_and_grads(model, loss.mse(), turned, x, y),
            m.value_and_grads(model, loss.mse(), params, copied, y),
            SAME,
        )
        assert_close(m.vjp_params(model, turned, x, seed), m.vjp_params(model, params, copied, copied), SAME)
        assert_close(m.jacrev_params(model, turned, x), m.jacrev_params(model, params, copied), SAME)
        direction = turned * 2.0
        arguments = (loss.mse("sum"), params, copied, y, direction)
        assert_close(
            m.hvp_params(model, loss.mse("sum"), turned, x, y, direction), m.hvp_params(model, *arguments), SAME
        )


def test_huge_and_tiny_values_stay_finite() -> None:
    x = tl.tensor([[1000.0, -1000.0, 0.0]])
    for layer in (nn.softmax(), nn.log_softmax(), nn.sigmoid(), nn.softplus(), nn.tanh(), nn.gelu(), nn.relu()):
        params = layer.init(seed=0)
        for value in (layer(params, x), m.vjp_input(layer, params, x, tl.ones((1, 3)))):
            assert np.isfinite(value.numpy()).all()
    one_hot = tl.tensor([[0.0, 1.0, 0.0]])
    out = m.value_and_grads(nn.Seq(), loss.cross_entropy_one_hot(), TensorPack.of(), x, one_hot)
    assert_close(out, [2000.0, np.array([[1.0, -1.0, 0.0]]), np.array([[0.0, 2000.0, 1000.0]])], SAME)


def test_the_conventions_of_the_specification_reach_the_gradients() -> None:
    gradient = f.grad(
        lambda x: tl.sum(tl.relu(x) + tl.sqrt(x) + tl.clip(x, 0.0, 1.0)), tl.tensor([0.0, 1.0, -1.0, 0.25])
    )
    assert_close(gradient, np.array([0.0, 1.0 + 0.5, 0.0, 1.0 + 1.0 + 1.0]), SAME)
    pack = TensorPack.of(tl.zeros(2))
    assert_close(f.grad(lambda v: TensorPack.unflatten(v, like=pack).norm(), tl.zeros(2)), np.zeros(2), 0.0)


def test_an_output_used_twice_and_an_input_used_in_many_places() -> None:
    def many(x: Tensor) -> Tensor:
        y = tl.exp(x)
        return tl.sum(y * y + y[::-1] * x + x.T if x.ndim == 2 else y * y + y[::-1] * x)

    a = np.array([0.1, -0.2, 0.3])
    expected = 2 * np.exp(2 * a) + np.exp(a[::-1]) + np.exp(a) * a[::-1]
    assert_close(f.grad(many, tl.from_numpy(a)), expected, 1e-12)


def test_rows_of_packs_and_of_tensors_are_rows() -> None:
    model = nn.linear(3, 2)
    rows: Any = m.jacrev_params(model, model.init(seed=0), some((4, 3)))
    assert isinstance(rows, Rows)
    assert isinstance(rows[0], TensorPack)
    assert rows.outer_shape == (4, 2)
    jacobian: Any = f.jacrev(lambda x: x @ tl.ones((3, 2)), some((4, 3)))
    assert jacobian.outer_shape == (4, 2)
    assert jacobian.tensor.shape == (4, 2, 4, 3)
    assert isinstance(jacobian[0], Tensor)
