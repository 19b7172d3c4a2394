"""Slices up to a fraction of an axis: ``n//2`` is within ``n`` whatever ``n`` is."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def halves(x: Float64[Tensor, "n d"]) -> tuple[Float64[Tensor, "n//2 d"], Float64[Tensor, "n-n//2 d"]]:
    n = x.shape[0]
    reveal_type(x[: n // 3])  # R: Float64[Tensor, "n//3 d"]
    reveal_type(x[: n // 2 * 2])  # R: Float64[Tensor, "2*(n//2) d"]
    reveal_type(x[: (n + 1) // 2])  # R: Float64[Tensor, "(n+1)//2 d"]
    reveal_type(x[n // 3 : 2 * n // 3])  # R: Float64[Tensor, "(2*n)//3-n//3 d"]
    reveal_type(x[: n // 2 + n // 3])  # R: Float64[Tensor, "n//2+n//3 d"]
    reveal_type(x[: n // 2 : 2])  # R: Float64[Tensor, "(n//2+1)//2 d"]
    reveal_type(x[: n // 4 * 5])  # R: Float64[Tensor, "_ d"]
    return x[: x.shape[0] // 2], x[x.shape[0] // 2 :]


@tl.checked
def beyond(x: Float64[Tensor, "n"]) -> None:
    n = x.shape[0]
    reveal_type(x[: n // 2 + 1])  # R: Float64[Tensor, "_"]
    reveal_type(x[: (n + 2) // 2])  # R: Float64[Tensor, "_"]
    reveal_type(x[n - n // 2 : n // 2 + 1])  # R: Float64[Tensor, "_"]


@tl.checked
def inner(x: Float64[Tensor, "n+2"]) -> Float64[Tensor, "n//2+1"]:
    return x[: x.shape[0] // 2]


class Series:
    def __init__(self, x: Float64[Tensor, "n"]) -> None:
        self.x = x

    def half(self) -> Tensor:
        return self.x[: self.x.shape[0] // 2]


beyond(tl.ones(5))
for size in (0, 1, 2, 5, 6):
    halves(tl.ones((size, 3)))
    inner(tl.ones(size + 2))
halves(tl.ones((7, 3)))[0] @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3, 3]) and 4 (right: [4])
Series(tl.ones(7)).half()
