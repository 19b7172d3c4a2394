"""Matrix products: inner dimensions, vectors, batches."""

import torchlean_typed as tl

m23 = tl.zeros((2, 3))
m34 = tl.zeros((3, 4))
v3 = tl.zeros(3)
batch = tl.zeros((5, 2, 3))

reveal_type(m23 @ m34)  # R: Float64[Tensor, "2 4"]
reveal_type(tl.matmul(m23, m34))  # R: Float64[Tensor, "2 4"]
reveal_type(m23.matmul(m34))  # R: Float64[Tensor, "2 4"]
reveal_type(m23 @ v3)  # R: Float64[Tensor, "2"]
reveal_type(v3 @ m34)  # R: Float64[Tensor, "4"]
reveal_type(v3 @ v3)  # R: Float64[Tensor, ""]
reveal_type(batch @ m34)  # R: Float64[Tensor, "5 2 4"]
reveal_type(batch @ tl.zeros((5, 3, 7)))  # R: Float64[Tensor, "5 2 7"]
reveal_type(m23 @ m34 @ tl.zeros((4, 1)))  # R: Float64[Tensor, "2 1"]
reveal_type(m34.T)  # R: Float64[Tensor, "4 3"]
reveal_type(m23 @ m34.T.T)  # R: Float64[Tensor, "2 4"]
reveal_type(batch.mT)  # R: Float64[Tensor, "5 3 2"]

m34 @ m23  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 2 (right: [2, 3]); did you mean the operands the other way round?
m23 @ m23  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
m23 @ tl.zeros((4, 3))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?
tl.matmul(m23, tl.zeros((4, 3)))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?
tl.zeros((4, 3)) @ tl.zeros((4, 2))  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4, 2]); did you mean .mT on the left operand?
m23 @ tl.zeros(2)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2]); did you mean .mT on the left operand?
tl.zeros(2) @ m34  # E: shape: matmul: inner dimensions differ: 2 (left: [2]) and 3 (right: [3, 4])
batch @ tl.zeros((4, 3, 7))  # E: shape-broadcast: matmul: axis 0 differs: 5 and 4 (left: [5], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
m23 @ 2.0  # E: shape: matmul: the right operand is a scalar (left: [2, 3], right: []); use * to scale
m23 @ tl.tensor(2.0)  # E: shape: matmul: the right operand is a scalar (left: [2, 3], right: []); use * to scale
m34.T @ m34.T  # E: shape: matmul: inner dimensions differ: 3 (left: [4, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?
batch.T  # E: shape: transpose: needs rank 2, got rank 3 (operand: [5, 2, 3]); use .mT or permute_dims
v3.mT  # E: shape: matrix_transpose: needs at least two axes (operand: [3])
