"""A tensor of ``*b n`` whose rank is found to be 1: ``*b`` is no axes from there on."""

import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor


@tl.checked
def norm(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return tl.sqrt((x * x).sum())


@tl.checked
def scaled(
    x: Float64[Tensor, "*b n"], y: Float64[Tensor, "*b n"], w: Float64[Tensor, "n n"]
) -> Float64[Tensor, "*b n"]:
    if x.ndim == 1:
        z = x + y
        held: Float64[Tensor, "*b n"] = w @ x
        reveal_type(y * 2.0)  # R: Float64[Tensor, "n"]
        return w @ z + held / norm(x)
    return x + y


@tl.checked
def reduced(x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b"]:
    if len(x.shape) == 1:
        return x.sum()
    return x.sum(axis=-1)


@tl.checked
def asserted(x: Float64[Tensor, "*b n m"]) -> Float64[Tensor, "*b n m"]:
    assert x.ndim == 2
    return tl.ones((x.shape[0], x.shape[1])) + x


@tl.checked
def otherwise(x: Float64[Tensor, "*b n k"]) -> Float64[Tensor, "*b n"]:
    y = x.sum(axis=-1)
    if y.ndim != 1:
        return y
    return tl.tanh(y) * y


x = tl.ones((2, 3))
for one in (scaled(x, x, tl.eye(3)), scaled(x[0], x[0], tl.eye(3)), asserted(x), otherwise(x), otherwise(x[None])):
    reduced(one)


def wrong(x: Float64[Tensor, "*b n"], y: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    if x.ndim == 1:
        return x[None]  # E: return-value: wrong: the result has shape [1, n], expected [n]
    if y.ndim == 1:
        y.mT  # E: shape: matrix_transpose: needs at least two axes (operand: [n])
    return x.sum()  # E: return-value: wrong: the result has shape [], expected [*b, n]
