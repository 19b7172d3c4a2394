"""Losses: the standard ones, and one's own."""

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Tensor, autograd, loss, nn

model = nn.linear(3, 2)
params = model.init(seed=0)
x, y = tl.ones((5, 3)), tl.ones((5, 2))

reveal_type(loss.mse()(y, y))  # R: Float64[Tensor, ""]
reveal_type(loss.mse(reduction="sum")(y, y))  # R: Float64[Tensor, ""]
reveal_type(loss.mse(reduction="none")(y, y))  # R: Float64[Tensor, "5 2"]
reveal_type(loss.cross_entropy_one_hot()(y, y))  # R: Float64[Tensor, ""]
reveal_type(loss.cross_entropy_one_hot(reduction="none")(y, y))  # R: Float64[Tensor, "5"]
reveal_type(loss.cross_entropy_one_hot(reduction="none", axis=0)(y, y))  # R: Float64[Tensor, "2"]
reveal_type(loss.detach(loss.mse(reduction="none"))(y, y))  # R: Float64[Tensor, "5 2"]
classes = tl.tensor([0, 1, 1, 0, 1], np.int64)
reveal_type(loss.cross_entropy()(y, classes))  # R: Float64[Tensor, ""]
reveal_type(loss.cross_entropy(reduction="none")(y, classes))  # R: Float64[Tensor, "5"]
reveal_type(loss.cross_entropy(reduction="none", axis=0)(y, classes[:2]))  # R: Float64[Tensor, "2"]
reveal_type(autograd.model.value_and_grad_params(model, loss.cross_entropy(), params, x, classes)[1])  # R: TensorPack["2 3, 2"]
loss.cross_entropy()(y, y)  # E: shape: loss: cross_entropy: the target does not have the shape of the samples (output: [5, 2], target: [5, 2]); for one-hot targets use cross_entropy_one_hot
loss.cross_entropy()(y, classes[:3])  # E: shape: loss: cross_entropy: the target does not have the shape of the samples (output: [5, 2], target: [3]); it has the output's shape without the class axis
loss.cross_entropy()(y, tl.ones(5))  # E: shape: loss: cross_entropy: the target holds numbers of classes, got float64; for one-hot targets and probabilities use cross_entropy_one_hot
autograd.model.grad_params(model, loss.cross_entropy(), params, x, tl.ones(5))  # E: shape: grad_params: cross_entropy: the target holds numbers of classes, got float64; for one-hot targets and probabilities use cross_entropy_one_hot
autograd.model.grad_target(model, loss.cross_entropy(), params, x, classes)  # E: shape: grad_target: cannot differentiate with respect to target of dtype int64; convert it with astype
loss.mse()(y, x)  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [5, 2], target: [5, 3])
loss.mse()(y, tl.ones(5))  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [5, 2], target: [5]); did you mean target[:, None], or a one-hot target?
loss.cross_entropy_one_hot()(y, tl.ones((5, 1)))  # E: shape: loss: cross_entropy_one_hot: the target does not have the shape of the model's output (output: [5, 2], target: [5, 1])
loss.cross_entropy_one_hot(reduction="none", axis=2)(y, y)  # E: shape: loss: axis 2 is out of range (operand: [5, 2])
loss.mse(reduction="max")  # E: arg-type: Argument "reduction" to "mse" has incompatible type "Literal['max']"; expected "Literal['mean', 'sum', 'none']"


@tl.checked
def weighted(output: Float64[Tensor, "b n"], target: Float64[Tensor, "b n"]) -> Float64[Tensor, ""]:
    return tl.mean((output - target) ** 2)


@tl.checked
def one_a_sample(output: Float64[Tensor, "b n"], target: Float64[Tensor, "b n"]) -> Float64[Tensor, "b"]:
    return tl.mean((output - target) ** 2, axis=1)


@tl.checked
def labelled(output: Float64[Tensor, "b n"], target: Float64[Tensor, "b"]) -> Float64[Tensor, ""]:
    return tl.mean(output[:, 0] - target)


reveal_type(OutputLoss(weighted)(y, y))  # R: Float64[Tensor, ""]
reveal_type(OutputLoss(one_a_sample)(y, y))  # R: Float64[Tensor, "5"]
reveal_type(autograd.model.grad_params(model, OutputLoss(weighted), params, x, y))  # R: TensorPack["2 3, 2"]
reveal_type(autograd.model.grad_target(model, OutputLoss(labelled), params, x, tl.ones(5)))  # R: Float64[Tensor, "5"]
reveal_type(autograd.model.grad_x(model, OutputLoss(lambda o, t: tl.mean(tl.abs(o - t))), params, x, y))  # R: Float64[Tensor, "5 3"]
OutputLoss(weighted)(y, x)  # E: shape: loss: dimension "n" is 2 in the output given to weighted, [b=5, n=2], but 3 in the target of weighted, [b=5, n=3]
OutputLoss(labelled)(y, y)  # E: shape: loss: the target of labelled has shape [5, 2], expected [b]
autograd.model.grad_params(model, OutputLoss(one_a_sample), params, x, y)  # E: shape: grad_params: one_a_sample gives shape [5], a scalar is needed; sum it, or average it
autograd.model.grad_params(model, OutputLoss(labelled), params, x, y)  # E: shape: grad_params: the target of labelled has shape [5, 2], expected [b]
autograd.model.grad_params(model, OutputLoss(weighted), params, x, tl.ones((5, 1)))  # E: shape: grad_params: dimension "n" is 2 in the output given to weighted, [b=5, n=2], but 1 in the target of weighted, [b=5, n=1]
autograd.model.grad_params(model, OutputLoss(lambda o, t: (o - t) ** 2), params, x, y)  # E: shape: grad_params: the loss gives shape [5, 2], a scalar is needed; sum it, or average it
autograd.model.grad_params(model, OutputLoss(lambda o, t: tl.mean(o - t)), params, x, tl.ones(5))  # E: shape-broadcast: subtract: ranks differ (left: [5, 2], right: [5]); broadcasting is explicit: did you mean [:, None] on [5], or keepdims=True where it was reduced?
autograd.model.grad_params(model, loss.mse(reduction="none"), params, x, y)  # E: shape: grad_params: mse gives shape [5, 2], a scalar is needed; use reduction="mean" or "sum"

loss.mse()(y, y.astype("float32"))  # E: shape: loss: dtypes differ: the output is float64, the target is float32; dtypes are not promoted: convert one with astype
loss.cross_entropy_one_hot()(y, tl.ones((5, 2), "float32"))  # E: shape: loss: dtypes differ: the output is float64, the target is float32; dtypes are not promoted: convert one with astype


# as an annotation
@tl.checked
def total(criterion: OutputLoss["b n", "b n"], output: Float64[Tensor, "b n"]) -> Float64[Tensor, ""]:
    return criterion(output, output)


@tl.checked
def labels(criterion: OutputLoss["b n", "b"], output: Float64[Tensor, "b n"]) -> Float64[Tensor, ""]:
    return criterion(output, tl.argmax(output, axis=1))


@tl.checked
def of_columns(criterion: OutputLoss["b 1", "b"]) -> None: ...


reveal_type(total(loss.mse(), y))  # R: Float64[Tensor, ""]
reveal_type(total(OutputLoss(weighted), y))  # R: Float64[Tensor, ""]
reveal_type(labels(loss.cross_entropy(), y))  # R: Float64[Tensor, ""]
total(loss.cross_entropy(), y)  # E: shape: total: the target of argument 1 ("criterion") has shape [b], expected [b, n]
total(OutputLoss(labelled), y)  # E: shape: total: the target of argument 1 ("criterion") has shape [b], expected [b, n]
of_columns(OutputLoss(weighted))  # E: shape: of_columns: the target of argument 1 ("criterion") has shape [b, n], expected [b]
of_columns(loss.mse())  # E: shape: of_columns: the target of argument 1 ("criterion") has shape [b, 1], expected [b]


# a loss that is made where it is used is known as well as one with a name
detached = nn.Seq(nn.linear(3, 2))
autograd.model.grad_x(detached, loss.detach(loss.mse()), detached.init(seed=0), tl.ones((5, 3)), tl.ones((5, 2, 1)))  # E: shape: grad_x: mse: the target does not have the shape of the model's output (output: [5, 2], target: [5, 2, 1]); did you mean to squeeze the target's last axis?

# a loss of one's own without annotations is what it is where it is called
OutputLoss(lambda o, t: tl.sum((o - t) ** 2))(y, tl.ones((2, 5)))  # E: shape: subtract: axis 0 differs: 5 and 2 (left: [5, 2], right: [2, 5]); did you mean .T on one of them?
reveal_type(OutputLoss(lambda o, t: tl.mean(tl.abs(o - t)))(y, y))  # R: Float64[Tensor, ""]
squared = OutputLoss(lambda o, t: tl.mean((o - t) ** 2))
squared(y, tl.ones((2, 5)))  # E: shape: subtract: axis 0 differs: 5 and 2 (left: [5, 2], right: [2, 5]); did you mean .T on one of them?
reveal_type(squared(y, y))  # R: Float64[Tensor, ""]
autograd.model.grad_params(detached, squared, detached.init(seed=0), tl.ones((5, 3)), tl.ones(5))  # E: shape-broadcast: subtract: ranks differ (left: [5, 2], right: [5]); broadcasting is explicit: did you mean [:, None] on [5], or keepdims=True where it was reduced?
autograd.model.grad_params(detached, squared, detached.init(seed=0), tl.ones((5, 3)), tl.ones((5, 2)))
