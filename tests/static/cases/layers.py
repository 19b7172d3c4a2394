"""Layers of images and sequences, and layers that are made of models."""

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

images = tl.zeros((5, 1, 8, 8))
tokens = tl.zeros((3, 4), dtype=np.int64)
words = tl.zeros((3, 4, 8))

first = nn.conv2d(1, 4, 3, padding=1) >> nn.relu() >> nn.max_pool2d(2)
net = nn.Seq(first, nn.conv2d(4, 6, 3), nn.global_avg_pool(), nn.linear(6, 10))
params = net.init(seed=0)
reveal_type(net(params, images))  # R: Float64[Tensor, "5 10"]
reveal_type(params["3.weight"])  # R: Float64[Tensor, "6 4 3 3"]
reveal_type(net.out_shape)  # R: tuple[Dim["10"]]
strided = nn.conv2d(1, 4, (3, 5), stride=2, padding=(1, 0), bias=False)
reveal_type(strided(strided.init(0), images))  # R: Float64[Tensor, "5 4 4 2"]
dense = nn.input("1 8 8") >> nn.conv2d(1, 4, 3) >> nn.avg_pool2d(2, stride=1) >> nn.flatten(3) >> nn.linear(100, 2)
reveal_type(dense(dense.init(0), images))  # R: Float64[Tensor, "5 2"]
reveal_type(dense(dense.init(0), images[0]))  # R: Float64[Tensor, "2"]
same = nn.max_pool2d(3, stride=1, padding=1)
reveal_type(same(same.init(0), images))  # R: Float64[Tensor, "5 1 8 8"]
wide = nn.conv2d(1, 4, (4, 3), padding="same", dilation=2) >> nn.conv2d(4, 6, 3, groups=2, padding="valid")
reveal_type(wide(wide.init(0), images))  # R: Float64[Tensor, "5 6 6 6"]
wide_params = wide.init(0)
reveal_type(wide_params["1.weight"])  # R: Float64[Tensor, "6 2 3 3"]
back = nn.conv2d(1, 4, 2, stride=2) >> nn.conv_transpose2d(4, 2, 3, stride=2, padding=1, output_padding=1)
reveal_type(back(back.init(0), images))  # R: Float64[Tensor, "5 2 8 8"]
back_params = back.init(0)
reveal_type(back_params["1.weight"])  # R: Float64[Tensor, "4 2 3 3"]
sparse = nn.max_pool2d(3, stride=1, dilation=2)
reveal_type(sparse(sparse.init(0), images))  # R: Float64[Tensor, "5 1 4 4"]
reveal_type(tl.conv2d(images, tl.ones((2, 1, 4, 3)), padding="same"))  # R: Float64[Tensor, "5 2 8 8"]
reveal_type(tl.max_pool2d(images, 3, 1, 1, dilation=2))  # R: Float64[Tensor, "5 1 6 6"]


@tl.checked
def blurred(x: Float64[Tensor, "b c h w"], weight: Float64[Tensor, "c c k k"]) -> Float64[Tensor, "b c h w"]:
    return tl.conv2d(x, weight, padding="same")


reveal_type(blurred(images, tl.ones((1, 1, 2, 2))))  # R: Float64[Tensor, "5 1 8 8"]
unit = nn.residual(nn.conv2d(1, 4, 3, padding=1) >> nn.gelu() >> nn.conv2d(4, 1, 3, padding=1))
reveal_type(unit(unit.init(0), images))  # R: Float64[Tensor, "5 1 8 8"]

scaled = nn.input("1 8 8") >> nn.conv2d(1, 4, 3) >> nn.batch_norm(4, axis=-3) >> nn.flatten(3) >> nn.linear(144, 2)
scaled_params = scaled.init(0)
reveal_type(scaled(scaled_params, images))  # R: Float64[Tensor, "5 2"]
reveal_type(nn.training(scaled)(scaled_params, images))  # R: Float64[Tensor, "5 2"]
reveal_type(scaled_params["2.variance"])  # R: Float64[Tensor, "4"]
in_training = autograd.model.grad_params(nn.training(scaled), loss.mse(), scaled_params, images, tl.zeros((5, 2)))
reveal_type(scaled_params - in_training)  # R: TensorPack["4 1 3 3, 4, 4, 4, 4, 4, 2 144, 2"]
reveal_type(nn.update_statistics(scaled, scaled_params, images))  # R: TensorPack["4 1 3 3, 4, 4, 4, 4, 4, 2 144, 2"]
nn.update_statistics(scaled, scaled_params, words)  # E: shape: update_statistics: x has shape [3, 4, 8], the model takes [*b, 1, 8, 8]
nn.update_statistics(scaled, params, images)  # E: shape: update_statistics: params has 6 entries, the model has 8; shapes: the model [4 1 3 3, 4, 4, 4, 4, 4, 2 144, 2], params [4 1 3 3, 4, 6 4 3 3, 6, 10 6, 10]
nn.conv2d(1, 4, 3) >> nn.batch_norm(5, axis=-3)  # E: shape: Seq: layer 1 (batch_norm) expects input [*b, 5, n0, n1], got [*b, 4, h-2, w-2] from layer 0 (conv2d)
nn.batch_norm(4, axis=1)  # E: shape: batch_norm: axis must be negative, counted from the end, got 1; any number of batch axes may stand before
nn.batch_norm(4, momentum=1.5)  # E: shape: batch_norm: momentum must be at most 1, got 1.5

language = nn.embedding(11, 8) >> nn.transformer_block(8, heads=2, hidden=16, causal=True) >> nn.linear(8, 11)
reveal_type(language(language.init(0), tokens))  # R: Float64[Tensor, "3 4 11"]
words_params = language.init(0)
reveal_type(words_params["1.attention.q.weight"])  # R: Float64[Tensor, "8 8"]
learned = autograd.model.value_and_grad_params(language, loss.mse(), words_params, tokens, tl.zeros((3, 4, 11)))
reveal_type(learned[0])  # R: Float64[Tensor, ""]
placed = nn.embedding(11, 8) >> nn.positional_embedding(4, 8)
reveal_type(placed(placed.init(0), tokens))  # R: Float64[Tensor, "3 4 8"]
look = nn.multi_head_attention(8, 2)
reveal_type(look(look.init(0), words))  # R: Float64[Tensor, "3 4 8"]
reveal_type(look.param_shapes[0])  # R: tuple[Dim["8"], Dim["8"]]
deep = nn.mlp(8, 16, 16, 3, activation="tanh")
reveal_type(deep(deep.init(0), words))  # R: Float64[Tensor, "3 4 3"]
dropped = nn.linear(8, 3) >> nn.dropout(0.5, seed=1)
reveal_type(dropped(dropped.init(0), words))  # R: Float64[Tensor, "3 4 3"]

both = nn.concat_branches(nn.linear(8, 4), nn.mlp(8, 5, 3))
reveal_type(both(both.init(0), words))  # R: Float64[Tensor, "3 4 7"]
reveal_type(both.param_shapes[2])  # R: tuple[Dim["5"], Dim["8"]]
channels = nn.concat_branches(nn.conv2d(1, 4, 3, padding=1), nn.max_pool2d(3, stride=1, padding=1), axis=-3)
reveal_type(channels(channels.init(0), images))  # R: Float64[Tensor, "5 5 8 8"]
total = nn.add_branches(nn.linear(8, 4), nn.linear(8, 4) >> nn.tanh(), nn.linear(8, 4, bias=False))
reveal_type(total(total.init(0), words))  # R: Float64[Tensor, "3 4 4"]


def grown(given: Params[channels], sizes: Params[both]) -> None:
    reveal_type(given)  # R: TensorPack["4 1 3 3, 4"]
    reveal_type(sizes[1])  # R: Shaped[Tensor, "4"]


def trained(given: Params[net], sizes: Params[deep]) -> None:
    reveal_type(given[2])  # R: Shaped[Tensor, "6 4 3 3"]
    reveal_type(sizes["4.weight"])  # R: Shaped[Tensor, "3 16"]


gradient = autograd.model.grad_params(net, loss.mse(), params, images, tl.zeros((5, 10)))
reveal_type(gradient["0.weight"])  # R: Float64[Tensor, "4 1 3 3"]

nn.Seq(nn.conv2d(1, 4, 3), nn.conv2d(3, 4, 3))  # E: shape: Seq: layer 1 (conv2d) expects input [*b, 3, h, w], got [*b, 4, h-2, w-2] from layer 0 (conv2d)
nn.Seq(nn.input("1 4 4"), nn.conv2d(1, 4, 5))  # E: shape: Seq: layer 1 (conv2d) cannot take [*b, 1, 4, 4]: a window does not fit
nn.input("1 8 8") >> nn.conv2d(1, 4, 3) >> nn.max_pool2d(2) >> nn.flatten(3) >> nn.linear(144, 10)  # E: shape: Seq: layer 4 (linear) expects input [*b, 144], got [*b, 36] from layer 3 (flatten)
nn.conv2d(1, 4, 3) >> nn.flatten(3) >> nn.linear(144, 10)  # E: shape: Seq: which sizes layer 2 (linear) gets cannot be inferred: it expects [*b, 144], got [*b, 4*h*w+16-8*h-8*w]; state the input shape: nn.input("1 28 28") first
strided(strided.init(0), tl.zeros((5, 1, 8, 4)))  # E: shape: Seq: x has shape [5, 1, 8, 4], which is too small for the model's windows: it gives [*b, 4, (h+1)//2, (w+1)//2-2]
strided(strided.init(0), tl.zeros((5, 2, 8, 8)))  # E: shape: Seq: x has shape [5, 2, 8, 8], the model takes [*b, 1, h, w]
nn.residual(nn.conv2d(1, 1, 3))  # E: shape: residual: the inner model's output does not fit its input (input: [*b, 1, h, w], output: [*b, 1, h-2, w-2])
nn.conv2d(1, 4, 0)  # E: shape: conv2d: kernel must be at least 1, got 0
nn.conv2d(1, 4, 3, stride=0)  # E: shape: conv2d: stride must be at least 1, got 0
nn.max_pool2d(2, padding=2)  # E: shape: max_pool2d: padding 2 is more than half of the kernel 2; a window must not lie in the padding
nn.conv2d(1, 4, 3, stride=2, padding="same")  # E: shape: conv2d: padding "same" needs a stride of 1, they differ: 1 and 2
nn.conv2d(3, 4, 3, groups=2)  # E: shape: conv2d: 3 channels do not divide into 2 groups
nn.conv_transpose2d(4, 2, 3, output_padding=1)  # E: shape: conv_transpose2d: output_padding 1 is less than neither the stride 1 nor the dilation 1
nn.conv_transpose2d(4, 2, 2, stride=2) >> nn.conv2d(4, 2, 3)  # E: shape: Seq: layer 1 (conv2d) expects input [*b, 4, h, w], got [*b, 2, 2*h, 2*w] from layer 0 (conv_transpose2d)
tl.conv2d(images, tl.ones((2, 1, 3, 3)), stride=2, padding="same")  # E: shape: conv2d: padding "same" needs a stride of 1, they differ: 1 and 2
nn.multi_head_attention(10, 3)  # E: shape: multi_head_attention: 10 features do not divide into 3 heads
nn.transformer_block(8, 2, 0)  # E: shape: transformer_block: hidden must be at least 1, got 0
nn.embedding(11, 8) >> nn.transformer_block(9, heads=3, hidden=16)  # E: shape: Seq: layer 1 (transformer_block) expects input [*b, n, 9], got [*b, 8] from layer 0 (embedding)
nn.embedding(11, 8) >> nn.positional_embedding(4, 9)  # E: shape: Seq: layer 1 (positional_embedding) expects input [*b, 4, 9], got [*b, 8] from layer 0 (embedding)
language(words_params, tl.zeros((3, 4)))  # E: shape: Seq: x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)
nn.embedding(0, 8)  # E: shape: embedding: vocab must be at least 1, got 0
nn.mlp(8)  # E: shape: mlp: needs two sizes or more, the first of the input and the last of the output, got 1
nn.mlp(8, 0, 3)  # E: shape: mlp: a size must be at least 1, got 0
nn.mlp(8, 16, 3) >> nn.linear(4, 2)  # E: shape: Seq: layer 3 (linear) expects input [*b, 4], got [*b, 3] from layer 2 (linear)
nn.dropout(1.5, seed=0)  # E: shape: dropout: rate must be from 0, and below 1, got 1.5
nn.concat_branches(nn.linear(8, 4), nn.linear(7, 3))  # E: shape: concat_branches: branch 1 does not take what branch 0 takes (branch 0: [*b, 8], branch 1: [*b, 7])
nn.concat_branches(nn.linear(8, 4), nn.linear(8, 3), axis=0)  # E: shape: concat_branches: axis must be negative, counted from the end, got 0; any number of batch axes may stand before
nn.concat_branches(nn.conv2d(1, 4, 3), nn.max_pool2d(3, stride=1, padding=1), axis=-3)  # E: shape: concat_branches: what branch 1 gives does not fit what branch 0 gives, but for axis -3 (branch 0: [*b, 4, h-2, w-2], branch 1: [*b, 1, h, w])
nn.concat_branches()  # E: shape: concat_branches: needs one model or more, got none
nn.add_branches(nn.linear(8, 4), nn.linear(8, 3))  # E: shape: add_branches: what branch 1 gives does not fit what branch 0 gives (branch 0: [*b, 4], branch 1: [*b, 3])
nn.add_branches(nn.linear(8, 4), nn.linear(8, 4)) >> nn.linear(5, 2)  # E: shape: Seq: layer 1 (linear) expects input [*b, 5], got [*b, 4] from layer 0 (add_branches)

nn.Seq(nn.linear(3, 2), nn.embedding(5, 4))  # E: shape: Seq: layer 1 (embedding) takes integers, got floating values from layer 0 (linear)
nn.Seq(nn.embedding(5, 4), nn.flatten(2), nn.embedding(5, 4))  # E: shape: Seq: layer 2 (embedding) takes integers, got floating values from layer 1 (flatten)
reveal_type(nn.Seq(nn.flatten(2), nn.embedding(5, 4)))  # R: Seq["*b n0 n1", "*b n0*n1 4", "5 4"]
nn.linear(3)  # E: call-arg: Missing positional argument "out_features" in call to "linear"
nn.conv2d()  # E: call-arg: Missing positional arguments "in_channels", "out_channels", "kernel" in call to "conv2d"
