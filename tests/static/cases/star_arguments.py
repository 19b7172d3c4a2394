"""``*args`` and ``**kwargs`` in calls of the library's functions: what they stand for is what is checked."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TypedDict

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Rows, Tensor, TensorPack, autograd, loss, nn

x, y = tl.ones((3, 4)), tl.ones((3, 5))
pack, pair = TensorPack.of(x, y), (x, y)

for first, second in zip(*pack):
    reveal_type(first)  # R: Float64[Tensor, "4"]
    reveal_type(second)  # R: Float64[Tensor, "5"]
    first @ second  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 5 (right: [5])
for first, second in zip(*(x, y)):
    reveal_type(second)  # R: Float64[Tensor, "5"]
for first, second in zip(*[x, y], strict=True):
    reveal_type(second)  # R: Float64[Tensor, "5"]
for number, row in enumerate(*(x,)):
    reveal_type(row)  # R: Float64[Tensor, "4"]
reveal_type(list(map(tl.tanh, *[x])))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(map(tl.tanh, *(x,))))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(map(lambda u, v: u * v, *[x, x])))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(map(*(tl.tanh, x))))  # R: list[Float64[Tensor, "4"]]
list(map(tl.matmul, *pack))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 5 (right: [5])
list(map(tl.add, *(x, x)))

reveal_type(tl.matmul(*(x.T, y)))  # R: Float64[Tensor, "4 5"]
reveal_type(tl.matmul(*[x.T, *[y]]))  # R: Float64[Tensor, "4 5"]
tl.matmul(*pair)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 5]); did you mean .mT on the left operand?
tl.matmul(*pack)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 5]); did you mean .mT on the left operand?
reveal_type(tl.sum(*(x, 0)))  # R: Float64[Tensor, "4"]
reveal_type(tl.concat(*([x, x], 1)))  # R: Float64[Tensor, "3 8"]
reveal_type(tl.einsum(*("ij,ik->jk", x, y)))  # R: Float64[Tensor, "4 5"]
reveal_type(tl.einsum("ij,ik->jk", *pair))  # R: Float64[Tensor, "4 5"]
reveal_type(tl.einsum("ij,ik->jk", *pack))  # R: Float64[Tensor, "4 5"]
tl.einsum("ij,jk->ik", *pair)  # E: shape: einsum: the sizes of index j differ: 4 and 3 (operand 0: [3, 4], operand 1: [3, 5])
reveal_type(tl.zeros(*((3, 4),)))  # R: Float64[Tensor, "3 4"]
reveal_type(x.reshape(*((4, 3),)))  # R: Float64[Tensor, "4 3"]
reveal_type(x.sum(*(0,)))  # R: Float64[Tensor, "4"]
x.sum(*(2,))  # E: shape: sum: axis 2 is out of range (operand: [3, 4])
reveal_type(partial(tl.sum, x)(*(0,)))  # R: Float64[Tensor, "4"]


class Options(TypedDict):
    axis: None
    keepdims: bool


keep: Options = {"axis": None, "keepdims": True}
reveal_type(tl.max(x, **keep))  # R: Float64[Tensor, "..."]
reveal_type(tl.zeros(**{"shape": (2, 3)}))  # R: Float64[Tensor, "2 3"]

reveal_type(tl.tensor(*([[1.0, 2.0]],)))  # R: Float64[Tensor, "1 2"]
reveal_type(tl.from_numpy(*(np.ones(3),)))  # R: Float64[Tensor, "3"]
reveal_type(tl.ensure(*(x, "3 4")))  # R: Float64[Tensor, "3 4"]
tl.allclose(*pair)  # E: shape: allclose: shapes differ (left: [3, 4], right: [3, 5])
reveal_type(TensorPack.of(*pair, *pack))  # R: TensorPack["3 4, 3 5, 3 4, 3 5"]
reveal_type(TensorPack.of(*(row for row in x)))  # R: TensorPack["4, 4, 4"]
reveal_type(Rows(*(tl.ones((3, 2)), (3,))))  # R: Rows["3", Float64[Tensor, "2"]]
reveal_type(np.zeros(*((3, 2),)))  # R: Float64[np.ndarray, "3 2"]

layers = (nn.linear(3, 4), nn.linear(4, 5))
model = nn.Seq(*layers)
reveal_type(model)  # R: Seq["*b 3", "*b 5", "4 3, 4, 5 4, 5"]
params = model.init(*(0,))
reveal_type(nn.Seq(*[nn.linear(4, 4) for _ in range(2)], nn.linear(4, 2)))  # R: Seq["*b 4", "*b 2", "4 4, 4, 4 4, 4, 2 4, 2"]
reveal_type(nn.linear(*(3, 4)))  # R: Seq["*b 3", "*b 4", "4 3, 4"]
reveal_type(nn.residual(*(nn.linear(3, 3),)))  # R: Seq["*b 3", "*b 3", "3 3, 3"]
reveal_type(nn.mlp(*(3, 4, 5)))  # R: Seq["*b 3", "*b 5", "4 3, 4, 5 4, 5"]
nn.Seq(*layers, *layers)  # E: shape: Seq: layer 2 (linear) expects input [*b, 3], got [*b, 5] from layer 1 (linear)
nn.Seq(*(nn.linear(4, 3) for _ in range(2)))  # E: shape: Seq: layer 1 (linear) expects input [*b, 4], got [*b, 3] from layer 0 (linear)
nn.residual(*layers[:1])  # E: shape: residual: the inner model's output does not fit its input (input: [*b, 3], output: [*b, 4])

reveal_type(model(*(params, tl.ones(3))))  # R: Float64[Tensor, "5"]
model(*(params, tl.ones(4)))  # E: shape: Seq: x has shape [4], the model takes [*b, 3]
reveal_type(loss.mse()(*(x, x)))  # R: Float64[Tensor, ""]
loss.mse()(*pair)  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [3, 4], target: [3, 5])


def squares(v: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return tl.sum(v * v)


at = (squares, tl.ones(3))
reveal_type(autograd.fn.grad(*at))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.hvp(*at, *(tl.ones(3),)))  # R: Float64[Tensor, "3"]
autograd.fn.hvp(*at, *(tl.ones(4),))  # E: shape: hvp: v does not have the shape of x (x: [3], v: [4])
reveal_type(autograd.model.value_and_grads(model, loss.mse(), *(params, tl.ones((7, 3)), tl.ones((7, 5)))).dparams)  # R: TensorPack["4 3, 4, 5 4, 5"]
autograd.model.value_and_grads(model, loss.mse(), *(params, tl.ones((7, 3)), tl.ones((7, 4))))  # E: shape: value_and_grads: mse: the target does not have the shape of the model's output (output: [7, 5], target: [7, 4])


@tl.checked
@dataclass
class Affine:
    weight: Float64[Tensor, "n m"]
    bias: Float64[Tensor, "m"]


affine = Affine(x, tl.ones(4))
replace(affine, **{"bias": tl.ones(3)})  # E: shape: Affine: dimension "m" is 4 in argument 1 ("weight"), [n=3, m=4], but 3 in argument 2 ("bias")
replace(*(affine,), bias=tl.ones(4))
