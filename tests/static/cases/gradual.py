"""What is not known is never an error; what is known of it is used."""

from typing import Any, NamedTuple, TypedDict

import numpy as np
from jaxtyping import Float, Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


def load() -> Any:
    return tl.zeros((4, 3))


def some() -> Tensor:
    return tl.zeros((4, 3))


@tl.checked
def rows(x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b"]:
    return x.sum(axis=1)


known = tl.zeros((4, 3))
reveal_type(known + some())  # R: Float64[Tensor, "4 3"]
reveal_type(known @ some().T)  # R: Float64[Tensor, "..."]
reveal_type(some() @ tl.zeros((3, 2)))  # R: Float64[Tensor, "..."]
reveal_type(some().sum(axis=0))  # R: Shaped[Tensor, "..."]
reveal_type(rows(some()))  # R: Float64[Tensor, "_"]
reveal_type(rows(load()))  # R: Float64[Tensor, "_"]
reveal_type(tl.ensure(some(), "4 3"))  # R: Shaped[Tensor, "4 3"]
reveal_type(rows(tl.ensure(some(), "b 3")))  # R: Float64[Tensor, "_"]
reveal_type(tl.ensure(some(), "b 3", np.float64))  # R: Float64[Tensor, "_ 3"]
mixed = [known, known.T]
reveal_type(mixed)  # R: list[Float64[Tensor, "_ _"]]
for item in mixed:
    reveal_type(item + 1.0)  # R: Float64[Tensor, "_ _"]
choice = known if len(mixed) > 1 else known.T
reveal_type(choice)  # R: Float64[Tensor, "4 3"] | Float64[Tensor, "3 4"]
reveal_type(choice * 2.0)  # R: Float64[Tensor, "4 3"] | Float64[Tensor, "3 4"]
anonymous: Float64[Tensor, "_ 3"] = known
reveal_type(anonymous)  # R: Float64[Tensor, "_ 3"]
h = known
h = h @ tl.zeros((3, 2))
reveal_type(h)  # R: Float64[Tensor, "4 2"]
h = h.T
reveal_type(h)  # R: Float64[Tensor, "2 4"]
table = {"w": known, "b": tl.zeros(3)}
reveal_type(table["w"] * 1.0)  # R: Float64[Tensor, "..."]

tl.ensure(known, "4 4")  # E: shape: ensure: x has shape [4, 3], expected [4, 4]
tl.ensure(known, "n n")  # E: shape: ensure: x has shape [4, 3], expected [n, n]
tl.ensure(known, "b 3", np.float32)  # E: shape: ensure: x has dtype float64, expected float32
rows(known.T)  # E: shape: rows: argument 1 ("x") has shape [3, 4], expected [b, 3]; did you mean .mT on argument 1 ("x")?
tl.ensure(known, "!")  # E: shape: ensure: "!" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //


@tl.checked
def body(x: Float[Tensor, "b n"], raw: Tensor) -> Float[Tensor, "b n"]:
    w = tl.ensure(raw, "n n", np.float64)
    reveal_type(tl.ensure(raw, "n k"))  # R: Shaped[Tensor, "n _"]
    hidden: Float64[Tensor, "b hidden"] = tl.zeros((x.shape[0], 7))
    reveal_type(hidden)  # R: Float64[Tensor, "b _"]
    return x @ w


reveal_type(body(known, tl.eye(3)))  # R: Float[Tensor, "4 3"]


def masked(x: Float64[Tensor, "n 3"], mask: Tensor) -> Float64[Tensor, "n 3"]:
    reveal_type(x * mask)  # R: Float64[Tensor, "n 3"]
    return x * mask


masked(tl.ones((4, 3)), some())


class Pair(NamedTuple):
    w: Float64[Tensor, "n 3"]
    b: Float64[Tensor, "n"]


pair = Pair(tl.zeros((4, 3)), tl.zeros(4))
reveal_type(pair.w)  # R: Float64[Tensor, "4 3"]
reveal_type(pair.b + tl.zeros(4))  # R: Float64[Tensor, "4"]


class Entry(TypedDict):
    w: Float64[Tensor, "n 3"]


entry: Entry = {"w": known}
reveal_type(entry["w"])  # R: Float64[Tensor, "_ 3"]


async def later(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]:
    return x[:, None] * x[None, :]


async def both() -> None:
    reveal_type(await later(tl.zeros(3)))  # R: Float64[Tensor, "3 3"]


# a size with a name is whatever it is when it runs: `ensure` says which number
@tl.checked
def of_classes(scores: Float64[Tensor, "b n"]) -> Float64[Tensor, "b 3"]:
    reveal_type(tl.ensure(scores, "b 3"))  # R: Float64[Tensor, "b 3"]
    reveal_type(tl.ensure(scores, "5 n"))  # R: Float64[Tensor, "5 3"]
    return tl.ensure(scores, "b 3")


of_classes(tl.ones((5, 3)))


def scaled(x: Float64[Tensor, "n"], width: float, count: int) -> Float64[Tensor, "n"]:
    reveal_type(x / width**0.5)  # R: Float64[Tensor, "n"]
    reveal_type(x * 2.0**-width)  # R: Float64[Tensor, "n"]
    reveal_type(x * count**0.5)  # R: Float64[Tensor, "n"]
    reveal_type(count**count)  # R: Any
    reveal_type((-2.0) ** width)  # R: Any
    return x / width**2


scaled(tl.ones(3), 2.0, 2)
