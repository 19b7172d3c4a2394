# symbolic
"""Code for any model that is wrong for some."""

from typing import TypeVar

from torchlean_typed import Seq, Tensor, TensorPack, autograd, loss

I = TypeVar("I")
O = TypeVar("O")
P = TypeVar("P")
Q = TypeVar("Q")


def mixed(model: Seq[I, O, P], params: TensorPack[P], others: TensorPack[Q], x: Tensor, y: Tensor) -> TensorPack[P]:
    model(others, x)  # E: shape: Seq: params does not fit the model: the shapes are P, here Q
    autograd.model.grad_params(model, loss.mse(), others, x, y)  # E: shape: grad_params: params does not fit the model: the shapes are P, here Q
    autograd.model.hvp_params(model, loss.mse(), params, x, y, others)  # E: shape: hvp_params: vparams does not fit the model: the shapes are P, here Q
    params - others  # E: shape: subtract: the right pack does not fit the left: the shapes are P, here Q
    params.dot(others)  # E: shape: dot: the right pack does not fit the left: the shapes are P, here Q
    return others  # E: return-value: Incompatible return value type (got "TensorPack[Q, Any]", expected "TensorPack[P, Any]")


def concrete(model: Seq[I, O, P], params: TensorPack["3 4, 4"], x: Tensor) -> Tensor:
    return model(params, x)  # E: shape: Seq: params does not fit the model: the shapes are P, here "3 4, 4"
