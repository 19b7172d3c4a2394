"""The text of shapes: every production of the grammar, back and forth, and every error with its whole message."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import (
    ANY_SHAPE,
    Variadic,
    is_known,
    parse_shape,
    parse_shapes,
    print_shape,
    print_shapes,
    shape_names,
    size_of,
    substitute_shape,
)

n, m, h = map(symbol, "nmh")
batch = Variadic("batch")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", ()),
        ("   ", ()),
        ("3", (3,)),
        ("0", (0,)),
        ("b 3", (symbol("b"), 3)),
        ("  b   3 ", (symbol("b"), 3)),
        ("n n", (n, n)),
        ("n+1 2*m", (n + 1, 2 * m)),
        ("h*d n//2", (h * symbol("d"), n // 2)),
        ("(n+1)*2", (2 * n + 2,)),
        ("n-1", (n - 1,)),
        ("-n+4", (4 - n,)),
        ("2*3", (6,)),
        ("n*m//m", (n,)),
        ("rows=4", (4,)),
        ("rows=n+1 n", (n + 1, n)),
        ("_", (UNKNOWN,)),
        ("_ _name 3", (UNKNOWN, UNKNOWN, 3)),
        ("...", ANY_SHAPE),
        ("*_", ANY_SHAPE),
        ("*_rest n", (Variadic(None), n)),
        ("... n", (Variadic(None), n)),
        ("*batch n m", (batch, n, m)),
        ("n *batch m", (n, batch, m)),
        ("n *batch", (n, batch)),
    ],
)
def test_reading(text: str, shape: Any) -> None:
    assert parse_shape(text) == shape


BROADCAST = "which Tensor does not have; broadcasting is explicit here: write the sizes as they are"
DIMENSION = "a dimension is a size, a name, or names and sizes with + - * //"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n m!", f'"m!" is not a dimension; {DIMENSION}'),
        ("n**2", f'"n**2" is not a dimension; {DIMENSION}'),
        ("n%2", f'"n%2" is not a dimension; {DIMENSION}'),
        ("n/2", f'"n/2" is not a dimension; {DIMENSION}'),
        ("2.5", f'"2.5" is not a dimension; {DIMENSION}'),
        ("True", f'"True" is not a dimension; {DIMENSION}'),
        ("None", f'"None" is not a dimension; {DIMENSION}'),
        ("class", f'"class" is not a dimension; {DIMENSION}'),
        ("f(n)", f'"f(n)" is not a dimension; {DIMENSION}'),
        ("n.m", f'"n.m" is not a dimension; {DIMENSION}'),
        ("(n", f'"(n" is not a dimension; {DIMENSION}'),
        ("n+", f'"n+" is not a dimension; {DIMENSION}'),
        ("n//0", f'"n//0" is not a dimension; {DIMENSION}'),
        ("n//(m-m)", f'"n//(m-m)" is not a dimension; {DIMENSION}'),
        ("n=", f'"n=" is not a dimension; {DIMENSION}'),
        ("?n", f'"?n" is not a dimension; {DIMENSION}'),
        ("{n}", f'"{{n}}" is not a dimension; {DIMENSION}'),
        ("[3]", f'"[3]" is not a dimension; {DIMENSION}'),
        ("2,3", f'"2,3" is not a dimension; {DIMENSION}'),
        ("*", f'"*" is not a dimension; {DIMENSION}'),
        ("*3", f'"*3" is not a dimension; {DIMENSION}'),
        ("*n+1", f'"*n+1" is not a dimension; {DIMENSION}'),
        ("....", f'"...." is not a dimension; {DIMENSION}'),
        ("\0", f'"\0" is not a dimension; {DIMENSION}'),
        ("3 -1", 'dimension "-1" is negative; a size is 0 or more'),
        ("n-n-2", 'dimension "n-n-2" is negative; a size is 0 or more'),
        ("*a n *b", '"*a n *b" has two variadic parts; a shape may have at most one of *name and ...'),
        ("... *b", '"... *b" has two variadic parts; a shape may have at most one of *name and ...'),
        (
            "#n 3",
            f'"#n" marks a broadcast, {BROADCAST}',
        ),
        (
            "*#b 3",
            f'"*#b" marks a broadcast, {BROADCAST}',
        ),
    ],
)
def test_what_is_no_shape(text: str, message: str) -> None:
    for _ in range(2):  # the second time from the cache
        with pytest.raises(ShapeError) as error:
            parse_shape(text, "f")
        assert str(error.value) == f"f: {message}"
        assert error.value.op == "f"
        assert error.value.expected == "a jaxtyping shape"


def test_an_error_quotes_the_part_at_fault() -> None:
    with pytest.raises(ShapeError) as error:
        parse_shape("b 3 n%2 m")
    assert error.value.got == "n%2"


@pytest.mark.parametrize("text", ["(_)", "_+1", "n 2*_rows"])
def test_an_axis_without_a_name_is_no_part_of_an_expression(text: str) -> None:
    with pytest.raises(ShapeError, match="computes with an axis that has no name"):
        parse_shape(text)


@settings(max_examples=300)
@given(st.text(alphabet="nm23 +-*/()_=.#,?'\"[]:i fo\té\0", max_size=12))
def test_any_text_is_a_shape_that_prints_back_or_a_shape_error(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            shape = parse_shape(text)
        except ShapeError:
            return
    assert parse_shape(print_shape(shape)) == shape


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("", ()),
        ("  ", ()),
        ("3", ((3,),)),
        ("32 64, 32, 10 32, 10", ((32, 64), (32,), (10, 32), (10,))),
        ("()", ((),)),
        ("3, (), n", ((3,), (), (n,))),
        ("(), ()", ((), ())),
        ("*b n, 3", ((Variadic("b"), n), (3,))),
    ],
)
def test_lists_of_shapes(text: str, shapes: Any) -> None:
    assert parse_shapes(text) == shapes
    assert parse_shapes(print_shapes(shapes)) == shapes


@pytest.mark.parametrize("text", ["3,", ", 3", "3,, 4", ","])
def test_an_empty_place_in_a_list_of_shapes(text: str) -> None:
    with pytest.raises(ShapeError) as error:
        parse_shapes(text, "TensorPack")
    assert str(error.value) == f'TensorPack: "{text}" has an empty place; write () for the shape of a scalar'


def test_known_and_unknown() -> None:
    assert is_known((3, n, batch))
    assert not is_known((3, UNKNOWN))
    assert not is_known(ANY_SHAPE)


def test_names_of_a_shape() -> None:
    assert shape_names((n + 1, batch, m // 2, 3, UNKNOWN)) == {"n", "m", "*batch"}
    assert shape_names(ANY_SHAPE) == frozenset()


def test_substitution() -> None:
    shape = (batch, n, n * m)
    assert substitute_shape(shape, {"n": 2, "*batch": (5, 7)}) == (5, 7, 2, 2 * m)
    assert substitute_shape(shape, {"n": m, "m": n}) == (batch, m, n * m)
    assert substitute_shape(shape, {"*batch": ()}) == (n, n * m)
    assert substitute_shape(shape, {"*batch": (Variadic("b"), 3), "batch": 9}) == (Variadic("b"), 3, n, n * m)


def test_the_number_of_elements() -> None:
    assert size_of(()) == 1
    assert size_of((2, 0, n)) == 0
    assert size_of((2, n, m)) == 2 * n * m
    assert size_of((2, UNKNOWN)) is UNKNOWN
    assert size_of((2, batch)) is UNKNOWN
