"""Unification: it solves in any order, from both sides, and a conflict names the two places that disagree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Shape, Variadic, parse_shape, substitute_shape
from torchlean_typed.shapes.unify import Unifier, check_shape, flexible, is_flexible, plain

n, m = symbol("n"), symbol("m")
Pair = tuple[str, Any]


def actual_shape(shape: Any) -> Shape:
    """A text is read as it is: its names are rigid."""
    return parse_shape(shape) if isinstance(shape, str) else shape


def unify(*pairs: Pair) -> dict[str, Any]:
    """Match formals (texts, whose names may be bound) against actual shapes; what the names are."""
    unifier = Unifier("f")
    for number, (formal, actual) in enumerate(pairs, 1):
        unifier.match(flexible(parse_shape(formal)), actual_shape(actual), f"argument {number}")
    return {plain(name): value for name, value in unifier.solve().items()}


def conflict(*pairs: Pair) -> str:
    with pytest.raises(ShapeError) as error:
        unify(*pairs)
    return str(error.value)


# --- solving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "bindings"),
    [
        ([("n 3", (2, 3))], {"n": 2}),
        ([("n n", (2, 2))], {"n": 2}),
        ([("", ())], {}),
        ([("n", (0,))], {"n": 0}),
        ([("2*k", (6,))], {"k": 3}),
        ([("n+1", (5,)), ("n", (4,))], {"n": 4}),
        ([("n*m", (6,)), ("n", (2,))], {"n": 2, "m": 3}),
        ([("n*m n", (6, 2))], {"n": 2, "m": 3}),
        ([("n+m n-m", (7, 3)), ("m", (2,))], {"n": 5, "m": 2}),
        ([("n//2", (3,)), ("n", (7,))], {"n": 7}),
        ([("h*d", (12,)), ("h", (3,))], {"h": 3, "d": 4}),
        ([("n m", "b b")], {"n": symbol("b"), "m": symbol("b")}),
        ([("2*n", "2*b")], {"n": symbol("b")}),
        ([("n+1", "b+3")], {"n": symbol("b") + 2}),
        ([("n", (UNKNOWN,))], {}),
        ([("n n", (UNKNOWN, 3))], {"n": 3}),
        ([("_", (3,))], {}),
        ([("...", (3, 4))], {}),
    ],
)
def test_solving(pairs: list[Pair], bindings: dict[str, Any]) -> None:
    for order in permutations(pairs):
        assert unify(*order) == bindings


@pytest.mark.parametrize(
    ("formal", "actual", "bindings"),
    [
        ("*b n", (2, 3, 4), {"*b": (2, 3), "n": 4}),
        ("*b n", (4,), {"*b": (), "n": 4}),
        ("n *b", (2, 3, 4), {"n": 2, "*b": (3, 4)}),
        ("n *b m", (2, 4), {"n": 2, "*b": (), "m": 4}),
        ("*b", (), {"*b": ()}),
        ("*b n", "*c 4", {"*b": (Variadic("c"),), "n": 4}),
        ("*b n", "*c k 4", {"*b": (Variadic("c"), symbol("k")), "n": 4}),
        ("*b n", "... 4", {"*b": (Variadic(None),), "n": 4}),
        ("... n", "*c 4", {"n": 4}),
        ("... n", "... 4", {"n": 4}),
        ("n m", "... 4", {"m": 4}),
        ("n m", "2 ...", {"n": 2}),
        ("n m", "2 ... 4", {"n": 2, "m": 4}),
        ("n *b", "... 4", {}),  # which axis is n depends on how many there are
    ],
)
def test_variadics(formal: str, actual: Any, bindings: dict[str, Any]) -> None:
    assert unify((formal, actual)) == bindings


def test_a_bound_variadic_fits_the_same_axes_again() -> None:
    assert unify(("*b n", (2, 3, 4)), ("*b m", (2, 3, 5))) == {"*b": (2, 3), "n": 4, "m": 5}
    assert unify(("*b n", "*c 4"), ("*b", "*c")) == {"*b": (Variadic("c"),), "n": 4}


NAMED = ("n", "m", "k")
TEXTS = ("n", "m", "k", "n+1", "2*n", "n+m", "n*m", "k-1", "2*k+1", "n//2", "m*k", "n-m+7")


@settings(max_examples=150)
@given(
    st.fixed_dictionaries({name: st.integers(1, 9) for name in NAMED}),
    st.lists(st.lists(st.sampled_from(TEXTS), max_size=3), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arguments_does_not_matter(sizes: dict[str, int], texts: list[list[str]], random: Any) -> None:
    """Shapes made from true sizes are never in conflict; whatever is found is true; every order finds the same."""
    formals = [" ".join(text) for text in texts]
    shapes = [substitute_shape(parse_shape(formal), dict(sizes)) for formal in formals]
    pairs = list(zip(formals, shapes, strict=True))
    found = unify(*pairs)
    assert found == {name: sizes[name] for name in found}
    assert {name for text in texts for name in text if name in NAMED} <= found.keys()
    random.shuffle(pairs)
    assert unify(*pairs) == found


@settings(max_examples=150)
@given(
    st.fixed_dictionaries({name: st.integers(1, 9) for name in NAMED}),
    st.lists(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3), min_size=1, max_size=3),
    st.data(),
)
def test_a_size_that_is_wrong_is_found_in_every_order(
    sizes: dict[str, int], texts: list[list[str]], data: st.DataObject
) -> None:
    pairs: list[Pair] = [(name, (size,)) for name, size in sizes.items()]
    for text in texts:
        pairs.append((" ".join(text), substitute_shape(parse_shape(" ".join(text)), dict(sizes))))
    wrong = data.draw(st.integers(len(NAMED), len(pairs) - 1))
    formal, shape = pairs[wrong]
    axis = data.draw(st.integers(0, len(shape) - 1))
    pairs[wrong] = (formal, (*shape[:axis], shape[axis] + 1, *shape[axis + 1 :]))
    for order in (pairs, pairs[::-1], data.draw(st.permutations(pairs))):
        with pytest.raises(ShapeError):
            unify(*order)


# --- conflicts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("n 3", (2, 3)), ("n", (5,))], 'dimension "n" is 2 in argument 1, [n=2, 3], but 5 in argument 2'),
        ([("n n", (2, 5))], "argument 1 has shape [2, 5], expected [n, n]"),
        ([("n", (2,)), ("n+1", (5,))], 'dimension "n+1" of argument 2 is 5, expected 3, as n is 2 in argument 1'),
        ([("n+1", (5,)), ("n", (2,))], 'dimension "n+1" of argument 1 is 5, expected 3, as n is 2 in argument 2'),
        (
            [("n", (2,)), ("m", (3,)), ("n*m", (5,))],
            'dimension "m*n" of argument 3 is 5, expected 6, as m is 3 in argument 2 and n is 2 in argument 1',
        ),
        ([("b 3", "k 4")], "argument 1 has shape [k, 4], expected [b, 3]"),
        ([("n", "a"), ("n", "b")], 'dimension "n" is a in argument 1 but b in argument 2'),
        ([("2*k", (7,))], 'dimension "2*k" of argument 1 is 7, which no k gives'),
        ([("k+5", (3,))], 'dimension "k+5" of argument 1 is 3, which no k gives'),
        ([("n 3", (2, 3, 4))], "argument 1 has shape [2, 3, 4], expected [n, 3]"),
        ([("*b 3 4", (4,))], "argument 1 has shape [4], expected [*b, 3, 4]"),
        ([("n 3", "*c 3")], "argument 1 has shape [*c, 3], expected [n, 3]"),
        ([("n 3", "... 1 2 3")], "argument 1 has shape [..., 1, 2, 3], expected [n, 3]"),
        ([("*b n", (2, 3, 4)), ("*b", (2, 5))], '"*b" is [2, 3] in argument 1 but [2, 5] in argument 2'),
        ([("n", (5,)), ("*b n", (2, 3, 4))], 'dimension "n" is 5 in argument 1 but 4 in argument 2'),
        ([("*b n", (2, 3, 4)), ("n", (5,))], 'dimension "n" is 4 in argument 1 but 5 in argument 2'),
        ([("*b n", (2, 3, 4)), ("*b n", (2, 3, 5))], 'dimension "n" is 4 in argument 1 but 5 in argument 2'),
        ([("*b n", (2, 3, 4)), ("*b", (2,))], '"*b" is [2, 3] in argument 1 but [2] in argument 2'),
    ],
)
def test_conflicts(pairs: list[Pair], message: str) -> None:
    assert conflict(*pairs) == f"f: {message}"


def test_a_rigid_name_is_one_size_that_is_not_known() -> None:
    check_shape("f", (n, 3), (n, 3), "x")
    for formal, actual in (
        ((n,), (m,)),
        ((n,), (3,)),
        ((n + 1,), (n,)),
        ((Variadic("b"),), (3,)),
        ((n,), (Variadic("b"),)),
    ):
        with pytest.raises(ShapeError):
            check_shape("f", formal, actual, "x")
    check_shape("f", (Variadic("b"), 3), (Variadic("b"), 3), "x")
    with pytest.raises(ShapeError) as error:
        check_shape("f", (Variadic("b"), 3), (Variadic("c"), 3), "x")
    assert str(error.value) == "f: x has shape [*c, 3], expected [*b, 3]"


# --- both sides ------------------------------------------------------------------------------------------------------


def both(formal: str, actual: str) -> dict[str, Any]:
    """The names of both may be bound; the actual ones are tagged, as a layer's are."""
    unifier = Unifier("f")
    unifier.match(flexible(parse_shape(formal)), flexible(parse_shape(actual), "'"), "x")
    return {plain(name): value for name, value in unifier.solve().items()}


@pytest.mark.parametrize(
    ("formal", "actual", "input", "output"),
    [
        ("*b 3 4", "*b d", "*b 3 4", "*b 3 d"),
        ("*b d", "*b 3 4", "*b d", "*b 4"),
        ("*b", "*b 4", "*b", "*b 4"),
        ("*b 4", "*b", "*b 4", "*b"),
        ("n 4", "*b d", "n 4", "*b d"),
        ("*b 4", "n d", "*b 4", "n d"),
        ("*b n+1", "*b 2*d", "*b n+1", "*b 2*d"),
    ],
)
def test_two_sided_matching_makes_the_two_equal(formal: str, actual: str, input: str, output: str) -> None:
    unifier = Unifier("f")
    left, right = flexible(parse_shape(formal)), flexible(parse_shape(actual), "'")
    unifier.match(left, right, "x")
    bindings = unifier.solve()
    if not unifier.unsolved:
        assert substitute_shape(left, bindings) == substitute_shape(right, bindings)


def test_what_two_sided_matching_leaves_open_is_said() -> None:
    unifier = Unifier("f")
    unifier.match((symbol("?n") * symbol("?m"),), (symbol("?d") * symbol("?k"),), "x")
    unifier.solve()
    assert unifier.unsolved == {"m*n": symbol("?d") * symbol("?k")}


def test_two_variadics_that_overlap_have_more_than_one_solution() -> None:
    with pytest.raises(Undetermined) as reason:
        both("n *b", "*c m")
    assert "has more than one solution" in str(reason.value)


def test_sizes_too_conflict_on_both_sides() -> None:
    with pytest.raises(ShapeError):
        both("*b 3", "*b 4")
    with pytest.raises(ShapeError):
        both("*b n n", "*b 3 4")


# --- the rest of the face --------------------------------------------------------------------------------------------


def test_a_single_dimension_is_stated_too() -> None:
    unifier = Unifier("f")
    unifier.dimension(symbol("?n"), 3, 'argument 1 ("n")')
    unifier.match((symbol("?n"),), (4,), 'argument 2 ("x")')
    with pytest.raises(ShapeError) as error:
        unifier.solve()
    assert str(error.value) == 'f: dimension "n" is 3 in argument 1 ("n") but 4 in argument 2 ("x")'


def test_solving_goes_on_where_it_stopped() -> None:
    unifier = Unifier("f")
    unifier.match((symbol("?n") * symbol("?m"),), (6,), "x")
    assert unifier.solve() == {}
    unifier.match((symbol("?n"),), (2,), "y")
    assert unifier.solve() == {"?n": 2, "?m": 3}


@pytest.mark.parametrize(
    ("shape", "tag", "keep", "expected"),
    [
        ("*b n+1 3", "", frozenset(), (Variadic("?b"), symbol("?n") + 1, 3)),
        ("*b n", "'1", frozenset(), (Variadic("?b'1"), symbol("?n'1"))),
        ("*b n m", "", frozenset({"n", "*b"}), (Variadic("b"), n, symbol("?m"))),
        ("... _", "", frozenset(), (Variadic(None), UNKNOWN)),
    ],
)
def test_flexible(shape: str, tag: str, keep: frozenset[str], expected: Sequence[Dimension]) -> None:
    assert flexible(parse_shape(shape), tag, keep) == expected


def test_flexible_names_are_shown_as_they_were_written() -> None:
    assert is_flexible("?n") and is_flexible("*?b") and not is_flexible("n") and not is_flexible("*b")
    assert plain("?n+1 *?b ?") == "n+1 *b ?"


def test_a_division_by_a_size_of_zero_is_a_conflict() -> None:
    assert conflict(("n//m", (3,)), ("m", (0,)), ("n", (6,))) == 'f: dimension "n//m" of argument 1 divides by 0'
