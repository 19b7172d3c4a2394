"""``functools.partial`` of an operation, of a derivative and of a function of the user's."""

from functools import partial

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd

x = tl.zeros((3, 4))

softmax = partial(tl.softmax, axis=-1)
reveal_type(softmax(x))  # R: Float64[Tensor, "3 4"]
column_sums = partial(tl.sum, axis=0)
reveal_type(column_sums(x))  # R: Float64[Tensor, "4"]
reveal_type(column_sums(x, keepdims=True))  # R: Float64[Tensor, "1 4"]
reveal_type(column_sums(x, axis=1))  # R: Float64[Tensor, "3"]
reveal_type(partial(tl.concat, axis=1)([x, x]))  # R: Float64[Tensor, "3 8"]

w = tl.zeros((4, 5))
project = partial(tl.matmul, tl.zeros((2, 3)))
embed = partial(tl.einsum, "ij,jk->ik", w)
w = tl.zeros((7, 7))
reveal_type(project(x))  # R: Float64[Tensor, "2 4"]
reveal_type(embed(tl.zeros((5, 6))))  # R: Float64[Tensor, "4 6"]

project(w)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 7 (right: [7, 7])
partial(tl.sum, axis=2)(x)  # E: shape: sum: axis 2 is out of range (operand: [3, 4])


def energy(v: Float64[Tensor, "n"], scale: float) -> Float64[Tensor, ""]:
    return tl.sum(v * v) * scale


reveal_type(partial(autograd.fn.grad, partial(energy, scale=2.0))(tl.ones(3)))  # R: Float64[Tensor, "3"]


def activation(v: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    normalized = partial(tl.softmax, axis=1)
    return normalized(v)


def wrong(v: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    total = partial(tl.sum, v)
    return total(axis=1)  # E: return-value: wrong: the result has shape [b], expected [b, n]


reveal_type(activation(x))  # R: Float64[Tensor, "3 4"]


# what was given when the partial was made is told there
scaled_energy = partial(energy, scale=2.0, v=tl.ones((3, 3)))  # E: arg-type: energy: argument "v" has shape [3, 3], expected [_]
scaled_energy()
autograd.fn.grad(lambda s: scaled_energy() * s, tl.ones(()))
