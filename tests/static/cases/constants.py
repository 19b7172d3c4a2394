"""Variables that a file binds once, to numbers, texts and flags, are known; others are not."""

from typing import Final

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, nn

n, d = 5, 3
size = n * d
half = n // 2
shape = (n, d)
axis, keep, letters, last = 1, True, "ij,kj->ik", -1
declared: int = 4
final: Final[int] = 4
rows = 6
rows += 1
columns = 7
columns = 8
count = 1
heads, even = 1, 4
x = tl.zeros((n, d))
sizes = n * x.shape[1]
model = nn.Seq(nn.linear(d, 2), nn.relu(), nn.linear(2, n))


def grow() -> None:
    global count
    count += 1


@tl.checked
def identity(n: Dim["n"]) -> Float64[Tensor, "n n"]:
    return tl.eye(n)


@tl.checked
def local(x: Float64[Tensor, "b c"], k: int = 2) -> Float64[Tensor, "b c+3"]:
    more = d
    reveal_type(tl.zeros(k))  # R: Float64[Tensor, "_"]
    return tl.concat([x, tl.zeros((x.shape[0], more))], axis=axis)


@tl.checked
def forward(params: Params[model], x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 5"]:
    return model(params, x)


def looped() -> None:
    width = 2
    while width < 10:
        width *= 2
    reveal_type(tl.zeros(width))  # R: Float64[Tensor, "_"]


reveal_type(x)  # R: Float64[Tensor, "5 3"]
reveal_type(tl.zeros(shape))  # R: Float64[Tensor, "5 3"]
reveal_type(tl.zeros((size, half + 1)))  # R: Float64[Tensor, "15 3"]
reveal_type(tl.zeros(sizes))  # R: Float64[Tensor, "15"]
reveal_type(tl.sum(x, axis=axis, keepdims=keep))  # R: Float64[Tensor, "5 1"]
reveal_type(tl.einsum(letters, x, tl.zeros((2, d))))  # R: Float64[Tensor, "5 2"]
reveal_type(x.reshape((last,)))  # R: Float64[Tensor, "15"]
reveal_type(x[half:])  # R: Float64[Tensor, "3 3"]
reveal_type(identity(n))  # R: Float64[Tensor, "5 5"]
reveal_type(local(x))  # R: Float64[Tensor, "5 6"]
reveal_type(forward(model.init(seed=0), x))  # R: Float64[Tensor, "5 5"]
reveal_type(tl.zeros(final))  # R: Float64[Tensor, "4"]
reveal_type(tl.zeros(declared))  # R: Float64[Tensor, "_"]
reveal_type(tl.zeros(rows))  # R: Float64[Tensor, "_"]
reveal_type(tl.zeros(columns))  # R: Float64[Tensor, "_"]
reveal_type(tl.zeros(count))  # R: Float64[Tensor, "_"]
reveal_type([tl.zeros(i) for i in (2, 3)])  # R: list[Float64[Tensor, "_"]]

x @ tl.zeros((n, 2))  # E: shape: matmul: inner dimensions differ: 3 (left: [5, 3]) and 5 (right: [5, 2]); did you mean .mT on the left operand?
forward(model.init(seed=0), x.mT)  # E: shape: forward: argument 2 ("x") has shape [3, 5], expected [b, 3]; did you mean .mT on argument 2 ("x")?

# what stands under a condition about constants alone is for other values of them
if even % 2 == 0:
    reveal_type(x.reshape((d, n)))  # R: Float64[Tensor, "3 5"]
else:
    tl.zeros(even).reshape((2, even - 1))
if heads > 1:
    tl.zeros((heads, 2)) + tl.zeros((2, 2))
if x.shape[1] == d:
    reveal_type(tl.zeros(d))  # R: Float64[Tensor, "3"]
