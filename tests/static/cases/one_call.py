"""Of one call that is wrong one error is told: of two arguments of the wrong kind, of a lambda and what is in it."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd

Z = TypeVar("Z", bound=Tensor)


class Solved(NamedTuple):
    step: Float64[Tensor, "n"]
    r: float


def iterate(f: Callable[[Z], Z], start: Z) -> Z:
    return f(start)


def cell(x: Float64[Tensor, "4"], z: Float64[Tensor, "6"]) -> Float64[Tensor, "6"]:
    return z


def cg(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], b: Float64[Tensor, "n"]) -> Solved:
    return Solved(b, 0.0)


def of_a_lambda(x: Float64[Tensor, "4"]) -> None:
    z = iterate(lambda v: cell(x, v), tl.zeros(4))  # E: shape: cell: argument 2 ("z") has shape [4], expected [6]


def of_a_pack(x: Float64[Tensor, "4"]) -> None:
    cg(lambda v: TensorPack.of(v), x)  # E: return-value: Incompatible return value type (got "TensorPack['4']", expected "Tensor")


def of_fields(x: Float64[Tensor, "n"]) -> Solved:
    return Solved(1.0, x)  # E: arg-type: Argument 1 to "Solved" has incompatible type "float"; expected "Tensor"


def of_an_object(x: Float64[Tensor, "n"], r: Solved) -> None:
    cell(r, x)  # E: arg-type: cell: argument 1 ("x") must be a Tensor, got tuple; make a tensor with tl.tensor
    autograd.fn.jacrev(lambda v: Solved(v, 1.0), x)  # E: return-value: Incompatible return value type (got "Solved[n]", expected "Tensor")


class Layer:
    w: Float64[Tensor, "o i"]
    v: Float64[Tensor, "o i+g"]

    def __init__(self, w: Float64[Tensor, "o i"], v: Float64[Tensor, "o i+g"]) -> None:
        self.w, self.v = v, w  # E: assignment: assignment: the value has shape [o, g+i], expected [o, i] # E: assignment: assignment: the value has shape [o, i], expected [o, g+i]


class Inner(Layer):
    def __init__(self, w: Float64[Tensor, "o i"], v: Float64[Tensor, "o i+g"]) -> None:
        super().__init__(v, w)  # E: arg-type: Layer: argument 1 has shape [o, g+i], expected [o, i]
