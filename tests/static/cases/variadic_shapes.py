"""The shape of a tensor with any number of axes, as a value: x.shape, its slices and what is made of them."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def zeros_as(x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    reveal_type(tl.ones(x.shape) + tl.full(x.shape, 2.0))  # R: Float64[Tensor, "*s"]
    reveal_type(tl.random.normal(x.shape, seed=0))  # R: Float64[Tensor, "*s"]
    reveal_type(tl.broadcast_to(tl.tensor(1.0), x.shape))  # R: Float64[Tensor, "*s"]
    reveal_type(x.reshape(x.shape))  # R: Float64[Tensor, "*s"]
    return tl.zeros(x.shape)


@tl.checked
def longer(x: Float64[Tensor, "*s"]) -> Float64[Tensor, "2 *s 3"]:
    reveal_type(tl.zeros((*x.shape, 3)))  # R: Float64[Tensor, "*s 3"]
    reveal_type(tl.zeros(x.shape + (3,)))  # R: Float64[Tensor, "*s 3"]
    shape = (2,) + x.shape
    reveal_type(tl.zeros(shape))  # R: Float64[Tensor, "2 *s"]
    return tl.zeros((2, *x.shape, 3))


@tl.checked
def last(x: Float64[Tensor, "*s n"]) -> Float64[Tensor, "*s n+1"]:
    n = x.shape[-1]
    reveal_type(tl.zeros(x.shape[:-1]))  # R: Float64[Tensor, "*s"]
    reveal_type(tl.zeros(x.shape[:-1] + (n, 2)))  # R: Float64[Tensor, "*s n 2"]
    reveal_type(x.reshape((*x.shape, 1)))  # R: Float64[Tensor, "*s n 1"]
    reveal_type(x.reshape((*x.shape[:-1], -1, 1)))  # R: Float64[Tensor, "*s n 1"]
    reveal_type(tl.broadcast_to(x[..., None], (*x.shape, 5)))  # R: Float64[Tensor, "*s n 5"]
    return tl.zeros((*x.shape[:-1], n + 1))


@tl.checked
def flat_rows(x: Float64[Tensor, "*s n m"]) -> Float64[Tensor, "*s m*n"]:
    return x.reshape(x.shape[:-2] + (-1,))


reveal_type(zeros_as(tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(zeros_as(tl.tensor(1.0)))  # R: Float64[Tensor, ""]
reveal_type(longer(tl.ones(4)))  # R: Float64[Tensor, "2 4 3"]
reveal_type(last(tl.ones((4, 5))))  # R: Float64[Tensor, "4 6"]
reveal_type(flat_rows(tl.ones((4, 5, 6))))  # R: Float64[Tensor, "4 30"]


@tl.checked
def too_long(x: Float64[Tensor, "*s n"]) -> Float64[Tensor, "*s"]:
    return tl.zeros(x.shape)  # E: return-value: too_long: the result has shape [*s, n], expected [*s]


@tl.checked
def stretched(x: Float64[Tensor, "*s n"]) -> Float64[Tensor, "4 *s n"]:
    return tl.broadcast_to(x, (4, *x.shape))  # E: shape: broadcast_to: ranks differ (operand: [*s, n], shape: [4, *s, n]); insert axes of size 1 with None


@tl.checked
def of_other(x: Float64[Tensor, "*s n"], y: Float64[Tensor, "*t"]) -> Float64[Tensor, "*t"]:
    x.reshape((*x.shape[:-1], 3))  # E: shape: reshape: *s*n elements do not fit *s*3 (operand: [*s, n], shape: [*s, 3])
    tl.broadcast_to(x, (*x.shape[:-1], 3))  # E: shape: broadcast_to: axis 1 of size n does not stretch to 3 (operand: [*s, n], shape: [*s, 3])
    return x.reshape(y.shape)  # E: shape: reshape: *s*n elements do not fit *t (operand: [*s, n], shape: [*t])
