"""Sizes that are said of a class: ``Annotated[State, "m"]``."""

from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

A = TypeVar("A")


class State(NamedTuple):
    pos: Float64[Tensor, "n 3"]
    vel: Float64[Tensor, "n 3"]

    @tl.checked
    def tail(self) -> Annotated["State", "n-1"]:
        return State(self.pos[1:], self.vel[1:])


@tl.checked
@dataclass
class Linear:
    w: Float64[Tensor, "o i"]

    def __call__(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return x @ self.w.mT

    def flipped(self) -> "Annotated[Linear, 'i o']":
        return Linear(self.w.mT)

    def flipped_wrong(self) -> Annotated["Linear", "i o"]:
        return self  # E: return-value: flipped_wrong: the result is Linear[o, i], expected Linear[i, o]; say its sizes where they are others: Annotated[Linear, "o i"]


@tl.checked
@dataclass
class Net:
    first: Annotated[Linear, "h i"]
    second: Annotated[Linear, "o h"]

    def __call__(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return self.second(tl.tanh(self.first(x)))

    def wrong(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return self.second(x)  # E: shape: Linear: argument 1 ("x") has shape [b, i], expected [b, h]


Square = Annotated[Linear, "k k"]
Loose = Annotated[Linear, "_ _"]


@tl.checked
def half(s: Annotated[State, "2*n"]) -> Annotated[State, "n"]:
    k = s.pos.shape[0] // 2
    return State(s.pos[:k], s.vel[:k])


@tl.checked
def composed(f: Annotated[Linear, "h i"], g: Annotated[Linear, "o h"]) -> Annotated[Linear, "o i"]:
    return Linear(g.w @ f.w)


def composed_wrong(f: Annotated[Linear, "h i"], g: Annotated[Linear, "o h"]) -> Annotated[Linear, "o i"]:
    return Linear(f.w @ g.w)  # E: shape: matmul: inner dimensions differ: i (left: [h, i]) and o (right: [o, h]); did you mean the operands the other way round?


@tl.checked
def chained(layers: list[Annotated[Linear, "d d"]], x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    for layer in layers:
        x = layer(x)
    return x


@tl.checked
def squared(layer: Square, x: Float64[Tensor, "b k"]) -> Float64[Tensor, "b k"]:
    return layer(layer(x))


@tl.checked
def applied(f: Loose, x: Float64[Tensor, "b i"]) -> Tensor:
    return f(x)


@tl.checked
def some(f: Annotated[Linear, "_ i"], x: Float64[Tensor, "b i"]) -> Tensor:
    return f(x)


@tl.checked
def triple(s: Annotated[State, "3"]) -> Float64[Tensor, "3 3"]:
    return s.pos


def repeated(s: State, times: Dim["k"]) -> Annotated[State, "k*n"]:
    return State(tl.concat([s.pos] * times), tl.concat([s.vel] * times))


def too_many(f: Annotated[Linear, "a b c"]) -> None: ...  # E: shape: Linear: has 2 sizes, "o" "i", in this order; got [a, b, c]


def half_written(f: Annotated[Linear, "a b+"]) -> None: ...  # E: shape: Linear: "b+" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //


state = State(tl.zeros((4, 3)), tl.zeros((4, 3)))
first, second = Linear(tl.zeros((3, 4))), Linear(tl.zeros((2, 3)))
square = Linear(tl.zeros((3, 3)))
reveal_type(state.tail().pos)  # R: Float64[Tensor, "3 3"]
reveal_type(first.flipped().w)  # R: Float64[Tensor, "4 3"]
reveal_type(half(state).vel)  # R: Float64[Tensor, "2 3"]
half(State(tl.zeros((5, 3)), tl.zeros((5, 3))))  # E: shape: half: dimension "2*n" of "n" of argument 1 ("s") is 5, which no n gives
reveal_type(composed(first, second).w)  # R: Float64[Tensor, "2 4"]
composed(first, first)  # E: shape: composed: dimension "h" is 3 in "o" of argument 1 ("f") but 4 in "i" of argument 2 ("g")
reveal_type(chained([square, square], tl.zeros((5, 3))))  # R: Float64[Tensor, "5 3"]
chained([square], tl.zeros((5, 4)))  # E: shape: chained: dimension "d" is 3 in "o" of item 0 of argument 1 ("layers") but 4 in argument 2 ("x"), [b=5, d=4]
chained([first], tl.zeros((5, 4)))  # E: shape: chained: dimension "d" is 3 in "o" of item 0 of argument 1 ("layers") but 4 in "i" of item 0 of argument 1 ("layers")
reveal_type(squared(square, tl.zeros((5, 3))))  # R: Float64[Tensor, "5 3"]
squared(first, tl.zeros((5, 4)))  # E: shape: squared: dimension "k" is 3 in "o" of argument 1 ("layer") but 4 in "i" of argument 1 ("layer")
applied(first, tl.zeros((5, 4)))
some(first, tl.zeros((5, 4)))
some(first, tl.zeros((5, 3)))  # E: shape: some: dimension "i" is 4 in argument 1 ("f") but 3 in argument 2 ("x"), [b=5, i=3]
triple(state)  # E: shape: triple: "n" of argument 1 ("s") is 4, expected 3
reveal_type(Net(first, second)(tl.zeros((5, 4))))  # R: Float64[Tensor, "5 2"]
reveal_type(Net(first, second).first.w)  # R: Float64[Tensor, "3 4"]
Net(first, first)  # E: shape: Net: dimension "h" is 3 in "o" of argument 1 ("first") but 4 in "i" of argument 2 ("second")
Net(first, second)(tl.zeros((5, 3)))  # E: shape: Net: argument 1 ("x") has shape [5, 3], expected [b, 4]


def kept() -> None:
    known: Annotated[State, "4"] = state
    other: Annotated[State, "5"] = state  # E: assignment: assignment: the value is State[4], expected State[5]
    loose: Annotated[State, "_"] = state
    reveal_type(known.pos)  # R: Float64[Tensor, "4 3"]
    reveal_type(other.pos)  # R: Float64[Tensor, "5 3"]
    reveal_type(loose.pos)  # R: Float64[Tensor, "_ 3"]


@tl.checked
@dataclass
class Labelled(Generic[A]):
    label: A
    x: Float64[Tensor, "h w"]


@tl.checked
@dataclass
class Image:
    pixels: Float64[Tensor, "*batch h w"]


@tl.checked
def turned(given: Annotated[Labelled[A], "h w"]) -> Annotated[Labelled[A], "w h"]:
    return Labelled(given.label, given.x.mT)


@tl.checked
def flipped(image: Image) -> Annotated[Image, "*batch w h"]:
    return Image(image.pixels.mT)


@tl.checked
def flat(image: Annotated[Image, "h w"]) -> Annotated[Image, "w h"]:
    return Image(image.pixels.mT)


reveal_type(turned(Labelled("one", tl.zeros((2, 3)))))  # R: Labelled[str, 3, 2]
reveal_type(flipped(Image(tl.zeros((2, 5, 28, 14)))).pixels)  # R: Float64[Tensor, "2 5 14 28"]
reveal_type(flat(Image(tl.zeros((28, 14)))).pixels)  # R: Float64[Tensor, "14 28"]
flat(Image(tl.zeros((2, 28, 14))))  # E: shape: flat: "*batch" of argument 1 ("image") has shape [2], expected []
