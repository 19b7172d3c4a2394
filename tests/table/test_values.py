"""Values and dtypes: each kernel against its NumPy reference, run immediately and compiled, in each dtype."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import torchlean_typed as tl
from tests.table.cases import STRATEGIES, WITH_OPERANDS, Case
from torchlean_typed.engine.run import trace
from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import from_numpy

LOGICAL = ("logical_and", "logical_or", "logical_not")
DTYPES = (np.float16, np.float32, np.float64, np.int8, np.int32, np.int64, np.uint8, np.bool_)


def tensors(case: Case) -> list[Tensor]:
    return [from_numpy(array) for array in case.arrays]


def check_described(result: Tensor) -> None:
    """The kernel's array is what the rules say of it."""
    assert result._array is not None
    assert (result._array.shape, result._array.dtype) == (result.shape, result.dtype)


@pytest.mark.parametrize("name", sorted(TABLE))
@settings(max_examples=40)
@given(data=st.data())
def test_values_are_the_references(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    result = case(*tensors(case))
    check_described(result)
    expected = case.reference()
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", WITH_OPERANDS)
@settings(max_examples=25)
@given(data=st.data())
def test_compiled_values_are_the_immediate_ones(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    program = trace(lambda *leaves: [case(*leaves)], tensors(case))
    (result,) = program(tensors(case))
    check_described(result)
    immediate = case(*tensors(case))
    assert result.dtype == immediate.dtype
    np.testing.assert_allclose(result.numpy(), immediate.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("name", WITH_OPERANDS)
@settings(max_examples=6)
@given(data=st.data())
def test_a_kernel_gives_the_dtype_that_the_rule_says(name: str, dtype: type, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    condition = [array.dtype.kind in "bi" and name not in LOGICAL for array in case.arrays]
    arrays = [a if keep else np.abs(a).astype(dtype) for a, keep in zip(case.arrays, condition, strict=True)]
    try:
        result = case(*map(from_numpy, arrays))
    except (ShapeError, tl.DomainError):  # not an operation on this dtype, or no such values in it
        return
    check_described(result)
