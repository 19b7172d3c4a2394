"""What the two public namespaces share: derivatives of recorded functions, and the one batched pass behind Rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from torchlean_typed.ops.structure import reshape
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf, make, ones_like
from torchlean_typed.transform.batch import batch
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp


def gradients(value: Tensor, leaves: Sequence[Tensor]) -> list[Tensor]:
    """The gradients of a scalar with respect to each leaf."""
    return vjp([value], leaves, [ones_like(value)])


def rows_by_vjp(output: Tensor, leaves: Sequence[Tensor]) -> list[Tensor]:
    """The Jacobian's rows with respect to each leaf, stacked: one reverse pass, batched over the output."""
    seed = _leaf_like(output)
    return _batched(vjp([output], leaves, [seed]), seed, output)


def columns_by_jvp(output: Tensor, x: Tensor) -> Tensor:
    """The Jacobian's columns, stacked: one forward pass, batched over the coordinates of ``x``."""
    tangent = _leaf_like(x)
    return _batched(jvp([output], [x], [tangent]), tangent, x)[0]


def _leaf_like(x: Tensor) -> Tensor:
    """A leaf in the shape of ``x``; it has a value wherever ``x`` has one, so that eager mode stays eager."""
    return leaf(x.shape, x.dtype, None if x._array is None else np.zeros(x.shape, x.dtype))


def _batched(results: list[Tensor], seed: Tensor, coordinates: Tensor) -> list[Tensor]:
    identity = make(np.eye(coordinates.size, dtype=coordinates.dtype))
    return batch(results, seed, reshape(identity, (coordinates.size, *coordinates.shape)))
