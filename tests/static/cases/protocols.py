"""Lambdas where a protocol is asked for: they are checked as what its ``__call__`` says, wherever they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

T = TypeVar("T", contravariant=True)


class Layer(Protocol):
    def __call__(self, x: Float64[Tensor, "b d"], /) -> Float64[Tensor, "b d"]: ...


class Rows(Protocol):
    def __call__(self, x: Float64[Tensor, "3 4"], scale: float = 1.0, /) -> Float64[Tensor, "3"]: ...


class Indexed(Protocol[T]):
    def __call__(self, x: Float64[Tensor, "n"], index: T, /) -> Float64[Tensor, "n"]: ...


def once(f: Layer) -> Float64[Tensor, "3 4"]:
    return f(tl.ones((3, 4)))


def in_turn(fs: list[Layer], last: Layer | None = None) -> Float64[Tensor, "3 4"]:
    x = tl.ones((3, 4))
    for f in fs:
        x = f(x)
    return x if last is None else last(x)


def rows(f: Rows) -> Float64[Tensor, "3"]:
    return f(tl.ones((3, 4)))


def at(f: Layer, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    return f(x)


halved: Layer = lambda z: z * 0.5
held: dict[str, Layer] = {"tanh": lambda z: tl.tanh(z), "turned": lambda z: z.mT.mT}
summed: Rows = lambda z, scale=1.0: tl.sum(z * scale, axis=1)
times: Indexed[int] = lambda z, k: z * float(k)
reveal_type(once(halved))  # R: Float64[Tensor, "3 4"]
reveal_type(once(lambda z: at(lambda y: y + y, z)))  # R: Float64[Tensor, "3 4"]
reveal_type(in_turn([held["tanh"], lambda z: tl.relu(z)], lambda z: z - 1.0))  # R: Float64[Tensor, "3 4"]
reveal_type(rows(lambda z, scale=1.0: tl.sum(z, axis=1) * scale))  # R: Float64[Tensor, "3"]
reveal_type(times(tl.ones(3), 2))  # R: Float64[Tensor, "3"]

wrong: Layer = lambda z: tl.sum(z)  # E: return-value: <lambda>: the result has shape [], expected [b, d]
several: list[Layer] = [lambda z: z, lambda z: tl.sum(z, axis=0)]  # E: return-value: <lambda>: the result has shape [d], expected [b, d]
named: dict[str, Layer] = {"turned": lambda z: z.mT}  # E: return-value: <lambda>: the result has shape [d, b], expected [b, d]; did you mean .mT?
pair: tuple[Layer, Rows] = (lambda z: z), (lambda z, _=1.0: z[0])  # E: return-value: <lambda>: the result has shape [4], expected [3]
optional: Layer | None = lambda z: z[0]  # E: return-value: <lambda>: the result has shape [d], expected [b, d]
more: Layer = lambda z, k=2: z[None]  # E: return-value: <lambda>: the result has shape [1, b, d], expected [b, d]
index: Indexed[int] = lambda z, k: tl.sum(z) * float(k)  # E: return-value: <lambda>: the result has shape [], expected [n]
rows(lambda z, scale=1.0: tl.sum(z, axis=0) * scale)  # E: return-value: <lambda>: the result has shape [4], expected [3]
in_turn([lambda z: z[0] for _ in range(3)])  # E: return-value: <lambda>: the result has shape [d], expected [b, d]


@dataclass
class Net:
    layer: Layer
    last: Layer = lambda z: z[:, 0]  # E: return-value: <lambda>: the result has shape [b], expected [b, d]


Net(lambda z: z[0])  # E: return-value: <lambda>: the result has shape [d], expected [b, d]
net = Net(lambda z: z * 2.0)
net.layer = lambda z: tl.sum(z, axis=1)  # E: return-value: <lambda>: the result has shape [b], expected [b, d]


def default(f: Layer = lambda z: z.mT) -> None:  # E: return-value: <lambda>: the result has shape [d, b], expected [b, d]; did you mean .mT?
    f(tl.ones((3, 4)))


def chosen(turned: bool) -> Layer:
    return (lambda z: z.mT) if turned else (lambda z: z)  # E: return-value: <lambda>: the result has shape [d, b], expected [b, d]; did you mean .mT?


def pairs() -> tuple[Layer, list[Rows]]:
    return (lambda z: z[0]), [lambda z, _=1.0: z[0]]  # E: return-value: <lambda>: the result has shape [d], expected [b, d] # E: return-value: <lambda>: the result has shape [4], expected [3]


def each() -> Iterator[Layer]:
    yield lambda z: z
    yield lambda z: z.mT  # E: return-value: <lambda>: the result has shape [d, b], expected [b, d]; did you mean .mT?


def names_apart(x: Float64[Tensor, "b d"]) -> Layer:
    once(lambda z: z + x)  # E: shape-broadcast: add: axis 0 differs: Layer_b and b (left: [Layer_b, Layer_d], right: [b, d]); broadcasting is explicit: only an axis of size 1 stretches
    return lambda z: x  # E: return-value: <lambda>: the result has shape [b, d], expected [Layer_b, Layer_d]


def names_of_methods(x: Float64[Tensor, "b d"]) -> None:
    once(x.add)  # E: shape-broadcast: add: axis 0 differs: b and Layer_b (left: [b, d], right: [Layer_b, Layer_d]); broadcasting is explicit: only an axis of size 1 stretches


def within() -> None:
    inside: Layer = lambda z: tl.sum(z, axis=2)  # E: shape: sum: axis 2 is out of range (operand: [b, d])
    once(inside)


def nested() -> None:
    once(lambda z: at(lambda y: y + z, z))  # E: shape-broadcast: add: axis 0 differs: Layer_b and b (left: [Layer_b, Layer_d], right: [b, d]); broadcasting is explicit: only an axis of size 1 stretches
