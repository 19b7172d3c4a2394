"""Derivatives of functions that take derivatives: of each other, of models, of packs, and of none too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd as hips
import autograd.numpy as anp
import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import SAME, assert_close, differences
from tests.values.models import NORM_RESIDUAL, TANH, input_for, like_output, pack_for, weights_for
from torchlean_typed import Tensor, TensorPack, autograd, loss, nn

m, grad = autograd.model, autograd.fn.grad
A = np.array([0.3, -0.7, 1.1])
X = tl.from_numpy(A)


@pytest.fixture(params=["eager", "compiled", "compile"], autouse=True)
def run(request: pytest.FixtureRequest) -> Any:
    """Each test three times: immediately, traced at each call, and traced once by ``tl.compile``."""
    with tl.compiled() if request.param == "compiled" else tl.eager() if request.param == "eager" else _nothing():
        yield tl.compile if request.param == "compile" else lambda f: f


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *args: object) -> None: ...


Run = Callable[[Callable[[Tensor], Tensor]], Callable[[Tensor], Tensor]]


def test_higher_derivatives_of_a_scalar(run: Run) -> None:
    f: Any = run(lambda x: tl.sin(x) * x)
    x = tl.tensor(0.4)
    s, c = np.sin(0.4), np.cos(0.4)
    first = lambda x: grad(f, x)  # noqa: E731
    second = lambda x: grad(run(first), x)  # noqa: E731
    third = lambda x: grad(run(second), x)  # noqa: E731
    fourth = lambda x: grad(run(third), x)  # noqa: E731
    expected = [s + 0.4 * c, 2 * c - 0.4 * s, -3 * s - 0.4 * c, -4 * c + 0.4 * s]
    for derivative, value in zip((first, second, third, fourth), expected, strict=True):
        assert_close(derivative(x), value, 1e-12)


def test_perturbations_are_not_confused(run: Run) -> None:
    # d/dx (x * d/dy (x + y)) is 1, not 2: the inner derivative must not see that x moves
    f = run(lambda x: x * grad(run(lambda y: x + y), tl.tensor(1.0)))
    assert_close(grad(f, tl.tensor(1.0)), 1.0, 0.0)
    g = run(lambda x: x * autograd.fn.jvp(run(lambda y: x * y), x, tl.tensor(1.0)))
    assert_close(grad(g, tl.tensor(3.0)), 6.0, 0.0)
    assert_close(autograd.fn.jvp(g, tl.tensor(3.0), tl.tensor(1.0)), 6.0, 0.0)
    # both derivatives with respect to one and the same tensor
    h = run(lambda x: grad(run(lambda y: y * y * x), x))
    assert_close(grad(h, tl.tensor(3.0)), 12.0, 0.0)


def test_a_gradient_penalty_within_a_function(run: Run) -> None:
    f: Any = run(lambda x: tl.sum(tl.exp(x) * tl.sin(x)))
    penalty = run(lambda x: tl.sum(grad(f, x) ** 2))

    def reference(x: Any) -> Any:
        return anp.sum(hips.grad(lambda x: anp.sum(anp.exp(x) * anp.sin(x)))(x) ** 2)

    assert_close(grad(penalty, X), hips.grad(reference)(A), 1e-9)
    assert_close(autograd.fn.hessian(penalty, X).tensor, hips.hessian(reference)(A), 1e-9)
    assert_close(autograd.fn.hvp(penalty, X, X), hips.hessian(reference)(A) @ A, 1e-9)


def test_jacobians_and_products_within_a_function(run: Run) -> None:
    f: Any = lambda x: tl.tanh(x) * tl.sum(x)  # noqa: E731
    reference: Any = lambda x: anp.tanh(x) * anp.sum(x)  # noqa: E731
    jacobian = hips.jacobian(reference)
    v = tl.tensor([1.0, 2.0, -1.0])
    direction = v.numpy()
    cases = [
        (lambda x: tl.sum(autograd.fn.jacrev(f, x).tensor ** 2), lambda x: anp.sum(jacobian(x) ** 2)),
        (lambda x: tl.sum(autograd.fn.jacfwd(f, x).tensor ** 2), lambda x: anp.sum(jacobian(x) ** 2)),
        (lambda x: tl.sum(autograd.fn.jacrev(f, x)[1] ** 2), lambda x: anp.sum(jacobian(x)[1] ** 2)),
        (lambda x: tl.sum(autograd.fn.vjp(f, x, v) ** 2), lambda x: anp.sum(anp.dot(direction, jacobian(x)) ** 2)),
        (lambda x: tl.sum(autograd.fn.jvp(f, x, v) ** 2), lambda x: anp.sum(anp.dot(jacobian(x), direction) ** 2)),
        (lambda x: tl.sum(autograd.fn.vjp(f, v, x) ** 2), lambda x: anp.sum(anp.dot(x, jacobian(direction)) ** 2)),
        (lambda x: tl.sum(autograd.fn.jvp(f, v, x) ** 2), lambda x: anp.sum(anp.dot(jacobian(direction), x) ** 2)),
    ]
    for ours, theirs in cases:
        assert_close(grad(run(ours), X), hips.grad(theirs)(A), 1e-9)


def test_a_hessian_within_a_function(run: Run) -> None:
    f: Any = lambda x: tl.sum(x**3) * tl.sum(tl.sin(x))  # noqa: E731
    trace = run(lambda x: tl.sum(autograd.fn.hessian(f, x).tensor * tl.eye(3)))

    def reference(x: Any) -> Any:
        return anp.sum(anp.diag(hips.hessian(lambda x: anp.sum(x**3) * anp.sum(anp.sin(x)))(x)))

    assert_close(grad(trace, X), differences(reference, A))


def test_through_a_model_with_respect_to_its_input(run: Run) -> None:
    weights, x = weights_for(NORM_RESIDUAL), input_for(NORM_RESIDUAL, (4,))
    params = pack_for(NORM_RESIDUAL, weights)
    f = run(lambda x: tl.sum(NORM_RESIDUAL.model(params, x) ** 2))
    expected = hips.grad(lambda x: anp.sum(NORM_RESIDUAL.reference(weights, x) ** 2))(x)
    assert_close(grad(f, tl.from_numpy(x)), expected, 1e-9)


def test_an_input_gradient_penalty_with_respect_to_a_flat_pack(run: Run) -> None:
    weights, x, y = weights_for(TANH), input_for(TANH, (4,)), like_output(TANH, (4,))
    params, xt, yt = pack_for(TANH, weights), tl.from_numpy(x), tl.from_numpy(y)

    def penalty(vector: Tensor) -> Tensor:
        params_here = TensorPack.unflatten(vector, like=params)
        value, dx = m.value_and_grad_x(TANH.model, loss.mse(), params_here, xt, yt)
        return value + 0.1 * tl.sum(dx**2)

    def reference(weights: list[Any]) -> Any:
        value = lambda x: anp.mean((TANH.reference(weights, x) - y) ** 2)  # noqa: E731
        return value(x) + 0.1 * anp.sum(hips.grad(value)(x) ** 2)

    gradient = TensorPack.unflatten(grad(run(penalty), params.flatten()), like=params)
    assert_close(gradient, hips.grad(reference)(weights), 1e-9)
    assert gradient.names == params.names


MODEL = nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 2)
SQUARES = loss.mse()
WITHIN: dict[str, Callable[[TensorPack, Tensor, Tensor], Any]] = {
    "grad_params": lambda p, x, y: m.grad_params(MODEL, SQUARES, p, x, y),
    "grad_inputs": lambda p, x, y: m.grad_inputs(MODEL, SQUARES, p, x, y),
    "value_and_grads": lambda p, x, y: m.value_and_grads(MODEL, SQUARES, p, x, y),
    "vjp_params": lambda p, x, y: m.vjp_params(MODEL, p, x, y),
    "vjp_input": lambda p, x, y: m.vjp_input(MODEL, p, x, y),
    "vjp_inputs": lambda p, x, y: m.vjp_inputs(MODEL, p, x, y),
    "jacrev_params": lambda p, x, y: m.jacrev_params(MODEL, p, x),
    "hvp_params": lambda p, x, y: m.hvp_params(MODEL, SQUARES, p, x, y, 2.0 * p),
}


def total(result: Any) -> Any:
    """A scalar of everything in a result."""
    if isinstance(result, Tensor):
        return tl.sum(tl.sin(result))
    if isinstance(result, TensorPack):
        return total(result.flatten())
    if isinstance(result, tl.Rows):
        return total(result.stacked)
    if isinstance(result, tuple):
        return total(result[0]) + total(result[1])
    return result.value + total(result.dparams) + total(result.dx) + total(result.dtarget)


@pytest.mark.parametrize("name", WITHIN)
def test_gradients_of_derivatives_of_a_model(run: Run, name: str) -> None:
    x, y = input_for(TANH, (2,)), like_output(TANH, (2,))
    params = pack_for(TANH, weights_for(TANH))
    xt, yt = tl.from_numpy(x), tl.from_numpy(y)
    call = WITHIN[name]

    of_params = run(lambda vector: total(call(TensorPack.unflatten(vector, like=params), xt, yt)))
    of_x = run(lambda x: total(call(params, x, yt)))
    for f, at in ((of_params, params.flatten()), (of_x, xt)):
        expected = differences(lambda a, f=f: f(tl.from_numpy(a)), at.numpy().copy())
        assert_close(grad(f, at), expected)


def test_the_two_namespaces_agree_on_a_flat_pack(run: Run) -> None:
    x, y = tl.from_numpy(input_for(TANH, (2,))), tl.from_numpy(like_output(TANH, (2,)))
    params = pack_for(TANH, weights_for(TANH))
    point = params.flatten()

    output = run(lambda vector: MODEL(TensorPack.unflatten(vector, like=params), x))
    value = run(lambda vector: SQUARES(MODEL(TensorPack.unflatten(vector, like=params), x), y))
    rows = m.jacrev_params(MODEL, params, x)
    assert_close(autograd.fn.jacrev(output, point), np.stack([row.flatten().numpy() for row in rows]), 1e-12)
    assert_close(grad(value, point), m.grad_params(MODEL, SQUARES, params, x, y).flatten(), 1e-12)
    hessian = autograd.fn.hessian(value, point)
    for row, unit in zip(hessian, np.eye(point.size), strict=True):
        direction = TensorPack.unflatten(tl.from_numpy(unit), like=params)
        assert_close(row, m.hvp_params(MODEL, SQUARES, params, x, y, direction).flatten(), 1e-12)


def test_nesting_leaves_no_trace_behind(run: Run) -> None:
    f = run(lambda x: tl.sum(grad(lambda y: tl.sum(y * y * x), x) * x))
    gradient = grad(f, X)
    assert_close(gradient, 6 * A**2, SAME)
    assert (gradient._order, gradient._operands) == (0, ())
