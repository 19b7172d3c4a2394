"""Which function a variable is that is bound in several places, or a parameter that has a default in the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Activation = Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]


class Reduction(Protocol):
    def __call__(self, x: Float64[Tensor, "n m"], /, *, axis: int) -> Tensor: ...


class Pooling(Protocol):
    def __call__(self, x: Float64[Tensor, "n m"], /, *, mask: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]: ...


@tl.checked
def bound(x: Float64[Tensor, "n"], act: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]] | None = None) -> Tensor:
    if act is None:
        act = tl.tanh
    reveal_type(act(x))  # R: Float64[Tensor, "n"]
    return act(x)


@tl.checked
def given_or(
    x: Float64[Tensor, "n"], act: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]] | None = None
) -> Float64[Tensor, "n"]:
    y = (act or tl.relu)(x)
    act = act or tl.tanh
    return y + act(x)


@tl.checked
def chosen(x: Float64[Tensor, "n m"], name: str) -> Float64[Tensor, "n m"]:
    if name == "tanh":
        act = tl.tanh
    elif name == "relu":
        act = tl.relu
    else:
        raise ValueError(name)
    y = {"tanh": tl.tanh, "relu": tl.relu}[name]
    return act(x) + y(x)


@tl.checked
def of_any(x: Float64[Tensor, "n"], act: Callable[[Tensor], Tensor] = tl.sum, smooth: bool = False) -> Tensor:
    if smooth:
        act = tl.tanh
    return act(x) * 2


def anything(f: Callable[..., Tensor]) -> None: ...


def by_name(f: Reduction) -> None: ...


def masked(f: Pooling) -> None: ...


def add(x: Tensor, mask: Tensor) -> Tensor:
    return x + mask


x = tl.ones((2, 3))
bound(x[0])
bound(x[0], tl.relu)
given_or(x[0])
chosen(x, "relu")
of_any(x[0])
of_any(x[0], smooth=True)
anything(tl.tanh)
anything(tl.matmul)
by_name(tl.sum)
masked(add)


def wrong(x: Float64[Tensor, "n"], act: Activation | None = None) -> Float64[Tensor, "n"]:
    if act is None:
        act = tl.sum
    return act(x)  # E: return-value: wrong: the result has shape [n] or [], expected [n]


def wrong_or(x: Float64[Tensor, "n"], act: Activation | None = None) -> Float64[Tensor, "n"]:
    act = act or tl.sum
    return act(x)  # E: return-value: wrong_or: the result has shape [n] or [], expected [n]


def wrong_choice(x: Float64[Tensor, "n"], smooth: bool) -> Float64[Tensor, "n"]:
    if smooth:
        total = tl.sum
    else:
        total = tl.mean
    return total(x)  # E: return-value: wrong_choice: the result has shape [], expected [n]


def of_two(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    act = tl.sum
    y = x - act(x)
    act = tl.tanh
    return act(y)
