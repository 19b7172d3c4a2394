"""The library's functions and a tensor's methods in dicts, lists and class attributes, called where they are taken out."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

REDUCTIONS = {"sum": tl.sum, "mean": tl.mean}
TURNS = {"turned": tl.matrix_transpose, "as it is": tl.exp}
LAYERS = [tl.tanh, tl.relu, tl.gelu]
x, w = tl.ones((3, 4)), tl.ones((4, 5))
name = "sum" if bool(tl.tensor(1.0) > 0) else "mean"

reveal_type(REDUCTIONS["sum"](x, axis=0))  # R: Float64[Tensor, "4"]
reveal_type(REDUCTIONS[name](x, axis=1, keepdims=True))  # R: Float64[Tensor, "3 1"]
reveal_type(REDUCTIONS.get(name, tl.max)(x, axis=0))  # R: Float64[Tensor, "4"]
reveal_type(LAYERS[0](x))  # R: Float64[Tensor, "3 4"]
reveal_type(LAYERS[-1](x))  # R: Float64[Tensor, "3 4"]
reveal_type(TURNS["turned"](x))  # R: Float64[Tensor, "4 3"]
reveal_type(TURNS["as it is"](x))  # R: Float64[Tensor, "3 4"]
REDUCTIONS["sum"](x, axis=5)  # E: shape: sum: axis 5 is out of range (operand: [3, 4])
REDUCTIONS[name](x, axis=0) @ x  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
LAYERS[1](x) @ x  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
for layer in LAYERS:
    reveal_type(layer(x))  # R: Float64[Tensor, "3 4"]
for number, layer in enumerate(LAYERS):
    reveal_type(layer(x))  # R: Float64[Tensor, "3 4"]
for key, reduction in REDUCTIONS.items():
    reveal_type(reduction(x, axis=0))  # R: Float64[Tensor, "4"]
for reduction in REDUCTIONS.values():
    reduction(x, axis=5)  # E: shape: sum: axis 5 is out of range (operand: [3, 4])
reveal_type([reduction(x) for reduction in REDUCTIONS.values()])  # R: list[Float64[Tensor, ""]]


class Net:
    layers = (tl.tanh, tl.relu)
    reductions = {"sum": tl.sum, "mean": tl.mean}
    act = staticmethod(tl.gelu)
    total = staticmethod(tl.sum)

    def __init__(self, reduction: str, w: Float64[Tensor, "n m"]) -> None:
        self.w = w
        self.reduction = self.reductions[reduction]
        self.activations = [tl.exp, tl.abs]

    def run(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "m"]:
        for layer in self.layers:
            x = layer(x)
        for activation in self.activations:
            x = activation(x)
        reveal_type(self.reductions["mean"](x, axis=1))  # R: Float64[Tensor, "b"]
        reveal_type(self.total(x, axis=0, keepdims=True))  # R: Float64[Tensor, "1 n"]
        reveal_type(Net.total(x))  # R: Float64[Tensor, ""]
        return self.reduction(self.act(x) @ self.w, axis=0)


reveal_type(Net("sum", w).run(x))  # R: Float64[Tensor, "5"]


@tl.checked
def methods(x: Float64[Tensor, "b n"], key: str) -> Float64[Tensor, "n"]:
    reductions = {"sum": x.sum, "mean": x.mean}
    operators = [x.__add__, x.__sub__]
    reveal_type(operators[0](x))  # R: Float64[Tensor, "b n"]
    reveal_type(reductions["sum"](axis=1))  # R: Float64[Tensor, "b"]
    for reduction in (x.min, x.max):
        reveal_type(reduction(axis=0, keepdims=True))  # R: Float64[Tensor, "1 n"]
    return reductions[key](axis=0)


methods(x, "sum")


def wrong(x: Float64[Tensor, "b n"], key: str, net: Net) -> Float64[Tensor, "n"]:
    reductions = {"sum": x.sum, "mean": x.mean}
    reductions["sum"](axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    {"sum": x.sum}["sum"](axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    [x.sum, x.mean][0](axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    for reduction in reductions.values():
        reduction(axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    net.total(x, axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    net.reductions[key](x, axis=5)  # E: shape: sum: axis 5 is out of range (operand: [b, n])
    return reductions[key](axis=1)  # E: return-value: wrong: the result has shape [b], expected [n]
