"""The typed graph: tensors that record which operation made them, and the ways to walk it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torchlean_typed.tensor import Tensor


class Traced(Tensor):
    """A tensor that remembers how it was made."""

    __slots__ = ("_op", "_operands", "_order", "_statics")


def ancestors(outputs: Iterable[Tensor], since: int = 1) -> list[Tensor]:
    """Every recorded tensor that the outputs are computed from, leaves and outputs included, operands first.

    Nothing that was recorded before number ``since`` is looked at.
    """
    found: dict[int, Tensor] = {}
    waiting = [x for x in outputs if x._order >= since]
    while waiting:
        node = waiting.pop()
        if node._order not in found:
            found[node._order] = node
            waiting.extend(x for x in node._operands if x._order >= since)
    return [found[order] for order in sorted(found)]


def dependents(outputs: Iterable[Tensor], leaves: Sequence[Tensor], differentiable: bool = True) -> list[Tensor]:
    """The recorded tensors between ``leaves`` and ``outputs``: computed from a leaf, and an output from them.

    With ``differentiable`` a path through an operation without derivative, or through a tensor of whole numbers or
    bools, does not count.
    """
    reached = {leaf._order for leaf in leaves}
    between = []
    for node in ancestors(outputs, since=min(reached, default=1)):
        if node._order in reached or node._op is None:
            continue
        if differentiable and not (node._op.differentiable and node.dtype.kind == "f"):
            continue
        if any(x._order in reached for x in node._operands):
            reached.add(node._order)
            between.append(node)
    return between


def signature(tensors: Sequence[Tensor]) -> tuple[object, ...]:
    """Shapes and dtypes: what a program is compiled for."""
    return (*[x._shape for x in tensors], *[x._dtype for x in tensors])
