"""A variable that is bound where sizes are known to be equal is afterwards what it is otherwise."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def residual(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape == y.shape:
        x = y + x
        reveal_type(x)  # R: Float64[Tensor, "c m"]
    reveal_type(x)  # R: Float64[Tensor, "b n"]
    return x


@tl.checked
def in_a_loop(x: Float64[Tensor, "b n"], ys: list[Tensor]) -> Float64[Tensor, "b n"]:
    for y in ys:
        if y.shape == x.shape:
            x += y
    return x


@tl.checked
def in_each_branch(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape == y.shape:
        z = y + x
    elif x.shape == (3, 4):
        z = x @ tl.ones((4, 4)) + tl.ones((3, 4))
    else:
        z = x * 2.0
    reveal_type(z)  # R: Float64[Tensor, "b n"]
    return z


@tl.checked
def otherwise(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape != y.shape:
        z = x
    else:
        z = y + x
    return z


@tl.checked
def of_one_row(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    if x.shape[0] == 1:
        x = x[0][None]
        reveal_type(x)  # R: Float64[Tensor, "1 m"]
    return x


@tl.checked
def of_another_shape(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    if x.shape == (3, 4):
        z = tl.ones((3, 5))
    else:
        z = x
    reveal_type(z)  # R: Float64[Tensor, "3 5"] | Float64[Tensor, "b n"]
    return z  # E: return-value: of_another_shape: the result has shape [3, 5] or [b, n], expected [b, n]


@tl.checked
def without_the_fact(x: Float64[Tensor, "b n"], y: Float64[Tensor, "c m"]) -> Float64[Tensor, "b n"]:
    if x.shape == y.shape:
        z = x
    elif x.shape[0] == 3:
        z = y
    else:
        z = x
    return z  # E: return-value: without_the_fact: the result has shape [b, n] or [c, m], expected [b, n]


reveal_type(residual(tl.ones((2, 3)), tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(residual(tl.ones((2, 3)), tl.ones((4, 5))))  # R: Float64[Tensor, "2 3"]
reveal_type(in_a_loop(tl.ones((2, 3)), [tl.ones((2, 3)), tl.ones(3)]))  # R: Float64[Tensor, "2 3"]
reveal_type(in_each_branch(tl.ones((3, 4)), tl.ones((4, 5))))  # R: Float64[Tensor, "3 4"]
reveal_type(otherwise(tl.ones((2, 3)), tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(of_one_row(tl.ones((1, 3))))  # R: Float64[Tensor, "1 3"]
