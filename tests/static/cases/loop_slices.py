"""A slice ``i : i + 1`` has one item where a loop says that ``i`` is within the axis, as in gradients of each sample."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


@tl.checked
def gradients(
    x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"], w: Float64[Tensor, "d"]
) -> tuple[Float64[Tensor, "n d"], Float64[Tensor, "n d"]]:
    def loss(w: Float64[Tensor, "d"], x: Float64[Tensor, "1 d"], y: Float64[Tensor, "1"]) -> Float64[Tensor, ""]:
        return tl.sum((x @ w - y) ** 2)

    each = []
    for i in range(x.shape[0]):
        xi, yi = x[i : i + 1], y[i : i + 1]
        reveal_type(xi)  # R: Float64[Tensor, "1 d"]
        each.append(autograd.fn.grad(lambda v: loss(v, xi, yi), w))
    for i in range(len(y) - 1):
        loss(w, x[i : i + 1], y[i : i + 1])
    rows = tl.concat([x[i : i + 1] for i in range(len(x))], axis=0)
    return tl.stack(each, axis=0), rows


@tl.checked
def columns(x: Float64[Tensor, "n 4"], n: Dim["n"]) -> Float64[Tensor, "n 4"]:
    for j in range(1, 3):
        reveal_type(x[:, j : j + 1])  # R: Float64[Tensor, "n 1"]
        reveal_type(x[None, :, j : j + 1, None])  # R: Float64[Tensor, "1 n 1 1"]
    for k in range(5):
        reveal_type(x[:, k : k + 1])  # R: Float64[Tensor, "n _"]
    for m in range(n):
        m = m + 1
        reveal_type(x[m : m + 1])  # R: Float64[Tensor, "_ 4"]
    return x


x = tl.ones((3, 4))
for i in range(3):
    reveal_type(x[i : i + 1])  # R: Float64[Tensor, "1 4"]
    x[i : i + 1] @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [1, 4]) and 3 (right: [3])
gradients(x, tl.ones(3), tl.ones(4))
columns(x, 3)
