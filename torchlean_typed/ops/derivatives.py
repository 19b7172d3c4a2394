"""What families of records share: derivatives from partials, the sum over stretched axes, and batching."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    # a factor, or what is done with a tangent or cotangent
    Partial: TypeAlias = "Tensor | float | Callable[[Tensor], Tensor]"


def elementwise_pieces(partials: Sequence[Callable[..., Any]]) -> dict[str, Any]:
    """jvp, vjp and batching of an elementwise operation from its partial derivatives."""

    def jvp(partial: Callable[..., Any]) -> Callable[..., Tensor]:
        def tangent(t: Tensor, out: Tensor, *operands: Tensor, **statics: Any) -> Tensor:
            return stretched(_scaled(t, partial(out, *operands, **statics)), out)

        return tangent

    def vjp(index: int, partial: Callable[..., Any]) -> Callable[..., Tensor]:
        def cotangent(ct: Tensor, out: Tensor, *operands: Tensor, **statics: Any) -> Tensor:
            return unbroadcast(_scaled(ct, partial(out, *operands, **statics)), operands[index].shape)

        return cotangent

    return {
        "jvp": tuple(jvp(partial) for partial in partials),
        "vjp": tuple(vjp(index, partial) for index, partial in enumerate(partials)),
        "batch": batch_elementwise,
    }


def _scaled(t: Tensor, factor: Partial) -> Tensor:
    if callable(factor):
        return factor(t)
    if isinstance(factor, float):
        return t if factor == 1.0 else -t if factor == -1.0 else t * factor
    return t * factor


def stretched(t: Tensor, out: Tensor) -> Tensor:
    """A tangent in the shape of the result."""
    if t.shape == out.shape:
        return t
    if not t.shape:
        t = t.reshape((1,) * out.ndim)
    return t.broadcast_to(out.shape)


def unbroadcast(ct: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A cotangent summed over the axes that were stretched from ``shape``."""
    if ct.shape == shape:
        return ct
    if not shape:
        return ct.sum()
    if len(shape) < ct.ndim:
        ct = ct.sum(tuple(range(ct.ndim - len(shape))))
    axes = tuple(i for i, (a, b) in enumerate(zip(ct.shape, shape, strict=True)) if a != b)
    return ct.sum(axes, True) if axes else ct


def aligned(operands: Sequence[Tensor], batched: Sequence[bool]) -> list[Tensor]:
    """Operands of one rank: a missing batch axis has size 1, and a scalar gets the others' axes."""
    rank = max(x.ndim - is_batched for x, is_batched in zip(operands, batched, strict=True))
    result = []
    for x, is_batched in zip(operands, batched, strict=True):
        own = x.ndim - is_batched
        if not is_batched and own == 0:
            result.append(x)
        else:
            head, tail = (x.shape[:1], x.shape[1:]) if is_batched else ((1,), x.shape)
            result.append(x.reshape((*head, *(1,) * (rank - own), *tail)))
    return result


def batch_elementwise(op: Callable[..., Tensor], operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    """Line the operands up; the operation does the rest."""
    return op(*aligned(operands, batched), **statics)


def batch_axes(op: Callable[..., Tensor], operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    """An operation with ``axis``: every axis moves one up."""
    (x,) = operands
    axis = statics["axis"]
    axes = range(x.ndim - 1) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    moved = tuple(a % (x.ndim - 1) + 1 for a in axes)
    return op(x, **{**statics, "axis": moved if axis is None or isinstance(axis, tuple) else moved[0]})


def all_batched(operands: Sequence[Tensor], batched: Sequence[bool], size: int) -> list[Tensor]:
    """Every operand with a batch axis of its full size."""
    return [
        x if is_batched else x.reshape((1, *x.shape)).broadcast_to((size, *x.shape))
        for x, is_batched in zip(operands, batched, strict=True)
    ]
