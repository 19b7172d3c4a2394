"""From a recorded graph to steps with memory: what is computed, in which order, into which buffer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from torchlean_typed.engine.emit import write
from torchlean_typed.engine.pool import Kind
from torchlean_typed.engine.writing import Write
from torchlean_typed.graph import ancestors
from torchlean_typed.tensor import Tensor

# Smaller results are allocated where they are computed, which costs less than looking for one that is free again.
POOLED_BYTES = 1 << 14


@dataclass
class Step:
    """One line of a program.

    It writes into the workspace's ``buffer`` of this number, into the ``output`` of this number, or gives a value of
    its own. A ``fixed`` view of a buffer is the same at every run. ``dead`` are the nodes that nothing needs then.
    """

    node: Tensor
    write: Write
    buffer: int | None = None
    output: int | None = None
    fixed: bool = False
    dead: list[Tensor] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The steps in order, the buffers (with the piece of memory behind each), and the results that come from a pool.

    Of a result the shape, the dtype, and whether it starts with zeros, of which the program leaves most as they are.
    """

    steps: list[Step]
    buffers: list[tuple[tuple[int, ...], np.dtype[Any], int]]
    pooled: list[Kind]


def plan(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Plan:
    """Choose how each node is computed, leave out what nobody needs, and give intermediates memory that is reused."""
    steps = _steps(outputs)
    roots = _roots(steps)
    kept = {root for x in outputs for root in roots.get(x._order, {x._order})}
    last = _last_uses(steps, roots)
    memory = _Memory()
    pooled: list[Kind] = []
    held: dict[int, int] = {}
    contiguous: set[int] = set()  # buffers, and fixed views of them in the same order
    fixed: set[int] = set()
    for number, step in enumerate(steps):
        node, how = step.node, step.write
        dying = [root for x in how.operands for root in roots.get(x._order, {x._order}) if last.get(root) == number]
        if how.inplace:
            _release(dying, held, memory)
        if how.into is not None and node.shape and node._order not in kept and not how.zeroed:
            step.buffer, held[node._order] = memory.take(node)
            contiguous.add(node._order)
        elif how.into is not None and node.size * node.dtype.itemsize >= POOLED_BYTES:
            step.output = len(pooled)
            pooled.append((node.shape, node.dtype, how.zeroed))
        elif how.view and (how.operands[0]._order in contiguous or _is_turned(step, fixed)):
            step.fixed = True
            (fixed if _keeps_no_order(step) else contiguous).add(node._order)
        if not how.inplace:
            _release(dying, held, memory)
    _mark_dead(steps, roots, {x._order for x in outputs} | {x._order for x in inputs})
    return Plan(steps, memory.buffers, pooled)


def _keeps_no_order(step: Step) -> bool:
    return step.node._op is None or step.node._op.name != "reshape"


def _is_turned(step: Step, fixed: set[int]) -> bool:
    """Whether this is a view of a fixed view; to reshape one may copy."""
    return _keeps_no_order(step) and step.write.operands[0]._order in fixed


def _steps(outputs: Sequence[Tensor]) -> list[Step]:
    nodes = ancestors(outputs)
    consumers = Counter(x._order for node in nodes for x in node._operands)
    consumers.update(x._order for x in outputs)
    needed = {x._order for x in outputs}
    steps = []
    for node in reversed(nodes):
        if node._order in needed and node._op is not None:
            how = write(node, lambda x: consumers[x._order])
            steps.append(Step(node, how))
            needed.update(x._order for x in how.operands if x._order)
    return steps[::-1]


def _roots(steps: Sequence[Step]) -> dict[int, set[int]]:
    """For each node that may share the memory of others, those."""
    roots: dict[int, set[int]] = {}
    for step in steps:
        if not step.write.fresh:
            bases = [roots.get(x._order, {x._order}) for x in step.write.operands if x._order]
            own = set() if step.write.view else {step.node._order}
            roots[step.node._order] = own.union(*bases)
    return roots


def _last_uses(steps: Sequence[Step], roots: dict[int, set[int]]) -> dict[int, int]:
    return {
        root: number
        for number, step in enumerate(steps)
        for x in step.write.operands
        if x._order
        for root in roots.get(x._order, {x._order})
    }


class _Memory:
    """Pieces of memory by size and dtype; a freed piece is taken again."""

    def __init__(self) -> None:
        self.buffers: list[tuple[tuple[int, ...], np.dtype[Any], int]] = []
        self._numbers: dict[tuple[tuple[int, ...], int], int] = {}
        self._free: dict[tuple[int, np.dtype[Any]], list[int]] = {}
        self._sizes: list[tuple[int, np.dtype[Any]]] = []

    def take(self, node: Tensor) -> tuple[int, int]:
        """A buffer in the node's shape, and the piece of memory behind it."""
        key = (node.size, node.dtype)
        free = self._free.setdefault(key, [])
        piece = free.pop() if free else len(self._sizes)
        if piece == len(self._sizes):
            self._sizes.append(key)
        number = self._numbers.get((node.shape, piece))
        if number is None:
            number = self._numbers[node.shape, piece] = len(self.buffers)
            self.buffers.append((node.shape, node.dtype, piece))
        return number, piece

    def release(self, piece: int) -> None:
        """Give a piece back."""
        self._free[self._sizes[piece]].append(piece)


def _release(roots: Sequence[int], held: dict[int, int], memory: _Memory) -> None:
    for root in roots:
        if root in held:
            memory.release(held.pop(root))


def _mark_dead(steps: Sequence[Step], roots: dict[int, set[int]], kept: set[int]) -> None:
    """Note after which step the names that hold large results of their own are dropped, so that the memory is free."""
    last = {x._order: number for number, step in enumerate(steps) for x in step.write.operands if x._order}
    large: set[int] = set()
    for step in steps:
        order = step.node._order
        own = step.buffer is None and step.output is None and not step.write.view
        if own and math.prod(step.node.shape) * step.node.dtype.itemsize >= POOLED_BYTES:
            large.add(order)
        holds = order in large or not large.isdisjoint(roots.get(order, ()))
        # a buffer's name is another node's later on
        if holds and step.buffer is None and not step.fixed and order not in kept and order in last:
            steps[last[order]].dead.append(step.node)
