"""Basic indexing."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

x = tl.zeros((5, 3, 4))

reveal_type(x[0])  # R: Float64[Tensor, "3 4"]
reveal_type(x[-1])  # R: Float64[Tensor, "3 4"]
reveal_type(x[0, 1])  # R: Float64[Tensor, "4"]
reveal_type(x[0, 1, 2])  # R: Float64[Tensor, ""]
reveal_type(x[1:3])  # R: Float64[Tensor, "2 3 4"]
reveal_type(x[:, 0])  # R: Float64[Tensor, "5 4"]
reveal_type(x[:, None])  # R: Float64[Tensor, "5 1 3 4"]
reveal_type(x[..., 0])  # R: Float64[Tensor, "5 3"]
reveal_type(x[::2])  # R: Float64[Tensor, "3 3 4"]
reveal_type(x[::-1])  # R: Float64[Tensor, "5 3 4"]
reveal_type(x[-2:])  # R: Float64[Tensor, "2 3 4"]
reveal_type(x[:, 1:, :-1])  # R: Float64[Tensor, "5 2 3"]
reveal_type(x[5:])  # R: Float64[Tensor, "0 3 4"]
reveal_type(x[3:10])  # R: Float64[Tensor, "2 3 4"]
reveal_type(x[None, ..., None])  # R: Float64[Tensor, "1 5 3 4 1"]
for row in x:
    reveal_type(row)  # R: Float64[Tensor, "3 4"]
first: int = 2
reveal_type(x[first])  # R: Float64[Tensor, "3 4"]
reveal_type(x[first:])  # R: Float64[Tensor, "_ 3 4"]

x[5]  # E: shape: getitem: index 5 is out of range for an axis of size 5 (operand: [5, 3, 4])
x[-6]  # E: shape: getitem: index -6 is out of range for an axis of size 5 (operand: [5, 3, 4])
x[0, 3]  # E: shape: getitem: index 3 is out of range for an axis of size 3 (operand: [5, 3, 4])
x[0, 0, 0, 0]  # E: shape: getitem: 4 indices for a tensor of rank 3 (operand: [5, 3, 4])
x[..., 4]  # E: shape: getitem: index 4 is out of range for an axis of size 4 (operand: [5, 3, 4])
x[..., 0, ...]  # E: shape: getitem: an index may have only one ... (operand: [5, 3, 4])
x["a"]  # E: shape: getitem: cannot index with 'a' (operand: [5, 3, 4])
x[0.5]  # E: shape: getitem: cannot index with 0.5 (operand: [5, 3, 4])
x[10:]  # E: shape: getitem: slice 10: of an axis of size 5 starts beyond its end (operand: [5, 3, 4])
x[3:1]  # E: shape: getitem: slice 3:1 of an axis of size 5 ends before it starts (operand: [5, 3, 4])
x[:-6]  # E: shape: getitem: slice :-6 of an axis of size 5 ends before it starts (operand: [5, 3, 4])
x[5:][:1]  # E: shape: getitem: slice :1 of an axis of size 0 takes what is not there (operand: [0, 3, 4])
x[::0]  # E: shape: getitem: slice step is 0 (operand: [5, 3, 4])
x[0] + x[:, 0]  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3, 4], right: [5, 4]); broadcasting is explicit: only an axis of size 1 stretches


@tl.checked
def differences(u: Float64[Tensor, "n"]) -> Float64[Tensor, "n-2"]:
    reveal_type(u[2:] - 2 * u[1:-1] + u[:-2])  # R: Float64[Tensor, "n-2"]
    reveal_type(u[:1])  # R: Float64[Tensor, "1"]
    reveal_type(u[:2])  # R: Float64[Tensor, "_"]
    reveal_type(u[1::2])  # R: Float64[Tensor, "n//2"]
    return u[2:] - 2 * u[1:-1] + u[:-2]


@tl.checked
def interior(u: Float64[Tensor, "n+2"]) -> Float64[Tensor, "n"]:
    reveal_type(u[:2])  # R: Float64[Tensor, "2"]
    reveal_type(u[-2:])  # R: Float64[Tensor, "2"]
    return u[1:-1]


def backwards(u: Float64[Tensor, "n"]) -> None:
    u[3:1]  # E: shape: getitem: slice 3:1 of an axis of size n ends before it starts (operand: [n])


reveal_type(differences(tl.ones(5)))  # R: Float64[Tensor, "3"]
reveal_type(interior(tl.ones(2)))  # R: Float64[Tensor, "0"]
interior(tl.ones(1))  # E: shape: interior: dimension "n+2" of argument 1 ("u") is 1, which no n gives
differences(tl.ones(1))  # E: shape: differences: dimension "n-2" of the result is -1, as n is 1


def malformed() -> None:
    reveal_type(tl.ones(99999999999999999999)[:])  # R: Float64[Tensor, "99999999999999999999"]
    tl.ones(3)[: tl.nothing]  # E: attr-defined: Module has no attribute "nothing"
    tl.vecdot(None, tl.ones(3))  # E: arg-type: Argument 1 to "vecdot" has incompatible type "None"; expected "Tensor"
