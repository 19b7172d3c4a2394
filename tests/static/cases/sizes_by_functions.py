"""The sum, the least and the largest of sizes, and ``int`` of one, are sizes."""

from typing import reveal_type

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

x = tl.zeros((5, 3))
reveal_type(tl.zeros(sum(x.shape)))  # R: Float64[Tensor, "8"]
reveal_type(tl.zeros(min(x.shape)))  # R: Float64[Tensor, "3"]
reveal_type(tl.zeros(max(x.shape[0], 7)))  # R: Float64[Tensor, "7"]
reveal_type(tl.zeros(int(x.shape[0])))  # R: Float64[Tensor, "5"]
reveal_type(tl.zeros((min(len(x), 2), 3)) + x[:2])  # R: Float64[Tensor, "2 3"]
tl.zeros(min(x.shape)) + tl.zeros(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
tl.zeros(sum(x.shape)) + x.reshape(15)  # E: shape-broadcast: add: axis 0 differs: 8 and 15 (left: [8], right: [15]); broadcasting is explicit: only an axis of size 1 stretches
reveal_type(min(3, 4))  # R: int
reveal_type(sum([1, 2]))  # R: int
reveal_type(min(x.shape[0], 7, key=lambda n: -n))  # R: int


def both(x: Float64[Tensor, "n m"], y: Float64[Tensor, "k m"]) -> Float64[Tensor, "n+k"]:
    reveal_type(tl.zeros(max(x.shape[0], x.shape[0] + 1)))  # R: Float64[Tensor, "n+1"]
    reveal_type(tl.zeros(min(x.shape[0], y.shape[0])))  # R: Float64[Tensor, "_"]
    reveal_type(x[: min(x.shape[0], 2)])  # R: Float64[Tensor, "_ m"]
    return tl.zeros(sum((int(x.shape[0]), int(y.shape[0]))))


both(tl.zeros((5, 3)), tl.zeros((2, 3)))
