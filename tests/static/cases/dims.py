"""Dim: sizes as values."""

import math

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@tl.checked
def identity(n: Dim["n"]) -> Float64[Tensor, "n n"]:
    return tl.eye(n)


@tl.checked
def table(n: Dim["n"], m: Dim["m"]) -> Float64[Tensor, "n+m 2*n"]:
    reveal_type(n + m)  # R: Dim["m+n"]
    reveal_type(2 * n - 1)  # R: Dim["2*n-1"]
    reveal_type((2 * n) // 2)  # R: Dim["n"]
    reveal_type(n // 2)  # R: Dim["n//2"]
    reveal_type(-(-n // 2))  # R: Dim["n-n//2"]
    reveal_type((n + 1) ** 2)  # R: Dim["n*n+2*n+1"]
    return tl.zeros((n + m, 2 * n))


@tl.checked
def tiled(x: Float64[Tensor, "n"], k: Dim["k"]) -> Float64[Tensor, "k*n"]:
    return tl.broadcast_to(x[None, :], (k, len(x))).reshape((k * len(x),))


@tl.checked
def padded(x: Float64[Tensor, "n m"], n: Dim["n"]) -> Float64[Tensor, "n m+1"]:
    return tl.concat([x, tl.zeros((n, 1))], axis=1)


@tl.checked
def count(x: Float64[Tensor, "n m"]) -> Dim["n*m"]:
    rows, columns = x.shape
    return rows * columns


x = tl.zeros((2, 3))
reveal_type(identity(4))  # R: Float64[Tensor, "4 4"]
reveal_type(table(2, 3))  # R: Float64[Tensor, "5 4"]
reveal_type(tiled(tl.zeros(3), 4))  # R: Float64[Tensor, "12"]
reveal_type(padded(x, 2))  # R: Float64[Tensor, "2 4"]
reveal_type(padded(x, x.shape[0]))  # R: Float64[Tensor, "2 4"]
reveal_type(count(x))  # R: Dim["6"]
reveal_type(tl.zeros(count(x)))  # R: Float64[Tensor, "6"]
reveal_type(x.shape)  # R: tuple[Dim["2"], Dim["3"]]
reveal_type(x.shape[1])  # R: Dim["3"]
reveal_type(len(x))  # R: Dim["2"]
reveal_type(x.ndim)  # R: Literal[2]
reveal_type(x.size)  # R: Dim["6"]
reveal_type(len(x.shape))  # R: Dim["2"]
reveal_type(math.prod(x.shape))  # R: Dim["6"]
reveal_type(math.prod(x.shape[1:]) ** 2)  # R: Dim["9"]
reveal_type(tl.zeros(-(-x.shape[1] // 2)))  # R: Float64[Tensor, "2"]
reveal_type(tl.zeros((x.shape[1], len(x))))  # R: Float64[Tensor, "3 2"]
number: int = 5
reveal_type(identity(number))  # R: Float64[Tensor, "_ _"]
reveal_type(padded(x, number - 3))  # R: Float64[Tensor, "2 4"]

padded(x, 3)  # E: shape: padded: dimension "n" is 2 in argument 1 ("x"), [n=2, m=3], but 3 in argument 2 ("n")
padded(x, x.shape[1])  # E: shape: padded: dimension "n" is 2 in argument 1 ("x"), [n=2, m=3], but 3 in argument 2 ("n")
identity("4")  # E: arg-type: Argument 1 to "identity" has incompatible type "str"; expected "int"
tl.zeros((2, 5)) + table(2, 3)  # E: shape-broadcast: add: axis 0 differs: 2 and 5 (left: [2, 5], right: [5, 4]); broadcasting is explicit: only an axis of size 1 stretches
x.reshape((x.shape[0], 4))  # E: shape: reshape: 6 elements do not fit 8 (operand: [2, 3], shape: [2, 4])
x.reshape((x.size + 1,))  # E: shape: reshape: 6 elements do not fit 7 (operand: [2, 3], shape: [7])


def wrong(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]:
    return tl.zeros(x.shape[1])  # E: return-value: wrong: the result has shape [m], expected [n]


def wrong_arithmetic(n: Dim["n"]) -> Float64[Tensor, "2*n"]:
    return tl.zeros(n + 2)  # E: return-value: wrong_arithmetic: the result has shape [n+2], expected [2*n]


def wrong_size(x: Float64[Tensor, "n m"]) -> Dim["m"]:
    return x.shape[0]  # E: return-value: Incompatible return value type (got "Dim['n']", expected "Dim['m']")


def right(x: Float64[Tensor, "n m"], k: Dim["k"]) -> Float64[Tensor, "m n"]:
    reveal_type(max(x.shape[0], k))  # R: Dim["_"]
    reveal_type([x.shape[0], k])  # R: list[Dim["_"]]
    n, m = x.shape
    for i in range(n):
        reveal_type(x[i])  # R: Float64[Tensor, "m"]
    return x.reshape((n * m,)).reshape((m, n))


def parts(n: Dim["n"], m: Dim["m"], x: Float64[Tensor, "2*k"], k: int) -> None:
    half, rest = divmod(n, 2)
    reveal_type(tl.ones((half, rest)))  # R: Float64[Tensor, "n//2 n-2*(n//2)"]
    reveal_type(tl.ones(2 * half + rest))  # R: Float64[Tensor, "n"]
    reveal_type(tl.ones(divmod(x.shape[0], 2)))  # R: Float64[Tensor, "k 0"]
    reveal_type(tl.ones(divmod(n, m)))  # R: Float64[Tensor, "n//m n-m*(n//m)"]
    reveal_type(tl.ones(divmod(7, n)))  # R: Float64[Tensor, "7//n 7-n*(7//n)"]
    reveal_type(divmod(n, k))  # R: tuple[int, int]
    reveal_type(divmod(7, 2))  # R: tuple[int, int]
