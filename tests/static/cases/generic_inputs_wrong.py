# symbolic
"""Code for any model that mixes up what it takes and what it gives."""

from typing import TypeVar

import torchlean_typed as tl
from torchlean_typed import Seq, Tensor, TensorPack, autograd, loss, nn

I = TypeVar("I", bound=Tensor)
O = TypeVar("O", bound=Tensor)
P = TypeVar("P")


def mixed(model: Seq[I, O, P], params: TensorPack[P], x: I, y: O, other: Tensor) -> None:
    model(params, y)  # E: shape: Seq: x has shape [*O], the model takes [*I]
    autograd.model.grad_params(model, loss.mse(), params, y, x)  # E: shape: grad_params: x has shape [*O], the model takes [*I]
    loss.mse()(model(params, x), x)  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [*O], target: [*I])
    model(params, tl.ones((5, 3)))  # E: shape: Seq: x has shape [5, 3], the model takes [*I]
    nn.Seq(model, model)  # E: shape: Seq: layer 1 (model) expects input [*I], got [*O] from layer 0 (model)
    reveal_type(model(params, other))  # R: Shaped[Tensor, "..."]
    reveal_type(autograd.model.vjp_params(model, params, x, y))  # R: TensorPack[P]

    def inner(z: I) -> Tensor:
        return model(params, z) + y

    inner(y)  # E: shape: inner: argument 1 ("z") has shape [*O], expected [*I]
