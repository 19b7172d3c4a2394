"""Code for any model, with packs in lists, tuples, classes and the like: one type variable is one list of shapes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import torchlean_typed as tl
from torchlean_typed import Seq, TensorPack, nn

I = TypeVar("I")
O = TypeVar("O")
P = TypeVar("P")

net, other = nn.Seq(nn.linear(5, 4), nn.relu(), nn.linear(4, 3)), nn.linear(5, 3)
a, b = net.init(seed=0), other.init(seed=0)


@tl.checked
def total(model: Seq[I, O, P], packs: Sequence[TensorPack[P]]) -> TensorPack[P]:
    summed = packs[0]
    for pack in packs:
        summed = summed + pack
    return summed


@tl.checked
@dataclass
class Ensemble(Generic[P]):
    model: Seq[Any, Any, P]
    members: list[TensorPack[P]]


several = [a, a]
reveal_type(total(net, [a, a]))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(total(net, several))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(total(net, [net.init(seed=seed) for seed in range(3)]))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(Ensemble(net, [a, a]).members[0])  # R: TensorPack["4 5, 4, 3 4, 3"]
total(net, [b])  # E: shape: total: item 0 of argument 2 ("packs") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 0 of argument 2 ("packs") [3 5, 3]
total(net, (a, b))  # E: shape: total: item 1 of argument 2 ("packs") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 1 of argument 2 ("packs") [3 5, 3]
total(net, [other.init(seed=seed) for seed in range(3)])  # E: shape: total: item 0 of argument 2 ("packs") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 0 of argument 2 ("packs") [3 5, 3]
total(net, [a, b, a])  # E: shape: total: item 1 of argument 2 ("packs") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 1 of argument 2 ("packs") [3 5, 3]
Ensemble(net, [b])  # E: shape: Ensemble: item 0 of argument 2 ("members") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 0 of argument 2 ("members") [3 5, 3]


@tl.checked
def mean(packs: list[TensorPack[P]]) -> TensorPack[P]:
    return packs[0]


@tl.checked
def first(*packs: TensorPack[P]) -> TensorPack[P]:
    return packs[0]


@tl.checked
def named(model: Seq[I, O, P], packs: dict[str, TensorPack[P]], **more: TensorPack[P]) -> TensorPack[P]:
    return packs["a"]


@tl.checked
def perhaps(model: Seq[I, O, P], pair: tuple[TensorPack[P], float], pack: TensorPack[P] | None = None) -> TensorPack[P]:
    return pair[0]


reveal_type(mean(several))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(first(a, a, *several))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(named(net, {"a": a, "b": a}, more=a))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(perhaps(net, (a, 0.5)))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(perhaps(net, (a, 0.5), a))  # R: TensorPack["4 5, 4, 3 4, 3"]
mean([a, b])  # E: shape: mean: item 1 of argument 1 ("packs") has 2 entries, item 0 of argument 1 ("packs") has 4; shapes: item 0 of argument 1 ("packs") [4 5, 4, 3 4, 3], item 1 of argument 1 ("packs") [3 5, 3]
first(a, b)  # E: shape: first: argument 2 ("packs") has 2 entries, argument 1 ("packs") has 4; shapes: argument 1 ("packs") [4 5, 4, 3 4, 3], argument 2 ("packs") [3 5, 3]
first(b, *several)  # E: shape: first: argument 2 ("packs") has 4 entries, argument 1 ("packs") has 2; shapes: argument 1 ("packs") [3 5, 3], argument 2 ("packs") [4 5, 4, 3 4, 3]
named(net, {"a": b})  # E: shape: named: item "a" of argument 2 ("packs") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item "a" of argument 2 ("packs") [3 5, 3]
named(net, {"a": a}, more=b)  # E: shape: named: argument 3 ("more") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], argument 3 ("more") [3 5, 3]
perhaps(net, (b, 0.5))  # E: shape: perhaps: item 0 of argument 2 ("pair") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], item 0 of argument 2 ("pair") [3 5, 3]
perhaps(net, (a, 0.5), b)  # E: shape: perhaps: argument 3 ("pack") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], argument 3 ("pack") [3 5, 3]


@tl.checked
def models(some: Iterable[Seq[I, O, P]], params: TensorPack[P]) -> TensorPack[P]:
    return params


reveal_type(models([net, net], a))  # R: TensorPack["4 5, 4, 3 4, 3"]
models([net], b)  # E: shape: models: argument 2 ("params") has 2 entries, the parameter pack of item 0 of argument 1 ("some") has 4; shapes: the parameter pack of item 0 of argument 1 ("some") [4 5, 4, 3 4, 3], argument 2 ("params") [3 5, 3]
models([net, other], a)  # E: shape: models: the parameter pack of item 1 of argument 1 ("some") has 2 entries, the parameter pack of item 0 of argument 1 ("some") has 4; shapes: the parameter pack of item 0 of argument 1 ("some") [4 5, 4, 3 4, 3], the parameter pack of item 1 of argument 1 ("some") [3 5, 3]


class State(NamedTuple, Generic[P]):
    params: TensorPack[P]
    velocity: TensorPack[P]


@tl.checked
def restarted(model: Seq[I, O, P], state: State[P]) -> TensorPack[P]:
    return state.params


class Averaged(Generic[P]):
    @tl.checked
    def __init__(self, model: Seq[I, O, P], *params: TensorPack[P]) -> None:
        self.params = params

    def step(self, more: Sequence[TensorPack[P]]) -> TensorPack[P]:
        return more[0] + self.params[0]


reveal_type(State(a, a).velocity)  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(restarted(net, State(a, a)))  # R: TensorPack["4 5, 4, 3 4, 3"]
reveal_type(Averaged(net, a).step([a]))  # R: TensorPack["4 5, 4, 3 4, 3"]
Averaged(net, a, b)  # E: shape: Averaged: argument 3 ("params") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 5, 4, 3 4, 3], argument 3 ("params") [3 5, 3]
