"""Aliases made by ``TypeAliasType``, with the type itself and with its text."""

from jaxtyping import Float64
from typing_extensions import TypeAliasType

import torchlean_typed as tl
from torchlean_typed import Tensor

Matrix = TypeAliasType("Matrix", Float64[Tensor, "n m"])
Vector = TypeAliasType("Vector", "Float64[Tensor, 'n']")
Pair = TypeAliasType("Pair", tuple[Float64[Tensor, "n"], Float64[Tensor, "n"]])


@tl.checked
def transposed(x: Matrix) -> Float64[Tensor, "m n"]:
    reveal_type(x)  # R: Float64[Tensor, "n m"]
    return x.T


@tl.checked
def product(x: Matrix, pair: Pair) -> Vector:
    return x.sum(axis=1) * pair[0] * pair[1]


def wrong(x: Matrix) -> Float64[Tensor, "m n"]:
    return x  # E: return-value: wrong: the result has shape [n, m], expected [m, n]; did you mean .mT?


x = tl.ones((3, 4))
reveal_type(transposed(x))  # R: Float64[Tensor, "4 3"]
reveal_type(product(x, (tl.ones(3), tl.ones(3))))  # R: Float64[Tensor, "3"]
transposed(tl.ones(3))  # E: shape: transposed: argument 1 ("x") has shape [3], expected [n, m]
product(x, (tl.ones(3), tl.ones(4)))  # E: shape: product: dimension "n" is 3 in argument 1 ("x"), [n=3, m=4], but 4 in item 1 of argument 2 ("pair")
