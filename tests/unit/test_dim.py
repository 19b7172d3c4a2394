"""Dimensions: whatever way one is written, its value at every integer is Python's own, and it prints as it reads."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from torchlean_typed.shapes.dim import (
    UNKNOWN,
    Dimension,
    DimExpr,
    divide_exactly,
    floor_divide,
    names_of,
    same,
    solve,
    substitute,
    symbol,
)
from torchlean_typed.shapes.shape import parse_dim

NAMES = ("n", "m", "k")
n, m, k = map(symbol, NAMES)


@dataclass(frozen=True)
class Written:
    """An expression as it was written: what Python makes of it, and what the normal form makes of it."""

    text: str
    value: Callable[[dict[str, int]], int]
    dim: Dimension


def combine(left: Written, sign: str, right: Written) -> Written:
    function = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv}[sign]
    try:
        dim = function(left.dim, right.dim)
    except ZeroDivisionError:
        assume(False)
    return Written(
        f"({left.text}) {sign} ({right.text})", lambda values: function(left.value(values), right.value(values)), dim
    )


LEAVES = st.sampled_from([Written(name, lambda values, name=name: values[name], symbol(name)) for name in NAMES]) | (
    st.integers(-4, 6).map(lambda i: Written(str(i), lambda values: i, i))
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(combine, inner, st.sampled_from(("+", "-", "*", "//", "//")), inner),
    max_leaves=7,
)
VALUES = st.fixed_dictionaries({name: st.integers(-7, 9) for name in NAMES})
many = settings(max_examples=400)


@many
@given(EXPRESSIONS, VALUES)
def test_the_normal_form_has_the_value_of_what_was_written(written: Written, values: dict[str, int]) -> None:
    try:
        expected = written.value(values)
    except ZeroDivisionError:
        assume(False)
    assert substitute(written.dim, values) == expected


@many
@given(EXPRESSIONS)
def test_a_dimension_prints_as_it_reads(written: Written) -> None:
    assume(not isinstance(written.dim, int) or written.dim >= 0)
    assert parse_dim(str(written.dim).replace(" ", "")) == written.dim


@many
@given(EXPRESSIONS, EXPRESSIONS, VALUES)
def test_no_is_said_of_what_differs_and_yes_of_what_does_not(a: Written, b: Written, values: dict[str, int]) -> None:
    try:
        left, right = a.value(values), b.value(values)
    except ZeroDivisionError:
        assume(False)
    if same(a.dim, b.dim):
        assert left == right
    if left != right:
        assert not same(a.dim, b.dim)


@many
@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_the_laws_of_arithmetic(a: Written, b: Written, c: Written) -> None:
    x, y, z = a.dim, b.dim, c.dim
    assert x + y == y + x
    assert x * y == y * x
    assert (x + y) + z == x + (y + z)
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x - x == 0
    assert x + 0 == x * 1 == x - 0 == x
    assert x * 0 == 0
    assert 0 - (0 - x) == x == -1 * (-x)
    assert x // 1 == x
    assume(y != 0)
    assert (x * y) // y == x
    assert divide_exactly(x * y, y) == x


@many
@given(EXPRESSIONS, st.integers(1, 6), st.integers(1, 6))
def test_two_floor_divisions_are_one(a: Written, p: int, q: int) -> None:
    assert same((a.dim // p) // q, a.dim // (p * q)) is not False


@many
@given(EXPRESSIONS, VALUES, VALUES)
def test_substitution_in_steps_is_substitution_at_once(a: Written, first: dict[str, int], then: dict[str, int]) -> None:
    try:
        once = substitute(a.dim, first)
        steps = substitute(substitute(a.dim, {"n": first["n"]}), {"m": first["m"], "k": first["k"]})
        shifted = substitute(substitute(a.dim, {"n": n + m, "m": n}), then)
        direct = substitute(a.dim, {**then, "n": then["n"] + then["m"], "m": then["n"]})
    except ZeroDivisionError:
        assume(False)
    assert once == steps
    assert shifted == direct  # all names at once: the m that n became is not the m that was there


@many
@given(EXPRESSIONS, st.integers(0, 20), st.sampled_from(NAMES))
def test_a_solution_solves(a: Written, value: int, name: str) -> None:
    solved = solve(a.dim, value, {name})
    if solved is not None:
        assert solved[0] == name
        assert substitute(a.dim, dict([solved])) == value


@pytest.mark.parametrize(
    ("dim", "value", "answer"),
    [
        (2 * k, 6, 3),
        (2 * k + 1, 7, 3),
        (n + 1, 5, 4),
        (3 - k, 1, 2),
        (2 * k, 7, None),
        (k * k, 4, None),
        (k // 2, 3, None),
        (n * m, 6, None),
        (n * k, n * m, m),
        (m * k + m, 3 * m, 2),
        (n, 2 * m, 2 * m),
        (k, UNKNOWN, None),
    ],
)
def test_solving(dim: Dimension, value: Dimension, answer: Dimension | None) -> None:
    name = "k" if "k" in names_of(dim) else "n"
    assert solve(dim, value, {name}) == (None if answer is None else (name, answer))


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        (n + 1, "n+1"),
        (1 + n, "n+1"),
        (m * n * 2 - 3, "2*m*n-3"),
        (-n, "-n"),
        (5 - n, "5-n"),
        (n * (m + 1), "m*n+n"),
        ((n + m) * (n - m), "n*n-m*m"),
        (n // 2, "n//2"),
        (-(n // 2), "-(n//2)"),
        (m - n // 2, "m-n//2"),
        (n // 2 - m, "n//2-m"),
        (-(n // 2) - m, "-m-n//2"),
        (3 * (n // 2), "3*(n//2)"),
        (m * (n // 2), "m*(n//2)"),
        ((n + 1) // 2 + 1, "(n+1)//2+1"),
        ((n // m) // 2, "(n//m)//2"),
        (7 // n, "7//n"),
        (-7 // n, "(-7)//n"),
        (n // (m + 1), "n//(m+1)"),
        (n - n, "0"),
        (UNKNOWN, "?"),
        (UNKNOWN * 2 + n, "?"),
        (symbol("?n") // 2, "?n//2"),
    ],
)
def test_printing(dim: Dimension, text: str) -> None:
    assert str(dim) == text


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [
        (2 * n, 2, n),
        (n * m, m, n),
        (n * m + m, m, n + 1),
        ((n + 1) * (m + 2), m + 2, n + 1),
        (n * n - m * m, n - m, n + m),
        (2 * n + 1, 2, n),
        (4 * n + 6, 4, n + (n * 0 + 1)),
        (2 * n + 1, 4, n // 2),
        (6 * n + 4, 9, (2 * n + 1) // 3),
        ((n // 2) // 3, 1, n // 6),
        (n, -2, -n + n // 2),
        (-2 * n, 2, -n),
        (0, n, 0),
    ],
)
def test_what_a_division_is_seen_to_be(a: Dimension, b: Dimension, quotient: Dimension) -> None:
    assert floor_divide(a, b) == quotient


def test_a_division_by_zero_is_pythons_error() -> None:
    for a in (1, n):
        with pytest.raises(ZeroDivisionError):
            floor_divide(a, 0)
    assert divide_exactly(n, 0) is None


def test_what_cancels_is_a_plain_int() -> None:
    assert type(n - n + 3) is int
    assert type((2 * n) // n) is int


def test_different_names_are_never_equal() -> None:
    assert same(n, m) is False
    assert same(n, 3) is False
    assert same(n, n + 1) is False
    assert same(2 * n, n + n) is True
    assert same(n, UNKNOWN) is None
    assert same(UNKNOWN, UNKNOWN) is None


def test_where_equality_cannot_be_seen_it_is_unknown() -> None:
    assert same(n // 2 + (n + 1) // 2, n) is None  # equal, but not in normal form
    assert same((2 * n) // (2 * m), n // m) is None
    assert same(n // 2, n) is False
    assert same(n // 1000, 0) is False
    assert same((n + 1) // 2, n // 2) is False
    for first, second in ((n, m), (m, n)):  # whichever of the names comes first, there is an odd size of each
        assert same(2 * first * (second // 2), first * second) is False


def test_unknown_absorbs() -> None:
    for result in (
        UNKNOWN + 1,
        1 + UNKNOWN,
        UNKNOWN - n,
        n - UNKNOWN,
        n * UNKNOWN,
        UNKNOWN // 2,
        2 // UNKNOWN,
        -UNKNOWN,
    ):
        assert result is UNKNOWN
    assert substitute(n + m, {"n": UNKNOWN}) is UNKNOWN
    assert divide_exactly(n, UNKNOWN) is UNKNOWN


def test_names() -> None:
    assert names_of(n * m // (k + 1)) == {"n", "m", "k"}
    assert names_of(3) == names_of(UNKNOWN) == frozenset()
    assert (n * 1).name == "n"  # type: ignore[union-attr]
    assert isinstance(n + 1, DimExpr) and (n + 1).name is None
    assert isinstance(2 * n, DimExpr) and (2 * n).name is None


@pytest.mark.parametrize("dim", [n, 2 * n * m + 1, (n + 1) // 2, UNKNOWN])
@pytest.mark.parametrize("pass_on", [copy.copy, copy.deepcopy, lambda dim: pickle.loads(pickle.dumps(dim))])
def test_a_dimension_passed_on_is_the_same(dim: Any, pass_on: Callable[[Any], Any]) -> None:
    assert pass_on(dim) == dim
    assert str(pass_on(dim)) == str(dim)
    assert hash(pass_on(dim)) == hash(dim)


def test_a_dimension_that_multiplies_out_stays_small() -> None:
    product: Dimension = 1
    for i in range(12):
        product = product * (symbol(f"n{i}") + 1)
    assert len(str(product)) > 10_000
    assert divide_exactly(product, symbol("absent")) is None
