"""Unions of dtypes and of classes of arrays: the one that is meant says what the names are."""

import numpy as np
from jaxtyping import Float, Float32, Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def of_dtypes(x: Float64[Tensor, "n"] | Float32[Tensor, "n"], k: float) -> Float[Tensor, "n"]:
    return x * k


@tl.checked
def beside(x: Float64[Tensor, "n"] | Int64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return y


@tl.checked
def of_both(x: Float64[Tensor, "n"] | Int64[Tensor, "m n"] | None, y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return y


@tl.checked
def of_classes(x: Float64[Tensor | np.ndarray, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return y


reveal_type(of_dtypes(tl.ones(4, dtype="float32"), 2.0).shape[0])  # R: Dim["4"]
of_dtypes(tl.ones(4), 2.0) + tl.ones(3)  # E: shape-broadcast: add: axis 0 differs: 4 and 3 (left: [4], right: [3]); broadcasting is explicit: only an axis of size 1 stretches
reveal_type(beside(tl.ones(4, dtype="int64"), tl.ones(4)))  # R: Float64[Tensor, "4"]
beside(tl.ones(3), tl.ones(4))  # E: shape: beside: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("y")
beside(tl.ones(3, dtype="float32"), tl.ones(3))  # E: shape: beside: argument 1 ("x") has dtype float32, expected int64
beside(tl.ones((3, 3)), tl.ones(3))  # E: shape: beside: argument 1 ("x") has shape [3, 3], expected [n]
reveal_type(of_both(None, tl.ones(3)))  # R: Float64[Tensor, "3"]
of_both(tl.ones(4), tl.ones(3))  # E: shape: of_both: dimension "n" is 4 in argument 1 ("x") but 3 in argument 2 ("y")
of_both(tl.ones((3, 4), dtype="int64"), tl.ones(3))  # E: shape: of_both: dimension "n" is 4 in argument 1 ("x"), [m=3, n=4], but 3 in argument 2 ("y")
of_both(tl.ones((3, 3)), tl.ones(3))  # E: shape: of_both: argument 1 ("x") has shape [3, 3], expected [n]
reveal_type(of_classes(np.ones(3), tl.ones(3)))  # R: Float64[Tensor, "3"]
of_classes(np.ones(4), tl.ones(3))  # E: shape: of_classes: dimension "n" is 4 in argument 1 ("x") but 3 in argument 2 ("y")
of_classes(tl.ones(4), tl.ones(3))  # E: shape: of_classes: dimension "n" is 4 in argument 1 ("x") but 3 in argument 2 ("y")
