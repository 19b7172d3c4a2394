"""``functools.cache`` and ``lru_cache`` of functions over tensors, of sizes, of methods and of operations."""

import functools
from functools import cache, cached_property, lru_cache

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor

x, w, v = tl.ones((3, 4)), tl.ones((4, 5)), tl.ones(3)


@lru_cache(maxsize=None)
@tl.checked
def product(a: Float64[Tensor, "n m"], b: Float64[Tensor, "m k"]) -> Float64[Tensor, "n k"]:
    return a @ b


@functools.cache
@tl.checked
def identity(n: Dim["n"]) -> Float64[Tensor, "n n"]:
    return tl.eye(n)


@lru_cache
@tl.checked
def doubled(a: Float64[Tensor, "n"], times: int = 1) -> Float64[Tensor, "2*n"]:
    return tl.concat([a, a])


@cache
def nothing(a: Float64[Tensor, "n"]) -> None:
    return None


reveal_type(product(x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(product(b=w, a=x))  # R: Float64[Tensor, "3 5"]
reveal_type(identity(3))  # R: Float64[Tensor, "3 3"]
reveal_type(identity(x.shape[1]))  # R: Float64[Tensor, "4 4"]
reveal_type(doubled(v, times=2))  # R: Float64[Tensor, "6"]
reveal_type(product(*(x, w)))  # R: Float64[Tensor, "3 5"]
nothing(v)
product(x, x)  # E: shape: product: dimension "m" is 4 in argument 1 ("a"), [n=3, m=4], but 3 in argument 2 ("b"), [m=3, k=4]; did you mean .mT on argument 2 ("b")?
identity(3) + tl.ones((4, 4))  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3, 3], right: [4, 4]); broadcasting is explicit: only an axis of size 1 stretches
doubled(x)  # E: shape: doubled: argument 1 ("a") has shape [3, 4], expected [n]
doubled(v)[:, None] @ x  # E: shape: matmul: inner dimensions differ: 1 (left: [6, 1]) and 3 (right: [3, 4])
hyperbolic = lru_cache(maxsize=8)(tl.tanh)
reveal_type(hyperbolic(x))  # R: Float64[Tensor, "3 4"]


class Kernel:
    @tl.checked
    def __init__(self, w: Float64[Tensor, "n m"]) -> None:
        self.w = w

    @cache
    def gram(self) -> Float64[Tensor, "n n"]:
        return self.w @ self.w.T

    @lru_cache
    @tl.checked
    def outer(self, a: Float64[Tensor, "k"]) -> Float64[Tensor, "n k"]:
        reveal_type(self.gram())  # R: Float64[Tensor, "n n"]
        return self.w[:, :1] * a[None, :]

    @staticmethod
    @cache
    @tl.checked
    def twice(a: Float64[Tensor, "k"]) -> Float64[Tensor, "k"]:
        return a + a

    @classmethod
    @cache
    @tl.checked
    def thrice(cls, a: Float64[Tensor, "k"]) -> Float64[Tensor, "k"]:
        return a + a + a

    @cached_property
    def columns(self) -> Float64[Tensor, "m n"]:
        return self.w.T


kernel = Kernel(x)
reveal_type(kernel.gram())  # R: Float64[Tensor, "3 3"]
reveal_type(kernel.outer(tl.ones(7)))  # R: Float64[Tensor, "3 7"]
reveal_type(kernel.twice(v))  # R: Float64[Tensor, "3"]
reveal_type(Kernel.twice(v))  # R: Float64[Tensor, "3"]
reveal_type(kernel.thrice(v))  # R: Float64[Tensor, "3"]
reveal_type(Kernel.thrice(v))  # R: Float64[Tensor, "3"]
reveal_type(kernel.columns)  # R: Float64[Tensor, "4 3"]
kernel.gram() @ x.T  # E: shape: matmul: inner dimensions differ: 3 (left: [3, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?
kernel.outer(x)  # E: shape: outer: argument 1 ("a") has shape [3, 4], expected [k]
Kernel.thrice(x)  # E: shape: thrice: argument 1 ("a") has shape [3, 4], expected [k]
kernel.columns @ w  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4, 5]); did you mean .mT on the left operand?
