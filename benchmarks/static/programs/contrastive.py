"""A contrastive objective between two views: normalised embeddings, a similarity matrix, a temperature."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, autograd, nn


def normalised(z: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    """Each row with length 1."""
    length: Float64[Tensor, "b 1"] = tl.sqrt(tl.sum(z * z, axis=1, keepdims=True))
    return z / (length + 1e-8)


def similarities(a: Float64[Tensor, "b d"], c: Float64[Tensor, "k d"]) -> Float64[Tensor, "b k"]:
    """Cosines of all pairs over a temperature."""
    return normalised(a) @ normalised(c).T / 0.1


def info_nce(
    a: Float64[Tensor, "b d"], p: Float64[Tensor, "b d"], negatives: Float64[Tensor, "k d"]
) -> Float64[Tensor, ""]:
    """The positive against all negatives, for each row."""
    positive: Float64[Tensor, "b"] = tl.sum(normalised(a) * normalised(p), axis=1) / 0.1
    logits: Float64[Tensor, "b k+1"] = tl.concat([positive[:, None], similarities(a, negatives)], axis=1)
    return tl.mean(tl.logsumexp(logits, axis=1) - logits[:, 0])


def main(
    b: Dim["b"], k: Dim["k"], i: Dim["i"], h: Dim["h"], d: Dim["d"]
) -> tuple[Float64[Tensor, ""], Float64[Tensor, "b d"], Float64[Tensor, "k b"]]:
    tower = nn.Seq(nn.linear(i, h), nn.relu(), nn.linear(h, d))
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    view: Float64[Tensor, "b i"] = x + 0.1 * tl.random.normal((b, i), seed=1)
    bank: Float64[Tensor, "k d"] = tl.random.normal((k, d), seed=2)

    def loss(params: Params[tower], z: Float64[Tensor, "b i"]) -> Float64[Tensor, ""]:
        return info_nce(tower(params, z), tower(params, view), bank)

    params = tower.init(seed=3)
    embedded: Float64[Tensor, "b d"] = tower(params, x)
    pull: Float64[Tensor, "b d"] = autograd.fn.grad(lambda z: info_nce(z, tower(params, view), bank), embedded)
    gradient = autograd.model.vjp_params(tower, params, x, pull)
    params = params - 0.1 * gradient
    return loss(params, x), tower(params, x) - embedded, similarities(bank, embedded)


if __name__ == "__main__":
    print(main(b=7, k=11, i=5, h=13, d=3)[0])
