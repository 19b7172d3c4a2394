"""Overloads whose results have sizes that are made of others: n*m, n+1, (n+2*p-k)//s+1."""

from typing import Literal, overload

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@overload
def unfold(t: Float64[Tensor, "i j k"], mode: Literal[0]) -> Float64[Tensor, "i j*k"]: ...
@overload
def unfold(t: Float64[Tensor, "i j k"], mode: Literal[1]) -> Float64[Tensor, "j i*k"]: ...
def unfold(t: Float64[Tensor, "i j k"], mode: Literal[0, 1]) -> Tensor:
    i, j, k = t.shape
    return t.reshape((i, j * k)) if mode == 0 else tl.permute_dims(t, (1, 0, 2)).reshape((j, i * k))


@overload
def padded(x: Float64[Tensor, "*b n"], by: None = ...) -> Float64[Tensor, "*b n+1"]: ...
@overload
def padded(x: Float64[Tensor, "*b n"], by: Dim["k"]) -> Float64[Tensor, "*b n+k"]: ...
def padded(x: Tensor, by: int | None = None) -> Tensor:
    return tl.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, 1 if by is None else by)])


@overload
def spread(x: Float64[Tensor, "n"]) -> Float64[Tensor, "2*n"]: ...
@overload
def spread(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n*m"]: ...
def spread(x: Tensor) -> Tensor:
    return tl.concat([x, x]) if x.ndim == 1 else x.flatten()


t = tl.ones((5, 4, 6))
reveal_type(unfold(t, 0))  # R: Float64[Tensor, "5 24"]
reveal_type(unfold(t, mode=1))  # R: Float64[Tensor, "4 30"]
unfold(t, 0) @ tl.ones(20)  # E: shape: matmul: inner dimensions differ: 24 (left: [5, 24]) and 20 (right: [20])
reveal_type(padded(t))  # R: Float64[Tensor, "5 4 7"]
reveal_type(padded(t, 3))  # R: Float64[Tensor, "5 4 9"]
reveal_type(spread(tl.ones(3)))  # R: Float64[Tensor, "6"]
reveal_type(spread(tl.ones((3, 4))))  # R: Float64[Tensor, "12"]


def gram(t: Float64[Tensor, "i j k"], u: Tensor, flag: bool) -> Float64[Tensor, "i i"]:
    reveal_type(unfold(u, 0))  # R: Float64[Tensor, "..."]
    reveal_type(spread(u))  # R: Float64[Tensor, "..."]
    reveal_type(spread(t[0] if flag else t[0, 0]))  # R: Float64[Tensor, "j*k"] | Float64[Tensor, "2*k"]
    return unfold(t, 0) @ unfold(t, 1).T  # E: shape: matmul: inner dimensions differ: j*k (left: [i, j*k]) and i*k (right: [i*k, j])


@overload
def repeated(x: Float64[Tensor, "n"], times: Dim["k"]) -> Float64[Tensor, "k n"]: ...
@overload
def repeated(x: Float64[Tensor, "n m"], times: Dim["k"]) -> Float64[Tensor, "k*n m"]: ...
def repeated(x: Tensor, times: int) -> Tensor:
    return tl.stack([x] * times) if x.ndim == 1 else tl.concat([x] * times)


def of_sizes(x: Float64[Tensor, "n m"], k: int) -> None:
    reveal_type(repeated(x, 2))  # R: Float64[Tensor, "2*n m"]
    reveal_type(repeated(x[0], 2))  # R: Float64[Tensor, "2 m"]
    reveal_type(repeated(x[0], times=x.shape[0]))  # R: Float64[Tensor, "n m"]
    reveal_type(repeated(x, k))  # R: Float64[Tensor, "_ m"]
    repeated(x, "2")  # E: call-overload: No overload variant of "repeated" matches argument types "Float64[Tensor, 'n m']", "str"
    repeated(x[None], 2)  # E: arg-type: repeated: argument 1 has shape [1, n, m], expected [_]
