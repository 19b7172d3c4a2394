"""Functions as values: nested, passed, returned, kept in variables, overloaded."""

from collections.abc import Callable
from typing import overload

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Function = Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]


@tl.checked
def outer(x: Float64[Tensor, "n"], w: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]:
    @tl.checked
    def inner(y: Float64[Tensor, "n"]) -> Float64[Tensor, "m"]:
        reveal_type(y * x)  # R: Float64[Tensor, "n"]
        return y @ w

    return inner(x * 2.0)


def wrong_inner(x: Float64[Tensor, "n"], z: Float64[Tensor, "k"]) -> Float64[Tensor, "n"]:
    def inner(y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        return y + x

    return inner(z)  # E: shape: inner: argument 1 ("y") has shape [k], expected [n]


def double(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x * 2.0


def outer_product(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]:
    return x[:, None] * x[None, :]


@tl.checked
def apply(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "m"]], x: Float64[Tensor, "n"]) -> Float64[Tensor, "m"]:
    return f(x)


def twice(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return f(f(x))


def adder(w: Float64[Tensor, "n"]) -> Callable[[Float64[Tensor, "b n"]], Float64[Tensor, "b n"]]:
    return lambda x: x + w[None, :]


@overload
def either(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]: ...
@overload
def either(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]: ...
def either(x: Tensor) -> Tensor:
    return x.sum(axis=-1)


reveal_type(outer(tl.zeros(3), tl.zeros((3, 2))))  # R: Float64[Tensor, "2"]
reveal_type(apply(double, tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(twice(double, tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(apply(lambda x: x[:2], tl.zeros(3)))  # R: Float64[Tensor, "2"]
reveal_type(adder(tl.zeros(3))(tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(either(tl.zeros(3)))  # R: Float64[Tensor, ""]
reveal_type(either(tl.zeros((2, 3))))  # R: Float64[Tensor, "2"]
functions: list[Function] = [double]
reveal_type(functions[0](tl.zeros(3)))  # R: Float64[Tensor, "3"]
chosen: Function = double
reveal_type(chosen(tl.zeros(4)))  # R: Float64[Tensor, "4"]

outer(tl.zeros(3), tl.zeros((2, 3)))  # E: shape: outer: dimension "n" is 3 in argument 1 ("x") but 2 in argument 2 ("w"), [n=2, m=3]; did you mean .mT on argument 2 ("w")?
apply(double, tl.zeros((3, 3)))  # E: shape: apply: argument 2 ("x") has shape [3, 3], expected [n]
wrong: Function = outer_product  # E: assignment: Incompatible types in assignment (expression has type "Callable[[Float64[Tensor, 'n']], Float64[Tensor, 'n n']]", variable has type "Callable[[Float64[Tensor, 'n']], Float64[Tensor, 'n']]")
