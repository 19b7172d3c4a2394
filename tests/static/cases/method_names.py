"""A method has names of its own, whatever the sizes of the object that it is called on are named."""

from __future__ import annotations

from typing import Annotated, Self

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@tl.checked
class Linear:
    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w

    def __call__(self, x: Float64[Tensor, "i n"]) -> Float64[Tensor, "o n"]:
        return self.w @ x

    def scaled(self, by: float) -> Self:
        return type(self)(self.w * by)

    def turned(self) -> Annotated[Linear, "i o"]:
        return self.__class__(self.w.mT)


@tl.checked
class Pair:
    def __init__(self, left: Float64[Tensor, "*s"], right: Float64[Tensor, "k"]) -> None:
        self.left = left
        self.right = right

    def longer(self, x: Float64[Tensor, "*b n"], m: Dim["m"] = 2) -> tuple[Self, Float64[Tensor, "*b n+k m"]]:
        return self, tl.ones((*x.shape[:-1], x.shape[-1] + self.right.shape[0], m))


@tl.checked
def layers(x: Float64[Tensor, "n 2*n"], y: Float64[Tensor, "m n"]) -> Float64[Tensor, "2*n 2*n"]:
    layer = Linear(x)
    reveal_type(layer.turned()(x))  # R: Float64[Tensor, "2*n 2*n"]
    reveal_type(layer.turned().scaled(2.0)(x))  # R: Float64[Tensor, "2*n 2*n"]
    reveal_type(Linear(y)(x))  # R: Float64[Tensor, "m 2*n"]
    return Linear(x.mT)(x)


@tl.checked
def pairs(x: Float64[Tensor, "*b n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "*b 2*n 2"]:
    pair = Pair(x, y)
    reveal_type(pair.longer(y)[0].left)  # R: Float64[Tensor, "*b n"]
    reveal_type(pair.longer(tl.ones((3, 4)))[1])  # R: Float64[Tensor, "3 n+4 2"]
    return pair.longer(x)[1]


reveal_type(layers(tl.ones((2, 4)), tl.ones((3, 2))))  # R: Float64[Tensor, "4 4"]
reveal_type(pairs(tl.ones((2, 3)), tl.ones(3)))  # R: Float64[Tensor, "2 6 2"]


def wrong(x: Float64[Tensor, "n m"], y: Float64[Tensor, "n"]) -> None:
    Linear(x)(x)  # E: shape: Linear: argument 1 ("x") has shape [n, m], expected [m, n_]; did you mean .mT on argument 1 ("x")?
    Pair(x, y).longer(tl.tensor(1.0))  # E: shape: longer: argument 1 ("x") has shape [], expected [*b, n_]
