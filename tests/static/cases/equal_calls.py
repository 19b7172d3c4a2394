"""Calls that look alike and are not: what was found for one call is remembered for its equals, and for no other."""

from typing import Generic, TypeVar

import numpy as np
from jaxtyping import Float32, Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

T = TypeVar("T")


def halves(x: Float64[Tensor, "m"], y: Float64[Tensor, "n"]) -> Tensor:
    if x.shape == y.shape:
        reveal_type(x + y)  # R: Float64[Tensor, "n"]
    return x + y  # E: shape-broadcast: add: axis 0 differs: m and n (left: [m], right: [n]); broadcasting is explicit: only an axis of size 1 stretches


def known_from_here(x: Float64[Tensor, "d"], h: Dim["h"]) -> Tensor:
    x.reshape((h, x.shape[0] // h))  # E: shape: reshape: d elements do not fit h*(d//h) (operand: [d], shape: [h, d//h])
    assert x.shape[0] % h == 0
    return x.reshape((h, x.shape[0] // h))


@tl.checked
def same(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x + y


def of_one_length(x: Float64[Tensor, "m"], y: Float64[Tensor, "n"]) -> Tensor:
    if x.shape == y.shape:
        same(x, y)
    return same(x, y)  # E: shape: same: dimension "n" is m in argument 1 ("x") but the caller's n in argument 2 ("y")


def kept(keep: bool) -> None:
    x = tl.ones((2, 3))
    reveal_type(tl.sum(x, axis=1, keepdims=True))  # R: Float64[Tensor, "2 1"]
    reveal_type(tl.sum(x, axis=1, keepdims=False))  # R: Float64[Tensor, "2"]
    reveal_type(tl.sum(x, axis=1, keepdims=1))  # type: ignore[arg-type]  # E: shape: sum: keepdims must be True or False, got 1
    reveal_type(tl.sum(x, axis=1, keepdims=keep))  # R: Float64[Tensor, "..."]
    reveal_type(tl.reshape(x, (3, 2)))  # R: Float64[Tensor, "3 2"]
    reveal_type(tl.reshape(x, (2, 3)))  # R: Float64[Tensor, "2 3"]
    reveal_type(x * 2)  # R: Float64[Tensor, "2 3"]
    reveal_type(tl.ones(3, "int64") * 2)  # R: Int64[Tensor, "3"]
    tl.ones(3, "int64") * 2.0  # E: shape: multiply: a Python float does not go with int64; dtypes are not promoted: convert the tensor with astype


@tl.checked
def size(n: Dim["n"], x: Float64[Tensor, "m"]) -> Float64[Tensor, "n"]:
    return tl.zeros(n)


reveal_type(size(3, tl.ones(2)))  # R: Float64[Tensor, "3"]
reveal_type(size(4, tl.ones(2)))  # R: Float64[Tensor, "4"]


@tl.checked
def first(xs: list[Float64[Tensor, "n"]], ys: list[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return xs[0]


first([tl.ones(3)], [tl.ones(3)])
first([tl.ones(3)], [tl.ones(4)])  # E: shape: first: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 0 of argument 2 ("ys")


@tl.checked
def several(*xs: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return xs[0]


rows = tl.ones((4, 3))
reveal_type(several(rows))  # E: shape: several: argument 1 ("xs") has shape [4, 3], expected [n]
reveal_type(several(*rows))  # R: Float64[Tensor, "_"]


class Narrow:
    def cast(self, x: Float64[Tensor, "n"]) -> Float32[np.ndarray, "n"]:
        return np.zeros(x.shape, np.float32)


class Wide:
    def cast(self, x: Float64[Tensor, "n"]) -> Float64[np.ndarray, "n"]:
        return np.zeros(x.shape)


def dtypes(x: Float64[Tensor, "n"]) -> Float64[np.ndarray, "n"]:
    reveal_type(Narrow().cast(x))  # R: Float[np.ndarray, "n"]
    reveal_type(Wide().cast(x))  # R: Float64[np.ndarray, "n"]
    return Narrow().cast(x)  # E: return-value: dtypes: the result has dtype float32, expected float64


class Box(Generic[T]):
    def __init__(self, held: T) -> None:
        self.held = held

    def get(self, x: Float64[Tensor, "n"]) -> T:
        return self.held


def boxes(a: Box[Float32[np.ndarray, "3"]], b: Box[Float64[np.ndarray, "3"]]) -> Float64[np.ndarray, "3"]:
    reveal_type(a.get(tl.ones(2)))  # R: Float[np.ndarray, "3"]
    reveal_type(b.get(tl.ones(2)))  # R: Float64[np.ndarray, "3"]
    return a.get(tl.ones(2))  # E: return-value: boxes: the result has dtype float32, expected float64


@tl.checked
class Layer:
    w: Float64[Tensor, "o i"]

    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w

    def __call__(self, x: Float64[Tensor, "*b i"]) -> Float64[Tensor, "*b o"]:
        return x @ self.w.mT


small, large = Layer(tl.ones((2, 3))), Layer(tl.ones((4, 3)))
reveal_type(small(tl.ones(3)))  # R: Float64[Tensor, "2"]
reveal_type(large(tl.ones(3)))  # R: Float64[Tensor, "4"]
reveal_type(small(tl.ones((5, 3))))  # R: Float64[Tensor, "5 2"]
small(tl.ones(4))  # E: shape: Layer: argument 1 ("x") has shape [4], expected [*b, 3]
