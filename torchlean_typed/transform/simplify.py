"""Simplification of a recorded graph: equal computations are done once, and neutral ones not at all."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.graph import ancestors
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import record
from torchlean_typed.transform import arithmetic, layout
from torchlean_typed.transform.rewrite import Builder, rebuilt


def simplify(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The same outputs from fewer operations."""
    return rebuilt(_expanded(outputs), Builder({**arithmetic.RULES, **layout.RULES}))


def _expanded(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The outputs with operations that have a form in others written in that form, which their derivatives share."""
    new: dict[int, Tensor] = {}
    for node in ancestors(outputs):
        operands = tuple(new.get(x._order, x) for x in node._operands)
        if node._op is not None and node._array is None:
            if node._op.form is not None:
                new[node._order] = node._op.form(*operands, *node._statics)
            elif any(x is not y for x, y in zip(operands, node._operands, strict=True)):
                new[node._order] = record(node._op, operands, node._statics, node.shape, node.dtype)
    return [new.get(x._order, x) for x in outputs]
