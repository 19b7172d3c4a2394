"""The errors: their fields, their one renderer, and that they travel between processes."""

from __future__ import annotations

import pickle

import pytest

from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.errors import DomainError, ShapeError, TracingError, show
from torchlean_typed.shapes.shape import Variadic


def test_a_message_is_built_from_the_fields() -> None:
    operands = [("left", (2, 3)), ("right", (symbol("b"), 5))]
    error = ShapeError("add", "axis 1 differs: 3 and 5", operands=operands, axis=1, expected=3, got=5, hint="do this")
    assert str(error) == error.message == "add: axis 1 differs: 3 and 5 (left: [2, 3], right: [b, 5]); do this"
    assert (error.op, error.problem, error.axis, error.expected, error.got) == (
        "add",
        "axis 1 differs: 3 and 5",
        1,
        3,
        5,
    )
    assert error.operands == tuple(operands)
    assert error.hint == "do this"
    assert error.position is None


def test_operands_and_hint_may_be_missing() -> None:
    assert str(ShapeError("f", "is wrong")) == "f: is wrong"
    assert str(ShapeError("f", "is wrong", hint="do that")) == "f: is wrong; do that"


def test_kinds_of_errors() -> None:
    assert issubclass(ShapeError, TypeError)
    assert issubclass(DomainError, ValueError)
    assert issubclass(TracingError, TypeError)


def test_an_error_travels_between_processes() -> None:
    error = ShapeError(
        "f",
        "p",
        operands=[("x", (symbol("n"), UNKNOWN))],
        axis=0,
        expected=symbol("n"),
        got=UNKNOWN,
        hint="h",
        position=2,
    )
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is ShapeError
    assert other.__dict__ == error.__dict__
    assert str(other) == str(error)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((), "[]"),
        ((3,), "[3]"),
        ((Variadic("b"), symbol("n") + 1, 4), "[*b, n+1, 4]"),
        ((Variadic(None), UNKNOWN), "[..., ?]"),
        (3, "3"),
        (symbol("n"), "n"),
    ],
)
def test_showing(shape: object, text: str) -> None:
    assert show(shape) == text
