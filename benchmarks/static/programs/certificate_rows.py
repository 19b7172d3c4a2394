"""A Lipschitz certificate from Jacobian rows: each logit's gradient norm bounds how far a perturbation moves it."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Rows, Seq, Tensor, TensorPack, autograd, nn


def rows(
    model: Seq["*b n", "*b m", "h n, h, m h, m"], params: TensorPack["h n, h, m h, m"], x: Float64[Tensor, "n"]
) -> Rows["m", Float64[Tensor, "n"]]:
    """The Jacobian of the logits, a row a class."""
    return autograd.fn.jacrev(lambda z: model(params, z), x)


def radius(jacobian: Float64[Tensor, "m n"], logits: Float64[Tensor, "m"]) -> Float64[Tensor, "m"]:
    """To first order, how far the input must move for another class to win."""
    best: Float64[Tensor, "1"] = tl.max(logits, axis=0, keepdims=True)
    norms: Float64[Tensor, "m"] = tl.sqrt(tl.sum(jacobian * jacobian, axis=1)) + 1e-6
    return (best - logits) / norms


def influence(jacobian: Float64[Tensor, "m n"], direction: Float64[Tensor, "n"]) -> Float64[Tensor, "m"]:
    """How the logits move along a direction."""
    return jacobian @ direction / tl.sqrt(tl.vecdot(direction, direction))


def main(
    b: Dim["b"], n: Dim["n"], h: Dim["h"], m: Dim["m"]
) -> tuple[Float64[Tensor, "m"], Float64[Tensor, "m"], Float64[Tensor, "n"], Float64[Tensor, "m h n"]]:
    model = nn.Seq(nn.linear(n, h), nn.tanh(), nn.linear(h, m))
    params = model.init(seed=0)
    x: Float64[Tensor, "b n"] = tl.random.normal((b, n), seed=1)
    first: Float64[Tensor, "n"] = x[0]
    logits: Float64[Tensor, "m"] = model(params, first)
    jacobian: Float64[Tensor, "m n"] = rows(model, params, first).stacked
    direction: Float64[Tensor, "n"] = tl.sum(jacobian, axis=0)
    pulled: Float64[Tensor, "n"] = autograd.fn.vjp(lambda z: model(params, z), first, tl.softmax(logits))
    by_weight, _, _, _ = autograd.model.jacrev_params(model, params, first).stacked
    moved: Float64[Tensor, "m"] = autograd.fn.jvp(lambda z: model(params, z), first, direction)
    return radius(jacobian, logits), influence(jacobian, direction) - moved, pulled - jacobian.T @ logits, by_weight


if __name__ == "__main__":
    print(main(b=2, n=5, h=7, m=3)[0])
