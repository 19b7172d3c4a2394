# symbolic
"""What follows from an error is none: of a refused call, of an expression with an error in it, of one mistake twice."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd, loss, nn

Vector = Float64[Tensor, "n"]
Matrix = Float64[Tensor, "n m"]


# what a refused call gives is unknown
def gradient(x: Vector, y: Float64[Tensor, "m"], w: Matrix) -> Vector:
    seed = autograd.fn.vjp(lambda z: w @ z, y, y)  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [n], seed_out: [m]); a seed is like the output; it is a tangent that is like x
    tangent = autograd.fn.jvp(lambda z: w @ z, y, x)  # E: shape: jvp: v does not have the shape of x (x: [m], v: [n])
    _, g = autograd.fn.value_and_grad(total, w)  # E: shape: total: argument 1 ("x") has shape [n, m], expected [n]
    return x - seed + tangent - g


def total(x: Vector) -> Float64[Tensor, ""]:
    return tl.sum(x)


def trained(x: Float64[Tensor, "b 3"], y: Float64[Tensor, "b 2"]) -> TensorPack["2 3, 2"]:
    model, other = nn.linear(3, 2), nn.linear(4, 2)
    params, unlike = model.init(seed=0), other.init(seed=0)
    out = autograd.model.value_and_grads(model, loss.mse(), unlike, x, y)  # E: shape: value_and_grads: params does not fit the model: entry 0 ("0.weight") is [2, 3] in the model, here [2, 4]; was it made by another model?
    other_out = autograd.model.grad_params(other, loss.mse(), params, x, y)  # E: shape: grad_params: params does not fit the model: entry 0 ("0.weight") is [2, 4] in the model, here [2, 3]; was it made by another model?
    back = TensorPack.unflatten(params.flatten() + 1.0, like=unlike)  # E: shape: unflatten: the vector does not fit (vector: [8], like.flatten(): [10])
    sum_of_both = unlike + params  # E: shape: add: the right pack does not fit the left: entry 0 ("0.weight") is [2, 4] in the left, here [2, 3]; was it made by another model?
    return params - 0.1 * out.dparams - other_out + back - sum_of_both


def predicted(x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 5"]:
    model = nn.linear(3, 2)
    output = model(nn.linear(4, 2).init(seed=0), x)  # E: shape: Seq: params does not fit the model: entry 0 ("0.weight") is [2, 3] in the model, here [2, 4]; was it made by another model?
    each = loss.mse(reduction="none")(x, tl.ones((3, 3)))  # E: shape: loss: mse: the target does not have the shape of the model's output (output: [b, 3], target: [3, 3])
    return output + each


# an error within an expression is the only one of it
def refused(x: Vector, y: Float64[Tensor, "m"], w: Matrix) -> Matrix:
    return (x + y)[:, None] * w.T  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def shrunk(x: Vector, y: Float64[Tensor, "m"]) -> Vector:
    small: Vector = tl.stack([x + y, y])[0]  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    return small[:, None]  # E: return-value: shrunk: the result has shape [n, 1], expected [n]


def misplaced(x: Vector, size: Dim["k"]) -> Float64[Tensor, "n k"]:
    return spread(size, x) + tl.clip(-1.0, x, 1.0)  # E: arg-type: spread: argument 1 ("x") must be a Tensor, got the size k; the order is spread(x, size) # E: arg-type: Argument 2 to "clip" has incompatible type "Float64[Tensor, 'n']"; expected "float | None"


def spread(x: Vector, size: Dim["k"]) -> Float64[Tensor, "n k"]:
    return tl.broadcast_to(x[:, None], (x.shape[0], size))


def misnamed(x: Float64[Tensor, "b 3"]) -> Tensor:
    params = nn.linear(3, 2).init(seed=0)
    return x @ params["weigth"].T + params["0.bias"][None, :]  # E: shape: TensorPack: has no entry "weigth"; it has 2 entries: "0.weight", "0.bias"


# one mistake is told once
def both(x: Float64[Tensor, "b 2"], y: Float64[Tensor, "c 2"], theta: Float64[Tensor, "4"]) -> Float64[Tensor, "b c"]:
    s = tl.exp(theta[:3])
    return (x / s[None, :]) @ (y / s[None, :]).T  # E: shape-broadcast: divide: axis 1 differs: 2 and 3 (left: [b, 2], right: [1, 3]); broadcasting is explicit: only an axis of size 1 stretches


def ends(c: Vector, g: Float64[Tensor, "m n"]) -> tuple[Vector, Vector]:
    radius = tl.sum(tl.abs(g), axis=1)
    lower = c - radius  # E: shape-broadcast: subtract: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    upper = c + radius
    return lower, upper


def layers(x: Float64[Tensor, "b 5"]) -> tuple[Tensor, Tensor]:
    model = nn.linear(4, 2)
    params = model.init(seed=0)
    return model(params, x), autograd.model.jacrev_params(model, params, x).stacked[0]  # E: shape: Seq: x has shape [b, 5], the model takes [*b, 4]


# but two are two
def other_value(c: Vector, g: Float64[Tensor, "m n"]) -> tuple[Vector, Vector]:
    radius = tl.sum(tl.abs(g), axis=1)
    lower = c - radius  # E: shape-broadcast: subtract: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    upper = tl.sum(g, axis=0) + radius  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    return lower, upper


def other_problem(x: Matrix, y: Vector) -> tuple[Tensor, Tensor]:
    mean = tl.mean(x, axis=0)
    return mean + y, mean @ x  # E: shape-broadcast: add: axis 0 differs: m and n (left: [m], right: [n]); broadcasting is explicit: only an axis of size 1 stretches # E: shape: matmul: inner dimensions differ: m (left: [m]) and n (right: [n, m]); did you mean .mT on the right operand?


def of_parameters(x: Vector, y: Float64[Tensor, "m"]) -> Tensor:
    first = x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    second = x - y  # E: shape-broadcast: subtract: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    return first + second


def on_purpose(c: Vector, g: Float64[Tensor, "m n"]) -> Vector:
    radius = tl.sum(tl.abs(g), axis=1)
    lower = c - radius  # type: ignore[shape-broadcast]
    return c + radius  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


rows, columns = tl.ones(3), tl.ones(4)
rows + columns  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
rows - columns  # E: shape-broadcast: subtract: axis 0 differs: 3 and 4 (left: [3], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
