"""Arguments with one of several values: of ``axis: Literal[0, 1]`` each has to fit, and a call gives one for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice, product
from typing import Protocol

from mypy.types import LiteralType, NoneType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import value_of_type
from torchlean_mypy.library.evaluation import COMBINATIONS, Operand, Outcome, evaluated, for_number
from torchlean_typed.ops.op import Op
from torchlean_typed.shapes.dim import Dimension

Statics = list[object]
Repeated = tuple[list[Operand], Dimension]  # tensors that are alike, and their number


class Typed(Protocol):
    """An argument."""

    type: Type


def every_value(values: Statics, given: Sequence[Sequence[Typed] | None]) -> list[Statics]:
    """The values, once for each combination of what they may be; as they are where that is too much."""
    if not any([arguments and isinstance(get_proper_type(arguments[0].type), UnionType) for arguments in given]):
        return [values]
    found = [literals_of(arguments[0].type) if arguments else [] for arguments in given]
    parts = [some or [value] for some, value in zip(found, values, strict=True)]
    every = [*islice(product(*parts), COMBINATIONS + 1)]
    return [values] if len(every) > COMBINATIONS else [[*one] for one in every]


def literals_of(typ: Type) -> list[object]:
    """The values that a type lists; none where it is another type."""
    proper = get_proper_type(typ)
    items = [*map(get_proper_type, proper.items)] if isinstance(proper, UnionType) else []
    is_list = all(isinstance(item, LiteralType | NoneType) for item in items)
    return [value_of_type(item) for item in items] if is_list else []


def for_each_value(
    record: Op, every: list[Statics], operands: list[list[Operand]] | Repeated, same: Sequence[int]
) -> list[Outcome]:
    """What the rules give for each of the values.

    Raises:
        ShapeError: where they accept one of them with no operands.
    """
    found = [
        [for_number(record, *operands, statics)]
        if isinstance(operands, tuple)
        else evaluated(record, operands, statics, same)
        for statics in every
    ]
    return found[0] if len(found) == 1 else [*dict.fromkeys(chain(*found))]
