"""Kernel regression with any kernel: a protocol, an abstract base, classes that inherit from it, and a generic fit."""

from abc import ABC, abstractmethod
from typing import Protocol

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


class Similarity(Protocol):
    """Anything that compares all rows of one matrix with all rows of another."""

    def __call__(self, x: Float64[Tensor, "n d"], y: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]: ...


class Kernel(ABC):
    """A similarity of squared distances."""

    def __init__(self, width: float) -> None:
        self.width = width

    @abstractmethod
    def profile(self, squared: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
        """The similarity at a squared distance."""

    @staticmethod
    def squared(x: Float64[Tensor, "n d"], y: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]:
        """All squared distances."""
        cross: Float64[Tensor, "n m"] = x @ y.T
        return tl.sum(x**2, axis=1)[:, None] - 2.0 * cross + tl.sum(y**2, axis=1)[None, :]

    def __call__(self, x: Float64[Tensor, "n d"], y: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]:
        return self.profile(self.squared(x, y) / self.width**2)


class Gaussian(Kernel):
    """Smooth."""

    def profile(self, squared: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
        return tl.exp(-0.5 * squared)


class Cauchy(Kernel):
    """With long tails."""

    def profile(self, squared: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
        return 1.0 / (1.0 + squared)


def linear(x: Float64[Tensor, "n d"], y: Float64[Tensor, "m d"]) -> Float64[Tensor, "n m"]:
    """The inner product: a similarity that is no class."""
    return x @ y.T


class Regression:
    """Ridge regression in the space of a kernel."""

    points: Float64[Tensor, "n d"]
    weights: Float64[Tensor, "n k"]

    def __init__(self, similarity: Similarity, points: Float64[Tensor, "n d"], targets: Float64[Tensor, "n k"]) -> None:
        gram: Float64[Tensor, "n n"] = similarity(points, points) + 1e-3 * tl.eye(points.shape[0])
        self.similarity = similarity
        self.points = points
        self.weights = tl.solve(gram, targets)

    def __call__(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b k"]:
        return self.similarity(x, self.points) @ self.weights

    @property
    def norms(self) -> Float64[Tensor, "k"]:
        """Of each output's function."""
        smooth: Float64[Tensor, "n k"] = self.similarity(self.points, self.points) @ self.weights
        return tl.sum(self.weights * smooth, axis=0)

    def sensitivity(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
        """How all outputs together depend on each input."""
        return autograd.fn.grad(lambda z: tl.sum(self(z)), x)


def main(
    n: Dim["n"], b: Dim["b"], d: Dim["d"], k: Dim["k"]
) -> tuple[Float64[Tensor, "b k"], Float64[Tensor, "k"], Float64[Tensor, "b d"]]:
    x: Float64[Tensor, "n d"] = tl.random.normal((n, d), seed=0)
    y: Float64[Tensor, "n k"] = tl.random.normal((n, k), seed=1)
    test: Float64[Tensor, "b d"] = tl.random.normal((b, d), seed=2)
    models = [Regression(similarity, x, y) for similarity in (Gaussian(1.0), Cauchy(2.0))]
    plain = Regression(linear, x, y)
    mean: Float64[Tensor, "b k"] = (models[0](test) + models[1](test) + plain(test)) / 3.0
    residual: Float64[Tensor, "n k"] = plain(x) - y
    norms: Float64[Tensor, "k"] = models[0].norms + tl.mean(residual, axis=0)
    return mean, norms, plain.sensitivity(test) + models[1].sensitivity(test)


if __name__ == "__main__":
    print(main(n=11, b=5, d=3, k=2)[1])
