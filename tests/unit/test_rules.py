"""What the rules say, whole: the message of every refusal, and what stays open where symbols do not decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from torchlean_typed.shapes import creation, indexing, rules, structure
from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Variadic, parse_shape, print_shape

n, m, b = map(symbol, "nmb")
batch = Variadic("b")
EXPLICIT = "broadcasting is explicit"


def message(rule: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(ShapeError) as error:
        rule("op", *arguments)
    assert error.value.op == "op"
    return str(error.value).removeprefix("op: ")


@pytest.mark.parametrize(
    ("rule", "arguments", "expected"),
    [
        (
            rules.elementwise,
            [(4, 32), (32,)],
            f"ranks differ (left: [4, 32], right: [32]); {EXPLICIT}: did you mean [None, :] on [32]?",
        ),
        (
            rules.elementwise,
            [(4, 32), (2, 3, 4)],
            f"ranks differ (left: [4, 32], right: [2, 3, 4]); {EXPLICIT}: both operands need the same rank",
        ),
        (
            rules.elementwise,
            [(b, 3), (b, 5)],
            f"axis 1 differs: 3 and 5 (left: [b, 3], right: [b, 5]); {EXPLICIT}: only an axis of size 1 stretches",
        ),
        (
            rules.elementwise,
            [(2, 3), (3, 2)],
            "axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?",
        ),
        (
            rules.elementwise,
            [(batch, 3), (2, 3)],
            f"ranks differ (left: [*b, 3], right: [2, 3]); {EXPLICIT}: both operands need the same rank",
        ),
        (
            rules.where,
            [(2,), (2,), (3,)],
            f"axis 0 differs: 2 and 3 (condition: [2], x: [2], y: [3]); {EXPLICIT}: only an axis of size 1 stretches",
        ),
        (rules.reduction, [(2, 3), 2], "axis 2 is out of range (operand: [2, 3])"),
        (rules.reduction, [(2, 3), -3], "axis -3 is out of range (operand: [2, 3])"),
        (rules.reduction, [(), 0], "axis 0 is out of range (operand: [])"),
        (rules.reduction, [(2, 3), (0, -2)], "axis [0, -2] names one axis twice (operand: [2, 3])"),
        (rules.reduction, [(2, 3), "0"], "axis must be an int, got '0'"),
        (rules.reduction, [(2, 3), 1.0], "axis must be an int, got 1.0"),
        (rules.reduction, [(2, 3), True], "axis must be an int, got True"),
        (rules.reduction, [(2, 3), 0, 1], "keepdims must be True or False, got 1"),
        (rules.reduction, [(2, 3), None, "yes"], "keepdims must be True or False, got 'yes'"),
        (rules.nonempty_reduction, [(2, 0), 1], "axis 1 is empty (operand: [2, 0])"),
        (rules.nonempty_reduction, [(0, 2)], "axis 0 is empty (operand: [0, 2])"),
        (rules.along_axis, [(2, 3), 5], "axis 5 is out of range (operand: [2, 3])"),
        (rules.along_axis, [(2, 3), None], "axis must be an int, got None"),
        (
            rules.matmul,
            [(2, 3), (4, 5)],
            "inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 5])",
        ),
        (
            rules.matmul,
            [(2, n), (4, n)],
            "inner dimensions differ: n (left: [2, n]) and 4 (right: [4, n]); did you mean .mT on the right operand?",
        ),
        (
            rules.matmul,
            [(4, 2), (4, 5)],
            "inner dimensions differ: 2 (left: [4, 2]) and 4 (right: [4, 5]); did you mean .mT on the left operand?",
        ),
        (rules.matmul, [(), (3,)], "the left operand is a scalar (left: [], right: [3]); use * to scale"),
        (rules.matmul, [(3,), ()], "the right operand is a scalar (left: [3], right: []); use * to scale"),
        (rules.matmul, [(3,), (4,)], "inner dimensions differ: 3 (left: [3]) and 4 (right: [4])"),
        (
            rules.matmul,
            [(2, 4, 3), (5, 3, 4)],
            f"axis 0 differs: 2 and 5 (left: [2], right: [5]); {EXPLICIT}: only an axis of size 1 stretches",
        ),
        (
            rules.matmul,
            [(batch,), (3, 4)],
            "the rank of the left operand depends on *b (left: [*b], right: [3, 4])",
        ),
        (
            rules.matmul,
            [(2, n), (batch, n)],
            "the rank of the right operand depends on *b (left: [2, n], right: [*b, n])",
        ),
        (rules.layer_norm, [(), (3,), (3,)], "needs at least one axis (x: [], weight: [3], bias: [3])"),
        (rules.layer_norm, [(2, 3), (2, 3), (3,)], "weight must have rank 1 (x: [2, 3], weight: [2, 3], bias: [3])"),
        (
            rules.layer_norm,
            [(2, 3), (3,), (4,)],
            "the last axis of x and bias differ: 3 and 4 (x: [2, 3], weight: [3], bias: [4])",
        ),
        (structure.reshape, [(2, 3), (4,)], "6 elements do not fit 4 (operand: [2, 3], shape: [4])"),
        (structure.reshape, [(2, 3), (4, -1)], "6 elements do not divide by 4 (operand: [2, 3], shape: [4, -1])"),
        (structure.reshape, [(2, n), (n, 3)], "2*n elements do not fit 3*n (operand: [2, n], shape: [n, 3])"),
        (structure.reshape, [(2, 3), (-1, -1)], "shape [-1, -1] has more than one -1 (operand: [2, 3])"),
        (structure.reshape, [(2, 3), (-2, 3)], "size -2 is negative (operand: [2, 3])"),
        (structure.reshape, [(2, 3), 2.0], "a size must be an int, got 2.0"),
        (structure.reshape, [(2, 3), ((2, 3),)], "a size must be an int, got (2, 3)"),
        (
            structure.permute_dims,
            [(2, 3), (0,)],
            "1 axes for a tensor of rank 2 (operand: [2, 3]); name each axis once",
        ),
        (structure.permute_dims, [(2, 3), (0, 0)], "axis [0, 0] names one axis twice (operand: [2, 3])"),
        (structure.permute_dims, [(2, 3), (0, 2)], "axis 2 is out of range (operand: [2, 3])"),
        (structure.swapaxes, [(2, 3), 0, 2], "axis 2 is out of range (operand: [2, 3])"),
        (structure.matrix_transpose, [(3,)], "needs at least two axes (operand: [3])"),
        (structure.transpose, [(2, 3, 4)], "needs rank 2, got rank 3 (operand: [2, 3, 4]); use .mT or permute_dims"),
        (structure.expand_dims, [(2, 3), 3], "axis 3 is out of range (operand: [2, 3])"),
        (structure.squeeze, [(2, 1), 0], "axis 0 has size 2, not 1 (operand: [2, 1])"),
        (structure.squeeze, [(n, 1), 0], "axis 0 has size n, not 1 (operand: [n, 1])"),
        (
            structure.broadcast_to,
            [(3,), (2, 3)],
            "ranks differ (operand: [3], shape: [2, 3]); insert axes of size 1 with None",
        ),
        (
            structure.broadcast_to,
            [(2, 3), (2, 1)],
            "axis 1 of size 3 does not stretch to 1 (operand: [2, 3], shape: [2, 1])",
        ),
        (structure.broadcast_to, [(), (-1,)], "size -1 is negative (shape: [-1])"),
        (structure.concat, [()], "needs at least one tensor"),
        (
            structure.concat,
            [[(2, 3), (2, 4)]],
            "axis 1 differs: 3 and 4 (item 0: [2, 3], item 1: [2, 4]); did you mean axis=1?",
        ),
        (structure.concat, [[(2, 3), (2,)]], "item 1 has another rank than item 0 (item 0: [2, 3], item 1: [2])"),
        (structure.concat, [[(), ()]], "axis 0 is out of range (operand: [])"),
        (structure.stack, [[(2,), (2,), (n,)]], "axis 0 differs: 2 and n (item 0: [2], item 2: [n])"),
        (creation.creation, [(2, -1)], "size -1 is negative (shape: [2, -1])"),
        (creation.creation, [None], "a size must be an int, got None"),
        (creation.creation, ["3"], "a size must be an int, got '3'"),
        (creation.creation, [True], "a size must be an int, got True"),
        (creation.random, [3, None], "seed must be an int, got None"),
        (creation.random, [3, -1], "seed must be 0 or more, got -1"),
        (creation.arange, [0, 5, 0], "step is 0"),
        (creation.arange, ["a"], "stop must be a number, got 'a'"),
        (creation.arange, [None], "stop must be a number, got None"),
        (creation.arange, [0.0, float("inf"), 1.0], "the values from 0.0 to inf by 1.0 cannot be counted"),
        (creation.linspace, [0.0, 1.0, (2, 3)], "a size must be an int, got (2, 3)"),
        (creation.linspace, [0.0, None, 2], "stop must be a number, got None"),
        (indexing.index, [(2, 3), (0, 0, 0)], "3 indices for a tensor of rank 2 (operand: [2, 3])"),
        (indexing.index, [(2, 3), 2], "index 2 is out of range for an axis of size 2 (operand: [2, 3])"),
        (indexing.index, [(2, 3), (0, -4)], "index -4 is out of range for an axis of size 3 (operand: [2, 3])"),
        (indexing.index, [(2, 3), (..., ...)], "an index may have only one ... (operand: [2, 3])"),
        (indexing.index, [(2, 3), [0, 1]], "cannot index with [0, 1] (operand: [2, 3])"),
        (indexing.index, [(2, 3), (0, (0, 1))], "cannot index with (0, 1) (operand: [2, 3])"),
        (indexing.index, [(2, 3), True], "cannot index with True (operand: [2, 3])"),
        (indexing.index, [(2, 3), "x"], "cannot index with 'x' (operand: [2, 3])"),
        (indexing.index, [(2, 3), 1.0], "cannot index with 1.0 (operand: [2, 3])"),
        (indexing.index, [(2, 3), slice(None, None, 0)], "slice step is 0 (operand: [2, 3])"),
        (indexing.index, [(2, 3), slice(0.5, None)], "a slice takes ints, got 0.5 (operand: [2, 3])"),
        (indexing.index, [(n,), slice("a", None)], "a slice takes ints, got 'a' (operand: [n])"),
    ],
)
def test_refusals(rule: Callable[..., Any], arguments: list[Any], expected: str) -> None:
    assert message(rule, *arguments) == expected


@pytest.mark.parametrize(
    ("rule", "arguments", "expected"),
    [
        (rules.elementwise, ["1 n", "m 1"], "m n"),
        (rules.elementwise, ["", "*b n"], "*b n"),
        (rules.elementwise, ["*b 1", "*b n"], "*b n"),
        (rules.elementwise, ["_ 1", "_ n"], "_ n"),
        (rules.elementwise, ["_ n", "3 n"], "3 n"),
        (rules.elementwise, ["_", "1"], "_"),
        (rules.elementwise, ["... n", "2 1"], "2 n"),
        (rules.elementwise, ["... n", "1 n"], "_ n"),
        (rules.elementwise, ["... n", "... 1 n"], "... n"),
        (rules.elementwise, ["*b n", "... n"], "... n"),
        (rules.elementwise, ["...", "2 3"], "2 3"),
        (rules.matmul, ["*b n 3", "3 m"], "*b n m"),
        (rules.matmul, ["*b 3", "3 m"], "*b m"),
        (rules.matmul, ["... 3", "3 m"], "... m"),
        (rules.matmul, ["3", "*b 3 m"], "*b m"),
        (rules.matmul, ["*b n 3", "3"], "*b n"),
        (rules.matmul, ["*b n 3", "*b 3 m"], "*b n m"),
        (rules.matmul, ["_ n", "n _"], "_ _"),
        (rules.reduction, ["*b n m", -1], "*b n"),
        (rules.reduction, ["n *b m", 0], "*b m"),
        (rules.reduction, ["*b n m"], ""),
        (rules.reduction, ["*b n m", (-1, -2), True], "*b 1 1"),
        (structure.reshape, ["n m", (n * m,)], "m*n"),
        (structure.reshape, ["n m", (-1,)], "m*n"),
        (structure.reshape, ["6*n", (2, -1)], "2 3*n"),
        (structure.reshape, ["n", (2, -1)], "2 _"),
        (structure.reshape, ["*b n", (-1, 3)], "_ 3"),
        (structure.expand_dims, ["*b n", 0], "1 *b n"),
        (structure.expand_dims, ["*b n", -1], "*b n 1"),
        (structure.swapaxes, ["*b n m", -1, -2], "*b m n"),
        (structure.broadcast_to, ["1 n", (m, n)], "m n"),
        (structure.broadcast_to, ["_ n", (3, n)], "3 n"),
        (indexing.index, ["n m", 0], "m"),
        (indexing.index, ["*b n", (..., 0)], "*b"),
        (indexing.index, ["*b n", (..., None)], "*b n 1"),
        (indexing.index, ["n", slice(None, None, -1)], "n"),
        (indexing.index, ["n", slice(None, None, 2)], "(n+1)//2"),
        (indexing.index, ["n", slice(1, None)], "n-1"),
        (indexing.index, ["n", slice(1, -1)], "n-2"),
        (indexing.index, ["n", slice(-1, None)], "1"),
        (indexing.index, ["n", slice(None, -1)], "n-1"),
        (indexing.index, ["n", slice(2, -1)], "n-3"),
        (indexing.index, ["n", slice(None, 1)], "1"),
        (indexing.index, ["n", slice(-2, None)], "_"),
        (indexing.index, ["n+2", slice(-2, None)], "2"),
        (indexing.index, ["n+2", slice(None, 2)], "2"),
        (indexing.index, ["n+2", slice(None, n)], "n"),
        (indexing.index, ["n", slice(m, None)], "n-m"),
        (indexing.index, ["n", slice(-1 * m, None)], "_"),
        (indexing.index, ["n", slice(None, n - 1)], "n-1"),
        (indexing.index, ["n", slice(None, n - 2)], "_"),
        (indexing.index, ["n", slice(n, None)], "0"),
        (indexing.index, ["n", slice(None, n)], "n"),
        (indexing.index, ["n", slice(None, 5)], "_"),
        (indexing.index, ["n", slice(None, m)], "_"),
        (indexing.index, ["n", slice(1, None, 2)], "n//2"),
        (indexing.index, ["_", slice(1, None)], "_"),
    ],
)
def test_symbols(rule: Callable[..., Any], arguments: list[Any], expected: str) -> None:
    given = [parse_shape(argument) if isinstance(argument, str) else argument for argument in arguments]
    assert print_shape(rule("op", *given)) == expected


@pytest.mark.parametrize(
    ("rule", "arguments", "shape"),
    [
        (creation.arange, [n], (n,)),
        (creation.arange, [0, n], (n,)),
        (creation.arange, [1, n + 1], (n,)),
        (creation.arange, [1, n], (UNKNOWN,)),  # of n = 0 there is nothing
        (creation.arange, [m, n], (UNKNOWN,)),  # m may be above n
        (creation.arange, [n, 9], (UNKNOWN,)),
        (creation.arange, [0, n, 2], ((n + 1) // 2,)),
        (creation.arange, [UNKNOWN], (UNKNOWN,)),
        (creation.arange, [5, 0, -2], (3,)),
        (creation.arange, [0.0, 0.3, 0.1], (3,)),
        (creation.eye, [n], (n, n)),
        (creation.eye, [n, m], (n, m)),
        (creation.creation, [(n, 3)], (n, 3)),
        (structure.concat, [[(n, 3), (m, 3)]], (n + m, 3)),
        (structure.stack, [[(n, 3), (n, 3)], -1], (n, 3, 2)),
        (structure.flatten, [(n, 3)], (3 * n,)),
    ],
)
def test_symbols_made_by_arguments(rule: Callable[..., Any], arguments: list[Any], shape: Any) -> None:
    assert rule("op", *arguments) == shape


class Undecided:
    """A value of which nothing is known, as the checker has it."""


@pytest.mark.parametrize(
    ("rule", "arguments"),
    [
        (rules.reduction, [(2, 3), Undecided()]),
        (rules.reduction, [(2, 3), 0, Undecided()]),
        (rules.reduction, [(batch, n), 0]),
        (rules.reduction, [(batch, n), -2]),
        (rules.reduction, [ANY_SHAPE, 0]),
        (rules.along_axis, [(n, batch), 1]),
        (rules.matmul, [ANY_SHAPE, (3, 4)]),
        (rules.matmul, [(2, 3), ANY_SHAPE]),
        (rules.matmul, [(Variadic(None), 3), (5, 3, 4)]),
        (structure.reshape, [(2, 3), Undecided()]),
        (structure.permute_dims, [(2, 3), Undecided()]),
        (structure.transpose, [ANY_SHAPE]),
        (structure.concat, [Undecided()]),
        (structure.concat, [[(2,), ANY_SHAPE]]),
        (indexing.index, [(batch, n), 0]),
        (indexing.index, [(2, 3), Undecided()]),
        (indexing.index, [(2, 3), (0, Undecided())]),
        (creation.creation, [Undecided()]),
        (creation.random, [3, Undecided()]),
    ],
)
def test_what_symbols_do_not_decide(rule: Callable[..., Any], arguments: list[Any]) -> None:
    if rule is creation.random:  # the seed's value does not decide the shape
        assert rule("op", *arguments) == (3,)
        return
    with pytest.raises(Undetermined) as reason:
        rule("op", *arguments)
    assert str(reason.value).startswith("op: ")
