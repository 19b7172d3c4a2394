"""dtypes are never promoted: what each rule gives, and the whole message where dtypes do not go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.dtypes import WEAK_BOOL, WEAK_FLOAT, WEAK_INT
from torchlean_typed.shapes.errors import ShapeError


@pytest.mark.parametrize(
    ("rule", "arguments", "dtype"),
    [
        (dtypes.common, [["float32", "float32"]], "float32"),
        (dtypes.common, [["float32", WEAK_FLOAT]], "float32"),
        (dtypes.common, [["int8", WEAK_INT]], "int8"),
        (dtypes.common, [["float32", WEAK_BOOL]], "float32"),
        (dtypes.common, [["bool", WEAK_BOOL]], "bool"),
        (dtypes.common, [[WEAK_INT, WEAK_FLOAT]], "float64"),
        (dtypes.common, [[WEAK_BOOL, WEAK_INT]], "int64"),
        (dtypes.common, [[None, WEAK_FLOAT]], None),
        (dtypes.common, [[None, "float32"]], "float32"),
        (dtypes.comparison, [["int32", WEAK_INT]], "bool"),
        (dtypes.logical, [["bool", "bool"]], "bool"),
        (dtypes.selection, [["bool", "float32", WEAK_FLOAT]], "float32"),
        (dtypes.selection, [["bool", WEAK_FLOAT, WEAK_INT]], "float64"),
        (dtypes.selection, [[None, "int32", "int32"]], "int32"),
        (dtypes.bounded, [["float32"], 0.5, None], "float32"),
        (dtypes.bounded, [["int8"], -128, 127], "int8"),
        (dtypes.bounded, [["float32"], UNKNOWN, None], "float32"),
        (dtypes.converted, [["float32"], np.int64], "int64"),
        (dtypes.converted, [["float32"], "bool"], "bool"),
        (dtypes.converted, [["float32"], float], "float64"),
        (dtypes.converted, [["float32"], np.dtype(np.float16)], "float16"),
        (dtypes.created, [[], (2, 3), np.float32], "float32"),
        (dtypes.filled, [[], 3, 1, np.float32], "float32"),
        (dtypes.filled, [[], 3, True, np.bool_], "bool"),
        (dtypes.arange, [[], 3, None, 1, None], "int64"),
        (dtypes.arange, [[], 0, 3, 0.5, None], "float64"),
        (dtypes.arange, [[], 0, symbol("n"), 1, None], "int64"),
        (dtypes.arange, [[], 0, object(), 1, None], None),
        (dtypes.arange, [[], 0, 3, 1, np.float32], "float32"),
    ],
)
def test_rules(rule: Callable[..., Any], arguments: list[Any], dtype: str | None) -> None:
    assert rule("op", *arguments) == dtype


NOT_PROMOTED = "dtypes are not promoted: convert"


@pytest.mark.parametrize(
    ("rule", "arguments", "message"),
    [
        (
            dtypes.common,
            [["float32", "float64"]],
            f"dtypes differ: float32 and float64; {NOT_PROMOTED} one with astype",
        ),
        (dtypes.common, [["int32", "int64"]], f"dtypes differ: int32 and int64; {NOT_PROMOTED} one with astype"),
        (
            dtypes.common,
            [["int32", WEAK_FLOAT]],
            f"a Python float does not go with int32; {NOT_PROMOTED} the tensor with astype",
        ),
        (
            dtypes.common,
            [["bool", WEAK_INT]],
            f"a Python int does not go with bool; {NOT_PROMOTED} the tensor with astype",
        ),
        (dtypes.numeric, [["bool"]], "needs a numeric dtype, got bool; convert with astype"),
        (dtypes.floating, [["int64"]], "needs a floating dtype, got int64; convert with astype"),
        (dtypes.logical, [["float64"]], "needs bool, got float64; convert with astype"),
        (
            dtypes.selection,
            [["float64", "int32", "int32"]],
            "needs a bool tensor as condition, got float64; compare: x > 0",
        ),
        (
            dtypes.selection,
            [[WEAK_BOOL, "int32", "int32"]],
            "needs a bool tensor as condition, got a Python bool; compare: x > 0",
        ),
        (dtypes.bounded, [["uint8"], -1, None], "-1 is no uint8"),
        (dtypes.converted, [["float64"], complex], "needs a bool, integer or floating dtype, got complex"),
        (dtypes.converted, [["float64"], "f4"], "needs a bool, integer or floating dtype, got f4"),
        (dtypes.created, [[], 3, np.dtype("U3")], "needs a bool, integer or floating dtype, got str96"),
        (dtypes.created_floating, [[], 3, 0, np.int64], "needs a floating dtype, got int64"),
        (
            dtypes.filled,
            [[], 3, 0.5, np.int64],
            f"a Python float does not go with int64; {NOT_PROMOTED} the tensor with astype",
        ),
        (dtypes.filled, [[], 3, 300, np.int8], "300 is no int8"),
        (
            dtypes.arange,
            [[], 0, 1, 0.25, np.int64],
            f"a Python float does not go with int64; {NOT_PROMOTED} the tensor with astype",
        ),
    ],
)
def test_refusals(rule: Callable[..., Any], arguments: list[Any], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        rule("op", *arguments)
    assert str(error.value) == f"op: {message}"


@pytest.mark.parametrize("dtype", [*dtypes.FLOATING, *dtypes.INTEGER, "bool"])
def test_operators_keep_the_dtype(dtype: str) -> None:
    x = tl.ones(2, dtype)
    two = True if dtype == "bool" else 2
    assert (x == two).dtype == np.bool_
    assert tl.where(x == x, x, two).dtype == dtype
    if dtype != "bool":
        assert (x * 2 + x).dtype == (2 * x).dtype == (x**2).dtype == dtype
    if dtype in dtypes.FLOATING:
        assert (x / 2 + 0.5 - 1).dtype == (1.5 - x).dtype == (2.0**x).dtype == tl.mean(x).dtype == dtype


@pytest.mark.parametrize("value", [300, -1])
def test_a_python_int_that_the_dtype_lacks_is_refused(value: int) -> None:
    with pytest.raises(ShapeError) as error:
        tl.ones(2, np.uint8) + value
    assert str(error.value) == f"add: {value} is no uint8"
    assert error.value.expected == "0 to 255"


def test_numbers_of_numpy_count_as_pythons_only_where_they_are() -> None:
    x = tl.ones(2, np.float32)
    assert (x * np.float64(2.0)).dtype == (np.float64(2.0) * x).dtype == np.float32  # a Python float by inheritance
    with pytest.raises(ShapeError) as error:
        x * np.float32(2.0)
    assert str(error.value) == "multiply: needs tensors or Python numbers, got float32; wrap it with tl.from_numpy"
