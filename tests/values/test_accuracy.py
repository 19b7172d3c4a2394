"""Values and derivatives where floating-point numbers are dangerous, against fifty decimal places."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd, loss, nn

fn = autograd.fn
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
MODES = pytest.mark.parametrize("mode", [tl.eager, tl.compiled], ids=["eager", "compiled"])
WIDE = [-1e3, -745.0, -87.5, -36.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 36.0, 88.5, 709.0, 1e3]


@pytest.fixture(autouse=True)
def fifty_places() -> Any:
    with mpmath.workdps(50):
        yield


def exact(values: Any) -> list[Any]:
    """The numbers as they are stored, without another rounding."""
    return [mpmath.mpf(float(value)) for value in np.ravel(values)]


def softplus(x: Any) -> Any:
    return mpmath.log1p(mpmath.exp(x))


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def gelu(x: Any) -> Any:
    return x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)))


def gate(x: Any) -> tuple[Any, Any, Any]:
    """The sigmoid and its first two derivatives."""
    s = sigmoid(x)
    return s, s * (1 - s), s * (1 - s) * (1 - 2 * s)


FUNCTIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Any], tuple[Any, Any, Any]], list[float]]] = {
    "sigmoid": (tl.sigmoid, gate, WIDE),
    "softplus": (tl.softplus, lambda x: (softplus(x), *gate(x)[:2]), WIDE),
    "tanh": (tl.tanh, lambda x: (t := mpmath.tanh(x), 1 - t**2, -2 * t * (1 - t**2)), WIDE),
    "gelu": (tl.gelu, lambda x: (gelu(x), mpmath.diff(gelu, x), mpmath.diff(gelu, x, 2)), [-30.0, -5, -1e-9, 0, 2, 40]),
    "log1p": (
        tl.log1p,
        lambda x: (mpmath.log1p(x), 1 / (1 + x), -1 / (1 + x) ** 2),
        [-0.999, -1e-12, 0.0, 1e-15, 1e-3, 1e8],
    ),
    "expm1": (tl.expm1, lambda x: (mpmath.expm1(x), mpmath.exp(x), mpmath.exp(x)), [-80.0, -1e-12, 1e-15, 1e-3, 30.0]),
    "log": (tl.log, lambda x: (mpmath.log(x), 1 / x, -1 / x**2), [1e-15, 0.999999, 1.0, 1.000001, 1e15]),
    "safe_log": (
        lambda x: tl.safe_log(x, 1e-6),
        lambda x: tuple(mpmath.diff(lambda z: mpmath.log(softplus(z) + mpmath.mpf(1e-6)), x, n) for n in range(3)),
        [-1e3, -20.0, 0.0, 30.0, 1e3],
    ),
}


@MODES
@DTYPES
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_and_their_first_two_derivatives(name: str, dtype: Any, mode: Callable[[], Any]) -> None:
    """As accurate as the dtype, relative to the value or (where it is small) to the largest that a derivative has."""
    f, oracle, points = FUNCTIONS[name]
    x = tl.tensor(points, dtype)
    with mode():
        found = [f(x), fn.grad(lambda v: tl.sum(f(v)), x)]
        found.append(fn.hvp(lambda v: tl.sum(f(v)), x, tl.ones(len(points), dtype=dtype)))
    expected = np.array([[float(part) for part in oracle(point)] for point in exact(x)]).T
    eps = float(np.finfo(dtype).eps)
    for order, (ours, theirs) in enumerate(zip(found, expected, strict=True)):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=20 * eps, atol=8 * eps if order else np.finfo(dtype).tiny)


LOGITS = [[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4 + 1], [1e4, 1e4 - 30, 1e4 - 0.5], [0.3, -0.2, 1e-9]]


@MODES
@DTYPES
def test_softmax_and_cross_entropy_at_logits_of_ten_thousand(dtype: Any, mode: Callable[[], Any]) -> None:
    x, classes = tl.tensor(LOGITS, dtype), np.array([1, 0, 2, 1])
    rows = [exact(row) for row in x.numpy()]
    totals = [mpmath.log(mpmath.fsum(mpmath.exp(v - max(row)) for v in row)) + max(row) for row in rows]
    logs = np.array([[float(v - total) for v in row] for row, total in zip(rows, totals, strict=True)])
    chances = np.array([[float(mpmath.exp(v - t)) for v in row] for row, t in zip(rows, totals, strict=True)])
    one_hot = np.eye(3)[classes]
    close = {"rtol": 8 * float(np.finfo(dtype).eps), "atol": 4 * float(np.finfo(dtype).eps)}
    with mode():
        np.testing.assert_allclose(tl.logsumexp(x, axis=1).numpy(), [float(t) for t in totals], **close)
        np.testing.assert_allclose(tl.log_softmax(x).numpy(), logs, **close)
        np.testing.assert_allclose(tl.softmax(x).numpy(), chances, **close)
        losses = (
            (loss.cross_entropy("sum"), tl.from_numpy(classes)),
            (loss.cross_entropy_one_hot("sum"), tl.from_numpy(one_hot.astype(dtype))),
        )
        for which, target in losses:
            value, gradient = fn.value_and_grad(lambda v, f=which, y=target: f(v, y), x)
            np.testing.assert_allclose(value.item(), -np.sum(logs * one_hot), **close)
            np.testing.assert_allclose(gradient.numpy(), chances - one_hot, **close)
            v = tl.tensor([[1.0, -2.0, 0.5]] * 4, dtype)
            product = fn.hvp(lambda v, f=which, y=target: f(v, y), x, v).numpy()
            p, direction = chances, v.numpy().astype(float)
            expected = p * direction - p * np.sum(p * direction, 1, keepdims=True)
            np.testing.assert_allclose(product, expected, rtol=4 * close["rtol"], atol=4 * close["atol"])


@MODES
@DTYPES
@pytest.mark.parametrize("offset", [0.0, 1e4, -1e6])
def test_variance_and_norms_far_from_0(dtype: Any, offset: float, mode: Callable[[], Any]) -> None:
    x = tl.tensor((np.random.default_rng(0).normal(size=40) + offset).tolist(), dtype)
    points = exact(x)
    mean = mpmath.fsum(points) / 40
    variance = mpmath.fsum((p - mean) ** 2 for p in points) / 40
    spread = mpmath.sqrt(variance + mpmath.mpf(1e-5))
    # the mean itself is rounded, which a difference of x and the mean shows
    eps = float(np.finfo(dtype).eps)
    rounding = eps * max(abs(offset), 1.0)
    with mode():
        np.testing.assert_allclose(tl.var(x).item(), float(variance), rtol=20 * eps + 4 * rounding**2)
        np.testing.assert_allclose(tl.std(x).item(), float(mpmath.sqrt(variance)), rtol=20 * eps + 4 * rounding**2)
        gradient = fn.grad(tl.var, x).numpy()
        np.testing.assert_allclose(gradient, [float((p - mean) / 20) for p in points], rtol=20 * eps, atol=rounding)
        found = tl.layer_norm(x, tl.ones(40, dtype=dtype), tl.zeros(40, dtype=dtype)).numpy()
        np.testing.assert_allclose(
            found, [float((p - mean) / spread) for p in points], rtol=20 * eps, atol=2 * rounding
        )


# --- derivatives that are numbers where the mathematics has one -------------------------------------------------------

MASKED: dict[str, Callable[[Tensor], Tensor]] = {
    "reciprocal": lambda x: tl.where(x > 0, tl.reciprocal(x), 0.0),
    "divide": lambda x: tl.where(x > 0, x / (x * x), 0.0),
    "a negative power": lambda x: tl.where(x > 0, x**-1.0, 0.0),
    "logarithm": lambda x: tl.where(x > 0, tl.exp(-2.0 * tl.log(tl.where(x > 0, x, 1.0))) * x, 0.0),
}


@MODES
@pytest.mark.parametrize("name", MASKED)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the values that are masked
def test_an_infinite_branch_that_is_masked_out_leaves_no_nan(name: str, mode: Callable[[], Any]) -> None:
    x = tl.tensor([0.0, 2.0, -3.0])
    with mode():
        assert MASKED[name](x).numpy().tolist() == [0.0, 0.5, 0.0]
        np.testing.assert_allclose(fn.grad(lambda v: tl.sum(MASKED[name](v)), x).numpy(), [0.0, -0.25, 0.0])
        hessian = fn.hessian(lambda v: tl.sum(MASKED[name](v)), x).tensor.numpy()
    np.testing.assert_allclose(hessian, np.diag([0.0, 0.25, 0.0]), atol=1e-15)


@MODES
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_overflow_that_is_masked_out_leaves_no_nan(mode: Callable[[], Any]) -> None:
    def f(x: Tensor) -> Tensor:
        return tl.sum(tl.where(x < 1, tl.exp(800.0 * x), x))

    with mode():
        assert fn.grad(f, tl.tensor([0.0, 2.0])).numpy().tolist() == [800.0, 1.0]
        assert fn.hessian(f, tl.tensor([0.0, 2.0])).tensor.numpy().tolist() == [[640000.0, 0.0], [0.0, 0.0]]


@MODES
def test_square_roots_and_norms_have_the_derivative_0_at_0(mode: Callable[[], Any]) -> None:
    zeros = tl.zeros(3)
    pack = TensorPack.of(tl.zeros(2), tl.zeros(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with mode():
            assert fn.grad(lambda v: tl.sqrt(tl.sum(v**2)), zeros).numpy().tolist() == [0.0] * 3
            assert fn.hvp(lambda v: tl.sqrt(tl.vecdot(v, v)), zeros, tl.ones(3)).numpy().tolist() == [0.0] * 3
            assert fn.grad(lambda v: TensorPack.unflatten(v, like=pack).norm(), zeros).numpy().tolist() == [0.0] * 3
            assert fn.grad(lambda v: tl.sum(tl.std(v[None, :], axis=1)), zeros).numpy().tolist() == [0.0] * 3


@MODES
def test_a_query_that_sees_nothing_has_derivatives_that_are_numbers(mode: Callable[[], Any]) -> None:
    x, mask = tl.random.normal((3, 2), seed=0), tl.tensor([[True, False, True], [False] * 3, [True] * 3], np.bool_)
    with mode():
        gradient = fn.grad(lambda v: tl.sum(tl.scaled_dot_product_attention(v, v, v, mask) ** 2), x)
        product = fn.hvp(lambda v: tl.sum(tl.scaled_dot_product_attention(1e4 * v, v, v, mask)), x, tl.ones((3, 2)))
    assert np.isfinite(gradient.numpy()).all()
    assert np.isfinite(product.numpy()).all()


def test_a_model_at_logits_of_ten_thousand_learns() -> None:
    model = nn.linear(2, 3)
    params = model.init(seed=0).map(lambda w: 1e4 * w)
    x, y = tl.random.normal((8, 2), seed=1), tl.tensor([0, 1, 2, 0, 1, 2, 0, 1], np.int64)
    first, gradient = autograd.model.value_and_grad_params_scalar(model, loss.cross_entropy(), params, x, y)
    after = loss.cross_entropy()(model(params - 1e3 * gradient, x), y).item()
    assert np.isfinite(gradient.flatten().numpy()).all()
    assert after < first
