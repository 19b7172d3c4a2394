"""Derivatives of derivatives: each level has its own leaf, and no level confuses its perturbation with another's."""

from __future__ import annotations

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed.engine.run import execute, trace
from torchlean_typed.ops.conversion import alias
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf, leaf_of
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

grad = tl.autograd.fn.grad
modes = pytest.mark.parametrize("mode", [tl.eager, tl.compiled])


def pushed(f, x: Tensor) -> Tensor:
    """The derivative of f at x by forward mode; part of the outer recording where there is one."""
    inner = leaf_of(x)
    return jvp([f(inner)], [inner], [tl.ones(x.shape)])[0]


def pulled(f, x: Tensor) -> Tensor:
    inner = leaf_of(x)
    output = f(inner)
    return vjp([output], [inner], [tl.ones(output.shape)])[0]


@modes
def test_gradient_of_a_gradient_of_a_gradient(mode) -> None:
    with mode():
        third = grad(lambda x: grad(lambda y: grad(lambda z: z**5, y), x), tl.tensor(2.0))
        assert third.item() == pytest.approx(60 * 4)


@modes
@pytest.mark.parametrize("inner", [pushed, pulled])
def test_perturbations_are_not_confused(mode, inner) -> None:
    """d/dx (x * d/dy (x + y)) at 1 is 1; one perturbation for both levels gives 2 (Siskind and Pearlmutter 2005)."""
    with mode():
        assert grad(lambda x: x * inner(lambda y: x + y, x), tl.tensor(1.0)).item() == 1.0
        assert grad(lambda x: x * inner(lambda y: x * y, x), tl.tensor(3.0)).item() == 6.0
        assert grad(lambda x: x * inner(lambda y: x + y, tl.tensor(1.0)), tl.tensor(1.0)).item() == 1.0


@modes
def test_an_inner_derivative_with_respect_to_a_constant(mode) -> None:
    """The inner point does not depend on the outer one, the inner function does."""
    with mode():
        gradient = grad(lambda x: tl.sum(x * grad(lambda y: tl.sum(x * y * y), tl.ones(2))), tl.tensor([1.0, 3.0]))
        assert gradient.numpy().tolist() == [4.0, 12.0]  # sum(x * 2x)


@modes
def test_an_inner_derivative_that_is_a_constant(mode) -> None:
    with mode():
        gradient = grad(lambda x: tl.sum(x * grad(lambda y: tl.sum(y * y), tl.ones(2))), tl.tensor([1.0, 3.0]))
        assert gradient.numpy().tolist() == [2.0, 2.0]


def test_the_four_ways_to_a_second_derivative_agree() -> None:
    ways = [
        outer(lambda y, inner=inner: inner(lambda z: tl.sin(z) * tl.exp(z), y), tl.tensor(0.7)).item()
        for outer in (pushed, pulled)
        for inner in (pushed, pulled)
    ]
    assert ways == pytest.approx([2 * np.cos(0.7) * np.exp(0.7)] * 4)


def test_a_leaf_of_a_recorded_tensor_keeps_its_history() -> None:
    outer = leaf((), np.dtype(np.float64), np.array(2.0))
    x = outer * outer
    inner = leaf_of(x)
    assert inner is not x
    assert inner.item() == x.item()
    (of_inner,) = vjp([inner * outer], [inner], [tl.tensor(1.0)])
    assert of_inner.item() == 2.0
    (through,) = vjp([inner * outer], [outer], [tl.tensor(1.0)])
    assert through.item() == 12.0  # d/dx x^3


def test_the_alias_vanishes_from_a_program() -> None:
    program = trace(lambda x: [alias(x) * 2.0], [tl.ones(2)])
    assert "alias" not in program.source()


def test_a_branch_may_look_at_a_value_in_eager_mode() -> None:
    def f(x: Tensor) -> Tensor:
        return tl.sum(x * x) if x.sum().item() > 0 else tl.sum(x)

    with tl.eager():
        assert grad(f, tl.tensor([1.0, 2.0])).numpy().tolist() == [2.0, 4.0]
        assert grad(f, tl.tensor([-1.0, -2.0])).numpy().tolist() == [1.0, 1.0]


def test_the_outermost_derivative_forgets_how_its_values_came_about() -> None:
    (result,) = execute(lambda x: [x * 2.0], [tl.ones(2)])
    assert result._order == 0
    assert result._operands == ()
