"""Reductions drop their axis; axes are checked."""

from typing import Final

import torchlean_typed as tl

x = tl.zeros((2, 3, 4))
AXIS: Final = 1

reveal_type(x.sum())  # R: Float64[Tensor, ""]
reveal_type(x.sum(axis=0))  # R: Float64[Tensor, "3 4"]
reveal_type(x.sum(axis=-1))  # R: Float64[Tensor, "2 3"]
reveal_type(x.sum(axis=(0, 2)))  # R: Float64[Tensor, "3"]
reveal_type(x.sum(axis=[0, 2]))  # R: Float64[Tensor, "3"]
reveal_type(x.sum(1, keepdims=True))  # R: Float64[Tensor, "2 1 4"]
reveal_type(x.sum(keepdims=True))  # R: Float64[Tensor, "1 1 1"]
reveal_type(x.mean(AXIS))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.max(x, axis=2))  # R: Float64[Tensor, "2 3"]
reveal_type(x.min())  # R: Float64[Tensor, ""]
reveal_type(tl.logsumexp(x, axis=1))  # R: Float64[Tensor, "2 4"]
reveal_type(x.softmax(axis=-1))  # R: Float64[Tensor, "2 3 4"]
reveal_type(tl.log_softmax(x))  # R: Float64[Tensor, "2 3 4"]

x.sum(axis=3)  # E: shape: sum: axis 3 is out of range (operand: [2, 3, 4])
x.sum(axis=-4)  # E: shape: sum: axis -4 is out of range (operand: [2, 3, 4])
x.mean(axis=(0, 0))  # E: shape: mean: axis [0, 0] names one axis twice (operand: [2, 3, 4])
tl.max(x, 3)  # E: shape: max: axis 3 is out of range (operand: [2, 3, 4])
x.softmax(axis=3)  # E: shape: softmax: axis 3 is out of range (operand: [2, 3, 4])
tl.sum(x, axis=0) + tl.sum(x, axis=1)  # E: shape-broadcast: add: axis 0 differs: 3 and 2 (left: [3, 4], right: [2, 4]); broadcasting is explicit: only an axis of size 1 stretches
tl.tensor(1.0).sum(axis=0)  # E: shape: sum: axis 0 is out of range (operand: [])
tl.zeros((0, 3)).mean(axis=0)  # E: shape: mean: axis 0 is empty (operand: [0, 3])
x.sum(axis="0")  # E: shape: sum: axis must be an int, got '0'
x.sum(axis=0, keepdims=True) + x.sum(axis=0)  # E: shape-broadcast: add: ranks differ (left: [1, 3, 4], right: [3, 4]); broadcasting is explicit: did you mean [None, :, :] on [3, 4]?
