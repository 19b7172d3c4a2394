"""Broadcasting is explicit: equal ranks, only an axis of size 1 stretches, scalars go with anything."""

import torchlean_typed as tl

x = tl.zeros((4, 3))
bias = tl.zeros(3)
column = tl.zeros((4, 1))
row = tl.zeros((1, 3))

reveal_type(x + bias[None, :])  # R: Float64[Tensor, "4 3"]
reveal_type(x + row)  # R: Float64[Tensor, "4 3"]
reveal_type(x * column)  # R: Float64[Tensor, "4 3"]
reveal_type(column + row)  # R: Float64[Tensor, "4 3"]
reveal_type(row + column)  # R: Float64[Tensor, "4 3"]
reveal_type(x + tl.sum(x))  # R: Float64[Tensor, "4 3"]
reveal_type(x - x.mean(axis=0, keepdims=True))  # R: Float64[Tensor, "4 3"]
reveal_type(tl.broadcast_to(row, (4, 3)))  # R: Float64[Tensor, "4 3"]
reveal_type(tl.broadcast_to(tl.tensor(1.0), (4, 3)))  # R: Float64[Tensor, "4 3"]

x + bias  # E: shape-broadcast: add: ranks differ (left: [4, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
bias + x  # E: shape-broadcast: add: ranks differ (left: [3], right: [4, 3]); broadcasting is explicit: did you mean [None, :] on [3]?
x * tl.zeros(4)  # E: shape-broadcast: multiply: ranks differ (left: [4, 3], right: [4]); broadcasting is explicit: did you mean [:, None] on [4], or keepdims=True where it was reduced?
x + tl.zeros((2, 3))  # E: shape-broadcast: add: axis 0 differs: 4 and 2 (left: [4, 3], right: [2, 3]); broadcasting is explicit: only an axis of size 1 stretches
x + tl.zeros((4, 3, 1))  # E: shape-broadcast: add: ranks differ (left: [4, 3], right: [4, 3, 1]); broadcasting is explicit: did you mean [:, :, None] on [4, 3]?
x - x.mean(axis=0)  # E: shape-broadcast: subtract: ranks differ (left: [4, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
x - x.mean(axis=1)  # E: shape-broadcast: subtract: ranks differ (left: [4, 3], right: [4]); broadcasting is explicit: did you mean [:, None] on [4], or keepdims=True where it was reduced?
tl.broadcast_to(bias, (4, 3))  # E: shape: broadcast_to: ranks differ (operand: [3], shape: [4, 3]); insert axes of size 1 with None
tl.broadcast_to(x, (4, 1))  # E: shape: broadcast_to: axis 1 of size 3 does not stretch to 1 (operand: [4, 3], shape: [4, 1])
tl.broadcast_to(x, (2, 3))  # E: shape: broadcast_to: axis 0 of size 4 does not stretch to 2 (operand: [4, 3], shape: [2, 3])
tl.where(x > 0, x, bias)  # E: shape-broadcast: where: ranks differ (condition: [4, 3], x: [4, 3], y: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
