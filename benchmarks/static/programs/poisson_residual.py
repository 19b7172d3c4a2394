"""A physics-informed residual: the Laplacian of a network at collocation points, by forward over reverse."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def field(
    x: Float64[Tensor, "d"], w: Float64[Tensor, "h d"], b: Float64[Tensor, "h"], v: Float64[Tensor, "h"]
) -> Float64[Tensor, ""]:
    """The trial solution at a point."""
    return v @ tl.tanh(w @ x + b)


def laplacian(
    x: Float64[Tensor, "d"], w: Float64[Tensor, "h d"], b: Float64[Tensor, "h"], v: Float64[Tensor, "h"]
) -> Float64[Tensor, ""]:
    """The trace of the Hessian."""
    return tl.trace(autograd.fn.hessian(lambda z: field(z, w, b, v), x).tensor)


def directional(
    x: Float64[Tensor, "d"], normal: Float64[Tensor, "d"], w: Float64[Tensor, "h d"], b: Float64[Tensor, "h"]
) -> Float64[Tensor, "h"]:
    """The derivative of the hidden features along a normal."""
    return autograd.fn.jvp(lambda z: tl.tanh(w @ z + b), x, normal)


def residual(
    v: Float64[Tensor, "h"],
    points: Float64[Tensor, "n d"],
    source: Float64[Tensor, "n"],
    w: Float64[Tensor, "h d"],
    b: Float64[Tensor, "h"],
) -> Float64[Tensor, ""]:
    """How far the equation is from being fulfilled: hidden is [n, h], all points at once."""
    hidden: Float64[Tensor, "n h"] = tl.tanh(points @ w.T + b[None, :])
    curvature: Float64[Tensor, "n h"] = -2.0 * hidden * (1.0 - hidden**2)
    values: Float64[Tensor, "n"] = curvature * tl.sum(w**2, axis=1)[None, :] @ v
    return tl.mean((values - source) ** 2)


def main(
    n: Dim["n"], d: Dim["d"], h: Dim["h"]
) -> tuple[Float64[Tensor, "h"], Float64[Tensor, ""], Float64[Tensor, "h"]]:
    points: Float64[Tensor, "n d"] = tl.random.uniform((n, d), seed=0)
    source: Float64[Tensor, "n"] = tl.prod(tl.sin(points), axis=1)
    w: Float64[Tensor, "h d"] = tl.random.normal((h, d), seed=1)
    b: Float64[Tensor, "h"] = tl.random.normal(h, seed=2)
    v: Float64[Tensor, "h"] = tl.random.normal(h, seed=3)
    for _ in range(3):
        v = v - 0.01 * autograd.fn.grad(lambda u: residual(u, points, source, w, b), v)
    flow: Float64[Tensor, "h"] = directional(points[0], tl.ones(d), w, b)
    return v, laplacian(points[1], w, b, v) + field(points[0], w, b, v), flow * v


if __name__ == "__main__":
    print(main(n=11, d=3, h=5)[0])
