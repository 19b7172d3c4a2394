"""Optimisers over any differentiable objective: generic functions, variadic shapes, keyword tensors, state in dicts."""

from collections.abc import Callable
from typing import TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd

T = TypeVar("T")


def repeated(step: Callable[[T], T], start: T, times: int) -> T:
    """A step, several times."""
    for _ in range(times):
        start = step(start)
    return start


def descent(
    objective: Callable[[Float64[Tensor, "*s"]], Float64[Tensor, ""]], x: Float64[Tensor, "*s"], rate: float
) -> Float64[Tensor, "*s"]:
    """One step of gradient descent."""
    return x - rate * autograd.fn.grad(objective, x)


def dot(x: Float64[Tensor, "*s"], y: Float64[Tensor, "*s"]) -> Float64[Tensor, ""]:
    """Of tensors of any one shape."""
    return tl.sum(x * y)


def conjugate(
    product: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], b: Float64[Tensor, "n"]
) -> Float64[Tensor, "n"]:
    """A few steps of conjugate gradients."""
    x: Float64[Tensor, "n"] = tl.zeros(b.shape)
    residual, direction = b, b
    for _ in range(3):
        image: Float64[Tensor, "n"] = product(direction)
        rate: Float64[Tensor, ""] = dot(residual, residual) / dot(direction, image)
        x = x + rate * direction
        new: Float64[Tensor, "n"] = residual - rate * image
        direction = new + dot(new, new) / dot(residual, residual) * direction
        residual = new
    return x


def weighted(*terms: Float64[Tensor, "n m"], **weights: Float64[Tensor, "m"]) -> Float64[Tensor, "n"]:
    """The sum of the terms' columns, each as much as all weights together say."""
    total: Float64[Tensor, "n m"] = terms[0]
    for term in terms[1:]:
        total = total + term
    result: Float64[Tensor, "n"] = tl.sum(total, axis=1)
    for weight in weights.values():
        result = result + total @ weight
    return result


def main(
    n: Dim["n"], m: Dim["m"]
) -> tuple[Float64[Tensor, "n m"], Float64[Tensor, "m"], Float64[Tensor, "n"], Float64[Tensor, "m"]]:
    a: Float64[Tensor, "n m"] = tl.random.normal((n, m), seed=0)
    b: Float64[Tensor, "n"] = tl.random.normal((n,), seed=1)
    gram: Float64[Tensor, "m m"] = a.T @ a + tl.eye(m)
    solution: Float64[Tensor, "m"] = conjugate(lambda v: gram @ v, a.T @ b)
    state = {"x": tl.zeros(m), "velocity": tl.zeros(m)}
    for _ in range(3):
        slope: Float64[Tensor, "m"] = autograd.fn.grad(lambda v: tl.mean((a @ v - b) ** 2), state["x"])
        state["velocity"] = 0.5 * state["velocity"] - 0.1 * slope
        state["x"] = state["x"] + state["velocity"]
    factor: Float64[Tensor, "n m"] = repeated(lambda w: descent(lambda u: tl.mean((u @ gram - a) ** 2), w, 0.01), a, 2)
    sums: Float64[Tensor, "n"] = weighted(a, factor, first=solution, second=state["x"])
    curved: Float64[Tensor, "m"] = autograd.fn.hvp(lambda v: tl.sum((a @ v) ** 2 * b), solution, state["x"])
    return factor, solution - state["x"], sums, curved


if __name__ == "__main__":
    print(main(n=7, m=3)[1])
