# symbolic: jaxtyping's own decorator raises its own errors, and some functions here are not checked at run time
"""Decorated functions, and functions whose fault only the checker sees before they run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from beartype import beartype
from jaxtyping import Float64, jaxtyped

import torchlean_typed as tl
from torchlean_typed import Tensor

P = ParamSpec("P")
R = TypeVar("R")


@jaxtyped(typechecker=beartype)
def add(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x + y


def logged(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return call


@logged
def scaled(x: Float64[Tensor, "n m"], by: float = 2.0) -> Float64[Tensor, "m n"]:
    return x.T * by


@functools.cache
def table(n: int) -> Float64[Tensor, "_ 3"]:
    return tl.zeros((n, 3))


def twice(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return f(f(x))


def outer_product(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]:
    return x[:, None] * x[None, :]


def shorter(x: Float64[Tensor, "n+1"]) -> Float64[Tensor, "n"]:
    return x[1:]


chosen: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n n"]] = outer_product
chosen(tl.zeros((4, 4)))  # E: shape: chosen: argument 1 has shape [4, 4], expected [n]
reveal_type(chosen(tl.zeros(4)))  # R: Float64[Tensor, "4 4"]
reveal_type(add(tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3"]
add(tl.zeros(3), tl.zeros(4))  # E: shape: add: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("y")
reveal_type(scaled(tl.zeros((2, 3)), by=3.0))  # R: Float64[Tensor, "3 2"]
scaled(tl.zeros(3))  # E: shape: scaled: argument 1 ("x") has shape [3], expected [n, m]
scaled(tl.zeros((2, 3)), "3")  # E: arg-type: Argument 2 to "scaled" has incompatible type "str"; expected "float"
reveal_type(table(4))  # R: Float64[Tensor, "_ 3"]
twice(outer_product, tl.zeros(3))  # E: shape: twice: the result of argument 1 ("f") has shape [n, n], expected [n]
twice(shorter, tl.zeros(3))  # E: shape: twice: dimension "n" is 3 in a parameter of argument 1 ("f") but 2 in the result of argument 1 ("f")
twice(lambda x: x[:, None] * x[None, :], tl.zeros(3))  # E: shape: twice: the result of argument 1 ("f") has shape [3, 3], expected [n]
twice(lambda x: x + 1.0, tl.zeros(3))
twice(lambda x: x @ tl.zeros((4, 4)), tl.zeros(3))  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4, 4])
twice(x=tl.zeros(3), f=lambda x: reveal_type(x))  # R: Float64[Tensor, "3"]
list(map(shorter, [tl.zeros(3)]))
reveal_type([shorter(x) for x in (tl.zeros(3), tl.zeros(4))])  # R: list[Float64[Tensor, "2"] | Float64[Tensor, "3"]]
