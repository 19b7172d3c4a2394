"""A classifier trained with autograd.model: a step with weight decay, curvature along it, and a linearised update."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, autograd, loss, nn


def accuracy(scores: Float64[Tensor, "b c"], y: Float64[Tensor, "b c"]) -> Float64[Tensor, ""]:
    """The part of the samples whose highest score is the target's."""
    highest: Float64[Tensor, "b 1"] = tl.max(scores, axis=1, keepdims=True)
    return tl.mean(tl.sum(tl.where(scores == highest, y, 0.0), axis=1))


def main(
    b: Dim["b"], i: Dim["i"], h: Dim["h"], c: Dim["c"]
) -> tuple[float, Float64[Tensor, ""], Float64[Tensor, "b c"], Float64[Tensor, "b i"]]:
    model = nn.Seq(nn.linear(i, h), nn.gelu(), nn.linear(h, c))
    teacher = nn.Seq(nn.linear(i, c), nn.softmax())
    cross_entropy = loss.cross_entropy_one_hot()
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    teacher_params = teacher.init(seed=1)
    y: Float64[Tensor, "b c"] = teacher(teacher_params, x)

    def step(params: Params[model], velocity: Params[model]) -> tuple[Params[model], Params[model]]:
        out = autograd.model.value_and_grads(model, cross_entropy, params, x, y)
        velocity = 0.9 * velocity - 0.1 * (out.dparams + 1e-3 * params)
        return params + velocity, velocity

    params = model.init(seed=2)
    velocity = params.zeros_like()
    for _ in range(3):
        params, velocity = step(params, velocity)
    curvature = autograd.model.hvp_params(model, cross_entropy, params, x, y, velocity)
    slope = autograd.model.jvp_params(model, cross_entropy, params, x, y, velocity)
    weight = params["2.weight"]
    smooth: Float64[Tensor, "b c"] = tl.softmax(model(params, x), axis=1)
    pulled: Float64[Tensor, "b i"] = autograd.model.vjp_input(model, params, x, smooth - y)
    features: Float64[Tensor, "b h"] = tl.gelu(x @ params["0.weight"].T + params["0.bias"][None, :])
    logits: Float64[Tensor, "b c"] = features @ weight.T + params["2.bias"][None, :]
    return slope, curvature.dot(velocity) + accuracy(logits, y), logits - model(params, x), pulled


if __name__ == "__main__":
    print(main(b=11, i=7, h=5, c=3)[0])
