"""Classes: the names in the shapes of fields are the object's."""

from dataclasses import dataclass, replace

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


@tl.checked
@dataclass
class Linear:
    w: Float64[Tensor, "n m"]
    b: Float64[Tensor, "m"]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return x @ self.w + self.b[None, :]

    def doubled(self) -> Float64[Tensor, "2*n m"]:
        return tl.concat([self.w, self.w])

    @property
    def transposed(self) -> Float64[Tensor, "m n"]:
        return self.w.T

    @classmethod
    def zeros(cls, n: Dim["n"], m: Dim["m"]) -> "Linear":
        return cls(tl.zeros((n, m)), tl.zeros(m))

    @staticmethod
    def normal(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        return x / tl.sum(x)

    def wrong(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return x @ self.w.T  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and m (right: [m, n]); did you mean .mT on the right operand?


@tl.checked
class Net:
    w: Float64[Tensor, "n h"]

    def __init__(self, w: Float64[Tensor, "n h"], out: Dim["out"]) -> None:
        self.w = w
        self.v: Float64[Tensor, "h+1 out"] = tl.zeros((w.shape[1] + 1, out))

    def hidden(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b h"]:
        return tl.tanh(x @ self.w)

    def bias(self, x: Float64[Tensor, "h+1"]) -> Float64[Tensor, "out"]:
        return x @ self.v


layer = Linear(tl.zeros((3, 4)), tl.zeros(4))
reveal_type(layer)  # R: Linear[3, 4]
reveal_type(layer.w)  # R: Float64[Tensor, "3 4"]
reveal_type(layer(tl.zeros((7, 3))))  # R: Float64[Tensor, "7 4"]
reveal_type(layer.doubled())  # R: Float64[Tensor, "6 4"]
reveal_type(layer.transposed)  # R: Float64[Tensor, "4 3"]
reveal_type(Linear.zeros(3, 4))  # R: Linear[3, 4]
reveal_type(Linear.normal(tl.ones(2)))  # R: Float64[Tensor, "2"]
reveal_type(Linear(b=tl.zeros(2), w=tl.zeros((5, 2))))  # R: Linear[5, 2]

Linear(tl.zeros((3, 4)), tl.zeros(3))  # E: shape: Linear: dimension "m" is 4 in argument 1 ("w"), [n=3, m=4], but 3 in argument 2 ("b")
Linear(tl.zeros(3), tl.zeros(3))  # E: shape: Linear: argument 1 ("w") has shape [3], expected [n, m]
layer(tl.zeros((7, 4)))  # E: shape: Linear: argument 1 ("x") has shape [7, 4], expected [b, 3]
layer(tl.zeros(3))  # E: shape: Linear: argument 1 ("x") has shape [3], expected [b, 3]
layer.w @ layer.w  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
layer(tl.zeros((7, 3))) @ layer.w  # E: shape: matmul: inner dimensions differ: 4 (left: [7, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
Linear.normal(tl.ones((2, 2)))  # E: shape: normal: argument 1 ("x") has shape [2, 2], expected [n]

reveal_type(replace(layer, w=tl.zeros((5, 4))))  # R: Linear[5, 4]

net = Net(tl.zeros((3, 4)), 2)
reveal_type(net)  # R: Net[3, 4, 2]
reveal_type(net.w)  # R: Float64[Tensor, "3 4"]
reveal_type(net.v)  # R: Float64[Tensor, "5 2"]
reveal_type(net.hidden(tl.zeros((7, 3))))  # R: Float64[Tensor, "7 4"]
reveal_type(net.bias(tl.zeros(5)))  # R: Float64[Tensor, "2"]
net.hidden(tl.zeros((7, 4)))  # E: shape: hidden: argument 1 ("x") has shape [7, 4], expected [b, 3]
net.bias(tl.zeros(4))  # E: shape: bias: argument 1 ("x") has shape [4], expected [5]
net.w @ net.v  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 5 (right: [5, 2])


@tl.checked
@dataclass
class Shifted:
    edges: Float64[Tensor, "n+1"]

    @property
    def inner(self) -> Float64[Tensor, "n-1"]:
        return self.edges[1:-1]

    def centres(self) -> Float64[Tensor, "n"]:
        return (self.edges[1:] + self.edges[:-1]) / 2.0


shifted = Shifted(tl.zeros(5))
reveal_type(shifted)  # R: Shifted[4]
reveal_type(shifted.edges)  # R: Float64[Tensor, "5"]
reveal_type(shifted.centres())  # R: Float64[Tensor, "4"]
reveal_type(shifted.inner)  # R: Float64[Tensor, "3"]
shifted.edges + shifted.centres()  # E: shape-broadcast: add: axis 0 differs: 5 and 4 (left: [5], right: [4]); broadcasting is explicit: only an axis of size 1 stretches


class Child(Linear):
    def scaled(self, by: float) -> Tensor:
        reveal_type(self.w)  # R: Float64[Tensor, "n m"]
        return self.w * by


reveal_type(Child(tl.zeros((3, 4)), tl.zeros(4)).w)  # R: Float64[Tensor, "3 4"]


def generic(net: Linear, x: Float64[Tensor, "b n"]) -> Tensor:
    reveal_type(net.w)  # R: Float64[Tensor, "n m"]
    return net(x)


reveal_type(generic(layer, tl.zeros((2, 3))))  # R: Shaped[Tensor, "..."]


@tl.checked
@dataclass
class Dense:
    w: Float64[Tensor, "o i"]

    def loss(self, x: Float64[Tensor, "b i"], y: Float64[Tensor, "b o"]) -> Float64[Tensor, ""]:
        return tl.mean((x @ self.w.mT - y) ** 2)


Dense(tl.ones((2, 3))).loss(tl.ones((40, 3)), tl.ones((2, 40)))  # E: shape: loss: dimension "b" is 40 in argument 1 ("x"), [b=40, 3], but 2 in argument 2 ("y"), [b=2, 40]; did you mean .mT on argument 2 ("y")?
