"""Operations that move elements and change none: linear, so that the tangent is the operation at the tangent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import derivatives
from torchlean_typed.ops.creation import zeros
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import indexing
from torchlean_typed.shapes import structure as rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Index = Any

__all__ = [
    "broadcast_to",
    "concat",
    "expand_dims",
    "flatten",
    "getitem",
    "matrix_transpose",
    "permute_dims",
    "reshape",
    "squeeze",
    "stack",
    "swapaxes",
    "transpose",
]


def _batch_reshape(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    (x,) = operands
    return op(x, (size, *rules.reshape(op.record.name, x.shape[1:], statics["shape"])))


@operation(rules.reshape, vjp=(lambda ct, out, x, shape: reshape(ct, x.shape),), batch=_batch_reshape, moves=True)
def reshape(x: Tensor, shape: int | Sequence[int]) -> Tensor:
    """The same elements, in row-major order, in another shape; one size may be -1.

    Shapes: ``*s -> *t`` with as many elements.

    >>> tl.reshape(tl.arange(4), (2, -1))
    Tensor([[0, 1],
            [2, 3]], int64[2, 2])
    """
    return np.reshape(x, shape)


@composite(rules.flatten)
def flatten(x: Tensor) -> Tensor:
    """All elements in one axis, in row-major order.

    Shapes: ``*s -> n``, n the number of elements.

    >>> tl.flatten(tl.eye(2))
    Tensor([1., 0., 0., 1.], float64[4])
    """
    return reshape(x, (x.size,))


def _inverse(axes: Sequence[int]) -> tuple[int, ...]:
    places = [axis % len(axes) for axis in axes]
    return tuple(sorted(range(len(axes)), key=places.__getitem__))


@operation(
    rules.permute_dims,
    vjp=(lambda ct, out, x, axes: permute_dims(ct, _inverse(axes)),),
    batch=lambda op, xs, batched, size, statics: op(xs[0], (0, *(a % (xs[0].ndim - 1) + 1 for a in statics["axes"]))),
    moves=True,
)
def permute_dims(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The axes in another order.

    Shapes: ``*s -> *s`` permuted.

    >>> tl.permute_dims(tl.zeros((2, 3, 4)), (2, 0, 1)).shape
    (4, 2, 3)
    """
    return np.transpose(x, axes)


@composite(rules.swapaxes)
def swapaxes(x: Tensor, axis1: int, axis2: int) -> Tensor:
    """Two axes exchanged.

    Shapes: ``*s -> *s`` with the two sizes exchanged.

    >>> tl.swapaxes(tl.zeros((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    axes = list(range(x.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return permute_dims(x, tuple(axes))


@composite(rules.matrix_transpose)
def matrix_transpose(x: Tensor) -> Tensor:
    """The last two axes exchanged; also ``x.mT``.

    Shapes: ``*b n m -> *b m n``.

    >>> tl.matrix_transpose(tl.zeros((2, 3, 4))).shape
    (2, 4, 3)
    """
    return permute_dims(x, (*range(x.ndim - 2), -1, -2))


@composite(rules.transpose)
def transpose(x: Tensor) -> Tensor:
    """A matrix transposed; also ``x.T``.

    Shapes: ``n m -> m n``.

    >>> tl.transpose(tl.zeros((2, 3))).shape
    (3, 2)
    """
    return permute_dims(x, (1, 0))


@composite(rules.expand_dims)
def expand_dims(x: Tensor, axis: int = 0) -> Tensor:
    """An axis of size 1 inserted at ``axis``.

    Shapes: ``*a *b -> *a 1 *b``.

    >>> tl.expand_dims(tl.zeros((2, 3)), -1).shape
    (2, 3, 1)
    """
    return reshape(x, rules.expand_dims("expand_dims", x.shape, axis))


@composite(rules.squeeze)
def squeeze(x: Tensor, axis: int | Sequence[int]) -> Tensor:
    """The axes ``axis``, each of size 1, dropped.

    Shapes: ``*a 1 *b -> *a *b``.

    >>> tl.squeeze(tl.zeros((2, 1, 3)), 1).shape
    (2, 3)
    """
    return reshape(x, rules.squeeze("squeeze", x.shape, axis))


def _batch_broadcast_to(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    (x,) = operands
    shape = statics["shape"] if isinstance(statics["shape"], tuple) else (statics["shape"],)
    lined = reshape(x, (size, *(1,) * (len(shape) - x.ndim + 1), *x.shape[1:]))
    return op(lined, (size, *shape))


@operation(
    rules.broadcast_to,
    vjp=(lambda ct, out, x, shape: derivatives.unbroadcast(ct, x.shape),),
    batch=_batch_broadcast_to,
    moves=True,
)
def broadcast_to(x: Tensor, shape: int | Sequence[int]) -> Tensor:
    """``x`` with its axes of size 1 stretched; a scalar goes to any shape.

    Shapes: ``*s -> *t`` of equal rank.

    >>> tl.broadcast_to(tl.tensor([[1.0], [2.0]]), (2, 3))
    Tensor([[1., 1., 1.],
            [2., 2., 2.]], float64[2, 3])
    """
    return np.broadcast_to(x, shape)


def _concat_tangent(i: int, t: Tensor, out: Tensor, *arrays: Tensor, axis: int) -> Tensor:
    return concat([t if k == i else zeros(x.shape, x.dtype) for k, x in enumerate(arrays)], axis)


def _concat_cotangent(i: int, ct: Tensor, out: Tensor, *arrays: Tensor, axis: int) -> Tensor:
    axis = axis % out.ndim
    start = sum(array.shape[axis] for array in arrays[:i])
    return getitem(ct, (*(slice(None),) * axis, slice(start, start + arrays[i].shape[axis])))


@operation(
    rules.concat,
    jvp=_concat_tangent,
    vjp=_concat_cotangent,
    batch=lambda op, xs, batched, size, statics: op(
        derivatives.all_batched(xs, batched, size), statics["axis"] % (xs[batched.index(True)].ndim - 1) + 1
    ),
    moves=True,
)
def concat(arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors joined along an axis that they have.

    Shapes: ``*a n *b, *a m *b, ... -> *a n+m+... *b``.

    >>> tl.concat([tl.zeros((2, 3)), tl.ones((1, 3))]).shape
    (3, 3)
    """
    return np.concatenate(arrays, axis)


@composite(rules.stack)
def stack(arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors of one shape joined along a new axis.

    Shapes: ``*s, *s, ... -> k *s`` with the new axis at ``axis``.

    >>> tl.stack([tl.zeros(3), tl.ones(3)], axis=1).shape
    (3, 2)
    """
    return concat([expand_dims(array, axis) for array in arrays], axis)


def _unindex_shape(op: str, x: Any, shape: Any, key: Any) -> Any:
    return shape


@operation(
    _unindex_shape,
    vjp=(lambda ct, out, x, shape, key: getitem(ct, key),),
    batch=lambda op, xs, batched, size, statics: op(xs[0], (size, *statics["shape"]), _batched_key(statics["key"])),
    moves=True,
    public=False,
)
def unindex(x: Tensor, shape: Sequence[int], key: Index) -> Tensor:
    """Zeros of ``shape`` with ``x`` at ``key``: what indexing is transposed to."""
    array = np.asarray(x)
    result = np.zeros(shape, array.dtype)
    result[key] = array
    return result


def _batched_key(key: Any) -> tuple[Any, ...]:
    return (slice(None), *(key if isinstance(key, tuple) else (key,)))


@operation(
    indexing.index,
    vjp=(lambda ct, out, x, key: unindex(ct, x.shape, key),),
    batch=lambda op, xs, batched, size, statics: op(xs[0], _batched_key(statics["key"])),
    moves=True,
)
def getitem(x: Tensor, key: Index) -> Tensor:
    """Basic indexing ``x[key]``: ints drop their axis, slices keep it, None inserts one, ``...`` stands for the rest.

    Shapes: by the key. A slice's bound beyond the end is the end; one that starts there or ends first is an error.

    >>> tl.getitem(tl.arange(5), slice(1, 3))
    Tensor([1, 2], int64[2])
    """
    return x[key]
