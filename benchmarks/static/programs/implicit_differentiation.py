"""Implicit differentiation: the gradient of a fixed point's loss, without unrolling the solver."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def cell(
    z: Float64[Tensor, "h"], w: Float64[Tensor, "h h"], u: Float64[Tensor, "h i"], x: Float64[Tensor, "i"]
) -> Float64[Tensor, "h"]:
    """The map whose fixed point is the layer's output."""
    return tl.tanh(w @ z + u @ x)


def solved(w: Float64[Tensor, "h h"], u: Float64[Tensor, "h i"], x: Float64[Tensor, "i"]) -> Float64[Tensor, "h"]:
    """The fixed point, by Newton's method."""
    h = w.shape[0]
    z: Float64[Tensor, "h"] = tl.zeros(h)
    for _ in range(6):
        slope = autograd.fn.jacrev(lambda v: cell(v, w, u, x), z).tensor
        z = z - tl.solve(slope - tl.eye(h), cell(z, w, u, x) - z)
    return z


def gradient(
    w: Float64[Tensor, "h h"], u: Float64[Tensor, "h i"], x: Float64[Tensor, "i"], seed: Float64[Tensor, "h"]
) -> Float64[Tensor, "h i"]:
    """Of seed @ z with respect to u, by the implicit function theorem."""
    z: Float64[Tensor, "h"] = solved(w, u, x)
    slope: Float64[Tensor, "h h"] = autograd.fn.jacrev(lambda v: cell(v, w, u, x), z).tensor
    adjoint: Float64[Tensor, "h"] = tl.solve(tl.eye(w.shape[0]) - slope.T, seed)
    return autograd.fn.vjp(lambda v: cell(z, w, v, x), u, adjoint)


def main(
    i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[Float64[Tensor, "h i"], Float64[Tensor, "o"], Float64[Tensor, "h i"]]:
    w: Float64[Tensor, "h h"] = 0.3 * tl.random.normal((h, h), seed=0)
    u: Float64[Tensor, "h i"] = tl.random.normal((h, i), seed=1)
    x: Float64[Tensor, "i"] = tl.random.normal(i, seed=2)
    head: Float64[Tensor, "o h"] = tl.random.normal((o, h), seed=3)
    target: Float64[Tensor, "o"] = tl.ones(o)
    z: Float64[Tensor, "h"] = solved(w, u, x)
    seed: Float64[Tensor, "h"] = head.T @ (head @ z - target)
    du: Float64[Tensor, "h i"] = gradient(w, u, x, seed)
    probe: Float64[Tensor, "h i"] = tl.outer(seed, x)
    moved: Float64[Tensor, "o"] = head @ autograd.fn.jvp(lambda v: cell(z, w, v, x), u, probe)
    return du, moved, du - 0.1 * probe


if __name__ == "__main__":
    print(main(i=3, h=5, o=2)[0])
