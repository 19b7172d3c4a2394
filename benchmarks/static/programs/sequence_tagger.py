"""A tagger of sequences: convolutions over time, gated units, a softmax over tags with a mask."""

from jaxtyping import Bool, Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def gated(
    x: Float64[Tensor, "b c t"], kernel: Float64[Tensor, "2*d c 3"], bias: Float64[Tensor, "2*d"]
) -> Float64[Tensor, "b d t"]:
    """A convolution that keeps the length, with a gate on half of its channels."""
    both: Float64[Tensor, "b 2*d t"] = tl.conv1d(x, kernel, bias, padding=1)
    value, gate = tl.split(both, 2, axis=1)
    return value * tl.sigmoid(gate)


def shortened(x: Float64[Tensor, "b d t"], kernel: Float64[Tensor, "e d 2"]) -> Float64[Tensor, "b e t-1"]:
    """A convolution over neighbours."""
    return tl.tanh(tl.conv1d(x, kernel))


def emissions(x: Float64[Tensor, "b e t"], head: Float64[Tensor, "k e"]) -> Float64[Tensor, "b t k"]:
    """Log-probabilities of the tags."""
    scores: Float64[Tensor, "b t k"] = tl.swapaxes(x, 1, 2) @ head.T
    return tl.log_softmax(scores, axis=2)


def masked_loss(
    scores: Float64[Tensor, "b t k"], tags: Float64[Tensor, "b t k"], mask: Bool[Tensor, "b t"]
) -> Float64[Tensor, ""]:
    """The mean over the positions that count."""
    losses: Float64[Tensor, "b t"] = -tl.sum(scores * tags, axis=2)
    weights: Float64[Tensor, "b t"] = tl.where(mask, 1.0, 0.0)
    return tl.sum(tl.where(mask, losses, 0.0)) / tl.sum(weights)


def main(
    b: Dim["b"], c: Dim["c"], t: Dim["t"], d: Dim["d"], e: Dim["e"], k: Dim["k"]
) -> tuple[Float64[Tensor, ""], Float64[Tensor, "k e"], Float64[Tensor, "b k"]]:
    x: Float64[Tensor, "b c t"] = tl.random.normal((b, c, t), seed=0)
    kernel: Float64[Tensor, "2*d c 3"] = tl.random.normal((2 * d, c, 3), seed=1)
    narrow: Float64[Tensor, "e d 2"] = tl.random.normal((e, d, 2), seed=2)
    head: Float64[Tensor, "k e"] = tl.random.normal((k, e), seed=3)
    tags: Float64[Tensor, "b t-1 k"] = tl.softmax(tl.random.normal((b, t - 1, k), seed=4), axis=2)
    mask: Bool[Tensor, "b t-1"] = tl.random.uniform((b, t - 1), seed=5) < 0.7
    features: Float64[Tensor, "b e t-1"] = shortened(gated(x, kernel, tl.zeros(2 * d)), narrow)
    value, slope = autograd.fn.value_and_grad(lambda w: masked_loss(emissions(features, w), tags, mask), head)
    return value, slope, tl.max(emissions(features, head - slope), axis=1)


if __name__ == "__main__":
    print(main(b=2, c=3, t=13, d=5, e=7, k=11)[0])
