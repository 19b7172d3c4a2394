"""Sensors read by coroutines, filtered by generators, fused by weights."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


@dataclass
class Reading:
    """What a sensor says, and how sure it is."""

    value: Float64[Tensor, "s d"]
    precision: Float64[Tensor, "s"]


async def sample(s: Dim["s"], d: Dim["d"], seed: int) -> Float64[Tensor, "s d"]:
    """One measurement of all sensors."""
    await asyncio.sleep(0)
    return tl.random.normal((s, d), seed=seed)


async def samples(s: Dim["s"], d: Dim["d"], count: int) -> AsyncIterator[Float64[Tensor, "s d"]]:
    """Several, one after the other."""
    for seed in range(count):
        yield await sample(s, d, seed)


def smoothed(values: Iterator[Float64[Tensor, "s d"]], rate: float) -> Iterator[Float64[Tensor, "s d"]]:
    """An exponential mean of what has come so far."""
    mean: Float64[Tensor, "s d"] | None = None
    for value in values:
        mean = value if mean is None else (1.0 - rate) * mean + rate * value
        yield mean


def fused(value: Float64[Tensor, "s d"], precision: Float64[Tensor, "s"]) -> Float64[Tensor, "d"]:
    """The mean of the sensors, each as much as it is sure."""
    weights: Float64[Tensor, "s"] = precision / tl.sum(precision)
    return weights @ value


def scatter(value: Float64[Tensor, "s d"], centre: Float64[Tensor, "d"]) -> Float64[Tensor, "d d"]:
    """The covariance around a centre."""
    away: Float64[Tensor, "s d"] = value - centre[None, :]
    return away.T @ away / float(value.shape[0])


@contextmanager
def baseline(*values: Float64[Tensor, "s d"]) -> Iterator[Float64[Tensor, "s d"]]:
    """The mean of some measurements, while it is in use."""
    total: Float64[Tensor, "s d"] = values[0]
    for value in values[1:]:
        total = total + value
    yield total / float(len(values))


async def collect(s: Dim["s"], d: Dim["d"]) -> list[Float64[Tensor, "s d"]]:
    """All measurements, and one more."""
    found: list[Float64[Tensor, "s d"]] = [value async for value in samples(s, d, 4)]
    extra: Float64[Tensor, "s d"] = await sample(s, d, 9)
    found.append(extra)
    return found


def main(
    s: Dim["s"], d: Dim["d"]
) -> tuple[Float64[Tensor, "d"], Float64[Tensor, "d d"], Float64[Tensor, "s"], Float64[Tensor, "s d"]]:
    values = asyncio.run(collect(s, d))
    *_, last = smoothed(iter(values), 0.3)
    with baseline(*values) as level:
        reading = Reading(last - level, precision=tl.exp(tl.mean(last, axis=1)))
    state: Float64[Tensor, "d"] = fused(reading.value, reading.precision)
    slope: Float64[Tensor, "s"] = autograd.fn.grad(lambda p: tl.sum(fused(level, p) ** 2), tl.ones(s))
    away = level - state[None, :] if (first := values[0]).ndim == 2 else first
    return state, scatter(last, state), slope + tl.sum(away, axis=1), away


if __name__ == "__main__":
    print(main(s=5, d=3)[0])
