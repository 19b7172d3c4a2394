"""Batching: one pass over the graph for many values of a leaf, along a new leading axis."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.graph import dependents
from torchlean_typed.ops.op import Op
from torchlean_typed.ops.structure import broadcast_to, reshape
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import apply


def batch(outputs: Sequence[Tensor], leaf: Tensor, values: Tensor) -> list[Tensor]:
    """The outputs for each of ``values``, put in the place of ``leaf``, stacked along a leading axis.

    Shapes: ``leaf: *s``, ``values: k *s``, an output ``*t`` becomes ``k *t``.
    """
    return batch_all(outputs, [leaf], [values])


def batch_all(outputs: Sequence[Tensor], leaves: Sequence[Tensor], values: Sequence[Tensor]) -> list[Tensor]:
    """As ``batch``, for several leaves at once."""
    size = values[0].shape[0]
    batched: dict[int, Tensor] = {leaf._order: stacked for leaf, stacked in zip(leaves, values, strict=True)}
    for node in dependents(outputs, leaves, differentiable=False):
        flags = [x._order in batched for x in node._operands]
        operands = [batched.get(x._order, x) if flag else x for x, flag in zip(node._operands, flags, strict=True)]
        batched[node._order] = apply_batched(node, operands, flags, size)
    return [batched[x._order] if x._order in batched else _repeated(x, size) for x in outputs]


def apply_batched(node: Tensor, operands: list[Tensor], flags: list[bool], size: int) -> Tensor:
    """The operation of a node on operands of which those that the flags tell have a leading axis."""
    op = node._op
    assert op is not None and op.batch is not None, op

    def run(*arguments: Tensor, **parameters: object) -> Tensor:
        return _run(op, arguments, parameters)

    run.record = op  # type: ignore[attr-defined]
    return op.batch(run, operands, flags, size, op.named(node._statics))


def _run(op: Op, arguments: tuple[object, ...], parameters: dict[str, object]) -> Tensor:
    operands, statics = op.bind(arguments, parameters)
    return apply(op, operands, statics)


def _repeated(x: Tensor, size: int) -> Tensor:
    return broadcast_to(reshape(x, (1, *x.shape)), (size, *x.shape))
