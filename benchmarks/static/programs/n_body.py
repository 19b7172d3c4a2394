"""Planets: a state is a NamedTuple, forces are the gradient of the potential, a leapfrog step keeps the energy."""

from typing import NamedTuple

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


class State(NamedTuple):
    """Of all bodies."""

    position: Float64[Tensor, "n d"]
    velocity: Float64[Tensor, "n d"]


def distances(x: Float64[Tensor, "n d"]) -> Float64[Tensor, "n n"]:
    """Between all pairs, softened."""
    difference: Float64[Tensor, "n n d"] = x[:, None, :] - x[None, :, :]
    return tl.sqrt(tl.sum(difference**2, axis=2) + 0.01)


def potential(x: Float64[Tensor, "n d"], mass: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """Of all pairs, and of each body with itself, which is constant."""
    return -0.5 * tl.sum(tl.outer(mass, mass) / distances(x))


def kinetic(state: State, mass: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The energy of the motion."""
    return 0.5 * tl.sum(mass * tl.sum(state.velocity**2, axis=1))


def accelerations(x: Float64[Tensor, "n d"], mass: Float64[Tensor, "n"]) -> Float64[Tensor, "n d"]:
    """The force by the mass."""
    force: Float64[Tensor, "n d"] = autograd.fn.grad(lambda y: -potential(y, mass), x)
    return force / mass[:, None]


def leapfrog(state: State, mass: Float64[Tensor, "n"], dt: float) -> State:
    """One step: kick, drift, kick."""
    half: Float64[Tensor, "n d"] = state.velocity + 0.5 * dt * accelerations(state.position, mass)
    position: Float64[Tensor, "n d"] = state.position + dt * half
    return State(position, half + 0.5 * dt * accelerations(position, mass))


def centred(state: State, mass: Float64[Tensor, "n"]) -> State:
    """Without the motion of the centre of mass."""
    total = tl.sum(mass)
    place: Float64[Tensor, "d"] = mass @ state.position / total
    speed: Float64[Tensor, "d"] = mass @ state.velocity / total
    return State(state.position - place[None, :], velocity=state.velocity - speed[None, :])


def momentum(state: State, mass: Float64[Tensor, "n"]) -> Float64[Tensor, "d"]:
    """Of all bodies together."""
    return tl.sum(mass[:, None] * state.velocity, axis=0)


def main(
    n: Dim["n"], d: Dim["d"]
) -> tuple[Float64[Tensor, "n d"], Float64[Tensor, "d"], Float64[Tensor, ""], Float64[Tensor, "d n"]]:
    mass: Float64[Tensor, "n"] = tl.exp(tl.random.normal((n,), seed=0))
    position: Float64[Tensor, "n d"] = tl.random.normal((n, d), seed=1)
    start = State(position, velocity=tl.random.normal((n, d), seed=2))
    state = centred(start, mass)
    before = kinetic(state, mass) + potential(state.position, mass)
    for _ in range(3):
        state = leapfrog(state, mass, 0.01)
    x, v = state
    drift: Float64[Tensor, "d n"] = (x - start.position).T + v.T
    return x, momentum(state, mass), kinetic(state, mass) + potential(x, mass) - before, drift


if __name__ == "__main__":
    print(main(n=5, d=3)[2])
