"""Values at known places among zeros: what a Jacobian of which most elements are zero is put together from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import indexing, reduce, structure
from torchlean_typed.ops.op import Evaluator, operation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from torchlean_typed.tensor import Tensor


class Places:
    """Different places in a flat array, in the order of the values that go there; evenly spaced ones as a slice too."""

    __slots__ = ("index", "indices")

    def __init__(self, indices: NDArray[np.int64]) -> None:
        self.indices = indices
        self.index: slice | NDArray[np.int64] = indices
        if indices.size:
            start, step = int(indices[0]), int(indices[1] - indices[0]) if indices.size > 1 else 1
            if step > 0 and np.array_equal(indices, np.arange(start, start + step * indices.size, step)):
                self.index = slice(start, start + step * (indices.size - 1) + 1, step)

    def __len__(self) -> int:
        return self.indices.size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and np.array_equal(self.indices, other.indices)

    def __hash__(self) -> int:
        return hash(self.indices.tobytes())

    def __repr__(self) -> str:
        shown = self.index
        return f"{shown.start}:{shown.stop}:{shown.step}" if isinstance(shown, slice) else f"{shown.tolist()}"

    @property
    def is_everything(self) -> bool:
        """Whether they count up from 0."""
        return isinstance(self.index, slice) and self.index.start == 0 and self.index.step == 1


def at(x: Tensor, places: Places) -> Tensor:
    """The elements of a tensor at places of its elements in row-major order, as a vector."""
    flat = structure.reshape(x, (x.size,))
    if places.is_everything and len(places) == x.size:
        return flat
    if isinstance(places.index, slice):
        return structure.getitem(flat, places.index)
    return indexing.gather(flat, Evaluator.constant(places.index), 0)


def _cotangent(i: int, ct: Tensor, out: Tensor, *values: Tensor, shape: Any, places: Sequence[Places]) -> Tensor:
    found = at(ct, places[i])
    return found if values[i].shape else reduce.sum(found)


def _batch(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    shape, places = statics["shape"], statics["places"]
    starts = np.arange(size)[:, None] * math.prod(shape)
    spread = [Places((starts + where.indices).ravel()) for where in places]
    values = []
    for x, is_batched, where in zip(operands, batched, places, strict=True):
        count = size if is_batched else 1
        lined = structure.reshape(x, (count, x.size // count if count else len(where)))
        values.append(structure.reshape(structure.broadcast_to(lined, (size, len(where))), (size * len(where),)))
    return op(values, (size, *shape), tuple(spread))  # type: ignore[no-any-return]


@operation(
    lambda op, values, shape, places: shape,
    jvp=lambda i, t, out, *values, shape, places: place([t], shape, (places[i],)),
    vjp=_cotangent,
    batch=_batch,
    public=False,
)
def place(values: Sequence[Tensor], shape: Sequence[int], places: Sequence[Places]) -> Tensor:
    """Zeros of ``shape`` to which vectors (or numbers) are added at their places, counted in row-major order."""
    result = np.zeros(math.prod(shape), np.result_type(*values))
    for value, where in zip(values, places, strict=True):
        result[where.index] += value
    return result.reshape(shape)  # type: ignore[return-value]
