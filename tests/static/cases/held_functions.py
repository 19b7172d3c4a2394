# symbolic
"""The library's functions put into what holds functions of a declared type: items, methods, copies, defaults."""

import functools
import operator
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, NamedTuple, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Activation = Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]
T = TypeVar("T")


@dataclass
class Net:
    w: Float64[Tensor, "d h"]
    act: Activation = tl.tanh
    head: Callable[[Float64[Tensor, "h"]], Float64[Tensor, ""]] = field(default=tl.sum)
    acts: list[Activation] = field(default_factory=lambda: [tl.tanh, tl.relu])
    size: int = 0


@dataclass
class Wrong:
    acts: list[Activation] = field(default_factory=lambda: [tl.tanh, tl.mean])  # E: shape: assignment: the result of mean has shape [], expected [n]
    act: Activation = field(default=tl.mean)  # E: shape: assignment: the result of mean has shape [], expected [n]


class Pair(NamedTuple):
    first: Activation
    second: Activation = tl.exp


class WrongPair(NamedTuple):
    first: Activation
    second: Activation = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [n]


class Registry(Generic[T]):
    def __init__(self) -> None:
        self.items: dict[str, T] = {}

    def register(self, name: str, item: T, *, force: bool = False) -> T:
        self.items[name] = item
        return item


class Own:
    def __init__(self) -> None:
        self.mean = 2.0
        self.act: Activation = tl.relu

    def reshape(self) -> str:
        return "own"


def right(net: Net, registry: Registry[Activation], pair: Pair, own: Own, x: Float64[Tensor, "3 4"]) -> None:
    acts: dict[str, Activation] = {}
    layers: list[Activation] = []
    numbers: dict[str, float] = {}
    names: list[str] = []
    anything: list[Callable[[Tensor], Tensor]] = [tl.sum]
    acts["tanh"] = tl.tanh
    acts["scaled"] = functools.partial(tl.multiply, 2.0)
    acts["added"] = tl.ones(1).__add__ if names else tl.abs
    acts.update(tanh=tl.tanh, exp=tl.exp)
    acts.update({"tanh": tl.tanh})
    acts.setdefault("relu", tl.relu)
    acts |= {"tanh": tl.tanh}
    layers.append(tl.tanh)
    layers.insert(0, tl.relu)
    layers.extend([tl.tanh, tl.exp])
    layers += [tl.tanh]
    layers[0] = tl.relu
    layers[:1] = [tl.tanh]
    anything.append(tl.mean)
    anything[0] = tl.max
    registry.register("tanh", tl.tanh, force=True)
    setattr(net, "act", tl.relu)
    setattr(net, "size", own.mean)
    net.act = tl.exp
    net.acts[0] = tl.relu
    net.head = tl.max
    numbers["mean"] = own.mean
    numbers.update(mean=own.mean)
    names.append(own.reshape())
    replace(net, act=tl.relu, head=tl.mean)
    pair._replace(second=tl.tanh)
    chosen = tl.relu
    acts["chosen"] = chosen
    deque(layers).append(chosen)
    print(operator.attrgetter("mean")(own), tl.sum, sorted([x], key=lambda row: row.sum().item()))


def wrong(net: Net, registry: Registry[Activation], pair: Pair, own: Own, x: Float64[Tensor, "3 4"]) -> Net:
    acts: dict[str, Activation] = {}
    layers: list[Activation] = []
    acts["sum"] = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [n]
    acts["rows"] = x.__matmul__  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and n (right: [n])
    acts["first"] = functools.partial(tl.sum, axis=0)  # E: shape: assignment: the result of partial has shape [], expected [n]
    acts.update(tanh=tl.tanh, mean=tl.mean)  # E: shape: update: the result of mean has shape [], expected [n]
    acts.update({"min": tl.min})  # E: shape: update: the result of min has shape [], expected [n]
    print(acts.setdefault("max", tl.max))  # E: shape: setdefault: the result of max has shape [], expected [n]
    acts |= {"sum": tl.sum}  # E: shape: assignment: the result of sum has shape [], expected [n]
    layers.append(tl.sum)  # E: shape: append: the result of sum has shape [], expected [n]
    layers.insert(0, tl.mean)  # E: shape: insert: the result of mean has shape [], expected [n]
    layers.extend([tl.tanh, tl.max])  # E: shape: extend: the result of max has shape [], expected [n]
    layers += [tl.min]  # E: shape: assignment: the result of min has shape [], expected [n]
    layers[0] = tl.sum  # E: shape: assignment: the result of sum has shape [], expected [n]
    layers[:1] = [tl.mean]  # E: shape: assignment: the result of mean has shape [], expected [n]
    registry.register("mean", tl.mean, force=True)  # E: shape: register: the result of mean has shape [], expected [n]
    registry.register(item=tl.max, name="max")  # E: shape: register: the result of max has shape [], expected [n]
    setattr(net, "act", tl.sum)  # E: shape: setattr: the result of sum has shape [], expected [n]
    net.acts[0] = tl.max  # E: shape: assignment: the result of max has shape [], expected [n]
    net.acts.append(tl.sum)  # E: shape: append: the result of sum has shape [], expected [n]
    net.head = tl.tanh  # E: shape: assignment: the result of tanh has shape [h], expected []
    own.act = tl.min  # E: shape: assignment: the result of min has shape [], expected [n]
    pair._replace(second=tl.sum)  # E: shape: replace: the result of sum has shape [], expected [n]
    chosen = tl.sum
    acts["chosen"] = chosen  # E: shape: assignment: the result of chosen has shape [], expected [n]
    own.act = chosen  # E: shape: assignment: the result of chosen has shape [], expected [n]
    deque(layers).appendleft(chosen)  # E: shape: appendleft: the result of chosen has shape [], expected [n]
    return replace(net, act=tl.mean)  # E: shape: replace: the result of mean has shape [], expected [n]


@dataclass(frozen=True)
class Normal:
    w: Float64[Tensor, "d h"]
    row: Float64[Tensor, "h"]
    anything: Tensor

    def __post_init__(self) -> None:
        object.__setattr__(self, "w", self.w / 2.0)
        object.__setattr__(self, "row", self.w[0])
        object.__setattr__(self, "anything", self.w[:, 0])
        object.__setattr__(self, "row", self.w[:, 0])  # E: assignment: assignment: the value has shape [d], expected [h]


def set_by_name(normal: Normal, x: Float64[Tensor, "3 4"], name: str) -> None:
    setattr(normal, "w", x)
    setattr(normal, name, x)
    setattr(normal, "other", x)
    setattr(Normal(x, x[0], x), "w", x)
    setattr(Normal(x, x[0], x), "w", x.mT)  # E: assignment: assignment: the value has shape [4, 3], expected [3, 4]; did you mean .mT?
    setattr(normal, "w", x[0])  # E: assignment: assignment: the value has shape [4], expected [_, _]
