"""A comparison of a dtype narrows a tensor: of a union, and of a kind of dtypes such as Float."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int64, Num

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def mask(m: Bool[Tensor, "n"] | Int64[Tensor, "n"]) -> Bool[Tensor, "n"]:
    return m > 0 if m.dtype != "bool" else m


@tl.checked
def double(x: Float[Tensor, "n"]) -> Float64[Tensor, "n"]:
    if x.dtype != "float64":
        x = x.astype("float64")
    reveal_type(x)  # R: Float64[Tensor, "n"]
    return x


@tl.checked
def of_two(x: Float32[Tensor, "n"] | Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    if x.dtype == np.float32:
        reveal_type(x)  # R: Float32[Tensor, "n"]
        return x.astype("float64")
    return x


@tl.checked
def in_turn(x: Num[Tensor, "n"]) -> Float64[Tensor, "n"]:
    if "float64" == x.dtype:
        return x
    if x.dtype == "float32":
        return x.astype("float64")
    assert x.dtype == "int64"
    reveal_type(x)  # R: Int64[Tensor, "n"]
    return x.astype("float64")


@tl.checked
def left_as_it_is(x: Float[Tensor, "n"], y: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    if x.dtype == "float32":
        x = x * 2
    reveal_type(x)  # R: Float[Tensor, "n"]
    return x + y if x.dtype == y.dtype else x


@tl.checked
def never_so(x: Float64[Tensor, "n"]) -> bool:
    return x.dtype == "float32" or x.dtype == "float64"


@tl.checked
class Held:
    def __init__(self, x: Float[Tensor, "n"]) -> None:
        self.x = x

    def double(self) -> Float64[Tensor, "n"]:
        return self.x if self.x.dtype == "float64" else self.x.astype("float64")


row, single = tl.ones(3), tl.ones(3, dtype="float32")
mask(row > 0)
mask(row.astype("int64"))
for x in (row, single):
    double(x)
    of_two(x)
    in_turn(x)
    left_as_it_is(x, x)
    Held(x).double()
in_turn(row.astype("int64"))
never_so(row)


def wrong(x: Float32[Tensor, "n"] | Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    if x.dtype == "float64":
        return x.astype("float32").astype("float64")
    return x  # E: return-value: wrong: the result has dtype float32, expected float64


def wrong_branch(x: Float[Tensor, "n"]) -> Float64[Tensor, "n"]:
    if x.dtype == "float64":
        x = x.astype("float64")
    return x  # E: return-value: wrong_branch: the result has dtype floating, expected float64


def wrong_shape(m: Bool[Tensor, "n"] | Int64[Tensor, "n"]) -> Bool[Tensor, "n"]:
    return m > 0 if m.dtype == "bool" else m  # E: shape: greater: a Python int does not go with bool; dtypes are not promoted: convert the tensor with astype # E: return-value: Incompatible return value type (got "Tensor | Int64[Tensor, 'n']", expected "Bool[Tensor, 'n']")
