"""Programs of many operations: the flat program computes whatever is recorded, again and again, and spoils nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import torchlean_typed as tl
from tests.table.cases import DIFFERENTIABLE, STRATEGIES, Array, Case
from torchlean_typed.engine.run import trace
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import from_numpy, leaf, tracing
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

Build = Callable[..., list[Tensor]]


def immediately(build: Build, inputs: Sequence[Tensor]) -> list[Tensor]:
    with tracing():
        return build(*[leaf(x.shape, x.dtype, x._array) for x in inputs])


def check_program(build: Build, first: Sequence[Array], second: Sequence[Array]) -> None:
    """Compiled once, run for two inputs and the first again: always the immediate results, and none changes later."""
    program = trace(build, [from_numpy(x) for x in first])
    seen: list[tuple[Tensor, Array]] = []
    for arrays in (first, second, first):
        inputs = [from_numpy(x) for x in arrays]
        results = program(inputs)
        expected = immediately(build, inputs)
        for result, immediate in zip(results, expected, strict=True):
            assert result._order == 0
            assert (result.shape, result.dtype) == (immediate.shape, immediate.dtype)
            np.testing.assert_allclose(result.numpy(), immediate.numpy(), rtol=1e-11, atol=1e-12)
        for x, array in zip(inputs, arrays, strict=True):
            np.testing.assert_array_equal(x.numpy(), array)
        seen += [(result, result.numpy().copy()) for result in results]
    for result, was in seen:
        np.testing.assert_array_equal(result.numpy(), was)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
@settings(max_examples=8)
@given(data=st.data())
def test_an_operation_between_others(name: str, data: st.DataObject) -> None:
    """Its operands are results, its result is an operand, and its derivatives are outputs next to views of it."""
    case: Case = data.draw(STRATEGIES[name])
    variable = [index for index, array in enumerate(case.arrays) if array.dtype.kind == "f"]
    if not variable:
        return

    def build(*leaves: Tensor) -> list[Tensor]:
        operands = [from_numpy(array) for array in case.arrays]
        for index, x in zip(variable, leaves, strict=True):
            operands[index] = x * 1.0 + 0.0 * x
        result = case(*operands)
        if not isinstance(result, Tensor) or result.dtype.kind != "f":
            return [tl.flatten(operands[variable[0]])]
        flat = tl.flatten(result * 2.0)
        derivatives = vjp([flat], leaves, [flat])
        return [flat, result, tl.reshape(result, result.shape), *derivatives, *jvp([flat], leaves, derivatives)]

    arrays = [case.arrays[index] for index in variable]
    check_program(build, arrays, [1.25 * x for x in arrays])


# Steps of a random program: each takes tensors that are there and makes one more.
UNARY: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": tl.tanh,
    "sigmoid": tl.sigmoid,
    "sin": tl.sin,
    "relu": tl.relu,
    "negative": tl.negative,
    "square": lambda x: tl.tanh(tl.square(x)),
    "half": lambda x: 0.5 * x,
    "shift": lambda x: x + 1.0,
    "flatten": tl.flatten,
    "transposed": lambda x: x.mT if x.ndim > 1 else x,
    "first": lambda x: x[0] if x.ndim else x,
    "reversed": lambda x: x[::-1] if x.ndim else x,
    "row": lambda x: x[None],
    "total": lambda x: tl.sum(x),
    "means": lambda x: tl.mean(x, axis=-1, keepdims=True) if x.ndim else x,
    "softmax": lambda x: tl.softmax(x) if x.ndim else x,
    "gradient": lambda x: tl.autograd.fn.grad(lambda y: tl.sum(tl.sin(y)), x),
}
BINARY: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": tl.add,
    "subtract": tl.subtract,
    "multiply": lambda x, y: tl.tanh(x * y),
    "maximum": tl.maximum,
    "where": lambda x, y: tl.where(x > y, x, y),
    "concat": lambda x, y: tl.concat([tl.flatten(x), tl.flatten(y)]),
    "matmul": lambda x, y: tl.tanh(x @ y),
}
PICK = st.integers(0, 10**6)
STEP = st.tuples(st.sampled_from([*UNARY, *BINARY]), PICK, PICK)


def run(steps: Sequence[tuple[str, int, int]], tensors: Sequence[Tensor]) -> list[Tensor]:
    """All tensors that the steps make; a step whose operands do not fit makes nothing."""
    there = list(tensors)
    for name, i, j in steps:
        x, y = there[i % len(there)], there[j % len(there)]
        try:
            there.append(UNARY[name](x) if name in UNARY else BINARY[name](x, y))
        except tl.ShapeError:
            continue
    return there


@settings(max_examples=120)
@given(
    st.lists(STEP, min_size=1, max_size=14),
    st.lists(PICK, min_size=1, max_size=4),
    st.sampled_from((np.float32, np.float64)),
    st.integers(0, 2**32 - 1),
)
def test_random_programs(steps: list[tuple[str, int, int]], picks: list[int], dtype: Any, seed: int) -> None:
    """Any results, views and inputs among the outputs, some twice, with derivatives of one of them."""
    rng = np.random.default_rng(seed)
    first, second = ([rng.uniform(-1, 1, shape).astype(dtype) for shape in ((2, 3), (3, 2), (3,))] for _ in range(2))

    def build(*leaves: Tensor) -> list[Tensor]:
        made = run(steps, leaves)
        outputs = [made[pick % len(made)] for pick in picks]
        return [*outputs, *vjp([outputs[0]], leaves, [tl.tanh(outputs[0])])]

    if dtype is np.float64:
        check_program(build, first, second)
        return
    program = trace(build, [from_numpy(x) for x in first])
    for arrays in (first, second):
        inputs = [from_numpy(x) for x in arrays]
        for result, expected in zip(program(inputs), immediately(build, inputs), strict=True):
            assert result.dtype == expected.dtype == np.float32
            np.testing.assert_allclose(result.numpy(), expected.numpy(), rtol=1e-4, atol=1e-5)
