"""Generic classes of functions, ``Stage(f)``: what an ``f`` for any sizes leaves open is unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@dataclass(frozen=True)
class Stage(Generic[A, B]):
    run: Callable[[A], B]

    def __rshift__(self, other: "Stage[B, C]") -> "Stage[A, C]":
        return Stage(lambda value: other.run(self.run(value)))

    def __call__(self, value: A) -> B:
        return self.run(value)


class Registry:
    def add(self, run: Callable[[A], B]) -> Stage[A, B]:
        return Stage(run)


class State(NamedTuple):
    pos: Float64[Tensor, "n 3"]


def centred(x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    return x - tl.mean(x, axis=0, keepdims=True)


def totals(x: Float64[Tensor, "*b d"]) -> Float64[Tensor, "*b"]:
    return tl.sum(x, axis=-1)


def first(x: Float64[Tensor, "3 4"]) -> Float64[Tensor, "4"]:
    return x[0]


def turned(x: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "m n"]:
    return x.T


def reflected(state: State) -> State:
    return State(-state.pos)


def staged(run: Callable[[A], B]) -> list[Stage[A, B]]:
    return [Stage(run)]


x = tl.ones((3, 4))
stage = Stage(centred)
reveal_type(stage(x))  # R: Float64[Tensor, "_ _"]
both = Stage(centred) >> Stage(totals)
reveal_type(both(x))  # R: Float64[Tensor, "_"]
known = Stage(first) >> Stage(totals)
reveal_type(known(x))  # R: Float64[Tensor, ""]
known(tl.ones((4, 3)))  # E: arg-type: Stage: argument 1 has shape [4, 3], expected [3, 4]; did you mean .mT?
arrays, states, added, several = Stage(turned), Stage(reflected), Registry().add(totals), staged(totals)
reveal_type(arrays(np.ones((2, 3))))  # R: Float64[np.ndarray, "_ _"]
reveal_type(states(State(x[:, :3])).pos)  # R: Float64[Tensor, "_ 3"]
reveal_type(added(x))  # R: Float64[Tensor, "..."]
reveal_type(several[0](x))  # R: Float64[Tensor, "..."]
