"""Particles and a network: NamedTuples and dataclasses as arguments and results, their sizes in signatures."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


class State(NamedTuple):
    """Where the particles are and how they move."""

    pos: Float64[Tensor, "n d"]
    vel: Float64[Tensor, "n d"]

    def centred(self) -> "State":
        """The same seen from the mean."""
        return State(self.pos - tl.mean(self.pos, axis=0, keepdims=True), self.vel)


@dataclass(frozen=True)
class Net:
    """Two dense layers."""

    first: Float64[Tensor, "h d"]
    second: Float64[Tensor, "m h"]

    def __call__(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b m"]:
        return tl.tanh(x @ self.first.mT) @ self.second.mT


class Batch(NamedTuple):
    """Inputs and targets."""

    x: Float64[Tensor, "b d"]
    y: Float64[Tensor, "b m"]


def forces(s: State, k: Float64[Tensor, "n n"]) -> Float64[Tensor, "n d"]:
    return k @ s.pos - tl.sum(k, axis=1)[:, None] * s.pos


def step(s: State, mass: Float64[Tensor, "n"], k: Float64[Tensor, "n n"], dt: float) -> State:
    vel = s.vel + dt * forces(s, k) / mass[:, None]
    return State(s.pos + dt * vel, vel)


def kinetic(s: State, mass: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return 0.5 * (mass @ tl.sum(s.vel**2, axis=1))


def joined(a: Annotated[State, "n d"], b: Annotated[State, "k d"]) -> Annotated[State, "n+k d"]:
    return State(tl.concat([a.pos, b.pos], axis=0), tl.concat([a.vel, b.vel], axis=0))


def error(net: Net, batch: Batch) -> Float64[Tensor, ""]:
    return tl.mean((net(batch.x) - batch.y) ** 2)


def fitted(net: Net, batch: Batch, rate: float) -> tuple[Net, Float64[Tensor, ""]]:
    first = autograd.fn.grad(lambda w: error(Net(w, net.second), batch), net.first)
    second = autograd.fn.grad(lambda v: error(Net(net.first, v), batch), net.second)
    return Net(net.first - rate * first, net.second - rate * second), error(net, batch)


def main(
    n: Dim["n"], d: Dim["d"], h: Dim["h"], m: Dim["m"]
) -> tuple[Float64[Tensor, "2*n d"], Float64[Tensor, ""], Float64[Tensor, "n m"]]:
    mass: Float64[Tensor, "n"] = tl.random.uniform((n,), seed=0) + 1.0
    k: Float64[Tensor, "n n"] = tl.random.normal((n, n), seed=1)
    state = State(tl.random.normal((n, d), seed=2), tl.random.normal((n, d), seed=3))
    for _ in range(3):
        state = step(state.centred(), mass, k, 0.1)
    net = Net(tl.random.normal((h, d), seed=4), tl.random.normal((m, h), seed=5))
    batch = Batch(state.pos, tl.random.normal((n, m), seed=6))
    loss = error(net, batch)
    for _ in range(2):
        net, loss = fitted(net, batch, 0.1)
    both = joined(state, state.centred())
    return both.pos + both.vel, kinetic(state, mass) + loss, net(both.vel[:n]) + batch.y


if __name__ == "__main__":
    print(main(n=7, d=5, h=3, m=2)[1])
