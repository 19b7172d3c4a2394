"""Calls of generic functions of which mypy makes one type of several shapes: ``each(lambda v: v @ w, [x, y])``.

What the function gets that is called there is not known then, though it may be known what the call gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import CallExpr
from mypy.types import CallableType, NoneType, Type, TypeVarType, get_proper_type

from torchlean_mypy.functions.higher_order import written_signature
from torchlean_mypy.strict.reasons import DISPLAYS, TypeOf, operands
from torchlean_mypy.types.contained import loses, shapes_in


def merges(call: CallExpr, types: TypeOf) -> bool:
    """Whether a function that is given to a generic one gets what has several shapes here, each of them known."""
    inferred = get_proper_type(types(call.callee) or NoneType())
    if not isinstance(inferred, CallableType) or not any(map(loses, _got(inferred))):
        return False
    written = written_signature(inferred)
    if written is None or not any(isinstance(get_proper_type(typ), TypeVarType) for typ in _got(written)):
        return False
    given = [types(operand) for operand in operands(call) if not isinstance(operand, DISPLAYS)]
    shapes = {tuple(shapes_in(typ)) for typ in given} - {()}
    return len(shapes) > 1 and not any(map(loses, given))


def _got(signature: CallableType) -> Iterator[Type]:
    """The types of what functions get that are arguments."""
    for formal in map(get_proper_type, signature.arg_types):
        if isinstance(formal, CallableType):
            yield from formal.arg_types
