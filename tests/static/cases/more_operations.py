"""Operations with optional operands, several results, any number of operands, or parameters of other kinds."""

import numpy as np

import torchlean_typed as tl

x = tl.zeros((2, 3))
images = tl.zeros((5, 3, 8, 8))
kernel = tl.zeros((4, 3, 3, 3))
indices = tl.tensor([0, 2], dtype=np.int64)

reveal_type(tl.einsum("ij,jk->ik", x, tl.zeros((3, 4))))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.einsum("ii", tl.eye(3)))  # R: Float64[Tensor, ""]
reveal_type(tl.einsum("bij->bji", tl.zeros((2, 3, 4))))  # R: Float64[Tensor, "2 4 3"]
reveal_type(tl.tensordot(x, tl.zeros((3, 4)), axes=1))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.outer(x[0], x[1]))  # R: Float64[Tensor, "3 3"]
reveal_type(tl.vecdot(x, x))  # R: Float64[Tensor, "2"]
reveal_type(tl.split(x, 3, axis=1))  # R: tuple[Float64[Tensor, "2 1"], Float64[Tensor, "2 1"], Float64[Tensor, "2 1"]]
first, second = tl.split(tl.arange(5), [2])
reveal_type(first)  # R: Int64[Tensor, "2"]
reveal_type(second)  # R: Int64[Tensor, "3"]
reveal_type(tl.conv2d(images, kernel))  # R: Float64[Tensor, "5 4 6 6"]
reveal_type(tl.conv2d(images, kernel, tl.zeros(4), stride=2, padding=1))  # R: Float64[Tensor, "5 4 4 4"]
reveal_type(tl.conv2d(images, kernel, bias=None))  # R: Float64[Tensor, "5 4 6 6"]
reveal_type(tl.max_pool2d(images, 2))  # R: Float64[Tensor, "5 3 4 4"]
reveal_type(tl.take(x, indices, axis=1))  # R: Float64[Tensor, "2 2"]
reveal_type(tl.one_hot(indices, 3))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.argmax(x, axis=1))  # R: Int64[Tensor, "2"]
reveal_type(tl.pad(x, ((1, 1), (0, 2))))  # R: Float64[Tensor, "4 5"]
reveal_type(tl.roll(x, 1, axis=0))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.flip(x))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.moveaxis(images, 1, -1))  # R: Float64[Tensor, "5 8 8 3"]
reveal_type(tl.diagonal(tl.eye(3)))  # R: Float64[Tensor, "3"]
reveal_type(tl.trace(tl.eye(3)))  # R: Float64[Tensor, ""]
reveal_type(tl.cumulative_sum(x, axis=1))  # R: Float64[Tensor, "2 3"]
reveal_type(x.var(axis=0) if hasattr(x, "var") else x[0])  # R: Float64[Tensor, "3"]
reveal_type(tl.layer_norm(x, tl.ones(3), tl.zeros(3)))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.scaled_dot_product_attention(x, x, x))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.scaled_dot_product_attention(x, x, x, mask=tl.zeros((2, 2)) > 0))  # R: Float64[Tensor, "2 3"]

tl.einsum("ij,jk->ik", x, x)  # E: shape: einsum: the sizes of index j differ: 3 and 2 (operand 0: [2, 3], operand 1: [2, 3])
tl.einsum("ijk->ik", x)  # E: shape: einsum: 'ijk' names 3 axes of a tensor of rank 2 (operand 0: [2, 3])
tl.tensordot(x, x, axes=1)  # E: shape: tensordot: axis 1 of the left and axis 0 of the right operand differ: 3 and 2 (left: [2, 3], right: [2, 3])
tl.vecdot(x, tl.zeros((2, 4)))  # E: shape: vecdot: the sizes of axis -1 differ: 3 and 4 (left: [2, 3], right: [2, 4])
tl.split(x, 2, axis=1)  # E: shape: split: axis 1 of size 3 has no 2 equal parts (operand: [2, 3])
tl.conv2d(images, tl.zeros((4, 2, 3, 3)))  # E: shape: conv2d: the channels of x and of the weight differ: 3 and 2 (x: [5, 3, 8, 8], weight: [4, 2, 3, 3])
tl.conv2d(images, kernel, tl.zeros(3))  # E: shape: conv2d: axis 0 of bias differs: 4 and 3 (x: [5, 3, 8, 8], weight: [4, 3, 3, 3], bias: [3])
tl.take(x, x, axis=1)  # E: shape: take: needs indices of an integer dtype, got float64; make them with tl.tensor(..., np.int64)
tl.one_hot(x, 3)  # E: shape: one_hot: needs indices of an integer dtype, got float64; make them with tl.tensor(..., np.int64)
tl.pad(x, ((1, 1),))  # E: shape: pad: 1 pairs of widths for a tensor of rank 2 (operand: [2, 3])
tl.layer_norm(x, tl.ones(2), tl.zeros(2))  # E: shape: layer_norm: the last axis of x and weight differ: 3 and 2 (x: [2, 3], weight: [2], bias: [2])
tl.scaled_dot_product_attention(x, tl.zeros((2, 4)), x)  # E: shape: scaled_dot_product_attention: the last axes of query and key differ: 3 and 4 (query: [2, 3], key: [2, 4], value: [2, 3])
tl.layer_norm(x, tl.ones(3), tl.zeros(3), eps="small")  # E: shape: layer_norm: eps must be a number, got "small"
tl.zeros(3, dtype="complex128")  # E: shape: zeros: needs a bool, integer or floating dtype, got complex128
tl.ones(3, dtype=np.int8) + 300  # E: shape: add: 300 is no int8
tl.argmax(x, axis=2)  # E: shape: argmax: axis 2 is out of range (operand: [2, 3])
