"""Jacobians of which most is zero stay lists of nonzeros, and are those of the dense pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import SAME, assert_close
from torchlean_typed import Tensor, autograd
from torchlean_typed.autograd.core import rows_by_jvp, rows_by_vjp
from torchlean_typed.engine.run import trace
from torchlean_typed.ops.placement import Places, place
from torchlean_typed.trace import leaf, make
from torchlean_typed.transform.batch import batch
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.structured import unit_tangents

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda x: x,
    "elementwise": lambda x: tl.sin(x) * tl.exp(x) / (2.0 + x * x),
    "neighbours": lambda x: x[1:] - x[:-1] ** 2,
    "stencil": lambda x: x[2:] - 2.0 * x[1:-1] + x[:-2],
    "reversed": lambda x: x[::-1] * x,
    "every other": lambda x: x[::2] * 3.0,
    "strange order": lambda x: tl.reshape(tl.reshape(x, (3, 4)).T, (12,)) * x,
    "joined": lambda x: tl.concat([x[3:] * 2.0, tl.ones(2), x[:3], x[:1]]),
    "repeated": lambda x: tl.sin(tl.broadcast_to(x[:, None], (12, 3))) * tl.broadcast_to(x[None, :3], (12, 3)),
    "sums of pairs": lambda x: tl.sum(tl.reshape(x, (6, 2)), axis=1) ** 2,
    "windows": lambda x: tl.sum(tl.stack([x[i : 10 + i] for i in range(3)]), axis=0) ** 2,
    "triangle": lambda x: tl.tril(tl.reshape(x, (3, 4)) * 2.0),
    "chosen": lambda x: tl.where(x > 0, x * x, 3.0 * x),
    "a constant": lambda x: tl.ones(5),
    "one number": lambda x: x[3],
    "padded": lambda x: tl.pad(tl.tanh(x), (2, 1)),
    "narrowed": lambda x: tl.astype(tl.astype(x, np.float32), np.float64) * x,
    "all of it": lambda x: tl.cumulative_sum(x) * tl.softmax(x),
    "a product": lambda x: tl.reshape(x, (3, 4)) @ tl.reshape(x, (4, 3)),
}
X = tl.from_numpy(np.random.default_rng(3).uniform(-1, 1, 12))
every_function = pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)


@every_function
@pytest.mark.parametrize("trailing", [False, True])
def test_the_nonzeros_are_those_of_the_dense_pass(f: Callable[[Tensor], Tensor], trailing: bool) -> None:
    x = leaf(X.shape, X.dtype, X.numpy())
    tangent = leaf(X.shape, X.dtype, X.numpy())
    pushed = jvp([f(x)], [x], [tangent])
    (dense,) = batch(pushed, tangent, tl.eye(12))
    (found,) = unit_tangents(pushed, tangent, trailing)
    wanted = np.moveaxis(dense.numpy(), 0, -1) if trailing else dense.numpy()
    assert found.shape == wanted.shape
    assert_close(found.numpy(), wanted, SAME)


@every_function
def test_both_modes_and_both_directions_agree(f: Callable[[Tensor], Tensor]) -> None:
    def build(x: Tensor) -> Sequence[Tensor]:
        output = f(x)
        return [rows_by_jvp(output, x), *rows_by_vjp(output, [x])]

    forward, backward = trace(build, [X])([X])
    eager = autograd.fn.jacrev(f, X).stacked
    assert_close([forward, backward], [eager, eager], 1e-6 if f is FUNCTIONS["narrowed"] else SAME)


def rosenbrock(x: Tensor) -> Tensor:
    return tl.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


@pytest.mark.parametrize("n", [3, 40])
def test_the_hessian_of_neighbours_is_written_band_by_band(n: int) -> None:
    x = tl.linspace(-1.0, 1.0, n)
    compiled = tl.compile(rosenbrock)
    hessians = [autograd.fn.hessian(compiled, scale * x) for scale in (1.0, 2.0, -1.0)]
    for scale, found in zip((1.0, 2.0, -1.0), hessians, strict=True):
        assert_close(found.tensor.numpy(), autograd.fn.hessian(rosenbrock, scale * x).tensor.numpy(), SAME)
        a = scale * x.numpy()
        diagonal = np.r_[1200 * a[:-1] ** 2 - 400 * a[1:] + 2, 0] + np.r_[0, np.full(n - 1, 200)]
        wanted = np.diag(diagonal) - np.diag(400 * a[:-1], 1) - np.diag(400 * a[:-1], -1)
        assert_close(found.tensor.numpy(), wanted, 1e-11)


def test_no_matrix_is_computed_but_the_result() -> None:
    def build(x: Tensor) -> Sequence[Tensor]:
        (gradient,) = autograd.core.gradients(rosenbrock(x), [x])
        return [rows_by_jvp(gradient, x)]

    source = trace(build, [tl.ones(60)]).source()
    assert sum("[60, 60]" in line for line in source.splitlines()) == 1


def test_what_is_placed_can_be_differentiated_and_batched() -> None:
    """A Hessian within a function of which a Hessian is taken."""

    def curvature(x: Tensor) -> Tensor:
        return tl.sum(autograd.fn.hessian(lambda y: tl.sum(tl.sin(y) * y), x).tensor * tl.exp(x)[None, :])

    def by_hand(x: Tensor) -> Tensor:
        return tl.sum((2.0 * tl.cos(x) - x * tl.sin(x)) * tl.exp(x))

    for derivative in (autograd.fn.grad, autograd.fn.hessian):
        wanted = derivative(by_hand, X)
        assert_close(derivative(curvature, X), wanted, 1e-11)
        with tl.compiled():
            assert_close(derivative(curvature, X), wanted, 1e-11)


def test_places_may_lie_on_each_other() -> None:
    places = (Places(np.array([0, 2, 4])), Places(np.array([3, 0, 1])), Places(np.array([2, 4])))

    def build(x: Tensor, y: Tensor) -> Sequence[Tensor]:
        return [place([x, y, make(np.asarray(10.0))], (5,), places)]

    x, y = tl.tensor([1.0, 2.0, 3.0]), tl.tensor([4.0, 5.0, 6.0])
    (found,) = trace(build, [x, y])([x, y])
    assert found.numpy().tolist() == [6.0, 6.0, 12.0, 4.0, 13.0]
    assert build(x, y)[0].numpy().tolist() == found.numpy().tolist()


def test_numbers_join_what_varies_where_they_meet() -> None:
    """A Hessian of which bands, numbers and single elements lie on each other, against central differences."""
    x = np.random.default_rng(3).normal(size=40)

    def f(x: tl.Tensor) -> tl.Tensor:
        bands = tl.sum((x[1:] - x[:-1] ** 2) ** 2) + 3.0 * tl.sum(x[2:] * x[:-2]) + tl.sum(x[10:20] ** 2)
        return bands + x[0] * x[5] + 4.0 * x[7] ** 2 + tl.sum(tl.sin(x[30:]))

    compiled = tl.compile(f)
    for _ in range(3):
        found = autograd.fn.hessian(compiled, tl.from_numpy(x)).tensor.numpy()
        with tl.eager():
            eager = autograd.fn.hessian(f, tl.from_numpy(x)).tensor.numpy()
        np.testing.assert_allclose(found, eager, rtol=1e-12, atol=1e-13)
        step = 1e-5 * np.eye(40)
        gradient = [autograd.fn.grad(f, tl.from_numpy(x + h)) - autograd.fn.grad(f, tl.from_numpy(x - h)) for h in step]
        np.testing.assert_allclose(found, np.array([g.numpy() for g in gradient]) / 2e-5, atol=1e-7)
        x = -1.5 * x
