"""What mypy knows better than a function's signature says, of names that our hooks answer for too."""

from typing import Literal, TypedDict, Unpack

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


class Options(TypedDict, total=False):
    rate: float
    axis: Literal[0, 1]


class Weights(TypedDict, total=False):
    bias: Float64[Tensor, "3"]


def scaled(x: Float64[Tensor, "n"], **options: Unpack[Options]) -> Float64[Tensor, "n"]:
    reveal_type(options.get("axis"))  # R: Literal[0] | Literal[1] | None
    reveal_type(options.get("axis", 0))  # R: Literal[0] | Literal[1]
    return options.get("rate", 0.5) * x


def shifted(x: Float64[Tensor, "n 3"], weights: Weights) -> Float64[Tensor, "n 3"]:
    bias = weights.get("bias")
    reveal_type(bias)  # R: Float64[Tensor, "3"] | None
    return x if bias is None else x + bias[None, :]


def last(x: Float64[Tensor, "n 3"], axis: Literal[-1, -2] = -1) -> Tensor:
    side: Literal[-1] = -1
    reveal_type(tl.sum(x, axis=side))  # R: Float64[Tensor, "n"]
    reveal_type(tl.sum(x, axis=-1))  # R: Float64[Tensor, "n"]
    return tl.sum(x, axis=axis)


def powers(n: Dim["n"], k: int) -> None:
    reveal_type(k**2)  # R: int
    reveal_type(k**-2)  # R: float
    reveal_type(n**2)  # R: Dim["n*n"]
    reveal_type(-n + n)  # R: Dim["0"]
    last(tl.ones((2, 3)), axis=-2)
    last(tl.ones((2, 3)), axis=-3)  # E: arg-type: Argument "axis" to "last" has incompatible type "Literal[-3]"; expected "Literal[-1, -2]"
