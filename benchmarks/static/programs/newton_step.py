"""Damped Newton steps for logistic regression, with the Hessian of autograd against the formula."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def objective(w: Float64[Tensor, "d"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The negative log-likelihood, with a ridge."""
    margin: Float64[Tensor, "n"] = x @ w
    return tl.mean(tl.softplus(margin) - y * margin) + 0.05 * tl.sum(w * w)


def fisher(w: Float64[Tensor, "d"], x: Float64[Tensor, "n d"]) -> Float64[Tensor, "d d"]:
    """The Hessian by its formula."""
    n, d = x.shape
    p: Float64[Tensor, "n"] = tl.sigmoid(x @ w)
    weighted: Float64[Tensor, "n d"] = x * (p * (1.0 - p))[:, None]
    return x.T @ weighted / float(n) + 0.1 * tl.eye(d)


def step(
    w: Float64[Tensor, "d"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]
) -> tuple[Float64[Tensor, "d"], Float64[Tensor, ""]]:
    """A Newton step, and the decrement that tells when to stop."""
    gradient: Float64[Tensor, "d"] = autograd.fn.grad(lambda v: objective(v, x, y), w)
    hessian: Float64[Tensor, "d d"] = autograd.fn.hessian(lambda v: objective(v, x, y), w).tensor
    direction: Float64[Tensor, "d"] = tl.solve(hessian, gradient)
    return w - 0.9 * direction, tl.vecdot(gradient, direction)


def intervals(w: Float64[Tensor, "d"], x: Float64[Tensor, "n d"]) -> Float64[Tensor, "d 2"]:
    """Asymptotic confidence intervals."""
    d = w.shape[0]
    covariance: Float64[Tensor, "d d"] = tl.solve(fisher(w, x), tl.eye(d))
    width: Float64[Tensor, "d"] = 1.96 * tl.sqrt(tl.diagonal(covariance))
    return tl.stack([w - width, w + width], axis=1)


def main(n: Dim["n"], d: Dim["d"]) -> tuple[Float64[Tensor, "d"], Float64[Tensor, "d 2"], Float64[Tensor, "d"]]:
    x: Float64[Tensor, "n d"] = tl.random.normal((n, d), seed=0)
    y: Float64[Tensor, "n"] = tl.where(x[:, 0] > 0.0, tl.ones(n), tl.zeros(n))
    w: Float64[Tensor, "d"] = tl.zeros(d)
    for _ in range(3):
        w, decrement = step(w, x, y)
        if float(decrement) < 1e-10:
            break
    difference: Float64[Tensor, "d"] = fisher(w, x) @ w - autograd.fn.hvp(lambda v: objective(v, x, y), w, w)
    return w, intervals(w, x), difference


if __name__ == "__main__":
    print(main(n=11, d=5))
