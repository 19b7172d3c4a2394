"""NamedTuples and subclasses: the names in the shapes of their fields are the object's."""

from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

A = TypeVar("A")


class Layer(NamedTuple):
    w: Float64[Tensor, "i o"]
    b: Float64[Tensor, "o"]

    def __call__(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        w, b = self
        return x @ w + b[None, :]

    @property
    def transposed(self) -> Float64[Tensor, "o i"]:
        return self.w.T

    @classmethod
    def zeros(cls, i: Dim["i"], o: Dim["o"]) -> "Layer":
        return cls(tl.zeros((i, o)), tl.zeros(o))

    def wrong(self) -> Float64[Tensor, "o i"]:
        return self.w  # E: return-value: wrong: the result has shape [i, o], expected [o, i]; did you mean .mT?


layer = Layer(tl.zeros((3, 4)), tl.zeros(4))
reveal_type(layer.w)  # R: Float64[Tensor, "3 4"]
reveal_type(layer[1])  # R: Float64[Tensor, "4"]
reveal_type(layer.transposed)  # R: Float64[Tensor, "4 3"]
reveal_type(layer(tl.zeros((2, 3))))  # R: Float64[Tensor, "2 4"]
reveal_type(layer._replace(b=tl.ones(4)).b)  # R: Float64[Tensor, "4"]
reveal_type(layer._replace(w=tl.ones((7, 4))))  # R: Layer[7, 4]
reveal_type(layer._replace(w=tl.ones((7, 5)), b=tl.ones(5)).w)  # R: Float64[Tensor, "7 5"]
reveal_type(Layer.zeros(3, 4).w)  # R: Float64[Tensor, "3 4"]


class Fixed(NamedTuple):
    w: Float64[Tensor, "3 4"]
    b: Float64[Tensor, "4"]


fixed = Fixed(tl.ones((3, 4)), tl.ones(4))._replace(b=tl.zeros(4))
reveal_type(fixed.w @ fixed.b)  # R: Float64[Tensor, "3"]


class Tagged(NamedTuple, Generic[A]):
    item: A
    tag: int


@dataclass
class Kept(Generic[A]):
    item: A
    w: Float64[Tensor, "3 4"]


tagged, kept = Tagged(fixed.w, 1), Kept(fixed.b, fixed.w)
reveal_type(tagged._replace(tag=2).item)  # R: Float64[Tensor, "3 4"]
reveal_type(replace(kept, w=tl.zeros((3, 4))).item)  # R: Float64[Tensor, "4"]


def not_kept() -> None:
    tagged._replace(item=fixed.b)  # E: arg-type: _replace: argument "item" has shape [4], expected [3, 4]
    replace(kept, item=fixed.w)  # E: shape: Kept: argument 1 ("item") has shape [3, 4], expected [4]


def not_replaced(layer: Layer) -> None:
    Layer(tl.zeros((3, 4)), tl.zeros(4))._replace(b=tl.ones(5))  # E: shape: Layer: dimension "o" is 4 in argument 1 ("w"), [i=3, o=4], but 5 in argument 2 ("b")
    Layer(tl.zeros((3, 4)), tl.zeros(4))._replace(w=tl.ones(4))  # E: shape: Layer: argument 1 ("w") has shape [4], expected [i, o]


w, b = layer
reveal_type(w)  # R: Float64[Tensor, "3 4"]
layer.w @ layer.w  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
layer.w @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?
w @ b[:3]  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?


def forward(layers: list[Layer], x: Float64[Tensor, "n i"]) -> Tensor:
    h: Tensor = x
    for layer in layers:
        h = layer(h)
    for w, b in layers[:0]:
        h = h @ w + b[None, :]
    return h


layers = [layer, Layer(tl.zeros((4, 5)), tl.zeros(5))]
reveal_type(layers[0].w)  # R: Float64[Tensor, "_ _"]
reveal_type(forward(layers, tl.zeros((2, 3))))  # R: Shaped[Tensor, "..."]


@tl.checked
class Base:
    w: Float64[Tensor, "i o"]

    def __init__(self, w: Float64[Tensor, "i o"]) -> None:
        self.w = w

    def call(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        return x @ self.w


@tl.checked
class Plain(Base):
    def twice(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        return self.call(x) + x @ self.w


@tl.checked
class Biased(Base):
    b: Float64[Tensor, "o"]

    def __init__(self, w: Float64[Tensor, "i o"], b: Float64[Tensor, "o"]) -> None:
        super().__init__(w)
        self.b = b

    def call(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        return super().call(x) + self.b[None, :]


class Backwards(Base):
    def call(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "o n"]:  # E: override: Return type "Float64[Tensor, 'o n']" of "call" incompatible with return type "Float64[Tensor, 'n o']" in supertype "Base"
        return (x @ self.w).T


class Square(Base):
    def gram(self) -> Float64[Tensor, "i i"]:
        return self.w.T @ self.w  # E: return-value: gram: the result has shape [o, o], expected [i, i]


plain = Plain(tl.zeros((3, 4)))
biased = Biased(tl.zeros((3, 4)), tl.zeros(4))
reveal_type(plain.w)  # R: Float64[Tensor, "3 4"]
reveal_type(plain.twice(tl.zeros((2, 3))))  # R: Float64[Tensor, "2 4"]
reveal_type(biased.call(tl.zeros((2, 3))))  # R: Float64[Tensor, "2 4"]
plain.twice(tl.zeros((2, 4)))  # E: shape: twice: argument 1 ("x") has shape [2, 4], expected [n, 3]
Biased(tl.zeros((3, 4)), tl.zeros(3))  # E: shape: Biased: dimension "o" is 4 in argument 1 ("w"), [i=3, o=4], but 3 in argument 2 ("b")


@dataclass
class Held:
    w: Float64[Tensor, "i o"]


@dataclass
class Chain(Held, Generic[A]):
    label: A
    v: Float64[Tensor, "o k"]

    def product(self) -> Float64[Tensor, "i k"]:
        return self.w @ self.v


chain = Chain(tl.zeros((3, 4)), "two", tl.zeros((4, 5)))
reveal_type(chain.product())  # R: Float64[Tensor, "3 5"]
reveal_type(chain.label)  # R: str
chain.v @ chain.w  # E: shape: matmul: inner dimensions differ: 5 (left: [4, 5]) and 3 (right: [3, 4]); did you mean the operands the other way round?
held = [Held(tl.zeros((3, 4))), Held(tl.zeros((4, 5)))]
reveal_type(held[0].w)  # R: Float64[Tensor, "_ _"]


class Weights(NamedTuple):
    a: Float64[Tensor, "2 2"]
    b: Float64[Tensor, "m m"]
    c: Float64[Tensor, "n 2*m"]


def of_any_sizes(weights: Weights) -> Float64[Tensor, "2 2"]:
    reveal_type(weights.c)  # R: Float64[Tensor, "_ _"]
    reveal_type(weights[2])  # R: Float64[Tensor, "_ _"]
    return [*weights][0]


of_any_sizes(Weights(tl.ones((2, 2)), tl.ones((3, 3)), tl.ones((4, 6))))
