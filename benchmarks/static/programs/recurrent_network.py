"""A gated recurrent cell in a loop over time, and its loss's gradient with respect to the recurrent weights."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def cell(
    state: Float64[Tensor, "b h"],
    x: Float64[Tensor, "b i"],
    w: Float64[Tensor, "2*h i"],
    u: Float64[Tensor, "2*h h"],
    bias: Float64[Tensor, "2*h"],
) -> Float64[Tensor, "b h"]:
    """One step: the update gate mixes the old state and the candidate."""
    gate, candidate = tl.split(x @ w.T + state @ u.T + bias[None, :], 2, axis=1)
    z: Float64[Tensor, "b h"] = tl.sigmoid(gate)
    return (1.0 - z) * state + z * tl.tanh(candidate)


def rollout(
    xs: Float64[Tensor, "t b i"],
    w: Float64[Tensor, "2*h i"],
    u: Float64[Tensor, "2*h h"],
    bias: Float64[Tensor, "2*h"],
) -> Float64[Tensor, "b h"]:
    """The last state."""
    state: Float64[Tensor, "b h"] = tl.zeros((xs.shape[1], u.shape[1]))
    for step in range(len(xs)):
        state = cell(state, xs[step], w, u, bias)
    return state


def loss(state: Float64[Tensor, "b h"], head: Float64[Tensor, "h"], y: Float64[Tensor, "b"]) -> Float64[Tensor, ""]:
    """Squared error of a linear readout."""
    prediction: Float64[Tensor, "b"] = state @ head
    return tl.mean((prediction - y) ** 2)


def main(
    t: Dim["t"], b: Dim["b"], i: Dim["i"], h: Dim["h"]
) -> tuple[Float64[Tensor, ""], Float64[Tensor, "2*h h"], Float64[Tensor, "h"]]:
    xs: Float64[Tensor, "t b i"] = tl.random.normal((t, b, i), seed=0)
    y: Float64[Tensor, "b"] = tl.random.normal(b, seed=1)
    w: Float64[Tensor, "2*h i"] = 0.2 * tl.random.normal((2 * h, i), seed=2)
    u: Float64[Tensor, "2*h h"] = 0.2 * tl.random.normal((2 * h, h), seed=3)
    bias: Float64[Tensor, "2*h"] = tl.zeros(2 * h)
    head: Float64[Tensor, "h"] = tl.random.normal(h, seed=4)
    value, du = autograd.fn.value_and_grad(lambda v: loss(rollout(xs, w, v, bias), head, y), u)
    last: Float64[Tensor, "b h"] = rollout(xs, w, u - 0.1 * du, bias)
    dhead: Float64[Tensor, "h"] = last.T @ (last @ head - y)
    return value, du, dhead


if __name__ == "__main__":
    print(main(t=2, b=7, i=5, h=3)[0])
