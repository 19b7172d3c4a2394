"""Rows: exactly n tensors or packs, stored stacked."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Rows, ShapeError, Tensor, TensorPack, autograd, nn

A = np.arange(24.0).reshape(6, 4)


def tensors() -> Rows[Any, Tensor]:
    """Six rows of four, for an output of shape 2, 3."""
    return Rows(tl.from_numpy(A), (2, 3))


def packs() -> Rows[Any, TensorPack]:
    stacked = TensorPack.named({"w": tl.from_numpy(A), "b": tl.from_numpy(A[:, 0].copy())})
    return Rows(stacked, (6,))


def test_rows_are_a_sequence() -> None:
    rows = tensors()
    assert isinstance(rows, Sequence)
    assert len(rows) == 6
    for number, row in enumerate(rows):
        np.testing.assert_array_equal(row.numpy(), A[number])
        np.testing.assert_array_equal(rows[number].numpy(), A[number])
        np.testing.assert_array_equal(rows[number - 6].numpy(), A[number])
    assert [row.shape for row in reversed(rows)] == [(4,)] * 6
    first, *rest = rows
    assert (first.shape, len(rest)) == ((4,), 5)


def test_rows_of_tensors_are_the_whole_jacobian_too() -> None:
    rows = tensors()
    np.testing.assert_array_equal(rows.stacked.numpy(), A)
    np.testing.assert_array_equal(rows.tensor.numpy(), A.reshape(2, 3, 4))
    np.testing.assert_array_equal(np.asarray(rows), A.reshape(2, 3, 4))
    assert np.asarray(rows, np.float32).dtype == np.float32
    assert rows.outer_shape == (2, 3)
    assert Rows(tl.ones((1, 2)), ()).tensor.shape == (2,)


def test_a_row_is_a_view_of_the_stacked_rows() -> None:
    rows = tensors()
    assert np.shares_memory(rows[2].numpy(), rows.stacked.numpy())
    assert np.shares_memory(rows.tensor.numpy(), rows.stacked.numpy())


def test_rows_of_packs() -> None:
    rows = packs()
    assert len(rows) == 6
    assert rows.stacked.shapes == ((6, 4), (6,))
    assert rows.stacked.names == rows[3].names == ("w", "b")
    assert rows[3].shapes == ((4,), ())
    np.testing.assert_array_equal(rows[3]["w"].numpy(), A[3])
    np.testing.assert_array_equal(rows[-1]["b"].numpy(), A[5, 0])
    summed = rows[0] + rows[1] * 2.0
    np.testing.assert_array_equal(summed["w"].numpy(), A[0] + 2 * A[1])


def test_repr() -> None:
    assert repr(packs()) == "Rows(6 packs of [[4], []])"
    assert repr(Rows(tl.ones((2, 1)), (2,))) == "Rows(Tensor([[1.],\n        [1.]], float64[2, 1]))"


def test_rows_are_immutable() -> None:
    rows = tensors()
    with pytest.raises(AttributeError, match="Rows is immutable: stacked cannot be set"):
        rows.stacked = tl.zeros((6, 4))
    with pytest.raises(TypeError, match="does not support item assignment"):
        rows[0] = tl.zeros(4)  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        rows[0].numpy()[0] = 1.0


@pytest.mark.parametrize("through", [lambda r: pickle.loads(pickle.dumps(r)), copy.copy, copy.deepcopy])
def test_pickling_and_copying(through: Callable[[Any], Any]) -> None:
    for rows in (tensors(), packs()):
        again = through(rows)
        assert repr(again) == repr(rows)
        assert again.outer_shape == rows.outer_shape


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def test_rows_that_are_not_there() -> None:
    rows = tensors()
    assert refused(lambda: rows[6]) == "Rows: has no row 6; it has 6"
    assert refused(lambda: rows[-7]) == "Rows: has no row -7; it has 6"
    assert refused(lambda: rows[True]) == "Rows: has no row True; it has 6"
    assert refused(lambda: rows[0:2]) == "Rows: has no row slice(0, 2, None); it has 6"  # type: ignore[index]
    empty = Rows(tl.zeros((0, 4)), (0, 2))
    assert (len(empty), list(empty), empty.tensor.shape) == (0, [], (0, 2, 4))
    assert refused(lambda: empty[0]) == "Rows: has no row 0; it has 0"


def test_the_number_of_rows_is_that_of_the_outputs_coordinates() -> None:
    assert refused(lambda: Rows(tl.ones((5, 4)), (2, 3))) == "Rows: needs 6 rows along the leading axis, got [5, 4]"
    assert refused(lambda: Rows(tl.ones(()), ())) == "Rows: needs 1 rows along the leading axis, got []"
    pack = TensorPack.of(tl.ones((2, 3)), tl.ones((3,)))
    assert refused(lambda: Rows(pack, (2,))) == "Rows: needs 2 rows along the leading axis, got [3]"
    assert refused(lambda: Rows([1.0], (1,))) == "Rows: needs 1 rows along the leading axis, got list"


def test_rows_of_packs_have_no_one_tensor() -> None:
    assert refused(lambda: packs().tensor) == (
        "Rows.tensor: the rows are packs; use rows.stacked, a pack with a leading axis"
    )


def test_the_layout_is_that_of_the_parameters() -> None:
    model = nn.linear(3, 2) >> nn.layer_norm(2)
    params = model.init(seed=0)
    rows = autograd.model.jacrev_params(model, params, tl.ones((4, 3)))
    assert len(rows) == 8
    assert rows.outer_shape == (4, 2)
    assert rows.stacked.shapes == ((8, 2, 3), (8, 2), (8, 2), (8, 2))
    for row in rows:
        assert (row.shapes, row.names) == (params.shapes, params.names)
        assert (params - 0.1 * row).names == params.names
