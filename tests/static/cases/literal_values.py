# symbolic: what is called with each of the values is seen elsewhere
"""Arguments with one of several values: each has to fit, and there is a shape for each."""

from typing import Literal

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


def axes(x: Float64[Tensor, "n m"], axis: Literal[0, 1], other: Literal[1, 2], perhaps: Literal[0] | None) -> None:
    reveal_type(tl.sum(x, axis=axis))  # R: Float64[Tensor, "m"] | Float64[Tensor, "n"]
    reveal_type(x.sum(axis=axis, keepdims=True))  # R: Float64[Tensor, "1 m"] | Float64[Tensor, "n 1"]
    reveal_type(tl.softmax(x, axis=axis))  # R: Float64[Tensor, "n m"]
    reveal_type(tl.concat([x, x], axis=axis))  # R: Float64[Tensor, "2*n m"] | Float64[Tensor, "n 2*m"]
    reveal_type(tl.concat([x for _ in range(3)], axis=axis))  # R: Float64[Tensor, "3*n m"] | Float64[Tensor, "n 3*m"]
    reveal_type(tl.sum(x, axis=perhaps))  # R: Float64[Tensor, "m"] | Float64[Tensor, ""]
    reveal_type(tl.sum(x, axis=other))  # E: shape: sum: axis 2 is out of range (operand: [n, m])
    tl.sum(x, axis=axis) + tl.ones(3)  # E: shape-broadcast: add: axis 0 differs: m and 3 (left: [m], right: [3]); broadcasting is explicit: only an axis of size 1 stretches
    if axis == 0:
        reveal_type(tl.sum(x, axis=axis))  # R: Float64[Tensor, "m"]
    else:
        reveal_type(tl.sum(x, axis=axis))  # R: Float64[Tensor, "n"]
    if other == 1:
        reveal_type(tl.sum(x, axis=other))  # R: Float64[Tensor, "n"]


def kept(x: Float64[Tensor, "n m"], keep: Literal[True, False], axis: Literal[0, 1]) -> None:
    reveal_type(tl.sum(x, axis=0, keepdims=keep))  # R: Float64[Tensor, "1 m"] | Float64[Tensor, "m"]
    reveal_type(tl.max(x, axis=axis, keepdims=keep))  # R: Float64[Tensor, "1 m"] | Float64[Tensor, "m"] | Float64[Tensor, "n 1"] | Float64[Tensor, "n"]


def centred(x: Float64[Tensor, "n m"], axis: Literal[0, 1]) -> Float64[Tensor, "n m"]:
    return x - tl.mean(x, axis=axis, keepdims=True)


def reduced(x: Float64[Tensor, "n m"], axis: Literal[0, 1]) -> Float64[Tensor, "m"]:
    return x.sum(axis=axis)  # E: return-value: reduced: the result has shape [m] or [n], expected [m]


def of_several(x: Float64[Tensor, "n"] | Float64[Tensor, "n m"], axis: Literal[-1, 0]) -> None:
    reveal_type(tl.sum(x, axis=axis))  # R: Float64[Tensor, ""] | Float64[Tensor, "n"] | Float64[Tensor, "m"]


def of_any_value(x: Float64[Tensor, "n m"], axis: int, flag: bool) -> None:
    reveal_type(tl.sum(x, axis=axis))  # R: Float64[Tensor, "..."]
    reveal_type(tl.sum(x, axis=0, keepdims=flag))  # R: Float64[Tensor, "..."]
