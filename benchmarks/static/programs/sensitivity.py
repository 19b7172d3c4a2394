"""Sensitivities of a simulated trajectory to its parameters: forward mode through an integrator."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def velocity(
    state: Float64[Tensor, "n"],
    rates: Float64[Tensor, "p"],
    coupling: Float64[Tensor, "n n"],
    mix: Float64[Tensor, "n p"],
) -> Float64[Tensor, "n"]:
    """The right-hand side."""
    return tl.tanh(coupling @ state) - mix @ rates * state


def midpoint(
    state: Float64[Tensor, "n"],
    rates: Float64[Tensor, "p"],
    coupling: Float64[Tensor, "n n"],
    mix: Float64[Tensor, "n p"],
    dt: float,
) -> Float64[Tensor, "n"]:
    """One step of the midpoint rule."""
    half: Float64[Tensor, "n"] = state + 0.5 * dt * velocity(state, rates, coupling, mix)
    return state + dt * velocity(half, rates, coupling, mix)


def endpoint(
    rates: Float64[Tensor, "p"],
    start: Float64[Tensor, "n"],
    coupling: Float64[Tensor, "n n"],
    mix: Float64[Tensor, "n p"],
) -> Float64[Tensor, "n"]:
    """The state after a while."""
    state: Float64[Tensor, "n"] = start
    for _ in range(4):
        state = midpoint(state, rates, coupling, mix, 0.1)
    return state


def main(
    n: Dim["n"], p: Dim["p"], m: Dim["m"]
) -> tuple[Float64[Tensor, "n p"], Float64[Tensor, "m m"], Float64[Tensor, "p"]]:
    coupling: Float64[Tensor, "n n"] = tl.random.normal((n, n), seed=0)
    mix: Float64[Tensor, "n p"] = tl.random.uniform((n, p), seed=1)
    start: Float64[Tensor, "n"] = tl.random.normal(n, seed=2)
    rates: Float64[Tensor, "p"] = tl.random.uniform(p, seed=3)
    observe: Float64[Tensor, "m n"] = tl.random.normal((m, n), seed=4)
    sensitivity: Float64[Tensor, "n p"] = autograd.fn.jacfwd(lambda r: endpoint(r, start, coupling, mix), rates).tensor
    design: Float64[Tensor, "m p"] = observe @ sensitivity
    covariance: Float64[Tensor, "m m"] = design @ design.T + 1e-3 * tl.eye(m)
    along: Float64[Tensor, "n"] = autograd.fn.jvp(lambda r: endpoint(r, start, coupling, mix), rates, tl.ones(p))
    back: Float64[Tensor, "p"] = autograd.fn.vjp(lambda r: endpoint(r, start, coupling, mix), rates, along)
    return sensitivity, tl.cholesky(covariance), back - sensitivity.T @ along


if __name__ == "__main__":
    print(main(n=5, p=3, m=2)[0])
