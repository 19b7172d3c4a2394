"""The layers of images, of sequences and of models: signature, parameters, how they start, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Seq, ShapeError, nn


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def called(model: Seq, shape: tuple[int, ...], dtype: Any = np.float64) -> tl.Tensor:
    return model(model.init(seed=0), tl.zeros(shape, dtype=dtype))


# --- images -----------------------------------------------------------------------------------------------------------

KERNELS = [(1, 1, 0), (2, 1, 0), (3, 1, 1), (3, 2, 1), (5, 3, 2), ((2, 3), (1, 2), (0, 1)), ((1, 4), 2, (0, 2))]


@pytest.mark.parametrize(("kernel", "stride", "padding"), KERNELS, ids=str)
@pytest.mark.parametrize("size", [(7, 8), (8, 5)], ids=str)
def test_the_arithmetic_of_windows_is_exact(size: tuple[int, int], kernel: Any, stride: Any, padding: Any) -> None:
    def each(value: Any) -> tuple[int, int]:
        return value if isinstance(value, tuple) else (value, value)

    sides = zip(size, each(kernel), each(stride), each(padding), strict=True)
    expected = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in sides)
    models = [
        nn.conv2d(2, 3, kernel, stride, padding),
        nn.max_pool2d(kernel, stride, tuple(min(p, k // 2) for p, k in zip(each(padding), each(kernel), strict=True))),
        nn.avg_pool2d(kernel, stride, tuple(min(p, k // 2) for p, k in zip(each(padding), each(kernel), strict=True))),
    ]
    for model in models:
        channels = 3 if model is models[0] else 2
        assert called(model, (4, 2, *size)).shape == (4, channels, *expected)
        stated = nn.input(f"2 {size[0]} {size[1]}") >> model
        assert stated.out_shape == (channels, *expected)
        assert model.output_shape("test", model.init(seed=0), tl.zeros((4, 2, *size))) == (4, channels, *expected)


def test_signatures_of_layers_of_images() -> None:
    assert repr(nn.conv2d(1, 8, 3)) == 'Seq["*b 1 h w", "*b 8 h-2 w-2", "8 1 3 3, 8"]'
    assert repr(nn.conv2d(2, 4, (1, 3), padding=(0, 1), bias=False)) == 'Seq["*b 2 h w", "*b 4 h w", "4 2 1 3"]'
    assert repr(nn.conv2d(4, 6, 3, dilation=2, groups=2)) == 'Seq["*b 4 h w", "*b 6 h-4 w-4", "6 2 3 3, 6"]'
    assert repr(nn.conv2d(4, 6, (2, 5), padding="same")) == 'Seq["*b 4 h w", "*b 6 h w", "6 4 2 5, 6"]'
    assert repr(nn.conv_transpose2d(4, 6, 3)) == 'Seq["*b 4 h w", "*b 6 h+2 w+2", "4 6 3 3, 6"]'
    doubled = nn.conv_transpose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=False)
    assert repr(doubled) == 'Seq["*b 4 h w", "*b 6 2*h 2*w", "4 3 3 3"]'
    assert repr(nn.max_pool2d(3, stride=1, dilation=(1, 2))) == 'Seq["*b h w", "*b h-2 w-4", ""]'
    assert repr(nn.max_pool2d(2)) == 'Seq["*b h w", "*b h//2 w//2", ""]'
    assert repr(nn.avg_pool2d(3, stride=2, padding=1)) == 'Seq["*b h w", "*b (h+1)//2 (w+1)//2", ""]'
    assert repr(nn.global_avg_pool()) == 'Seq["*b c h w", "*b c", ""]'
    net = nn.conv2d(1, 4, 3, stride=2) >> nn.relu() >> nn.max_pool2d(2) >> nn.global_avg_pool() >> nn.linear(4, 2)
    assert (repr(net), net.param_names) == (
        'Seq["*b 1 h w", "*b 2", "4 1 3 3, 4, 2 4, 2"]',
        ("0.weight", "0.bias", "4.weight", "4.bias"),
    )


def test_convolutions_of_groups_and_their_transposes() -> None:
    for model in (
        nn.conv2d(4, 6, 3, padding="same", dilation=2, groups=2),
        nn.conv_transpose2d(4, 6, (2, 3), stride=2, padding=(0, 1), output_padding=1, groups=2),
        nn.conv_transpose2d(4, 6, 2, stride=2) >> nn.conv2d(6, 4, 2, stride=2),
    ):
        y = called(model, (2, 4, 7, 5))
        assert model.output_shape("test", model.init(seed=0), tl.zeros((2, 4, 7, 5))) == y.shape
        assert (nn.input("4 7 5") >> model).out_shape == y.shape[1:]
    assert y.shape == (2, 4, 7, 5)


@pytest.mark.parametrize("batch", [(), (5,), (2, 3), (0,)], ids=str)
def test_images_have_any_number_of_batch_axes(batch: tuple[int, ...]) -> None:
    net = nn.conv2d(1, 4, 3, padding=1) >> nn.gelu() >> nn.avg_pool2d(2) >> nn.global_avg_pool()
    x = tl.random.normal((*batch, 1, 6, 6), seed=0)
    y = net(net.init(seed=0), x)
    assert y.shape == (*batch, 4)
    if 0 not in batch:
        flat = net(net.init(seed=0), x.reshape((-1, 1, 6, 6)))
        np.testing.assert_allclose(y.numpy().reshape(-1, 4), flat.numpy(), rtol=1e-12)


def test_a_convolution_starts_as_what_it_feeds_asks_for() -> None:
    he, glorot = np.sqrt(6 / (16 * 9)), np.sqrt(6 / (16 * 9 + 32 * 9))
    for model, limit in ((nn.conv2d(16, 32, 3) >> nn.relu(), he), (nn.conv2d(16, 32, 3) >> nn.tanh(), glorot)):
        weight, bias = model.init(seed=0)
        assert 0.98 * limit < np.abs(weight.numpy()).max() <= limit
        assert abs(weight.numpy().std() / (limit / np.sqrt(3)) - 1) < 0.02
        assert not bias.numpy().any()


def test_sizes_that_no_layer_of_images_has() -> None:
    conv: Any = nn.conv2d
    assert refused(lambda: conv(0, 8, 3)) == "conv2d: in_channels must be at least 1, got 0"
    assert refused(lambda: conv(1, -8, 3)) == "conv2d: out_channels must be at least 1, got -8"
    assert refused(lambda: conv(1, 8, 0)) == "conv2d: kernel must be at least 1, got 0"
    assert refused(lambda: conv(1, 8, 3, stride=(1, 0))) == "conv2d: stride must be at least 1, got 0"
    assert refused(lambda: conv(1, 8, 3, padding=-1)) == "conv2d: padding must be at least 0, got -1"
    assert refused(lambda: conv(1, 8, (1, 2, 3))) == "conv2d: kernel must be one size or a pair, got 3 sizes"
    assert refused(lambda: conv(1, 8, 3.0)).startswith("conv2d: ")
    assert refused(lambda: conv(1, 8, True)) == "conv2d: kernel must be an int, got True"
    assert refused(lambda: conv(1, 8, 3, bias=1)).startswith("conv2d: ")
    assert refused(lambda: conv(1, 8, 3, padding="sane")) == (
        'conv2d: padding must be sizes, "same" or "valid", got "sane"'
    )
    assert refused(lambda: conv(1, 8, 3, stride=2, padding="same")) == (
        'conv2d: padding "same" needs a stride of 1, they differ: 1 and 2'
    )
    assert refused(lambda: conv(4, 9, 3, groups=2)) == "conv2d: 9 channels do not divide into 2 groups"
    assert refused(lambda: conv(5, 8, 3, groups=2)) == "conv2d: 5 channels do not divide into 2 groups"
    assert refused(lambda: conv(4, 8, 3, groups=0)) == "conv2d: groups must be at least 1, got 0"
    assert refused(lambda: conv(4, 8, 3, dilation=0)) == "conv2d: dilation must be at least 1, got 0"
    back: Any = nn.conv_transpose2d
    assert refused(lambda: back(4, 8, 3, stride=2, output_padding=2)) == (
        "conv_transpose2d: output_padding 2 is less than neither the stride 2 nor the dilation 1"
    )
    assert refused(lambda: back(4, 8, 3, padding="same")) == ("conv_transpose2d: padding must be an int, got 'same'")
    assert refused(lambda: nn.max_pool2d(0)) == "max_pool2d: kernel must be at least 1, got 0"
    assert refused(lambda: nn.avg_pool2d(2, stride=0)) == "avg_pool2d: stride must be at least 1, got 0"
    assert refused(lambda: nn.max_pool2d(2, padding=2)) == (
        "max_pool2d: padding 2 is more than half of the kernel 2; a window must not lie in the padding"
    )


def test_an_image_that_is_smaller_than_a_window() -> None:
    assert refused(lambda: nn.Seq(nn.input("1 4 4"), nn.conv2d(1, 8, 5))) == (
        "Seq: layer 1 (conv2d) cannot take [*b, 1, 4, 4]: a window does not fit"
    )
    assert refused(lambda: nn.Seq(nn.input("1 4 4"), nn.relu() >> nn.max_pool2d(5))) == (
        "Seq: layers 1 to 2 (relu, max_pool2d) cannot take [*b, 1, 4, 4]: a window does not fit"
    )
    assert refused(lambda: called(nn.conv2d(1, 8, 5), (2, 1, 4, 6))) == (
        "Seq: x has shape [2, 1, 4, 6], which is too small for the model's windows: it gives [*b, 8, h-4, w-4]"
    )
    # what lies between does not show in the signature, so that the operation says it
    assert "a window of 5 does not fit axis -2" in refused(
        lambda: called(nn.conv2d(1, 8, 5) >> nn.global_avg_pool(), (2, 1, 4, 6))
    )
    assert called(nn.conv2d(1, 8, 4), (1, 4, 4)).shape == (8, 1, 1)
    assert refused(lambda: called(nn.conv2d(1, 8, 3, dilation=2), (1, 4, 6))) == (
        "Seq: x has shape [1, 4, 6], which is too small for the model's windows: it gives [*b, 8, h-4, w-4]"
    )


# --- sequences --------------------------------------------------------------------------------------------------------


def test_embedding() -> None:
    model = nn.embedding(5, 3)
    table = model.init(seed=0)
    for shape in ((), (4,), (2, 3), (0,)):
        assert called(model, shape, np.int64).shape == (*shape, 3)
    x = tl.tensor([4, 0, 4], dtype=np.int64)
    np.testing.assert_array_equal(model(table, x).numpy(), table[0].numpy()[[4, 0, 4]])
    assert (repr(model), model.param_names) == ('Seq["*b", "*b 3", "5 3"]', ("0.weight",))
    values = nn.embedding(200, 100).init(seed=1)[0].numpy()
    assert abs(values.mean()) < 0.02
    assert abs(values.std() - 1) < 0.02
    tail = "x has dtype float64, the model takes integers; make them with tl.tensor(..., np.int64)"
    assert refused(lambda: called(model, (4,))) == f"Seq: {tail}"
    assert refused(lambda: called(nn.relu() >> model, (4,))) == f"Seq: {tail}"
    assert refused(lambda: called(nn.add_branches(model, model), (4,))) == f"Seq: {tail}"
    assert refused(lambda: nn.linear(4, 4) >> model) == (
        "Seq: layer 1 (embedding) takes integers, got floating values from layer 0 (linear)"
    )
    with pytest.raises(tl.DomainError, match="indices from -5 to 4"):
        model(table, tl.tensor([5], dtype=np.int64))
    assert refused(lambda: nn.embedding(0, 3)) == "embedding: vocab must be at least 1, got 0"
    assert refused(lambda: nn.embedding(5, 0)) == "embedding: features must be at least 1, got 0"


def test_positional_embedding() -> None:
    model = nn.positional_embedding(4, 3)
    table = model.init(seed=0)
    assert (repr(model), table.names) == ('Seq["*b 4 3", "*b 4 3", "4 3"]', ("0.weight",))
    x = tl.random.normal((2, 5, 4, 3), seed=1)
    np.testing.assert_array_equal(model(table, x).numpy(), x.numpy() + table[0].numpy())
    assert repr(nn.embedding(9, 3) >> model) == 'Seq["*b 4", "*b 4 3", "9 3, 4 3"]'
    assert abs(nn.positional_embedding(200, 100).init(seed=1)[0].numpy().std() - 1) < 0.02
    assert refused(lambda: called(model, (2, 5, 3))) == "Seq: x has shape [2, 5, 3], the model takes [*b, 4, 3]"
    assert refused(lambda: nn.positional_embedding(0, 3)) == "positional_embedding: length must be at least 1, got 0"


def test_attention_and_transformer_blocks() -> None:
    look = nn.multi_head_attention(6, heads=3)
    assert repr(look) == 'Seq["*b n 6", "*b n 6", "6 6, 6, 6 6, 6, 6 6, 6, 6 6, 6"]'
    assert look.param_names[::2] == ("0.q.weight", "0.k.weight", "0.v.weight", "0.out.weight")
    model = nn.Seq(nn.embedding(9, 6), nn.layer_norm(6), nn.transformer_block(6, heads=2, hidden=12), nn.linear(6, 9))
    assert model.param_names[3:] == (
        "2.norm1.weight", "2.norm1.bias",
        "2.attention.q.weight", "2.attention.q.bias", "2.attention.k.weight", "2.attention.k.bias",
        "2.attention.v.weight", "2.attention.v.bias", "2.attention.out.weight", "2.attention.out.bias",
        "2.norm2.weight", "2.norm2.bias", "2.mlp.0.weight", "2.mlp.0.bias", "2.mlp.2.weight", "2.mlp.2.bias",
        "3.weight", "3.bias",
    )  # fmt: skip
    assert (repr(model).split('", "')[:2], model.out_shape) == (['Seq["*b n', "*b n 9"], ("n", 9))
    assert model.summary().splitlines()[1].split() == [
        "0",
        "embedding",
        "[*b,",
        "n]",
        "[*b,",
        "n,",
        "6]",
        "[9,",
        "6]",
        "54",
    ]
    assert called(model, (2, 4), np.int64).shape == (2, 4, 9)
    params = model.init(seed=0)
    limit = np.sqrt(6 / 12)
    for name in ("q", "k", "v", "out"):
        assert np.abs(params[f"2.attention.{name}.weight"].numpy()).max() <= limit
        assert not params[f"2.attention.{name}.bias"].numpy().any()
    assert (params["2.norm1.weight"].numpy() == 1).all()
    assert params["2.mlp.0.weight"].numpy().std() > 0.1


def test_sizes_that_no_layer_of_sequences_has() -> None:
    attention: Any = nn.multi_head_attention
    assert refused(lambda: attention(10, 3)) == "multi_head_attention: 10 features do not divide into 3 heads"
    assert refused(lambda: attention(0, 1)) == "multi_head_attention: features must be at least 1, got 0"
    assert refused(lambda: attention(8, 0)) == "multi_head_attention: heads must be at least 1, got 0"
    assert refused(lambda: attention(8, 2, causal=1)).startswith("multi_head_attention: ")
    block: Any = nn.transformer_block
    assert refused(lambda: block(9, 2, 4)) == "transformer_block: 9 features do not divide into 2 heads"
    assert refused(lambda: block(8, 2, 0)) == "transformer_block: hidden must be at least 1, got 0"
    assert refused(lambda: called(nn.multi_head_attention(8, 2), (8,))) == (
        "Seq: x has shape [8], the model takes [*b, n, 8]"
    )


# --- dense ------------------------------------------------------------------------------------------------------------


def test_an_mlp_is_the_chain_of_its_layers() -> None:
    model, chain = nn.mlp(4, 6, 3, 2), nn.linear(4, 6) >> nn.relu() >> nn.linear(6, 3) >> nn.relu() >> nn.linear(3, 2)
    assert (repr(model), model.param_names) == (repr(chain), chain.param_names)
    for tensor, other in zip(model.init(seed=3), chain.init(seed=3), strict=True):
        assert tl.allclose(tensor, other, rtol=0.0)
    assert [layer.name for layer in nn.mlp(4, 6, 2, activation="gelu").layers] == ["linear", "gelu", "linear"]
    assert repr(nn.mlp(4, 2)) == repr(nn.linear(4, 2))
    mlp: Any = nn.mlp
    assert refused(lambda: mlp(4)) == (
        "mlp: needs two sizes or more, the first of the input and the last of the output, got 1"
    )
    assert refused(lambda: mlp(4, 0, 2)) == "mlp: a size must be at least 1, got 0"
    assert refused(lambda: mlp(4, 2, activation="swish")) == (
        'mlp: argument 2 ("activation") must be "relu", "gelu", "tanh", "sigmoid" or "softplus", got "swish"'
    )


def test_dropout_is_drawn_from_its_seed() -> None:
    x = tl.ones((50, 40))
    first, again, other = (nn.dropout(0.5, seed=s)(nn.relu().init(seed=0), x).numpy() for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert set(np.unique(first)) == {0.0, 2.0}
    np.testing.assert_array_equal(nn.dropout(0.0, seed=1)(nn.relu().init(seed=0), x).numpy(), x.numpy())
    training, inference = (nn.linear(3, 4) >> nn.dropout(rate, seed=0) >> nn.linear(4, 2) for rate in (0.5, 0.0))
    assert training.param_names == inference.param_names
    dropout: Any = nn.dropout
    assert refused(lambda: dropout(1.0, seed=0)) == "dropout: rate must be from 0, and below 1, got 1.0"
    assert refused(lambda: dropout(-0.1, seed=0)) == "dropout: rate must be from 0, and below 1, got -0.1"
    assert refused(lambda: dropout(0.5, seed=-1)) == "dropout: seed must be at least 0, got -1"


# --- of models --------------------------------------------------------------------------------------------------------


def test_branches_are_numbered() -> None:
    inner = nn.add_branches(nn.linear(3, 3), nn.residual(nn.linear(3, 3)))
    model = nn.relu() >> nn.concat_branches(inner, nn.tanh(), nn.mlp(3, 4, 2))
    assert model.out_shape == (8,)
    assert model.param_names == (
        "1.0.0.0.0.weight", "1.0.0.0.0.bias", "1.0.0.1.0.0.weight", "1.0.0.1.0.0.bias",
        "1.2.0.weight", "1.2.0.bias", "1.2.2.weight", "1.2.2.bias",
    )  # fmt: skip
    assert repr(nn.add_branches(nn.relu(), nn.tanh())) == 'Seq["*b", "*b", ""]'
    assert repr(nn.concat_branches(nn.relu(), nn.tanh(), axis=-2)) == 'Seq["*b c0 s0", "*b 2*c0 s0", ""]'
    assert repr(nn.concat_branches(nn.linear(3, 2))) == 'Seq["*b 3", "*b 2", "2 3, 2"]'


def test_the_layers_of_a_branch_start_as_alone() -> None:
    branch = nn.linear(3, 50) >> nn.relu() >> nn.linear(50, 2)
    weights = nn.add_branches(nn.linear(3, 2), branch).init(seed=0)
    assert np.sqrt(6 / 53) < np.abs(weights["0.1.0.weight"].numpy()).max() <= np.sqrt(6 / 3)


def test_branches_that_do_not_fit() -> None:
    assert refused(lambda: nn.add_branches(nn.linear(3, 4), nn.linear(3, 5))) == (
        "add_branches: what branch 1 gives does not fit what branch 0 gives (branch 0: [*b, 4], branch 1: [*b, 5])"
    )
    assert refused(lambda: nn.add_branches(nn.linear(3, 4), nn.tanh() >> nn.linear(2, 4))) == (
        "add_branches: branch 1 does not take what branch 0 takes (branch 0: [*b, 3], branch 1: [*b, 2])"
    )
    assert refused(lambda: nn.add_branches(nn.relu(), nn.global_avg_pool())) == (
        "add_branches: what branch 1 gives does not fit what branch 0 gives "
        "(branch 0: [*b, c, h, w], branch 1: [*b, c])"
    )
    assert refused(lambda: nn.concat_branches(nn.conv2d(1, 4, 3), nn.conv2d(1, 4, 3, padding=1), axis=-3)) == (
        "concat_branches: what branch 1 gives does not fit what branch 0 gives, but for axis -3 "
        "(branch 0: [*b, 4, h-2, w-2], branch 1: [*b, 4, h, w])"
    )
    assert refused(lambda: nn.concat_branches(nn.linear(3, 4), axis=1)) == (
        "concat_branches: axis must be negative, counted from the end, got 1; any number of batch axes may stand before"
    )
    for layer in (nn.add_branches, nn.concat_branches):
        assert refused(layer) == f"{layer.__name__}: needs one model or more, got none"
        assert refused(lambda layer=layer: layer(nn.relu)).startswith(f"{layer.__name__}: ")


def test_a_residual_model_gives_the_shape_that_it_takes() -> None:
    unit = nn.residual(nn.conv2d(4, 4, 3, padding=1) >> nn.relu() >> nn.conv2d(4, 4, 3, padding=1))
    assert repr(unit) == 'Seq["*b 4 h w", "*b 4 h w", "4 4 3 3, 4, 4 4 3 3, 4"]'
    for inner, shapes in (
        (nn.conv2d(3, 3, 3), "input: [*b, 3, h, w], output: [*b, 3, h-2, w-2]"),
        (nn.max_pool2d(2), "input: [*b, h, w], output: [*b, h//2, w//2]"),
        (nn.flatten(2), "input: [*b, n0, n1], output: [*b, n0*n1]"),
    ):
        message = f"residual: the inner model's output does not fit its input ({shapes})"
        assert refused(lambda inner=inner: nn.residual(inner)) == message
