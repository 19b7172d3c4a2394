"""Reverse mode: from cotangents of outputs to cotangents of leaves, in the same graph."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.graph import dependents
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import zeros_like


def vjp(outputs: Sequence[Tensor], leaves: Sequence[Tensor], cotangents: Sequence[Tensor]) -> list[Tensor]:
    """Pull one cotangent for each output back to one for each leaf.

    Shapes: a cotangent has its output's shape, a result its leaf's.
    """
    pulled: dict[int, Tensor] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        if output._order:  # a constant output has no derivative
            _accumulate(pulled, output, cotangent)
    nodes = dependents(outputs, leaves)
    active = {node._order for node in (*nodes, *leaves)}
    for node in reversed(nodes):
        if node._order in pulled:
            _pull(node, pulled.pop(node._order), active, pulled)
    return [pulled[leaf._order] if leaf._order in pulled else zeros_like(leaf) for leaf in leaves]


def _pull(node: Tensor, cotangent: Tensor, active: set[int], pulled: dict[int, Tensor]) -> None:
    """Pull the cotangent of one result back to those of its operands that matter."""
    op = node._op
    assert op is not None
    if op.pull is not None:
        parts = op.pull(cotangent, node, *node._operands, **op.named(node._statics))
        for operand, part in zip(node._operands, parts, strict=True):
            if operand._order in active:
                _accumulate(pulled, operand, part)
        return
    assert op.vjp is not None, op
    for index, operand in enumerate(node._operands):
        if operand._order in active:
            part = op.derivative(op.vjp, index)(cotangent, node, *node._operands, **op.named(node._statics))
            _accumulate(pulled, operand, part)


def _accumulate(pulled: dict[int, Tensor], tensor: Tensor, part: Tensor) -> None:
    present = pulled.get(tensor._order)
    pulled[tensor._order] = part if present is None else present + part
