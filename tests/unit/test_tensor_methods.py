"""Every function of the operation table whose first argument is a tensor ``x`` is a method of Tensor, and the same."""

from __future__ import annotations

import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor
from torchlean_typed.ops.op import TABLE, record_of

SPELLED_OTHERWISE = {"getitem": "x[key]", "transpose": "x.T"}
NO_METHODS = ("zeros_like", "ones_like", "full_like")  # nor are they in the array API standard
METHODS = [
    name
    for name, op in TABLE.items()
    if op.tensors[:1] == ("x",) and not op.sequence and name not in (*SPELLED_OTHERWISE, *NO_METHODS)
]


@pytest.mark.parametrize("name", METHODS)
def test_the_function_is_a_method(name: str) -> None:
    assert record_of(getattr(Tensor, name)) is TABLE[name] is record_of(getattr(tl, name))


def test_operators_are_the_functions_of_the_table() -> None:
    operators = {
        "__add__": "add",
        "__sub__": "subtract",
        "__mul__": "multiply",
        "__truediv__": "divide",
        "__pow__": "pow",
        "__neg__": "negative",
        "__abs__": "abs",
        "__matmul__": "matmul",
        "__getitem__": "getitem",
    }
    for operator, name in operators.items():
        assert record_of(getattr(Tensor, operator)) is TABLE[name]


def test_methods_take_the_functions_arguments() -> None:
    x = tl.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert tl.allclose(x.sum(axis=0), tl.tensor([4.0, 6.0]))
    assert tl.allclose(x.sum(1, True), tl.tensor([[3.0], [7.0]]))
    assert tl.allclose(x.clip(min=2.0, max=3.0), tl.tensor([[2.0, 2.0], [3.0, 3.0]]))
    assert tl.allclose(x.add(1.0).multiply(x).pow(2.0).sqrt(), (x + 1.0) * x)
    assert x.reshape((4,)).expand_dims(axis=0).squeeze(0).shape == (4,)
