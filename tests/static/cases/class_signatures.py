"""Classes with sizes in signatures: where their names are names of the signature, and where they are not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from typing import Generic, NamedTuple, Self, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

A = TypeVar("A")


class State(NamedTuple):
    pos: Float64[Tensor, "n 3"]
    vel: Float64[Tensor, "n 3"]

    @tl.checked
    def scaled(self, by: float) -> "State":
        return State(self.pos * by, self.vel * by)

    @tl.checked
    def joined(self, other: "State") -> "State":
        return State(tl.concat([self.pos, other.pos]), tl.concat([self.vel, other.vel]))

    @property
    def backwards(self) -> "State":
        return State(self.pos, -self.vel)

    def dropped(self) -> "State":
        return State(self.pos[1:], self.vel[1:])  # E: return-value: dropped: the result is State[n-1], expected State[n]; say its sizes where they are others: Annotated[State, "n-1"]


class Moving(State):
    @tl.checked
    def energy(self, m: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
        return m @ tl.sum(self.vel**2, axis=1)


@tl.checked
@dataclass
class Linear:
    w: Float64[Tensor, "o i"]

    def __call__(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return x @ self.w.mT

    @classmethod
    def drawn(cls, i: int, o: int) -> "Linear":
        return cls(tl.zeros((o, i)))

    @classmethod
    def zeros(cls, i: Dim["i"], o: Dim["o"]) -> "Linear":
        return cls(tl.zeros((o, i)))

    @classmethod
    def unit(cls) -> "Linear":
        return Linear(tl.ones((1, 1)))

    @staticmethod
    def applied(layer: "Linear", x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
        return layer(x)

    def then(self, other: "Linear") -> "Linear":
        return Linear(other.w @ self.w)

    def itself(self) -> Self:
        return self

    def flipped(self) -> "Linear":
        return Linear(self.w.mT)  # E: return-value: flipped: the result is Linear[i, o], expected Linear[o, i]; say its sizes where they are others: Annotated[Linear, "i o"]


@tl.checked
@dataclass
class Norm:
    scale: Float64[Tensor, "i"]

    def __call__(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b i"]:
        return x * self.scale[None, :]


class Batch(NamedTuple):
    x: Float64[Tensor, "b i"]
    y: Float64[Tensor, "b o"]

    def halves(self) -> "tuple[Batch, Batch]":
        return Batch(self.x[:5], self.y[:5]), Batch(self.x[5:], self.y[5:])


state, other = State(tl.zeros((4, 3)), tl.zeros((4, 3))), State(tl.zeros((5, 3)), tl.zeros((5, 3)))
first, second = Linear(tl.zeros((3, 4))), Linear(tl.zeros((2, 3)))
batch = Batch(tl.zeros((10, 4)), tl.zeros((10, 3)))
reveal_type(state.scaled(2.0).pos)  # R: Float64[Tensor, "4 3"]
reveal_type(state.joined(other).pos)  # R: Float64[Tensor, "_ 3"]
reveal_type(state.backwards.vel)  # R: Float64[Tensor, "4 3"]
reveal_type(Linear.drawn(3, 4).w)  # R: Float64[Tensor, "_ _"]
reveal_type(Linear.zeros(3, 4).w)  # R: Float64[Tensor, "4 3"]
reveal_type(Linear.unit().w)  # R: Float64[Tensor, "_ _"]
reveal_type(Linear.applied(first, tl.zeros((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(first.then(second).w)  # R: Float64[Tensor, "_ _"]
reveal_type(first.itself().w)  # R: Float64[Tensor, "3 4"]
reveal_type(batch.halves()[0].x)  # R: Float64[Tensor, "_ _"]
Linear.applied(second, tl.zeros((2, 4)))  # E: shape: applied: dimension "i" is 3 in argument 1 ("layer") but 4 in argument 2 ("x"), [b=2, i=4]

# the names of the class are names of the signature


@tl.checked
def step(s: State, dt: float = 0.1) -> State:
    return State(s.pos + dt * s.vel, s.vel)


def step_turned(s: State, dt: float) -> State:
    return State(s.pos + dt * s.vel.mT, s.vel)  # E: shape: add: axis 0 differs: n and 3 (left: [n, 3], right: [3, n]); did you mean .T on one of them?


def step_shorter(s: State) -> State:
    return State(s.pos[1:], s.vel[1:])  # E: return-value: step_shorter: the result is State[n-1], expected State[n]; say its sizes where they are others: Annotated[State, "n-1"]


def step_or_none(s: State) -> State | None:
    return State(s.pos[1:], s.vel[1:])  # E: return-value: step_or_none: the result is State[n-1], expected State[n]; say its sizes where they are others: Annotated[State, "n-1"]


def step_and_size(s: State) -> tuple[State, int]:
    return State(s.pos[1:], s.vel[1:]), 3  # E: return-value: step_and_size: item 0 of the result is State[n-1], expected State[n]


@tl.checked
def kinetic(s: State, m: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    squares: Float64[Tensor, "n 3"] = s.vel**2
    return m @ tl.sum(squares, axis=1)


def kinetic_wrong(s: State, m: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return m @ tl.sum(s.vel**2, axis=0)  # E: shape: matmul: inner dimensions differ: n (left: [n]) and 3 (right: [3])


@tl.checked
def loss(net: Linear, data: Batch) -> Float64[Tensor, ""]:
    return tl.mean((net(data.x) - data.y) ** 2)


def loss_wrong(net: Linear, data: Batch) -> Float64[Tensor, ""]:
    return tl.mean(net(data.y) ** 2)  # E: shape: Linear: argument 1 ("x") has shape [b, o], expected [b, i]


@tl.checked
def descended(net: Linear, data: Batch, rate: float) -> tuple[Linear, Float64[Tensor, ""]]:
    error = net(data.x) - data.y
    return Linear(net.w - rate * (error.mT @ data.x)), tl.mean(error**2)


def descended_wrong(net: Linear, data: Batch) -> Linear:
    return Linear(net.w - data.x.mT @ data.y)  # E: shape: subtract: axis 0 differs: o and i (left: [o, i], right: [i, o]); did you mean .T on one of them?


@tl.checked
def predicted(net: Linear | None, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"] | None:
    return None if net is None else net(x)


@tl.checked
def first_rows(s: State, k: Dim["n"]) -> Float64[Tensor, "n 3"]:
    return s.pos


@tl.checked
def smoothed(s: State, m: Float64[Tensor, "n"]) -> State:
    def inner(t: State) -> State:
        return State(t.pos * m[:, None], t.vel)

    return inner(s)


@tl.checked
async def later(s: State) -> State:
    return State(s.pos, s.vel)


async def later_wrong(s: State) -> State:
    return State(s.pos[1:], s.vel[1:])  # E: return-value: later_wrong: the result is State[n-1], expected State[n]; say its sizes where they are others: Annotated[State, "n-1"]


reveal_type(step(state).pos)  # R: Float64[Tensor, "4 3"]
reveal_type(step(Moving(*state)).pos)  # R: Float64[Tensor, "4 3"]
reveal_type(kinetic(state, tl.zeros(4)))  # R: Float64[Tensor, ""]
kinetic(state, tl.zeros(5))  # E: shape: kinetic: dimension "n" is 4 in argument 1 ("s") but 5 in argument 2 ("m")
kinetic(Moving(tl.zeros((4, 3)), tl.zeros((4, 3))), tl.zeros(5))  # E: shape: kinetic: dimension "n" is 4 in argument 1 ("s") but 5 in argument 2 ("m")
Moving(tl.zeros((4, 3)), tl.zeros((4, 3))).energy(tl.zeros(5))  # E: shape: energy: argument 1 ("m") has shape [5], expected [4]
loss(first, batch)
loss(second, batch)  # E: shape: loss: dimension "i" is 3 in argument 1 ("net") but 4 in argument 2 ("data")
reveal_type(descended(first, batch, 0.1)[0].w)  # R: Float64[Tensor, "3 4"]
reveal_type(predicted(first, batch.x))  # R: Float64[Tensor, "10 3"] | None
predicted(None, batch.x)
predicted(second, batch.x)  # E: shape: predicted: dimension "i" is 3 in argument 1 ("net") but 4 in argument 2 ("x"), [b=10, i=4]
first_rows(state, 4)
first_rows(state, 5)  # E: shape: first_rows: dimension "n" is 4 in argument 1 ("s") but 5 in argument 2 ("k")
reveal_type(smoothed(state, tl.zeros(4)).pos)  # R: Float64[Tensor, "4 3"]
smoothed(state, tl.zeros(5))  # E: shape: smoothed: dimension "n" is 4 in argument 1 ("s") but 5 in argument 2 ("m")
moving = state
for _ in range(3):
    moving = step(moving)
reveal_type(moving.pos)  # R: Float64[Tensor, "4 3"]
reveal_type(partial(step, dt=0.2)(state).pos)  # R: Float64[Tensor, "4 3"]
reveal_type(reduce(lambda s, _: step(s), range(3), state).pos)  # R: Float64[Tensor, "4 3"]
reveal_type([step(s).pos for s in (state, state)])  # R: list[Float64[Tensor, "4 3"]]

# they are not: any sizes go, and nothing is known of them


@tl.checked
@dataclass
class Table:
    rows: Float64[Tensor, "o d"]


@tl.checked
def by_chance(net: Linear, table: Table) -> Tensor:
    return net(table.rows)


@tl.checked
def cut(table: Table, size: int) -> Linear:
    return Linear(table.rows[:size])


@tl.checked
def report(net: Linear) -> Tensor:
    return net(tl.zeros((2, 4)))


@tl.checked
def apply(net: Linear, x: Float64[Tensor, "rows features"]) -> Tensor:
    return net(x)


@tl.checked
def composed(f: Linear, g: Linear) -> Linear:
    return Linear(g.w @ f.w)


@tl.checked
def both(f: Linear, g: Linear, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
    return g(f(x))


@tl.checked
def normalised(f: Linear, g: Norm, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
    return g(f(x))


@tl.checked
def made() -> Linear:
    return Linear(tl.zeros((3, 4)))


@tl.checked
def widened(i: Dim["i"]) -> Linear:
    return Linear(tl.zeros((3, i)))


@tl.checked
def through(*layers: Linear, x: Float64[Tensor, "b i"]) -> Tensor:
    h: Tensor = x
    for layer in layers:
        h = layer(h)
    return h


@tl.checked
def stacked(layers: list[Linear], x: Float64[Tensor, "b i"]) -> Tensor:
    return through(*layers, x=x)


@tl.checked
def pair(states: tuple[State, State]) -> tuple[State, State]:
    return states[1], states[0]


@tl.checked
def integrated(change: Callable[[State], State], s: State) -> State:
    for _ in range(3):
        s = change(s)
    return s


@tl.checked
def trajectory(s: State, count: int) -> list[State]:
    states = [s]
    for _ in range(count):
        states.append(step(states[-1]))
    return states


def states_from(s: State) -> Iterator[State]:
    while True:
        yield s
        s = step(s)


@tl.checked
class Trainer:
    def __init__(self, net: Linear, head: Norm, data: Batch) -> None:
        self.net, self.head, self.data = net, head, data

    def loss(self) -> Float64[Tensor, ""]:
        return tl.mean((self.head(self.net(self.data.x)) - self.data.y) ** 2)


@tl.checked
@dataclass
class Job:
    net: Linear
    head: Norm
    data: Batch


report(first)
by_chance(first, Table(tl.zeros((10, 4))))
reveal_type(cut(Table(tl.zeros((10, 4))), 3).w)  # R: Float64[Tensor, "_ _"]
apply(first, batch.x)
reveal_type(composed(first, second).w)  # R: Float64[Tensor, "_ _"]
reveal_type(both(first, second, batch.x))  # R: Float64[Tensor, "10 _"]
reveal_type(normalised(first, Norm(tl.zeros(3)), batch.x))  # R: Float64[Tensor, "10 3"]
reveal_type(made().w)  # R: Float64[Tensor, "_ _"]
reveal_type(widened(4).w)  # R: Float64[Tensor, "_ 4"]
through(first, second, x=batch.x)
stacked([first, second], batch.x)
pair((state, other))
reveal_type(integrated(step, state).pos)  # R: Float64[Tensor, "4 3"]
reveal_type(integrated(lambda s: step(s), state).pos)  # R: Float64[Tensor, "4 3"]
trajectory(state, 2)[1].pos @ tl.zeros(3)
next(states_from(state)).pos @ tl.zeros(3)
Trainer(first, Norm(tl.zeros(3)), batch).loss()
Job(first, Norm(tl.zeros(3)), batch)


@tl.checked
@dataclass
class Labelled(Generic[A]):
    label: A
    x: Float64[Tensor, "n"]


@tl.checked
def relabelled(given: Labelled[int], by: Float64[Tensor, "n"]) -> Labelled[str]:
    return Labelled(str(given.label), given.x * by)


@tl.checked
@dataclass
class Image:
    pixels: Float64[Tensor, "*batch h w"]


@tl.checked
def brighter(image: Image, by: Float64[Tensor, "*batch"]) -> Image:
    return Image(image.pixels * by[..., None, None])


reveal_type(relabelled(Labelled(1, tl.zeros(3)), tl.zeros(3)))  # R: Labelled[str, 3]
relabelled(Labelled(1, tl.zeros(3)), tl.zeros(4))  # E: shape: relabelled: dimension "n" is 3 in argument 1 ("given") but 4 in argument 2 ("by")
image = Image(tl.zeros((2, 3, 28, 28)))
reveal_type(brighter(image, tl.zeros((2, 3))).pixels)  # R: Float64[Tensor, "2 3 28 28"]
brighter(image, tl.zeros((2, 4)))  # E: shape: brighter: "*batch" is [2, 3] in argument 1 ("image") but [2, 4] in argument 2 ("by")


@tl.checked
def early(layer: "Late", x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return layer.shift + x


@tl.checked
@dataclass
class Late:
    shift: Float64[Tensor, "n"]


    def __getitem__(self, items: slice) -> "Late":
        return Late(self.shift[items])


Shift = Late


@tl.checked
def by_alias(layer: Shift, x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return layer.shift + x


early(Late(tl.zeros(3)), tl.zeros(3))
early(Late(tl.zeros(3)), tl.zeros(4))  # E: shape: early: dimension "n" is 3 in argument 1 ("layer") but 4 in argument 2 ("x")
by_alias(Late(tl.zeros(3)), tl.zeros(4))  # E: shape: by_alias: dimension "n" is 3 in argument 1 ("layer") but 4 in argument 2 ("x")
reveal_type(Late(tl.zeros(3))[1:].shift)  # R: Float64[Tensor, "_"]
