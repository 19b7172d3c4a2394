"""From a recorded graph to steps with memory: what is computed, in which order, into which buffer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from torchlean_typed.engine.emit import Write, write
from torchlean_typed.graph import ancestors
from torchlean_typed.tensor import Tensor


@dataclass
class Step:
    """One line of a program. ``buffer`` is the number of the workspace's buffer that it writes into, if it does."""

    node: Tensor
    write: Write
    buffer: int | None = None
    dead: list[Tensor] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The steps in order, and the workspace: a shape and dtype for each buffer, and which buffers share memory."""

    steps: list[Step]
    buffers: list[tuple[tuple[int, ...], np.dtype[np.generic], int]]


def plan(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Plan:
    """Choose how each node is computed, leave out what nobody needs, and give intermediates memory that is reused."""
    steps = _steps(outputs)
    roots = _roots(steps)
    kept = {root for x in outputs for root in roots.get(x._order, {x._order})}
    last = _last_uses(steps, roots)
    memory = _Memory()
    held: dict[int, int] = {}
    for number, step in enumerate(steps):
        order = step.node._order
        dying = [
            root for x in step.write.operands for root in roots.get(x._order, {x._order}) if last.get(root) == number
        ]
        if step.write.inplace:
            _release(dying, held, memory)
        if step.write.buffered and order not in kept and step.node.shape:
            step.buffer, held[order] = memory.take(step.node)
        if not step.write.inplace:
            _release(dying, held, memory)
    names = {x._order for x in outputs} | {x._order for x in inputs}
    _mark_dead(steps, names)
    return Plan(steps, memory.buffers)


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
            roots[step.node._order] = {step.node._order}.union(*bases)
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
        self.buffers: list[tuple[tuple[int, ...], np.dtype[np.generic], int]] = []
        self._numbers: dict[tuple[tuple[int, ...], int], int] = {}
        self._free: dict[tuple[int, np.dtype[np.generic]], list[int]] = {}
        self._sizes: list[tuple[int, np.dtype[np.generic]]] = []

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


def _mark_dead(steps: Sequence[Step], kept: set[int]) -> None:
    """Note after which step a name that holds no buffer is dropped, so that its memory is free for what follows."""
    last = {x._order: number for number, step in enumerate(steps) for x in step.write.operands if x._order}
    for step in steps:
        if step.buffer is None and step.node._order not in kept and step.node._order in last:
            steps[last[step.node._order]].dead.append(step.node)


def workspace(buffers: Sequence[tuple[tuple[int, ...], np.dtype[np.generic], int]]) -> tuple[np.ndarray, ...]:
    """The buffers of one run."""
    pieces: dict[int, np.ndarray] = {}
    result = []
    for shape, dtype, piece in buffers:
        if piece not in pieces:
            pieces[piece] = np.empty(int(np.prod(shape)), dtype)
        result.append(pieces[piece].reshape(shape))
    return tuple(result)
