"""Lambdas with a name: what they give is checked where the name is used, with the shapes that they get there."""

import torchlean_typed as tl
from torchlean_typed import OutputLoss, autograd, nn

x, basis = tl.ones(3), tl.ones((7, 3))
model = nn.linear(4, 3)
params, data, target = model.init(seed=0), tl.ones((5, 4)), tl.ones((5, 3))

energy = lambda q: tl.sum(basis @ q)
residual = lambda q: basis @ q
rows = lambda q: q @ basis
reveal_type(autograd.fn.grad(energy, x))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.jacrev(residual, x).tensor)  # R: Float64[Tensor, "7 3"]
reveal_type(autograd.fn.jvp(residual, x, x))  # R: Float64[Tensor, "7"]
autograd.fn.grad(residual, x)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [7]); sum it first, or use jacrev for a function with many outputs
autograd.fn.vjp(residual, x, x)  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [7], seed_out: [3]); a seed is like the output; it is a tangent that is like x
reveal_type(autograd.fn.vjp(rows, tl.ones(7), x))  # R: Float64[Tensor, "7"]

squared = OutputLoss(lambda o, t: tl.mean((o - t) ** 2))
difference = lambda o, t: tl.mean(tl.abs(o - t))
each = lambda o, t: tl.abs(o - t)
autograd.model.grad_params(model, OutputLoss(difference), params, data, target)
autograd.model.grad_params(model, OutputLoss(each), params, data, target)  # E: shape: grad_params: the loss gives shape [5, 3], a scalar is needed; sum it, or average it
named = OutputLoss(each)
autograd.model.grad_params(model, named, params, data, target)  # E: shape: grad_params: the loss gives shape [5, 3], a scalar is needed; sum it, or average it

first = lambda entry: entry[:1]
reveal_type(params.map(first))  # R: TensorPack["1 4, 1"]
params.map(first) + params  # E: shape: add: the right pack does not fit the left: entry 0 ("0.weight") is [1, 4] in the left, here [3, 4]; was it made by another model?
