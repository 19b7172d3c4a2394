"""Messages, whole: one for each way in which shapes go wrong. Each says which dimension, where, and what to do."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, TensorPack, autograd, loss, nn

x, w, bias = tl.ones((5, 64)), tl.ones((10, 64)), tl.zeros(10)
images, kernel = tl.ones((5, 3, 8, 8)), tl.ones((4, 3, 3, 3))
labels, one_hot = tl.zeros(5, dtype=np.int64), tl.ones((5, 10))
model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 10))
teacher = nn.Seq(nn.linear(64, 96), nn.gelu(), nn.linear(96, 10))
params, teacher_params = model.init(seed=0), teacher.init(seed=0)
entropy, mse = loss.cross_entropy_one_hot(), loss.mse()

# products
x @ w  # E: shape: matmul: inner dimensions differ: 64 (left: [5, 64]) and 10 (right: [10, 64]); did you mean .mT on the right operand?
w @ x.T @ x.T  # E: shape: matmul: inner dimensions differ: 5 (left: [10, 5]) and 64 (right: [64, 5]); did you mean .mT on the right operand?
tl.ones((10, 5)) @ tl.ones((64, 10))  # E: shape: matmul: inner dimensions differ: 5 (left: [10, 5]) and 64 (right: [64, 10]); did you mean the operands the other way round?
tl.ones((5, 64, 3)) @ tl.ones((4, 3, 2))  # E: shape-broadcast: matmul: axis 0 differs: 5 and 4 (left: [5], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
tl.einsum("bi,io->bo", x, w)  # E: shape: einsum: the sizes of index i differ: 64 and 10 (operand 0: [5, 64], operand 1: [10, 64])
tl.vecdot(x, w)  # E: shape-broadcast: vecdot: axis 0 differs: 5 and 10 (left: [5, 64], right: [10, 64]); broadcasting is explicit: only an axis of size 1 stretches
tl.tensordot(x, w, axes=1)  # E: shape: tensordot: axis 1 of the left and axis 0 of the right operand differ: 64 and 10 (left: [5, 64], right: [10, 64])
tl.scaled_dot_product_attention(x, w, tl.ones((5, 64)))  # E: shape: scaled_dot_product_attention: the numbers of keys and values differ: 10 and 5 (query: [5, 64], key: [10, 64], value: [5, 64])
tl.solve(x, bias)  # E: shape: solve: the matrix is not square: 5 and 64 (operand: [5, 64])

# broadcasts
x @ w.T + tl.zeros((1, 5))  # E: shape-broadcast: add: axis 1 differs: 10 and 5 (left: [5, 10], right: [1, 5]); broadcasting is explicit: only an axis of size 1 stretches
x @ w.T + bias  # E: shape-broadcast: add: ranks differ (left: [5, 10], right: [10]); broadcasting is explicit: did you mean [None, :] on [10]?
x - tl.mean(x, axis=1)  # E: shape-broadcast: subtract: ranks differ (left: [5, 64], right: [5]); broadcasting is explicit: did you mean [:, None] on [5], or keepdims=True where it was reduced?
tl.ones(5) - tl.ones((5, 1))  # E: shape-broadcast: subtract: ranks differ (left: [5], right: [5, 1]); broadcasting is explicit: did you mean [:, None] on [5]?
x * x.T  # E: shape: multiply: axis 0 differs: 5 and 64 (left: [5, 64], right: [64, 5]); did you mean .T on one of them?
tl.where(x > 0.0, x, bias)  # E: shape-broadcast: where: ranks differ (condition: [5, 64], x: [5, 64], y: [10]); broadcasting is explicit: both operands need the same rank
tl.maximum(x, tl.ones((5, 63)))  # E: shape-broadcast: maximum: axis 1 differs: 64 and 63 (left: [5, 64], right: [5, 63]); broadcasting is explicit: only an axis of size 1 stretches
x + x.astype("float32")  # E: shape: add: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype

# axes and sizes
tl.sum(x, axis=2)  # E: shape: sum: axis 2 is out of range (operand: [5, 64])
tl.permute_dims(images, (0, 2, 3))  # E: shape: permute_dims: 3 axes for a tensor of rank 4 (operand: [5, 3, 8, 8]); name each axis once
tl.concat([x, w], axis=1)  # E: shape: concat: axis 0 differs: 5 and 10 (item 0: [5, 64], item 1: [10, 64]); did you mean axis=0?
tl.stack([x, w])  # E: shape: stack: axis 0 differs: 5 and 10 (item 0: [5, 64], item 1: [10, 64])
x.reshape((5, 8, 9))  # E: shape: reshape: 320 elements do not fit 360 (operand: [5, 64], shape: [5, 8, 9])
x.reshape((-1, 7))  # E: shape: reshape: 320 elements do not divide by 7 (operand: [5, 64], shape: [-1, 7])
tl.split(x, 3, axis=1)  # E: shape: split: axis 1 of size 64 has no 3 equal parts (operand: [5, 64])
tl.squeeze(x, axis=0)  # E: shape: squeeze: axis 0 has size 5, not 1 (operand: [5, 64])
tl.broadcast_to(bias, (5, 10))  # E: shape: broadcast_to: ranks differ (operand: [10], shape: [5, 10]); insert axes of size 1 with None
x[5]  # E: shape: getitem: index 5 is out of range for an axis of size 5 (operand: [5, 64])
x[:, :, 0]  # E: shape: getitem: 3 indices for a tensor of rank 2 (operand: [5, 64])
tl.zeros((3, -1))  # E: shape: zeros: size -1 is negative (shape: [3, -1])

# windows
tl.conv2d(images, kernel[:, :2])  # E: shape: conv2d: the channels of x and of the weight differ: 3 and 2 (x: [5, 3, 8, 8], weight: [4, 2, 3, 3])
tl.conv2d(images, tl.ones((4, 3, 9, 9)))  # E: shape: conv2d: a window of 9 does not fit axis -2, which has 8 elements with its padding (x: [5, 3, 8, 8], weight: [4, 3, 9, 9])
tl.max_pool2d(images, 2, padding=2)  # E: shape: max_pool2d: padding 2 is more than half of the kernel 2 (operand: [5, 3, 8, 8]); a window must not lie in the padding
tl.batch_norm(images, tl.ones(8), tl.zeros(3), tl.zeros(3), tl.ones(3))  # E: shape: batch_norm: axis 0 of weight differs: 3 and 8 (x: [5, 3, 8, 8], weight: [8], bias: [3], mean: [3], variance: [3])


# calls
@tl.checked
def project(x: Float64[Tensor, "b n"], w: Float64[Tensor, "m n"], bias: Float64[Tensor, "m"]) -> Float64[Tensor, "b m"]:
    return x @ w.T + bias[None, :]


@tl.checked
def halves(x: Float64[Tensor, "2*k"], y: Float64[Tensor, "k"]) -> Float64[Tensor, "k"]:
    return x.reshape((2, -1))[0] + y


@tl.checked
def heads(x: Float64[Tensor, "b h*k"], h: Dim["h"]) -> Float64[Tensor, "b h k"]:
    return x.reshape((x.shape[0], h, -1))


@tl.checked
def pairwise(a: Float64[Tensor, "*s n"], b: Float64[Tensor, "*s n"]) -> Float64[Tensor, "*s"]:
    return tl.vecdot(a, b)


@tl.checked
@dataclass(frozen=True)
class Affine:
    weight: Float64[Tensor, "m n"]
    bias: Float64[Tensor, "m"]

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b m"]:
        return x @ self.weight.T + self.bias[None, :]


project(x, w.T, bias)  # E: shape: project: dimension "n" is 64 in argument 1 ("x"), [b=5, n=64], but 10 in argument 2 ("w"), [m=64, n=10]; did you mean .mT on argument 2 ("w")?
project(x, w, tl.zeros(64))  # E: shape: project: dimension "m" is 10 in argument 2 ("w"), [m=10, n=64], but 64 in argument 3 ("bias")
project(x, w, bias[:, None])  # E: shape: project: argument 3 ("bias") has shape [10, 1], expected [m]
project(x, w, labels)  # E: shape: project: argument 3 ("bias") has dtype int64, expected float64
project(w, bias, x)  # E: shape: project: argument 2 ("w") has shape [10], expected [m, n]
project(x, bias=bias, w=2.0)  # E: arg-type: project: argument 2 ("w") must be a Tensor, got float; make a tensor with tl.tensor
halves(tl.ones(7), tl.ones(3))  # E: shape: halves: dimension "2*k" of argument 1 ("x") is 7, expected 6, as k is 3 in argument 2 ("y")
halves(tl.ones(6), tl.ones(4))  # E: shape: halves: dimension "2*k" of argument 1 ("x") is 6, expected 8, as k is 4 in argument 2 ("y")
heads(x, 7)  # E: shape: heads: dimension "h*k" of argument 1 ("x") is 64, which no k gives, as h is 7 in argument 2 ("h")
pairwise(tl.ones((5, 2, 3)), tl.ones((2, 5, 3)))  # E: shape: pairwise: "*s" is [5, 2] in argument 1 ("a") but [2, 5] in argument 2 ("b")
Affine(w, tl.zeros(64))  # E: shape: Affine: dimension "m" is 10 in argument 1 ("weight"), [m=10, n=64], but 64 in argument 2 ("bias")
Affine(w, bias)(w.T)  # E: shape: Affine: argument 1 ("x") has shape [64, 10], expected [b, 64]; did you mean .mT on argument 1 ("x")?

# packs
params["0.wieght"]  # E: shape: TensorPack: has no entry "0.wieght"; it has 4 entries: "0.weight", "0.bias", "2.weight", "2.bias"
params[4]  # E: shape: TensorPack: has no entry 4; it has 4 entries: "0.weight", "0.bias", "2.weight", "2.bias"
params + teacher_params  # E: shape: add: the right pack does not fit the left: entry 0 ("0.weight") is [32, 64] in the left, here [96, 64]; was it made by another model?
params * TensorPack.of(params[0], params[2], params[1], params[3])  # E: shape: multiply: the right pack does not fit the left: entry 1 ("0.bias") is [32] in the left, here [10, 32]; the same shapes in another order
params - TensorPack.of(params[0])  # E: shape: subtract: the right pack has 1 entry, the left has 4; shapes: the left [32 64, 32, 10 32, 10], the right pack [32 64]
params + x  # E: shape: add: a pack goes with packs and scalars (tensor: [5, 64])
params.dot(teacher_params)  # E: shape: dot: the right pack does not fit the left: entry 0 ("0.weight") is [32, 64] in the left, here [96, 64]; was it made by another model?
TensorPack.unflatten(tl.zeros(100), like=params)  # E: shape: unflatten: the vector does not fit (vector: [100], like.flatten(): [2410])
TensorPack.of(w, 1.0)  # E: arg-type: TensorPack.of: argument 2 must be a Tensor, got float; make a tensor with tl.tensor


@tl.checked
def step(p: Params[model], q: TensorPack["10 64, 10"]) -> None: ...


step(teacher_params, TensorPack.of(w, bias))  # E: shape: step: entry 0 ("0.weight") of argument 1 ("p") has shape [96, 64], expected [32, 64]
step(params, TensorPack.of(bias, w))  # E: shape: step: entry 0 of argument 2 ("q") has shape [10], expected [10, 64]; are the entries in the right order?
step(params, params)  # E: shape: step: argument 2 ("q") has 4 entries, expected 2; shapes: expected [10 64, 10], got [32 64, 32, 10 32, 10]

# models
nn.Seq(nn.linear(64, 48), nn.gelu(), nn.linear(32, 10))  # E: shape: Seq: layer 2 (linear) expects input [*b, 32], got [*b, 48] from layer 1 (gelu)
nn.input("3 8 8") >> nn.conv2d(1, 4, 3)  # E: shape: Seq: layer 1 (conv2d) expects input [*b, 1, h, w], got [*b, 3, 8, 8] from layer 0 (input)
nn.residual(nn.linear(64, 32))  # E: shape: residual: the inner model's output does not fit its input (input: [*b, 64], output: [*b, 32])
nn.multi_head_attention(64, 7)  # E: shape: multi_head_attention: 64 features do not divide into 7 heads
nn.linear(64, 0)  # E: shape: linear: out_features must be at least 1, got 0
nn.embedding(50, 64) >> nn.linear(32, 10)  # E: shape: Seq: layer 1 (linear) expects input [*b, 32], got [*b, 64] from layer 0 (embedding)
model(params, tl.ones((5, 32)))  # E: shape: Seq: x has shape [5, 32], the model takes [*b, 64]
model(params, x.T)  # E: shape: Seq: x has shape [64, 5], the model takes [*b, 64]; did you mean .mT?
model(teacher_params, x)  # E: shape: Seq: params does not fit the model: entry 0 ("0.weight") is [32, 64] in the model, here [96, 64]; was it made by another model?
model(x, params)  # E: arg-type: Seq: argument 1 ("params") must be a TensorPack, got Tensor; the order is Seq(params, x)

# losses
mse(model(params, x), tl.ones(5))  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [5, 10], target: [5]); did you mean target[:, None], or a one-hot target?
entropy(one_hot, tl.ones((5, 9)))  # E: shape: loss: cross_entropy_one_hot: the target does not have the shape of the model's output (output: [5, 10], target: [5, 9])
loss.cross_entropy()(one_hot, one_hot)  # E: shape: loss: cross_entropy: the target does not have the shape of the samples (output: [5, 10], target: [5, 10]); for one-hot targets use cross_entropy_one_hot

# derivatives of models
autograd.model.grad_params(model, entropy, teacher_params, x, one_hot)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [32, 64] in the model, here [96, 64]; was it made by another model?
autograd.model.grad_params(model, mse, params, x, tl.ones((5, 64)))  # E: shape: grad_params: mse: the target does not have the shape of the model's output (output: [5, 10], target: [5, 64])
autograd.model.grad_params(model, loss.mse(reduction="none"), params, x, one_hot)  # E: shape: grad_params: mse gives shape [5, 10], a scalar is needed; use reduction="mean" or "sum"
autograd.model.grad_x(entropy, model, params, x, one_hot)  # E: arg-type: grad_x: argument 1 ("model") must be a Seq, got OutputLoss; the order is grad_x(model, loss, params, x, target)
autograd.model.value_and_grads(model, entropy, params, labels[:, None], one_hot)  # E: shape: value_and_grads: x has shape [5, 1], the model takes [*b, 64]
autograd.model.vjp_params(model, params, x, tl.ones(10))  # E: shape: vjp_params: seed_out does not have the shape of the model's output (the model's output: [5, 10], seed_out: [10])
autograd.model.vjp_input(model, params, x, x)  # E: shape: vjp_input: seed_out does not have the shape of the model's output (the model's output: [5, 10], seed_out: [5, 64]); a seed is like the output; it is a tangent that is like x
autograd.model.hvp_params(model, mse, params, x, one_hot, teacher_params)  # E: shape: hvp_params: vparams does not fit the model: entry 0 ("0.weight") is [32, 64] in the model, here [96, 64]; was it made by another model?
autograd.model.jacrev_params(model, params, x).tensor  # E: shape: Rows.tensor: the rows are packs; use rows.stacked, a pack with a leading axis
autograd.model.linear_params(w, x)  # E: shape: linear_params: w must have rank 2 and b rank 1 (w: [10, 64], b: [5, 64])
params - 0.1 * autograd.model.grad_params(teacher, entropy, teacher_params, x, one_hot)  # E: shape: subtract: the right pack does not fit the left: entry 0 ("0.weight") is [32, 64] in the left, here [96, 64]; was it made by another model?

# derivatives of functions
autograd.fn.grad(lambda z: z @ w.T, x[0])  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [10]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(lambda z: tl.sum(z @ w), x[0])  # E: shape: matmul: inner dimensions differ: 64 (left: [64]) and 10 (right: [10, 64]); did you mean .mT on the right operand?
autograd.fn.vjp(lambda z: z @ w.T, x[0], x[0])  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [10], seed_out: [64]); a seed is like the output; it is a tangent that is like x
autograd.fn.jvp(lambda z: z @ w.T, x[0], bias)  # E: shape: jvp: v does not have the shape of x (x: [64], v: [10])
autograd.fn.grad(lambda z: tl.sum(z), labels)  # E: shape: grad: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.jacrev(lambda z: z @ w.T, x[0])[10]  # E: shape: Rows: has no row 10; it has 10
autograd.fn.jacrev(lambda z: z @ w.T, x[0]).tensor @ bias  # E: shape: matmul: inner dimensions differ: 64 (left: [10, 64]) and 10 (right: [10]); did you mean .mT on the left operand?

# annotations
tl.ensure(x, "b 32")  # E: shape: ensure: x has shape [5, 64], expected [b, 32]
tl.ensure(x, "n n")  # E: shape: ensure: x has shape [5, 64], expected [n, n]


def transposed(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
    return x  # E: return-value: transposed: the result has shape [n, m], expected [m, n]; did you mean .mT?


def local(x: Float64[Tensor, "n m"]) -> None:
    total: Float64[Tensor, "m"] = tl.sum(x, axis=1)  # E: assignment: assignment: the value has shape [n], expected [m]


def split_heads(x: Float64[Tensor, "b d"], h: Dim["h"]) -> Tensor:
    return x.reshape((x.shape[0], h, x.shape[1] // h))  # E: shape: reshape: b*d elements do not fit b*h*(d//h) (operand: [b, d], shape: [b, h, d//h])


# one by one instead of together
x.reshape(5, 64)  # E: shape: reshape: takes shape as one tuple, got 2 ints; did you mean shape=(5, 64)?
tl.reshape(x, 5, 8, 8)  # E: shape: reshape: takes shape as one tuple, got 3 ints; did you mean shape=(5, 8, 8)?
x.permute_dims(1, 0)  # E: shape: permute_dims: takes axes as one tuple, got 2 ints; did you mean axes=(1, 0)?
tl.broadcast_to(bias[None, :], 5, 10)  # E: shape: broadcast_to: takes shape as one tuple, got 2 ints; did you mean shape=(5, 10)?
tl.zeros(3, 4)  # E: shape: zeros: dtype must be a dtype, got 4; did you mean shape=(3, 4)?
tl.ones(3, 4, 5)  # E: shape: ones: takes shape as one tuple, got 3 ints; did you mean shape=(3, 4, 5)?
x.sum(0, 1)  # E: shape: sum: keepdims must be True or False, got 1; did you mean axis=(0, 1)?
tl.squeeze(tl.ones((1, 3, 1)), 0, 2)  # E: shape: squeeze: takes axis as one tuple, got 2 ints; did you mean axis=(0, 2)?


# how many there are
def unpacked(b: Dim["b"], k: Dim["k"]) -> None:
    w0, w1 = params  # E: misc: unpack: the pack has 4 entries, expected 2; they are "0.weight", "0.bias", "2.weight", "2.bias"
    w0, b0, w1, b1, extra = params  # E: misc: unpack: the pack has 4 entries, expected 5; they are "0.weight", "0.bias", "2.weight", "2.bias"
    b, n, m = x.shape  # E: misc: unpack: the shape [5, 64] has 2 sizes, expected 3
    (n,) = x.shape  # E: misc: unpack: the shape [5, 64] has 2 sizes, expected 1
    first, second = x  # E: shape: unpack: axis 0 has size 5, expected 2 (operand: [5, 64])
    x.shape[2]  # E: misc: shape: axis 2 is out of range (operand: [5, 64])
    x.reshape(b, k)  # E: shape: reshape: takes shape as one tuple, got 2 ints; did you mean shape=(b, k)?
