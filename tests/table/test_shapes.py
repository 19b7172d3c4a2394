"""Each rule says of integers and of symbols what NumPy does: the same shape, and an error where NumPy has one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.table.cases import STRATEGIES, WITH_OPERANDS, Case
from tests.table.reference import REFERENCE
from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.dim import UNKNOWN, Unknown, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Variadic, substitute_shape

PRIMES = {2: "n", 3: "m", 5: "k"}
SIZE_PARAMETERS = ("shape", "n_rows", "n_cols", "num", "num_classes", "groups")
NAMED = {name: prime for prime, name in PRIMES.items()}

every_operation = pytest.mark.parametrize("name", sorted(TABLE))
every_operation_on_tensors = pytest.mark.parametrize("name", WITH_OPERANDS)


@every_operation
def test_there_is_a_strategy_and_a_reference(name: str) -> None:
    assert name in STRATEGIES, f"give {name} a strategy of well-shaped arguments in tests/table/cases.py"
    assert name in REFERENCE, f"give {name} its value in NumPy in tests/table/reference.py"


def test_no_strategy_and_no_reference_is_left_over() -> None:
    assert STRATEGIES.keys() == REFERENCE.keys() == TABLE.keys()


def symbolic(size: Any) -> Any:
    """A size as a product of names, one name a prime; 0, 1 and -1 stay what they are."""
    if isinstance(size, tuple):
        return tuple(map(symbolic, size))
    if not isinstance(size, int) or size in (-1, 0, 1):
        return size
    product: Any = 1
    for prime, name in PRIMES.items():
        while size % prime == 0:
            size, product = size // prime, product * symbol(name)
    assert size == 1
    return product


def symbolic_parameter(name: str, value: Any) -> Any:
    return symbolic(value) if name in SIZE_PARAMETERS else value


def numpy_shape(case: Case) -> tuple[int, ...]:
    return np.shape(case.reference())


def agrees(shape: tuple[Any, ...], true: tuple[int, ...]) -> bool:
    """Whether a shape that may have unknown parts can be the true one."""
    anonymous = [index for index, axis in enumerate(shape) if isinstance(axis, Variadic)]
    if anonymous:
        (at,) = anonymous
        tail = len(shape) - at - 1
        if len(true) < len(shape) - 1:
            return False
        return agrees(shape[:at], true[:at]) and agrees(shape[at + 1 :], true[len(true) - tail :])
    pairs = zip(shape, true, strict=False)
    return len(shape) == len(true) and all(isinstance(a, Unknown) or a == b for a, b in pairs)


@every_operation
@settings(max_examples=40)
@given(data=st.data())
def test_the_rule_on_integers_is_what_numpy_does(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    assert case.rule(case.shapes) == numpy_shape(case)


@every_operation
@settings(max_examples=40)
@given(data=st.data())
def test_the_rule_on_symbols_then_substitution_is_the_rule_on_integers(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    shape = case.rule([symbolic(shape) for shape in case.shapes], symbolic_parameter)
    result = substitute_shape(shape, NAMED)
    assert agrees(result, case.rule(case.shapes)), shape
    if name not in (
        "getitem",
        "arange",
        "diagonal",
    ):  # where a slice begins or which side is shorter may depend on sizes
        assert UNKNOWN not in shape


@every_operation_on_tensors
@settings(max_examples=30)
@given(data=st.data())
def test_a_named_variadic_stands_for_leading_axes(name: str, data: st.DataObject) -> None:
    case = data.draw(STRATEGIES[name])
    shapes = case.shapes
    longest = max(shapes, key=len)
    count = data.draw(st.integers(0, len(longest)))
    lead = longest[:count]
    if any(shape and (len(shape) != len(longest) or shape[:count] != lead) for shape in shapes):
        return
    stood = [(Variadic("b"), *symbolic(shape[count:])) if shape else () for shape in shapes]
    try:
        shape = case.rule(stood, symbolic_parameter)
    except Undetermined:
        return
    except ShapeError as error:  # right for these axes, not for any number of them
        assert any(words in str(error) for words in ("depends on *b", "elements do not fit", "ranks differ"))
        return
    assert agrees(substitute_shape(shape, {**NAMED, "*b": lead}), case.rule(shapes)), shape


@every_operation_on_tensors
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_not_known_of_the_operands_never_gives_an_error(name: str, data: st.DataObject) -> None:
    """Of well-shaped operands any part may be unknown: the rule accepts them, and what it still says is true."""
    case = data.draw(STRATEGIES[name])
    hidden: list[tuple[Any, ...]] = []
    for shape in case.shapes:
        axes: list[Any] = [UNKNOWN if data.draw(st.integers(0, 2)) == 0 else size for size in shape]
        if data.draw(st.integers(0, 2)) == 0:
            start = data.draw(st.integers(0, len(axes)))
            axes[start : data.draw(st.integers(start, len(axes)))] = [Variadic(None)]
        hidden.append(tuple(axes))
    try:
        shape = case.rule(hidden)
    except Undetermined:
        return
    assert agrees(shape, case.rule(case.shapes)), (hidden, shape)
