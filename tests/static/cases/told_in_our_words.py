"""What mypy compares itself is said in shapes, and whose shape and whose name it is."""

from typing import TypedDict

from jaxtyping import Bool, Float64

import torchlean_typed as tl
from torchlean_typed import Rows, Tensor, TensorPack, autograd, nn


class Example(TypedDict):
    x: Float64[Tensor, "4 6"]
    mask: Bool[Tensor, "6"]


# items
def products(xs: list[Float64[Tensor, "n"]], ys: list[Float64[Tensor, "n"]]) -> list[Float64[Tensor, ""]]:
    return [x * y for x, y in zip(xs, ys)]  # E: misc: list: each item has shape [n], expected []


def named(xs: list[Float64[Tensor, "n"]]) -> dict[str, Float64[Tensor, ""]]:
    return {str(number): x for number, x in enumerate(xs)}  # E: misc: dict: each value has shape [n], expected []


def same(xs: list[Float64[Tensor, "n"]]) -> list[Float64[Tensor, ""]]:
    return xs  # E: return-value: same: each item of the result has shape [n], expected []


def by_name(xs: dict[str, Float64[Tensor, "n m"]]) -> dict[str, Float64[Tensor, "m n"]]:
    return xs  # E: return-value: by_name: each value of the result has shape [n, m], expected [m, n]; did you mean .mT?


def marked(example: Example) -> None:
    example["mask"] = tl.ones((6, 1)) > 0.0  # E: typeddict-item: assignment: item "mask" has shape [6, 1], expected [6]


# no advice that does not help
def smoothed(logits: Float64[Tensor, "b 5"]) -> Float64[Tensor, ""]:
    each = -tl.sum(logits, axis=1)
    return each  # E: return-value: smoothed: the result has shape [b], expected []


# whose name
def attend(q: Float64[Tensor, "n k"], mask: Bool[Tensor, "n n"]) -> Float64[Tensor, "n k"]:
    return tl.where(mask[:, :1], q, 0.0)


def block(x: Float64[Tensor, "n 12"]) -> Float64[Tensor, "n 12"]:
    return attend(x, tl.eye(x.shape[1]) > 0.5)  # E: shape: attend: dimension "n" is the caller's n in argument 1 ("q"), [n, k=12], but 12 in argument 2 ("mask"), [n=12, n=12]


# a sample's shape
reveal_type(nn.input((1, 28, 28)) >> nn.conv2d(1, 4, 3))  # R: Seq["*b 1 28 28", "*b 4 26 26", "4 1 3 3, 4"]
reveal_type(nn.input("1 28 28") >> nn.conv2d(1, 4, 3))  # R: Seq["*b 1 28 28", "*b 4 26 26", "4 1 3 3, 4"]
nn.input((0, 3))  # E: shape: input: a size must be at least 1, got 0


# the rows of a Jacobian, and the class of a __call__
def rows(w: Float64[Tensor, "3 4"], v: Float64[Tensor, "4"]) -> Rows["4", Float64[Tensor, "4"]]:
    return autograd.fn.jacrev(lambda z: w @ z, v)  # E: return-value: rows: the number of rows of the result is 3, expected 4


def each_row(w: Float64[Tensor, "3 4"], v: Float64[Tensor, "4"]) -> Rows["3", Float64[Tensor, "3"]]:
    return autograd.fn.jacrev(lambda z: w @ z, v)  # E: return-value: each_row: a row of the result has shape [4], expected [3]


class Squares:
    def __call__(self, x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
        return x * x  # E: return-value: Squares: the result has shape [n], expected []


# what a method gives is assigned to what it was given
class Momentum:
    def update(self, params: TensorPack["2 15"], grads: TensorPack["2 15"]) -> TensorPack["2 15"]:
        return params - 0.1 * grads


def trained(momentum: Momentum, params: TensorPack["2 15"], grads: Float64[Tensor, "30"]) -> TensorPack["2 15"]:
    params = momentum.update(params, grads)  # E: arg-type: update: argument 2 ("grads") must be a TensorPack, got Tensor; make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})
    return params


def fitted(momentum: Momentum, params: TensorPack["2 15"]) -> TensorPack["2 15"]:
    for _ in range(3):
        grads = autograd.fn.grad(lambda v: tl.sum(v), params.flatten())
        params = momentum.update(params, grads)  # E: arg-type: update: argument 2 ("grads") must be a TensorPack, got Tensor; make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})
    return params
