"""Annotations in expressions: the arguments of a class that is called, base classes, TypedDicts made by calls."""

from collections import deque
from typing import Generic, TypedDict, TypeVar

import jaxtyping as jt
import numpy as np
from jaxtyping import Float32, Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack

T = TypeVar("T")
S = TypeVar("S")
Rows3 = TypeVar("Rows3", bound=Float64[Tensor, "n 3"])
Either = TypeVar("Either", Float64[Tensor, "3"], Float32[Tensor, "3"])


class Stack(Generic[T]):
    def __init__(self, *items: T) -> None:
        self.items = list(items)

    def push(self, item: T) -> None:
        self.items.append(item)

    def pop(self) -> T:
        return self.items.pop()


stack = Stack[Float64[Tensor, "4"]]()
stack.push(tl.ones(4))
stack.push(tl.ones(3))  # E: arg-type: push: argument 1 has shape [3], expected [4]
reveal_type(Stack[Float64[Tensor, "4"]](tl.ones(4)).pop())  # R: Float64[Tensor, "4"]
Stack[Float64[Tensor, "4"]](tl.ones(3))  # E: arg-type: Stack: argument 1 has shape [3], expected [4]
reveal_type(Stack[Float64[Tensor, "k"] | Float64[Tensor, "3"]](tl.ones(3)).items)  # R: list[Float64[Tensor, "_"] | Float64[Tensor, "3"]]
Stack[TensorPack["3 4, 3"]](TensorPack.of(tl.ones((3, 4)), tl.ones(3))).pop()[0] @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?

list[Float64[Tensor, "3"]]().append(tl.ones(4))  # E: arg-type: append: argument 1 has shape [4], expected [3]
buffer = deque[Float64[Tensor, "3"]](maxlen=2)
buffer.append(tl.ones(4))  # E: arg-type: append: argument 1 has shape [4], expected [3]
buckets = [list[jt.Float64[np.ndarray, "3"]]() for _ in range(2)]
buckets[0].append(np.ones(4))  # E: arg-type: append: argument 1 has shape [4], expected [3]


def kept(x: Float64[Tensor, "n"], n: Dim["n"]) -> Float64[Tensor, "n"]:
    held = Stack[Float64[Tensor, "n"]](x, tl.zeros(n))
    held.push(x[None])  # E: arg-type: push: argument 1 has shape [1, n], expected [n]
    return held.pop() + Stack[Float64[Tensor, "n"]](x).pop()


class Vectors(Stack[Float64[Tensor, "5"]]):
    def total(self) -> Float64[Tensor, "5"]:
        return self.pop() + tl.ones(4)  # E: shape-broadcast: add: axis 0 differs: 5 and 4 (left: [5], right: [4]); broadcasting is explicit: only an axis of size 1 stretches


Vectors().push(tl.ones(4))  # E: arg-type: push: argument 1 has shape [4], expected [5]


class Layer(Generic[T, S]):
    def __call__(self, x: T) -> S:
        raise NotImplementedError


class Widened(Layer[Float64[Tensor, "n 4"], Float64[Tensor, "n 3"]]):
    def __call__(self, x: Float64[Tensor, "n 4"]) -> Float64[Tensor, "n 3"]:
        return x @ tl.ones((4, 3))


reveal_type(Widened()(tl.ones((5, 4))))  # R: Float64[Tensor, "5 3"]


class History(list[Float64[Tensor, "3"]]):
    def mean(self) -> Float64[Tensor, "3"]:
        return sum(self, tl.zeros(3)) / float(len(self))


History([tl.ones(4)])  # E: list-item: list: item 0 has shape [4], expected [3]

Config = TypedDict("Config", {"w": Float64[Tensor, "3"]})
config: Config = {"w": tl.ones(4)}  # E: typeddict-item: dict: item "w" has shape [4], expected [3]


def first(x: Rows3) -> Rows3:
    return x


def either(x: Either) -> Either:
    return x


reveal_type(first(tl.ones((4, 3))))  # R: Float64[Tensor, "4 3"]
first(tl.ones((4, 2)))  # E: type-var: Value of type variable "Rows3" of "first" cannot be "Float64[Tensor, '4 2']"
either(tl.ones(3))
