"""The switch: tl.set_checks, the environment variable, jaxtyping's own."""

import os
import subprocess
import sys
from typing import Any

import jaxtyping
import pytest
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import ShapeError, Tensor, autograd, loss, nn


@tl.checked
def square(x: Float64[Tensor, "n n"]) -> Float64[Tensor, "n n"]:
    return x


WRONG = tl.ones((2, 3))


def is_checked() -> bool:
    try:
        square(WRONG)
    except ShapeError:
        return True
    return False


def test_as_a_context_manager() -> None:
    assert is_checked()
    with tl.set_checks(False):
        assert not is_checked()
        with tl.set_checks(True):
            assert is_checked()
        assert not is_checked()
    assert is_checked()


def test_it_is_as_before_after_an_error() -> None:
    with pytest.raises(KeyError), tl.set_checks(False):
        raise KeyError
    assert is_checked()


def test_as_a_call() -> None:
    tl.set_checks(False)
    try:
        assert not is_checked()
    finally:
        tl.set_checks(True)
    assert is_checked()


def test_the_checks_of_the_library_stay_on() -> None:
    model = nn.linear(3, 2)
    with tl.set_checks(False):
        with pytest.raises(ShapeError, match="ensure: x has shape"):
            tl.ensure(WRONG, "n n")
        with pytest.raises(ShapeError, match="the model takes"):
            autograd.model.grad_params(model, loss.mse(), model.init(seed=0), tl.ones(4), tl.ones(2))
        with pytest.raises(ShapeError, match="must be a Seq, got OutputLoss"):
            autograd.model.grad_params(loss.mse(), model, model.init(seed=0), tl.ones(4), tl.ones(2))  # type: ignore[arg-type]


def test_jaxtypings_own_switch() -> None:
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        assert not is_checked()
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)
    assert is_checked()


def test_it_takes_a_bool() -> None:
    with pytest.raises(TypeError, match="set_checks: takes True or False, got 0"):
        tl.set_checks(0)  # type: ignore[arg-type]
    assert is_checked()


PROGRAM = """
import torchlean_typed as tl
from jaxtyping import Float64
@tl.checked
def f(x: Float64[tl.Tensor, "n n"]) -> None: ...
f(tl.ones((2, 3)))
"""


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, 'f: argument 1 ("x") has shape [2, 3], expected [n, n]'),
        ({"TORCHLEAN_TYPED_CHECKS": "1"}, 'f: argument 1 ("x") has shape [2, 3], expected [n, n]'),
        ({"TORCHLEAN_TYPED_CHECKS": "0"}, ""),
        ({"JAXTYPING_DISABLE": "1"}, ""),
        ({"TORCHLEAN_TYPED_CHECKS": "maybe"}, "ValueError: TORCHLEAN_TYPED_CHECKS must be 0 or 1, got 'maybe'"),
    ],
)
def test_the_environment(variables: dict[str, str], said: str) -> None:
    environment: dict[str, Any] = {**os.environ, **variables}
    result = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert (result.returncode == 0) == (said == "")
    assert said in result.stderr


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = {"jaxtyping", "beartype", "mypy", "numpy.random"}
    program = f"import sys, torchlean_typed; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
