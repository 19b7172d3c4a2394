"""Signal processing in a functional style: folds, maps, partial application, decorators, cached matrices."""

from collections.abc import Callable
from functools import cache, partial, reduce, wraps
from typing import ParamSpec, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd

P = ParamSpec("P")
R = TypeVar("R")


def counted(f: Callable[P, R]) -> Callable[P, R]:
    """A function that says how often it was called."""

    @wraps(f)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        calls.append(f.__name__)
        return f(*args, **kwargs)

    return call


calls: list[str] = []


@cache
def cosines(n: Dim["n"], m: Dim["m"]) -> Float64[Tensor, "n m"]:
    """The first waves, sampled."""
    place: Float64[Tensor, "n 1"] = tl.arange(n, dtype="float64")[:, None]
    return tl.cos(place * tl.arange(m, dtype="float64")[None, :])


def smoothed(strength: float, x: Float64[Tensor, "c n"]) -> Float64[Tensor, "c n"]:
    """Each sample drawn towards the mean of its channel."""
    return (1.0 - strength) * x + strength * tl.mean(x, axis=1, keepdims=True)


@counted
def spectrum(x: Float64[Tensor, "c n"], basis: Float64[Tensor, "n m"]) -> Float64[Tensor, "c m"]:
    """The coefficients of all channels."""
    return x @ basis


@counted
def synthesis(coefficients: Float64[Tensor, "c m"], basis: Float64[Tensor, "n m"]) -> Float64[Tensor, "c n"]:
    """Channels from their coefficients."""
    return coefficients @ basis.T


def compose(
    stages: list[Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "c n"]]], x: Float64[Tensor, "c n"]
) -> Float64[Tensor, "c n"]:
    """One stage after the other."""
    return reduce(lambda value, stage: stage(value), stages, x)


def energies(x: Float64[Tensor, "c n"]) -> list[Float64[Tensor, ""]]:
    """Of each channel."""
    return [row @ row for row in x]


def main(
    c: Dim["c"], n: Dim["n"], m: Dim["m"]
) -> tuple[Float64[Tensor, "c m"], Float64[Tensor, "c n"], Float64[Tensor, "c"], Float64[Tensor, "n m"]]:
    x: Float64[Tensor, "c n"] = tl.random.normal((c, n), seed=0)
    basis: Float64[Tensor, "n m"] = cosines(n, m)
    soft = partial(smoothed, 0.5)
    clean: Float64[Tensor, "c n"] = compose([soft, tl.tanh, lambda y: y - soft(y)], x)
    coefficients: Float64[Tensor, "c m"] = spectrum(clean, basis)
    back: Float64[Tensor, "c n"] = synthesis(coefficients, basis)
    power: Float64[Tensor, "c"] = tl.stack([row @ row for row in back], axis=0)
    levels = [level * weight for level, weight in zip(energies(x), power, strict=True)]
    total: Float64[Tensor, ""] = reduce(tl.add, levels)
    slope: Float64[Tensor, "n m"] = autograd.fn.grad(
        lambda q: tl.mean((synthesis(spectrum(clean, q), q) - x) ** 2), basis
    )
    rows: Float64[Tensor, "c n"] = tl.stack(list(map(tl.negative, back)), axis=0)
    return coefficients, rows + clean, power / total, slope


if __name__ == "__main__":
    print(main(c=3, n=7, m=5)[2])
