"""Structured batching: one pass for all units of a leaf, in which what is mostly zeros stays a list of its nonzeros.

The Jacobian of an elementwise function is diagonal, that of neighbours' differences has two bands. As long as elements
are only scaled, added and moved, their nonzeros are vectors, however many units there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from torchlean_typed.graph import dependents
from torchlean_typed.ops import placement, reduce
from torchlean_typed.ops.op import Op, record_of
from torchlean_typed.ops.placement import Places
from torchlean_typed.shapes import rules
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import apply, make
from torchlean_typed.transform.batch import apply_batched

Indices = NDArray[np.int64]
_ELEMENTWISE = (rules.elementwise, rules.unchanged, rules.where)
_MOST_PARTS = 16


@dataclass(frozen=True)
class Part:
    """Nonzeros: ``values`` (a vector, or one number) at these elements, each for one unit. No pair occurs twice."""

    elements: Indices
    units: Indices
    values: Tensor


def unit_tangents(outputs: Sequence[Tensor], leaf: Tensor, trailing: bool = False) -> list[Tensor]:
    """The outputs, which are linear in ``leaf``, for each unit in its place: 1 at one of its elements, 0 elsewhere.

    Shapes: ``leaf: *s`` with k elements; an output ``*t`` becomes ``k *t``, or ``*t k`` where units are ``trailing``.
    """
    return _Pass(leaf).run(outputs, trailing)


class _Pass:
    """What is known of each node that depends on the leaf: its nonzeros, or everything, along a leading axis."""

    def __init__(self, leaf: Tensor) -> None:
        self.leaf, self.count = leaf, leaf.size
        every = np.arange(self.count)
        one = make(np.ones((), leaf.dtype))
        self.parts: dict[int, list[Part]] = {leaf._order: [Part(every, every, one)]}
        self.dense: dict[int, Tensor] = {}

    def run(self, outputs: Sequence[Tensor], trailing: bool) -> list[Tensor]:
        """Every node in turn."""
        for node in dependents(outputs, [self.leaf], differentiable=False):
            parts = self.structured(node)
            if parts is not None and self.is_sparse(node, parts):
                self.parts[node._order] = parts
            else:
                flags = [self.knows(x) for x in node._operands]
                operands = [self.whole(x) if flag else x for x, flag in zip(node._operands, flags, strict=True)]
                self.dense[node._order] = apply_batched(node, operands, flags, self.count)
        return [self.result(x, trailing) for x in outputs]

    def knows(self, x: Tensor) -> bool:
        """Whether it depends on the leaf."""
        return x._order in self.parts or x._order in self.dense

    def is_sparse(self, node: Tensor, parts: Sequence[Part]) -> bool:
        """Whether the parts are much less than the whole."""
        total = sum(part.elements.size for part in parts)
        return len(parts) <= _MOST_PARTS and 2 * total <= self.count * node.size

    def whole(self, x: Tensor) -> Tensor:
        """All of it, with a leading axis of units."""
        if x._order not in self.dense:
            self.dense[x._order] = self.placed(x, False)
        return self.dense[x._order]

    def result(self, x: Tensor, trailing: bool) -> Tensor:
        """An output, with the axis of units where it is wanted."""
        if not self.knows(x):
            zeros = make(np.broadcast_to(np.zeros((), x.dtype), (*x.shape, self.count)))
            return zeros if trailing else make(np.broadcast_to(np.zeros((), x.dtype), (self.count, *x.shape)))
        if x._order in self.parts and x._order not in self.dense:
            return self.placed(x, trailing)
        whole = self.whole(x)
        return whole.permute_dims((*range(1, whole.ndim), 0)) if trailing else whole

    def placed(self, x: Tensor, trailing: bool) -> Tensor:
        """The parts in their places among zeros."""
        shape = (*x.shape, self.count) if trailing else (self.count, *x.shape)
        parts = self.parts[x._order]
        if not parts:
            return make(np.zeros(shape, x.dtype))
        where = [
            p.elements * self.count + p.units if trailing else p.units * math.prod(x.shape) + p.elements for p in parts
        ]
        return placement.place([part.values for part in parts], shape, tuple(map(Places, where)))

    def structured(self, node: Tensor) -> list[Part] | None:
        """The nonzeros of a node, from those of its operands, if the operation scales, adds or moves elements."""
        op = node._op
        assert op is not None
        if any(x._order in self.dense for x in node._operands):
            return None
        found: list[Part] = []
        for i, x in enumerate(node._operands):
            parts = self.parts.get(x._order)
            if parts is None:
                continue
            if op.rule in _ELEMENTWISE:
                source = np.broadcast_to(np.arange(x.size).reshape(x.shape or (1,) * node.ndim), node.shape)
                found += [self.scaled(node, i, part) for part in _moved(parts, source)]
            elif op.moves:
                found += _moved(parts, _source(op, node, i) - 1)
            elif op is record_of(reduce.sum):
                found += _summed(parts, node, x)
            else:
                return None
        merged = _merged(found)
        return merged if op is not record_of(reduce.sum) or all(map(_has_no_pair_twice, merged)) else None

    def scaled(self, node: Tensor, i: int, part: Part) -> Part:
        """A part of operand ``i`` under an elementwise operation; what else depends on the leaf counts as 0."""
        assert node._op is not None
        operands = []
        for k, x in enumerate(node._operands):
            if k == i:
                operands.append(part.values)
            elif x._order in self.parts:
                operands.append(make(np.zeros((), x.dtype)))
            elif not x.shape:
                operands.append(x)
            else:
                index = np.broadcast_to(np.arange(x.size).reshape(x.shape), node.shape).ravel()
                operands.append(placement.at(x, Places(index[part.elements])))
        values = apply(node._op, tuple(operands), node._statics)
        return Part(part.elements, part.units, values)


def _moved(parts: Sequence[Part], source: Indices) -> list[Part]:
    """The parts where each element comes from the element ``source`` of what they belong to (or from nowhere: -1)."""
    flat = source.ravel()
    result = []
    for part in parts:
        number = np.full(max(int(flat.max(initial=-1)), int(part.elements.max(initial=-1))) + 2, -1)
        number[part.elements] = np.arange(part.elements.size)
        if np.unique(part.elements).size != part.elements.size:
            result += _moved(_one_unit_each(part), source)
            continue
        taken = number[flat]  # of index -1 the last, which is none
        elements = np.flatnonzero(taken >= 0)
        chosen = Places(taken[elements])
        if not len(chosen):
            continue
        whole = not part.values.shape or (chosen.is_everything and len(chosen) == part.elements.size)
        values = part.values if whole else placement.at(part.values, chosen)
        result.append(Part(elements, part.units[chosen.indices], values))
    return result


def _one_unit_each(part: Part) -> list[Part]:
    """The part cut so that in each piece no element has more than one unit."""
    order = np.argsort(part.elements, kind="stable")
    first = np.r_[True, np.diff(part.elements[order]) != 0]
    rank = np.empty(order.size, np.int64)
    starts = np.flatnonzero(first)
    rank[order] = np.arange(order.size) - np.repeat(starts, np.diff(np.r_[starts, order.size]))
    pieces = []
    for number in range(int(rank.max()) + 1):
        chosen = np.flatnonzero(rank == number)
        values = placement.at(part.values, Places(chosen)) if part.values.shape else part.values
        pieces.append(Part(part.elements[chosen], part.units[chosen], values))
    return pieces


def _source(op: Op, node: Tensor, i: int) -> Indices:
    """For each element of a result of moving, the number of the element of operand ``i`` it is, from 1; 0 for none."""
    arrays = [
        np.arange(1, x.size + 1).reshape(x.shape) if k == i else np.zeros(x.shape, np.int64)
        for k, x in enumerate(node._operands)
    ]
    return np.asarray(op.kernel(*op.arguments(arrays, node._statics)))


def _summed(parts: Sequence[Part], node: Tensor, x: Tensor) -> list[Part]:
    axis, _ = node._statics
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    dropped = {a % x.ndim for a in axes}
    kept = tuple(1 if i in dropped else size for i, size in enumerate(x.shape))
    target = np.broadcast_to(np.arange(node.size).reshape(kept), x.shape).ravel()
    return [Part(target[part.elements], part.units, part.values) for part in parts]


def _merged(parts: Sequence[Part]) -> list[Part]:
    """Parts at the same places added."""
    found: dict[Any, Part] = {}
    for part in parts:
        key = part.elements.tobytes(), part.units.tobytes()
        present = found.get(key)
        values = part.values if present is None else present.values + part.values
        found[key] = Part(part.elements, part.units, values)
    return list(found.values())


def _has_no_pair_twice(part: Part) -> bool:
    pairs = np.stack([part.elements, part.units])
    return bool(np.unique(pairs, axis=1).shape[1] == pairs.shape[1])
