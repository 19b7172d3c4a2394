"""A network of classes: layers are dataclasses with weights, an optimiser holds its state."""

from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd


@dataclass(frozen=True)
class Linear:
    """An affine layer."""

    weight: Float64[Tensor, "m n"]
    bias: Float64[Tensor, "m"]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return x @ self.weight.T + self.bias[None, :]

    def penalty(self) -> Float64[Tensor, ""]:
        """The sum of squares."""
        return tl.sum(self.weight**2) + tl.sum(self.bias**2)


@dataclass(frozen=True)
class Gated:
    """A layer with a gate: two linear maps of one input."""

    value: Float64[Tensor, "m n"]
    gate: Float64[Tensor, "m n"]
    scale: Float64[Tensor, "m"]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        mixed: Float64[Tensor, "b m"] = x @ self.value.T * tl.sigmoid(x @ self.gate.T)
        return mixed * self.scale[None, :]

    def rows(self) -> Float64[Tensor, "2*m n"]:
        """Both matrices."""
        return tl.concat([self.value, self.gate], axis=0)


class Momentum:
    """Gradient descent with momentum."""

    velocity: TensorPack["n d, d"]

    def __init__(self, params: TensorPack["n d, d"]) -> None:
        self.velocity = params.zeros_like()

    def step(self, params: TensorPack["n d, d"], gradient: TensorPack["n d, d"]) -> TensorPack["n d, d"]:
        """The new parameters."""
        self.velocity = 0.9 * self.velocity - 0.1 * gradient
        return params + self.velocity


def main(
    b: Dim["b"], n: Dim["n"], h: Dim["h"], m: Dim["m"]
) -> tuple[Float64[Tensor, "b m"], Float64[Tensor, "m h"], Float64[Tensor, "m"]]:
    x: Float64[Tensor, "b n"] = tl.random.normal((b, n), seed=0)
    gated = Gated(tl.random.normal((h, n), seed=1), tl.random.normal((h, n), seed=2), tl.ones(h))
    weight: Float64[Tensor, "m h"] = tl.random.normal((m, h), seed=3)
    bias: Float64[Tensor, "m"] = tl.zeros(m)
    hidden: Float64[Tensor, "b h"] = gated(x) + tl.mean(gated.rows())
    output: Float64[Tensor, "b m"] = Linear(weight, bias)(hidden)
    slope: Float64[Tensor, "m h"] = autograd.fn.grad(
        lambda w: tl.mean(Linear(w, bias)(hidden) ** 2) + Linear(w, bias).penalty(), weight
    )
    start: TensorPack["h m, m"] = TensorPack.of(weight.T, bias)
    optimiser = Momentum(start)
    after = optimiser.step(start, TensorPack.of(slope.T, tl.mean(output, axis=0)))
    new = Linear(after[0].T, after[1])
    return output, new.weight - weight, tl.mean(new(hidden) - output, axis=0)


if __name__ == "__main__":
    print(main(b=7, n=5, h=3, m=2)[1])
