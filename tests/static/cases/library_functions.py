"""The library's functions as values: in variables, attributes, lists and dicts, and ``operator``'s for the operators."""

import operator
from collections.abc import Callable
from typing import Any, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd, nn

F = TypeVar("F", bound=Callable[..., Any])
x, w, v = tl.ones((3, 4)), tl.ones((4, 5)), tl.ones(3)


def same(function: F) -> F:
    return function


product = tl.matmul
activation, layer = tl.tanh, nn.linear
chosen = tl.tanh if x.shape[0] else tl.relu
activations = {"tanh": tl.tanh, "relu": tl.relu}
picked = activations["tanh"]
gradient = autograd.fn.grad

reveal_type(product(x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(activation(x))  # R: Float64[Tensor, "3 4"]
reveal_type(layer(3, 4))  # R: Seq["*b 3", "*b 4", "4 3, 4"]
reveal_type(chosen(x))  # R: Float64[Tensor, "3 4"]
reveal_type(picked(x))  # R: Float64[Tensor, "3 4"]
reveal_type(same(tl.matmul)(x, w))  # R: Float64[Tensor, "3 5"]
for function in (tl.exp, tl.relu):
    reveal_type(function(x))  # R: Float64[Tensor, "3 4"]
reveal_type([step(x) for step in (tl.tanh, tl.transpose)][0])  # R: Float64[Tensor, "3 4"] | Float64[Tensor, "4 3"]
product(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
picked(x) @ x  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
same(tl.matmul)(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
for combine in (tl.add, tl.matmul):
    combine(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?


@tl.checked
def energy(u: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return tl.sum(u * u)


reveal_type(gradient(energy, v))  # R: Float64[Tensor, "3"]


class Net:
    def __init__(self, sharp: bool) -> None:
        self.product = tl.matmul
        self.activation = tl.relu if sharp else tl.tanh

    @tl.checked
    def square(self, a: Float64[Tensor, "n m"]) -> Float64[Tensor, "n n"]:
        reveal_type(self.activation(a))  # R: Float64[Tensor, "n m"]
        return self.product(a, a.T)

    def wrong(self, a: Float64[Tensor, "n m"]) -> Float64[Tensor, "n n"]:
        return self.product(a, a)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n, m]); did you mean .mT on the right operand?


def rebound(condition: bool) -> None:
    combine = tl.matmul
    if condition:
        combine = tl.add
    combine(x, x)
    combine(x, w)


net = Net(sharp=False)
reveal_type(net.product(x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(net.activation(x))  # R: Float64[Tensor, "3 4"]
net.product(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?

reveal_type(operator.matmul(x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(operator.add(x, 1.0))  # R: Float64[Tensor, "3 4"]
reveal_type(operator.neg(x))  # R: Float64[Tensor, "3 4"]
reveal_type(operator.abs(x))  # R: Float64[Tensor, "3 4"]
reveal_type(operator.lt(x, x))  # R: Bool[Tensor, "3 4"]
reveal_type(operator.getitem(x, (0, slice(2))))  # R: Float64[Tensor, "..."]
times = operator.mul
reveal_type(times(2.0, x))  # R: Float64[Tensor, "3 4"]
operator.matmul(w, x)  # E: shape: matmul: inner dimensions differ: 5 (left: [4, 5]) and 3 (right: [3, 4]); did you mean the operands the other way round?
operator.getitem(x, 7)  # E: shape: getitem: index 7 is out of range for an axis of size 3 (operand: [3, 4])
operator.ge(x, v)  # E: shape-broadcast: greater_equal: ranks differ (left: [3, 4], right: [3]); broadcasting is explicit: did you mean [:, None] on [3], or keepdims=True where it was reduced?
times(x, w)  # E: shape-broadcast: multiply: axis 0 differs: 3 and 4 (left: [3, 4], right: [4, 5]); broadcasting is explicit: only an axis of size 1 stretches
