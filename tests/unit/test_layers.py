"""Each layer: signature, value, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float

import torchlean_typed as tl
from torchlean_typed import Seq, ShapeError, Tensor, TensorPack, nn

X = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def value(model: Seq, *params: Any, x: Any = X) -> Any:
    return model(TensorPack.of(*[tl.from_numpy(np.asarray(p)) for p in params]), tl.from_numpy(x)).numpy()


def test_linear() -> None:
    w, b = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([10.0, 20.0])
    np.testing.assert_allclose(value(nn.linear(3, 2), w, b), X @ w.T + b, rtol=1e-12)
    np.testing.assert_allclose(value(nn.linear(3, 2), w, b, x=X[0]), X[0] @ w.T + b, rtol=1e-12)
    np.testing.assert_allclose(value(nn.linear(3, 2, bias=False), w), X @ w.T, rtol=1e-12)
    assert repr(nn.linear(3, 2, bias=False)) == 'Seq["*b 3", "*b 2", "2 3"]'
    assert nn.linear(3, 2, bias=False).param_names == ("0.weight",)


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: np.maximum(x, 0),
    "gelu": gelu,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    layer = getattr(nn, name)()
    np.testing.assert_allclose(value(layer), ACTIVATIONS[name](X), rtol=1e-12)
    assert layer.param_names == ()
    assert len(layer.init(seed=0)) == 0
    assert layer.layers[0].name == name


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_along_another_axis(name: str) -> None:
    expected = np.moveaxis(ACTIVATIONS[name](np.moveaxis(X, 0, -1)), -1, 0)
    np.testing.assert_allclose(value(getattr(nn, name)(-2)), expected, rtol=1e-12)
    assert repr(getattr(nn, name)(-2)) == 'Seq["*b n0 n1", "*b n0 n1", ""]'
    assert refused(lambda: getattr(nn, name)(0)) == (
        f"{name}: axis must be negative, counted from the end, got 0; any number of batch axes may stand before"
    )
    assert refused(lambda: getattr(nn, name)("last")).startswith(f"{name}: ")
    assert refused(lambda: value(getattr(nn, name)(-2), x=X[0])) == "Seq: x has shape [3], the model takes [*b, n0, n1]"


def test_layer_norm() -> None:
    w, b = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3])
    deviation = np.sqrt(X.var(-1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(
        value(nn.layer_norm(3), w, b), (X - X.mean(-1, keepdims=True)) / deviation * w + b, rtol=1e-12
    )
    rough = np.sqrt(X.var(-1, keepdims=True) + 0.5)
    np.testing.assert_allclose(
        value(nn.layer_norm(3, eps=0.5), w, b), (X - X.mean(-1, keepdims=True)) / rough * w + b, rtol=1e-12
    )
    weight, bias = nn.layer_norm(3).init(seed=0)
    assert (weight.numpy().tolist(), bias.numpy().tolist()) == ([1.0] * 3, [0.0] * 3)


def test_flatten() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(value(nn.flatten(2), x=x), x.reshape(2, 12))
    np.testing.assert_array_equal(value(nn.flatten(3), x=x), x.reshape(24))
    np.testing.assert_array_equal(value(nn.flatten(1), x=x), x)
    assert value(nn.flatten(2), x=np.zeros((0, 3, 4))).shape == (0, 12)
    assert repr(nn.flatten(2)) == 'Seq["*b n0 n1", "*b n0*n1", ""]'


def test_input() -> None:
    np.testing.assert_array_equal(value(nn.input("3")), X)
    assert repr(nn.input("")) == 'Seq["*b", "*b", ""]'
    assert repr(nn.input("rows=4 3")) == 'Seq["*b 4 3", "*b 4 3", ""]'
    assert refused(lambda: value(nn.input("4"))) == "Seq: x has shape [2, 3], the model takes [*b, 4]"
    with_batch = nn.input("*batch 3")
    assert value(with_batch, x=np.ones((2, 2, 3))).shape == (2, 2, 3)


def test_residual() -> None:
    w, b = np.eye(3) * 2, np.array([1.0, 2.0, 3.0])
    model = nn.residual(nn.linear(3, 3) >> nn.tanh())
    np.testing.assert_allclose(value(model, w, b), X + np.tanh(X @ w.T + b), rtol=1e-12)
    assert repr(model) == 'Seq["*b 3", "*b 3", "3 3, 3"]'
    assert repr(nn.residual(nn.tanh())) == 'Seq["*b", "*b", ""]'


def test_sizes_that_no_layer_has() -> None:
    assert refused(lambda: nn.linear(0, 8)) == "linear: in_features must be at least 1, got 0"
    assert refused(lambda: nn.linear(4, -8)) == "linear: out_features must be at least 1, got -8"
    assert refused(lambda: nn.linear(4.0, 8)).startswith("linear: ")  # type: ignore[arg-type]
    assert refused(lambda: nn.linear(None, 8)).startswith("linear: ")  # type: ignore[arg-type]
    assert refused(lambda: nn.linear(4, 8, bias=1)).startswith("linear: ")  # type: ignore[arg-type]
    assert refused(lambda: nn.layer_norm(0)) == "layer_norm: features must be at least 1, got 0"
    assert refused(lambda: nn.layer_norm(3, eps=-1.0)) == "layer_norm: eps must not be negative, got -1.0"
    assert refused(lambda: nn.flatten(0)) == "flatten: axes must be at least 1, got 0"
    assert refused(lambda: nn.flatten("all")).startswith("flatten: ")  # type: ignore[arg-type]


def test_texts_that_are_no_shape() -> None:
    assert refused(lambda: nn.input("3 #b")) == (
        'input: "#b" marks a broadcast, which Tensor does not have; '
        "broadcasting is explicit here: write the sizes as they are"
    )
    assert refused(lambda: nn.input("*a *b")) == (
        'input: "*a *b" has two variadic parts; a shape may have at most one of *name and ...'
    )
    assert refused(lambda: nn.layer(lambda x: x, input="a a+")).startswith('layer: "a+" is not a dimension')
    assert refused(lambda: nn.input(3)).startswith("input: ")  # type: ignore[arg-type]


# --- a layer of one's own ---------------------------------------------------------------------------------------------


def test_parameters_by_text_are_numbered() -> None:
    layer = nn.layer(lambda p, x: x * p[0][None, :] + p["1"][None, :], params="3, 3", input="*b 3", output="*b 3")
    assert repr(layer) == 'Seq["*b 3", "*b 3", "3, 3"]'
    assert layer.param_names == ("0.0", "0.1")
    np.testing.assert_allclose(value(layer, [1.0, 2.0, 3.0], [1.0, 1.0, 1.0]), X * [1, 2, 3] + 1)


def test_parameters_by_name_are_named() -> None:
    seen: list[tuple[str, ...]] = []

    def forward(params: TensorPack, x: Tensor) -> Tensor:
        seen.append(params.names)
        return x @ params["w"] * params["scale"]

    layer = nn.layer(forward, params={"w": "3 2", "scale": ""}, input="*b 3", output="*b 2")
    model = nn.relu() >> layer
    assert model.param_names == ("1.w", "1.scale")
    assert model.param_shapes == ((3, 2), ())
    assert model(model.init(seed=0), tl.from_numpy(X)).shape == (2, 2)
    assert seen == [("w", "scale")]


def test_one_scalar_parameter() -> None:
    layer = nn.layer(lambda p, x: x * p["scale"], params={"scale": ""}, input="*b", output="*b")
    assert layer.param_shapes == layer.init(seed=0).shapes == ((),)
    np.testing.assert_array_equal(value(layer, 2.0), 2 * X)


def test_without_parameters_the_function_takes_x_alone() -> None:
    np.testing.assert_array_equal(value(nn.layer(lambda x: x * x)), X * X)
    np.testing.assert_array_equal(value(nn.layer(tl.tanh)), np.tanh(X))


def test_shapes_are_read_off_annotations() -> None:
    def forward(params: TensorPack, x: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 2"]:
        return x @ params[0]

    assert repr(nn.layer(forward, params="3 2")) == 'Seq["*b 3", "*b 2", "3 2"]'
    assert repr(nn.layer(forward, params="3 2", input="*b 4 3", output="*b 4 2")) == 'Seq["*b 4 3", "*b 4 2", "3 2"]'
    assert refused(lambda: nn.layer(forward, params="3 2") >> nn.linear(3, 1)) == (
        "Seq: layer 1 (linear) expects input [*b, 3], got [*b, 2] from layer 0 (layer)"
    )


def test_what_the_function_gives_is_what_was_declared() -> None:
    layer = nn.layer(lambda x: tl.sum(x), input="*b 3", output="*b 3")
    message = (
        "layer: the function's result does not have the shape of the declared output "
        "(the declared output: [2, 3], the function's result: [])"
    )
    x = tl.from_numpy(X)
    assert refused(lambda: layer(TensorPack.of(), x)) == message
    assert refused(lambda: tl.autograd.model.vjp_input(layer, TensorPack.of(), x, x)) == message
    with tl.eager():
        assert refused(lambda: layer(TensorPack.of(), x)) == message
    returns_list = nn.layer(lambda x: [x])  # type: ignore[arg-type, return-value]
    assert refused(lambda: returns_list(TensorPack.of(), x)) == (
        "layer: <lambda> returns list, not a Tensor; return a Tensor, for example tl.sum(...)"
    )


def test_functions_and_parameters_that_no_layer_can_have() -> None:
    assert refused(lambda: nn.layer("relu")).startswith("layer: ")  # type: ignore[arg-type]
    assert refused(lambda: nn.layer(lambda p, x: x)) == (
        "layer: the function must take x alone, as it has no parameters; <lambda> takes (p, x)"
    )
    assert refused(lambda: nn.layer(lambda x: x, params="3")) == (
        "layer: the function must take (params, x), a TensorPack and a Tensor; <lambda> takes (x)"
    )
    assert refused(lambda: nn.layer(lambda p, x: x, params="n 3")) == (
        'layer: parameter "0" has shape [n, 3]: its sizes must be numbers'
    )
    assert refused(lambda: nn.layer(lambda p, x: x, params={"w": "... 3"})) == (
        'layer: parameter "w" has shape [..., 3]: its sizes must be numbers'
    )
    assert refused(lambda: nn.layer(lambda p, x: x, params={"w": 3})).startswith("layer: ")  # type: ignore[dict-item]
