"""Comparing numbers: relative to the largest element, so that an element near 0 is not held to its own size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from torchlean_typed import Rows, Tensor, TensorPack

Array = np.ndarray[Any, Any]
FLOAT64, FLOAT32, SAME = 1e-6, 1e-3, 1e-12


def arrays_of(value: Any) -> list[Array]:
    """All numbers in a result, whatever its form."""
    if isinstance(value, Rows):
        return arrays_of(value.stacked)
    if isinstance(value, Tensor):
        return [value.numpy()]
    if isinstance(value, TensorPack):
        return [x.numpy() for x in value.tensors]
    if isinstance(value, (tuple, list)):
        return [array for item in value for array in arrays_of(item)]
    if hasattr(value, "dparams"):
        return arrays_of([value.value, value.dparams, value.dx, value.dtarget])
    return [np.asarray(value)]


def assert_close(actual: Any, expected: Any, tolerance: float = FLOAT64) -> None:
    """Equal in structure and shape, and in value within the tolerance times the largest element."""
    got, wanted = arrays_of(actual), arrays_of(expected)
    assert [x.shape for x in got] == [x.shape for x in wanted]
    for x, y in zip(got, wanted, strict=True):
        assert np.isfinite(x).all()
        scale = max(1e-2, float(np.max(np.abs(y), initial=0.0)))
        np.testing.assert_allclose(x, y, rtol=0, atol=tolerance * scale)


def differences(f: Callable[[Array], Any], x: Array, step: float = 1e-5) -> Array:
    """The Jacobian of ``f`` at ``x`` by central differences: the output's axes, then those of ``x``."""
    columns = []
    for index in np.ndindex(x.shape):
        offset = np.zeros_like(x)
        offset[index] = step
        columns.append((np.asarray(f(x + offset)) - np.asarray(f(x - offset))) / (2 * step))
    out_shape = np.asarray(f(x)).shape
    return np.stack(columns, axis=-1).reshape((*out_shape, *x.shape)) if columns else np.zeros((*out_shape, *x.shape))
