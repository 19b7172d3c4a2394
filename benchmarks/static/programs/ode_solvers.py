"""Runge-Kutta for any right-hand side, sensitivities of the solution, and a field with parameters."""

from collections.abc import Callable
from functools import partial

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def rk4(
    f: Callable[[Float64[Tensor, "b d"]], Float64[Tensor, "b d"]], x: Float64[Tensor, "b d"], h: float
) -> Float64[Tensor, "b d"]:
    """One step of the classical method."""
    k1: Float64[Tensor, "b d"] = f(x)
    k2: Float64[Tensor, "b d"] = f(x + 0.5 * h * k1)
    k3: Float64[Tensor, "b d"] = f(x + 0.5 * h * k2)
    k4: Float64[Tensor, "b d"] = f(x + h * k3)
    return x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def field(a: Float64[Tensor, "h d"], c: Float64[Tensor, "d h"], x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    """A network of one hidden layer as the velocity."""
    hidden: Float64[Tensor, "b h"] = tl.tanh(x @ a.T)
    return hidden @ c.T - 0.1 * x


def solve(a: Float64[Tensor, "h d"], c: Float64[Tensor, "d h"], x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    """The state after a few steps."""
    velocity = partial(field, a, c)
    for _ in range(3):
        x = rk4(velocity, x, 0.1)
    return x


def trajectory(
    a: Float64[Tensor, "h d"], c: Float64[Tensor, "d h"], x: Float64[Tensor, "b d"]
) -> Float64[Tensor, "4 b d"]:
    """The state at the start and after each step."""
    one: Float64[Tensor, "b d"] = rk4(lambda y: field(a, c, y), x, 0.1)
    two: Float64[Tensor, "b d"] = rk4(partial(field, a, c), one, 0.1)
    return tl.stack([x, one, two, rk4(partial(field, a, c), two, 0.1)], axis=0)


def main(
    b: Dim["b"], d: Dim["d"], h: Dim["h"]
) -> tuple[Float64[Tensor, "h d"], Float64[Tensor, "b d"], Float64[Tensor, "4 d"], Float64[Tensor, "b d"]]:
    a: Float64[Tensor, "h d"] = tl.random.normal((h, d), seed=0)
    c: Float64[Tensor, "d h"] = tl.random.normal((d, h), seed=1)
    x: Float64[Tensor, "b d"] = tl.random.normal((b, d), seed=2)
    target: Float64[Tensor, "b d"] = tl.zeros((b, d))

    def misfit(p: Float64[Tensor, "h d"], q: Float64[Tensor, "d h"]) -> Float64[Tensor, ""]:
        return tl.mean((solve(p, q, x) - target) ** 2)

    slope_a: Float64[Tensor, "h d"] = autograd.fn.grad(lambda p: misfit(p, c), a)
    slope_c: Float64[Tensor, "d h"] = autograd.fn.grad(lambda q: misfit(a, q), c)
    better: Float64[Tensor, "b d"] = solve(a - 0.1 * slope_a, c - 0.1 * slope_c, x)
    end: Float64[Tensor, "b d"] = solve(a, c, x)
    pulled: Float64[Tensor, "b d"] = autograd.fn.vjp(lambda y: solve(a, c, y), x, end - target)
    path: Float64[Tensor, "4 b d"] = trajectory(a, c, x)
    moved: Float64[Tensor, "b d"] = autograd.fn.jvp(lambda y: solve(a, c, y), x, better - end)
    return slope_a, pulled + moved, tl.mean(path, axis=1), better


if __name__ == "__main__":
    print(main(b=7, d=3, h=5)[2])
