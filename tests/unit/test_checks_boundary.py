"""The library's own boundary: every public function refuses arguments of other types, before any work."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Rows, Seq, ShapeError, TensorPack, autograd, loss, nn

MODEL = nn.linear(3, 2)
PARAMS = MODEL.init(seed=0)
X, Y = tl.ones((4, 3)), tl.ones((4, 2))


def refusal(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ShapeError) as raised:
        function(*args, **kwargs)
    return str(raised.value)


def scalar(x: tl.Tensor) -> tl.Tensor:
    return tl.sum(x * x)


RIGHT: dict[str, Any] = {
    "model": MODEL,
    "loss": loss.mse(),
    "params": PARAMS,
    "vparams": PARAMS,
    "x": X,
    "target": Y,
    "seed_out": Y,
    "v": X,
    "f": scalar,
    "w": tl.ones((2, 3)),
    "b": tl.ones(2),
}
WANTED = {
    "model": "a Seq",
    "loss": "an OutputLoss",
    "params": "a TensorPack",
    "vparams": "a TensorPack",
    "f": "a function",
}


def public_functions() -> list[Any]:
    found = []
    for namespace in (autograd.model, autograd.fn):
        for name, function in vars(namespace).items():
            if inspect.isfunction(function) and not name.startswith("_") and function.__module__ == namespace.__name__:
                found.append(pytest.param(function, id=f"{namespace.__name__.rpartition('.')[2]}.{name}"))
    return found


def required(function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.default is parameter.empty]


def test_the_whole_specification_is_here() -> None:
    assert len(public_functions()) == 25


def test_every_public_function_has_a_boundary() -> None:
    without = []
    for namespace in (nn, loss, autograd.model, autograd.fn):
        for name, function in vars(namespace).items():
            ours = inspect.isfunction(function) and function.__module__.startswith(namespace.__name__)
            if ours and not name.startswith("_") and inspect.signature(function).parameters:
                without += [f"{namespace.__name__}.{name}"] * (not hasattr(function, "__boundary__"))
    assert without == []


@pytest.mark.parametrize("function", public_functions())
def test_each_argument_of_another_type_is_told(function: Callable[..., Any]) -> None:
    names = required(function)
    right = [RIGHT[name] for name in names]
    for index, name in enumerate(names):
        wrong = [*right[:index], "oops", *right[index + 1 :]]
        wanted = WANTED.get(name, "a Tensor")
        message = f'{function.__name__}: argument {index + 1} ("{name}") must be {wanted}, got "oops"'
        assert refusal(function, *wrong) == message
        assert refusal(function, **dict(zip(names, wrong, strict=True))) == message


@pytest.mark.parametrize("function", public_functions())
def test_a_call_that_does_not_fit_the_signature_is_pythons_to_refuse(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=rf"^{function.__name__}\(\) missing 1 required positional argument: '\w+'$"):
        function(*[RIGHT[name] for name in required(function)][:-1])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            (loss.mse(), MODEL, PARAMS, X, Y),
            'argument 1 ("model") must be a Seq, got OutputLoss; '
            "the order is grad_params(model, loss, params, x, target)",
        ),
        (
            (MODEL, loss.mse(), X, PARAMS, Y),
            'argument 3 ("params") must be a TensorPack, got Tensor; '
            "the order is grad_params(model, loss, params, x, target)",
        ),
        (
            (MODEL, PARAMS, loss.mse(), X, Y),
            'argument 2 ("loss") must be an OutputLoss, got TensorPack; '
            "the order is grad_params(model, loss, params, x, target)",
        ),
        (
            (MODEL, loss.mse, PARAMS, X, Y),
            'argument 2 ("loss") must be an OutputLoss, got the function mse; call it: loss.mse()',
        ),
        (
            (nn.relu, loss.mse(), PARAMS, X, Y),
            'argument 1 ("model") must be a Seq, got the function relu; call it: nn.relu()',
        ),
        (
            (nn.Seq, loss.mse(), PARAMS, X, Y),
            'argument 1 ("model") must be a Seq, got the class Seq; call it: nn.Seq(...)',
        ),
        (
            (MODEL, lambda a, b: a, PARAMS, X, Y),
            'argument 2 ("loss") must be an OutputLoss, got a lambda; wrap a function with OutputLoss',
        ),
        (
            (scalar, loss.mse(), PARAMS, X, Y),
            'argument 1 ("model") must be a Seq, got the function scalar; wrap a function with nn.layer',
        ),
        (
            (MODEL, loss.mse(), np.ones(8), X, Y),
            'argument 3 ("params") must be a TensorPack, got ndarray; '
            "wrap arrays with tl.from_numpy, then make a pack with TensorPack.of",
        ),
        (
            (MODEL, loss.mse(), list(PARAMS), X, Y),
            'argument 3 ("params") must be a TensorPack, got list; '
            'make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})',
        ),
        (
            (MODEL, loss.mse(), PARAMS, np.ones((4, 3)), Y),
            'argument 4 ("x") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy',
        ),
        (
            (MODEL, loss.mse(), PARAMS, X, [[1.0, 2.0]]),
            'argument 5 ("target") must be a Tensor, got list; make a tensor with tl.tensor',
        ),
        (
            (MODEL, loss.mse(), PARAMS, X, PARAMS),
            'argument 5 ("target") must be a Tensor, got TensorPack; take one entry of the TensorPack',
        ),
        ((MODEL, loss.mse(), PARAMS, X, None), 'argument 5 ("target") must be a Tensor, got None'),
    ],
)
def test_the_likely_mistake_is_told(args: tuple[Any, ...], message: str) -> None:
    assert refusal(autograd.model.grad_params, *args) == f"grad_params: {message}"


def test_the_error_has_its_parts_as_fields() -> None:
    with pytest.raises(ShapeError) as raised:
        autograd.model.grad_params(MODEL, loss.mse(), PARAMS, np.ones((4, 3)), Y)  # type: ignore[arg-type]
    error = raised.value
    assert (error.op, error.expected, error.got) == ("grad_params", "a Tensor", "ndarray")
    assert error.hint == "wrap arrays with tl.from_numpy"
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.linear("3", 2), 'linear: argument 1 ("in_features") must be an int, got "3"'),
        (lambda: nn.linear(3.0, 2), 'linear: argument 1 ("in_features") must be an int, got 3.0'),
        (
            lambda: nn.linear(np.int64(3), 2),
            'linear: argument 1 ("in_features") must be an int, got int64 3; convert it with int(...)',
        ),
        (lambda: nn.linear(3, 2, bias="no"), 'linear: argument 3 ("bias") must be a bool, got "no"'),
        (lambda: nn.linear(0, 2), "linear: in_features must be at least 1, got 0"),
        (lambda: nn.layer_norm(8, eps="a"), 'layer_norm: argument 2 ("eps") must be a float, got "a"'),
        (lambda: nn.flatten("2"), 'flatten: argument 1 ("axes") must be an int, got "2"'),
        (lambda: nn.softmax("a"), 'softmax: argument 1 ("axis") must be an int, got "a"'),
        (lambda: nn.input(28), 'input: argument 1 ("shape") must be a str or a tuple, got 28'),
        (
            lambda: nn.residual(nn.relu),
            'residual: argument 1 ("inner") must be a Seq, got the function relu; call it: nn.relu()',
        ),
        (lambda: nn.layer(3), 'layer: argument 1 ("fn") must be a function, got 3'),
        (lambda: loss.mse("median"), 'mse: reduction must be "mean", "sum" or "none", got \'median\''),
        (
            lambda: loss.cross_entropy_one_hot(axis="a"),
            'cross_entropy_one_hot: argument 2 ("axis") must be an int, got "a"',
        ),
        (
            lambda: loss.detach(loss.mse),
            'detach: argument 1 ("inner") must be an OutputLoss, got the function mse; call it: loss.mse()',
        ),
        (lambda: loss.detach(MODEL), 'detach: argument 1 ("inner") must be an OutputLoss, got Seq'),
        (
            lambda: loss.detach(tl.sum),
            'detach: argument 1 ("inner") must be an OutputLoss, got the function sum; wrap a function with OutputLoss',
        ),
        (lambda: OutputLoss(3), "OutputLoss: needs a function, got int"),
        (
            lambda: loss.mse()(X, np.ones((4, 3))),
            'OutputLoss: argument 2 ("target") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy',
        ),
        (lambda: MODEL.init("a"), 'init: argument 1 ("seed") must be an int, got "a"'),
        (
            lambda: MODEL(X, PARAMS),
            'Seq: argument 1 ("params") must be a TensorPack, got Tensor; the order is Seq(params, x)',
        ),
        (
            lambda: MODEL(PARAMS, np.ones((4, 3))),
            'Seq: argument 2 ("x") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy',
        ),
        (lambda: Seq(nn.relu), "Seq: part 0 is no layer but relu; call it: nn.relu()"),
        (lambda: nn.relu() >> 3, "Seq: part 1 is no layer but int; wrap a function with nn.layer"),
        (
            lambda: TensorPack.unflatten(np.ones(3), PARAMS),
            'TensorPack.unflatten: argument 1 ("vector") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy',
        ),
        (
            lambda: TensorPack.unflatten(tl.ones(3), [X]),
            'TensorPack.unflatten: argument 2 ("like") must be a TensorPack, got list; '
            'make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})',
        ),
        (
            lambda: tl.allclose(X, 1.0),
            'allclose: argument 2 ("b") must be a Tensor, got 1.0; make a tensor with tl.tensor',
        ),
        (lambda: tl.allclose(X, X, rtol="a"), 'allclose: argument 3 ("rtol") must be a float, got "a"'),
        (lambda: Rows(3, (2,)), "Rows: needs 2 rows along the leading axis, got int"),
    ],
)
def test_constructors_and_helpers(call: Callable[[], Any], message: str) -> None:
    assert refusal(call) == message


def test_documentation_and_signatures_stay() -> None:
    assert "Gradient of the loss" in (autograd.model.grad_params.__doc__ or "")
    assert list(inspect.signature(autograd.model.grad_params).parameters) == ["model", "loss", "params", "x", "target"]


def test_arguments_by_name_and_defaults_are_the_functions_own() -> None:
    rows = [
        autograd.fn.jacrev(scalar, X),
        autograd.fn.jacrev(f=scalar, x=X),
        autograd.fn.jacrev(scalar, x=X, chunk_size=None),
        autograd.fn.jacrev(scalar, X, 1),
    ]
    assert all((r.tensor.numpy() == rows[0].tensor.numpy()).all() for r in rows)
    assert 'argument 2 ("x") must be a Tensor' in refusal(autograd.fn.jacrev, x=1.0, f=scalar)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        autograd.fn.jacrev(scalar)  # type: ignore[call-arg]
