"""Functions that give functions: what they give is for any shapes where those that they are given are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd


def twice(
    f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]],
) -> Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]:
    return lambda x: f(f(x))


def composed(
    *functions: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]],
) -> Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]:
    def run(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        for function in functions:
            x = function(x)
        return x

    return run


def jacobian(
    f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "m"]],
) -> Callable[[Float64[Tensor, "n"]], Float64[Tensor, "m n"]]:
    return lambda x: autograd.fn.jacrev(f, x).tensor


def residual(
    f: Callable[[Float64[Tensor, "b n"]], Float64[Tensor, "b n"]],
) -> Callable[[Float64[Tensor, "b n"]], Float64[Tensor, "b n"]]:
    return lambda x: x + f(x)


@tl.checked
def half(x: Float64[Tensor, "k"]) -> Float64[Tensor, "k"]:
    return x / 2


@tl.checked
def of_three(x: Float64[Tensor, "3"]) -> Float64[Tensor, "3"]:
    return x / 2


@tl.checked
def total(xs: Iterable[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    first, *rest = xs
    for x in rest:
        first = first + x
    return first


w, v = tl.eye(3), tl.ones(3)
reveal_type(twice(half)(v))  # R: Float64[Tensor, "3"]
reveal_type(twice(tl.tanh)(tl.ones(4)))  # R: Float64[Tensor, "4"]
reveal_type(twice(lambda x: x * 2)(v))  # R: Float64[Tensor, "3"]
reveal_type(twice(lambda x: w @ x)(v))  # R: Float64[Tensor, "3"]
reveal_type(twice(partial(tl.matmul, w))(v))  # R: Float64[Tensor, "3"]
reveal_type(composed(half, tl.tanh, lambda x: x * 2)(tl.ones(4)))  # R: Float64[Tensor, "4"]
reveal_type(composed(half, of_three, partial(tl.matmul, w))(v))  # R: Float64[Tensor, "3"]
reveal_type(jacobian(half)(v))  # R: Float64[Tensor, "3 3"]
reveal_type(jacobian(partial(tl.matmul, tl.ones((5, 3))))(v))  # R: Float64[Tensor, "5 _"]
reveal_type(residual(lambda x: x @ w)(tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(residual(residual(tl.tanh))(tl.ones((2, 5))))  # R: Float64[Tensor, "2 5"]
reveal_type(twice(lambda x: x * tl.vecdot(x, v))(v))  # R: Float64[Tensor, "_"]
reveal_type(total(tl.ones((2, 3))))  # R: Float64[Tensor, "3"]
reveal_type(total(row * 2 for row in tl.ones((2, 3))))  # R: Float64[Tensor, "3"]


def wrong() -> None:
    twice(of_three)(tl.ones(4))  # E: arg-type: call: argument 1 has shape [4], expected [3]
    twice(lambda x: w @ x)(tl.ones(4))  # E: arg-type: call: argument 1 has shape [4], expected [3]
    twice(partial(tl.matmul, w))(tl.ones(4))  # E: arg-type: call: argument 1 has shape [4], expected [3]
    composed(half, of_three)(tl.ones(4))  # E: arg-type: call: argument 1 has shape [4], expected [3]
    composed(partial(tl.matmul, w), of_three, partial(tl.matmul, tl.eye(4)))  # E: shape: matmul: inner dimensions differ: 4 (left: [4, 4]) and 3 (right: [3])
    twice(tl.tanh)(tl.ones((3, 4)))  # E: arg-type: call: argument 1 has shape [3, 4], expected [_]
    twice(tl.sum)  # E: shape: twice: the result of argument 1 ("f") has shape [], expected [n]
    total(tl.ones((2, 3, 4)))  # E: shape: total: item 0 of argument 1 ("xs") has shape [3, 4], expected [n]
    residual(lambda x: x @ w)(tl.ones((2, 4)))  # E: arg-type: call: argument 1 has shape [2, 4], expected [2, 3]
