"""Errors in which mypy names no types: what they are about is found in the syntax, and checked by our rules."""

from __future__ import annotations

from typing import Any

from mypy.errors import ErrorInfo
from mypy.nodes import CallExpr, FuncDef, IndexExpr
from mypy.types import CallableType, get_proper_type

from torchlean_mypy.arguments import type_of, value_of
from torchlean_mypy.convert import Types, is_dimension
from torchlean_mypy.formals import Matcher
from torchlean_mypy.guard import Checker
from torchlean_mypy.kinds import pack_kind
from torchlean_mypy.lookups import nodes
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.models import entry_index

INDEX = "Tuple index out of range"
CALL = ("Cannot infer function type argument", 'Cannot infer value of type parameter "')


def explained(file: str, info: ErrorInfo) -> ShapeError | None:
    """The error about shapes that stands behind one of mypy's, where one does."""
    api: Any = Checker.latest
    if not (info.message == INDEX or info.message.startswith(CALL)) or getattr(api, "path", None) != file:
        return None
    found: list[IndexExpr] | list[CallExpr]
    found = nodes(api.tree, IndexExpr) if info.message == INDEX else nodes(api.tree, CallExpr)
    for node in found:
        if (node.line, node.column, node.end_line, node.end_column) == (
            info.line,
            info.column,
            info.end_line,
            info.end_column,
        ):
            try:
                _entry(api, node) if isinstance(node, IndexExpr) else _call(api, node)
            except ShapeError as error:
                return error
            except Undetermined:
                return None
    return None


def _entry(api: Any, node: IndexExpr) -> None:
    typ = type_of(api, node.base)
    pack, key = pack_kind(typ) if typ is not None else None, value_of(api, node.index, type_of(api, node.index))
    if pack is not None:
        entry_index(pack, key)


def _call(api: Any, node: CallExpr) -> None:
    """A call of a function without a name: ``functions[0](x, y)``."""
    typ = type_of(api, node.callee)
    callee = get_proper_type(typ) if typ is not None else None
    name = getattr(node.callee, "name", "call")
    definition = callee.definition if isinstance(callee, CallableType) else None
    if isinstance(definition, FuncDef) and not definition.info:
        callee, name = get_proper_type(definition.type), definition.name  # mypy has put Any for what it cannot infer
    if not isinstance(callee, CallableType) or len(callee.arg_types) < len(node.args):
        return
    own = [Types.argument_of(variable) for variable in callee.variables if is_dimension(variable)]
    matcher = Matcher(api, name, own)
    for number, (formal, argument) in enumerate(zip(callee.arg_types, node.args, strict=False)):
        actual = type_of(api, argument)
        if actual is not None and node.arg_names[number] is None:
            matcher.argument(formal, actual, argument, place_of(number + 1, callee.arg_names[number]))
    matcher.solve()
