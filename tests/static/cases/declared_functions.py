# symbolic
"""The library's functions where a declared type says what is asked of a function: they are checked as arguments are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Activation = Callable[[Float64[Tensor, "b h"]], Float64[Tensor, "b h"]]


class Layer(Protocol):
    def __call__(self, x: Float64[Tensor, "b d"], /) -> Float64[Tensor, "b d"]: ...


act: Activation = tl.tanh
layer: Layer = tl.relu
total: Callable[[Float64[Tensor, "n"]], Float64[Tensor, ""]] = tl.sum
anything: Callable[[Tensor], Tensor] = tl.sum
reveal_type(layer(tl.ones((3, 4))))  # R: Float64[Tensor, "3 4"]


@dataclass
class Net:
    w: Float64[Tensor, "d h"]
    act: Activation = tl.gelu
    head: Activation | None = None


def network(x: Float64[Tensor, "b d"], w: Float64[Tensor, "d h"], act: Activation = tl.relu) -> Float64[Tensor, "b h"]:
    return act(x @ w)


def chosen(smooth: bool) -> Layer:
    return tl.tanh if smooth else tl.relu


def wrong(smooth: bool) -> Layer:
    summed: Activation = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [b, h]
    turned: Layer = tl.tanh if smooth else tl.transpose  # E: shape: assignment: the result of transpose has shape [d, b], expected [b, d]
    print(summed, turned)
    return tl.mean  # E: shape: return: the result of mean has shape [], expected [b, d]


def wrong_default(x: Float64[Tensor, "b h"], act: Activation = tl.mean) -> Float64[Tensor, "b h"]:  # E: shape: wrong_default: the result of mean has shape [], expected [b, h]
    return act(x)


@dataclass
class WrongNet:
    w: Float64[Tensor, "d h"]
    act: Activation = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [b, h]
