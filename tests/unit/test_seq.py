"""Seq: chaining, names, shapes, calls, the summary."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Seq, ShapeError, TensorPack, loss, nn

MODEL = nn.Seq(
    nn.input("1 2 3"),
    nn.flatten(3),
    nn.linear(6, 4),
    nn.residual(nn.linear(4, 8) >> nn.relu() >> nn.linear(8, 4, bias=False)),
    nn.layer_norm(4),
    nn.softmax(),
)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def test_what_a_model_says_of_itself() -> None:
    assert repr(MODEL) == 'Seq["*b 1 2 3", "*b 4", "4 6, 4, 8 4, 8, 4 8, 4, 4"]'
    assert MODEL.in_shape == (1, 2, 3)
    assert MODEL.out_shape == (4,)
    assert MODEL.param_shapes == ((4, 6), (4,), (8, 4), (8,), (4, 8), (4,), (4,))
    assert MODEL.param_names == (
        "2.weight", "2.bias", "3.0.weight", "3.0.bias", "3.2.weight", "4.weight", "4.bias",
    )  # fmt: skip
    params = MODEL.init(seed=0)
    assert (params.shapes, params.names) == (MODEL.param_shapes, MODEL.param_names)


def test_shapes_that_a_model_leaves_open_have_names() -> None:
    assert (nn.relu().in_shape, nn.relu().out_shape) == ((), ())
    assert (nn.softmax().in_shape, nn.softmax(-2).in_shape) == (("n0",), ("n0", "n1"))
    assert (nn.input("n 3") >> nn.linear(3, 2)).out_shape == ("n", 2)
    assert (nn.layer(lambda x: x).in_shape, nn.layer(lambda x: x).out_shape) == (("...",), ("...",))


def test_the_arrows_chain_is_a_seq() -> None:
    arrows = nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 2)
    for model in (nn.Seq(nn.linear(3, 4), nn.tanh(), nn.linear(4, 2)), arrows):
        assert isinstance(model, Seq)
        assert repr(model) == 'Seq["*b 3", "*b 2", "4 3, 4, 2 4, 2"]'
        assert model.param_names == ("0.weight", "0.bias", "2.weight", "2.bias")
        for tensor, other in zip(model.init(seed=1), arrows.init(seed=1), strict=True):
            assert tl.allclose(tensor, other, rtol=0.0)


def test_nested_seqs_are_numbered_through_and_residuals_within() -> None:
    inner = nn.Seq(nn.linear(3, 3), nn.residual(nn.linear(3, 3) >> nn.residual(nn.linear(3, 3))))
    nested = nn.Seq(nn.linear(2, 3), nn.relu(), nn.Seq(inner, nn.Seq()), nn.linear(3, 1))
    assert nested.param_names == (
        "0.weight", "0.bias", "2.weight", "2.bias", "3.0.weight", "3.0.bias", "3.1.0.weight", "3.1.0.bias",
        "4.weight", "4.bias",
    )  # fmt: skip
    flat = nn.linear(2, 3) >> nn.relu() >> inner >> nn.linear(3, 1)
    assert (flat.param_names, repr(flat)) == (nested.param_names, repr(nested))


def test_names_that_a_model_leaves_open_are_the_same_at_both_ends() -> None:
    assert repr(nn.Seq(nn.input("n 3"), nn.relu(), nn.linear(3, 2), nn.relu())) == 'Seq["*b n 3", "*b n 2", "2 3, 2"]'
    model = nn.Seq(nn.input("n 3"), nn.input("m 3"), nn.linear(3, 2))
    assert (model.in_shape[1:], model.in_shape[0]) == ((3,), model.out_shape[0])
    assert model.output_shape("test", model.init(seed=0), tl.ones((7, 5, 3))) == (7, 5, 2)
    three = nn.softmax(-3) >> nn.softmax(-2) >> nn.linear(3, 2) >> nn.softmax(-3)
    assert repr(three) == 'Seq["*b n0 n1 3", "*b n0 n1 2", "2 3, 2"]'


@pytest.mark.parametrize("batch", [(), (5,), (2, 5), (0,), (1, 1, 1)], ids=str)
def test_any_number_of_batch_axes(batch: tuple[int, ...]) -> None:
    params = MODEL.init(seed=0)
    x = tl.random.normal((*batch, 1, 2, 3), seed=0)
    y = MODEL(params, x)
    assert y.shape == (*batch, 4) == MODEL.output_shape("test", params, x)
    if math.prod(batch):
        flat = MODEL(params, x.reshape((-1, 1, 2, 3)))
        np.testing.assert_allclose(y.numpy().reshape(-1, 4), flat.numpy(), rtol=1e-12)
        np.testing.assert_allclose(y.numpy().sum(-1), np.ones(batch), rtol=1e-12)


def test_the_call_is_the_composition_of_the_layers() -> None:
    first, second = nn.linear(3, 4) >> nn.gelu(), nn.layer_norm(4) >> nn.linear(4, 2)
    whole = first >> second
    params = whole.init(seed=3)
    x = tl.random.normal((5, 3), seed=1)
    middle = first(TensorPack.of(*params.tensors[:2]), x)
    assert tl.allclose(whole(params, x), second(TensorPack.of(*params.tensors[2:]), middle), rtol=1e-12)
    with tl.eager():
        assert tl.allclose(whole(params, x), whole(params, x), rtol=0.0)


def test_parameters_may_be_a_pack_without_names() -> None:
    model = nn.linear(2, 1)
    unnamed = TensorPack.of(tl.tensor([[1.0, 2.0]]), tl.tensor([3.0]))
    assert model(unnamed, tl.tensor([10.0, 100.0])).numpy().tolist() == [213.0]


SUMMARY = """\
layer         input         output        parameters          count
0 input       [*b, 1, 2, 3] [*b, 1, 2, 3]                         0
1 flatten     [*b, 1, 2, 3] [*b, 6]                               0
2 linear      [*b, 6]       [*b, 4]       [4, 6], [4]            28
3 residual    [*b, 4]       [*b, 4]       [8, 4], [8], [4, 8]    72
4 layer_norm  [*b, 4]       [*b, 4]       [4], [4]                8
5 softmax     [*b, 4]       [*b, 4]                               0
total                                                           108"""


def test_summary() -> None:
    assert MODEL.summary() == SUMMARY


def test_summary_of_open_sizes_scalars_and_nothing() -> None:
    scale = nn.layer(lambda p, x: x * p["a"], params={"a": ""}, input="*b", output="*b")
    assert (
        (nn.input("n 3") >> nn.linear(3, 2) >> scale).summary()
        == """\
layer     input      output     parameters  count
0 input   [*b, n, 3] [*b, n, 3]                 0
1 linear  [*b, n, 3] [*b, n, 2] [2, 3], [2]     8
2 layer   [*b, n, 2] [*b, n, 2] []              1
total                                           9"""
    )
    assert nn.Seq().summary() == "layer  input output parameters count\ntotal                              0"


def test_a_model_never_changes() -> None:
    model: Any = nn.linear(3, 2)
    for name in ("kind", "layers", "extra"):
        with pytest.raises(AttributeError, match=f"Seq is immutable: {name} cannot be set"):
            setattr(model, name, None)
    assert copy.copy(model) is copy.deepcopy(model) is model
    assert len({model, nn.linear(3, 2)}) == 2


def test_an_error_names_the_offending_layer() -> None:
    assert refused(lambda: nn.Seq(nn.linear(4, 8), nn.relu(), nn.linear(9, 3))) == (
        "Seq: layer 2 (linear) expects input [*b, 9], got [*b, 8] from layer 1 (relu)"
    )
    assert refused(lambda: nn.linear(4, 8) >> nn.layer_norm(7)) == (
        "Seq: layer 1 (layer_norm) expects input [*b, 7], got [*b, 8] from layer 0 (linear)"
    )
    nested = nn.Seq(nn.relu(), nn.linear(8, 3))
    assert refused(lambda: nn.Seq(nn.linear(4, 8), nested, nn.linear(4, 1))) == (
        "Seq: layer 3 (linear) expects input [*b, 4], got [*b, 3] from layer 2 (linear)"
    )
    assert refused(lambda: nn.input("2 4") >> nn.flatten(2) >> nn.linear(6, 2)) == (
        "Seq: layer 2 (linear) expects input [*b, 6], got [*b, 8] from layer 1 (flatten)"
    )
    assert refused(lambda: nn.residual(nn.linear(4, 8))) == (
        "residual: the inner model's output does not fit its input (input: [*b, 4], output: [*b, 8])"
    )
    with pytest.raises(ShapeError) as caught:
        nn.Seq(nn.linear(4, 8), nn.relu(), nn.linear(9, 3))
    error = caught.value
    assert (error.op, error.position, error.expected, error.got) == ("Seq", 2, "[*b, 9]", "[*b, 8]")


def test_what_cannot_be_inferred_must_be_stated() -> None:
    assert refused(lambda: nn.flatten(2) >> nn.linear(6, 2)) == (
        "Seq: which sizes layer 1 (linear) gets cannot be inferred: it expects [*b, 6], got [*b, n0*n1]; "
        'state the input shape: nn.input("1 28 28") first'
    )
    assert repr(nn.input("2 3") >> nn.flatten(2) >> nn.linear(6, 2)) == 'Seq["*b 2 3", "*b 2", "2 6, 2"]'


def test_what_is_no_layer() -> None:
    assert refused(lambda: nn.Seq(nn.linear(4, 8), nn.relu)) == (  # type: ignore[arg-type]
        "Seq: part 1 is no layer but relu; call it: nn.relu()"
    )
    assert refused(lambda: nn.Seq(lambda x: x)) == (  # type: ignore[arg-type]
        "Seq: part 0 is no layer but <lambda>; wrap a function with nn.layer"
    )
    assert refused(lambda: nn.linear(4, 8) >> tl.tanh) == (
        "Seq: part 1 is no layer but tanh; wrap a function with nn.layer"
    )
    assert refused(lambda: nn.Seq([nn.linear(4, 8)])) == (  # type: ignore[arg-type]
        "Seq: part 0 is no layer but list; wrap a function with nn.layer"
    )


def test_arguments_that_do_not_fit_the_model() -> None:
    model = nn.linear(3, 4) >> nn.linear(4, 2)
    params = model.init(seed=0)
    assert refused(lambda: model(params, tl.ones((5, 4)))) == "Seq: x has shape [5, 4], the model takes [*b, 3]"
    assert refused(lambda: model(params, tl.tensor(1.0))) == "Seq: x has shape [], the model takes [*b, 3]"
    assert refused(lambda: model(TensorPack.of(*params.tensors[:2]), tl.ones(3))) == (
        "Seq: params has 2 entries, the model has 4; shapes: the model [4 3, 4, 2 4, 2], params [4 3, 4]"
    )
    turned = params.map(lambda p: p.T if p.ndim == 2 else p)
    assert refused(lambda: model(turned, tl.ones(3))) == (
        'Seq: params does not fit the model: entry 0 ("0.weight") is [4, 3] in the model, here [3, 4]; '
        "was it made by another model?"
    )
    w, b, w2, b2 = params
    assert refused(lambda: model(TensorPack.of(w, b, b2, w2), tl.ones(3))) == (
        'Seq: params does not fit the model: entry 2 ("1.weight") is [2, 4] in the model, here [2]; '
        "the same shapes in another order"
    )
    assert refused(lambda: model(params, tl.ones(3, dtype=np.float32))) == (
        'Seq: dtypes differ: params "0.weight" is float64, x is float32; '
        "dtypes are not promoted: convert one with astype"
    )


@pytest.mark.parametrize(
    "name", ["value_and_grads", "grad_params", "grad_inputs", "grad_x", "grad_target", "value_and_grad_params"]
)
def test_the_derivatives_refuse_the_same_under_their_own_names(name: str) -> None:
    model = nn.linear(3, 2)
    params, function = model.init(seed=0), getattr(tl.autograd.model, name)
    x, y = tl.ones((5, 3)), tl.ones((5, 2))
    assert refused(lambda: function(model, loss.mse(), params, y, y)) == (
        f"{name}: x has shape [5, 2], the model takes [*b, 3]"
    )
    assert refused(lambda: function(model, loss.mse(), params, x, x)) == (
        f"{name}: mse: the target does not have the shape of the model's output (output: [5, 2], target: [5, 3])"
    )
    assert refused(lambda: function(model, loss.mse("none"), params, x, y)) == (
        f'{name}: mse gives shape [5, 2], a scalar is needed; use reduction="mean" or "sum"'
    )
    assert refused(lambda: function(model, loss.mse(), nn.linear(2, 3).init(seed=0), x, y)) == (
        f'{name}: params does not fit the model: entry 0 ("0.weight") is [2, 3] in the model, here [3, 2]; '
        "was it made by another model?"
    )
    single = y.astype(np.float32)
    assert refused(lambda: function(model, loss.mse(), params, x, single)) == (
        f'{name}: dtypes differ: params "0.weight" is float64, target is float32; '
        "dtypes are not promoted: convert one with astype"
    )


def test_parameters_that_are_no_floats_have_no_gradient() -> None:
    model = nn.linear(2, 1)
    whole = TensorPack.of(tl.arange(2).reshape((1, 2)), tl.arange(1))
    call = tl.autograd.model.grad_params
    assert refused(lambda: call(model, loss.mse(), whole, tl.ones(2), tl.ones(1))) == (
        'grad_params: cannot differentiate with respect to params "0" of dtype int64; convert it with astype'
    )


def test_products_refuse_seeds_and_tangents_that_do_not_fit() -> None:
    m, model = tl.autograd.model, nn.linear(3, 2)
    params, x = model.init(seed=0), tl.ones((5, 3))
    for name in ("vjp_params", "vjp_inputs", "vjp_input"):
        assert refused(lambda name=name: getattr(m, name)(model, params, x, tl.ones((2, 5)))) == (
            f"{name}: seed_out does not have the shape of the model's output "
            "(the model's output: [5, 2], seed_out: [2, 5])"
        )
        assert refused(lambda name=name: getattr(m, name)(model, params, x, tl.ones((5, 2), dtype=np.float32))) == (
            f'{name}: dtypes differ: params "0.weight" is float64, seed_out is float32; '
            "dtypes are not promoted: convert one with astype"
        )
    wrong = TensorPack.of(tl.ones((2, 3)))
    for name in ("jvp_params", "hvp_params"):
        assert refused(lambda name=name: getattr(m, name)(model, loss.mse(), params, x, tl.ones((5, 2)), wrong)) == (
            f"{name}: vparams has 1 entry, the model has 2; shapes: the model [2 3, 2], vparams [2 3]"
        )
