"""Layers of one's own among the library's, trained with a typed step, pruned, and certified row by row."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Rows, Seq, Tensor, TensorPack, autograd, loss, nn


def standardised(x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    """Each sample with mean 0 and deviation 1 over its features."""
    centred: Float64[Tensor, "*b n"] = x - tl.mean(x, axis=-1, keepdims=True)
    return centred / tl.sqrt(tl.mean(centred**2, axis=-1, keepdims=True) + 1e-5)


def scaled(params: TensorPack["h"], x: Float64[Tensor, "b h"]) -> Float64[Tensor, "b h"]:
    """Each feature by a factor of its own."""
    return x * params[0][None, :]


def bilinear(params: TensorPack["m h, m h"], x: Float64[Tensor, "b h"]) -> Float64[Tensor, "b m"]:
    """The product of two linear maps."""
    left, right = params
    return (x @ left.T) * (x @ right.T)


def penalised(p: Float64[Tensor, "b m"], t: Float64[Tensor, "b m"]) -> Float64[Tensor, ""]:
    """The squared error, and a little of the output's size."""
    return tl.mean((p - t) ** 2) + 0.1 * tl.mean(p**2)


def encoder(i: Dim["i"], h: Dim["h"]) -> Seq["*b i", "*b h", "h i, h"]:
    """From inputs to features."""
    return nn.Seq(nn.linear(i, h), nn.tanh())


def gram(rows: Rows["m", Float64[Tensor, "i"]]) -> Float64[Tensor, "m m"]:
    """The inner products of the rows of a Jacobian."""
    stacked: Float64[Tensor, "m i"] = rows.stacked
    return stacked @ stacked.T


def bound(rows: Rows["m", Float64[Tensor, "i"]], radius: Float64[Tensor, "i"]) -> Float64[Tensor, "m"]:
    """How much each output can move, to first order."""
    return tl.stack([tl.sum(tl.abs(row) * radius) for row in rows], axis=0)


def main(
    b: Dim["b"], i: Dim["i"], h: Dim["h"], m: Dim["m"]
) -> tuple[Float64[Tensor, "b m"], Float64[Tensor, "m"], Float64[Tensor, "m m"], Float64[Tensor, "b i"]]:
    base = nn.Seq(encoder(i, h), nn.layer(standardised), nn.residual(nn.linear(h, h)))
    model = nn.Seq(base, nn.linear(h, m))
    criterion, penalty = loss.mse(), loss.OutputLoss(penalised)
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    y: Float64[Tensor, "b m"] = tl.random.normal((b, m), seed=1)

    def step(params: Params[model], rate: float) -> Params[model]:
        found = autograd.model.value_and_grads(model, criterion, params, x, y)
        return params - rate * found.dparams

    params = model.init(seed=2)
    for rate in (0.1, 0.05):
        params = step(params, rate)
    features: Float64[Tensor, "b h"] = base(base.init(seed=3), x)
    pair = TensorPack.of(tl.random.normal((m, h), seed=4), tl.random.normal((m, h), seed=5))
    mixed: Float64[Tensor, "b m"] = bilinear(pair, scaled(TensorPack.of(tl.exp(features[0])), features))
    output: Float64[Tensor, "b m"] = model(params, x)
    scored: Float64[Tensor, "b m"] = output - tl.log(penalty(output, y))
    seed: Float64[Tensor, "b m"] = output - y
    pulled: Float64[Tensor, "b i"] = autograd.model.vjp_input(model, params, x, seed)
    rows = autograd.fn.jacrev(lambda z: model(params, z), x[0])
    return mixed + scored, bound(rows, tl.ones(i)), gram(rows), pulled


if __name__ == "__main__":
    print(main(b=7, i=3, h=5, m=2)[1])
