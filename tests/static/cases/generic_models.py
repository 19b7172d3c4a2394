"""Code for any model: Seq[I, O, P] with TensorPack[P]."""

from typing import Generic, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Seq, Tensor, TensorPack, autograd, loss, nn

I = TypeVar("I")
O = TypeVar("O")
P = TypeVar("P")

model = nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(4, 2))
params = model.init(seed=0)
x, y = tl.ones((5, 3)), tl.ones((5, 2))


@tl.checked
def train(model: Seq[I, O, P], params: TensorPack[P], x: Tensor, y: Tensor, steps: int = 3) -> TensorPack[P]:
    for _ in range(steps):
        gradient = autograd.model.grad_params(model, loss.mse(), params, x, y)
        reveal_type(gradient)  # R: TensorPack[P]
        params = params - 0.1 * gradient
    reveal_type(model.init(seed=0))  # R: TensorPack[P]
    reveal_type(autograd.model.hvp_params(model, loss.mse(), params, x, y, params))  # R: TensorPack[P]
    reveal_type(autograd.model.jacrev_params(model, params, x)[0])  # R: TensorPack[P]
    out = autograd.model.value_and_grads(model, loss.mse(), params, x, y)
    return params - 0.1 * out.dparams


trained = train(model, params, x, y)
reveal_type(trained)  # R: TensorPack["4 3, 4, 2 4, 2"]
w, *rest = trained
reveal_type(w)  # R: Shaped[Tensor, "4 3"]
reveal_type(trained - params)  # R: TensorPack["4 3, 4, 2 4, 2"]
train(nn.linear(3, 2), params, x, y)  # E: shape: train: argument 2 ("params") has 4 entries, the parameter pack of argument 1 ("model") has 2; shapes: the parameter pack of argument 1 ("model") [2 3, 2], argument 2 ("params") [4 3, 4, 2 4, 2]
train(model, nn.linear(3, 2).init(seed=0), x, y)  # E: shape: train: argument 2 ("params") has 2 entries, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 3, 4, 2 4, 2], argument 2 ("params") [2 3, 2]
train(model, TensorPack.of(w), x, y)  # E: shape: train: argument 2 ("params") has 1 entry, the parameter pack of argument 1 ("model") has 4; shapes: the parameter pack of argument 1 ("model") [4 3, 4, 2 4, 2], argument 2 ("params") [4 3]


@tl.checked
def between(a: TensorPack[P], b: TensorPack[P], t: float) -> TensorPack[P]:
    return (1.0 - t) * a + t * b


reveal_type(between(params, trained, 0.5))  # R: TensorPack["4 3, 4, 2 4, 2"]
between(params, nn.linear(3, 2).init(seed=0), 0.5)  # E: shape: between: argument 2 ("b") has 2 entries, argument 1 ("a") has 4; shapes: argument 1 ("a") [4 3, 4, 2 4, 2], argument 2 ("b") [2 3, 2]


class Optimizer(Generic[P]):
    def __init__(self, params: TensorPack[P]) -> None:
        self.velocity = params.zeros_like()

    def step(self, params: TensorPack[P], gradient: TensorPack[P]) -> TensorPack[P]:
        self.velocity = 0.9 * self.velocity - 0.1 * gradient
        return params + self.velocity


optimizer = Optimizer(params)
reveal_type(optimizer.step(params, autograd.model.grad_params(model, loss.mse(), params, x, y)))  # R: TensorPack["4 3, 4, 2 4, 2"]


@tl.checked
def evaluate(model: Seq[I, O, P], params: TensorPack[P], criterion: OutputLoss, x: Tensor, y: Tensor) -> float:
    return float(criterion(model(params, x), y))


reveal_type(evaluate(model, params, loss.mse(), x, y))  # R: float


# of a model that is annotated with its shapes the names are not known, nor are those of one that has it as a layer
def narrow_block(d: Dim["d"], hidden: Dim["h"]) -> Seq["*b d", "*b d", "h d, h, d h, d"]:
    return nn.Seq(nn.linear(d, hidden), nn.gelu(), nn.linear(hidden, d))


blocks = nn.Seq(nn.linear(6, 4), narrow_block(4, 8), nn.residual(narrow_block(4, 8)))
of_blocks = blocks.init(seed=0)
reveal_type(of_blocks[0])  # R: Float64[Tensor, "4 6"]


@tl.checked
def of_known(params: TensorPack["4 6, 4, 8 4, 8, 4 8, 4, 8 4, 8, 4 8, 4"]) -> Float64[Tensor, ""]:
    return params.norm()


reveal_type(of_known(of_blocks))  # R: Float64[Tensor, ""]
of_known(nn.Seq(narrow_block(4, 8), nn.linear(4, 6)).init(seed=0))  # E: shape: of_known: argument 1 ("params") has 6 entries, expected 10; shapes: expected [4 6, 4, 8 4, 8, 4 8, 4, 8 4, 8, 4 8, 4], got [8 4, 8, 4 8, 4, 6 4, 6]
