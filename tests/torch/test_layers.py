"""Layers, losses and initial values against those of PyTorch: outputs, gradients, distributions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Seq, TensorPack, autograd, loss, nn

torch = pytest.importorskip("torch", reason="torch is not installed")

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
TOLERANCE = {np.float64: 1e-10, np.float32: 3e-5}
Entry = Callable[[Any], Any]  # what of their module, or of its gradients, is an entry of our parameters


def named(*names: str) -> list[Entry]:
    """The parameters of these names."""
    return [lambda values, name=name: values[name] for name in names]


def thirds(name: str) -> list[Entry]:
    """The parts of q, k and v of one parameter."""
    return [lambda values, i=i: values[name].chunk(3)[i] for i in range(3)]


def compare(ours: Seq, theirs: Any, entries: Sequence[Entry], x: Any, dtype: Any, call: Any = None) -> None:
    """The output, and for a random cotangent the gradients with respect to all parameters and to ``x``."""
    call, tolerance = call or (lambda module, x: module(x)), TOLERANCE[dtype]
    theirs = theirs.to(torch.from_numpy(np.zeros(0, dtype)).dtype)
    with torch.no_grad():  # biases too start at something
        for parameter in theirs.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0))
    values = dict(theirs.named_parameters())
    params = TensorPack.of(*(tl.from_numpy(entry(values).detach().numpy().copy()) for entry in entries))
    assert params.shapes == ours.param_shapes
    given = torch.from_numpy(x.copy())
    given.requires_grad = x.dtype.kind == "f"
    expected = call(theirs, given)
    found = ours(params, tl.from_numpy(x))
    assert found.dtype == dtype
    np.testing.assert_allclose(found.numpy(), expected.detach().numpy(), rtol=tolerance, atol=tolerance)
    seed = np.random.default_rng(1).normal(size=found.shape).astype(dtype)
    expected.backward(torch.from_numpy(seed))
    gradients = {name: parameter.grad for name, parameter in values.items()}
    pulled = autograd.model.vjp_params(ours, params, tl.from_numpy(x), tl.from_numpy(seed))
    pairs = [(entry(gradients), gradient) for entry, gradient in zip(entries, pulled, strict=True)]
    if given.requires_grad:
        pairs.append((given.grad, autograd.model.vjp_input(ours, params, tl.from_numpy(x), tl.from_numpy(seed))))
    for theirs_, ours_ in pairs:
        scale = float(theirs_.abs().max()) + 1.0
        np.testing.assert_allclose(ours_.numpy(), theirs_.numpy(), rtol=tolerance, atol=tolerance * scale)


def normal(dtype: Any, *shape: int) -> Any:
    return np.random.default_rng(2).normal(size=shape).astype(dtype)


PLAIN = named("weight", "bias")


@DTYPES
def test_dense_layers(dtype: Any) -> None:
    compare(nn.linear(5, 3), torch.nn.Linear(5, 3), PLAIN, normal(dtype, 4, 2, 5), dtype)
    compare(nn.linear(5, 3, bias=False), torch.nn.Linear(5, 3, bias=False), PLAIN[:1], normal(dtype, 4, 5), dtype)
    compare(nn.layer_norm(6), torch.nn.LayerNorm(6), PLAIN, normal(dtype, 4, 3, 6), dtype)
    stack = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.ReLU(), torch.nn.Linear(7, 2))
    compare(nn.mlp(5, 7, 2), stack, named("0.weight", "0.bias", "2.weight", "2.bias"), normal(dtype, 4, 5), dtype)


@DTYPES
@pytest.mark.parametrize(
    "statics",
    [{}, {"stride": 2, "padding": (1, 2)}, {"padding": "same", "dilation": (2, 1)}, {"groups": 2, "bias": False}],
    ids=str,
)
def test_conv2d(dtype: Any, statics: dict[str, Any]) -> None:
    theirs = torch.nn.Conv2d(4, 6, (3, 5), **statics)
    entries = PLAIN if statics.get("bias", True) else PLAIN[:1]
    compare(nn.conv2d(4, 6, (3, 5), **statics), theirs, entries, normal(dtype, 2, 4, 9, 8), dtype)


@pytest.mark.parametrize(
    "statics",
    [{}, {"stride": 2, "padding": 1, "output_padding": 1}, {"groups": 2, "dilation": 2, "output_padding": (1, 0)}],
    ids=str,
)
def test_conv_transpose2d(statics: dict[str, Any]) -> None:
    theirs = torch.nn.ConvTranspose2d(4, 6, (3, 2), **statics)
    ours = nn.conv_transpose2d(4, 6, (3, 2), **statics)
    compare(ours, theirs, PLAIN, normal(np.float64, 2, 4, 5, 4), np.float64)


@DTYPES
def test_embedding(dtype: Any) -> None:
    tokens = np.random.default_rng(0).integers(0, 7, (3, 5))
    compare(nn.embedding(7, 4), torch.nn.Embedding(7, 4), PLAIN[:1], tokens, dtype)


def attended(module: Any, x: Any, causal: bool) -> Any:
    mask = torch.triu(torch.ones(x.shape[-2], x.shape[-2], dtype=torch.bool), 1) if causal else None
    return module(x, x, x, attn_mask=mask, need_weights=False)[0]


@DTYPES
@pytest.mark.parametrize("causal", [False, True], ids=["all", "causal"])
def test_multi_head_attention(dtype: Any, causal: bool) -> None:
    theirs = torch.nn.MultiheadAttention(8, 4, batch_first=True)
    weights, biases = thirds("in_proj_weight"), thirds("in_proj_bias")
    entries = [entry for pair in zip(weights, biases, strict=True) for entry in pair]
    entries += named("out_proj.weight", "out_proj.bias")
    ours = nn.multi_head_attention(8, 4, causal=causal)
    compare(ours, theirs, entries, normal(dtype, 3, 5, 8), dtype, lambda module, x: attended(module, x, causal))


@DTYPES
@pytest.mark.parametrize("causal", [False, True], ids=["all", "causal"])
def test_transformer_block(dtype: Any, causal: bool) -> None:
    theirs = torch.nn.TransformerEncoderLayer(
        8, 2, 12, 0.0, lambda x: torch.nn.functional.gelu(x, approximate="tanh"), batch_first=True, norm_first=True
    )
    weights, biases = thirds("self_attn.in_proj_weight"), thirds("self_attn.in_proj_bias")
    entries = named("norm1.weight", "norm1.bias")
    entries += [entry for pair in zip(weights, biases, strict=True) for entry in pair]
    entries += named("self_attn.out_proj.weight", "self_attn.out_proj.bias", "norm2.weight", "norm2.bias")
    entries += named("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias")

    def call(module: Any, x: Any) -> Any:
        mask = torch.triu(torch.ones(x.shape[-2], x.shape[-2], dtype=torch.bool), 1) if causal else None
        return module(x, src_mask=mask)

    compare(nn.transformer_block(8, 2, 12, causal), theirs, entries, normal(dtype, 3, 5, 8), dtype, call)


@DTYPES
@pytest.mark.parametrize("image", [False, True], ids=["features", "image"])
def test_batch_norm(dtype: Any, image: bool) -> None:
    theirs = (torch.nn.BatchNorm2d if image else torch.nn.BatchNorm1d)(3, momentum=0.3)
    theirs = theirs.to(torch.float64 if dtype == np.float64 else torch.float32)
    ours = nn.batch_norm(3, axis=-3 if image else -1, momentum=0.3)
    params = ours.init(seed=0, dtype=dtype)
    for number in range(3):
        x = np.random.default_rng(number).normal(2, 3, (6, 3, 4, 2) if image else (6, 3)).astype(dtype)
        found = nn.training(ours)(params, tl.from_numpy(x)).numpy()
        expected = theirs(torch.from_numpy(x)).detach().numpy()
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
        params = nn.update_statistics(ours, params, tl.from_numpy(x))
        for name, state in (("mean", theirs.running_mean), ("variance", theirs.running_var)):
            np.testing.assert_allclose(params[f"0.{name}"].numpy(), state.numpy(), rtol=TOLERANCE[dtype])
    theirs.eval()
    found, expected = ours(params, tl.from_numpy(x)).numpy(), theirs(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


# --- losses -----------------------------------------------------------------------------------------------------------


@DTYPES
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses(dtype: Any, reduction: Any) -> None:
    functional, tolerance = torch.nn.functional, TOLERANCE[dtype]
    output, other = normal(dtype, 4, 3, 5), np.random.default_rng(3).normal(size=(4, 3, 5)).astype(dtype)
    chances = np.exp(other) / np.exp(other).sum(1, keepdims=True)
    classes = np.random.default_rng(4).integers(0, 3, (4, 5))
    cases = [
        (loss.mse(reduction), other, functional.mse_loss),
        (loss.cross_entropy_one_hot(reduction, axis=1), chances, functional.cross_entropy),
        (loss.cross_entropy(reduction, axis=1), classes, functional.cross_entropy),
    ]
    for ours, target, theirs in cases:
        given = [torch.from_numpy(a.copy()).requires_grad_(a.dtype.kind == "f") for a in (output, target)]
        expected = theirs(*given, reduction=reduction)
        found = ours(tl.from_numpy(output), tl.from_numpy(target))
        np.testing.assert_allclose(found.numpy(), expected.detach().numpy(), rtol=10 * tolerance, atol=tolerance)
        if reduction == "none":
            continue
        expected.backward()
        model = nn.input("3 5")
        arguments = (model, ours, model.init(seed=0), tl.from_numpy(output), tl.from_numpy(target))
        np.testing.assert_allclose(
            autograd.model.grad_x(*arguments).numpy(), given[0].grad.numpy(), rtol=10 * tolerance, atol=tolerance
        )
        if target.dtype.kind == "f":
            found = autograd.model.grad_target(*arguments)
            np.testing.assert_allclose(found.numpy(), given[1].grad.numpy(), rtol=10 * tolerance, atol=tolerance)


# --- initial values ---------------------------------------------------------------------------------------------------

INITIAL = {
    "linear, Glorot": (nn.linear(300, 200), torch.nn.init.xavier_uniform_),
    "linear before a relu, He": (nn.linear(300, 200) >> nn.relu(), torch.nn.init.kaiming_uniform_),
    "linear before a gelu, Glorot": (nn.linear(300, 200) >> nn.gelu(), torch.nn.init.xavier_uniform_),
    "convolution, Glorot": (nn.conv2d(40, 50, (3, 5)), torch.nn.init.xavier_uniform_),
    "convolution before a relu, He": (nn.conv2d(40, 50, (3, 5)) >> nn.relu(), torch.nn.init.kaiming_uniform_),
    "groups before a relu, He": (nn.conv2d(80, 60, 3, groups=2) >> nn.relu(), torch.nn.init.kaiming_uniform_),
    "transposed, Glorot": (nn.conv_transpose2d(40, 50, 4), torch.nn.init.xavier_uniform_),
    "embedding": (nn.embedding(300, 200), torch.nn.init.normal_),
    "positions": (nn.positional_embedding(300, 200), torch.nn.init.normal_),
    "attention, Glorot": (nn.multi_head_attention(200, 4), torch.nn.init.xavier_uniform_),
}


@pytest.mark.parametrize("name", INITIAL)
def test_weights_start_with_their_distribution(name: str) -> None:
    """Means, variances, bounds and quantiles: of some ten thousand draws, all within four standard errors."""
    model, initialise = INITIAL[name]
    arguments = {"nonlinearity": "relu"} if initialise is torch.nn.init.kaiming_uniform_ else {}
    ours = model.init(seed=5)[0].numpy()
    theirs = torch.empty(ours.shape, dtype=torch.float64)
    initialise(theirs, generator=torch.Generator().manual_seed(5), **arguments)
    expected = theirs.numpy()
    spread, error = expected.std(), 4 / np.sqrt(ours.size)
    assert abs(ours.mean() - expected.mean()) < spread * error * np.sqrt(2)
    assert abs(ours.std() / spread - 1) < error * np.sqrt(2)
    steps = np.linspace(0.1, 0.9, 9)
    np.testing.assert_allclose(np.quantile(ours, steps), np.quantile(expected, steps), atol=2.5 * spread * error)
    if initialise is not torch.nn.init.normal_:
        np.testing.assert_allclose(np.abs(ours).max(), np.abs(expected).max(), rtol=2e-3)


def test_biases_and_scales_start_at_0_and_1() -> None:
    for ours, theirs in (
        (nn.layer_norm(4), torch.nn.LayerNorm(4)),
        (nn.batch_norm(4), torch.nn.BatchNorm1d(4)),
    ):
        expected = [value.numpy() for value in theirs.state_dict().values() if value.ndim]
        for entry, value in zip(ours.init(seed=0), expected, strict=True):
            np.testing.assert_array_equal(entry.numpy(), value)
    for layer in (nn.linear(3, 4), nn.conv2d(3, 4, 2), nn.conv_transpose2d(3, 4, 2)):
        assert not layer.init(seed=0)[1].numpy().any()
