"""Elements by an index that is a tensor, and diagonals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import arithmetic, comparison, conversion, derivatives, reduce, structure
from torchlean_typed.ops.domain import require_domain
from torchlean_typed.ops.op import Evaluator, composite, operation
from torchlean_typed.ops.rearrangement import moveaxis
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes import gathering as rules

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from torchlean_typed.tensor import Tensor

__all__ = ["diagonal", "one_hot", "scatter_add", "take", "take_along_axis", "trace"]


def _checked(op: str, indices: Any, size: int, first: int = 0) -> Any:
    """The array of indices, all of which must be of an axis of this size."""
    array = np.asarray(indices)
    inside = (array >= first) & (array < size)
    require_domain(inside, array, op, f"indices from {first} to {size - 1}", f"the axis has {size} elements")
    return array


def _batch_indexed(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    """``gather`` and ``scatter``: one batched operand goes by its axis; of two, the indices count through the batch."""
    x, indices = operands
    axis, rank = statics["axis"], indices.ndim - batched[1]
    scatters = "size" in statics
    if not batched[1]:
        return op(x, indices, **{**statics, "axis": axis + 1})  # type: ignore[no-any-return]
    if not batched[0] and not scatters:  # the batch is among the index's axes
        return moveaxis(op(x, indices, **statics), axis, 0)
    (x,) = derivatives.all_batched([x], [batched[0]], size)
    length = statics["size"] if scatters else x.shape[axis + 1]
    places = arithmetic.add(
        conversion.astype(indices, np.int64),
        Evaluator.constant((np.arange(size) * length).reshape(size, *(1,) * rank)),
    )
    wide, fixed = rank if scatters else 1, x.ndim - 1
    there = tuple(range(axis + 1, axis + 1 + wide))
    x = moveaxis(x, there, tuple(range(1, 1 + wide))) if wide else x
    head, rest = x.shape[1 : 1 + wide], x.shape[1 + wide :]
    if scatters:
        result = op(x, places, **{**statics, "axis": 0, "size": size * length})
        return moveaxis(structure.reshape(result, (size, length, *rest)), 1, axis + 1)
    result = op(structure.reshape(x, (size * math.prod(head), *rest)), places, **{**statics, "axis": 0})
    back = tuple(range(1, 1 + rank)), tuple(range(axis + 1, axis + 1 + rank))
    assert result.ndim == fixed + rank
    return moveaxis(result, *back) if rank else result


def _scattered(ct: Tensor, out: Tensor, x: Tensor, indices: Tensor, axis: int) -> Tensor:
    return scatter(ct, indices, axis, x.shape[axis])


@operation(
    rules.take,
    dtypes.indexed,
    vjp=(_scattered, None),
    batch=_batch_indexed,
    public=False,
)
def gather(x: Tensor, indices: Tensor, axis: int) -> Tensor:
    """``take`` at places that are counted from the start and lie within the axis."""
    return np.take(x, indices, axis)  # type: ignore[return-value]


def _scatter_shape(op: str, x: Any, indices: Any, axis: Any, size: Any) -> Any:
    return (*x[:axis], size, *x[axis + len(indices) :])


@operation(
    _scatter_shape,
    dtypes.scattered,
    vjp=(lambda ct, out, x, indices, axis, size: gather(ct, indices, axis), None),
    batch=_batch_indexed,
    public=False,
)
def scatter(x: Tensor, indices: Tensor, axis: int, size: int) -> Tensor:
    """Zeros with the elements of ``x`` added at the places of an axis: what ``gather`` is transposed to."""
    updates, places = np.asarray(x), np.asarray(indices)
    shape = _scatter_shape("scatter", updates.shape, places.shape, axis, size)
    lead, rest = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
    result = np.zeros((lead, size, rest), updates.dtype)
    flat = updates.reshape(lead, places.size, rest)
    if updates.dtype.kind == "f" and flat.size > 1 << 8:  # bincount sums in float64, and much faster than add.at
        inner = (places.reshape(1, -1, 1) + np.arange(lead).reshape(-1, 1, 1) * size) * rest + np.arange(rest)
        result = np.bincount(inner.ravel(), flat.ravel(), result.size).astype(updates.dtype)
    else:
        np.add.at(result, (slice(None), places.ravel()), flat)  # type: ignore[arg-type]
    return result.reshape(shape)  # type: ignore[return-value]


@operation(
    lambda op, indices, name, size: indices,
    dtypes.from_start,
    differentiable=False,
    batch=derivatives.batch_elementwise,
    public=False,
)
def within(indices: Tensor, name: str, size: int) -> Tensor:
    """Indices counted from the start, of an axis that they must lie within."""
    array = _checked(name, indices, size, -size).astype(np.int64)
    return np.where(array < 0, array + size, array)  # type: ignore[return-value, no-any-return, unused-ignore]


@composite(rules.take, dtypes.indexed)
def take(x: Tensor, indices: Tensor, axis: int | None = None) -> Tensor:
    """The elements at indices along an axis, which a vector may leave out; negative indices count from the end.

    Shapes: ``*a n *b, *i -> *a *i *b``, n the size of ``axis``.

    Raises:
        DomainError: for an index outside of the axis; the message names the first.

    >>> tl.take(tl.tensor([1.0, 2.0, 4.0]), tl.tensor([2, 0, 2], np.int64))
    Tensor([4., 1., 4.], float64[3])
    """
    position = rules.the_axis("take", x.shape, axis)
    return gather(x, within(indices, "take", x.shape[position]), position)


@composite(rules.scatter_add, dtypes.scattered)
def scatter_add(x: Tensor, indices: Tensor, updates: Tensor, axis: int = 0) -> Tensor:
    """``x`` with updates added at indices along an axis, as often as an index occurs.

    Shapes: ``*a n *b, *i, *a *i *b -> *a n *b``, n the size of ``axis``.

    Raises:
        DomainError: for an index outside of the axis; the message names the first.

    >>> tl.scatter_add(tl.zeros(3), tl.tensor([2, 0, 2], np.int64), tl.ones(3))
    Tensor([1., 0., 2.], float64[3])
    """
    position = rules.the_axis("scatter_add", x.shape, axis)
    size = x.shape[position]
    return arithmetic.add(x, scatter(updates, within(indices, "scatter_add", size), position, size))


def _batch_along(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    return op(  # type: ignore[no-any-return]
        *derivatives.all_batched(operands, batched, size), **{**statics, "axis": statics["axis"] + 1}
    )


def _scattered_along(ct: Tensor, out: Tensor, x: Tensor, indices: Tensor, axis: int) -> Tensor:
    return scatter_along(ct, indices, axis, x.shape[axis])


@operation(
    rules.take_along_axis,
    dtypes.indexed,
    vjp=(_scattered_along, None),
    batch=_batch_along,
    public=False,
)
def gather_along(x: Tensor, indices: Tensor, axis: int) -> Tensor:
    """``take_along_axis`` at places that are counted from the start and lie within the axis."""
    array, places = np.asarray(x), np.asarray(indices)
    if axis < array.ndim - 1:
        return np.take_along_axis(array, places, axis)  # type: ignore[return-value]
    return np.take(array, _flat_places(places, array.shape[-1]))  # type: ignore[return-value]


def _flat_places(places: Any, size: int) -> Any:
    """Places along the last axis, which has this size, counted through the whole array."""
    first = np.arange(math.prod(places.shape[:-1])) * size
    return places + first.reshape(*places.shape[:-1], 1)


@operation(
    lambda op, x, indices, axis, size: (*x[:axis], size, *x[axis + 1 :]),
    dtypes.scattered,
    vjp=(lambda ct, out, x, indices, axis, size: gather_along(ct, indices, axis), None),
    batch=_batch_along,
    public=False,
)
def scatter_along(x: Tensor, indices: Tensor, axis: int, size: int) -> Tensor:
    """Zeros with the elements of ``x`` added at the places: what ``gather_along`` is transposed to."""
    updates, places = np.asarray(x), np.asarray(indices)
    shape = (*updates.shape[:axis], size, *updates.shape[axis + 1 :])
    result = np.zeros(shape, updates.dtype)
    if axis == updates.ndim - 1:  # add.at with one index is much faster than with several
        np.add.at(result.reshape(-1), _flat_places(places, size).ravel(), updates.ravel())
    elif updates.shape[axis] == 1:
        np.put_along_axis(result, places, updates, axis)
    else:
        grid = [np.arange(n).reshape(-1, *(1,) * (places.ndim - i - 1)) for i, n in enumerate(places.shape)]
        np.add.at(result, (*grid[:axis], places, *grid[axis + 1 :]), updates)
    return result  # type: ignore[return-value]


@composite(rules.take_along_axis, dtypes.indexed)
def take_along_axis(x: Tensor, indices: Tensor, axis: int = -1) -> Tensor:
    """Of every vector along an axis the elements at the indices of the same place.

    Shapes: ``*a n *b, *a k *b -> *a k *b``, n the size of ``axis``.

    Raises:
        DomainError: for an index outside of the axis; the message names the first.

    >>> tl.take_along_axis(tl.tensor([[1.0, 2.0], [3.0, 4.0]]), tl.tensor([[1], [0]], np.int64))
    Tensor([[2.],
            [3.]], float64[2, 1])
    """
    position = axis % x.ndim
    return gather_along(x, within(indices, "take_along_axis", x.shape[position]), position)


@composite(rules.one_hot, dtypes.from_indices, differentiable=False)
def one_hot(indices: Tensor, num_classes: int, dtype: DTypeLike = "float64") -> Tensor:
    """A vector for each index: 1 at its place, 0 elsewhere.

    Shapes: ``*s -> *s k``, k the number of classes.

    Raises:
        DomainError: for an index that is negative or no class; the message names the first.

    >>> tl.one_hot(tl.tensor([2, 0], np.int64), 3)
    Tensor([[0., 0., 1.],
            [1., 0., 0.]], float64[2, 3])
    """
    classes = Evaluator.constant(np.arange(num_classes).reshape((1,) * indices.ndim + (num_classes,)))
    chosen = structure.expand_dims(classes_of(indices, num_classes, "one_hot"), -1)
    return conversion.astype(comparison.equal(chosen, classes), dtype)


@operation(
    lambda op, indices, size, name: indices,
    dtypes.from_start,
    differentiable=False,
    batch=derivatives.batch_elementwise,
    public=False,
)
def classes_of(indices: Tensor, size: int, name: str) -> Tensor:
    """Indices, which must be those of so many classes."""
    return _checked(name, indices, size).astype(np.int64)  # type: ignore[no-any-return]


@composite(rules.diagonal)
def diagonal(x: Tensor, offset: int = 0) -> Tensor:
    """The diagonal of matrices, ``offset`` places above the main one (below it where it is negative).

    Shapes: ``*b n n -> *b n-abs(offset)``; of ``*b n m`` as long as the shorter side has elements.

    >>> tl.diagonal(tl.tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([1., 4.], float64[2])
    """
    rows, columns = x.shape[-2:]
    length = rules.diagonal("diagonal", x.shape, offset)[-1]
    start = min(offset if offset >= 0 else -offset * columns, rows * columns)
    stop = start + length * (columns + 1)  # type: ignore[operator]
    flat = structure.reshape(x, (*x.shape[:-2], rows * columns))
    return structure.getitem(flat, (..., slice(start, stop, columns + 1)))


@composite(rules.trace, dtypes.numeric)
def trace(x: Tensor, offset: int = 0) -> Tensor:
    """The sum of the diagonal of matrices.

    Shapes: ``*b n n -> *b``.

    >>> tl.trace(tl.tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor(5., float64[])
    """
    return reduce.sum(diagonal(x, offset), -1)
