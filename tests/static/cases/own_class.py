"""A method that makes an object of its own class, by ``cls``, ``type(self)`` or ``self.__class__``: of any sizes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, NamedTuple, Self

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@dataclass
class Gaussian:
    mean: Float64[Tensor, "n"]
    cov: Float64[Tensor, "n n"]

    @classmethod
    @tl.checked
    def fit(cls, x: Float64[Tensor, "m d"]) -> Gaussian:
        mean = tl.mean(x, axis=0)
        centred = x - mean[None]
        return cls(mean, centred.mT @ centred)

    @classmethod
    @tl.checked
    def unit(cls, k: Dim["k"]) -> Self:
        made = cls(tl.zeros(k), tl.eye(k))
        reveal_type(made.cov)  # R: Float64[Tensor, "k k"]
        return made

    @classmethod
    def three(cls) -> Self:
        return cls.unit(3)

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        return cls(tl.zeros(2), tl.eye(2)), cls.unit(3)

    @classmethod
    @tl.checked
    def isotropic(cls, mean: Float64[Tensor, "n"], scale: float) -> Gaussian:
        return cls(mean, scale * tl.eye(mean.shape[0]))

    def scaled(self, by: float) -> Self:
        return type(self)(by * self.mean, by * by * self.cov)

    def moved(self, by: Float64[Tensor, "n"]) -> Gaussian:
        return self.__class__(self.mean + by, self.cov)

    def pushed(self, a: Float64[Tensor, "m n"]) -> Annotated[Gaussian, "m"]:
        return type(self)(a @ self.mean, a @ self.cov @ a.mT)

    def head(self, count: int) -> Gaussian:
        return type(self)(self.mean[:count], self.cov[:count, :count])


class Row(NamedTuple):
    values: Float64[Tensor, "n"]

    @classmethod
    @tl.checked
    def first(cls, x: Float64[Tensor, "rows columns"]) -> Row:
        return cls(x[0])

    @classmethod
    @tl.checked
    def last(cls, x: Float64[Tensor, "rows columns"]) -> Self:
        return cls(x[-1])


class Layer:
    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w

    @classmethod
    def ones(cls, outputs: Dim["a"], inputs: Dim["b"]) -> Self:
        return cls(tl.ones((outputs, inputs)))

    def copied(self, do: bool) -> Self | None:
        return type(self)(1.0 * self.w) if do else None


class Sub(Layer):
    @classmethod
    def square(cls, size: Dim["k"]) -> Self:
        layer = cls.ones(size, size)
        print((layer.w + tl.ones((size, size))).shape)
        return layer


class Prior(ABC):
    location: Float64[Tensor, "n"]

    def __init__(self, location: Float64[Tensor, "n"]) -> None:
        self.location = location

    @abstractmethod
    def sample(self) -> Float64[Tensor, "n"]: ...

    def again(self) -> Self:
        return type(self)(self.location)


class Fixed(Prior):
    def sample(self) -> Float64[Tensor, "n"]:
        return self.location


g = Gaussian.isotropic(tl.ones(2), 2.0)
reveal_type(Gaussian.fit(tl.ones((5, 3))).mean)  # R: Float64[Tensor, "_"]
reveal_type(Gaussian.three().mean)  # R: Float64[Tensor, "_"]
Gaussian.unit(4).mean + tl.ones(4)
Gaussian.pair()[1].mean + tl.ones(3)
reveal_type(g.scaled(2.0).cov)  # R: Float64[Tensor, "2 2"]
h = Gaussian(tl.ones(3), tl.eye(3))
reveal_type(h.scaled(2.0).cov)  # R: Float64[Tensor, "3 3"]
reveal_type(h.moved(tl.ones(3)).cov)  # R: Float64[Tensor, "3 3"]
reveal_type(h.pushed(tl.ones((2, 3))).mean)  # R: Float64[Tensor, "2"]
reveal_type(h.unit(2).mean)  # R: Float64[Tensor, "_"]
reveal_type(h.three().mean)  # R: Float64[Tensor, "_"]
reveal_type(g.pair()[1].mean)  # R: Float64[Tensor, "_"]
h.head(2).mean + tl.ones(2)
Row.first(tl.ones((2, 3))).values + tl.ones(3)
Row.last(tl.ones((2, 3))).values + tl.ones(3)
if (copied := Layer(tl.ones((2, 3))).copied(True)) is not None:
    reveal_type(copied.w)  # R: Float64[Tensor, "2 3"]
(Layer.ones(2, 3).w + tl.ones((2, 3))).shape
Sub.square(3)
Fixed(tl.ones(3)).again().sample()


class Wrong(NamedTuple):
    mean: Float64[Tensor, "n"]
    cov: Float64[Tensor, "n n"]

    @classmethod
    def fit(cls, x: Float64[Tensor, "m d"]) -> Wrong:
        return cls(tl.mean(x, axis=0), x @ x.mT)  # E: shape: Wrong: dimension "n" is d in argument 1 ("mean") but m in argument 2 ("cov"), [n=m, n=m]

    @classmethod
    def unit(cls, k: Dim["k"]) -> Self:
        made = cls(tl.zeros(k), tl.eye(k))
        made.mean + tl.zeros(k + 1)  # E: shape-broadcast: add: axis 0 differs: k and k+1 (left: [k], right: [k+1]); broadcasting is explicit: only an axis of size 1 stretches
        return made

    def other(self, a: Float64[Tensor, "k k"]) -> Self:
        return type(self)(a[0], a)  # E: return-value: other: the result is Wrong[k], expected Self; Self has the sizes of self: Annotated[Wrong, "k"] says others
