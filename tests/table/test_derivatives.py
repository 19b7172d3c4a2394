"""Each operation's derivatives: against one another and finite differences, twice, batched, compiled, in float32."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.table.cases import DIFFERENTIABLE, STRATEGIES, WITH_OPERANDS, Array, Case
from torchlean_typed.engine.run import trace
from torchlean_typed.ops.op import TABLE
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import from_numpy, leaf
from torchlean_typed.transform.batch import batch
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

STEP = 1e-5
differentiable = pytest.mark.parametrize("name", DIFFERENTIABLE)


def variable(case: Case) -> list[int]:
    """The operands that a derivative is taken with respect to: the floating ones."""
    return [index for index, array in enumerate(case.arrays) if array.dtype.kind == "f"]


def drawn(data: st.DataObject, shape: tuple[int, ...], dtype: object = np.float64) -> Array:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="seed"))
    return np.asarray(rng.uniform(-1, 1, shape)).astype(dtype)


def evaluate(case: Case, values: Sequence[Array]) -> Array:
    """The result for other values of the variable operands."""
    arrays = list(case.arrays)
    for index, value in zip(variable(case), values, strict=True):
        arrays[index] = value
    return case(*map(from_numpy, arrays)).numpy()


def recorded(case: Case) -> tuple[Tensor, list[Tensor]]:
    """The result, recorded, and its leaves."""
    operands = [from_numpy(array) for array in case.arrays]
    leaves = [leaf(x.shape, x.dtype, x._array) for x in (operands[i] for i in variable(case))]
    for index, x in zip(variable(case), leaves, strict=True):
        operands[index] = x
    return case(*operands), leaves


def pulled(case: Case, values: Sequence[Array], cotangent: Array) -> list[Array]:
    arrays = list(case.arrays)
    for index, value in zip(variable(case), values, strict=True):
        arrays[index] = value
    output, leaves = recorded(replace(case, arrays=tuple(arrays)))
    return [x.numpy() for x in vjp([output], leaves, [from_numpy(cotangent)])]


def difference(f: Callable[..., Sequence[Array]], at: Sequence[Array], along: Sequence[Array]) -> list[Array]:
    """The derivative of f along a direction, by central differences."""
    above = f([x + STEP * v for x, v in zip(at, along, strict=True)])
    below = f([x - STEP * v for x, v in zip(at, along, strict=True)])
    return [(a - b) / (2 * STEP) for a, b in zip(above, below, strict=True)]


def at(case: Case) -> list[Array]:
    return [case.arrays[index] for index in variable(case)]


def assert_close(found: Sequence[Tensor], expected: Sequence[Array], tolerance: float) -> None:
    for a, b in zip(found, expected, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a.numpy(), b, rtol=tolerance, atol=tolerance)


@differentiable
@settings(max_examples=25)
@given(data=st.data())
def test_forward_mode_is_the_finite_difference(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    tangents = [drawn(data, x.shape) for x in at(case)]
    output, leaves = recorded(case)
    found = jvp([output], leaves, [from_numpy(t) for t in tangents])
    assert_close(found, difference(lambda values: [evaluate(case, values)], at(case), tangents), 1e-7)


@differentiable
@settings(max_examples=25)
@given(data=st.data())
def test_reverse_mode_is_the_transpose_of_forward_mode(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    output, leaves = recorded(case)
    tangents = [drawn(data, x.shape) for x in leaves]
    cotangent = drawn(data, output.shape)
    (forward,) = jvp([output], leaves, [from_numpy(t) for t in tangents])
    reverse = vjp([output], leaves, [from_numpy(cotangent)])
    assert [x.shape for x in reverse] == [x.shape for x in leaves]
    left = np.sum(cotangent * forward.numpy())
    right = sum(np.sum(t * ct.numpy()) for t, ct in zip(tangents, reverse, strict=True))
    np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-10)


@differentiable
@settings(max_examples=20)
@given(data=st.data())
def test_forward_over_reverse_is_the_finite_difference_of_reverse(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    output, leaves = recorded(case)
    tangents = [drawn(data, x.shape) for x in leaves]
    cotangent = drawn(data, output.shape)
    reverse = vjp([output], leaves, [from_numpy(cotangent)])
    found = jvp(reverse, leaves, [from_numpy(t) for t in tangents])
    expected = difference(lambda values: pulled(case, values, cotangent), at(case), tangents)
    assert_close(found, expected, 1e-6)


@differentiable
@settings(max_examples=10)
@given(data=st.data())
def test_reverse_over_forward_is_forward_over_reverse(name: str, data: st.DataObject) -> None:
    """The Hessian is symmetric: d/dx <ct, J v> both ways."""
    case = data.draw(STRATEGIES[name])
    output, leaves = recorded(case)
    tangents = [from_numpy(drawn(data, x.shape)) for x in leaves]
    cotangent = from_numpy(drawn(data, output.shape))
    forward = vjp(jvp([output], leaves, tangents), leaves, [cotangent])
    reverse = jvp(vjp([output], leaves, [cotangent]), leaves, tangents)
    assert_close(forward, [x.numpy() for x in reverse], 1e-9)


@differentiable
@settings(max_examples=12)
@given(data=st.data())
def test_derivatives_in_float32_are_float32(name: str, data: st.DataObject) -> None:
    if name == "astype":
        return
    case = data.draw(STRATEGIES[name])
    single = replace(case, arrays=tuple(a.astype(np.float32) if a.dtype.kind == "f" else a for a in case.arrays))
    output, leaves = recorded(single)
    tangents = [from_numpy(drawn(data, x.shape, np.float32)) for x in leaves]
    cotangent = from_numpy(drawn(data, output.shape, np.float32))
    reverse = vjp([output], leaves, [cotangent])
    for x in (output, *jvp([output], leaves, tangents), *reverse, *jvp(reverse, leaves, tangents)):
        assert x.dtype == np.float32
        assert x.numpy().dtype == np.float32


@differentiable
@settings(max_examples=12)
@given(data=st.data())
def test_compiled_derivatives_are_the_immediate_ones(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    output, leaves = recorded(case)
    tangents = [from_numpy(drawn(data, x.shape)) for x in leaves]
    cotangent = from_numpy(drawn(data, output.shape))

    def derivatives(*leaves: Tensor) -> list[Tensor]:
        operands = [from_numpy(array) for array in case.arrays]
        for index, x in zip(variable(case), leaves, strict=True):
            operands[index] = x
        result = case(*operands)
        reverse = vjp([result], leaves, [cotangent])
        return [*jvp([result], leaves, tangents), *reverse, *jvp(reverse, leaves, tangents)]

    immediate = [x.numpy() for x in derivatives(*leaves)]
    inputs = [from_numpy(x) for x in at(case)]
    assert_close(trace(derivatives, inputs)(inputs), immediate, 1e-12)


def as_kind(part: Tensor, dtype: np.dtype) -> Tensor:
    return part if dtype.kind == "f" else part > 0.5 if dtype.kind == "b" else part.astype(dtype)


def another(name: str, array: Array, k: int) -> Array:
    """Other values that are in the operation's domain too: in other places, or for a matrix multiplied."""
    if name in ("cholesky", "logdet", "solve", "triangular_solve"):
        return array * (1 + k / 4)
    return np.roll(array, k).reshape(array.shape)


@pytest.mark.parametrize("name", WITH_OPERANDS)
@settings(max_examples=25)
@given(data=st.data())
def test_one_batched_pass_is_the_passes_stacked(name: str, data: st.DataObject) -> None:
    """Every choice of the operands that carry the batch, of the operation and, where it has one, of its cotangents."""
    case = data.draw(STRATEGIES[name])
    size = data.draw(st.sampled_from((1, 2, 3)))
    count = len(case.arrays)
    batched = data.draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(any), label="batched")
    stacks = [
        np.stack([another(name, array, k) for k in range(size)]) if flag else array
        for array, flag in zip(case.arrays, batched, strict=True)
    ]
    lengths = [array.size if flag else 0 for array, flag in zip(case.arrays, batched, strict=True)]
    ends = np.cumsum(lengths)

    def outputs(vector: Tensor) -> list[Tensor]:
        """The result, and the floating operands' cotangents, from one vector with the batched operands' elements."""
        operands = []
        for array, flag, end in zip(case.arrays, batched, ends, strict=True):
            part = vector[int(end) - array.size : int(end)].reshape(array.shape) if flag else None
            constant = from_numpy(array)
            operands.append(constant if part is None else as_kind(part, array.dtype))
        result = case(*operands)
        if not TABLE[name].differentiable:
            return [result]
        leaves = [operands[i] for i in variable(case) if batched[i]]
        return [result, *vjp([result], leaves, [from_numpy(np.cos(np.arange(result.size)).reshape(result.shape))])]

    flat = [s.reshape(size, -1).astype(np.float64) for s, flag in zip(stacks, batched, strict=True) if flag]
    vectors = np.concatenate(flat, axis=1)
    vector = leaf((vectors.shape[1],), np.dtype(np.float64), vectors[0])
    found = batch(outputs(vector), vector, from_numpy(vectors))
    singles = [outputs(leaf(row.shape, row.dtype, row)) for row in vectors]
    expected = [np.stack([x.numpy() for x in column]) for column in zip(*singles, strict=True)]
    assert_close(found, expected, 1e-12)
