"""What is differentiated: networks and functions with their data, said once for all frameworks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Net:
    """A multilayer perceptron with its loss. Weights are ``(out, in)``; ``batch`` None is one sample without axis."""

    widths: tuple[int, ...]
    batch: int | None
    activation: str = "tanh"
    loss: str = "mse"
    dtype: str = "float64"

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of the weights and biases, in order."""
        pairs = zip(self.widths[1:], self.widths, strict=False)
        return [shape for out, into in pairs for shape in ((out, into), (out,))]

    @property
    def in_shape(self) -> tuple[int, ...]:
        return self.widths[:1]

    def weights(self, seed: int = 0) -> list[np.ndarray]:
        """Scaled so that activations neither vanish nor saturate."""
        rng = np.random.default_rng(seed)
        scales = [0.1 if len(shape) == 1 else float(np.prod(shape[1:])) ** -0.5 for shape in self.shapes]
        return [(rng.normal(size=s) * scale).astype(self.dtype) for s, scale in zip(self.shapes, scales, strict=True)]

    def x(self) -> np.ndarray:
        leading = () if self.batch is None else (self.batch,)
        return np.random.default_rng(1).normal(size=(*leading, *self.in_shape)).astype(self.dtype)

    def y(self) -> np.ndarray:
        """Targets: one-hot rows for cross-entropy, else numbers."""
        rng, outputs = np.random.default_rng(2), self.shapes[-1][0]
        if self.loss == "cross_entropy":
            return np.eye(outputs)[rng.integers(outputs, size=self.batch)].astype(self.dtype)
        return rng.normal(size=(self.batch, outputs) if self.batch else outputs).astype(self.dtype)


@dataclass(frozen=True)
class ConvNet(Net):
    """Convolution 3x3 to 8 channels, relu, max pooling 2x2, linear: on images of 1x28x28."""

    widths: tuple[int, ...] = (8 * 13 * 13, 10)
    batch: int | None = 32
    activation: str = "relu"
    loss: str = "cross_entropy"

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return [(8, 1, 3, 3), (8,), *super().shapes]

    @property
    def in_shape(self) -> tuple[int, ...]:
        return (1, 28, 28)


@dataclass(frozen=True)
class Function:
    """A function of one vector, ``write(xp, x, *constants)``, in the names that the frameworks' modules share."""

    write: Callable[..., Any]
    n: int
    dtype: str = "float64"
    draw: Callable[[np.random.Generator, int], tuple[np.ndarray, ...]] = lambda rng, n: ()

    def x(self) -> np.ndarray:
        return np.random.default_rng(0).normal(size=self.n).astype(self.dtype)

    def constants(self) -> list[np.ndarray]:
        return [array.astype(self.dtype) for array in self.draw(np.random.default_rng(1), self.n)]
