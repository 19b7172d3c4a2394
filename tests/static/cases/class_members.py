"""Methods, properties, protocols of classes: operators, iteration, contexts, setters, Self, Final and ClassVar."""

import abc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import ClassVar, Final, Generic, Self, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

A = TypeVar("A")


@tl.checked
class Net:
    w: Float64[Tensor, "i o"]

    def __init__(self, w: Float64[Tensor, "i o"]) -> None:
        self.w = w

    @cached_property
    def gram(self) -> Float64[Tensor, "o o"]:
        return self.w.T @ self.w

    @property
    def transposed(self) -> Float64[Tensor, "o i"]:
        return self.w.T

    @transposed.setter
    def transposed(self, value: Float64[Tensor, "o i"]) -> None:
        self.w = value.T

    @classmethod
    def make(cls, w: Float64[Tensor, "i o"]) -> Self:
        return cls(w)

    @staticmethod
    def norm(x: Float64[Tensor, "k"]) -> Float64[Tensor, ""]:
        return x @ x

    def same(self) -> Self:
        return self

    def __matmul__(self, x: Float64[Tensor, "o b"]) -> Float64[Tensor, "i b"]:
        return self.w @ x

    def __getitem__(self, k: int) -> Float64[Tensor, "o"]:
        return self.w[k]

    def __iter__(self) -> Iterator[Float64[Tensor, "o"]]:
        return iter(self.w)

    def __enter__(self) -> Float64[Tensor, "i o"]:
        return self.w

    def __exit__(self, *error: object) -> None: ...


net = Net(tl.zeros((3, 4)))
reveal_type(net.gram)  # R: Float64[Tensor, "4 4"]
reveal_type(net.transposed)  # R: Float64[Tensor, "4 3"]
reveal_type(Net.make(tl.zeros((3, 4))).w)  # R: Float64[Tensor, "3 4"]
reveal_type(net.same().w)  # R: Float64[Tensor, "3 4"]
reveal_type(net @ tl.zeros((4, 5)))  # R: Float64[Tensor, "3 5"]
reveal_type(net[0])  # R: Float64[Tensor, "4"]
for row in net:
    reveal_type(row)  # R: Float64[Tensor, "4"]
with net as w:
    reveal_type(w)  # R: Float64[Tensor, "3 4"]
net.w = tl.ones((3, 4))
net.transposed = tl.ones((4, 3))
net @ tl.zeros((5, 5))  # E: shape: __matmul__: argument 1 has shape [5, 5], expected [4, b]
net[0] @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3])
Net.norm(tl.zeros((2, 2)))  # E: shape: norm: argument 1 ("x") has shape [2, 2], expected [k]


def set_wrong(net: Net) -> None:
    known = Net(tl.zeros((3, 4)))
    known.w = tl.zeros((4, 3))  # E: assignment: assignment: the value has shape [4, 3], expected [3, 4]; did you mean .mT?
    known.transposed = tl.zeros((3, 4))  # E: assignment: assignment: the value has shape [3, 4], expected [4, 3]; did you mean .mT?


@contextmanager
def scratch(n: Dim["n"]) -> Iterator[Float64[Tensor, "n"]]:
    yield tl.zeros(n)


with scratch(3) as s:
    reveal_type(s)  # R: Float64[Tensor, "3"]
    s @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4])


def batches(x: Float64[Tensor, "b n"], size: Dim["k"]) -> Iterator[Float64[Tensor, "k n"]]:
    for start in range(0, x.shape[0], size):
        yield x[start : start + size]


def rows(x: Float64[Tensor, "b n"]) -> Iterator[Float64[Tensor, "n"]]:
    yield from x
    yield x[:, 0]  # E: misc: rows: what is yielded has shape [b], expected [n]


def wrong_rows(x: Float64[Tensor, "b n"]) -> Iterator[Float64[Tensor, "n"]]:
    yield x  # E: misc: wrong_rows: what is yielded has shape [b, n], expected [n]


async def stream(x: Float64[Tensor, "b n"]) -> AsyncIterator[Float64[Tensor, "n"]]:
    for row in x:
        yield row


async def consumed() -> None:
    async for row in stream(tl.zeros((2, 3))):
        reveal_type(row)  # R: Float64[Tensor, "3"]
        row @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4])


for batch in batches(tl.zeros((10, 3)), 5):
    reveal_type(batch)  # R: Float64[Tensor, "5 3"]
    batch @ tl.zeros((5, 3))  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 5 (right: [5, 3]); did you mean .mT on the right operand?


class Module(abc.ABC):
    @abc.abstractmethod
    def forward(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]: ...


class Doubling(Module):
    def forward(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
        return x * 2.0


class AnyRank(Module):
    def forward(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return x * 2.0


class Transposing(Module):
    def forward(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "n b"]:  # E: override: Signature of "forward" incompatible with supertype "Module"
        return x.T


class Field(Generic[A]):
    def __init__(self, label: A, x: Float64[Tensor, "n 3"]) -> None:
        self.label = label
        self.x = x


field = Field("one", tl.zeros((2, 3)))
reveal_type(field.x)  # R: Float64[Tensor, "2 3"]
reveal_type(field.label)  # R: str
field.x @ tl.zeros(2)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2]); did you mean .mT on the left operand?


class Constants:
    scale: Final = tl.zeros(3)
    shared: ClassVar[Float64[Tensor, "3"]] = tl.zeros(3)
    size: Final = 5


WEIGHTS: Final[Float64[Tensor, "5 3"]] = tl.zeros((Constants.size, 3))
reveal_type(Constants.scale)  # R: Float64[Tensor, "3"]
reveal_type(WEIGHTS @ Constants().shared)  # R: Float64[Tensor, "5"]
WEIGHTS @ tl.zeros(Constants.size)  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 5 (right: [5]); did you mean .mT on the left operand?


def shadowed() -> None:
    Constants.shared = tl.zeros(4)  # E: assignment: assignment: the value has shape [4], expected [3]


def built(cls: type[Net], w: Float64[Tensor, "i o"]) -> Float64[Tensor, "i o"]:
    return cls(w).w


reveal_type(built(Net, tl.zeros((2, 3))))  # R: Float64[Tensor, "2 3"]


def powers(x: Float64[Tensor, "n n"], k: int) -> Float64[Tensor, "n n"]:
    match k:
        case 0:
            return tl.eye(x.shape[0])
        case _:
            return x @ powers(x, k - 1)


def tried(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    try:
        y = x / x.sum()
    except (ValueError, tl.ShapeError):
        y = tl.zeros(x.shape)
    else:
        y = y * 2.0
    return y


def tried_wrong(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    try:
        y = x / x.sum()
    except ValueError:
        y = tl.zeros((1, *x.shape))
    return y  # E: return-value: tried_wrong: the result has shape [1, n] or [n], expected [n]


reveal_type(powers(tl.eye(3), 2))  # R: Float64[Tensor, "3 3"]
reveal_type(tried(tl.ones(3)))  # R: Float64[Tensor, "3"]


class Rows:
    def __get__(self, owner: object, cls: object = None) -> Float64[Tensor, "3 4"]:
        return tl.ones((3, 4))

    def __set__(self, owner: object, value: Float64[Tensor, "3 4"]) -> None: ...


class Table:
    rows = Rows()


def described(table: Table, x: Float64[Tensor, "4 3"]) -> None:
    reveal_type(table.rows)  # R: Float64[Tensor, "3 4"]
    table.rows = x.mT
    table.rows = x  # E: assignment: assignment: the value has shape [4, 3], expected [3, 4]; did you mean .mT?
