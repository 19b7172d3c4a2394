# symbolic
"""The library's functions where a declared type says what is asked of a function: they are checked as arguments are."""

import functools
from collections.abc import Callable, Sequence
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


layers: list[Layer] = [tl.tanh, functools.partial(tl.softmax, axis=-1)]
named: dict[str, Activation] | None = {"tanh": tl.tanh, "exp": tl.exp}
nested: list[Sequence[Layer]] = [[tl.tanh], [tl.relu] if len(layers) > 3 else []]
two: tuple[Activation, Callable[[Tensor], Tensor]] = (tl.tanh, tl.sum)
scaled: Activation = functools.partial(tl.multiply, 2.0)

wrong_layers: list[Layer] = [tl.tanh, tl.sum]  # E: shape: assignment: the result of sum has shape [], expected [b, d]
wrong_named: dict[str, Activation] = {"max": tl.max}  # E: shape: assignment: the result of max has shape [], expected [b, h]
wrong_two: tuple[Activation, Layer] = (tl.tanh, tl.mean)  # E: shape: assignment: the result of mean has shape [], expected [b, d]
summed: Layer = functools.partial(tl.sum, axis=0)  # E: shape: assignment: the result of partial has shape [d], expected [b, d]
act = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [b, h]


class Block:
    act: Activation

    def __init__(self, acts: dict[str, Activation] | None = None) -> None:
        self.act = tl.tanh
        self.norm = tl.sum
        self.acts: dict[str, Activation] = acts or {}

    def changed(self) -> None:
        self.act = tl.min  # E: shape: assignment: the result of min has shape [], expected [b, h]
        self.norm = tl.mean
