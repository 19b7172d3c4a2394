"""The eight bugs of the demo, with sizes: each is refused, by the checker before it runs and when it runs."""

import torchlean_typed as tl
from torchlean_typed import OutputLoss, TensorPack, autograd, loss, nn

model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 10))
teacher = nn.Seq(nn.linear(64, 96), nn.gelu(), nn.linear(96, 10))
digit = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 1))
params, teacher_params, digit_params = model.init(seed=0), teacher.init(seed=0), digit.init(seed=0)
x, y = tl.random.uniform((5, 64), seed=0), tl.random.uniform((5, 10), seed=1)
cross_entropy = loss.cross_entropy_one_hot()

# transposed weights
tl.gelu(x @ params[0].T + params[1][None, :])
tl.gelu(x @ params[0] + params[1][None, :])  # E: shape: matmul: inner dimensions differ: 64 (left: [5, 64]) and 32 (right: [32, 64]); did you mean .mT on the right operand?

# swapped pack entries
params * TensorPack.of(tl.ones((32, 64)), tl.zeros(32), tl.ones((10, 32)), tl.zeros(10))
params * TensorPack.of(tl.ones((32, 64)), tl.ones((10, 32)), tl.zeros(32), tl.zeros(10))  # E: shape: multiply: the right pack does not fit the left: entry 1 ("0.bias") is [32] in the left, here [10, 32]; the same shapes in another order

# [b] against [b, 1]
autograd.model.grad_params(digit, OutputLoss(lambda o, t: tl.mean((o - t[:, None]) ** 2)), digit_params, x, tl.ones(5))
autograd.model.grad_params(digit, OutputLoss(lambda o, t: tl.mean((o - t) ** 2)), digit_params, x, tl.ones(5))  # E: shape-broadcast: subtract: ranks differ (left: [5, 1], right: [5]); broadcasting is explicit: did you mean [:, None] on [5]?
autograd.model.grad_params(digit, loss.mse(), digit_params, x, tl.ones(5))  # E: shape: grad_params: mse: the target does not have the shape of the model's output (output: [5, 1], target: [5]); did you mean target[:, None], or a one-hot target?

# a seed of the wrong shape
autograd.model.vjp_params(model, params, x, tl.softmax(model(params, x), axis=1) - y)
autograd.model.vjp_params(model, params, x, tl.mean(tl.softmax(model(params, x), axis=1) - y, axis=0))  # E: shape: vjp_params: seed_out does not have the shape of the model's output (the model's output: [5, 10], seed_out: [10])

# a wrong axis
tl.mean(tl.logsumexp(model(params, x), axis=1) - tl.sum(model(params, x) * y, axis=1))
tl.mean(tl.logsumexp(model(params, x), axis=0) - tl.sum(model(params, x) * y, axis=1))  # E: shape-broadcast: subtract: axis 0 differs: 10 and 5 (left: [10], right: [5]); broadcasting is explicit: only an axis of size 1 stretches

# Jacobian rows used as columns
jacobian = autograd.fn.jacrev(lambda image: model(params, image), x[0]).tensor
jacobian.T @ (tl.softmax(model(params, x[0])) - y[0])
jacobian @ (tl.softmax(model(params, x[0])) - y[0])  # E: shape: matmul: inner dimensions differ: 64 (left: [10, 64]) and 10 (right: [10]); did you mean .mT on the left operand?

# a layer that does not fit
nn.Seq(nn.linear(64, 48), nn.gelu(), nn.linear(48, 10))
nn.Seq(nn.linear(64, 48), nn.gelu(), nn.linear(32, 10))  # E: shape: Seq: layer 2 (linear) expects input [*b, 32], got [*b, 48] from layer 1 (gelu)

# gradients of another model
params - 0.5 * autograd.model.grad_params(model, cross_entropy, params, x, y)
params - 0.5 * autograd.model.grad_params(teacher, cross_entropy, teacher_params, x, y)  # E: shape: subtract: the right pack does not fit the left: entry 0 ("0.weight") is [32, 64] in the left, here [96, 64]; was it made by another model?
