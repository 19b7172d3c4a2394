"""Simplification of a recorded graph: equal computations are done once, and neutral ones not at all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from torchlean_typed.graph import ancestors
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make, record

_NEUTRAL = {"multiply": 1, "divide": 1, "add": 0, "subtract": 0}


def simplify(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The same outputs from fewer operations: common subexpressions shared, aliases and neutral operands dropped."""
    new: dict[int, Tensor] = {}
    seen: dict[Hashable, Tensor] = {}
    for node in ancestors(outputs):
        if node._array is not None:  # known already: an operand of an inner derivative that is no input of the program
            new[node._order] = make(node._array)
            continue
        if node._op is None:
            new[node._order] = node
            continue
        operands = tuple(new[x._order] if x._order else x for x in node._operands)
        kept = _without(node, operands)
        if kept is None:
            key = (node._op, repr(node._statics), *(x._order or ("constant", id(x)) for x in operands))
            kept = seen.get(key)
            if kept is None:
                kept = seen[key] = record(node._op, operands, node._statics, node.shape, node.dtype)
        new[node._order] = kept
    return [new[x._order] if x._order else x for x in outputs]


def _without(node: Tensor, operands: tuple[Tensor, ...]) -> Tensor | None:
    """The operand that the node is equal to, if it is."""
    assert node._op is not None
    name = node._op.name
    if name in ("alias", "detach"):
        return operands[0]
    if name in ("reshape", "broadcast_to", "astype") and (operands[0].shape, operands[0].dtype) == (node.shape, node.dtype):
        return operands[0]
    if name in _NEUTRAL:
        x, y = operands
        if _is_everywhere(y, _NEUTRAL[name]) and x.shape == node.shape:
            return x
        if name in ("multiply", "add") and _is_everywhere(x, _NEUTRAL[name]) and y.shape == node.shape:
            return y
    return None


def _is_everywhere(x: Tensor, value: int) -> bool:
    return not x._order and x._array is not None and x.size <= 64 and bool(np.all(x._array == value))
