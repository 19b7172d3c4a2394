"""The short way of operations on constants: what was seen before is not worked out again, and nothing is mixed up."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import inference

trace = sys.modules["torchlean_typed.trace"]  # tl.trace is the operation


@pytest.mark.parametrize("_", range(2))  # the second time the short way is known
def test_numbers_keep_their_kind_and_sign_on_the_short_way(_: int) -> None:
    x, single, whole, truth = tl.ones(2), tl.ones(2, np.float32), tl.ones(2, np.int64), tl.ones(2, np.bool_)
    assert [(x + 0.5).dtype, (single + 0.5).dtype, (whole + 2).dtype] == [np.float64, np.float32, np.int64]
    assert (0.5 - x).numpy().tolist() == [-0.5, -0.5]
    assert (x - 0.5).numpy().tolist() == [0.5, 0.5]
    with np.errstate(divide="ignore"):
        assert [(x / 0.0).numpy()[0], (x / -0.0).numpy()[0]] == [np.inf, -np.inf]
    assert np.isnan((x * float("nan")).numpy()).all()
    for refused in (lambda: whole + 0.5, lambda: truth + 1, lambda: whole + 2**80, lambda: x + single, lambda: x + "1"):
        with pytest.raises((tl.ShapeError, OverflowError)):
            refused()


@pytest.mark.parametrize("_", range(2))
def test_shapes_and_parameters_are_told_apart_on_the_short_way(_: int) -> None:
    rows = tl.ones((2, 3))
    assert (rows * tl.ones((2, 1))).shape == (2, 3)
    with pytest.raises(tl.ShapeError, match="multiply: "):
        rows * tl.ones((3, 2))
    with pytest.raises(tl.ShapeError, match="multiply: "):
        rows * tl.ones(3)
    assert [tl.sum(rows).shape, tl.sum(rows, 0).shape, tl.sum(rows, None, True).shape] == [(), (3,), (1, 1)]
    assert [tl.softmax(rows).shape, tl.softmax(rows, 0).numpy()[0, 0]] == [(2, 3), 0.5]
    assert tl.sum(rows, axis=None, keepdims=False).item() == 6.0


def test_what_is_known_of_an_operation_has_a_limit() -> None:
    record = tl.sin.record  # type: ignore[attr-defined]
    for size in range(inference.KNOWN_LIMIT + 5):
        tl.sin(tl.ones(size))
    assert 0 < len(record.known) <= inference.KNOWN_LIMIT
    for number in range(1, trace._SCALARS_LIMIT + 5):
        tl.ones(2) * (1.0 / number)
    assert 0 < len(trace._scalars) <= trace._SCALARS_LIMIT
