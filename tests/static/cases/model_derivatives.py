"""autograd.model, function by function."""

import numpy as np

import torchlean_typed as tl
from torchlean_typed import TensorPack, autograd, loss, nn
from torchlean_typed.autograd.model import ValueAndGrads

model = nn.Seq(nn.linear(3, 4), nn.gelu(), nn.linear(4, 2))
other = nn.Seq(nn.linear(3, 5), nn.gelu(), nn.linear(5, 2))
params, v = model.init(seed=0), model.init(seed=1)
mse, entropy = loss.mse(), loss.cross_entropy_one_hot()
x, y, seed = tl.ones((7, 3)), tl.ones((7, 2)), tl.ones((7, 2))

# what they give
reveal_type(autograd.model.linear_params(tl.ones((2, 3)), tl.zeros(2)))  # R: TensorPack["2 3, 2"]
reveal_type(autograd.model.grad_params(model, mse, params, x, y))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(autograd.model.grad_x(model, mse, params, x, y))  # R: Float64[Tensor, "7 3"]
reveal_type(autograd.model.grad_target(model, entropy, params, x, y))  # R: Float64[Tensor, "7 2"]
dx, dtarget = autograd.model.grad_inputs(model, mse, params, x, y)
reveal_type(dx)  # R: Float64[Tensor, "7 3"]
reveal_type(dtarget)  # R: Float64[Tensor, "7 2"]
out = autograd.model.value_and_grads(model, mse, params, x, y)
reveal_type(out.value)  # R: Float64[Tensor, ""]
reveal_type(out.dparams)  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(out.dparams["2.weight"])  # R: Float64[Tensor, "2 4"]
reveal_type(out.dx)  # R: Float64[Tensor, "7 3"]
reveal_type(out.dtarget)  # R: Float64[Tensor, "7 2"]
value, dparams = autograd.model.value_and_grad_params(model, mse, params, x, y)
reveal_type(value)  # R: Float64[Tensor, ""]
reveal_type(dparams)  # R: TensorPack["4 3, 4, 2 4, 2"]
number, dparams = autograd.model.value_and_grad_params_scalar(model, mse, params, x, y)
reveal_type(number)  # R: float
value, dx = autograd.model.value_and_grad_x(model, mse, params, x, y)
reveal_type(dx)  # R: Float64[Tensor, "7 3"]
value, dtarget = autograd.model.value_and_grad_target(model, mse, params, x, y)
reveal_type(dtarget)  # R: Float64[Tensor, "7 2"]
reveal_type(autograd.model.vjp_params(model, params, x, seed))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(autograd.model.vjp_inputs(model, params, x, seed))  # R: TensorPack["7 3"]
reveal_type(autograd.model.vjp_input(model, params, x, seed))  # R: Float64[Tensor, "7 3"]
reveal_type(autograd.model.jacrev_params(model, params, x))  # R: Rows["14", TensorPack["4 3, 4, 2 4, 2"]]
reveal_type(autograd.model.jvp_params(model, mse, params, x, y, v))  # R: float
reveal_type(autograd.model.hvp_params(model, mse, params, x, y, v))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(autograd.model.grad_params(model, mse, params, tl.ones(3), tl.ones(2)))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(params - 0.1 * out.dparams)  # R: TensorPack["4 3, 4, 2 4, 2"]

# what they refuse
autograd.model.linear_params(tl.ones((2, 3)), tl.zeros(3))  # E: shape: linear_params: b does not have the shape of w's first axis (w's first axis: [2], b: [3])
autograd.model.linear_params(tl.zeros(3), tl.ones((2, 3)))  # E: shape: linear_params: w must have rank 2 and b rank 1 (w: [3], b: [2, 3])
autograd.model.grad_params(model, mse, other.init(seed=0), x, y)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [4, 3] in the model, here [5, 3]; was it made by another model?
autograd.model.grad_params(model, mse, params, tl.ones((7, 4)), y)  # E: shape: grad_params: x has shape [7, 4], the model takes [*b, 3]
autograd.model.grad_params(model, mse, params, x, tl.ones(7))  # E: shape: grad_params: mse: the target does not have the shape of the model's output (output: [7, 2], target: [7]); did you mean target[:, None], or a one-hot target?
autograd.model.grad_x(model, entropy, params, x, x)  # E: shape: grad_x: cross_entropy_one_hot: the target does not have the shape of the model's output (output: [7, 2], target: [7, 3])
autograd.model.grad_inputs(model, mse, params, y, x)  # E: shape: grad_inputs: x has shape [7, 2], the model takes [*b, 3]
autograd.model.value_and_grads(model, mse, TensorPack.of(params[0], params[1]), x, y)  # E: shape: value_and_grads: params has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], params [4 3, 4]
autograd.model.value_and_grad_params(model, loss.mse(reduction="none"), params, x, y)  # E: shape: value_and_grad_params: mse gives shape [7, 2], a scalar is needed; use reduction="mean" or "sum"
autograd.model.vjp_params(model, params, x, tl.ones(2))  # E: shape: vjp_params: seed_out does not have the shape of the model's output (the model's output: [7, 2], seed_out: [2])
autograd.model.vjp_params(model, params, tl.ones(3), seed)  # E: shape: vjp_params: seed_out does not have the shape of the model's output (the model's output: [2], seed_out: [7, 2])
autograd.model.vjp_inputs(model, params, x, tl.ones((7, 3)))  # E: shape: vjp_inputs: seed_out does not have the shape of the model's output (the model's output: [7, 2], seed_out: [7, 3]); a seed is like the output; it is a tangent that is like x
autograd.model.vjp_input(model, params, x, tl.ones((2, 7)))  # E: shape: vjp_input: seed_out does not have the shape of the model's output (the model's output: [7, 2], seed_out: [2, 7])
autograd.model.jacrev_params(other, params, x)  # E: shape: jacrev_params: params does not fit the model: entry 0 ("0.weight") is [5, 3] in the model, here [4, 3]; was it made by another model?
autograd.model.jvp_params(model, mse, params, x, y, other.init(seed=0))  # E: shape: jvp_params: vparams does not fit the model: entry 0 ("0.weight") is [4, 3] in the model, here [5, 3]; was it made by another model?
autograd.model.hvp_params(model, mse, params, x, y, TensorPack.of(params[0]))  # E: shape: hvp_params: vparams has 1 entry, the model has 4; shapes: the model [4 3, 4, 2 4, 2], vparams [4 3]
params - 0.1 * autograd.model.grad_params(other, mse, other.init(seed=0), x, y)  # E: shape: subtract: the right pack does not fit the left: entry 0 ("0.weight") is [4, 3] in the left, here [5, 3]; was it made by another model?
autograd.model.jacrev_params(model, params, x)[14]  # E: shape: Rows: has no row 14; it has 14
autograd.model.jacrev_params(model, params, x).tensor  # E: shape: Rows.tensor: the rows are packs; use rows.stacked, a pack with a leading axis

# dtypes
params32 = model.init(seed=0, dtype=np.float32)
x32, y32 = tl.ones((7, 3), dtype=np.float32), tl.ones((7, 2), dtype=np.float32)
reveal_type(autograd.model.grad_params(model, mse, params32, x32, y32)[0])  # R: Float32[Tensor, "4 3"]
reveal_type(autograd.model.value_and_grads(model, mse, params32, x32, y32).value)  # R: Float32[Tensor, ""]
reveal_type(autograd.model.jacrev_params(model, params32, x32)[0][1])  # R: Float32[Tensor, "4"]
reveal_type(autograd.model.jacrev_params(model, params32, x32, chunk_size=4)[0][1])  # R: Float32[Tensor, "4"]
autograd.model.grad_params(model, mse, params32, x, y32)  # E: shape: grad_params: dtypes differ: params "0.weight" is float32, x is float64; dtypes are not promoted: convert one with astype
autograd.model.grad_params(model, mse, params, x, y32)  # E: shape: grad_params: dtypes differ: params "0.weight" is float64, target is float32; dtypes are not promoted: convert one with astype
autograd.model.hvp_params(model, mse, params32, x32, y32, v)  # E: shape: hvp_params: dtypes differ: params "0.weight" is float32, vparams "0.weight" is float64; dtypes are not promoted: convert one with astype
autograd.model.grad_x(model, mse, params, tl.ones((7, 3), dtype="int64"), y)  # E: shape: grad_x: cannot differentiate with respect to x of dtype int64; convert it with astype
params32 - autograd.model.grad_params(model, mse, params, x, y)  # E: shape: subtract: dtypes differ: float32 and float64; dtypes are not promoted: convert one with astype


@tl.checked
def size_of_step(out: ValueAndGrads) -> float:
    return float(out.dparams.norm())


reveal_type(size_of_step(out))  # R: float
