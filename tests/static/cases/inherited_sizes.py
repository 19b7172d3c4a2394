"""A class whose constructor calls its base's with other names: what the base's names are in it, the call tells."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


@tl.checked
class Layer:
    def __init__(self, w: Float64[Tensor, "o i"], b: Float64[Tensor, "o"]) -> None:
        self.w = w
        self.b = b

    def __call__(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        return x @ self.w.mT + self.b[None]


class Square(Layer):
    def __init__(self, a: Float64[Tensor, "k k"]) -> None:
        super().__init__(a, tl.zeros(a.shape[0]))
        self.a = a

    @tl.checked
    def twice(self, x: Float64[Tensor, "n k"]) -> Float64[Tensor, "n k"]:
        return self(self(x))


class Wide(Layer):
    def __init__(self, hidden: Dim["h"], features: Dim["f"]) -> None:
        super().__init__(tl.ones((hidden, features)), tl.zeros(hidden))
        self.scale = tl.ones(hidden)


class Scaled(Layer):
    scale: Float64[Tensor, "c"]

    def __init__(self, w: Float64[Tensor, "c d"], scale: Float64[Tensor, "c"]) -> None:
        super().__init__(w, tl.zeros(w.shape[0]))
        self.scale = scale

    @tl.checked
    def __call__(self, x: Float64[Tensor, "n d"]) -> Float64[Tensor, "n c"]:
        return super().__call__(x) * self.scale[None]


class Explicit(Layer):
    def __init__(self, w: Float64[Tensor, "c d"]) -> None:
        Layer.__init__(self, b=tl.zeros(w.shape[0]), w=w)


class Fixed(Layer):
    def __init__(self, size: float) -> None:
        super().__init__(size * tl.ones((3, 4)), tl.zeros(3))

    @tl.checked
    def __call__(self, x: Float64[Tensor, "n 4"]) -> Float64[Tensor, "n 3"]:
        return super().__call__(x)


class Made(Layer):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(tl.ones((outputs, inputs)), tl.zeros(outputs))


class Same(Layer):
    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        super().__init__(w, tl.zeros(w.shape[0]))

    def rows(self) -> Float64[Tensor, "o"]:
        return self.w.sum(axis=1)


class Turned(Layer):
    def __init__(self, w: Float64[Tensor, "i o"]) -> None:
        super().__init__(w.mT, tl.zeros(w.shape[1]))


@dataclass
class Located:
    mean: Float64[Tensor, "n"]


class Fitted(Located):
    def __init__(self, x: Float64[Tensor, "rows columns"]) -> None:
        super().__init__(tl.mean(x, axis=0))
        self.count = x.shape[0]

    @tl.checked
    def centred(self, x: Float64[Tensor, "b columns"]) -> Float64[Tensor, "b columns"]:
        return x - self.mean[None]


class Kernel:
    def __init__(self, points: Float64[Tensor, "n d"]) -> None:
        self.points = points

    def gram(self) -> Float64[Tensor, "n n"]:
        return self.points @ self.points.mT


class Rbf(Kernel):
    def __init__(self, data: Float64[Tensor, "m d"], scale: Float64[Tensor, "d"]) -> None:
        scaled = data * scale[None]
        super().__init__(scaled)
        self.scale = scale


square = Square(tl.eye(3))
reveal_type(square.w)  # R: Float64[Tensor, "3 3"]
reveal_type(square(tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(square.twice(tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(Wide(5, 4)(tl.ones((2, 4))))  # R: Float64[Tensor, "2 5"]
reveal_type(Scaled(tl.ones((3, 4)), tl.ones(3))(tl.ones((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(Explicit(tl.ones((3, 4)))(tl.ones((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(Fixed(2.0)(tl.ones((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(Made(4, 3)(tl.ones((2, 4))))  # R: Float64[Tensor, "2 _"]
reveal_type(Same(tl.ones((3, 4))).rows())  # R: Float64[Tensor, "3"]
reveal_type(Turned(tl.ones((4, 3)))(tl.ones((2, 4))))  # R: Float64[Tensor, "2 3"]
reveal_type(Fitted(tl.ones((4, 5))).centred(tl.ones((2, 5))))  # R: Float64[Tensor, "2 5"]
reveal_type(Rbf(tl.ones((4, 3)), tl.ones(3)).gram())  # R: Float64[Tensor, "4 4"]
reveal_type(Rbf(tl.ones((4, 3)), tl.ones(3)).scale)  # R: Float64[Tensor, "3"]


def wrong_calls() -> None:
    square(tl.ones((2, 4)))  # E: shape: Layer: argument 1 ("x") has shape [2, 4], expected [n, 3]
    Turned(tl.ones((4, 3)))(tl.ones((2, 3)))  # E: shape: Layer: argument 1 ("x") has shape [2, 3], expected [n, 4]


class Wrong(Layer):
    def __init__(self, w: Float64[Tensor, "c d"]) -> None:
        super().__init__(w, tl.zeros(w.shape[1]))  # E: arg-type: Layer: argument 2 has shape [d], expected [c]
        self.ones = tl.ones(w.shape[1])


# a base says by a field that a name is the class's
class Density:
    features: Dim["d"]

    def log_prob(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b"]:
        raise NotImplementedError

    def score(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
        return autograd.fn.grad(lambda z: tl.sum(self.log_prob(z)), x)


@dataclass
class Normal(Density):
    mean: Float64[Tensor, "d"]

    def log_prob(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b"]:
        return -0.5 * tl.sum((x - self.mean[None, :]) ** 2, axis=1)


class AnyDensity:
    def log_prob(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b"]:
        raise NotImplementedError


@dataclass
class OfOneSize(AnyDensity):
    mean: Float64[Tensor, "d"]

    def log_prob(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b"]:  # E: override: Argument 1 of "log_prob" is incompatible with supertype "AnyDensity"; supertype defines the argument type as "Float64[Tensor, 'b d']"
        return -0.5 * tl.sum((x - self.mean[None, :]) ** 2, axis=1)


reveal_type(Normal(tl.ones(3)).score(tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]


def of_another_size() -> None:
    Normal(tl.ones(3)).score(tl.ones((2, 4)))  # E: shape: score: argument 1 ("x") has shape [2, 4], expected [b, 3]
