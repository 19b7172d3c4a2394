"""Jacobian rows some at a time: what is computed for all rows at once takes memory for all rows at once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from torchlean_typed.ops.structure import concat, permute_dims, reshape
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make

_Chunk = tuple[int, Sequence[Tensor]]


def in_chunks(
    op: str, like: Tensor, chunk_size: int, compute: Callable[[Tensor], Sequence[Tensor]], columns: bool = False
) -> list[Tensor]:
    """What ``compute`` gives for the units of ``like``, ``chunk_size`` at a time, stacked; or, of ``columns``, rows.

    Shapes: ``like: *s`` of n elements; ``compute: k *s -> k *t, ...``; the results ``n *t``, or ``m *s`` with m the
    number of elements of ``*t``.

    Raises:
        ShapeError: for a chunk size that is no int of at least 1.
    """
    if isinstance(chunk_size, bool) or not isinstance(chunk_size, int) or chunk_size < 1:
        problem = f"chunk_size must be an int of at least 1, got {chunk_size!r}"
        raise ShapeError(op, problem, expected="1 or more", got=repr(chunk_size))
    n = like.size
    starts = range(0, n, chunk_size) or (0,)
    chunks = ((start, compute(_units(like, start, min(start + chunk_size, n)))) for start in starts)
    first = next(chunks)
    if all(x._array is not None and not x._order for x in first[1]):
        return _collected(like, first, chunks, columns)
    parts = [part for _, part in (first, *chunks)]
    return [_rows(concat(list(pieces)), like, columns) for pieces in zip(*parts, strict=True)]


def _units(like: Tensor, start: int, stop: int) -> Tensor:
    rows = np.zeros((stop - start, like.size), like.dtype)
    rows[np.arange(stop - start), np.arange(start, stop)] = 1
    return make(rows.reshape(stop - start, *like.shape))


def _collected(like: Tensor, first: _Chunk, others: Iterable[_Chunk], columns: bool) -> list[Tensor]:
    """Each chunk written where it belongs as soon as it is there: the memory of all, and of one chunk."""
    n = like.size
    shapes = [(math.prod(x.shape[1:]), n) if columns else (n, *x.shape[1:]) for x in first[1]]
    whole = [np.empty(shape, x.dtype) for shape, x in zip(shapes, first[1], strict=True)]
    for start, part in itertools.chain([first], others):
        for target, x in zip(whole, part, strict=True):
            stop = start + x.shape[0]
            if columns:
                target[:, start:stop] = x.numpy().reshape(stop - start, target.shape[0]).T
            else:
                target[start:stop] = x.numpy()
    return [make(x.reshape(x.shape[0], *like.shape) if columns else x) for x in whole]


def _rows(stacked: Tensor, like: Tensor, columns: bool) -> Tensor:
    if not columns:
        return stacked
    size = math.prod(stacked.shape[1:])
    return reshape(permute_dims(reshape(stacked, (like.size, size)), (1, 0)), (size, *like.shape))
