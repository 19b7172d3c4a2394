"""Interval bound propagation: bounds on a network's outputs over a box of inputs, and certified margins."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack


def affine_bounds(
    lower: Float64[Tensor, "b n"],
    upper: Float64[Tensor, "b n"],
    weight: Float64[Tensor, "m n"],
    bias: Float64[Tensor, "m"],
) -> tuple[Float64[Tensor, "b m"], Float64[Tensor, "b m"]]:
    """Through a linear layer: centre and radius are propagated apart."""
    centre: Float64[Tensor, "b n"] = 0.5 * (lower + upper)
    radius: Float64[Tensor, "b n"] = 0.5 * (upper - lower)
    middle: Float64[Tensor, "b m"] = centre @ weight.T + bias[None, :]
    spread: Float64[Tensor, "b m"] = radius @ tl.abs(weight).T
    return middle - spread, middle + spread


def output_bounds(
    params: TensorPack["h n, h, m h, m"], lower: Float64[Tensor, "b n"], upper: Float64[Tensor, "b n"]
) -> tuple[Float64[Tensor, "b m"], Float64[Tensor, "b m"]]:
    """Through the network; relu is monotone."""
    low, high = affine_bounds(lower, upper, params[0], params[1])
    return affine_bounds(tl.relu(low), tl.relu(high), params[2], params[3])


def margins(
    low: Float64[Tensor, "b m"], high: Float64[Tensor, "b m"], labels: Float64[Tensor, "b m"]
) -> Float64[Tensor, "b"]:
    """By how much the true class's lower bound exceeds the other classes' upper bounds."""
    true: Float64[Tensor, "b"] = tl.sum(low * labels, axis=1)
    others: Float64[Tensor, "b m"] = tl.where(labels > 0.5, -1e9, high)
    return true - tl.max(others, axis=1)


def main(
    b: Dim["b"], n: Dim["n"], h: Dim["h"], m: Dim["m"]
) -> tuple[Float64[Tensor, "b"], Float64[Tensor, "b m"], Float64[Tensor, ""]]:
    x: Float64[Tensor, "b n"] = tl.random.normal((b, n), seed=0)
    w1: Float64[Tensor, "h n"] = tl.random.normal((h, n), seed=1)
    w2: Float64[Tensor, "m h"] = tl.random.normal((m, h), seed=2)
    params: TensorPack["h n, h, m h, m"] = TensorPack.named({"w1": w1, "b1": tl.zeros(h), "w2": w2, "b2": tl.zeros(m)})
    labels: Float64[Tensor, "b m"] = tl.one_hot(tl.argmax(tl.relu(x @ w1.T) @ w2.T, axis=1), m)
    radius: Float64[Tensor, "b n"] = 0.1 * tl.ones((b, n))
    low, high = output_bounds(params, x - radius, x + radius)
    certified: Float64[Tensor, "b"] = margins(low, high, labels)
    robust: Float64[Tensor, ""] = tl.mean(tl.where(certified > 0.0, tl.ones(b), tl.zeros(b)))
    widest: Float64[Tensor, "1 m"] = tl.max(high - low, axis=0, keepdims=True)
    return certified, (high - low) / widest, robust


if __name__ == "__main__":
    print(main(b=7, n=5, h=11, m=3)[0])
