"""Reverse mode: from cotangents of outputs to cotangents of leaves, in the same graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchlean_typed.graph import dependents
from torchlean_typed.ops.creation import zeros_like
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import _depth, make


def vjp(
    outputs: Sequence[Tensor], leaves: Sequence[Tensor], cotangents: Sequence[Tensor], is_last: bool = False
) -> list[Tensor]:
    """Pull one cotangent for each output back to one for each leaf.

    Where ``is_last`` the results are differentiated no further, so that with values, and no recording around this one,
    they are computed without being recorded.

    Shapes: a cotangent has its output's shape, a result its leaf's.
    """
    pulled: dict[int, Tensor] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        if output._order:  # a constant output has no derivative
            _accumulate(pulled, output, cotangent)
    nodes = dependents(outputs, leaves)
    active = {node._order for node in (*nodes, *leaves)}
    has_values = all(output._array is not None for output in outputs)
    values = _Values() if is_last and has_values and _depth.get() == 1 else None
    while nodes:
        node = nodes.pop()
        if node._order in pulled:
            _pull(node, pulled.pop(node._order), active, pulled, values)
    return [pulled[leaf._order] if leaf._order in pulled else zeros_like(leaf) for leaf in leaves]


class _Values:
    """Recorded tensors as constants."""

    def __init__(self) -> None:
        self.known: dict[int, Tensor] = {}

    def of(self, x: Tensor) -> Tensor:
        """The tensor's value alone."""
        order = x._order
        if not order:
            return x
        found = self.known.get(order)
        if found is None:
            assert x._array is not None
            found = self.known[order] = make(x._array)
        return found


def _pull(node: Tensor, cotangent: Tensor, active: set[int], pulled: dict[int, Tensor], values: _Values | None) -> None:
    """Pull the cotangent of one result back to those of its operands that matter."""
    op = node._op
    assert op is not None
    out, operands = node, node._operands
    if values is not None:
        out, operands = values.of(node), tuple(map(values.of, operands))
    statics: dict[str, Any] = op.named(node._statics) if node._statics else {}
    if op.pull is not None:
        parts = op.pull(cotangent, out, *operands, **statics)
        for operand, part in zip(node._operands, parts, strict=True):
            if operand._order in active:
                _accumulate(pulled, operand, part)
        return
    assert op.vjp is not None, op
    for index, operand in enumerate(node._operands):
        if operand._order in active:
            _accumulate(pulled, operand, op.derivative(op.vjp, index)(cotangent, out, *operands, **statics))


def _accumulate(pulled: dict[int, Tensor], tensor: Tensor, part: Tensor) -> None:
    present = pulled.get(tensor._order)
    pulled[tensor._order] = part if present is None else present + part
