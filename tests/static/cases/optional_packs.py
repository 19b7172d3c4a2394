"""What may be a pack or something else does not go for a pack; an entry of one of several shapes is differentiated."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Rows, Tensor, TensorPack, autograd, nn

Weights = TensorPack["4 2, 4 3, 4"]
model = nn.linear(2, 3)


def used(p: Weights) -> Float64[Tensor, ""]:
    return tl.sum(p[0]) + tl.sum(p[2])


def of_rows(rows: Rows["n", Float64[Tensor, "m"]]) -> Float64[Tensor, "n m"]:
    return rows.stacked


def optional(p: Weights | None, q: Weights | float, r: Weights | Float64[Tensor, "n 2"]) -> None:
    used(p)  # E: arg-type: Argument 1 to "used" has incompatible type "TensorPack['4 2, 4 3, 4'] | None"; expected "TensorPack"
    used(q)  # E: arg-type: Argument 1 to "used" has incompatible type "TensorPack['4 2, 4 3, 4'] | float"; expected "TensorPack"
    used(r)  # E: arg-type: Argument 1 to "used" has incompatible type "TensorPack['4 2, 4 3, 4'] | Float64[Tensor, 'n 2']"; expected "TensorPack"
    if p is not None:
        used(p)


def optional_rows(rows: Rows["3", Float64[Tensor, "2"]] | None) -> Tensor:
    return of_rows(rows)  # E: arg-type: Argument 1 to "of_rows" has incompatible type "Rows[3, Float64[Tensor, '2'], Any] | None"; expected "Rows[Any, Tensor, Any]"


def step(params: Params[model], rate: float) -> tuple[float, Params[model]]:
    return rate, params - rate * params


def train(params: Params[model]) -> Params[model]:
    for _ in range(2):
        params, value = step(params, 0.1)  # E: arg-type: Argument 1 to "step" has incompatible type "TensorPack['3 2, 3'] | float"; expected "TensorPack"
    return params  # E: return-value: Incompatible return value type (got "TensorPack['3 2, 3'] | float", expected "TensorPack['3 2, 3']")


def entries(p: Weights, k: int) -> Tensor:
    reveal_type(autograd.fn.grad(lambda w: tl.sum(w**2), p[k]))  # R: Shaped[Tensor, "4 2"] | Shaped[Tensor, "4 3"] | Shaped[Tensor, "4"]
    reveal_type([autograd.fn.value_and_grad_scalar(lambda w: tl.sum(w**2), p[i])[0] for i in range(3)])  # R: list[float]
    autograd.fn.grad(lambda w: tl.sum(w, axis=1), p[k])  # E: shape: sum: axis 1 is out of range (operand: [4])
    return autograd.fn.hvp(lambda w: tl.sum(w**2), p[k], p[k])
