"""The words that shape rules are written in: each says yes, no or unknown, of integers and of symbols alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from torchlean_typed.shapes import vocabulary as words
from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Shape, Variadic

N, M = symbol("n"), symbol("m")
BATCH, ANY = Variadic("b"), Variadic(None)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def test_require_same_gives_what_is_known() -> None:
    assert words.require_same(3, 3, "op", "they differ", ()) == 3
    assert words.require_same(UNKNOWN, N, "op", "they differ", ()) == N
    assert words.require_same(N, UNKNOWN, "op", "they differ", ()) == N
    assert words.require_same(2 * N, N + N, "op", "they differ", ()) == 2 * N
    message = refused(lambda: words.require_same(3, 4, "op", "they differ", [("x", (3,))], "look again"))
    assert message == "op: they differ: 3 and 4 (x: [3]); look again"
    assert refused(lambda: words.require_same(N, N + 1, "op", "they differ", ())) == "op: they differ: n and n+1"


def test_plain_dims_need_a_rank() -> None:
    assert words.plain_dims((N, 3), "op") == (N, 3)
    for shape in ((BATCH, 3), (ANY,)):
        with pytest.raises(Undetermined, match="op: the rank of"):
            words.plain_dims(shape, "op")
    assert (words.variadic_position((N, BATCH)), words.variadic_position((N,))) == (1, None)


@pytest.mark.parametrize("value", [True, 1.0, "3", None, (3,)])
def test_what_is_no_int_and_no_size(value: Any) -> None:
    assert refused(lambda: words.require_int(value, "op", "axis")).startswith("op: axis must be an int, got ")
    if value is not True:
        assert refused(lambda: words.require_size(value, "op")).startswith("op: a size must be an int, got ")


def test_values_that_the_checker_does_not_know() -> None:
    for word in (words.require_int, words.require_flag):
        with pytest.raises(Undetermined, match="op: the value of axis is not known"):
            word(UNKNOWN, "op", "axis")
    with pytest.raises(Undetermined, match="op: the sizes are not known"):
        words.require_size(object(), "op")
    words.require_number(UNKNOWN, "op", "step")
    assert refused(lambda: words.require_number("1", "op", "step")) == "op: step must be a number, got '1'"
    assert refused(lambda: words.require_flag(1, "op", "keepdims")) == "op: keepdims must be True or False, got 1"
    assert words.require_flag(False, "op", "keepdims") is False


def test_sizes() -> None:
    assert words.require_sizes((2, N, UNKNOWN), "op") == (2, N, UNKNOWN)
    assert words.require_sizes(N, "op") == (N,)
    assert refused(lambda: words.require_sizes((2, -1), "op")) == "op: size -1 is negative (shape: [2, -1])"


@pytest.mark.parametrize(
    ("shape", "axis", "place"),
    [((2, 3, 4), 1, 1), ((2, 3, 4), -1, 2), ((2, BATCH, 4), 0, 0), ((2, BATCH, 4), -1, 2), ((BATCH, N, 4), -2, 1)],
    ids=str,
)
def test_the_place_of_an_axis(shape: Shape, axis: int, place: int) -> None:
    assert words.axis_position(shape, axis, "op") == place


def test_axes_that_are_not_there_or_not_known() -> None:
    assert refused(lambda: words.axis_position((2, 3), 2, "op")) == "op: axis 2 is out of range (operand: [2, 3])"
    assert refused(lambda: words.axis_position((), 0, "op")) == "op: axis 0 is out of range (operand: [])"
    assert words.axis_position((2, 3), 2, "op", extra=1) == 2
    for shape, axis in (((BATCH, 3), 0), ((BATCH, 3), -2), ((2, BATCH), 1)):
        with pytest.raises(Undetermined, match=r"depends on \*b"):
            words.axis_position(shape, axis, "op")
    assert words.axis_positions((2, 3, 4), None, "op") == (0, 1, 2)
    assert words.axis_positions((2, 3, 4), (2, -3), "op") == (2, 0)
    assert "names one axis twice" in refused(lambda: words.axis_positions((2, 3), (1, -1), "op"))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((2, 1), (2, 3), (2, 3)),
        ((N, 1), (N, M), (N, M)),
        ((), (N, 3), (N, 3)),
        ((BATCH, 3), (BATCH, 1), (BATCH, 3)),
        ((UNKNOWN,), (3,), (3,)),
        ((UNKNOWN,), (1,), (UNKNOWN,)),
        ((ANY,), (N, 3), (N, 3)),
        ((ANY, 3), (ANY, 1), (ANY, 3)),
    ],
    ids=str,
)
def test_broadcasting(left: Shape, right: Shape, expected: Shape) -> None:
    for a, b in ((left, right), (right, left)):
        assert words.broadcast("op", [("left", a), ("right", b)]) == expected


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (
            (2, 3),
            (3,),
            "ranks differ (left: [2, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?",
        ),
        (
            (N, M),
            (N,),
            "ranks differ (left: [n, m], right: [n]); broadcasting is explicit: "
            "did you mean [:, None] on [n], or keepdims=True where it was reduced?",
        ),
        (
            (2, 3),
            (3, 2),
            "axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?",
        ),
        (
            (N, 3),
            (M, 3),
            "axis 0 differs: n and m (left: [n, 3], right: [m, 3]); "
            "broadcasting is explicit: only an axis of size 1 stretches",
        ),
        ((ANY, 3), (N, 2), "axis -1 differs: 3 and 2 (left: [..., 3], right: [n, 2])"),
    ],
    ids=str,
)
def test_what_does_not_broadcast(left: Shape, right: Shape, message: str) -> None:
    assert refused(lambda: words.broadcast("op", [("left", left), ("right", right)])) == f"op: {message}"


def test_exact_quotients() -> None:
    assert words.exact_quotient(12, 3, "op", "no", ()) == 4
    assert words.exact_quotient(6 * N, 3, "op", "no", ()) == 2 * N
    assert words.exact_quotient(N, 3, "op", "no", ()) is UNKNOWN
    for divisor in (5, 0):
        assert refused(lambda by=divisor: words.exact_quotient(12, by, "op", "12 does not divide", ())) == (
            "op: 12 does not divide"
        )
