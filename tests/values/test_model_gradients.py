"""autograd.model: the gradients of a model's loss, against HIPS autograd and finite differences."""

from __future__ import annotations

import pickle
from copy import copy
from dataclasses import replace
from typing import Any

import autograd as hips
import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import FLOAT32, SAME, Array, arrays_of, assert_close, differences
from tests.values.models import (
    ACTIVATIONS,
    BATCHES,
    CROSS_ENTROPY,
    FLATTEN,
    LINEAR,
    LOSSES,
    MODELS,
    MSE,
    NORM_RESIDUAL,
    TANH,
    Loss,
    Model,
    dense,
    input_for,
    like_output,
    normalised,
    pack_for,
    weights_for,
)
from torchlean_typed import autograd, loss, nn
from torchlean_typed.autograd.model import ValueAndGrads

# every model with the two losses, every loss with three models
COMBINATIONS = [(model, which) for model in MODELS for which in (MSE, CROSS_ENTROPY)]
COMBINATIONS += [(model, which) for model in (LINEAR, TANH, NORM_RESIDUAL) for which in LOSSES[2:]]


def expected_gradients(
    example: Model, which: Loss, weights: list[Array], x: Array, y: Array
) -> tuple[Any, list[Any], Any, Any]:
    """Value and gradients by HIPS autograd; a detached loss sees the output as a constant."""

    def value(weights: list[Any], x: Any, y: Any) -> Any:
        return which.reference(example.reference(weights, x), y)

    if which.detached:
        zeros = [np.zeros_like(w) for w in weights]
        output = example.reference(weights, x)
        return value(weights, x, y), zeros, np.zeros_like(x), hips.grad(lambda y: which.reference(output, y))(y)
    dparams = hips.grad(value)(weights, x, y) if weights else []
    return value(weights, x, y), dparams, hips.grad(value, 1)(weights, x, y), hips.grad(value, 2)(weights, x, y)


def all_gradients(example: Model, which: Loss, weights: list[Array], x: Array, y: Array) -> dict[str, Any]:
    """What every function of the page gives, under its name."""
    m = autograd.model
    arguments = (example.model, which.loss, pack_for(example, weights), tl.from_numpy(x), tl.from_numpy(y))
    names = ["value_and_grads", "grad_params", "grad_inputs", "grad_x", "grad_target", "value_and_grad_params"]
    names += ["value_and_grad_params_scalar", "value_and_grad_x", "value_and_grad_target"]
    return {name: getattr(m, name)(*arguments) for name in names}


def check_all(results: dict[str, Any], expected: tuple[Any, list[Any], Any, Any], tolerance: float) -> None:
    value, dparams, dx, dtarget = expected
    forms: dict[str, Any] = {
        "value_and_grads": [value, dparams, dx, dtarget],
        "grad_params": dparams,
        "grad_inputs": [dx, dtarget],
        "grad_x": dx,
        "grad_target": dtarget,
        "value_and_grad_params": [value, dparams],
        "value_and_grad_params_scalar": [value, dparams],
        "value_and_grad_x": [value, dx],
        "value_and_grad_target": [value, dtarget],
    }
    assert forms.keys() == results.keys()
    for name, form in forms.items():
        assert_close(results[name], form, tolerance)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize(("example", "which"), COMBINATIONS, ids=str)
def test_gradients_are_those_of_hips_autograd_eager_and_compiled(
    example: Model, which: Loss, batch: tuple[int, ...]
) -> None:
    weights, x, y = weights_for(example), input_for(example, batch), like_output(example, batch)
    compiled = all_gradients(example, which, weights, x, y)
    with tl.eager():
        eager = all_gradients(example, which, weights, x, y)
    check_all(compiled, expected_gradients(example, which, weights, x, y), 1e-9)
    for name, result in compiled.items():
        assert_close(eager[name], result, SAME)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize(("example", "which"), [c for c in COMBINATIONS if not c[1].detached], ids=str)
def test_gradients_are_finite_differences(example: Model, which: Loss, batch: tuple[int, ...]) -> None:
    weights, x, y = weights_for(example), input_for(example, batch), like_output(example, batch)
    pack = pack_for(example, weights)
    out = autograd.model.value_and_grads(example.model, which.loss, pack, tl.from_numpy(x), tl.from_numpy(y))

    def value(weights: list[Array], x: Array, y: Array) -> float:
        output = example.model(pack_for(example, weights), tl.from_numpy(x))
        return float(which.loss(output, tl.from_numpy(y)))

    for index, gradient in enumerate(out.dparams):
        before, after = weights[:index], weights[index + 1 :]
        assert_close(gradient, differences(lambda w, b=before, a=after: value([*b, w, *a], x, y), weights[index]))
    assert_close(out.dx, differences(lambda x: value(weights, x, y), x))
    assert_close(out.dtarget, differences(lambda y: value(weights, x, y), y))


@pytest.mark.parametrize("which", [MSE, CROSS_ENTROPY], ids=str)
@pytest.mark.parametrize("example", MODELS, ids=str)
def test_gradients_in_float32(example: Model, which: Loss) -> None:
    arguments = weights_for(example), input_for(example, (4,)), like_output(example, (4,))
    expected = expected_gradients(example, which, *arguments)
    weights, x, y = weights_for(example, dtype=np.float32), arguments[1].astype(np.float32), arguments[2]
    for mode in (tl.eager, tl.compiled):
        with mode():
            results = all_gradients(example, which, weights, x, y.astype(np.float32))
        check_all(results, expected, FLOAT32)
        tensors = [a for name, r in results.items() if not name.endswith("scalar") for a in arrays_of(r)]
        assert {array.dtype.name for array in tensors} == {"float32"}


def test_a_model_of_a_hundred_units_and_more() -> None:
    """Where nothing is small enough to be treated as a constant."""

    def reference(p: Any, x: Any) -> Any:
        return dense(p[4], p[5], ACTIVATIONS["gelu"](normalised(p[2], p[3], dense(p[0], p[1], x))))

    model = nn.linear(20, 120) >> nn.layer_norm(120) >> nn.gelu() >> nn.linear(120, 10)
    wide = Model("wide", model, reference, sample=(20,), output=(10,))
    weights, x, y = weights_for(wide), input_for(wide, (16,)), like_output(wide, (16,))
    for which in (MSE, CROSS_ENTROPY):
        expected = expected_gradients(wide, which, weights, x, y)
        check_all(all_gradients(wide, which, weights, x, y), expected, 1e-9)
        with tl.eager():
            check_all(all_gradients(wide, which, weights, x, y), expected, 1e-9)


def test_the_results_carry_the_shapes_and_names_of_what_they_are_gradients_of() -> None:
    weights, x, y = weights_for(FLATTEN), input_for(FLATTEN, (5,)), like_output(FLATTEN, (5,))
    params = pack_for(FLATTEN, weights)
    out = autograd.model.value_and_grads(FLATTEN.model, loss.mse(), params, tl.from_numpy(x), tl.from_numpy(y))
    assert isinstance(out, ValueAndGrads)
    assert out.value.shape == ()
    assert out.dparams.shapes == params.shapes == FLATTEN.model.param_shapes
    assert out.dparams.names == params.names == ("2.weight", "2.bias")
    assert out.dx.shape == x.shape
    assert out.dtarget.shape == y.shape
    with pytest.raises(AttributeError, match="cannot assign to field 'value'"):
        out.value = out.value  # type: ignore[misc]
    assert out != ValueAndGrads(out.value, out.dparams, out.dx, out.dtarget)  # by identity
    assert replace(out, dx=out.value).dx is out.value
    assert repr(pickle.loads(pickle.dumps(out))) == repr(copy(out)) == repr(out)


def test_the_scalar_forms_are_floats() -> None:
    model = LINEAR.model
    params, x, y = model.init(seed=0), tl.ones((4, 3)), tl.zeros((4, 2))
    value, _ = autograd.model.value_and_grad_params_scalar(model, loss.mse(), params, x, y)
    assert type(value) is float
    assert type(autograd.model.jvp_params(model, loss.mse(), params, x, y, params)) is float


def test_a_loss_without_reduction_is_differentiated_where_it_is_one_number() -> None:
    weights, x, y = weights_for(TANH), input_for(TANH, ()), like_output(TANH, ())
    which = Loss("none", loss.cross_entropy_one_hot("none"), CROSS_ENTROPY.reference)
    check_all(all_gradients(TANH, which, weights, x, y), expected_gradients(TANH, which, weights, x, y), 1e-9)


def test_an_integer_input_takes_no_gradient_and_hinders_none() -> None:
    model = nn.layer(lambda p, i: p["table"][None, :] * i.astype(np.float64)[:, None], params={"table": "3"})
    params, x, y = model.init(seed=0) + 1.0, tl.arange(4), tl.zeros((4, 3))
    (gradient,) = autograd.model.grad_params(model, loss.mse("sum"), params, x, y)
    assert_close(gradient, np.full(3, 2.0 * (1 + 4 + 9)))
    with pytest.raises(tl.ShapeError) as caught:
        autograd.model.value_and_grads(model, loss.mse(), params, x, y)
    assert str(caught.value) == (
        "value_and_grads: cannot differentiate with respect to x of dtype int64; convert it with astype"
    )
