"""Rows come from one batched pass: the number of operations does not depend on the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Seq, Tensor, nn
from torchlean_typed.autograd import core
from torchlean_typed.engine.codegen import Program
from torchlean_typed.engine.run import trace
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp


def operations(program: Program) -> int:
    """The number of kernel calls: one line each, which ends with the shape of the result."""
    return sum(")  # " in line or "]  # " in line for line in program.source().splitlines())


def rows_program(model: Seq, x: Tensor) -> Program:
    params = model.init(seed=0).tensors

    def build(*leaves: Tensor) -> Sequence[Tensor]:
        return core.rows_by_vjp(model.forward(leaves[1:], leaves[0]), leaves[1:])

    return trace(build, [x, *params])


def chain(outputs: int) -> Seq:
    return nn.linear(3, 8) >> nn.tanh() >> nn.layer_norm(8) >> nn.residual(nn.linear(8, 8)) >> nn.linear(8, outputs)


def test_the_rows_of_a_model_take_as_many_operations_for_2_outputs_as_for_200() -> None:
    counts = {operations(rows_program(chain(outputs), tl.ones((batch, 3)))) for outputs in (2, 7) for batch in (2, 31)}
    assert len(counts) == 1
    assert counts.pop() < 120


@pytest.mark.parametrize("transform", [core.rows_by_vjp, core.rows_by_jvp])
def test_the_rows_of_a_function_do_too(transform: Callable[..., Any]) -> None:
    def build(x: Tensor) -> Sequence[Tensor]:
        output = tl.softmax(tl.sin(x) * tl.exp(x))
        rows = transform(output, [x] if transform is core.rows_by_vjp else x)
        return rows if isinstance(rows, list) else [rows]

    counts = {operations(trace(build, [tl.ones(n)])) for n in (2, 5, 40)}
    assert len(counts) == 1


def test_a_hessian_does_too() -> None:
    def build(x: Tensor) -> Sequence[Tensor]:
        (gradient,) = core.gradients(tl.sum(tl.sin(x) * tl.exp(x)), [x])
        return [core.rows_by_jvp(gradient, x)]

    assert len({operations(trace(build, [tl.ones(n)])) for n in (2, 5, 40)}) == 1


def test_the_batched_pass_costs_about_one_product() -> None:
    """Forward, the pass back for one seed, and its batched form: not much more than the pass for one seed."""
    model, x = chain(5), tl.ones((4, 3))
    params = model.init(seed=0).tensors

    def one(*leaves: Tensor) -> Sequence[Tensor]:
        return vjp([model.forward(leaves[2:], leaves[0])], leaves[2:], [leaves[1]])

    single = operations(trace(one, [x, tl.ones((4, 5)), *params]))
    assert operations(rows_program(model, x)) <= 2 * single


def test_hessian_vector_products_are_forward_over_reverse() -> None:
    """One pass forward over the gradient's graph, whose size does not grow with the number of parameters' elements."""

    def build(x: Tensor, v: Tensor) -> Sequence[Tensor]:
        return jvp(core.gradients(tl.sum(tl.tanh(x) ** 3), [x]), [x], [v])

    counts = [operations(trace(build, [tl.ones(n), tl.ones(n)])) for n in (2, 60)]
    assert counts[0] == counts[1]
    program = trace(build, [tl.ones(2), tl.ones(2)])
    (result,) = program([tl.tensor([0.1, 0.2]), tl.tensor([1.0, 0.0])])
    t = np.tanh(np.array([0.1, 0.2]))
    slope = 1 - t**2
    np.testing.assert_allclose(result.numpy(), [(6 * t * slope**2 - 6 * t**3 * slope)[0], 0.0], rtol=1e-12)
