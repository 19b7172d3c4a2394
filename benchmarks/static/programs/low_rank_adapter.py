"""Low-rank adapters: a frozen model's weights with trainable updates, merged, and compared with full fine-tuning."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd, nn


def adapted(
    weight: Float64[Tensor, "m n"], a: Float64[Tensor, "r n"], b: Float64[Tensor, "m r"], alpha: float
) -> Float64[Tensor, "m n"]:
    """The weight with its update."""
    return weight + alpha / float(a.shape[0]) * (b @ a)


def forward(
    x: Float64[Tensor, "k n"],
    frozen: TensorPack["h n, h, m h, m"],
    first: tuple[Float64[Tensor, "r n"], Float64[Tensor, "h r"]],
    second: tuple[Float64[Tensor, "r h"], Float64[Tensor, "m r"]],
) -> Float64[Tensor, "k m"]:
    """The network with both layers adapted, without forming the products."""
    w1, b1, w2, b2 = frozen
    hidden: Float64[Tensor, "k h"] = tl.gelu(x @ w1.T + (x @ first[0].T) @ first[1].T + b1[None, :])
    return hidden @ w2.T + (hidden @ second[0].T) @ second[1].T + b2[None, :]


def merged(
    frozen: TensorPack["h n, h, m h, m"],
    first: tuple[Float64[Tensor, "r n"], Float64[Tensor, "h r"]],
    second: tuple[Float64[Tensor, "r h"], Float64[Tensor, "m r"]],
) -> TensorPack["h n, h, m h, m"]:
    """Plain parameters that do the same."""
    scale = float(first[0].shape[0])
    w1: Float64[Tensor, "h n"] = adapted(frozen[0], first[0], first[1], scale)
    w2: Float64[Tensor, "m h"] = adapted(frozen[2], second[0], second[1], scale)
    return TensorPack.of(w1, frozen[1], w2, frozen[3])


def main(
    k: Dim["k"], n: Dim["n"], h: Dim["h"], m: Dim["m"], r: Dim["r"]
) -> tuple[Float64[Tensor, "k m"], Float64[Tensor, "h r"], Float64[Tensor, ""]]:
    model = nn.Seq(nn.linear(n, h), nn.gelu(), nn.linear(h, m))
    frozen = model.init(seed=0)
    x: Float64[Tensor, "k n"] = tl.random.normal((k, n), seed=1)
    y: Float64[Tensor, "k m"] = tl.random.normal((k, m), seed=2)
    first: tuple[Float64[Tensor, "r n"], Float64[Tensor, "h r"]] = tl.random.normal((r, n), seed=3), tl.zeros((h, r))
    second: tuple[Float64[Tensor, "r h"], Float64[Tensor, "m r"]] = tl.random.normal((r, h), seed=4), tl.zeros((m, r))
    slope: Float64[Tensor, "h r"] = autograd.fn.grad(
        lambda b: tl.mean((forward(x, frozen, (first[0], b), second) - y) ** 2), first[1]
    )
    tuned = first[0], first[1] - 0.1 * slope
    difference: Float64[Tensor, "k m"] = model(merged(frozen, tuned, second), x) - forward(x, frozen, tuned, second)
    full: Float64[Tensor, "m n"] = autograd.fn.grad(lambda w: tl.mean((x @ w.T - y) ** 2), tl.zeros((m, n)))
    return difference, slope, tl.trace(full @ full.T)


if __name__ == "__main__":
    print(main(k=7, n=5, h=11, m=3, r=2)[1])
