"""Overloads of shapes: the first that goes with the arguments; unknown where that depends on what is not known."""

from typing import overload

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@overload
def either(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]: ...
@overload
def either(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]: ...
def either(x: Tensor) -> Tensor:
    return tl.outer(x, x) if x.ndim == 1 else tl.sum(x, axis=0)


class Reduction:
    @overload
    def __call__(self, x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]: ...
    @overload
    def __call__(self, x: Float64[Tensor, "*s n m"]) -> Float64[Tensor, "*s n"]: ...
    def __call__(self, x: Tensor) -> Tensor:
        return tl.sum(x, axis=-1)


def some() -> Float64[Tensor, "..."]:
    return tl.ones((2, 3))


def of_two() -> Float64[Tensor, "_ _"]:
    return tl.ones((2, 3))


reduced = Reduction()
reveal_type(either(tl.ones(3)))  # R: Float64[Tensor, "3 3"]
reveal_type(either(tl.ones((2, 3))))  # R: Float64[Tensor, "3"]
reveal_type(either(some()))  # R: Float64[Tensor, "..."]
reveal_type(either(of_two()))  # R: Float64[Tensor, "_"]
reveal_type(reduced(tl.ones((2, 3))))  # R: Float64[Tensor, "2"]
reveal_type(reduced(some()))  # R: Float64[Tensor, "..."]


@tl.checked
def of_any_rank(x: Float64[Tensor, "*b m"], y: Float64[Tensor, "*b n m"]) -> Float64[Tensor, "*b n"]:
    reveal_type(either(x))  # R: Float64[Tensor, "..."]
    reveal_type(reduced(x))  # R: Float64[Tensor, "..."]
    reveal_type(reduced(y))  # R: Float64[Tensor, "*b n"]
    return reduced(y)


of_any_rank(tl.ones(4), tl.ones((3, 4)))
of_any_rank(tl.ones((2, 4)), tl.ones((2, 3, 4)))
