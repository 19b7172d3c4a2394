"""Code for any model that says what its data are: x: I is what the model takes, y: O what it gives."""

from typing import TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Seq, Tensor, TensorPack, autograd, loss, nn

I = TypeVar("I", bound=Tensor)
O = TypeVar("O", bound=Tensor)
P = TypeVar("P")

net = nn.Seq(nn.linear(3, 4), nn.relu(), nn.linear(4, 2))
params = net.init(seed=0)
x, y = tl.ones((5, 3)), tl.ones((5, 2))


@tl.checked
def descend(model: Seq[I, O, P], params: TensorPack[P], x: I, y: O) -> TensorPack[P]:
    reveal_type(x)  # R: Shaped[Tensor, "*I"]
    reveal_type(model(params, x))  # R: Shaped[Tensor, "*O"]
    reveal_type(loss.mse()(model(params, x), y))  # R: Shaped[Tensor, ""]
    value, gradient = autograd.model.value_and_grad_params(model, loss.mse(), params, x, y)
    best = model(params, x) - 0.5 * y
    return params - 0.1 * gradient * float(value + tl.sum(best))


reveal_type(descend(net, params, x, y))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(descend(net, params, x[0], y[0]))  # R: TensorPack["4 3, 4, 2 4, 2"]
reveal_type(
    descend(nn.linear(5, 3), nn.linear(5, 3).init(seed=0), tl.ones((2, 4, 5)), tl.ones((2, 4, 3)))  # R: TensorPack["3 5, 3"]
)
descend(  # E: shape: descend: "*O" is [5, 2] in the output of argument 1 ("model") but [5, 4] in argument 4 ("y")
    net, params, x, tl.ones((5, 4))
)
descend(  # E: shape: descend: "*I" is [5, 3] in the input of argument 1 ("model") but [5, 4] in argument 3 ("x")
    net, params, tl.ones((5, 4)), y
)
descend(  # E: shape: descend: "*O" is [5, 2] in the output of argument 1 ("model") but [4, 2] in argument 4 ("y")
    net, params, x, tl.ones((4, 2))
)
descend(  # E: shape: descend: "*I" is [5, 3] in the input of argument 1 ("model") but [5, 2] in argument 3 ("x")
    net, params, y, x
)
descend(  # E: shape: descend: "*O" is [5, 2] in the output of argument 1 ("model") but [5] in argument 4 ("y")
    net, params, x, tl.ones(5)
)


@tl.checked
def norms(x: I, model: Seq[I, O, P], params: TensorPack[P]) -> Float64[Tensor, ""]:
    return tl.sum(model(params, x)) * params.norm()


reveal_type(norms(x, net, params))  # R: Float64[Tensor, ""]
reveal_type(norms(tl.ones(3), net, params))  # R: Float64[Tensor, ""]
norms(  # E: shape: norms: "*I" is [5, 4] in argument 1 ("x") but [*b, 3] in the input of argument 2 ("model")
    tl.ones((5, 4)), net, params
)


@tl.checked
def evaluated(
    model: Seq[I, O, P], params: TensorPack[P], criterion: OutputLoss[O, O], x: I, y: O | None = None
) -> Tensor:
    return criterion(model(params, x), model(params, x) if y is None else y)


reveal_type(evaluated(net, params, loss.mse(), x, y))  # R: Shaped[Tensor, "..."]
evaluated(net, params, loss.mse(), x)
evaluated(  # E: shape: evaluated: "*O" is [5, 2] in the output of argument 1 ("model") but [5, 1] in argument 5 ("y")
    net, params, loss.mse(), x, tl.ones((5, 1))
)


@tl.checked
def of_any(model: Seq[I, O, P], params: TensorPack[P], x: Tensor) -> Tensor:
    reveal_type(model(params, x))  # R: Shaped[Tensor, "..."]
    return model(params, x)


of_any(net, params, x)
