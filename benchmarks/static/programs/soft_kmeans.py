"""Soft k-means: responsibilities and centroids in turn, and the free energy they descend."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def distances(x: Float64[Tensor, "n d"], centroids: Float64[Tensor, "k d"]) -> Float64[Tensor, "n k"]:
    """Squared distances of all points to all centroids."""
    return tl.sum((x[:, None, :] - centroids[None, :, :]) ** 2, axis=2)


def responsibilities(
    x: Float64[Tensor, "n d"], centroids: Float64[Tensor, "k d"], weights: Float64[Tensor, "k"]
) -> Float64[Tensor, "n k"]:
    """To what part each point belongs to each cluster."""
    scores: Float64[Tensor, "n k"] = tl.log(weights)[None, :] - distances(x, centroids)
    return tl.softmax(scores, axis=1)


def step(
    x: Float64[Tensor, "n d"], centroids: Float64[Tensor, "k d"], weights: Float64[Tensor, "k"]
) -> tuple[Float64[Tensor, "k d"], Float64[Tensor, "k"]]:
    """Centroids and weights from the responsibilities."""
    r: Float64[Tensor, "n k"] = responsibilities(x, centroids, weights)
    mass: Float64[Tensor, "k"] = tl.sum(r, axis=0)
    return r.T @ x / mass[:, None], mass / float(x.shape[0])


def free_energy(
    centroids: Float64[Tensor, "k d"], x: Float64[Tensor, "n d"], weights: Float64[Tensor, "k"]
) -> Float64[Tensor, ""]:
    """What both steps descend."""
    return -tl.mean(tl.logsumexp(tl.log(weights)[None, :] - distances(x, centroids), axis=1))


def variances(
    x: Float64[Tensor, "n d"], centroids: Float64[Tensor, "k d"], r: Float64[Tensor, "n k"]
) -> Float64[Tensor, "k d"]:
    """Of each cluster, in each direction."""
    second: Float64[Tensor, "k d"] = r.T @ x**2
    return second / tl.sum(r, axis=0)[:, None] - centroids**2


def main(
    n: Dim["n"], d: Dim["d"], k: Dim["k"]
) -> tuple[Float64[Tensor, "k d"], Float64[Tensor, "k d"], Float64[Tensor, "k d"]]:
    x: Float64[Tensor, "n d"] = tl.random.normal((n, d), seed=0)
    centroids: Float64[Tensor, "k d"] = tl.random.normal((k, d), seed=1)
    weights: Float64[Tensor, "k"] = tl.softmax(tl.zeros(k))
    for _ in range(3):
        centroids, weights = step(x, centroids, weights)
    slope: Float64[Tensor, "k d"] = autograd.fn.grad(lambda c: free_energy(c, x, weights), centroids)
    spread: Float64[Tensor, "k d"] = variances(x, centroids, responsibilities(x, centroids, weights))
    return centroids, spread, slope


if __name__ == "__main__":
    print(main(n=11, d=3, k=5)[2])
