"""Errors in which mypy names no types: what they are about is found in the syntax, and checked by our rules."""

from __future__ import annotations

from typing import Any

from mypy.errors import ErrorInfo
from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Context,
    FuncDef,
    IndexExpr,
    ListExpr,
    MemberExpr,
    NameExpr,
    StarExpr,
    TupleExpr,
)
from mypy.types import CallableType, get_proper_type

from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.library.ways import table
from torchlean_mypy.reports.told import Told
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.names import OPERATIONS
from torchlean_mypy.types.convert import tensor_of
from torchlean_mypy.types.generalise import own_dimensions
from torchlean_mypy.types.kinds import pack_kind
from torchlean_typed.ops.statics import refuse_surplus
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.dim import DimExpr
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.models import entry_index

INDEX = "Tuple index out of range"
UNPACK = ("Too many values to unpack", "Need more than")
PYTHONS_OWN = ("unpack", "shape")  # what Python itself raises when it runs: no ShapeError
SURPLUS = "Too many arguments"
CALL = ("Cannot infer function type argument", 'Cannot infer value of type parameter "', SURPLUS)


def explained(file: str, info: ErrorInfo) -> ShapeError | None:
    """The error about shapes that stands behind one of mypy's, where one does."""
    api: Any = Checker.latest
    if getattr(api, "path", None) != file or not info.message.startswith((INDEX, *UNPACK, *CALL)):
        return None
    try:
        if info.message.startswith(UNPACK):
            for statement in nodes(api.tree, AssignmentStmt):
                if statement.line == info.line:
                    _unpacked(api, statement)
        elif info.message == INDEX:
            for index in nodes(api.tree, IndexExpr):
                if _is_at(index, info):
                    _entry(api, index)
        else:
            for call in nodes(api.tree, CallExpr):
                if _is_at(call, info):
                    _surplus(api, call) if info.message.startswith(SURPLUS) else _call(api, call)
    except ShapeError as error:
        return error
    except Undetermined:
        pass
    return None


def _is_at(node: Context, info: ErrorInfo) -> bool:
    here = (info.line, info.column, info.end_line, info.end_column)
    return (node.line, node.column, node.end_line, node.end_column) == here


def _unpacked(api: Any, statement: AssignmentStmt) -> None:
    """``a, b = params`` and ``n, m = x.shape``."""
    typ, given = type_of(api, statement.rvalue), statement.rvalue
    pack, sizes = pack_kind(typ) if typ is not None else None, value_of(api, given, typ)
    for target in statement.lvalues:
        if not isinstance(target, TupleExpr | ListExpr) or any(isinstance(item, StarExpr) for item in target.items):
            continue
        expected = len(target.items)
        if pack is not None and len(pack.shapes) != expected:
            count = f"{len(pack.shapes)} " + ("entry" if len(pack.shapes) == 1 else "entries")
            problem = f"the pack has {count}, expected {expected}"
            known = ", ".join(f'"{name}"' for name in pack.names or ())
            hint = f"they are {known}" if known else None
            raise ShapeError("unpack", problem, expected=expected, got=len(pack.shapes), hint=hint)
        if isinstance(given, MemberExpr) and given.name == "shape" and isinstance(sizes, tuple):
            count = f"{len(sizes)} size" + "s" * (len(sizes) != 1)
            problem = f"the shape {show(sizes)} has {count}, expected {expected}"
            raise ShapeError("unpack", problem, expected=expected, got=len(sizes))


def _surplus(api: Any, node: CallExpr) -> None:
    """``x.reshape(3, 5)`` and ``tl.reshape(x, 3, 5)``."""
    callee = node.callee
    if not isinstance(callee, NameExpr | MemberExpr) or any(name is not None for name in node.arg_names):
        return
    tensor = tensor_of(type_of(api, callee.expr)) if isinstance(callee, MemberExpr) else None
    behind = operation_behind(tensor.type, callee.name) if tensor is not None else None
    is_function = behind is None and callee.fullname.startswith(OPERATIONS)
    record = table().get(behind[0] if behind is not None else callee.name if is_function else "")
    if record is None:
        return
    given = node.args[len(record.tensors) :] if is_function else node.args
    values = [value_of(api, argument, type_of(api, argument)) for argument in given]
    if all(isinstance(value, int | DimExpr) for value in values):
        try:
            refuse_surplus(record.name, record.statics, record.annotations, values)
        except ShapeError as error:
            Told.instead_of(api, error.message, node, node.args)
            raise


def _entry(api: Any, node: IndexExpr) -> None:
    typ = type_of(api, node.base)
    pack, key = pack_kind(typ) if typ is not None else None, value_of(api, node.index, type_of(api, node.index))
    if pack is not None:
        entry_index(pack, key)
    sizes = value_of(api, node.base, typ)
    if isinstance(node.base, MemberExpr) and node.base.name == "shape" and isinstance(sizes, tuple):
        raise ShapeError("shape", f"axis {key} is out of range", operands=[("operand", sizes)], got=key)


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
    own = own_dimensions(callee)
    matcher = Matcher(api, name, own)
    for number, (formal, argument) in enumerate(zip(callee.arg_types, node.args, strict=False)):
        actual = type_of(api, argument)
        if actual is not None and node.arg_names[number] is None:
            matcher.argument(formal, actual, argument, place_of(number + 1, callee.arg_names[number]))
    matcher.solve()
