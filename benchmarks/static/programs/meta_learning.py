"""Model-agnostic meta-learning of a linear regressor: the gradient goes through the inner steps."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def task_loss(w: Float64[Tensor, "i"], x: Float64[Tensor, "b i"], y: Float64[Tensor, "b"]) -> Float64[Tensor, ""]:
    """Mean squared error on a task."""
    error: Float64[Tensor, "b"] = x @ w - y
    return tl.mean(error**2)


def adapted(
    w: Float64[Tensor, "i"], x: Float64[Tensor, "b i"], y: Float64[Tensor, "b"], rate: float
) -> Float64[Tensor, "i"]:
    """The weights after two inner steps."""
    for _ in range(2):
        w = w - rate * autograd.fn.grad(lambda v: task_loss(v, x, y), w)
    return w


def meta_loss(
    w: Float64[Tensor, "i"],
    support: tuple[Float64[Tensor, "t s i"], Float64[Tensor, "t s"]],
    query: tuple[Float64[Tensor, "t q i"], Float64[Tensor, "t q"]],
) -> Float64[Tensor, ""]:
    """The loss on the queries after adapting to the support, averaged over tasks."""
    total: Float64[Tensor, ""] = tl.zeros(())
    for task in range(len(support[0])):
        fast = adapted(w, support[0][task], support[1][task], 0.1)
        total = total + task_loss(fast, query[0][task], query[1][task])
    return total / float(len(support[0]))


def main(t: Dim["t"], s: Dim["s"], q: Dim["q"], i: Dim["i"]) -> tuple[Float64[Tensor, "i"], Float64[Tensor, "t q"]]:
    truth: Float64[Tensor, "t i"] = tl.random.normal((t, i), seed=0)
    xs: Float64[Tensor, "t s i"] = tl.random.normal((t, s, i), seed=1)
    xq: Float64[Tensor, "t q i"] = tl.random.normal((t, q, i), seed=2)
    ys: Float64[Tensor, "t s"] = tl.einsum("tsi,ti->ts", xs, truth)
    yq: Float64[Tensor, "t q"] = tl.einsum("tqi,ti->tq", xq, truth)
    w: Float64[Tensor, "i"] = tl.zeros(i)
    for _ in range(2):
        w = w - 0.1 * autograd.fn.grad(lambda v: meta_loss(v, (xs, ys), (xq, yq)), w)
    residual: Float64[Tensor, "t q"] = xq @ w - yq
    return w, residual


if __name__ == "__main__":
    print(main(t=2, s=5, q=7, i=3)[0])
