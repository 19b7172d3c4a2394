"""Forward mode: from tangents of leaves to tangents of outputs, in the same graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchlean_typed.graph import dependents
from torchlean_typed.ops.creation import zeros_like
from torchlean_typed.ops.op import Op
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import apply


def jvp(outputs: Sequence[Tensor], leaves: Sequence[Tensor], tangents: Sequence[Tensor]) -> list[Tensor]:
    """Push one tangent for each leaf forward to one for each output.

    Shapes: a tangent has its leaf's shape, a result its output's.
    """
    pushed: dict[int, Tensor] = {leaf._order: t for leaf, t in zip(leaves, tangents, strict=True)}
    for node in dependents(outputs, leaves):
        assert node._op is not None
        if node._op.push is not None:
            known = [pushed.get(x._order) for x in node._operands]
            pushed[node._order] = node._op.push(known, node, *node._operands, **node._op.named(node._statics))
            continue
        parts = [
            _push(node._op, index, pushed[operand._order], node)
            for index, operand in enumerate(node._operands)
            if operand._order in pushed
        ]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        pushed[node._order] = total
    return [pushed[x._order] if x._order in pushed else zeros_like(x) for x in outputs]


def _push(op: Op, index: int, tangent: Tensor, node: Tensor) -> Tensor:
    """The part of the result's tangent that operand ``index`` contributes."""
    operands: Any = node._operands
    if op.jvp is None:  # linear in each operand
        return apply(op, (*operands[:index], tangent, *operands[index + 1 :]), node._statics)
    return op.derivative(op.jvp, index)(tangent, node, *operands, **op.named(node._statics))
