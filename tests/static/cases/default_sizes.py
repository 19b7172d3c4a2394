"""Parameters that are dimensions, with defaults; and numbers of which there are several."""

from typing import Final, Literal

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

WIDTH: Final = 7


@tl.checked
def split(x: Float64[Tensor, "b 12"], heads: Dim["h"] = 3) -> Float64[Tensor, "b h"]:
    reveal_type(heads)  # R: Dim["h"]
    return tl.zeros((x.shape[0], heads))


x = tl.ones((2, 12))
reveal_type(split(x))  # R: Float64[Tensor, "2 3"]
reveal_type(split(x, 5))  # R: Float64[Tensor, "2 5"]
reveal_type(split(x, heads=4))  # R: Float64[Tensor, "2 4"]


@tl.checked
def halved(x: Float64[Tensor, "b k"], n: Dim["2*k"] = 3 * 2, *, width: Dim["w"] = WIDTH) -> Float64[Tensor, "w k"]:
    return tl.zeros((width, n // 2))


reveal_type(halved(tl.ones((2, 3))))  # R: Float64[Tensor, "7 3"]
reveal_type(halved(tl.ones((2, 4)), 8, width=2))  # R: Float64[Tensor, "2 4"]
halved(tl.ones((2, 4)))  # E: shape: halved: dimension "2*k" of argument 2 ("n") is 6, expected 8, as k is 4 in argument 1 ("x")


@tl.checked
def perhaps(x: Float64[Tensor, "n"], n: Dim["n"] | None = 3) -> Float64[Tensor, "n"]:
    return x


reveal_type(perhaps(tl.ones(3)))  # R: Float64[Tensor, "3"]
reveal_type(perhaps(tl.ones(4), None))  # R: Float64[Tensor, "4"]
perhaps(tl.ones(4))  # E: shape: perhaps: dimension "n" is 4 in argument 1 ("x") but 3 in argument 2 ("n")


class Bank:
    weights: Float64[Tensor, "n"]

    def __init__(self, weights: Float64[Tensor, "n"], repeat: Dim["r"] = 1) -> None:
        self.weights = weights

    @tl.checked
    def rows(self, count: Dim["k"] = 2) -> Float64[Tensor, "k n"]:
        return tl.zeros((count, self.weights.shape[0]))

    @classmethod
    def vector(cls, count: Dim["k"] = 2) -> Float64[Tensor, "k"]:
        return tl.zeros(count)


reveal_type(Bank(tl.ones(4)).rows())  # R: Float64[Tensor, "2 4"]
reveal_type(Bank(tl.ones(4)).rows(3))  # R: Float64[Tensor, "3 4"]
reveal_type(Bank.vector())  # R: Float64[Tensor, "2"]


def number(k: Literal[0, 1, 2], f: int | float, flag: bool) -> None:
    reveal_type(tl.tensor(k, np.int64))  # R: Int64[Tensor, ""]
    reveal_type(tl.tensor([k, f, flag]))  # R: Float64[Tensor, "3"]
    reveal_type(tl.tensor([[f], [k]]) @ tl.ones((1, 4)))  # R: Float64[Tensor, "2 4"]


number(1, 2, True)


def wrong(k: Literal[0, 1, 2]) -> None:
    tl.tensor([k, k]) @ tl.ones((3, 4))  # E: shape: matmul: inner dimensions differ: 2 (left: [2]) and 3 (right: [3, 4])
