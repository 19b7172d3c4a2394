"""The models of the zoo: mypy knows all their shapes, they run, and their derivatives are the differences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.programs import check_changed
from tests.values import zoo
from torchlean_typed import Tensor, TensorPack, autograd

RNG = np.random.default_rng(7)
IMAGES, PLAIN = (tl.from_numpy(RNG.normal(size=(3, channels, 8, 8))) for channels in (2, 1))
LABELS, PIXELS = (tl.from_numpy(RNG.integers(0, n, shape)) for n, shape in ((3, (3,)), (2, (3, 8, 8))))
POINTS, NEW = (tl.from_numpy(RNG.uniform(-1, 1, (n, 2))) for n in (6, 4))
VALUES, COUNTS = tl.sin(3.0 * POINTS[:, 0]), tl.from_numpy(RNG.poisson(2.0, 6).astype(float))
LOGS = tl.tensor([0.1, -0.3, -1.0])


def of_pack(model: Any, loss: Callable[..., Tensor], *data: Tensor) -> tuple[Callable[[Tensor], Tensor], Tensor]:
    """The loss as a function of all parameters in one vector, and such a vector."""
    params = model.init(seed=1).map(lambda p: p + 0.1)
    return lambda v: loss(TensorPack.unflatten(v, like=params), *data), params.flatten()


def counted(params: Any, x: Tensor, counts: Tensor) -> Tensor:
    return zoo.poisson(zoo.rates(params, x), counts)


MODELS: dict[str, tuple[Callable[[Tensor], Tensor], Tensor]] = {
    "mixer": of_pack(zoo.mixer, zoo.mixer_loss, IMAGES, LABELS),
    "autoencoder": of_pack(zoo.autoencoder, zoo.autoencoder_loss, PLAIN),
    "unet": of_pack(zoo.unet, zoo.unet_loss, PLAIN, PIXELS),
    "poisson": of_pack(zoo.rates, counted, tl.concat([POINTS, POINTS[:, :1]], axis=1), COUNTS),
    "gaussian process, solved": (lambda logs: zoo.by_solving(logs, POINTS, VALUES), LOGS),
    "gaussian process, factored": (lambda logs: zoo.by_factor(logs, POINTS, VALUES), LOGS),
    "gaussian process, new points": (lambda logs: tl.sum(zoo.predicted(logs, POINTS, VALUES, NEW)), LOGS),
}


@pytest.mark.parametrize("name", MODELS)
def test_first_and_second_derivatives_are_the_differences(name: str) -> None:
    f, at = MODELS[name]
    assert f(at).shape == ()
    direction = tl.from_numpy(np.random.default_rng(3).normal(size=at.shape) / np.sqrt(at.size))
    step = 1e-5
    after, before = at + step * direction, at - step * direction
    gradient, product = autograd.fn.grad(f, at), autograd.fn.hvp(f, at, direction)
    slope = (float(f(after)) - float(f(before))) / (2 * step)
    np.testing.assert_allclose(float(tl.vecdot(gradient, direction)), slope, rtol=1e-7, atol=1e-9)
    curvature = (autograd.fn.grad(f, after) - autograd.fn.grad(f, before)).numpy() / (2 * step)
    np.testing.assert_allclose(product.numpy(), curvature, rtol=1e-5, atol=1e-7)
    assert np.abs(product.numpy()).max() > 1e-3


def test_both_ways_to_the_likelihood_are_that_of_the_normal_distribution() -> None:
    covariance = zoo.covariance(LOGS, POINTS).numpy()
    y = VALUES.numpy()
    expected = 0.5 * (y @ np.linalg.inv(covariance) @ y + np.log(np.linalg.det(2 * np.pi * covariance)))
    for likelihood in (zoo.by_solving, zoo.by_factor):
        np.testing.assert_allclose(float(likelihood(LOGS, POINTS, VALUES)), expected, rtol=1e-10)


def test_the_gradient_of_poisson_regression_is_the_closed_form() -> None:
    x, params = tl.concat([POINTS, POINTS[:, :1]], axis=1), zoo.rates.init(seed=2)
    residual = np.exp(zoo.rates(params, x).numpy()[:, 0]) - COUNTS.numpy()
    weight, bias = zoo.poisson_gradient(params, x, COUNTS)
    np.testing.assert_allclose(weight.numpy()[0], residual @ x.numpy() / 6, rtol=1e-12)
    np.testing.assert_allclose(bias.numpy()[0], residual.mean(), rtol=1e-12)


def test_mypy_knows_every_shape_in_them_and_finds_what_is_changed(tmp_path: Path) -> None:
    changes = {
        (
            "nn.mlp(PATCHES, 5, PATCHES",
            "nn.mlp(PATCHES, 5, 5",
        ): "residual: the inner model's output does not fit its input (input: [*b, 4, 6], output: [*b, 5, 6])",
        ("nn.conv_transpose2d(3, 1, 2, stride=2)", "nn.conv_transpose2d(3, 1, 3, stride=2)"): (
            "mse: the target does not have the shape of the model's output (output: [b, 1, 9, 9], target: [b, 1, 8, 8])"
        ),
        (
            'nn.conv2d(4, 6, 3, padding="same")',
            "nn.conv2d(4, 6, 3)",
        ): "concat_branches: what branch 1 gives does not fit",
        ("loss.cross_entropy(axis=-3)", "loss.cross_entropy()"): "the target does not have the shape of the samples",
        ("log_rate = output[:, 0]", "log_rate = output"): "ranks differ (left: [b], right: [b, 1])",
        ("z[None, :, :]", "z[:, None, :]"): "axis 0 differs: n and m",
        ("tl.eye(x.shape[0])", "tl.eye(x.shape[1])"): "differs: n and d",
        (
            "tl.solve(covariance(logs, x), y)",
            "tl.solve(covariance(logs, z), y)",
        ): "solve: the sizes of the matrix and of the right operand differ: m and n",
    }
    check_changed(Path(zoo.__file__), changes, tmp_path, strict_shapes=True)
