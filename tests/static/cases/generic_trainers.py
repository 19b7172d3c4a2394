"""Classes for any model that hold its data: Generic[I, O, P] of Seq[I, O, P] and of tensors of I and O."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Seq, Tensor, TensorPack, autograd, loss, nn

I = TypeVar("I", bound=Tensor)
O = TypeVar("O", bound=Tensor)
P = TypeVar("P")


class Problem(Generic[I, O, P]):
    def __init__(self, model: Seq[I, O, P], x: I, y: O) -> None:
        self.model, self.x, self.y = model, x, y
        self.loss = loss.mse()

    def value(self, params: TensorPack[P]) -> float:
        return autograd.model.value_and_grad_params_scalar(self.model, self.loss, params, self.x, self.y)[0]

    def grad(self, params: TensorPack[P]) -> TensorPack[P]:
        return autograd.model.grad_params(self.model, self.loss, params, self.x, self.y)

    def swapped(self, params: TensorPack[P]) -> TensorPack[P]:
        return autograd.model.grad_params(self.model, self.loss, params, self.y, self.x)  # E: shape: grad_params: x has shape [*O], the model takes [*I]

    def wrong_target(self, params: TensorPack[P]) -> float:
        return autograd.model.jvp_params(self.model, self.loss, params, self.x, self.x, params)  # E: shape: jvp_params: mse: the target does not have the shape of the model's output (output: [*O], target: [*I])


class Trainer(Generic[I, O, P]):
    def __init__(self, model: Seq[I, O, P], criterion: OutputLoss[O, O]) -> None:
        self.model, self.criterion = model, criterion

    def step(self, params: TensorPack[P], x: I, y: O) -> TensorPack[P]:
        return params - 0.1 * autograd.model.grad_params(self.model, self.criterion, params, x, y)


@dataclass(frozen=True)
class Data(Generic[I, O, P]):
    x: I
    model: Seq[I, O, P]
    params: TensorPack[P]


model = nn.Seq(nn.linear(3, 6), nn.tanh(), nn.linear(6, 2))
params = model.init(seed=0)
x, y = tl.ones((10, 3)), tl.ones((10, 2))
problem = Problem(model, x, y)
reveal_type(problem.x)  # R: Float64[Tensor, "10 3"]
reveal_type(problem.grad(params))  # R: TensorPack["6 3, 6, 2 6, 2"]
params = params - problem.value(params) * problem.grad(params)
trainer = Trainer(model, loss.mse())
reveal_type(trainer.step(params, x, y))  # R: TensorPack["6 3, 6, 2 6, 2"]
reveal_type(Data(x, model, params).params)  # R: TensorPack["6 3, 6, 2 6, 2"]


def of_other_data() -> None:
    problem.grad(nn.linear(3, 2).init(seed=0))  # E: shape: grad: argument 1 ("params") has 2 entries, expected 4; shapes: expected [6 3, 6, 2 6, 2], got [2 3, 2]
    trainer.step(params[0], x, y)  # E: arg-type: step: argument 1 ("params") must be a TensorPack, got Tensor; make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})
    Problem(model, y, x)  # E: shape: Problem: "*I" is [10, 3] in the input of argument 1 ("model") but [10, 2] in argument 2 ("x")
    Problem(model, x, y[:, 0])  # E: shape: Problem: "*O" is [10, 2] in the output of argument 1 ("model") but [10] in argument 3 ("y")
    Problem(model, x, tl.ones((9, 2)))  # E: shape: Problem: "*O" is [10, 2] in the output of argument 1 ("model") but [9, 2] in argument 3 ("y")
    Data(y, model, params)  # E: shape: Data: "*I" is [10, 2] in argument 1 ("x") but [*b, 3] in the input of argument 2 ("model")
    Data(x, model, nn.linear(3, 2).init(seed=0))  # E: shape: Data: argument 3 ("params") has 2 entries, the parameter pack of argument 2 ("model") has 4; shapes: the parameter pack of argument 2 ("model") [6 3, 6, 2 6, 2], argument 3 ("params") [2 3, 2]
