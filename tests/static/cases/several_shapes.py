"""What is checked of variables of several shapes together: each shape has to fit, and those of one variable are one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

T = TypeVar("T")
U = TypeVar("U")


class Pair(NamedTuple):
    left: Float64[Tensor, "*s"]
    right: Float64[Tensor, "*s"]


class Shift:
    w: Float64[Tensor, "o"]

    def __init__(self, w: Float64[Tensor, "o"]) -> None:
        self.w = w

    def __call__(self, x: Float64[Tensor, "o"]) -> Float64[Tensor, "o"]:
        return x + self.w

    def __add__(self, x: Float64[Tensor, "o"]) -> Float64[Tensor, "o"]:
        return x + self.w


def gelu(x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return x * tl.tanh(x)


def dot(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return x @ y


def dot_of(pair: tuple[Float64[Tensor, "n"], Float64[Tensor, "n"]]) -> Float64[Tensor, ""]:
    return pair[0] @ pair[1]


def shifted(pair: tuple[Shift, Float64[Tensor, "o"]]) -> Float64[Tensor, "o"]:
    return pair[0](pair[1])


def first_of(xs: list[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return xs[0]


def shown(x: Float64[Tensor, "n m"], y: Float64[Tensor, "m"]) -> None:
    print(x + y[None, :])


def turned(x: Float64[Tensor, "n m"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "m n"]:
    return (x + y[None, :]).T


def operations(
    x: Float64[Tensor, "3"] | Float64[Tensor, "4"],
    m: Float64[Tensor, "2 3"] | Float64[Tensor, "3 2"],
    s: Float64[Tensor, "3"] | Float64[Tensor, "2 4"] | Float64[Tensor, "5 6 7"],
    y: Float64[Tensor, "3"] | Float64[Tensor, "4"],
) -> None:
    reveal_type(x * tl.tanh(x))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(gelu(x) * x)  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(s - tl.mean(s, axis=-1, keepdims=True))  # R: Float64[Tensor, "3"] | Float64[Tensor, "2 4"] | Float64[Tensor, "5 6 7"]
    reveal_type(m @ m.T)  # R: Float64[Tensor, "2 2"] | Float64[Tensor, "3 3"]
    reveal_type(tl.sum(m, axis=0) @ m.T)  # R: Float64[Tensor, "2"] | Float64[Tensor, "3"]
    reveal_type((lambda u: u * tl.tanh(u))(x))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type([u * tl.tanh(u) for u in (x, m)])  # R: list[Float64[Tensor, "3"] | Float64[Tensor, "4"] | Float64[Tensor, "2 3"] | Float64[Tensor, "3 2"]]
    reveal_type(x + y)  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    m + m.T  # E: shape: add: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?
    tl.sum(m.T * m)  # E: shape: multiply: axis 0 differs: 3 and 2 (left: [3, 2], right: [2, 3]); did you mean .T on one of them?
    x + tl.concat([x, x])  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches


def functions(
    x: Float64[Tensor, "3"] | Float64[Tensor, "4"],
    m: Float64[Tensor, "2 3"] | Float64[Tensor, "3 4"],
    y: Float64[Tensor, "3"] | Float64[Tensor, "4"],
) -> None:
    reveal_type(dot(x, tl.tanh(x)))  # R: Float64[Tensor, ""]
    reveal_type(gelu(m))  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3 4"]
    reveal_type(turned(m, tl.sum(m, axis=0)))  # R: Float64[Tensor, "3 2"] | Float64[Tensor, "4 3"]
    reveal_type(turned(m, y))  # R: Float64[Tensor, "3 2"] | Float64[Tensor, "4 3"]
    shown(m, tl.sum(m, axis=0))
    dot(x, tl.ones(3))  # E: shape: dot: dimension "n" is 4 in argument 1 ("x") but 3 in argument 2 ("y")
    dot(x, tl.ones(5))  # E: shape: dot: dimension "n" is 3 in argument 1 ("x") but 5 in argument 2 ("y")
    dot(m, m)  # E: shape: dot: argument 1 ("x") has shape [2, 3], expected [n]
    dot(m, m[0])  # E: shape: dot: argument 1 ("x") has shape [2, 3], expected [n]
    shown(m, m[:, 0])  # E: shape: shown: dimension "m" is 3 in argument 1 ("x"), [n=2, m=3], but 2 in argument 2 ("y")
    dot(m[0], m[0])


def objects(s: Float64[Tensor, "3"] | Float64[Tensor, "4"], t: Float64[Tensor, "3"] | Float64[Tensor, "5"]) -> None:
    reveal_type(Shift(s)(s))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    shift = Shift(s)
    reveal_type(shift)  # R: Shift[3] | Shift[4]
    reveal_type(shift(s))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(shift + s)  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    shift(tl.ones(3))  # E: shape: Shift: argument 1 ("x") has shape [3], expected [4]
    Shift(s)(tl.concat([s, s]))  # E: shape: Shift: argument 1 ("x") has shape [6], expected [3]
    Shift(s)(t)  # E: shape: Shift: argument 1 ("x") has shape [5], expected [3]
    pair = Pair(tl.tanh(s), s * 0.5)
    for _ in range(2):
        pair = pair._replace(left=pair.right, right=s * 0.5)
    reveal_type(pair.left)  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    dot_of((s, s))
    dot_of((s, t))  # E: shape: dot_of: dimension "n" is 3 in item 0 of argument 1 ("pair") but 5 in item 1 of argument 1 ("pair")
    dot_of((s, tl.ones(7)))  # E: shape: dot_of: dimension "n" is 3 in item 0 of argument 1 ("pair") but 7 in item 1 of argument 1 ("pair")
    shifted((shift, s))
    shifted((shift, tl.ones(3)))  # E: shape: shifted: dimension "o" is 4 in item 0 of argument 1 ("pair") but 3 in item 1 of argument 1 ("pair")
    reveal_type(first_of([s, s * 2.0]))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    first_of([tl.ones(3), s])  # E: shape: first_of: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")


@dataclass
class Step(Generic[T, U]):
    before: T
    after: U


def of_names(parts: Mapping[str, Float64[Tensor, "n"]], bias: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return parts["a"] + bias


def change(step: Step[Float64[Tensor, "n"], Float64[Tensor, "n"]]) -> None:
    print(step.after - step.before)


def held(
    parts: Mapping[str, Float64[Tensor, "3"] | Float64[Tensor, "4"]],
    same: Step[Float64[Tensor, "3"], Float64[Tensor, "3"]],
    grown: Step[Float64[Tensor, "3"], Float64[Tensor, "4"]],
    either: Step[Float64[Tensor, "3"] | Float64[Tensor, "4"], Float64[Tensor, "4"]],
) -> None:
    of_names(parts, tl.ones(3))  # E: shape: of_names: dimension "n" is 3 in argument 2 ("bias") but 4 in a value of argument 1 ("parts")
    of_names({"a": tl.ones(4)}, tl.ones(3))  # E: shape: of_names: dimension "n" is 4 in item "a" of argument 1 ("parts") but 3 in argument 2 ("bias")
    change(same)
    change(grown)  # E: shape: change: dimension "n" is 3 in T of argument 1 ("step") but 4 in U of argument 1 ("step")
    change(either)  # E: shape: change: dimension "n" is 4 in U of argument 1 ("step") but 3 in T of argument 1 ("step")


def beside_what_is_stored(s: Float64[Tensor, "3"] | Float64[Tensor, "2 2"]) -> None:
    stored = {"a": tl.tanh(s)}
    stored["a"] = stored["a"] + (s - tl.mean(s, axis=-1, keepdims=True))
    reveal_type(stored["a"])  # R: Float64[Tensor, "3"] | Float64[Tensor, "2 2"]
    steps = [s + s]
    steps += [steps[-1] + s * 0.5]
    steps[0] *= s + s
    pair = Pair(s, s)
    reveal_type(pair.left + tl.exp(s))  # R: Float64[Tensor, "3"] | Float64[Tensor, "2 2"]
    reveal_type(stored["a"] * steps[0])  # R: Float64[Tensor, "3"] | Float64[Tensor, "2 2"]
    stored["a"] + tl.concat([s, s])  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches


class Moved:
    w: Float64[Tensor, "*s"]

    def __init__(self, w: Float64[Tensor, "*s"]) -> None:
        self.w = w

    @tl.checked
    def __call__(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return x + self.w


def partly_known(x: Float64[Tensor, "*b n"], y: Float64[Tensor, "_ _"], flag: bool) -> Float64[Tensor, "..."]:
    s = x if flag else y
    reveal_type(Moved(s)(s))  # R: Float64[Tensor, "*b n"] | Float64[Tensor, "_ _"]
    return Moved(s)(s)


@tl.checked
def of_a_rank(x: Float64[Tensor, "n"], v: Float64[Tensor, "_"], m: Float64[Tensor, "_ _"] | None = None) -> Tensor:
    return x if m is None else v


partly_known(tl.ones((2, 3)), tl.ones((2, 3)), True)
of_a_rank(tl.ones(2), tl.ones(3), tl.ones((3, 4)))
of_a_rank(tl.ones(2), tl.ones((3, 4)))  # E: shape: of_a_rank: argument 2 ("v") has shape [3, 4], expected [?]
of_a_rank(tl.ones(2), tl.ones(3), tl.ones(4))  # E: shape: of_a_rank: argument 3 ("m") has shape [4], expected [?, ?]
