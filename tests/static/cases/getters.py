"""What gets a part: a tensor's methods as values, ``operator``'s getters, chained rows; and names for items of rows."""

import itertools
import operator
from collections.abc import Callable
from typing import Any

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

x, w, pairs = tl.ones((3, 4)), tl.ones((4, 5)), tl.ones((3, 2))

apply, total = x.__matmul__, x.sum
reveal_type(apply(w))  # R: Float64[Tensor, "3 5"]
reveal_type(total(axis=0))  # R: Float64[Tensor, "4"]
apply(x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
total(axis=7)  # E: shape: sum: axis 7 is out of range (operand: [3, 4])
for reduced in (x.sum, x.mean):
    reveal_type(reduced(axis=1))  # R: Float64[Tensor, "3"]
reveal_type(list(map(x.sum, [0, 0])))  # R: list[Float64[Tensor, "4"]]
activation: Callable[..., Any] = tl.tanh
shaped: Callable[[Tensor], Tensor] = tl.exp
reveal_type(activation(x))  # R: Float64[Tensor, "3 4"]
reveal_type(shaped(x))  # R: Float64[Tensor, "3 4"]


def power(a: Float64[Tensor, "n n"], other: bool) -> Float64[Tensor, "n n"]:
    times, least = a.__matmul__, a.min if other else a.max
    a = tl.ones((7, 7))
    reveal_type(apply(w))  # R: Float64[Tensor, "3 5"]
    reveal_type(least(axis=0, keepdims=True))  # R: Float64[Tensor, "1 n"]
    return times(times(a))  # E: shape: matmul: inner dimensions differ: n (left: [n, n]) and 7 (right: [7, 7])


@tl.checked
def take(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], a: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return f(a)


take(x.__matmul__, tl.ones(3))  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3]); did you mean .mT on the left operand?
reveal_type(take(tl.ones(3).__add__, tl.ones(3)))  # R: Float64[Tensor, "3"]

first, ends = operator.itemgetter(0), operator.itemgetter(0, -1)
reveal_type(first(x))  # R: Float64[Tensor, "4"]
reveal_type(ends(x))  # R: tuple[Float64[Tensor, "4"], Float64[Tensor, "4"]]
reveal_type(operator.attrgetter("mT")(x))  # R: Float64[Tensor, "4 3"]
reveal_type(operator.methodcaller("sum", axis=0)(x))  # R: Float64[Tensor, "4"]
reveal_type(list(map(operator.attrgetter("mT"), [x, x])))  # R: list[Float64[Tensor, "4 3"]]
reveal_type(sorted([(2, x), (1, x)], key=operator.itemgetter(0)))  # R: list[tuple[int, Float64[Tensor, "3 4"]]]
operator.itemgetter(7)(x)  # E: shape: getitem: index 7 is out of range for an axis of size 3 (operand: [3, 4])
operator.methodcaller("sum", axis=7)(x)  # E: shape: sum: axis 7 is out of range (operand: [3, 4])

reveal_type(list(itertools.chain.from_iterable([x, x])))  # R: list[Float64[Tensor, "4"]]
for number, (a, b) in enumerate(pairs):
    reveal_type(b)  # R: Float64[Tensor, ""]


class Held:  # without sizes of its own
    x: Float64[Tensor, "3 4"] = x
    name = "held"

    def rows(self, count: int) -> Float64[Tensor, "_ 4"]:
        return self.x[:count]


reveal_type(operator.attrgetter("x")(Held()))  # R: Float64[Tensor, "3 4"]
reveal_type(operator.attrgetter("x.mT")(Held()))  # R: Float64[Tensor, "4 3"]
reveal_type(operator.methodcaller("rows", 2)(Held()))  # R: Float64[Tensor, "_ 4"]
reveal_type(operator.attrgetter("name")(Held()))  # R: Any
operator.attrgetter("x")(Held()) @ x  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?


def not_called() -> None:  # other words when it runs
    take(x.__matmul__, tl.ones(4))  # E: shape: take: dimension "n" is 4 in argument 2 ("a") but 3 in the result of argument 1 ("f")
    for (a, b), (c, d) in zip(pairs, x):  # E: shape: unpack: axis 0 has size 4, expected 2 (operand: [4])
        pass
    for number, (a, b) in enumerate(x):  # E: shape: unpack: axis 0 has size 4, expected 2 (operand: [4])
        pass
