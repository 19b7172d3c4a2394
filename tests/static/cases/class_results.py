"""The class of a result: of the sizes of a parameter, but where something else among the parameters may say others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


class Batch(NamedTuple):
    x: Float64[Tensor, "b d"]
    y: Float64[Tensor, "b"]

    @tl.checked
    def rows(self, places: Int64[Tensor, "m"]) -> Batch:
        return Batch(tl.take(self.x, places, axis=0), tl.take(self.y, places, axis=0))

    @tl.checked
    def head(self, count: int) -> Batch:
        return Batch(self.x[:count], self.y[:count])

    @tl.checked
    def some(self, places: Sequence[int]) -> Batch:
        return self.rows(tl.tensor(list(places), "int64"))

    @tl.checked
    def repeated(self, k: Dim["k"]) -> Batch:
        return Batch(tl.concat([self.x] * k), tl.concat([self.y] * k))

    @tl.checked
    def scaled(self, factor: float) -> Batch:
        return Batch(factor * self.x, self.y)

    @tl.checked
    def shifted(self, by: Float64[Tensor, "d"], times: int) -> Batch:
        return Batch(self.x + float(times) * by[None, :], self.y)

    @tl.checked
    def joined(self, other: Batch) -> Batch:
        return Batch(tl.concat([self.x, other.x]), tl.concat([self.y, other.y]))


@tl.checked
def sample(batch: Batch, count: int) -> Batch:
    return Batch(batch.x[:count], batch.y[:count])


@tl.checked
def normalised(batch: Batch, eps: float = 1e-6) -> Batch:
    return Batch(batch.x / (tl.std(batch.x, axis=0)[None, :] + eps), batch.y)


@tl.checked
def cut(batch: Batch, count: Dim["m"]) -> Annotated[Batch, "m d"]:
    return Batch(tl.ensure(batch.x[:count], "m d"), tl.ensure(batch.y[:count], "m"))


batch = Batch(tl.ones((4, 3)), tl.ones(4))
reveal_type(batch.scaled(2.0).x)  # R: Float64[Tensor, "4 3"]
reveal_type(batch.shifted(tl.ones(3), 2).x)  # R: Float64[Tensor, "4 3"]
reveal_type(normalised(batch).x)  # R: Float64[Tensor, "4 3"]
reveal_type(cut(batch, 2).x)  # R: Float64[Tensor, "2 3"]
for other in (
    batch.rows(tl.tensor([0, 2], "int64")),
    batch.head(2),
    batch.some([1, 2]),
    batch.repeated(2),
    batch.joined(batch.head(1)),
    sample(batch, 3),
):
    reveal_type(other.x)  # R: Float64[Tensor, "_ _"]
    tl.ones(other.x.shape[0]) @ other.x

batch.shifted(tl.ones(4), 2)  # E: shape: shifted: argument 1 ("by") has shape [4], expected [3]
normalised(batch).x @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4]); did you mean .mT on the left operand?


def wrong(batch: Batch) -> Batch:
    return Batch(batch.x[1:], batch.y[1:])  # E: return-value: wrong: the result is Batch[b-1, d], expected Batch[b, d]; say its sizes where they are others: Annotated[Batch, "b-1 d"]


def swapped(batch: Batch, weights: Float64[Tensor, "d"]) -> Batch:
    return Batch((batch.x * weights[None, :]).mT, weights)  # E: return-value: swapped: the result is Batch[d, b], expected Batch[b, d]; say its sizes where they are others: Annotated[Batch, "d b"]
