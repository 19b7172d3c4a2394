"""Aliases, other names for jaxtyping, texts as annotations, local and nested ones."""

import jaxtyping
import jaxtyping as jt
from jaxtyping import Float64
from jaxtyping import Float64 as F64

import torchlean_typed as tl
from shared import Batch, Weights, shared_function
from torchlean_typed import Tensor

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
