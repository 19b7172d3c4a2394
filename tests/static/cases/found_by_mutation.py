"""What the mutation benchmark found missing, a case each."""

from jaxtyping import Float64, Shaped

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, nn

model, wider = nn.linear(3, 2), nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(4, 2))
params, x = model.init(seed=0), tl.ones((5, 3))


@tl.checked
def doubled(given: Params[model]) -> Params[model]:
    return given * 2.0


# what a loop binds anew has two types, of one shape: a matrix at the right of @, a pack in a call
for _ in range(2):
    params = doubled(params)
weight = params[0]
x @ weight  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
reveal_type(x @ weight.T)  # R: Float64[Tensor, "5 2"]
wider(params, x)  # E: shape: Seq: params has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], params [2 3, 2]


def either(x: Float64[Tensor, "b i"], w: Float64[Tensor, "h i"] | Shaped[Tensor, "h i"]) -> None:
    x @ w  # E: shape: matmul: inner dimensions differ: i (left: [b, i]) and h (right: [h, i]); did you mean .mT on the right operand?


# the root of a size is a float, which mypy calls Any
@tl.checked
def scaled(x: Float64[Tensor, "b k"], k: Dim["k"]) -> Float64[Tensor, "b k"]:
    reveal_type(k**0.5)  # R: float
    reveal_type(float(x.shape[1]) ** -0.5)  # R: float
    return x / float(k) ** 0.5


reveal_type(scaled(x, 3))  # R: Float64[Tensor, "5 3"]
scaled(x, 3) * x.shape[0] ** -0.5 @ x  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 5 (right: [5, 3]); did you mean .mT on the right operand?


# a size that has no solution for all sizes of the names
@tl.checked
def halves(x: Float64[Tensor, "2*k"]) -> Float64[Tensor, "k"]:
    return x.reshape((2, -1))[0]


@tl.checked
def heads(x: Float64[Tensor, "h*k"], h: Dim["h"]) -> Float64[Tensor, "h k"]:
    return x.reshape((h, -1))


def undivided(x: Float64[Tensor, "n"], y: Float64[Tensor, "4*q"], z: Float64[Tensor, "n*m"], m: Dim["m"]) -> None:
    halves(x)  # E: shape: halves: dimension "2*k" of argument 1 ("x") is n, which no k gives
    reveal_type(halves(y))  # R: Float64[Tensor, "2*q"]
    heads(x, m)  # E: shape: heads: dimension "h*k" of argument 1 ("x") is n, which no k gives, as h is m in argument 2 ("h")
    reveal_type(heads(z, m))  # R: Float64[Tensor, "m n"]


heads(tl.zeros(12), 5)  # E: shape: heads: dimension "h*k" of argument 1 ("x") is 12, which no k gives, as h is 5 in argument 2 ("h")
