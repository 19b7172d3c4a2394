"""Reshaping: the number of elements is kept."""

import torchlean_typed as tl

x = tl.zeros((2, 3, 4))

reveal_type(x.reshape((6, 4)))  # R: Float64[Tensor, "6 4"]
reveal_type(tl.reshape(x, (2, 12)))  # R: Float64[Tensor, "2 12"]
reveal_type(x.reshape((-1, 4)))  # R: Float64[Tensor, "6 4"]
reveal_type(x.reshape(-1))  # R: Float64[Tensor, "24"]
reveal_type(x.reshape([4, -1]))  # R: Float64[Tensor, "4 6"]
reveal_type(x.flatten())  # R: Float64[Tensor, "24"]
reveal_type(x.permute_dims((2, 0, 1)))  # R: Float64[Tensor, "4 2 3"]
reveal_type(x.swapaxes(0, -1))  # R: Float64[Tensor, "4 3 2"]
reveal_type(tl.expand_dims(x, 1))  # R: Float64[Tensor, "2 1 3 4"]
reveal_type(x.expand_dims(-1))  # R: Float64[Tensor, "2 3 4 1"]
reveal_type(tl.zeros((2, 1, 3)).squeeze(1))  # R: Float64[Tensor, "2 3"]
reveal_type(x.reshape(x.shape))  # R: Float64[Tensor, "2 3 4"]

x.reshape((5, 4))  # E: shape: reshape: 24 elements do not fit 20 (operand: [2, 3, 4], shape: [5, 4])
x.reshape((-1, 5))  # E: shape: reshape: 24 elements do not divide by 5 (operand: [2, 3, 4], shape: [-1, 5])
x.reshape((-1, -1))  # E: shape: reshape: shape [-1, -1] has more than one -1 (operand: [2, 3, 4])
x.reshape((2, 3, 5))  # E: shape: reshape: 24 elements do not fit 30 (operand: [2, 3, 4], shape: [2, 3, 5])
x.reshape((-2, 12))  # E: shape: reshape: size -2 is negative (operand: [2, 3, 4])
x.permute_dims((0, 1))  # E: shape: permute_dims: 2 axes for a tensor of rank 3 (operand: [2, 3, 4]); name each axis once
x.permute_dims((0, 1, 1))  # E: shape: permute_dims: axis [0, 1, 1] names one axis twice (operand: [2, 3, 4])
x.permute_dims((0, 1, 3))  # E: shape: permute_dims: axis 3 is out of range (operand: [2, 3, 4])
x.swapaxes(0, 3)  # E: shape: swapaxes: axis 3 is out of range (operand: [2, 3, 4])
x.squeeze(0)  # E: shape: squeeze: axis 0 has size 2, not 1 (operand: [2, 3, 4])
x.expand_dims(4)  # E: shape: expand_dims: axis 4 is out of range (operand: [2, 3, 4])
x.T  # E: shape: transpose: needs rank 2, got rank 3 (operand: [2, 3, 4]); use .mT or permute_dims
