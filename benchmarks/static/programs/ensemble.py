"""An ensemble of networks evaluated at once, its disagreement, and distillation into one student."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, autograd, loss, nn


def predictions(
    x: Float64[Tensor, "b i"],
    w1: Float64[Tensor, "e h i"],
    b1: Float64[Tensor, "e h"],
    w2: Float64[Tensor, "e o h"],
) -> Float64[Tensor, "e b o"]:
    """Of each member: the members are a batch of matrices."""
    hidden: Float64[Tensor, "e b h"] = tl.tanh(x @ w1.mT + b1[:, None, :])
    return tl.softmax(hidden @ w2.mT, axis=2)


def entropy(p: Float64[Tensor, "*s c"]) -> Float64[Tensor, "*s"]:
    """Of distributions along the last axis."""
    return -tl.sum(p * tl.log(p + 1e-9), axis=-1)


def disagreement(members: Float64[Tensor, "e b o"]) -> Float64[Tensor, "b"]:
    """The mutual information between the prediction and the member."""
    average: Float64[Tensor, "b o"] = tl.mean(members, axis=0)
    return entropy(average) - tl.mean(entropy(members), axis=0)


def main(
    e: Dim["e"], b: Dim["b"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[Float64[Tensor, "b"], Float64[Tensor, ""], Float64[Tensor, "b i"]]:
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    w1: Float64[Tensor, "e h i"] = tl.random.normal((e, h, i), seed=1)
    w2: Float64[Tensor, "e o h"] = tl.random.normal((e, o, h), seed=2)
    members: Float64[Tensor, "e b o"] = predictions(x, w1, tl.zeros((e, h)), w2)
    target: Float64[Tensor, "b o"] = tl.mean(members, axis=0)
    student = nn.Seq(nn.linear(i, h), nn.tanh(), nn.linear(h, o))
    small = nn.linear(i, o)
    criterion = loss.cross_entropy_one_hot()

    def distilled(params: Params[student]) -> tuple[Params[student], Float64[Tensor, ""]]:
        value, gradient = autograd.model.value_and_grad_params(student, criterion, params, x, target)
        return params - 0.5 * gradient, value

    params, value = distilled(student.init(seed=3))
    baseline = small.init(seed=4)
    both: Float64[Tensor, "b i"] = autograd.model.grad_x(student, criterion, params, x, target)
    other: Float64[Tensor, "b i"] = autograd.model.grad_x(small, criterion, baseline, x, target)
    return disagreement(members), value, both - other


if __name__ == "__main__":
    print(main(e=3, b=7, i=5, h=11, o=2)[0])
