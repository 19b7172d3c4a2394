"""A two-layer network whose gradients are derived by hand, and compared with autograd's."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd


def forward(params: TensorPack["h i, h, o h, o"], x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]:
    """Logits."""
    w1, b1, w2, b2 = params
    hidden: Float64[Tensor, "b h"] = tl.tanh(x @ w1.T + b1[None, :])
    return hidden @ w2.T + b2[None, :]


def cross_entropy(logits: Float64[Tensor, "b o"], y: Float64[Tensor, "b o"]) -> Float64[Tensor, ""]:
    """Of one-hot targets, averaged over the batch."""
    picked: Float64[Tensor, "b"] = tl.sum(logits * y, axis=1)
    return tl.mean(tl.logsumexp(logits, axis=1) - picked)


def gradients(
    params: TensorPack["h i, h, o h, o"], x: Float64[Tensor, "b i"], y: Float64[Tensor, "b o"]
) -> TensorPack["h i, h, o h, o"]:
    """Backpropagation."""
    hidden: Float64[Tensor, "b h"] = tl.tanh(x @ params[0].T + params[1][None, :])
    logits: Float64[Tensor, "b o"] = hidden @ params[2].T + params[3][None, :]
    delta: Float64[Tensor, "b o"] = (tl.softmax(logits, axis=1) - y) / float(x.shape[0])
    back: Float64[Tensor, "b h"] = (delta @ params[2]) * (1.0 - hidden**2)
    return TensorPack.of(back.T @ x, tl.sum(back, axis=0), delta.T @ hidden, tl.sum(delta, axis=0))


def main(
    b: Dim["b"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[TensorPack["h i, h, o h, o"], Float64[Tensor, "h i"]]:
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=0)
    y: Float64[Tensor, "b o"] = tl.softmax(tl.random.normal((b, o), seed=1), axis=1)
    w1: Float64[Tensor, "h i"] = 0.3 * tl.random.normal((h, i), seed=2)
    w2: Float64[Tensor, "o h"] = 0.3 * tl.random.normal((o, h), seed=3)
    params: TensorPack["h i, h, o h, o"] = TensorPack.of(w1, tl.zeros(h), w2, tl.zeros(o))
    for _ in range(3):
        params = params - 0.1 * gradients(params, x, y)
    first, bias, second, last = params
    check: Float64[Tensor, "h i"] = autograd.fn.grad(
        lambda w: cross_entropy(forward(TensorPack.of(w, bias, second, last), x), y), first
    )
    return params, check - gradients(params, x, y)[0]


if __name__ == "__main__":
    print(main(b=7, i=5, h=3, o=2))
