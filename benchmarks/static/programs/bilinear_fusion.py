"""Two modalities fused by a bilinear form, by outer products, and by a low-rank tensor."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def bilinear(
    x: Float64[Tensor, "b i"], form: Float64[Tensor, "k i j"], y: Float64[Tensor, "b j"]
) -> Float64[Tensor, "b k"]:
    """One bilinear form an output."""
    left: Float64[Tensor, "b k j"] = tl.tensordot(x, form, axes=((1,), (1,)))
    return tl.einsum("bkj,bj->bk", left, y)


def factorised(
    x: Float64[Tensor, "b i"],
    y: Float64[Tensor, "b j"],
    p: Float64[Tensor, "r i"],
    q: Float64[Tensor, "r j"],
    out: Float64[Tensor, "k r"],
) -> Float64[Tensor, "b k"]:
    """The form as a sum of r products."""
    return (x @ p.T * (y @ q.T)) @ out.T


def assembled(
    p: Float64[Tensor, "r i"], q: Float64[Tensor, "r j"], out: Float64[Tensor, "k r"]
) -> Float64[Tensor, "k i j"]:
    """The full form of a factorised one."""
    return tl.einsum("ri,rj,kr->kij", p, q, out)


def interactions(x: Float64[Tensor, "b i"], y: Float64[Tensor, "b j"]) -> Float64[Tensor, "b i*j+i+j"]:
    """All products of features, and the features."""
    b, i = x.shape
    products: Float64[Tensor, "b i*j"] = (x[:, :, None] * y[:, None, :]).reshape((b, i * y.shape[1]))
    return tl.concat([products, x, y], axis=1)


def main(
    b: Dim["b"], i: Dim["i"], j: Dim["j"], k: Dim["k"], r: Dim["r"]
) -> tuple[Float64[Tensor, "b k"], Float64[Tensor, "r i"], Float64[Tensor, "i*j+i+j"], Float64[Tensor, "i j"]]:
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    y: Float64[Tensor, "b j"] = tl.random.normal((b, j), seed=1)
    p: Float64[Tensor, "r i"] = tl.random.normal((r, i), seed=2)
    q: Float64[Tensor, "r j"] = tl.random.normal((r, j), seed=3)
    out: Float64[Tensor, "k r"] = tl.random.normal((k, r), seed=4)
    target: Float64[Tensor, "b k"] = bilinear(x, tl.random.normal((k, i, j), seed=5), y)
    slope: Float64[Tensor, "r i"] = autograd.fn.grad(lambda v: tl.mean((factorised(x, y, v, q, out) - target) ** 2), p)
    difference: Float64[Tensor, "b k"] = bilinear(x, assembled(p, q, out), y) - factorised(x, y, p, q, out)
    features: Float64[Tensor, "b i*j+i+j"] = interactions(x, y)
    return difference, slope, tl.mean(features, axis=0), tl.outer(x[0], y[0])


if __name__ == "__main__":
    print(main(b=7, i=3, j=5, k=2, r=11)[0])
