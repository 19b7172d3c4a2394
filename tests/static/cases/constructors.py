"""Constructors, and data of one's own."""

from typing import Final

import numpy as np

from jaxtyping import Float32, Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Tensor

SIZE: Final = 4

reveal_type(tl.zeros((2, 3)))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.ones(3))  # R: Float64[Tensor, "3"]
reveal_type(tl.full((2, SIZE), 1.5))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.zeros_like(tl.ones((2, 3), dtype="float32")))  # R: Float32[Tensor, "2 3"]
reveal_type(tl.ones_like(tl.zeros((2, 3)), dtype=np.int64))  # R: Int64[Tensor, "2 3"]
reveal_type(tl.full_like(tl.arange(3), 7))  # R: Int64[Tensor, "3"]
reveal_type(tl.full_like(tl.zeros(()), 7, dtype=None))  # R: Float64[Tensor, ""]
reveal_type(tl.eye(3))  # R: Float64[Tensor, "3 3"]
reveal_type(tl.eye(3, 4, dtype=np.float32))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.arange(5))  # R: Int64[Tensor, "5"]
reveal_type(tl.arange(2, 10, 3))  # R: Int64[Tensor, "3"]
reveal_type(tl.arange(0.0, 1.0, 0.25))  # R: Float64[Tensor, "4"]
reveal_type(tl.linspace(0.0, 1.0, 11))  # R: Float64[Tensor, "11"]
reveal_type(tl.random.normal((2, 3), seed=0))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.random.uniform(4, seed=1, dtype="float32"))  # R: Float32[Tensor, "4"]
reveal_type(tl.zeros(()))  # R: Float64[Tensor, ""]
reveal_type(tl.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.tensor(3.0))  # R: Float64[Tensor, ""]
reveal_type(tl.tensor([1, 2], dtype=np.int64))  # R: Int64[Tensor, "2"]
reveal_type(tl.tensor([[True], [False]], dtype=bool))  # R: Bool[Tensor, "2 1"]
data = [1.0, 2.0]
reveal_type(tl.tensor(data))  # R: Float64[Tensor, "_"]
reveal_type(tl.tensor([data, data]))  # R: Float64[Tensor, "2 _"]
n: int = 3
reveal_type(tl.zeros((n, 2)))  # R: Float64[Tensor, "_ 2"]
reveal_type(tl.zeros(a.shape) if (a := tl.ones((3, 2))) is not None else a)  # R: Float64[Tensor, "3 2"]

tl.zeros((2, -3))  # E: shape: zeros: size -3 is negative (shape: [2, -3])
tl.arange(0, 5, 0)  # E: shape: arange: step is 0
tl.full_like(tl.arange(3), 0.5)  # E: shape: full_like: a Python float does not go with int64; dtypes are not promoted: convert the tensor with astype
tl.full_like(tl.ones(3, dtype=np.int8), 300)  # E: shape: full_like: 300 is no int8
tl.ones((2, 3)) @ tl.ones_like(tl.ones((2, 3)))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
tl.zeros_like(tl.ones(2), dtype="complex64")  # E: shape: zeros_like: needs a bool, integer or floating dtype, got complex64
tl.zeros((2, 3)) + tl.ones((3, 2))  # E: shape: add: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
tl.tensor([[1.0, 2.0], [3.0]])  # E: shape: tensor: ragged data: the item at index [1] has shape [1], the first has [2]; make all rows equally long
tl.tensor([[[1.0]], [[2.0], [3.0]]])  # E: shape: tensor: ragged data: the item at index [1] has shape [2, 1], the first has [1, 1]; make all rows equally long
tl.tensor([1.5], dtype=np.int64)  # E: shape: tensor: a Python float does not go with int64; dtypes are not promoted: convert the tensor with astype
len(tl.tensor(1.0))  # E: shape: len: a scalar has no length (operand: [])
tl.zeros(3).item()  # E: shape: item: needs one element, got 3 (operand: [3])
tl.allclose(tl.zeros(3), tl.zeros(4))  # E: shape: allclose: shapes differ (left: [3], right: [4])
tl.tensor([[1, "a"], [3, 4]])  # E: shape: tensor: needs numbers, got str 'a' at index [0, 1]
tl.tensor("3")  # E: shape: tensor: needs numbers, got str '3' at the top
tl.tensor([1j])  # E: shape: tensor: needs numbers, got complex 1j at index [0]
tl.tensor([[1.0], [None]])  # E: shape: tensor: needs numbers, got NoneType at index [1, 0]
tl.tensor({"a": 1.0})  # E: shape: tensor: needs numbers, got dict at the top
tl.tensor({"a": 1.0}.values())  # E: shape: tensor: needs numbers, got dict_values at the top
tl.tensor(range(3))  # E: shape: tensor: needs numbers, got range at the top
tl.tensor([range(3), range(3)])  # E: shape: tensor: needs numbers, got range at index [0]
tl.tensor(number for number in data)  # E: shape: tensor: needs numbers, got generator at the top
tl.tensor(map(float, data))  # E: shape: tensor: needs numbers, got map at the top
maybe: list[float | None] = [1.0, 2.0]
mixed: list[float | str] = [1.0, 2.0]
an_object: object = [1.0, 2.0]
reveal_type(tl.tensor(maybe))  # R: Float64[Tensor, "2"]
reveal_type(tl.tensor(mixed))  # R: Float64[Tensor, "2"]
reveal_type(tl.tensor(an_object))  # R: Float64[Tensor, "..."]
reveal_type(tl.tensor([np.float64(1.0), True, 2]))  # R: Float64[Tensor, "3"]
reveal_type(tl.tensor([np.ones(3), [1, 2, 3]]))  # R: Float64[Tensor, "2 3"]


def momentum(x: Float64[Tensor, "*b n"], steps: Int64[Tensor, "n"]) -> Float64[Tensor, "*b n"]:
    velocity = tl.zeros_like(x)
    reveal_type(tl.full_like(x, 0.5, dtype="float32"))  # R: Float32[Tensor, "*b n"]
    reveal_type(tl.ones_like(steps))  # R: Int64[Tensor, "n"]
    return velocity + tl.ones_like(x)


def either(x: Float32[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float32[Tensor, "n"] | Float64[Tensor, "b n"]:
    return x + tl.zeros_like(x)


momentum(tl.ones((5, 3)), tl.arange(3))
tl.ones(4) * momentum(tl.ones(3), tl.arange(3))  # E: shape-broadcast: multiply: axis 0 differs: 4 and 3 (left: [4], right: [3]); broadcasting is explicit: only an axis of size 1 stretches
either(tl.ones((5, 3)))
