"""Arguments at random: a ShapeError wherever NumPy raises, and else only where we are stricter by design."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.table import stricter
from tests.table.drawing import Case
from tests.table.stricter import AXIS, NOT_EMPTY, ONE_AXIS, is_axis_of_scalar, is_empty, pads, values
from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.errors import DomainError, ShapeError
from torchlean_typed.trace import from_numpy

ARBITRARY_SIZES = st.integers(0, 3)
ARBITRARY_SHAPES = st.lists(ARBITRARY_SIZES, max_size=3).map(tuple)
SLICE = st.builds(slice, *[st.none() | st.integers(-4, 4)] * 3)
ITEM = AXIS | SLICE | st.none() | st.just(...)
NEW_SIZE = st.integers(-2, 6)
NUMBER = st.sampled_from((-2, -1, 0, 1, 2, 3, -0.75, 0.25, 0.3, 0.5, 3.0))

ARBITRARY: dict[str, st.SearchStrategy[Any]] = {
    "axis": AXIS | st.lists(AXIS, max_size=3).map(tuple),
    "axis1": AXIS,
    "axis2": AXIS,
    "axes": st.lists(AXIS, max_size=4) | st.permutations(range(3)),
    "keepdims": st.booleans(),
    "shape": NEW_SIZE | st.lists(NEW_SIZE, max_size=3).map(tuple),
    "key": ITEM | st.lists(ITEM, max_size=4).map(tuple),
    "n_rows": st.integers(-1, 3),
    "n_cols": st.none() | st.integers(-1, 3),
    "num": st.integers(-1, 3),
    "start": NUMBER,
    "stop": st.none() | NUMBER,
    "step": NUMBER,
    "fill_value": st.just(1),
    "seed": st.just(0),
    "eps": st.just(0.5),
    "min": st.just(0.0),
    "max": st.just(1.0),
    "dtype": st.just(np.float64),
    **stricter.ARBITRARY,
}


@st.composite
def arbitrary(draw: st.DrawFn, name: str) -> Case:
    record = TABLE[name]
    count = draw(st.integers(0, 3)) if record.sequence else len(record.tensors)
    least = 1 if name in NOT_EMPTY else 0
    shapes = [draw(ARBITRARY_SHAPES.map(lambda shape: tuple(max(n, least) for n in shape))) for _ in range(count)]
    if draw(st.booleans()):  # nearly fitting shapes find more
        shapes = [shapes[0][: len(shape)] if draw(st.booleans()) else shape for shape in shapes]
    labels = record.tensors * count if record.sequence else record.tensors
    arrays = [values(name, label, shape) for label, shape in zip(labels, shapes, strict=True)]
    chosen = {
        static: draw(AXIS if static == "axis" and name in ONE_AXIS else ARBITRARY[static]) for static in record.statics
    }
    return Case(name, tuple(arrays), chosen)


# What NumPy accepts and we refuse, by design.
STRICTER: dict[str, Callable[[Case], bool]] = {
    **dict.fromkeys(
        (
            *(
                "add",
                "subtract",
                "multiply",
                "divide",
                "pow",
                "maximum",
                "minimum",
                "where",
                "logical_and",
                "logical_or",
            ),
            *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        ),
        lambda case: pads(case.shapes),
    ),
    "matmul": lambda case: pads([shape[:-2] for shape in case.shapes]),
    "layer_norm": lambda case: any(shape != case.shapes[0][-1:] for shape in case.shapes[1:]) or is_empty(case),
    "reshape": lambda case: np.min(case.statics["shape"]) < -1,  # NumPy takes any negative size for -1
    "broadcast_to": lambda case: case.shapes[0] != () and len(case.shapes[0]) != np.size(case.statics["shape"]),
    **dict.fromkeys(("sum", "squeeze", "softmax", "log_softmax", "max", "min"), is_axis_of_scalar),
    **dict.fromkeys(("mean", "logsumexp"), lambda case: is_axis_of_scalar(case) or is_empty(case)),
    **stricter.STRICTER,
}


def outcome(run: Callable[[], Any], *refusals: type[Exception]) -> tuple[int, ...] | None:
    try:
        return np.shape(run())
    except refusals:
        return None


@pytest.mark.parametrize("name", sorted(TABLE))
@settings(max_examples=60)
@given(data=st.data())
def test_shape_errors_are_where_numpy_has_errors(name: str, data: st.DataObject) -> None:
    case = data.draw(arbitrary(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = outcome(case.reference, Exception)
        found = outcome(lambda: case(*map(from_numpy, case.arrays)), ShapeError, DomainError)
    if found is None and expected is not None:
        assert STRICTER[name](case)
    else:
        assert found == expected
