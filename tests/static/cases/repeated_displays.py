"""Displays that are repeated, ``[w] * 3``: their items, how many they are, and the arrays made of them."""

from functools import reduce

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

w = tl.ones((3, 3))
reveal_type(reduce(tl.matmul, [w] * 4))  # R: Float64[Tensor, "3 3"]
reveal_type(reduce(tl.matmul, [w] * 4, tl.ones((5, 3))))  # R: Float64[Tensor, "5 3"]
reduce(tl.matmul, [tl.ones((3, 4))] * 2)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
reveal_type(tl.stack([w[0]] * 2))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.concat([w, w[:1]] * 2))  # R: Float64[Tensor, "8 3"]
reveal_type(list(map(tl.sum, [w] * 2)))  # R: list[Float64[Tensor, ""]]
tl.concat([w, tl.ones((3, 4))] * 2)  # E: shape: concat: axis 1 differs: 3 and 4 (item 0: [3, 3], item 1: [3, 4]); did you mean axis=1?
reveal_type(tl.tensor([0.0] * 5))  # R: Float64[Tensor, "5"]
reveal_type(tl.tensor([[0.0, 1.0]] * 5))  # R: Float64[Tensor, "5 2"]
reveal_type(tl.tensor([[1.0] * 2, [3.0, 4.0]]))  # R: Float64[Tensor, "2 2"]
tl.tensor([[1.0] * 2, [1.0] * 3])  # E: shape: tensor: ragged data: the item at index [1] has shape [3], the first has [2]; make all rows equally long
reveal_type(np.array([[0.0] * 2] * 3))  # R: Float64[np.ndarray, "3 2"]
tl.tensor([1.0] * 4) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 4 and 5 (left: [4], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
for each in [w] * 2:
    each @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3, 3]) and 4 (right: [4])


def power(a: Float64[Tensor, "d d"], n: int) -> Float64[Tensor, "d d"]:
    return reduce(tl.matmul, [a] * n)


def repeated(x: Float64[Tensor, "n"], k: Dim["k"]) -> Float64[Tensor, "k n"]:
    return tl.stack([x] * k)


def wrong(x: Float64[Tensor, "n"], k: Dim["k"]) -> Float64[Tensor, "k n"]:
    return tl.stack([x] * k, axis=1)  # E: return-value: wrong: the result has shape [n, k], expected [k, n]; did you mean .mT?


reveal_type(power(w, 2))  # R: Float64[Tensor, "3 3"]
reveal_type(repeated(tl.ones(4), 3))  # R: Float64[Tensor, "3 4"]
