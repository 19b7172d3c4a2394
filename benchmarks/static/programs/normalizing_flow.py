"""An affine coupling layer: a bijection with a triangular Jacobian, its inverse, and the density it gives."""

import math

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd


def network(
    params: TensorPack["h k, h, 2*m h, 2*m"], x: Float64[Tensor, "b k"]
) -> tuple[Float64[Tensor, "b m"], Float64[Tensor, "b m"]]:
    """Log-scale and shift from the half that stays."""
    w1, b1, w2, b2 = params
    hidden: Float64[Tensor, "b h"] = tl.relu(x @ w1.T + b1[None, :])
    scale, shift = tl.split(hidden @ w2.T + b2[None, :], 2, axis=1)
    return tl.tanh(scale), shift


def forward(
    params: TensorPack["h k, h, 2*m h, 2*m"], x: Float64[Tensor, "b k+m"], k: Dim["k"]
) -> tuple[Float64[Tensor, "b k+m"], Float64[Tensor, "b"]]:
    """The bijection, and the logarithm of its Jacobian's determinant."""
    kept: Float64[Tensor, "b k"] = x[:, :k]
    moved: Float64[Tensor, "b m"] = x[:, k:]
    scale, shift = network(params, kept)
    return tl.concat([kept, moved * tl.exp(scale) + shift], axis=1), tl.sum(scale, axis=1)


def inverse(
    params: TensorPack["h k, h, 2*m h, 2*m"], kept: Float64[Tensor, "b k"], moved: Float64[Tensor, "b m"]
) -> Float64[Tensor, "b k+m"]:
    """The way back."""
    scale, shift = network(params, kept)
    return tl.concat([kept, (moved - shift) * tl.exp(-scale)], axis=1)


def log_density(
    params: TensorPack["h k, h, 2*m h, 2*m"], x: Float64[Tensor, "b k+m"], k: Dim["k"]
) -> Float64[Tensor, "b"]:
    """Under a standard normal base."""
    z, determinant = forward(params, x, k)
    normal: Float64[Tensor, "b"] = -0.5 * tl.sum(z * z, axis=1) - 0.5 * float(z.shape[1]) * math.log(2.0 * math.pi)
    return normal + determinant


def main(
    b: Dim["b"], k: Dim["k"], m: Dim["m"], h: Dim["h"]
) -> tuple[Float64[Tensor, "b"], Float64[Tensor, "b k+m"], Float64[Tensor, "k+m k+m"]]:
    w1: Float64[Tensor, "h k"] = tl.random.normal((h, k), seed=0)
    w2: Float64[Tensor, "2*m h"] = tl.random.normal((2 * m, h), seed=1)
    params: TensorPack["h k, h, 2*m h, 2*m"] = TensorPack.of(w1, tl.zeros(h), w2, tl.zeros(2 * m))
    x: Float64[Tensor, "b k+m"] = tl.random.normal((b, k + m), seed=2)
    z, _ = forward(params, x, k)
    back: Float64[Tensor, "b k+m"] = inverse(params, x[:, :k], z[:, k:])
    jacobian: Float64[Tensor, "k+m k+m"] = autograd.fn.jacfwd(
        lambda point: forward(params, point[None, :], k)[0][0], x[0]
    ).tensor
    return log_density(params, x, k), back - x, jacobian


if __name__ == "__main__":
    print(main(b=7, k=3, m=5, h=11)[0])
