# symbolic
"""Code for any model that is wrong for some."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from torchlean_typed import Seq, Tensor, TensorPack, autograd, loss, nn

I = TypeVar("I")
O = TypeVar("O")
P = TypeVar("P")
Q = TypeVar("Q")


def mixed(model: Seq[I, O, P], params: TensorPack[P], others: TensorPack[Q], x: Tensor, y: Tensor) -> TensorPack[P]:
    model(others, x)  # E: shape: Seq: params does not fit the model: the shapes are P in the model, here Q
    autograd.model.grad_params(model, loss.mse(), others, x, y)  # E: shape: grad_params: params does not fit the model: the shapes are P in the model, here Q
    autograd.model.hvp_params(model, loss.mse(), params, x, y, others)  # E: shape: hvp_params: vparams does not fit the model: the shapes are P in the model, here Q
    params - others  # E: shape: subtract: the right pack does not fit the left: the shapes are P in the left, here Q
    params.dot(others)  # E: shape: dot: the right pack does not fit the left: the shapes are P in the left, here Q
    return others  # E: return-value: Incompatible return value type (got "TensorPack[Q, Any]", expected "TensorPack[P, Any]")


def concrete(model: Seq[I, O, P], params: TensorPack["3 4, 4"], x: Tensor) -> Tensor:
    return model(params, x)  # E: shape: Seq: params does not fit the model: the shapes are P in the model, here "3 4, 4"


def in_lists(model: Seq[I, O, P], packs: list[TensorPack[P]], others: list[TensorPack[Q]]) -> TensorPack[P]:
    total(model, [packs[0], *packs])
    total(model, [packs[0], others[0]])  # E: shape: total: item 1 of argument 2 ("packs") does not fit the parameter pack of argument 1 ("model"): the shapes are P in the parameter pack of argument 1 ("model"), here Q
    mixed = [packs[0], others[0]]
    total(model, mixed)  # E: shape: total: item 0 of argument 2 ("packs") is one of several packs, whose shapes differ
    return total(model, others)  # E: shape: total: item 0 of argument 2 ("packs") does not fit the parameter pack of argument 1 ("model"): the shapes are P in the parameter pack of argument 1 ("model"), here Q


def total(model: Seq[I, O, P], packs: Sequence[TensorPack[P]]) -> TensorPack[P]:
    return packs[0]


class Optimizer(Generic[P]):
    def __init__(self, params: TensorPack[P]) -> None:
        self.params = params

    def step(self, gradients: Sequence[TensorPack[P]]) -> TensorPack[P]:
        return self.params - gradients[0]


class State(NamedTuple, Generic[P]):
    params: TensorPack[P]
    velocity: TensorPack[P]


def stepped(model: Seq[I, O, P], optimizer: Optimizer[P]) -> TensorPack[P]:
    return optimizer.params


net, other = nn.linear(5, 3), nn.linear(3, 5)
stepped(net, Optimizer(net.init(seed=0)))
stepped(net, Optimizer(other.init(seed=0)))  # E: shape: stepped: argument 2 ("optimizer") does not fit the parameter pack of argument 1 ("model"): entry 0 ("0.weight") is [3, 5] in the parameter pack of argument 1 ("model"), here [5, 3]; was it made by another model?
State(net.init(seed=0), other.init(seed=0))  # E: shape: State: argument 2 ("velocity") does not fit argument 1 ("params"): entry 0 ("0.weight") is [3, 5] in argument 1 ("params"), here [5, 3]; was it made by another model?
Optimizer(net.init(seed=0)).step([other.init(seed=0)])  # E: shape: step: entry 0 ("0.weight") of item 0 of argument 1 ("gradients") has shape [5, 3], expected [3, 5]
