"""Multi-head attention with a causal mask, written with reshapes and einsum, in a block with a feed-forward layer."""

from jaxtyping import Bool, Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


def heads(x: Float64[Tensor, "b t h*k"], h: Dim["h"], k: Dim["k"]) -> Float64[Tensor, "b h t k"]:
    """The features as heads."""
    b, t, _ = x.shape
    return tl.permute_dims(x.reshape((b, t, h, k)), (0, 2, 1, 3))


def merged(x: Float64[Tensor, "b h t k"]) -> Float64[Tensor, "b t h*k"]:
    """The heads as features."""
    b, h, t, k = x.shape
    return tl.permute_dims(x, (0, 2, 1, 3)).reshape((b, t, h * k))


def causal(t: Dim["t"]) -> Bool[Tensor, "t t"]:
    """Which keys a query may see."""
    return tl.arange(t)[:, None] >= tl.arange(t)[None, :]


def attend(
    q: Float64[Tensor, "b h t k"],
    key: Float64[Tensor, "b h s k"],
    value: Float64[Tensor, "b h s v"],
    mask: Bool[Tensor, "t s"],
) -> Float64[Tensor, "b h t v"]:
    """Softmax of the scaled scores, over the values."""
    scores: Float64[Tensor, "b h t s"] = tl.einsum("bhtk,bhsk->bhts", q, key) / float(q.shape[3]) ** 0.5
    weights: Float64[Tensor, "b h t s"] = tl.softmax(tl.where(mask[None, None, :, :], scores, -1e9), axis=3)
    return weights @ value


def block(
    x: Float64[Tensor, "b t h*k"],
    qkv: Float64[Tensor, "3*h*k h*k"],
    up: Float64[Tensor, "f h*k"],
    down: Float64[Tensor, "h*k f"],
    h: Dim["h"],
    k: Dim["k"],
) -> Float64[Tensor, "b t h*k"]:
    """Attention and a feed-forward layer, each with a residual connection."""
    q, key, value = tl.split(x @ qkv.T, 3, axis=2)
    mixed: Float64[Tensor, "b h t k"] = attend(heads(q, h, k), heads(key, h, k), heads(value, h, k), causal(x.shape[1]))
    x = x + merged(mixed)
    centred: Float64[Tensor, "b t h*k"] = x - tl.mean(x, axis=2, keepdims=True)
    return x + tl.gelu(centred @ up.T) @ down.T


def main(b: Dim["b"], t: Dim["t"], s: Dim["s"], h: Dim["h"], k: Dim["k"], f: Dim["f"]) -> Float64[Tensor, "b t h*k"]:
    x: Float64[Tensor, "b t h*k"] = tl.random.normal((b, t, h * k), seed=0)
    qkv: Float64[Tensor, "3*h*k h*k"] = 0.1 * tl.random.normal((3 * h * k, h * k), seed=1)
    up: Float64[Tensor, "f h*k"] = 0.1 * tl.random.normal((f, h * k), seed=2)
    down: Float64[Tensor, "h*k f"] = 0.1 * tl.random.normal((h * k, f), seed=3)
    mixed: Float64[Tensor, "b t h*k"] = block(x, qkv, up, down, h, k)
    memory: Float64[Tensor, "b h s k"] = heads(tl.random.normal((b, s, h * k), seed=4), h, k)
    looked: Float64[Tensor, "b h t k"] = attend(heads(mixed, h, k), memory, memory, tl.ones((t, s)) > 0.0)
    return mixed + merged(looked)


if __name__ == "__main__":
    print(main(b=2, t=7, s=13, h=3, k=5, f=11).shape)
