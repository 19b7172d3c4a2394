"""Integers and booleans: which models take them, and that nothing is differentiated with respect to them."""

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Seq, Tensor, autograd, loss, nn

of_tokens, of_numbers = nn.embedding(5, 3) >> nn.linear(3, 2), nn.linear(3, 2)
words, params = of_tokens.init(seed=0), of_numbers.init(seed=0)
tokens, numbers = tl.zeros((7,), dtype=np.int64), tl.zeros((7, 3), dtype=np.int64)
x, y, seed = tl.ones((7, 3)), tl.ones((7, 2)), tl.ones((7, 2))
classes = tl.zeros((7,), dtype=np.int64)
mse = loss.mse()

# a model that starts with an embedding takes integers, and gives floating values
reveal_type(of_tokens(words, tokens))  # R: Float64[Tensor, "7 2"]
reveal_type(autograd.model.grad_params(of_tokens, mse, words, tokens, y))  # R: TensorPack["5 3, 2 3, 2"]
reveal_type(autograd.model.value_and_grad_params(of_tokens, mse, words, tokens, y)[0])  # R: Float64[Tensor, ""]
reveal_type(autograd.model.value_and_grad_params_scalar(of_tokens, mse, words, tokens, y)[0])  # R: float
reveal_type(autograd.model.grad_target(of_tokens, mse, words, tokens, y))  # R: Float64[Tensor, "7 2"]
reveal_type(autograd.model.value_and_grad_target(of_tokens, mse, words, tokens, y)[1])  # R: Float64[Tensor, "7 2"]
reveal_type(autograd.model.vjp_params(of_tokens, words, tokens, seed))  # R: TensorPack["5 3, 2 3, 2"]
reveal_type(autograd.model.jacrev_params(of_tokens, words, tokens))  # R: Rows["14", TensorPack["5 3, 2 3, 2"]]
reveal_type(autograd.model.jvp_params(of_tokens, mse, words, tokens, y, words))  # R: float
reveal_type(autograd.model.hvp_params(of_tokens, mse, words, tokens, y, words))  # R: TensorPack["5 3, 2 3, 2"]

# what such a model does not take
of_tokens(words, tl.ones(7))  # E: shape: Seq: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.value_and_grads(of_tokens, mse, words, tl.ones(7), y)  # E: shape: value_and_grads: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.grad_params(of_tokens, mse, words, tl.ones(7), y)  # E: shape: grad_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.grad_inputs(of_tokens, mse, words, tl.ones(7), y)  # E: shape: grad_inputs: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.grad_x(of_tokens, mse, words, tl.ones(7), y)  # E: shape: grad_x: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.grad_target(of_tokens, mse, words, tl.ones(7), y)  # E: shape: grad_target: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.value_and_grad_params(of_tokens, mse, words, tl.ones(7), y)  # E: shape: value_and_grad_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.value_and_grad_params_scalar(of_tokens, mse, words, tl.ones(7), y)  # E: shape: value_and_grad_params_scalar: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.value_and_grad_x(of_tokens, mse, words, tl.ones(7), y)  # E: shape: value_and_grad_x: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.value_and_grad_target(of_tokens, mse, words, tl.ones(7), y)  # E: shape: value_and_grad_target: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.jvp_params(of_tokens, mse, words, tl.ones(7), y, words)  # E: shape: jvp_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.hvp_params(of_tokens, mse, words, tl.ones(7), y, words)  # E: shape: hvp_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.vjp_params(of_tokens, words, tl.ones(7), seed)  # E: shape: vjp_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.vjp_inputs(of_tokens, words, tl.ones(7), seed)  # E: shape: vjp_inputs: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.vjp_input(of_tokens, words, tl.ones(7), seed)  # E: shape: vjp_input: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
autograd.model.jacrev_params(of_tokens, words, tl.ones(7))  # E: shape: jacrev_params: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
of_tokens(words, tl.ones(7) > 0)  # E: shape: Seq: x has dtype bool, the model takes integers; make them with tl.tensor(..., np.int64)
nn.add_branches(of_tokens, of_tokens)(nn.add_branches(of_tokens, of_tokens).init(0), tl.ones(7))  # E: shape: Seq: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
(nn.relu() >> of_tokens)((nn.relu() >> of_tokens).init(0), tl.ones(7))  # E: shape: Seq: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)

# what it is not differentiated with respect to
autograd.model.value_and_grads(of_tokens, mse, words, tokens, y)  # E: shape: value_and_grads: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.grad_inputs(of_tokens, mse, words, tokens, y)  # E: shape: grad_inputs: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.grad_x(of_tokens, mse, words, tokens, y)  # E: shape: grad_x: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.value_and_grad_x(of_tokens, mse, words, tokens, y)  # E: shape: value_and_grad_x: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.vjp_inputs(of_tokens, words, tokens, seed)  # E: shape: vjp_inputs: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.vjp_input(of_tokens, words, tokens, seed)  # E: shape: vjp_input: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.model.value_and_grads(of_numbers, loss.cross_entropy(), params, x, classes)  # E: shape: value_and_grads: cannot differentiate with respect to target of dtype int64; convert it with astype
autograd.model.grad_inputs(of_numbers, loss.cross_entropy(), params, x, classes)  # E: shape: grad_inputs: cannot differentiate with respect to target of dtype int64; convert it with astype
autograd.model.grad_target(of_numbers, loss.cross_entropy(), params, x, classes)  # E: shape: grad_target: cannot differentiate with respect to target of dtype int64; convert it with astype
autograd.model.value_and_grad_target(of_numbers, loss.cross_entropy(), params, x, classes)  # E: shape: value_and_grad_target: cannot differentiate with respect to target of dtype int64; convert it with astype

# any other model takes floating values
of_numbers(params, numbers)  # E: shape: Seq: x has dtype int64, the model takes a floating dtype; convert it with astype
of_numbers(params, x > 0)  # E: shape: Seq: x has dtype bool, the model takes a floating dtype; convert it with astype
autograd.model.grad_params(of_numbers, mse, params, numbers, y)  # E: shape: grad_params: x has dtype int64, the model takes a floating dtype; convert it with astype
autograd.model.grad_target(of_numbers, mse, params, numbers, y)  # E: shape: grad_target: x has dtype int64, the model takes a floating dtype; convert it with astype
autograd.model.value_and_grad_params(of_numbers, mse, params, numbers, y)  # E: shape: value_and_grad_params: x has dtype int64, the model takes a floating dtype; convert it with astype
autograd.model.jacrev_params(of_numbers, params, numbers)  # E: shape: jacrev_params: x has dtype int64, the model takes a floating dtype; convert it with astype
autograd.model.vjp_params(of_numbers, params, numbers, seed)  # E: shape: vjp_params: x has dtype int64, the model takes a floating dtype; convert it with astype
(nn.flatten(1) >> of_numbers)((nn.flatten(1) >> of_numbers).init(0), numbers)  # E: shape: Seq: x has dtype int64, the model takes a floating dtype; convert it with astype

# functions
autograd.fn.grad(lambda v: tl.sum(v), classes)  # E: shape: grad: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.value_and_grad(lambda v: tl.sum(v), classes)  # E: shape: value_and_grad: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.value_and_grad_scalar(lambda v: tl.sum(v), classes)  # E: shape: value_and_grad_scalar: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.hessian(lambda v: tl.sum(v), classes)  # E: shape: hessian: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.jacrev(lambda v: v, classes)  # E: shape: jacrev: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.jacfwd(lambda v: v, classes)  # E: shape: jacfwd: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.vjp(lambda v: v, classes, classes)  # E: shape: vjp: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.jvp(lambda v: v, classes, classes)  # E: shape: jvp: cannot differentiate with respect to x of dtype int64; convert it with astype
autograd.fn.hvp(lambda v: tl.sum(v), classes, classes)  # E: shape: hvp: cannot differentiate with respect to x of dtype int64; convert it with astype


# a model of which only the shapes are known may take either
@tl.checked
def score(model: Seq["*b 3", "*b 2", "2 3, 2"], x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 2"]:
    return model(model.init(seed=0), x)


reveal_type(score(of_numbers, x))  # R: Float64[Tensor, "7 2"]
