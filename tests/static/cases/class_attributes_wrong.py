# symbolic
"""Attributes without annotations: what is wrong with their sizes, which no run-time check knows."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


class Normaliser:
    def __init__(self, x: Float64[Tensor, "b n"], w: Float64[Tensor, "m n"]) -> None:
        self.mean: Float64[Tensor, "n"] = tl.mean(x, axis=0)
        self.deviation = tl.std(x, axis=0)
        self.w = w

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return ((x - self.mean[None, :]) / self.deviation[None, :]) @ self.w.T

    def wrong(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
        return (x - self.mean[None, :]) @ self.w.T  # E: return-value: wrong: the result has shape [b, m], expected [b, n]


class Points:
    def __init__(self, x: Float64[Tensor, "b n"]) -> None:
        self.points = x

    def distances(self, y: Float64[Tensor, "n"]) -> Float64[Tensor, "b"]:
        return tl.sum((self.points - y[None, :]) ** 2, axis=1)


normal = Normaliser(tl.ones((17, 5)), tl.ones((3, 5)))
normal(tl.ones((4, 6)))  # E: shape: Normaliser: argument 1 ("x") has shape [4, 6], expected [b, 5]
Normaliser(tl.ones((17, 5)), tl.ones((5, 3)))  # E: shape: Normaliser: dimension "n" is 5 in argument 1 ("x"), [b=17, n=5], but 3 in argument 2 ("w"), [m=5, n=3]; did you mean .mT on argument 2 ("w")?
Points(tl.ones((17, 5))).distances(tl.ones(17))  # E: shape: distances: argument 1 ("y") has shape [17], expected [5]
