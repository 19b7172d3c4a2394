"""Shapes that no tensor has, and sizes that cannot be."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@tl.checked
def pairs(x: Float64[Tensor, "2*k"], y: Float64[Tensor, "k+1"]) -> Float64[Tensor, "k"]:
    return x[::2] + y[1:]


@tl.checked
def area(x: Float64[Tensor, "n*m"], n: Dim["n"], m: Dim["m"]) -> Float64[Tensor, "n m"]:
    return x.reshape((n, m))


@tl.checked
def square(x: Float64[Tensor, "n n"], y: Float64[Tensor, "n*n"]) -> Float64[Tensor, "n n"]:
    return x + y.reshape(x.shape)


@tl.checked
def half(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n//2"]:
    return x[: x.shape[0] // 2]


@tl.checked
def from_half(x: Float64[Tensor, "n//2"], n: Dim["n"]) -> Float64[Tensor, "n"]:
    return tl.zeros(n)


x = tl.zeros((5, 3))
reveal_type(pairs(tl.zeros(6), tl.zeros(4)))  # R: Float64[Tensor, "3"]
reveal_type(area(tl.zeros(6), 2, 3))  # R: Float64[Tensor, "2 3"]
reveal_type(square(tl.zeros((2, 2)), tl.zeros(4)))  # R: Float64[Tensor, "2 2"]
reveal_type(half(tl.zeros(7)))  # R: Float64[Tensor, "3"]
reveal_type(from_half(tl.zeros(3), 7))  # R: Float64[Tensor, "7"]
reveal_type(x.reshape((-1, 5)))  # R: Float64[Tensor, "3 5"]
x.reshape((2, -1))  # E: shape: reshape: 15 elements do not divide by 2 (operand: [5, 3], shape: [2, -1])
x.reshape((4, 4))  # E: shape: reshape: 15 elements do not fit 16 (operand: [5, 3], shape: [4, 4])
x.reshape((-1, -1))  # E: shape: reshape: shape [-1, -1] has more than one -1 (operand: [5, 3])
x.reshape((-2, 3))  # E: shape: reshape: size -2 is negative (operand: [5, 3])
tl.zeros(-1)  # E: shape: zeros: size -1 is negative (shape: [-1])
tl.ones((3, -4))  # E: shape: ones: size -4 is negative (shape: [3, -4])
tl.zeros((x.shape[1] - 4, 2))  # E: shape: zeros: size -1 is negative (shape: [-1, 2])
pairs(tl.zeros(7), tl.zeros(4))  # E: shape: pairs: dimension "2*k" of argument 1 ("x") is 7, which no k gives
pairs(tl.zeros(6), tl.zeros(0))  # E: shape: pairs: dimension "k+1" of argument 2 ("y") is 0, expected 4, as k is 3 in argument 1 ("x")
area(tl.zeros(7), 2, 3)  # E: shape: area: dimension "m*n" of argument 1 ("x") is 7, expected 6, as m is 3 in argument 3 ("m") and n is 2 in argument 2 ("n")
square(tl.zeros((2, 2)), tl.zeros(5))  # E: shape: square: dimension "n*n" of argument 2 ("y") is 5, expected 4, as n is 2 in argument 1 ("x")
from_half(tl.zeros(4), 7)  # E: shape: from_half: dimension "n//2" of argument 1 ("x") is 4, expected 3, as n is 7 in argument 2 ("n")
tl.eye(-2)  # E: shape: eye: size -2 is negative (shape: [-2, -2])
tl.split(x, 2)  # E: shape: split: axis 0 of size 5 has no 2 equal parts (operand: [5, 3])
x.flatten().reshape((x.shape[0], x.shape[0]))  # E: shape: reshape: 15 elements do not fit 25 (operand: [15], shape: [5, 5])


def symbolic(y: Float64[Tensor, "n 3"]) -> Tensor:
    return y.reshape((y.shape[0], 4))  # E: shape: reshape: 3*n elements do not fit 4*n (operand: [n, 3], shape: [n, 4])


def odd(y: Float64[Tensor, "2*n+1"]) -> Tensor:
    return y.reshape((2, y.shape[0] // 2))  # E: shape: reshape: 2*n+1 elements do not fit 2*n (operand: [2*n+1], shape: [2, n])
