"""Generic functions called within an argument: what they give is what they were given, not what the call asks for."""

import copy
import random
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, TensorPack, autograd, loss, nn

T = TypeVar("T")


def same(x: T) -> T:
    return x


@tl.checked
def add(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x + y


five, seven, x, y, w = tl.ones(5), tl.ones(7), tl.ones((13, 5)), tl.ones((13, 3)), tl.ones((7, 5))
model, other = nn.Seq(nn.linear(5, 7), nn.linear(7, 3)), nn.Seq(nn.linear(5, 4), nn.linear(4, 3))
params, others = model.init(seed=0), other.init(seed=0)


@tl.checked
def use(params: Params[model]) -> None: ...


@tl.checked
@dataclass
class Pair:
    a: Float64[Tensor, "n"]
    b: Float64[Tensor, "n"]


add(next(iter([five])), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(copy.copy(five), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(next(r for r in x), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(random.choice([five, five]), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(max([five, five], key=id), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(reduce(lambda a, b: a + b, [five, five]), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(sum([five, five], five), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
tl.matmul(copy.copy(x), w)  # E: shape: matmul: inner dimensions differ: 5 (left: [13, 5]) and 7 (right: [7, 5]); did you mean .mT on the right operand?
tl.stack([copy.copy(five), copy.copy(seven)])  # E: shape: stack: axis 0 differs: 5 and 7 (item 0: [5], item 1: [7])
tl.concat([same(x), same(y)])  # E: shape: concat: axis 1 differs: 5 and 3 (item 0: [13, 5], item 1: [13, 3]); did you mean axis=1?
use(copy.deepcopy(others))  # E: shape: use: entry 0 ("0.weight") of argument 1 ("params") has shape [4, 5], expected [7, 5]
autograd.model.grad_params(model, loss.mse(), copy.deepcopy(others), x, y)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [7, 5] in the model, here [4, 5]; was it made by another model?
autograd.model.grad_params(copy.copy(model), loss.mse(), others, x, y)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [7, 5] in the model, here [4, 5]; was it made by another model?
autograd.model.grad_params(model, loss.mse(), params, copy.copy(y), y)  # E: shape: grad_params: x has shape [13, 3], the model takes [*b, 5]
model(copy.copy(others), x)  # E: shape: Seq: params does not fit the model: entry 0 ("0.weight") is [7, 5] in the model, here [4, 5]; was it made by another model?
nn.residual(copy.copy(nn.linear(5, 7)))  # E: shape: residual: the inner model's output does not fit its input (input: [*b, 5], output: [*b, 7])
TensorPack.unflatten(copy.copy(tl.ones(3)), like=params)  # E: shape: unflatten: the vector does not fit (vector: [3], like.flatten(): [66])
Pair(a=five, b=copy.copy(seven))  # E: shape: Pair: dimension "n" is 5 in argument 1 ("a") but 7 in argument 2 ("b")
autograd.model.grad_params(autograd.checkpoint(model), loss.mse(), others, x, y)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [7, 5] in the model, here [4, 5]; was it made by another model?
autograd.model.vjp_input(autograd.checkpoint(model), params, x, x)  # E: shape: vjp_input: seed_out does not have the shape of the model's output (the model's output: [13, 3], seed_out: [13, 5]); a seed is like the output; it is a tangent that is like x
add(same(same(five)), same(same(seven)))  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
add(same(tl.tanh(same(five))), same(seven))  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
tl.matmul(same(tl.relu(same(x))), same(w))  # E: shape: matmul: inner dimensions differ: 5 (left: [13, 5]) and 7 (right: [7, 5]); did you mean .mT on the right operand?
copy.copy(five) + copy.copy(seven)  # E: shape-broadcast: add: axis 0 differs: 5 and 7 (left: [5], right: [7]); broadcasting is explicit: only an axis of size 1 stretches
add(copy.copy(five), copy.copy(five))
add(tl.ensure(copy.copy(five), "n"), seven)  # E: shape: add: dimension "n" is 5 in argument 1 ("x") but 7 in argument 2 ("y")
reveal_type(add(same(same(five)), copy.copy(five)))  # R: Float64[Tensor, "5"]
reveal_type(tl.relu(same(tl.tanh(same(x)))))  # R: Float64[Tensor, "13 5"]
reveal_type(tl.concat([same(x), same(tl.zeros((2, 5)))]))  # R: Float64[Tensor, "15 5"]
reveal_type(model(copy.copy(params), copy.copy(x)))  # R: Float64[Tensor, "13 3"]
reveal_type(TensorPack.of(same(five), same(x)))  # R: TensorPack["5, 13 5"]
reveal_type(Pair(copy.copy(five), same(five)).b)  # R: Float64[Tensor, "5"]
