"""Aliases, other names for jaxtyping, texts as annotations, local and nested ones."""

from typing import TypeAlias

import jaxtyping
import jaxtyping as jt
from jaxtyping import Float64
from jaxtyping import Float64 as F64

import shared
import torchlean_typed as tl
from shared import Batch, Weights, shared_function
from torchlean_typed import OutputLoss, Rows, Seq, Tensor, TensorPack, nn

Row = Float64[Tensor, "1 n"]
Maybe = Float64[Tensor, "n"] | None


@tl.checked
def spelled(
    a: jt.Float64[Tensor, "n"], b: F64[Tensor, "n"], c: jaxtyping.Float64[Tensor, "n"], d: "Float64[Tensor, 'n']"
) -> Float64[Tensor, "4 n"]:
    return tl.stack([a, b, c, d])


@tl.checked
def aliased(x: Batch, w: Weights, row: Row, extra: Maybe = None) -> Float64[Tensor, "b n"]:
    reveal_type(x)  # R: Float64[Tensor, "b 3"]
    local: Batch = x
    reveal_type(local)  # R: Float64[Tensor, "b 3"]
    return x @ w + row


v = tl.zeros(3)
reveal_type(spelled(v, v, v, v))  # R: Float64[Tensor, "4 3"]
reveal_type(aliased(tl.zeros((4, 3)), tl.zeros((3, 2)), tl.zeros((1, 2))))  # R: Float64[Tensor, "4 2"]
reveal_type(shared_function(tl.zeros((4, 3))))  # R: Float64[Tensor, "4"]

spelled(v, v, v, tl.zeros(4))  # E: shape: spelled: dimension "n" is 3 in argument 1 ("a") but 4 in argument 4 ("d")
aliased(tl.zeros((4, 4)), tl.zeros((3, 2)), tl.zeros((1, 2)))  # E: shape: aliased: argument 1 ("x") has shape [4, 4], expected [b, 3]
aliased(tl.zeros((4, 3)), tl.zeros((3, 2)), tl.zeros((1, 3)))  # E: shape: aliased: dimension "n" is 2 in argument 2 ("w"), [3, n=2], but 3 in argument 3 ("row"), [1, n=3]
aliased(tl.zeros((4, 3)), tl.zeros((3, 2)), tl.zeros((1, 2)), tl.zeros(3))  # E: shape: aliased: dimension "n" is 2 in argument 2 ("w"), [3, n=2], but 3 in argument 4 ("extra")
shared_function(tl.zeros((4, 5)))  # E: shape: shared_function: argument 1 ("x") has shape [4, 5], expected [b, 3]
three: Batch = tl.zeros((2, 4))  # E: assignment: assignment: the value has shape [2, 4], expected [_, 3]


def texts(
    a: Float64[Tensor, "n !"],  # E: shape: Float64: "!" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //
    b: Float64[Tensor, "#n"],  # E: shape: Float64: "#n" marks a broadcast, which Tensor does not have; broadcasting is explicit here: write the sizes as they are
    c: Float64[Tensor, "*a *b"],  # E: shape: Float64: "*a *b" has two variadic parts; a shape may have at most one of *name and ...
    d: Float64[Tensor, "-3"],  # E: shape: Float64: dimension "-3" is negative; a size is 0 or more
    e: Float64[Tensor],  # E: shape: Float64: takes an array type and a shape, as in Float64[Tensor, "b 3"]
    f: Float64[Tensor, 3],  # E: shape: Float64: the shape must be a text, as in "b 3"
) -> None: ...


Square: TypeAlias = Float64[Tensor, "n n"]
Quoted: TypeAlias = "Float64[Tensor, 'n n']"
Pack = TensorPack["2 3, 2"]
Weighted: TypeAlias = TensorPack["o i, o"]
Model = Seq["*b 3", "*b 2", "2 3, 2"]
Loss: TypeAlias = OutputLoss["b 2", "b 2"]
Three = Rows["3", Float64[Tensor, "6"]]


@tl.checked
def squares(x: Square, y: Quoted, z: shared.Matrix) -> Float64[Tensor, "n m"]:
    local: shared.Matrix = z
    reveal_type(local)  # R: Float64[Tensor, "n m"]
    return (x + y) @ z


@tl.checked
def kinds(pack: Pack, same: Weighted, model: Model, own: Loss) -> shared.Bias:
    reveal_type(same[1])  # R: Shaped[Tensor, "o"]
    reveal_type(model(pack, tl.ones((4, 3))))  # R: Float64[Tensor, "4 2"]
    return TensorPack.of(pack[1])


def third(rows: Three) -> Float64[Tensor, "6"]:
    return rows[2]


def wrong(x: shared.Matrix, y: shared.Matrix) -> shared.Matrix:
    return x @ y  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n, m]); did you mean .mT on the right operand?


class Held:
    Square: TypeAlias = Float64[Tensor, "n n"]
    Pair = TensorPack["n, n"]

    @tl.checked
    def sum(self, x: Square, pair: Pair) -> Float64[Tensor, "n"]:
        first = pair[0]
        both: Held.Pair = pair
        reveal_type(both)  # R: TensorPack["n, n"]
        return x @ first + both[1]


s = tl.ones((3, 3))
layer = nn.linear(3, 2)
reveal_type(squares(s, s, tl.ones((3, 2))))  # R: Float64[Tensor, "3 2"]
reveal_type(kinds(layer.init(seed=0), layer.init(seed=1), nn.Seq(layer), OutputLoss(lambda a, b: (a * b).sum())))  # R: TensorPack["2"]
reveal_type(Held().sum(s, TensorPack.of(tl.ones(3), tl.ones(3))))  # R: Float64[Tensor, "3"]
squares(tl.ones((3, 2)), s, s)  # E: shape: squares: argument 1 ("x") has shape [3, 2], expected [n, n]
squares(s, tl.ones((3, 2)), s)  # E: shape: squares: dimension "n" is 3 in argument 1 ("x"), [n=3, n=3], but 2 in argument 2 ("y"), [n=3, n=2]
squares(s, s, tl.ones((4, 2)))  # E: shape: squares: dimension "n" is 3 in argument 1 ("x"), [n=3, n=3], but 4 in argument 3 ("z"), [n=4, m=2]
kinds(nn.linear(2, 2).init(seed=0), layer.init(seed=1), nn.Seq(layer), OutputLoss(lambda a, b: (a * b).sum()))  # E: shape: kinds: entry 0 ("0.weight") of argument 1 ("pack") has shape [2, 2], expected [2, 3]
Held().sum(s, TensorPack.of(tl.ones(3), tl.ones(4)))  # E: shape: sum: dimension "n" is 3 in argument 1 ("x"), [n=3, n=3], but 4 in entry 1 of argument 2 ("pair")
