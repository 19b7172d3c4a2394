"""Losses that take one sample or a batch: unions of shapes, optional weights, and facts that are asserted."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def per_sample(
    prediction: Float64[Tensor, "b k"], target: Float64[Tensor, "b k"], weights: Float64[Tensor, "k"] | None = None
) -> Float64[Tensor, "b"]:
    """The squared error of each sample, its outputs weighted."""
    squares: Float64[Tensor, "b k"] = (prediction - target) ** 2
    if weights is None:
        return tl.mean(squares, axis=1)
    return squares @ weights / tl.sum(weights)


def reduced(errors: Float64[Tensor, "b"], mask: Float64[Tensor, "b"] | None) -> Float64[Tensor, ""]:
    """The mean of those that count."""
    return tl.mean(errors) if mask is None else (errors @ mask) / tl.sum(mask)


def normalised(x: Float64[Tensor, "*s k"]) -> Float64[Tensor, "*s k"]:
    """Each vector by its length."""
    return x / tl.sqrt(tl.sum(x**2, axis=-1, keepdims=True) + 1e-9)


def heads(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Float64[Tensor, "b h d//h"]:
    """The features in groups."""
    assert x.shape[1] % h == 0
    return x.reshape((x.shape[0], h, x.shape[1] // h))


def residual(x: Float64[Tensor, "b d"], y: Float64[Tensor, "b e"]) -> Float64[Tensor, "b d"]:
    """Both, where they can be added."""
    if x.shape != y.shape:
        raise ValueError("the features differ")
    return x + y


def last(
    x: Float64[Tensor, "b d"], history: list[Float64[Tensor, "b d"]], start: Float64[Tensor, "d"] | None
) -> Float64[Tensor, "b d"]:
    """The newest state, or the start for all."""
    for state in reversed(history):
        return state
    if (first := start) is not None:
        return tl.zeros(x.shape) + first[None, :]
    return x


def main(
    b: Dim["b"], d: Dim["d"], k: Dim["k"]
) -> tuple[Float64[Tensor, "b"], Float64[Tensor, "d k"], Float64[Tensor, "b d"], Float64[Tensor, "k"]]:
    x: Float64[Tensor, "b d"] = normalised(tl.random.normal((b, d), seed=0))
    w: Float64[Tensor, "d k"] = tl.random.normal((d, k), seed=1)
    target: Float64[Tensor, "b k"] = tl.random.normal((b, k), seed=2)
    weights: Float64[Tensor, "k"] = normalised(tl.exp(target[0]))
    errors: Float64[Tensor, "b"] = per_sample(x @ w, target, weights) + per_sample(x @ w, target)
    mask: Float64[Tensor, "b"] = tl.exp(-errors)

    def objective(v: Float64[Tensor, "d k"]) -> Float64[Tensor, ""]:
        return reduced(per_sample(x @ v, target, weights), mask) + reduced(per_sample(x @ v, target), None)

    slope: Float64[Tensor, "d k"] = autograd.fn.grad(objective, w)
    back: Float64[Tensor, "b d"] = residual(last(x, [x, -x], None), last(x, [], slope @ weights))
    grouped: Float64[Tensor, "b d d//d"] = heads(back, d)
    return errors, slope, back + grouped[:, :, 0], tl.mean(x @ slope - target, axis=0)


if __name__ == "__main__":
    print(main(b=7, d=5, k=3)[0])
