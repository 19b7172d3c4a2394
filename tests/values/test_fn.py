"""autograd.fn: every function of the page, on functions of one tensor, against HIPS autograd and finite differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd as hips
import autograd.numpy as anp
import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import FLOAT32, SAME, Array, assert_close, differences
from tests.values.models import softmax
from torchlean_typed import Rows, Tensor, autograd

W = np.random.default_rng(3).normal(size=(4, 3))
WEIGHTS = tl.from_numpy(W)


@dataclass(frozen=True)
class Function:
    """A function of ours, the same one written with HIPS autograd, and the shapes that it takes."""

    name: str
    ours: Callable[[Tensor], Tensor]
    reference: Callable[[Any], Any]
    shapes: tuple[tuple[int, ...], ...]

    def at(self, shape: tuple[int, ...], seed: int = 5) -> Array:
        return np.asarray(np.random.default_rng(seed).normal(size=shape))


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(x.shape[0] - 1))


SCALARS = [
    Function("cubes", lambda x: tl.sum(x**3), lambda x: anp.sum(x**3), ((), (3,), (2, 3))),
    Function("rosenbrock", rosenbrock, rosenbrock, ((4,),)),
    Function(
        "logsumexp",
        lambda x: tl.logsumexp(WEIGHTS @ x.T),
        lambda x: anp.log(anp.sum(anp.exp(anp.dot(W, anp.transpose(x))))),
        ((2, 3),),
    ),
    Function(
        "quotient",
        lambda x: tl.mean(tl.sin(x) / (1.0 + tl.square(x))) * tl.sqrt(tl.sum(tl.exp(x))),
        lambda x: anp.mean(anp.sin(x) / (1.0 + x**2)) * anp.sqrt(anp.sum(anp.exp(x))),
        ((), (3,), (2, 1, 2)),
    ),
    Function(
        "constants",
        lambda x: tl.sum(tl.full_like(x, 3.0) * x**2 + tl.ones_like(x**3) * x + tl.zeros_like(x)),
        lambda x: anp.sum(anp.full_like(x, 3.0) * x**2 + anp.ones_like(x**3) * x + anp.zeros_like(x)),
        ((), (2, 3)),
    ),
    Function(
        "largest",
        lambda x: tl.sum(tl.max(x, axis=-1) * tl.maximum(x[..., 0], 0.1)),
        lambda x: anp.sum(anp.max(x, axis=-1) * anp.maximum(x[..., 0], 0.1)),
        ((3,), (2, 3)),
    ),
]
TENSORS = [
    Function("elementwise", lambda x: tl.tanh(x) * x, lambda x: anp.tanh(x) * x, ((), (3,), (2, 3))),
    Function("fewer", lambda x: tl.sum(tl.exp(x), axis=-1), lambda x: anp.sum(anp.exp(x), axis=-1), ((3,), (2, 3))),
    Function(
        "more",
        lambda x: tl.matmul(tl.sigmoid(x), WEIGHTS.T),
        lambda x: anp.dot(1 / (1 + anp.exp(-x)), W.T),
        ((3,), (2, 3)),
    ),
    Function("softmax", lambda x: tl.softmax(x), softmax, ((3,), (2, 3))),
    Function(
        "moved",
        lambda x: tl.concat([x[::-1], tl.square(x)]).reshape((-1, 2))[:, None, :],
        lambda x: anp.reshape(anp.concatenate([x[::-1], x**2]), (-1, 1, 2)),
        ((4,), (2, 3)),
    ),
    Function(
        "outer",
        lambda x: x[:, None] * tl.cos(x)[None, :],
        lambda x: x[:, None] * anp.cos(x)[None, :],
        ((3,),),
    ),
    Function("logarithm", lambda x: tl.log(tl.softplus(x)), lambda x: anp.log(anp.log(1 + anp.exp(x))), ((2, 3),)),
]
every_scalar = pytest.mark.parametrize(
    ("f", "shape"), [pytest.param(f, s, id=f"{f.name}{list(s)}") for f in SCALARS for s in f.shapes]
)
every_function = pytest.mark.parametrize(
    ("f", "shape"), [pytest.param(f, s, id=f"{f.name}{list(s)}") for f in (*SCALARS, *TENSORS) for s in f.shapes]
)
MODES = [tl.eager, tl.compiled]


def in_both_modes(compute: Callable[[], Any]) -> Any:
    """The result, which is the same eager and compiled."""
    with tl.eager():
        eager = compute()
    with tl.compiled():
        compiled = compute()
    assert_close(compiled, eager, SAME)
    return eager


@every_scalar
def test_gradients(f: Function, shape: tuple[int, ...]) -> None:
    a = f.at(shape)
    x, expected = tl.from_numpy(a), hips.grad(f.reference)(a)
    gradient = in_both_modes(lambda: autograd.fn.grad(f.ours, x))
    assert_close(gradient, expected, 1e-9)
    assert_close(gradient, differences(f.reference, a))
    value, same = in_both_modes(lambda: autograd.fn.value_and_grad(f.ours, x))
    assert_close([value, same], [f.reference(a), expected], 1e-9)
    number, same = in_both_modes(lambda: autograd.fn.value_and_grad_scalar(f.ours, x))
    assert type(number) is float
    assert_close([number, same], [f.reference(a), expected], 1e-9)
    assert_close(autograd.fn.grad(tl.compile(f.ours), x), gradient, SAME)


@every_function
def test_jacobians_by_reverse_and_forward_mode(f: Function, shape: tuple[int, ...]) -> None:
    a = f.at(shape)
    x, output = tl.from_numpy(a), np.asarray(f.reference(a))
    expected = np.reshape(hips.jacobian(f.reference)(a), (*output.shape, *shape))
    reverse = in_both_modes(lambda: autograd.fn.jacrev(f.ours, x))
    forward = in_both_modes(lambda: autograd.fn.jacfwd(f.ours, x))
    for rows in (reverse, forward):
        assert isinstance(rows, Rows)
        assert len(rows) == output.size
        assert_close(rows.tensor, expected, 1e-9)
        assert_close(rows.stacked, expected.reshape(output.size, *shape), 1e-9)
    assert_close(forward, reverse, SAME)
    assert_close(reverse.tensor, differences(f.reference, a))


@every_function
def test_products_are_those_with_the_jacobian(f: Function, shape: tuple[int, ...]) -> None:
    a, v = f.at(shape), f.at(shape, seed=6)
    x, tangent, output = tl.from_numpy(a), tl.from_numpy(v), np.asarray(f.reference(a))
    seed = np.random.default_rng(7).normal(size=output.shape)
    jacobian = np.reshape(hips.jacobian(f.reference)(a), (*output.shape, *shape))
    pulled = in_both_modes(lambda: autograd.fn.vjp(f.ours, x, tl.from_numpy(np.asarray(seed))))
    pushed = in_both_modes(lambda: autograd.fn.jvp(f.ours, x, tangent))
    assert_close(pulled, np.tensordot(seed, jacobian, axes=output.ndim), 1e-9)
    assert_close(pushed, np.tensordot(jacobian, v, axes=a.ndim), 1e-9)
    assert_close(pushed, (f.reference(a + 1e-5 * v) - f.reference(a - 1e-5 * v)) / 2e-5)


@every_function
def test_rows_are_the_vjps_with_unit_seeds_in_row_major_order(f: Function, shape: tuple[int, ...]) -> None:
    x = tl.from_numpy(f.at(shape))
    rows = autograd.fn.jacrev(f.ours, x)
    output = f.ours(x).shape
    for row, index in zip(rows, np.ndindex(output), strict=True):
        unit = np.zeros(output)
        unit[index] = 1.0
        assert_close(row, autograd.fn.vjp(f.ours, x, tl.from_numpy(unit)), SAME)


@every_scalar
def test_hessians(f: Function, shape: tuple[int, ...]) -> None:
    a = f.at(shape)
    x = tl.from_numpy(a)
    rows = in_both_modes(lambda: autograd.fn.hessian(f.ours, x))
    expected = np.reshape(hips.jacobian(hips.grad(f.reference))(a), (*shape, *shape))
    assert_close(rows.tensor, expected, 1e-9)
    matrix = rows.tensor.numpy().reshape(a.size, a.size)
    assert_close(matrix, matrix.T, SAME)
    assert_close(rows.tensor, differences(lambda a: autograd.fn.grad(f.ours, tl.from_numpy(a)), a))
    for row, index in zip(rows, np.ndindex(shape), strict=True):
        unit = np.zeros(shape)
        unit[index] = 1.0
        v = tl.from_numpy(unit)
        product = in_both_modes(lambda v=v: autograd.fn.hvp(f.ours, x, v))
        assert_close(product, row, SAME)
        assert_close(product, autograd.fn.jvp(lambda x: autograd.fn.grad(f.ours, x), x, v), SAME)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", SCALARS, ids=lambda f: f.name)
def test_float32(f: Function, mode: Callable[[], Any]) -> None:
    a = f.at(f.shapes[-1])
    single, double = tl.from_numpy(a.astype(np.float32)), tl.from_numpy(a)
    if f.name == "logsumexp":  # it closes over float64
        f = Function(f.name, lambda x: tl.logsumexp(WEIGHTS.astype(x.dtype) @ x.T), f.reference, f.shapes)
    with mode():
        for function in (autograd.fn.grad, autograd.fn.hessian, autograd.fn.jacrev, autograd.fn.jacfwd):
            got = function(f.ours, single)
            assert (got.stacked if isinstance(got, Rows) else got).dtype == np.float32
            assert_close(got, function(f.ours, double), FLOAT32)
        got = autograd.fn.hvp(f.ours, single, single)
        assert got.dtype == np.float32
        assert_close(got, autograd.fn.hvp(f.ours, double, double), FLOAT32)


@pytest.mark.parametrize("mode", MODES)
def test_seeds_and_tangents_of_another_dtype_are_refused(mode: Callable[[], Any]) -> None:
    x, single = tl.ones(3), tl.ones(3, dtype=np.float32)
    tail = "is float64, {} is float32; dtypes are not promoted: convert one with astype"
    with mode():
        with pytest.raises(tl.ShapeError) as caught:
            autograd.fn.vjp(lambda x: x, x, single)
        assert str(caught.value) == f"vjp: dtypes differ: f(x) {tail.format('seed_out')}"
        with pytest.raises(tl.ShapeError) as caught:
            autograd.fn.jvp(lambda x: x, x, single)
        assert str(caught.value) == f"jvp: dtypes differ: x {tail.format('v')}"
        with pytest.raises(tl.ShapeError) as caught:
            autograd.fn.hvp(tl.sum, x, single)
        assert str(caught.value) == f"hvp: dtypes differ: x {tail.format('v')}"


@pytest.mark.parametrize("name", ["grad", "value_and_grad", "value_and_grad_scalar", "hessian"])
def test_a_function_that_is_no_scalar_has_no_gradient(name: str) -> None:
    with pytest.raises(tl.ShapeError) as caught:
        getattr(autograd.fn, name)(lambda x: x * x, tl.ones(3))
    assert str(caught.value) == (
        f"{name}: f(x) does not have the shape of a scalar (a scalar: [], f(x): [3]); "
        "sum it first, or use jacrev for a function with many outputs"
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["grad", "value_and_grad", "value_and_grad_scalar", "jacrev", "jacfwd", "hessian"])
def test_what_is_not_floating_has_no_derivative(name: str, mode: Callable[[], Any]) -> None:
    with mode(), pytest.raises(tl.ShapeError) as caught:
        getattr(autograd.fn, name)(tl.argmax, tl.ones(3))
    assert str(caught.value) == (
        f"{name}: cannot differentiate f(x) of dtype int64; only floating values have a derivative"
    )


@pytest.mark.parametrize("mode", MODES)
def test_rows_have_the_dtype_of_the_input_where_the_function_has_another(mode: Callable[[], Any]) -> None:
    x = tl.tensor([1.0, 2.0])
    with mode():
        for jacobian in (autograd.fn.jacrev, autograd.fn.jacfwd):
            rows = jacobian(lambda x: x.astype(np.float32) * 3.0, x)
            assert rows.stacked.dtype == x.dtype
            assert rows.stacked.numpy().tolist() == [[3.0, 0.0], [0.0, 3.0]]


def test_what_does_not_fit_is_refused_with_the_whole_message() -> None:
    x = tl.ones((2, 3))
    with pytest.raises(tl.ShapeError) as caught:
        autograd.fn.vjp(lambda x: tl.sum(x, axis=0), x, tl.ones(2))
    assert str(caught.value) == "vjp: seed_out does not have the shape of f(x) (f(x): [3], seed_out: [2])"
    with pytest.raises(tl.ShapeError) as caught:
        autograd.fn.jvp(tl.sum, x, tl.ones((3, 2)))
    assert str(caught.value) == "jvp: v does not have the shape of x (x: [2, 3], v: [3, 2])"
    with pytest.raises(tl.ShapeError) as caught:
        autograd.fn.hvp(tl.sum, x, tl.ones(3))
    assert str(caught.value) == "hvp: v does not have the shape of x (x: [2, 3], v: [3])"
    with pytest.raises(tl.ShapeError) as caught:
        autograd.fn.grad(tl.sum, tl.arange(3))
    assert str(caught.value) == ("grad: cannot differentiate with respect to x of dtype int64; convert it with astype")
    with pytest.raises(tl.ShapeError) as caught:
        autograd.fn.grad(lambda x: float(tl.sum(x)), tl.ones(3))  # type: ignore[arg-type, return-value]
    assert str(caught.value) == "grad: <lambda> returns float, not a Tensor; return a Tensor, for example tl.sum(...)"
