"""Names that only the constructor's parameters have: they are the class's where an attribute has them."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

train, batch = tl.ones((17, 5)), tl.ones((4, 5))


class Normaliser:
    mean: Float64[Tensor, "n"]

    @tl.checked
    def __init__(self, x: Float64[Tensor, "b n"]) -> None:
        self.mean = tl.mean(x, axis=0)

    @tl.checked
    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
        return x - self.mean[None, :]


normal = Normaliser(train)
reveal_type(normal(batch))  # R: Float64[Tensor, "4 5"]
normal(tl.ones((4, 6)))  # E: shape: Normaliser: argument 1 ("x") has shape [4, 6], expected [b, 5]


class Inferred:
    def __init__(self, x: Float64[Tensor, "b n"], w: Float64[Tensor, "m n"]) -> None:
        centre = x.mean(axis=0)
        self.mean, self.turned = centre, w.T
        self.deviation = 1.0 + (x - centre[None, :]).std(axis=0)
        self.features, self.scale = x.shape[-1], float(tl.sum(x))

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        reveal_type(self.mean)  # R: Float64[Tensor, "n"]
        return ((x - self.mean[None, :]) / self.deviation[None, :]) @ self.turned


inferred = Inferred(train, tl.ones((3, 5)))
reveal_type(inferred(batch))  # R: Float64[Tensor, "4 3"]
reveal_type(inferred.features)  # R: Dim["5"]


class Declared:
    def __init__(self, w: Float64[Tensor, "m n"], x: Float64[Tensor, "b n"]) -> None:
        self.w = w
        self.mean: Float64[Tensor, "n"] = tl.mean(x, axis=0)

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return (x - self.mean[None, :]) @ self.w.T


declared = Declared(tl.ones((3, 5)), train)
reveal_type(declared(batch))  # R: Float64[Tensor, "4 3"]


class Kept:
    def __init__(self, x: Float64[Tensor, "b n"]) -> None:
        self.points = x

    def distances(self, y: Float64[Tensor, "n"]) -> Float64[Tensor, "b"]:
        return tl.sum((self.points - y[None, :]) ** 2, axis=1)


reveal_type(Kept(train).distances(tl.ones(5)))  # R: Float64[Tensor, "17"]


class FittedLater:
    def fit(self, x: Float64[Tensor, "b n"]) -> None:
        self.mean = tl.mean(x, axis=0)
        reveal_type(self.mean)  # R: Float64[Tensor, "n"]

    def apply(self, x: Float64[Tensor, "b m"]) -> Float64[Tensor, "b m"]:
        return x - self.mean[None, :]


later = FittedLater()
later.fit(train)
reveal_type(later.apply(batch))  # R: Float64[Tensor, "4 5"]
reveal_type(later.mean)  # R: Float64[Tensor, "_"]
