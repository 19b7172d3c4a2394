"""NumPy's functions through which arrays reach tensors, by their shape stubs."""

from typing import Any

import numpy as np
from jaxtyping import Float64
from numpy import zeros as empty_of

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, nn

rng = np.random.default_rng(0)

reveal_type(tl.from_numpy(np.zeros((3, 4))))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.ones(3, dtype=np.float32)))  # R: Float32[Tensor, "3"]
reveal_type(tl.from_numpy(empty_of((2, 2), "int32")))  # R: Int32[Tensor, "2 2"]
reveal_type(tl.from_numpy(np.full((3, 4), 1)))  # R: Int64[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.full((3, 4), 1.5)))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.full((3, 4), 1, dtype=np.float32)))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.eye(3)))  # R: Float64[Tensor, "3 3"]
reveal_type(tl.from_numpy(np.eye(3, 4, dtype=bool)))  # R: Bool[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.arange(3)))  # R: Int64[Tensor, "3"]
reveal_type(tl.from_numpy(np.arange(2, 9)))  # R: Int64[Tensor, "7"]
reveal_type(tl.from_numpy(np.arange(5, 0, -2)))  # R: Int64[Tensor, "3"]
reveal_type(tl.from_numpy(np.arange(5, 1)))  # R: Int64[Tensor, "0"]
reveal_type(tl.from_numpy(np.arange(3, dtype=np.float64)))  # R: Float64[Tensor, "3"]
reveal_type(tl.from_numpy(np.arange(0.0, 1.0, 0.1)))  # R: Shaped[Tensor, "_"]
reveal_type(tl.from_numpy(np.linspace(0, 1)))  # R: Float64[Tensor, "50"]
reveal_type(tl.from_numpy(np.linspace(0, 1, num=7)))  # R: Float64[Tensor, "7"]
reveal_type(tl.from_numpy(np.array([[1, 2], [3, 4], [5, 6]])))  # R: Int64[Tensor, "3 2"]
reveal_type(tl.from_numpy(np.array([[1, 2.5], [3, 4]])))  # R: Float64[Tensor, "2 2"]
reveal_type(tl.from_numpy(np.array([1, 2], dtype=np.float32)))  # R: Float32[Tensor, "2"]
reveal_type(tl.from_numpy(np.asarray(np.zeros((2, 3)))))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.from_numpy(rng.normal(size=(3, 4))))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.from_numpy(rng.uniform(0, 1, (3, 4))))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.from_numpy(rng.standard_normal((3, 4))))  # R: Float64[Tensor, "3 4"]
reveal_type(rng.normal())  # R: float
reveal_type(tl.from_numpy(np.zeros((3, 4), order="F")))  # R: Float64[Tensor, "..."]
reveal_type(tl.from_numpy(np.zeros((3, 4)).T))  # R: Float64[Tensor, "4 3"]
reveal_type(tl.from_numpy(np.zeros((3, 1)) + np.zeros((1, 4))))  # R: Float64[Tensor, "3 4"]

model = nn.linear(3, 2)
params = model.init(seed=0)
reveal_type(model(params, tl.from_numpy(rng.normal(size=(5, 3)))))  # R: Float64[Tensor, "5 2"]
model(params, tl.from_numpy(rng.normal(size=(5, 4))))  # E: shape: Seq: x has shape [5, 4], the model takes [*b, 3]
tl.from_numpy(np.zeros((3, 4))) @ tl.from_numpy(np.ones((3, 4)))  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
tl.from_numpy(np.eye(3)) + tl.from_numpy(np.arange(3))  # E: shape-broadcast: add: ranks differ (left: [3, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
tl.from_numpy(np.array([[1.0, 2.0], [3.0, 4.0]])) @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 2 (left: [2, 2]) and 3 (right: [3])
tl.from_numpy(np.zeros(3, dtype=np.float32)) + tl.zeros(3)  # E: shape: add: dtypes differ: float32 and float64; dtypes are not promoted: convert one with astype


@tl.checked
def centred(n: Dim["n"], x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    reveal_type(tl.from_numpy(np.zeros(x.shape)))  # R: Float64[Tensor, "n m"]
    reveal_type(tl.from_numpy(np.arange(1, n)))  # R: Int64[Tensor, "_"]
    reveal_type(tl.from_numpy(np.arange(1, n + 1)))  # R: Int64[Tensor, "n"]
    return x - tl.from_numpy(np.full((n, x.shape[1]), 0.5))


reveal_type(centred(5, tl.from_numpy(np.zeros((5, 3)))))  # R: Float64[Tensor, "5 3"]
centred(4, tl.from_numpy(np.zeros((5, 3))))  # E: shape: centred: dimension "n" is 4 in argument 1 ("n") but 5 in argument 2 ("x"), [n=5, m=3]


def unknown(shape: tuple[int, ...], anything: Any) -> None:
    reveal_type(tl.from_numpy(np.zeros(shape)))  # R: Float64[Tensor, "..."]
    reveal_type(tl.from_numpy(np.array(anything)))  # R: Shaped[Tensor, "..."]
    tl.from_numpy(np.zeros(shape)) @ tl.zeros(3)


arrays = [np.zeros(3)]
arrays.append(np.zeros(4))  # E: arg-type: append: argument 1 has shape [4], expected [3]
