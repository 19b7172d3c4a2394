"""Training with Adam: the optimiser's state is a dataclass that is replaced, batches come from a generator."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, NamedTuple

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd, loss, nn


class Batch(NamedTuple):
    """Inputs and their targets."""

    x: Float64[Tensor, "b i"]
    y: Float64[Tensor, "b o"]


@dataclass(frozen=True)
class Adam:
    """The moments of the gradient of two layers."""

    first: TensorPack["h i, h, o h, o"]
    second: TensorPack["h i, h, o h, o"]
    step: int = 0

    def update(self, gradient: TensorPack["h i, h, o h, o"]) -> "Adam":
        """The state after one more gradient."""
        first = 0.9 * self.first + 0.1 * gradient
        second = 0.99 * self.second + 0.01 * gradient.map(lambda g: g**2)
        return replace(self, first=first, second=second, step=self.step + 1)

    def direction(self) -> TensorPack["h i, h, o h, o"]:
        """Where to go."""
        return self.first / (self.second.map(tl.sqrt) + 1e-8)


def batches(
    x: Float64[Tensor, "k*b i"], y: Float64[Tensor, "k*b o"], b: Dim["b"]
) -> Iterator[Annotated[Batch, "b i o"]]:
    """All rows, b at a time."""
    k = x.shape[0] // b
    for rows, targets in zip(x.reshape((k, b, -1)), y.reshape((k, b, -1)), strict=True):
        yield Batch(rows, targets)


def main(
    k: Dim["k"], b: Dim["b"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[Float64[Tensor, "b o"], Float64[Tensor, "h i"], Float64[Tensor, ""]]:
    model = nn.Seq(nn.linear(i, h), nn.tanh(), nn.linear(h, o))
    criterion = loss.mse()
    x: Float64[Tensor, "k*b i"] = tl.random.normal((k * b, i), seed=0)
    y: Float64[Tensor, "k*b o"] = tl.random.normal((k * b, o), seed=1)
    start = model.init(seed=2)
    params = start
    state = Adam(params.zeros_like(), params.zeros_like())
    for batch in batches(x, y, b):
        gradient = autograd.model.grad_params(model, criterion, params, batch.x, batch.y)
        state = state.update(gradient)
        params = params - 0.01 * state.direction()
    last = Batch(x.reshape((k, b, i))[-1], y.reshape((k, b, o))[-1])
    moved: Float64[Tensor, "h i"] = params[0] - start[0]
    value: Float64[Tensor, ""] = tl.mean((model(params, last.x) - last.y) ** 2)
    return model(params, last.x) - last.y, moved, value


if __name__ == "__main__":
    print(main(k=2, b=7, i=3, h=5, o=11)[2])
