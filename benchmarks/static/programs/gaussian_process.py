"""Gaussian process regression: the marginal likelihood and its gradient, and the posterior at new points."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def squared_distances(x: Float64[Tensor, "n d"], z: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]:
    """Between all pairs of points."""
    cross: Float64[Tensor, "n m"] = x @ z.T
    return tl.sum(x**2, axis=1)[:, None] + tl.sum(z**2, axis=1)[None, :] - 2.0 * cross


def kernel(
    x: Float64[Tensor, "n d"], z: Float64[Tensor, "m d"], scales: Float64[Tensor, "d"]
) -> Float64[Tensor, "n m"]:
    """The squared-exponential kernel with a length scale for each feature."""
    inverse: Float64[Tensor, "d"] = tl.exp(-scales)
    return tl.exp(-0.5 * squared_distances(x * inverse[None, :], z * inverse[None, :]))


def likelihood(scales: Float64[Tensor, "d"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The negative log marginal likelihood, but for a constant."""
    n = x.shape[0]
    factor: Float64[Tensor, "n n"] = tl.cholesky(kernel(x, x, scales) + 0.1 * tl.eye(n))
    whitened: Float64[Tensor, "n"] = tl.triangular_solve(factor, y)
    return 0.5 * tl.sum(whitened**2) + tl.sum(tl.log(tl.diagonal(factor)))


def posterior(
    x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"], new: Float64[Tensor, "m d"], scales: Float64[Tensor, "d"]
) -> tuple[Float64[Tensor, "m"], Float64[Tensor, "m m"]]:
    """Mean and covariance at the new points."""
    n = x.shape[0]
    factor: Float64[Tensor, "n n"] = tl.cholesky(kernel(x, x, scales) + 0.1 * tl.eye(n))
    cross: Float64[Tensor, "n m"] = tl.triangular_solve(factor, kernel(x, new, scales))
    mean: Float64[Tensor, "m"] = cross.T @ tl.triangular_solve(factor, y)
    return mean, kernel(new, new, scales) - cross.T @ cross


def main(
    n: Dim["n"], m: Dim["m"], d: Dim["d"]
) -> tuple[Float64[Tensor, "d"], Float64[Tensor, "m"], Float64[Tensor, "m"]]:
    x: Float64[Tensor, "n d"] = tl.random.normal((n, d), seed=0)
    new: Float64[Tensor, "m d"] = tl.random.normal((m, d), seed=1)
    y: Float64[Tensor, "n"] = tl.sin(tl.sum(x, axis=1))
    scales: Float64[Tensor, "d"] = tl.zeros(d)
    for _ in range(2):
        scales = scales - 0.05 * autograd.fn.grad(lambda s: likelihood(s, x, y), scales)
    mean, covariance = posterior(x, y, new, scales)
    return scales, mean, tl.sqrt(tl.diagonal(covariance))


if __name__ == "__main__":
    print(main(n=11, m=5, d=3))
