"""Building a graph anew by rules: constants are folded, and equal computations are recorded once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from torchlean_typed.graph import ancestors
from torchlean_typed.inference import infer
from torchlean_typed.ops.op import Op, record_of
from torchlean_typed.ops.structure import broadcast_to, permute_dims, reshape
from torchlean_typed.shapes import rules as shape_rules
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make, record

Operands = tuple[Tensor, ...]
Rule = Callable[["Builder", Op, Operands, tuple[Any, ...], tuple[int, ...]], Tensor | None]

# Elementwise operations, on which a number stands for a tensor that has it everywhere.
ELEMENTWISE = (shape_rules.elementwise, shape_rules.where)
_FOLDED_SIZE = 1 << 20
_COMPARED_SIZE = 64


class Builder:
    """Records operations in the form that the rules give them.

    A rule is called with the operation, its operands and static parameters, and the shape of the result; it gives what
    is to stand for the result, or None.
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self._seen: dict[Hashable, Tensor] = {}
        self._numbers: dict[int, tuple[Tensor, Any]] = {}

    def node(self, op: Op, operands: Operands, statics: tuple[Any, ...] = ()) -> Tensor:
        """The operation on these operands, in its simplest form."""
        shape, dtype = infer(op, operands, statics)
        if op.rule in ELEMENTWISE and len(operands) > 1:
            operands = self._as_numbers(operands, shape)
        if all(map(is_constant, operands)) and np.prod(shape) <= _FOLDED_SIZE:
            arrays = [x._array for x in operands]
            return make(np.asarray(op.kernel(*op.arguments(arrays, statics))))
        rule = self.rules.get(op.name)
        found = rule(self, op, operands, statics, shape) if rule is not None else None
        if found is not None:
            return found
        key = _key(op, operands, statics)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = record(op, operands, statics, shape, dtype)
        return found

    def call(self, function: Callable[..., Tensor], *operands: Tensor, **statics: Any) -> Tensor:
        """A public operation on these operands, as ``node``."""
        op = record_of(function)
        found, parameters = op.bind(operands, statics)
        return self.node(op, found, parameters)

    def find(self, function: Callable[..., Tensor], *operands: Tensor) -> Tensor | None:
        """What is recorded already of an operation without static parameters on these operands."""
        return self._seen.get(_key(record_of(function), operands, ()))

    def reshaped(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """The tensor in another shape."""
        return x if x.shape == shape else self.call(reshape, x, shape=shape)

    def stretched(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """The tensor in the shape that an elementwise operation would stretch it to."""
        if x.shape == shape:
            return x
        return self.call(broadcast_to, self.reshaped(x, (1,) * (len(shape) - x.ndim) + x.shape), shape=shape)

    def transposed(self, x: Tensor) -> Tensor:
        """The tensor with its last two axes exchanged."""
        return self.call(permute_dims, x, axes=(*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))

    def number(self, x: Tensor) -> Any:
        """The one value that all elements of a constant have, as a NumPy number; None where there is none."""
        if not is_constant(x) or not x.size:
            return None
        known = self._numbers.get(id(x))
        if known is None:
            values = x._array
            assert values is not None
            first = values[(0,) * values.ndim]
            same = not any(values.strides) or x.size == 1 or bool(np.all(values == first))
            known = self._numbers[id(x)] = (
                x,
                first if same else None,
            )  # the tensor is kept, so that its id stays its own
        return known[1]

    def _as_numbers(self, operands: Operands, shape: tuple[int, ...]) -> Operands:
        """Constants of one value as numbers, where another operand gives the result its shape."""
        result = list(operands)
        for i, x in enumerate(operands):
            others = [y for k, y in enumerate(result) if k != i]
            if x.shape and any(y.shape == shape for y in others):
                number = self.number(x)
                if number is not None:
                    result[i] = make(np.asarray(number, x.dtype))
        return tuple(result)


def rebuilt(outputs: Sequence[Tensor], builder: Builder) -> list[Tensor]:
    """The same outputs, with every node built anew."""
    new: dict[int, Tensor] = {}
    for node in ancestors(outputs):
        if node._array is not None:  # known already: an operand of an inner derivative that is no input of the program
            new[node._order] = make(node._array)
        elif node._op is None:
            new[node._order] = node
        else:
            operands = tuple(new[x._order] if x._order else x for x in node._operands)
            new[node._order] = builder.node(node._op, operands, node._statics)
    return [new[x._order] if x._order else x for x in outputs]


def is_constant(x: Tensor) -> bool:
    """Whether the value is known when the graph is compiled."""
    return not x._order and x._array is not None


def op_name(x: Tensor) -> str | None:
    """The name of the operation that made the tensor."""
    return x._op.name if x._op is not None else None


def _key(op: Op, operands: Operands, statics: tuple[Any, ...]) -> Hashable:
    return (op, repr(statics), *(x._order or _constant_key(x) for x in operands))


def _constant_key(x: Tensor) -> Hashable:
    """Equal for equal constants; large ones are not compared."""
    if x._array is None or x.size > _COMPARED_SIZE:
        return "constant", id(x)
    return "constant", x.dtype.str, x.shape, x._array.tobytes()
