"""Rows: of Jacobians, of tensors and of packs."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Rows, Tensor, TensorPack, autograd, nn

model = nn.linear(3, 2)
params = model.init(seed=0)
x = tl.ones((5, 3))
of_packs = autograd.model.jacrev_params(model, params, x)
of_tensors = autograd.fn.jacrev(lambda z: tl.reshape(model(params, z), (10,)), x)

reveal_type(of_packs)  # R: Rows["10", TensorPack["2 3, 2"]]
reveal_type(of_tensors)  # R: Rows["10", Float64[Tensor, "5 3"]]
reveal_type(len(of_packs))  # R: Dim["10"]
reveal_type(of_packs[0])  # R: TensorPack["2 3, 2"]
reveal_type(of_packs[-1]["0.weight"])  # R: Float64[Tensor, "2 3"]
reveal_type(of_tensors[9])  # R: Float64[Tensor, "5 3"]
reveal_type(of_packs.stacked)  # R: TensorPack["10 2 3, 10 2"]
reveal_type(of_packs.stacked["0.bias"])  # R: Float64[Tensor, "10 2"]
reveal_type(of_tensors.stacked)  # R: Float64[Tensor, "10 5 3"]
reveal_type(of_tensors.tensor)  # R: Float64[Tensor, "10 5 3"]
for row in of_packs:
    reveal_type(row)  # R: TensorPack["2 3, 2"]
for tensor in of_tensors:
    reveal_type(tensor @ tl.ones(3))  # R: Float64[Tensor, "5"]
weight, bias = of_packs[3]
reveal_type(weight)  # R: Float64[Tensor, "2 3"]
of_packs[10]  # E: shape: Rows: has no row 10; it has 10
of_tensors[-11]  # E: shape: Rows: has no row -11; it has 10
of_packs.tensor  # E: shape: Rows.tensor: the rows are packs; use rows.stacked, a pack with a leading axis
of_packs[0] + of_packs.stacked  # E: shape: add: the right pack does not fit the left: entry 0 ("0.weight") is [2, 3] in the left, here [10, 2, 3]; was it made by another model?
of_tensors.tensor @ of_tensors.tensor  # E: shape: matmul: inner dimensions differ: 3 (left: [10, 5, 3]) and 5 (right: [10, 5, 3]); did you mean .mT on the right operand?


@tl.checked
def mean(rows: Rows["n", Float64[Tensor, "m"]]) -> Float64[Tensor, "m"]:
    reveal_type(rows.stacked)  # R: Float64[Tensor, "n m"]
    return tl.mean(rows.stacked, axis=0)


@tl.checked
def first(rows: Rows["10", Params[model]]) -> Params[model]:
    return rows[0]


reveal_type(mean(autograd.fn.jacrev(lambda z: z[:2], tl.ones(4))))  # R: Float64[Tensor, "4"]
reveal_type(first(of_packs))  # R: TensorPack["2 3, 2"]
mean(of_tensors)  # E: shape: mean: a row of argument 1 ("rows") has shape [5, 3], expected [m]
first(autograd.model.jacrev_params(model, params, tl.ones((6, 3))))  # E: shape: first: the number of rows of argument 1 ("rows") is 12, expected 10
first(autograd.model.jacrev_params(nn.linear(2, 2), nn.linear(2, 2).init(seed=0), tl.ones((5, 2))))  # E: shape: first: entry 0 ("0.weight") of a row of argument 1 ("rows") has shape [2, 2], expected [2, 3]

of_three = autograd.fn.jacrev(tl.tanh, tl.ones(3))
top, middle, bottom = of_three
reveal_type(bottom)  # R: Float64[Tensor, "3"]
top, *below = of_three


def unpacked(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    assert x.shape[0] == 2
    first_row, second = autograd.fn.jacrev(lambda z: z**2, x)
    return first_row + second


def unpacked_wrongly() -> None:
    top, middle = of_three  # E: shape: unpack: there are 3 rows, expected 2
    top, middle, bottom, *below = autograd.fn.jacfwd(lambda z: z[:2], tl.ones(4))  # E: shape: unpack: there are 2 rows, expected at least 3
