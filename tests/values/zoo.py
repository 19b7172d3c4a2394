"""Models that people write: mypy knows every shape in them, and their gradients are compared with differences."""

from __future__ import annotations

import math
from typing import Final

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Params, Tensor, autograd, loss, nn

# --- a mixer: patches of an image, mixed along the patches and along the channels ------------------------------------

WIDTH: Final = 6
PATCHES: Final = 4
swapped = nn.layer(tl.matrix_transpose, input="*b n m", output="*b m n")
mixer = nn.Seq(
    nn.input("2 8 8"),
    nn.conv2d(2, WIDTH, 4, stride=4),
    nn.flatten(2),
    swapped,
    nn.residual(nn.layer_norm(WIDTH) >> swapped >> nn.mlp(PATCHES, 5, PATCHES, activation="gelu") >> swapped),
    nn.residual(nn.layer_norm(WIDTH) >> nn.mlp(WIDTH, 7, WIDTH, activation="gelu")),
    nn.layer_norm(WIDTH),
    nn.layer(lambda x: tl.mean(x, axis=-2), input="*b n m", output="*b m"),
    nn.linear(WIDTH, 3),
)


def mixer_loss(params: Params[mixer], x: Float64[Tensor, "b 2 8 8"], y: Int64[Tensor, "b"]) -> Float64[Tensor, ""]:
    return loss.cross_entropy()(mixer(params, x), y)


# --- an autoencoder: what comes out is what went in ------------------------------------------------------------------

encoder = nn.Seq(nn.conv2d(1, 3, 3, stride=2, padding=1), nn.gelu(), nn.conv2d(3, 2, 3, stride=2, padding=1))
decoder = nn.Seq(nn.conv_transpose2d(2, 3, 2, stride=2), nn.gelu(), nn.conv_transpose2d(3, 1, 2, stride=2))
autoencoder = nn.input("1 8 8") >> encoder >> decoder


def autoencoder_loss(params: Params[autoencoder], x: Float64[Tensor, "b 1 8 8"]) -> Float64[Tensor, ""]:
    return loss.mse()(autoencoder(params, x), x)


# --- a small U-Net: what is seen before the image is made smaller goes around ----------------------------------------

inner = nn.Seq(
    nn.input("4 8 8"),
    nn.max_pool2d(2),
    nn.conv2d(4, 6, 3, padding="same"),
    nn.tanh(),
    nn.conv_transpose2d(6, 4, 2, stride=2),
)
unet = nn.Seq(
    nn.conv2d(1, 4, 3, padding="same"),
    nn.tanh(),
    nn.concat_branches(nn.Seq(), inner, axis=-3),
    nn.conv2d(8, 4, 3, padding="same"),
    nn.tanh(),
    nn.conv2d(4, 2, 1),
)


def unet_loss(params: Params[unet], x: Float64[Tensor, "b 1 8 8"], y: Int64[Tensor, "b 8 8"]) -> Float64[Tensor, ""]:
    return loss.cross_entropy(axis=-3)(unet(params, x), y)


# --- Poisson regression: counts, by the logarithm of their rate ------------------------------------------------------

rates = nn.linear(3, 1)


def poisson(output: Float64[Tensor, "b 1"], counts: Float64[Tensor, "b"]) -> Float64[Tensor, ""]:
    log_rate = output[:, 0]
    return tl.mean(tl.exp(log_rate) - counts * log_rate)


def poisson_gradient(params: Params[rates], x: Float64[Tensor, "b 3"], counts: Float64[Tensor, "b"]) -> Params[rates]:
    return autograd.model.grad_params(rates, OutputLoss(poisson), params, x, counts)


# --- a Gaussian process: the likelihood of observations, by its kernel's parameters ----------------------------------


def kernel(logs: Float64[Tensor, "3"], x: Float64[Tensor, "n d"], z: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]:
    """Squared exponential: the logarithms of scale, length and noise."""
    squares = tl.sum((x[:, None, :] - z[None, :, :]) ** 2, axis=2)
    return tl.exp(2.0 * logs[0]) * tl.exp(-0.5 * squares / tl.exp(2.0 * logs[1]))


def covariance(logs: Float64[Tensor, "3"], x: Float64[Tensor, "n d"]) -> Float64[Tensor, "n n"]:
    return kernel(logs, x, x) + tl.exp(2.0 * logs[2]) * tl.eye(x.shape[0])


def by_solving(logs: Float64[Tensor, "3"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The negative log likelihood, with the determinant."""
    k = covariance(logs, x)
    return 0.5 * tl.vecdot(y, tl.solve(k, y)) + 0.5 * tl.logdet(k) + 0.5 * y.shape[0] * math.log(2 * math.pi)


def by_factor(logs: Float64[Tensor, "3"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The negative log likelihood, with the Cholesky factor."""
    factor = tl.cholesky(covariance(logs, x))
    whitened = tl.triangular_solve(factor, y)
    entropy = tl.sum(tl.log(tl.diagonal(factor)))
    return 0.5 * tl.vecdot(whitened, whitened) + entropy + 0.5 * y.shape[0] * math.log(2 * math.pi)


def predicted(
    logs: Float64[Tensor, "3"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"], z: Float64[Tensor, "m d"]
) -> Float64[Tensor, "m"]:
    """The mean at new points."""
    return kernel(logs, z, x) @ tl.solve(covariance(logs, x), y)
