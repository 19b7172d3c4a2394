"""One error for one bug under ``strict_shapes`` as well: that something is unknown for an error is not told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, reveal_type

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@dataclass
class Affine:
    weight: Float64[Tensor, "m n"]
    bias: Float64[Tensor, "m"]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return x @ self.weight.mT + self.bias[None, :]


class Interval(NamedTuple):
    lower: Float64[Tensor, "n"]
    upper: Float64[Tensor, "n"]


class Net:
    def __init__(self, x: Float64[Tensor, "n m"]) -> None:
        self.gram = x @ x  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n, m]); did you mean .mT on the right operand?
        self.both = [x, x.mT]  # E: shape-unknown: the items have several shapes, of which mypy makes one: declare the type, list[Tensor]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Tensor:
        return tl.tanh(x @ self.gram)


affine = Affine(tl.ones((3, 4)), tl.ones(4))  # E: shape: Affine: dimension "m" is 3 in argument 1 ("weight"), [m=3, n=4], but 4 in argument 2 ("bias")
reveal_type(affine(tl.ones((5, 4))))  # R: Float64[Tensor, "5 _"]
affine.weight @ affine.weight.mT
box = Interval(tl.zeros(3), tl.ones(4))  # E: shape: Interval: dimension "n" is 3 in argument 1 ("lower") but 4 in argument 2 ("upper")
lower, upper = box
other = Affine(tl.ones((3, 4)), tl.ones(3))
other.weight = tl.ones(3)  # E: assignment: assignment: the value has shape [3], expected [3, 4]
(box.upper - box.lower).sum()
several = [Affine(tl.ones((3, 4)), tl.ones(3)), Affine(tl.ones((2, 4)), tl.ones(2))]
several[0].weight @ tl.ones((4, 2))  # E: shape-unknown: weight: the type Affine says nothing of its size m
