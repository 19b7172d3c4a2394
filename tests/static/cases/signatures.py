"""Signatures: defaults, *args and **kwargs, tuples, lists, unions, generic functions and overloads."""

import functools
from collections.abc import Sequence
from typing import Optional, TypedDict, TypeVar, TypeVarTuple, Unpack, overload

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

T = TypeVar("T", bound=Tensor)
A = TypeVar("A")
Ts = TypeVarTuple("Ts")


def same(x: T) -> T:
    return x


def together(*xs: Unpack[Ts]) -> tuple[Unpack[Ts]]:
    return xs


@tl.checked
def squared_first(x: Float64[Tensor, "n"], *xs: Unpack[Ts]) -> tuple[Float64[Tensor, "n n"], Unpack[Ts]]:
    return x[:, None] * x[None, :], *xs


@tl.checked
def with_vector(x: A, y: Float64[Tensor, "n"], z: Float64[Tensor, "n"]) -> tuple[A, Float64[Tensor, "n"]]:
    return x, y + z


reveal_type(same(tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(together(tl.zeros(3), tl.zeros((2, 3))))  # R: tuple[Float64[Tensor, "3"], Float64[Tensor, "2 3"]]
reveal_type(squared_first(tl.zeros(3), tl.zeros((2, 5))))  # R: tuple[Float64[Tensor, "3 3"], Float64[Tensor, "2 5"]]
squared_first(tl.zeros((3, 3)), tl.zeros((2, 5)))  # E: shape: squared_first: argument 1 ("x") has shape [3, 3], expected [n]
reveal_type(with_vector(tl.zeros((2, 3)), tl.zeros(4), tl.zeros(4)))  # R: tuple[Float64[Tensor, "2 3"], Float64[Tensor, "4"]]
same(tl.zeros((2, 3))) @ tl.zeros(2)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2]); did you mean .mT on the left operand?
with_vector(tl.zeros(3), tl.zeros(4), tl.zeros(3))  # E: shape: with_vector: dimension "n" is 4 in argument 2 ("y") but 3 in argument 3 ("z")


@overload
def reduced(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]: ...
@overload
def reduced(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]: ...
def reduced(x: Tensor) -> Tensor:
    return x.sum(axis=-1)


reveal_type(reduced(tl.zeros(3)))  # R: Float64[Tensor, ""]
reveal_type(reduced(tl.zeros((2, 3))))  # R: Float64[Tensor, "2"]
reduced(tl.zeros((2, 3))) @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 2 (left: [2]) and 3 (right: [3])


@tl.checked
def affine(
    x: Float64[Tensor, "n"],
    w: Float64[Tensor, "n n"] | None = None,
    centre: Float64[Tensor, ""] = tl.tensor(0.0),
    *,
    bias: Optional[Float64[Tensor, "n"]] = None,
) -> Float64[Tensor, "n"]:
    if w is not None:
        x = w @ x
    return (x + bias if bias is not None else x) - centre


reveal_type(affine(tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(affine(tl.zeros(3), tl.eye(3), bias=tl.zeros(3)))  # R: Float64[Tensor, "3"]
affine(tl.zeros(3), tl.eye(4))  # E: shape: affine: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("w"), [n=4, n=4]
affine(tl.zeros(3), bias=tl.zeros(4))  # E: shape: affine: dimension "n" is 3 in argument 1 ("x") but 4 in argument 4 ("bias")
affine(tl.zeros(3), centre=tl.zeros(3))  # E: shape: affine: argument 3 ("centre") has shape [3], expected []


def wrong_default(x: Float64[Tensor, "n 3"], c: Float64[Tensor, "3"] = tl.zeros(4)) -> Float64[Tensor, "n"]:  # E: assignment: default: the value of "c" has shape [4], expected [3]
    return x @ c


@tl.checked
def stacked(*rows: Float64[Tensor, "n"], **more: Float64[Tensor, "n"]) -> Float64[Tensor, "_ n"]:
    return tl.stack([*rows, *more.values()])


equal, unequal = (tl.zeros(3), tl.zeros(3)), (tl.zeros(3), tl.zeros(4))
named = {"a": tl.zeros(3)}
reveal_type(stacked(tl.zeros(3), tl.zeros(3), last=tl.zeros(3)))  # R: Float64[Tensor, "_ 3"]
reveal_type(stacked(*equal))  # R: Float64[Tensor, "_ 3"]
reveal_type(stacked(*equal, **named))  # R: Float64[Tensor, "_ 3"]
reveal_type(affine(*[tl.zeros(3), tl.eye(3)]))  # R: Float64[Tensor, "3"]
stacked(tl.zeros(3), last=tl.zeros(4))  # E: shape: stacked: dimension "n" is 3 in argument 1 ("rows") but 4 in argument 2 ("last")
stacked(*unequal)  # E: shape: stacked: dimension "n" is 3 in argument 1 ("rows") but 4 in argument 2 ("rows")
stacked(*[tl.zeros(3)], tl.zeros(4))  # E: shape: stacked: dimension "n" is 3 in argument 1 ("rows") but 4 in argument 2 ("rows")
affine(*(tl.zeros(3), tl.eye(4)))  # E: shape: affine: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("w"), [n=4, n=4]


def not_called() -> None:
    stacked(tl.zeros(4), **named)  # E: shape: stacked: dimension "n" is 4 in argument 1 ("rows") but 3 in argument 2 ("more")


@tl.checked
def dense(wb: tuple[Float64[Tensor, "i h"], Float64[Tensor, "h"]], x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b h"]:
    w, b = wb
    return x @ w + b[None, :]


@tl.checked
def network(
    layers: list[tuple[Float64[Tensor, "h h"], Float64[Tensor, "h"]]], x: Float64[Tensor, "b h"]
) -> Float64[Tensor, "b h"]:
    for w, b in layers:
        x = tl.tanh(x @ w + b[None, :])
    return x


@tl.checked
def product(factors: Sequence[Float64[Tensor, "h h"]], x: Float64[Tensor, "b h"]) -> Float64[Tensor, "b h"]:
    return functools.reduce(lambda y, w: tl.tanh(y @ w), factors, x)


wb = (tl.zeros((3, 4)), tl.zeros(4))
factors = [tl.eye(3) for _ in range(4)]
reveal_type(dense(wb, tl.zeros((2, 3))))  # R: Float64[Tensor, "2 4"]
reveal_type(network([(tl.eye(3), tl.zeros(3)), (tl.eye(3), tl.zeros(3))], tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(product(factors, tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(product([factor.T for factor in factors], tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]
dense(wb, tl.zeros((2, 4)))  # E: shape: dense: dimension "i" is 3 in item 0 of argument 1 ("wb"), [i=3, h=4], but 4 in argument 2 ("x"), [b=2, i=4]
dense((tl.zeros((3, 4)), tl.zeros(3)), tl.zeros((2, 3)))  # E: shape: dense: dimension "h" is 4 in item 0 of argument 1 ("wb"), [i=3, h=4], but 3 in item 1 of argument 1 ("wb")
network([(tl.eye(3), tl.zeros(3)), (tl.eye(4), tl.zeros(4))], tl.zeros((2, 3)))  # E: shape: network: dimension "h" is 3 in item 0 of item 0 of argument 1 ("layers"), [h=3, h=3], but 4 in item 0 of item 1 of argument 1 ("layers"), [h=4, h=4]
product(factors, tl.zeros((2, 4)))  # E: shape: product: dimension "h" is 3 in item 0 of argument 1 ("factors"), [h=3, h=3], but 4 in argument 2 ("x"), [b=2, h=4]
product([factor[0] for factor in factors], tl.zeros((2, 3)))  # E: shape: product: item 0 of argument 1 ("factors") has shape [3], expected [h, h]


@tl.checked
def lengths(x: Float64[Tensor, "n"] | Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]:
    return tl.zeros(x.shape[0])


reveal_type(lengths(tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(lengths(tl.zeros((3, 4))))  # R: Float64[Tensor, "3"]


class State(TypedDict):
    position: Float64[Tensor, "n"]
    fixed: Float64[Tensor, "3"]


def moved(state: State) -> State:
    return {"position": state["position"] + 1.0, "fixed": state["fixed"]}


state: State = {"position": tl.zeros(3), "fixed": tl.zeros(3)}
reveal_type(moved(state)["position"])  # R: Float64[Tensor, "_"]
reveal_type(moved(state)["fixed"])  # R: Float64[Tensor, "3"]
state["fixed"] @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4])


def wrong_item(state: State) -> State:
    return {"position": state["position"], "fixed": tl.zeros(4)}  # E: typeddict-item: dict: item "fixed" has shape [4], expected [3]
