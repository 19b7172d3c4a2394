"""Seq: layers chained, parameters made, models called."""

from typing import Final

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Seq, Tensor, TensorPack, nn

HIDDEN: Final = 8

# chained
model = nn.Seq(nn.linear(3, HIDDEN), nn.relu(), nn.linear(HIDDEN, 2))
reveal_type(model)  # R: Seq["*b 3", "*b 2", "8 3, 8, 2 8, 2"]
reveal_type(nn.linear(3, 4) >> nn.gelu() >> nn.linear(4, 2, bias=False))  # R: Seq["*b 3", "*b 2", "4 3, 4, 2 4"]
reveal_type(nn.Seq(nn.linear(3, 2 * HIDDEN), nn.tanh()))  # R: Seq["*b 3", "*b 16", "16 3, 16"]
reveal_type(nn.Seq(model, nn.softmax()))  # R: Seq["*b 3", "*b 2", "8 3, 8, 2 8, 2"]
reveal_type(nn.Seq(nn.input("1 28 28"), nn.flatten(3), nn.linear(784, 10)))  # R: Seq["*b 1 28 28", "*b 10", "10 784, 10"]
reveal_type(nn.linear(3, 8) >> nn.residual(nn.linear(8, 8) >> nn.sigmoid()) >> nn.layer_norm(8))  # R: Seq["*b 3", "*b 8", "8 3, 8, 8 8, 8, 8, 8"]
reveal_type(nn.relu())  # R: Seq["*b", "*b", ""]
reveal_type(nn.Seq())  # R: Seq["*b", "*b", ""]
nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(5, 2))  # E: shape: Seq: layer 2 (linear) expects input [*b, 5], got [*b, 4] from layer 1 (relu)
nn.linear(3, 4) >> nn.linear(3, 4)  # E: shape: Seq: layer 1 (linear) expects input [*b, 3], got [*b, 4] from layer 0 (linear)
nn.Seq(
    nn.linear(3, 4),
    nn.layer_norm(5),  # E: shape: Seq: layer 1 (layer_norm) expects input [*b, 5], got [*b, 4] from layer 0 (linear)
)
nn.Seq(nn.flatten(2), nn.linear(784, 10))  # E: shape: Seq: which sizes layer 1 (linear) gets cannot be inferred: it expects [*b, 784], got [*b, n0*n1]; state the input shape: nn.input("1 28 28") first
nn.residual(nn.linear(8, 9))  # E: shape: residual: the inner model's output does not fit its input (input: [*b, 8], output: [*b, 9])
nn.linear(0, 3)  # E: shape: linear: in_features must be at least 1, got 0
nn.linear(3, -HIDDEN)  # E: shape: linear: out_features must be at least 1, got -8
nn.linear("3", 4)  # E: arg-type: Argument 1 to "linear" has incompatible type "str"; expected "int"
nn.flatten(0)  # E: shape: flatten: axes must be at least 1, got 0
nn.input("1 28 #n")  # E: shape: input: "#n" marks a broadcast, which Tensor does not have; broadcasting is explicit here: write the sizes as they are
nn.Seq(model, model)  # E: shape: Seq: layer 3 (linear) expects input [*b, 3], got [*b, 2] from layer 2 (linear)
nn.Seq(nn.relu)  # E: arg-type: Seq: argument 1 must be a Seq, got the function relu

# a layer of one's own
@tl.checked
def scale(p: TensorPack["n"], x: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b n"]:
    return x


reveal_type(nn.Seq(nn.linear(3, 8), nn.layer(scale, params="8"), nn.linear(8, 2)))  # R: Seq["*b 3", "*b 2", "8 3, 8, 8, 2 8, 2"]
reveal_type(nn.layer(lambda p, x: x * p["scale"], params={"scale": ""}, input="*b n", output="*b n") >> nn.linear(3, 1))  # R: Seq["*b 3", "*b 1", "(), 1 3, 1"]
reveal_type(nn.layer(lambda x: x[..., :2], input="*b 3", output="*b 2"))  # R: Seq["*b 3", "*b 2", ""]
nn.Seq(nn.linear(3, 8), nn.layer(lambda x: x, input="*b 9", output="*b 9"))  # E: shape: Seq: layer 1 (layer) expects input [*b, 9], got [*b, 8] from layer 0 (linear)

# what a model says of itself
reveal_type(tl.zeros(model.in_shape))  # R: Float64[Tensor, "3"]
reveal_type(tl.zeros((5, *model.out_shape)))  # R: Float64[Tensor, "5 2"]
reveal_type(tl.zeros(model.param_shapes[2]))  # R: Float64[Tensor, "2 8"]

# initialised
params = model.init(seed=1)
params32 = model.init(seed=1, dtype=np.float32)
model.init(seed=1, dtype=np.int64)  # E: shape: init: parameters have a floating dtype, got int64
reveal_type(model.init(seed=1, dtype="float")[0])  # R: Float64[Tensor, "8 3"]
reveal_type(params)  # R: TensorPack["8 3, 8, 2 8, 2"]
reveal_type(params32[0])  # R: Float32[Tensor, "8 3"]

# called
x, x32 = tl.zeros((5, 3)), tl.zeros((5, 3), dtype="float32")
reveal_type(model(params, x))  # R: Float64[Tensor, "5 2"]
reveal_type(model(params, tl.zeros(3)))  # R: Float64[Tensor, "2"]
reveal_type(model(params, tl.zeros((6, 5, 3))))  # R: Float64[Tensor, "6 5 2"]
reveal_type(model(params32, x32))  # R: Float32[Tensor, "5 2"]
model(params, tl.zeros((5, 4)))  # E: shape: Seq: x has shape [5, 4], the model takes [*b, 3]
model(params, tl.zeros(()))  # E: shape: Seq: x has shape [], the model takes [*b, 3]
model(nn.linear(3, 2).init(seed=0), x)  # E: shape: Seq: params has 2 entries, the model has 4; shapes: the model [8 3, 8, 2 8, 2], params [2 3, 2]
model(params - 0.1 * nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(4, 2)).init(seed=1), x)  # E: shape: subtract: the right pack does not fit the left: entry 0 ("0.weight") is [8, 3] in the left, here [4, 3]; was it made by another model?
model(params32, x)  # E: shape: Seq: dtypes differ: params "0.weight" is float32, x is float64; dtypes are not promoted: convert one with astype
model(params, x32)  # E: shape: Seq: dtypes differ: params "0.weight" is float64, x is float32; dtypes are not promoted: convert one with astype
model(x, params)  # E: arg-type: Seq: argument 1 ("params") must be a TensorPack, got Tensor; the order is Seq(params, x)
nn.relu()(TensorPack.of(), x) @ x  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 5 (right: [5, 3]); did you mean .mT on the right operand?


# as an annotation
@tl.checked
def mlp(n: Dim["n"], m: Dim["m"]) -> Seq["*b n", "*b m", "2*n n, 2*n, m 2*n, m"]:
    return nn.Seq(nn.linear(n, 2 * n), nn.tanh(), nn.linear(2 * n, m))


@tl.checked
def apply(model: Seq["*b n", "*b m"], p: TensorPack, x: Float64[Tensor, "k n"]) -> Float64[Tensor, "k m"]:
    return model(p, x)


@tl.checked
def affine(model: Seq["*b i", "*b o", "o i, o"], p: TensorPack["o i, o"]) -> Float64[Tensor, "o"]:
    return model(p, tl.zeros(p[0].shape[1]))


made = mlp(4, 3)
reveal_type(made)  # R: Seq["*b 4", "*b 3", "8 4, 8, 3 8, 3"]
reveal_type(made(made.init(seed=0), tl.zeros((5, 4))))  # R: Float64[Tensor, "5 3"]
reveal_type(apply(model, params, x))  # R: Float64[Tensor, "5 2"]
reveal_type(affine(nn.linear(3, 2), nn.linear(3, 2).init(seed=0)))  # R: Float64[Tensor, "2"]
apply(model, params, tl.zeros((5, 4)))  # E: shape: apply: dimension "n" is 3 in the input of argument 1 ("model") but 4 in argument 3 ("x"), [k=5, n=4]
apply(model, params, tl.zeros(3))  # E: shape: apply: argument 3 ("x") has shape [3], expected [k, n]
apply(nn.relu(), TensorPack.of(), tl.zeros((5, 4)))
affine(model, params)  # E: shape: affine: the parameter pack of argument 1 ("model") has 4 entries, expected 2; shapes: expected [o i, o], got [8 3, 8, 2 8, 2]
affine(nn.linear(3, 2), nn.linear(2, 3).init(seed=0))  # E: shape: affine: dimension "o" is 2 in the output of argument 1 ("model") but 3 in entry 0 ("0.weight") of argument 2 ("p"), [o=3, i=2]; did you mean .mT on entry 0 ("0.weight") of argument 2 ("p")?
affine(nn.linear(3, 2), params)  # E: shape: affine: argument 2 ("p") has 4 entries, expected 2; shapes: expected [o i, o], got [8 3, 8, 2 8, 2]

# one of several
several = {"a": model, "b": nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(4, 2))}
reveal_type(several["a"](several["a"].init(seed=0), x))  # R: Float64[Tensor, "5 2"]
layers = [nn.linear(3, 3) for _ in range(4)]
deep = nn.Seq(*layers)
reveal_type(deep)  # R: Seq["*b 3", "*b 3", "3 3, 3, 3 3, 3, 3 3, 3, 3 3, 3"]
reveal_type(deep(deep.init(seed=0), x))  # R: Float64[Tensor, "5 3"]


# what the function of a layer takes
def dense(p: TensorPack["2 4, 2"], x: Float64[Tensor, "*b 4"], factor: float = 1.0) -> Float64[Tensor, "*b 2"]:
    return x @ p[0].T


def three(p: TensorPack["n"], x: Tensor, y: Tensor) -> Tensor:
    return x


def named(p: TensorPack["2 n, n"], x: Tensor, *, factor: float = 1.0) -> Tensor:
    return x


reveal_type(nn.layer(dense, params="2 4, 2"))  # R: Seq["*b 4", "*b 2", "2 4, 2"]
reveal_type(nn.layer(dense, params={"w": "2 4", "b": "2"}))  # R: Seq["*b 4", "*b 2", "2 4, 2"]
nn.layer(dense, params="4 2, 2")  # E: shape: layer: entry 0 of params has shape [4, 2], expected [2, 4]
nn.layer(dense, params={"w": "4 2", "b": "2"})  # E: shape: layer: entry 0 ("w") of params has shape [4, 2], expected [2, 4]
nn.layer(dense, params="2 4")  # E: shape: layer: params has 1 entry, expected 2; shapes: expected [2 4, 2], got [2 4]
nn.layer(dense)  # E: shape: layer: the function must take x alone, as it has no parameters; dense takes (p, x, factor=...)
nn.layer(three, params="3")  # E: shape: layer: the function must take (params, x), a TensorPack and a Tensor; three takes (p, x, y)
nn.layer(named)  # E: shape: layer: the function must take x alone, as it has no parameters; named takes (p, x, *, factor=...)
nn.layer(named, params="2 3, 4")  # E: shape: layer: dimension "n" is 3 in entry 0 of params, [2, n=3], but 4 in entry 1 of params
reveal_type(nn.layer(named, params="2 3, 3"))  # R: Seq["...", "...", "2 3, 3"]
nn.layer(lambda p, x: x)  # E: shape: layer: the function must take x alone, as it has no parameters; <lambda> takes (p, x)
nn.layer(lambda x: x, params="3")  # E: shape: layer: the function must take (params, x), a TensorPack and a Tensor; <lambda> takes (x)
nn.layer(lambda *several: several[0])
