"""Any number of axes: *names and ..."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def last(x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "*batch"]:
    return x.sum(axis=-1)


@tl.checked
def linear(x: Float64[Tensor, "*batch n"], w: Float64[Tensor, "n m"]) -> Float64[Tensor, "*batch m"]:
    return x @ w


@tl.checked
def same(x: Float64[Tensor, "*shape"], y: Float64[Tensor, "*shape"]) -> Float64[Tensor, "*shape"]:
    return x * y + tl.exp(x)


@tl.checked
def anything(x: Float64[Tensor, "... n"]) -> Float64[Tensor, "n"]:
    reveal_type(x)  # R: Float64[Tensor, "... n"]
    reveal_type(x.sum(axis=-1))  # R: Float64[Tensor, "..."]
    return x.reshape((-1, x.shape[-1])).sum(axis=0)


@tl.checked
def head(x: Float64[Tensor, "b *rest"]) -> Float64[Tensor, "*rest"]:
    return x[0]


@tl.checked
def rows(x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "*batch 2"]:
    return tl.zeros((*x.shape[:-1], 2))


reveal_type(last(tl.zeros(3)))  # R: Float64[Tensor, ""]
reveal_type(last(tl.zeros((2, 3))))  # R: Float64[Tensor, "2"]
reveal_type(last(tl.zeros((5, 2, 3))))  # R: Float64[Tensor, "5 2"]
reveal_type(linear(tl.zeros((5, 2, 3)), tl.zeros((3, 4))))  # R: Float64[Tensor, "5 2 4"]
reveal_type(linear(tl.zeros(3), tl.zeros((3, 4))))  # R: Float64[Tensor, "4"]
reveal_type(same(tl.zeros((2, 3)), tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]
reveal_type(same(tl.zeros(()), tl.ones(())))  # R: Float64[Tensor, ""]
reveal_type(anything(tl.zeros((2, 3, 4))))  # R: Float64[Tensor, "4"]
reveal_type(head(tl.zeros((2, 3, 4))))  # R: Float64[Tensor, "3 4"]
reveal_type(rows(tl.zeros((2, 3, 4))))  # R: Float64[Tensor, "2 3 2"]

last(tl.tensor(1.0))  # E: shape: last: argument 1 ("x") has shape [], expected [*batch, n]
linear(tl.zeros((5, 2, 3)), tl.zeros((4, 3)))  # E: shape: linear: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("w"), [n=4, m=3]; did you mean .mT on argument 2 ("w")?
same(tl.zeros((2, 3)), tl.zeros((3, 2)))  # E: shape: same: "*shape" is [2, 3] in argument 1 ("x") but [3, 2] in argument 2 ("y")
same(tl.zeros((2, 3)), tl.zeros(3))  # E: shape: same: "*shape" is [2, 3] in argument 1 ("x") but [3] in argument 2 ("y")
head(tl.tensor(1.0))  # E: shape: head: argument 1 ("x") has shape [], expected [b, *rest]
last(tl.zeros((2, 3))) + tl.zeros(3)  # E: shape-broadcast: add: axis 0 differs: 2 and 3 (left: [2], right: [3]); broadcasting is explicit: only an axis of size 1 stretches


def wrong_axis(x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "*batch"]:
    return x.sum(axis=-1, keepdims=True)  # E: return-value: wrong_axis: the result has shape [*batch, 1], expected [*batch]


def wrong_mix(x: Float64[Tensor, "*a n"], y: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*a n"]:
    return x + y  # E: shape-broadcast: add: axis 0 differs: *a and *b (left: [*a, n], right: [*b, n]); broadcasting is explicit: only an axis of size 1 stretches


def unknown_axis(x: Float64[Tensor, "*batch n"]) -> None:
    reveal_type(x.sum(axis=0))  # R: Float64[Tensor, "..."]
    reveal_type(x.T)  # R: Float64[Tensor, "..."]
    reveal_type(x[0])  # R: Float64[Tensor, "..."]
    reveal_type(x[..., 0])  # R: Float64[Tensor, "*batch"]
    reveal_type(x.shape[-1])  # R: Dim["n"]
    reveal_type(x.mT)  # R: Float64[Tensor, "..."]


def to_numbers(x: Float64[Tensor, "*b n"]) -> None:
    x.reshape((2, 3))  # E: shape: reshape: *b*n elements do not fit 6 (operand: [*b, n], shape: [2, 3])


def centred(x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    return x - tl.max(x, axis=-1)  # E: shape-broadcast: subtract: ranks differ (left: [*b, n], right: [*b]); broadcasting is explicit: did you mean [..., None] on [*b], or keepdims=True where it was reduced?


def centred_right(x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    return x - tl.max(x, axis=-1)[..., None]


def weighted(x: Float64[Tensor, "*b n m"], w: Float64[Tensor, "*b"]) -> Float64[Tensor, "*b n m"]:
    return w * x  # E: shape-broadcast: multiply: ranks differ (left: [*b], right: [*b, n, m]); broadcasting is explicit: did you mean [..., None, None] on [*b], or keepdims=True where it was reduced?


def without_rows(x: Float64[Tensor, "n *s"]) -> Float64[Tensor, "*s"]:
    return x[0]


def of_some_batch(x: Float64[Tensor, "*b n"], y: Float64[Tensor, "*b"]) -> Tensor:
    reveal_type(without_rows(x))  # R: Float64[Tensor, "..."]
    return without_rows(y)  # E: shape: without_rows: argument 1 ("x") has shape [*b], expected [n, *s]
