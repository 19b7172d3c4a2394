"""What the two public namespaces share: derivatives of recorded functions, and the one pass behind Rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from torchlean_typed.ops.conversion import astype
from torchlean_typed.ops.creation import ones_like
from torchlean_typed.ops.structure import reshape
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf
from torchlean_typed.transform.batch import batch
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.structured import unit_tangents
from torchlean_typed.transform.vjp import vjp


def gradients(value: Tensor, leaves: Sequence[Tensor], is_last: bool = False) -> list[Tensor]:
    """The gradients of a scalar with respect to each leaf; ``is_last`` where they are differentiated no further."""
    return vjp([value], leaves, [ones_like(value)], is_last)


def rows_by_vjp(output: Tensor, leaves: Sequence[Tensor]) -> list[Tensor]:
    """The Jacobian's rows with respect to each leaf, stacked: one reverse pass for all units of the output."""
    seed = _leaf_like(output)
    return unit_tangents(vjp([output], leaves, [seed]), seed)


def rows_by_jvp(output: Tensor, x: Tensor) -> Tensor:
    """The Jacobian's rows, stacked: one forward pass for all units of ``x``, which gives columns."""
    tangent = _leaf_like(x)
    (columns,) = unit_tangents(jvp([output], [x], [tangent]), tangent, trailing=True)
    return _as_of(reshape(columns, (output.size, *x.shape)), x)


def rows_for(output: Tensor, leaves: Sequence[Tensor], seeds: Tensor) -> list[Tensor]:
    """The cotangents of each leaf for each of the stacked ``seeds``, stacked: one reverse pass."""
    seed = _leaf_like(output)
    return batch(vjp([output], leaves, [seed]), seed, seeds)


def columns_for(output: Tensor, x: Tensor, tangents: Tensor) -> list[Tensor]:
    """The tangents of the output for each of the stacked ``tangents``, stacked: one forward pass."""
    tangent = _leaf_like(x)
    return [_as_of(columns, x) for columns in batch(jvp([output], [x], [tangent]), tangent, tangents)]


def _as_of(derivative: Tensor, x: Tensor) -> Tensor:
    """In the dtype of what is differentiated with respect to."""
    return derivative if derivative.dtype == x.dtype else astype(derivative, x.dtype)


def _leaf_like(x: Tensor) -> Tensor:
    """A leaf in the shape of ``x``; it has a value wherever ``x`` has one, so that eager mode stays eager."""
    return leaf(x.shape, x.dtype, None if x._array is None else np.zeros(x.shape, x.dtype))
