"""Looking at a value while a function is traced for compilation is an error that names eager mode, where it works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import assert_close
from torchlean_typed import OutputLoss, Tensor, autograd, loss, nn

LOOKS: dict[str, Callable[[Tensor], Any]] = {
    "item": lambda x: tl.sum(x).item(),
    "if": lambda x: 1.0 if tl.sum(x) > 0 else 0.0,
    "float": lambda x: float(tl.sum(x)),
    "int": lambda x: int(tl.sum(x)),
    "asarray": lambda x: np.asarray(x).sum(),
    "numpy": lambda x: x.numpy().sum(),
    "array": lambda x: np.array(x).sum(),
    "allclose": lambda x: float(tl.allclose(x, x)),
    "and": lambda x: float(bool((x[0] > 0) and True)),
}
MESSAGE = (
    "the value of a tensor of shape {} was asked for while the function that makes it is traced for compilation, "
    "where only shapes are known; run it in eager mode: `with tl.eager(): ...`"
)
SHAPES = {"asarray": "[3]", "numpy": "[3]", "array": "[3]", "allclose": "[3]"}
every_look = pytest.mark.parametrize("look", LOOKS)
m, f = autograd.model, autograd.fn
X, Y = tl.tensor([0.5, 1.0, 2.0]), tl.zeros(3)


def message(look: str) -> str:
    return MESSAGE.format(SHAPES.get(look, "[]"))


@every_look
def test_a_layer_that_looks_at_a_value(look: str) -> None:
    layer = nn.layer(lambda p, x: x * p["a"] * float(LOOKS[look](x) * 0 + 2), params={"a": "3"}, input="3", output="3")
    params = layer.init(seed=0) + 1.0
    calls: list[Callable[[], Any]] = [
        lambda: m.value_and_grads(layer, loss.mse(), params, X, Y),
        lambda: m.jacrev_params(layer, params, X),
        lambda: m.hvp_params(layer, loss.mse(), params, X, Y, params),
        lambda: layer(params, X),
    ]
    for call in calls:
        with pytest.raises(tl.TracingError) as caught:
            call()
        assert str(caught.value) == message(look)
        with tl.eager():
            call()
    with tl.eager():
        assert_close(m.vjp_params(layer, params, X, tl.ones(3)), [2 * X.numpy()])


@every_look
def test_a_loss_that_looks_at_a_value(look: str) -> None:
    own = OutputLoss(lambda output, target: tl.mean(output - target) * float(LOOKS[look](output) * 0 + 2))
    model = nn.linear(3, 3)
    params = model.init(seed=0)
    with pytest.raises(tl.TracingError) as caught:
        m.grad_params(model, own, params, X, Y)
    assert str(caught.value) == message(look)
    with tl.eager():
        assert_close(m.grad_target(model, own, params, X, Y), np.full(3, -2 / 3))


@every_look
def test_a_function_that_looks_at_a_value(look: str) -> None:
    def looks(x: Tensor) -> Tensor:
        return tl.sum(x) * float(LOOKS[look](x) * 0 + 2)

    for call in (
        lambda: f.grad(tl.compile(looks), X),
        lambda: tl.compile(looks)(X),
    ):
        with pytest.raises(tl.TracingError) as caught:
            call()
        assert str(caught.value) == message(look)
    with tl.compiled(), pytest.raises(tl.TracingError) as caught:
        f.grad(looks, X)
    assert str(caught.value) == message(look)
    assert_close(f.grad(looks, X), np.full(3, 2.0))  # a plain function runs immediately
    with tl.eager():
        assert_close(f.grad(tl.compile(looks), X), np.full(3, 2.0))


def test_a_branch_taken_in_eager_mode_is_the_one_that_is_differentiated() -> None:
    layer = nn.layer(lambda x: x * 3.0 if tl.sum(x) > 0 else x * 5.0, input="*b", output="*b")
    with tl.eager():
        for sign, slope in ((1.0, 3.0), (-1.0, 5.0)):
            assert_close(m.vjp_input(layer, layer.init(seed=0), sign * X, tl.ones(3)), np.full(3, slope))


def test_what_only_shapes_decide_may_be_looked_at() -> None:
    layer = nn.layer(lambda x: x / float(x.shape[-1]) if len(x) > 1 and x.dtype == np.float64 else x)
    assert_close(m.vjp_input(layer, layer.init(seed=0), X, tl.ones(3)), np.full(3, 1 / 3))


def test_printing_a_traced_tensor_says_that_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    def prints(x: Tensor) -> Tensor:
        print(x)
        return tl.sum(x)

    f.grad(tl.compile(prints), X)
    with tl.eager():
        f.grad(prints, X)
    assert capsys.readouterr().out == "Tensor(traced, float64[3])\nTensor([0.5, 1. , 2. ], float64[3])\n"


def test_a_directional_derivative_is_a_number_that_ends_the_trace() -> None:
    model = nn.linear(3, 2)
    params = model.init(seed=0)

    def through(x: Tensor) -> Tensor:
        return tl.sum(x) * m.jvp_params(model, loss.mse(), params, x, tl.zeros(2), params)

    with pytest.raises(tl.TracingError, match=r"shape \[\] was asked for"):
        f.grad(tl.compile(through), X)


def test_a_function_that_was_refused_can_be_used_afterwards() -> None:
    """A trace that ends in an error leaves nothing behind."""
    for _ in range(2):
        with pytest.raises(tl.TracingError):
            f.grad(tl.compile(lambda x: tl.sum(x) * tl.sum(x).item()), X)
        with pytest.raises(ZeroDivisionError):
            f.grad(lambda x: tl.sum(x) * (1 / 0), X)
    assert f.grad(tl.sum, X)._order == 0
    assert (X * 2.0)._order == 0
