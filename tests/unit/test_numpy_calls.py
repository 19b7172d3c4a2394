"""NumPy's own functions, given tensors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import ShapeError, TensorPack

X = tl.tensor([[1.0, 2.0], [3.0, 4.0]])
TWO = np.float64(2.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: np.sin(X), "np.sin: needs arrays, got Tensor; use tl.sin, or .numpy() for its values"),
        (lambda: np.hypot(X, X), "np.hypot: needs arrays, got Tensor; use .numpy() for its values"),
        (lambda: np.add(X, X), "np.add: needs arrays, got Tensor; use tl.add, or .numpy() for its values"),
        (lambda: np.add(1.0, X), "np.add: needs arrays, got Tensor; use tl.add, or .numpy() for its values"),
        (lambda: np.add.reduce(X), "np.add: needs arrays, got Tensor; use tl.add, or .numpy() for its values"),
        (lambda: np.amax(X, axis=0), "np.amax: needs arrays, got Tensor; use tl.max, or .numpy() for its values"),
        (lambda: np.any(X > 1.0), "np.any: needs arrays, got Tensor; use .numpy() for its values"),
    ],
)
def test_a_function_that_takes_no_tensor_says_what_to_call(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ShapeError) as raised:
        call()
    assert str(raised.value) == message


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "std", "var", "squeeze", "all", "any", "ptp"])
def test_no_reduction_is_left_to_a_method_with_other_parameters(name: str) -> None:
    with pytest.raises(ShapeError, match=f"np.{name}: needs arrays, got Tensor"):
        getattr(np, name)(X)


@pytest.mark.parametrize(
    "operation",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
        lambda a, b: a**b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: a == b,
        lambda a, b: a != b,
    ],
)
def test_operators_with_a_number_of_numpys_on_the_left_are_the_tensors(operation: Callable[[Any, Any], Any]) -> None:
    result, expected = operation(TWO, X), operation(TWO, X.numpy())
    assert isinstance(result, tl.Tensor)
    assert result.numpy().dtype == expected.dtype
    assert np.array_equal(result.numpy(), expected)


def test_functions_that_copy_the_values_take_tensors() -> None:
    assert np.allclose(X, X + 0.0)
    assert np.array_equal(np.dot(X, X), X.numpy() @ X.numpy())
    assert np.array_equal(np.concatenate([X, X]), np.concatenate([X.numpy(), X.numpy()]))
    np.testing.assert_allclose(X, X.numpy())


def test_a_pack_still_takes_numbers_on_its_left() -> None:
    assert (TWO * TensorPack.of(X))[0].shape == (2, 2)
