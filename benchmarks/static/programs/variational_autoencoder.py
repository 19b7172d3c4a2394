"""A variational autoencoder: reparameterised sampling, the evidence lower bound, and its gradients."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def encode(
    x: Float64[Tensor, "b i"], w: Float64[Tensor, "2*z i"]
) -> tuple[Float64[Tensor, "b z"], Float64[Tensor, "b z"]]:
    """Mean and log-variance of the posterior."""
    mean, log_variance = tl.split(x @ w.T, 2, axis=1)
    return mean, tl.clip(log_variance, -5.0, 5.0)


def decode(z: Float64[Tensor, "s b z"], v: Float64[Tensor, "i z"]) -> Float64[Tensor, "s b i"]:
    """Logits of the pixels, for each sample."""
    return z @ v.T


def divergence(mean: Float64[Tensor, "b z"], log_variance: Float64[Tensor, "b z"]) -> Float64[Tensor, "b"]:
    """Of the posterior from the standard normal."""
    return 0.5 * tl.sum(mean**2 + tl.exp(log_variance) - log_variance - 1.0, axis=1)


def bound(
    w: Float64[Tensor, "2*z i"],
    v: Float64[Tensor, "i z"],
    x: Float64[Tensor, "b i"],
    noise: Float64[Tensor, "s b z"],
) -> Float64[Tensor, ""]:
    """The negative evidence lower bound with s samples."""
    mean, log_variance = encode(x, w)
    z: Float64[Tensor, "s b z"] = mean[None, :, :] + tl.exp(0.5 * log_variance)[None, :, :] * noise
    logits: Float64[Tensor, "s b i"] = decode(z, v)
    log_likelihood: Float64[Tensor, "s b"] = tl.sum(x[None, :, :] * logits - tl.softplus(logits), axis=2)
    return tl.mean(divergence(mean, log_variance) - tl.mean(log_likelihood, axis=0))


def main(
    b: Dim["b"], i: Dim["i"], z: Dim["z"], s: Dim["s"]
) -> tuple[Float64[Tensor, ""], Float64[Tensor, "2*z i"], Float64[Tensor, "i z"], Float64[Tensor, "b i"]]:
    x: Float64[Tensor, "b i"] = tl.random.uniform((b, i), seed=0)
    w: Float64[Tensor, "2*z i"] = 0.1 * tl.random.normal((2 * z, i), seed=1)
    v: Float64[Tensor, "i z"] = 0.1 * tl.random.normal((i, z), seed=2)
    noise: Float64[Tensor, "s b z"] = tl.random.normal((s, b, z), seed=3)
    value, dw = autograd.fn.value_and_grad(lambda u: bound(u, v, x, noise), w)
    dv: Float64[Tensor, "i z"] = autograd.fn.grad(lambda u: bound(w, u, x, noise), v)
    code, _ = encode(x, w - 0.1 * dw)
    mean_image: Float64[Tensor, "b i"] = tl.sigmoid(decode(code[None, :, :], v - 0.1 * dv))[0]
    return value, dw, dv, mean_image - x


if __name__ == "__main__":
    print(main(b=7, i=11, z=3, s=5)[0])
