"""Params of a model that a function of sizes makes: the sizes of that call, wherever the annotation stands."""

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Seq, nn


def encoder(i: Dim["i"], h: Dim["h"]) -> Seq["*b i", "*b h", "h i, h"]:
    return nn.Seq(nn.linear(i, h), nn.tanh())


inside = nn.Seq(encoder(3, 5), nn.linear(5, 2))
alone = encoder(i=4, h=6)
chained = nn.relu() >> encoder(3, 2) >> encoder(2, 7)


@tl.checked
def whole(params: Params[inside]) -> None:
    reveal_type(params)  # R: TensorPack["5 3, 5, 2 5, 2"]


@tl.checked
def parts(a: Params[alone], b: Params[chained]) -> None:
    reveal_type(a)  # R: TensorPack["6 4, 6"]
    reveal_type(b)  # R: TensorPack["2 3, 2, 7 2, 7"]


def made_within(n: Dim["n"], m: Dim["m"]) -> None:
    model = nn.Seq(encoder(n, 2 * m), nn.linear(2 * m, 3))
    numbers = encoder(3, 5)

    @tl.checked
    def inner(params: Params[model]) -> None:
        reveal_type(params)  # R: TensorPack["2*m n, 2*m, 3 2*m, 3"]

    @tl.checked
    def fixed(params: Params[numbers]) -> None:
        reveal_type(params)  # R: TensorPack["5 3, 5"]

    inner(model.init(seed=0))
    inner(nn.linear(n, m).init(seed=0))  # E: shape: inner: argument 1 ("params") has 2 entries, expected 4; shapes: expected [2*m n, 2*m, 3 2*m, 3], got [m n, m]
    fixed(numbers.init(seed=0))
    fixed(encoder(n, m).init(seed=0))  # E: shape: fixed: entry 0 of argument 1 ("params") has shape [m, n], expected [5, 3]


whole(inside.init(seed=0))
whole(encoder(3, 5).init(seed=0))  # E: shape: whole: argument 1 ("params") has 2 entries, expected 4; shapes: expected [5 3, 5, 2 5, 2], got [5 3, 5]
parts(alone.init(seed=0), chained.init(seed=0))
parts(nn.linear(4, 7).init(seed=0), chained.init(seed=0))  # E: shape: parts: entry 0 ("0.weight") of argument 1 ("a") has shape [7, 4], expected [6, 4]
