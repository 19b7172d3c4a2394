"""Names in the packs, models and rows that a class holds are the class's, as those in its tensors are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Rows, Tensor, TensorPack, autograd, nn


@dataclass(frozen=True)
class Momentum:
    velocity: TensorPack["h i, h"]
    rate: float = 0.1

    @tl.checked
    def step(self, gradient: TensorPack["h i, h"]) -> Momentum:
        return replace(self, velocity=0.9 * self.velocity + gradient)

    @tl.checked
    def direction(self) -> TensorPack["h i, h"]:
        return self.rate * self.velocity

    @tl.checked
    def bias(self) -> Float64[Tensor, "h"]:
        return self.velocity[1]


@tl.checked
@dataclass
class Sensitivity:
    rows: Rows["m", Float64[Tensor, "i"]]
    scale: Float64[Tensor, "m"]

    @tl.checked
    def gram(self) -> Float64[Tensor, "m m"]:
        return self.rows.stacked @ self.rows.stacked.T * self.scale[:, None]


layer, other = nn.linear(3, 5), nn.linear(4, 5)
state = Momentum(layer.init(seed=0))
reveal_type(state.velocity)  # R: TensorPack["5 3, 5"]
reveal_type(state.step(layer.init(seed=1)).direction())  # R: TensorPack["5 3, 5"]
reveal_type(state.bias())  # R: Float64[Tensor, "5"]
rows = autograd.fn.jacrev(lambda x: layer(layer.init(seed=0), x), tl.ones(3))
reveal_type(Sensitivity(rows, tl.ones(5)).gram())  # R: Float64[Tensor, "5 5"]

state.step(other.init(seed=0))  # E: shape: step: entry 0 ("0.weight") of argument 1 ("gradient") has shape [5, 4], expected [5, 3]
state.bias() @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 5 (left: [5]) and 3 (right: [3])
Sensitivity(rows, tl.ones(3))  # E: shape: Sensitivity: dimension "m" is 5 in the number of rows of argument 1 ("rows") but 3 in argument 2 ("scale")
