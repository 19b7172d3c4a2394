"""The library's functions as values: ``act = tl.tanh if smooth else tl.relu``, ``self.act``, ``total = x.sum``.

mypy takes functions whose signatures are the same for one, so that what is called is read off the source: where it was
given its name, once. A tensor's method is seen in the function that takes it, or at the top of the file: mypy may check
one function without another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mypy.nodes import (
    LDEF,
    CallExpr,
    ConditionalExpr,
    Decorator,
    DictExpr,
    Expression,
    FuncDef,
    IndexExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    TempNode,
    Var,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import call_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.library.callables import is_library_function, may_be_library_function
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.reports.codes import report_unknown
from torchlean_mypy.syntax.lookups import bindings, items
from torchlean_mypy.syntax.names import CALL, TENSOR
from torchlean_mypy.types.convert import Types, tensors_in
from torchlean_mypy.types.dependencies import in_file_with_shapes


def call(ctx: FunctionContext | MethodContext) -> Type | None:
    """What the call of a variable gives that is one of the library's functions; None where it is none."""
    result, node = get_proper_type(ctx.default_return_type), ctx.context
    checker: Any = ctx.api
    if not isinstance(node, CallExpr) or (isinstance(result, Instance) and result.type.fullname == CALL):
        return None
    if isinstance(getattr(node.callee, "node", None), FuncDef | Decorator):
        return None  # not of a variable
    callee = get_proper_type(type_of(checker, node.callee))
    is_certain = is_library_function(callee)
    if not is_certain and not may_be_library_function(callee):
        return None
    if not in_file_with_shapes(checker):
        return None  # which mypy may check before it knows the library
    is_here = checker.scope.current_function() is None or getattr(node.callee, "kind", None) == LDEF
    try:
        functions = [*_functions(checker, node.callee, is_here)]
    except _Unseen as unseen:
        if is_certain or unseen.args:
            report_unknown(checker, "it is not seen here which function this calls", node)
        return None
    given = [*zip(node.args, node.arg_kinds, node.arg_names, strict=True)]
    context = checker.expr_checker.type_context[-1]
    results: list[Type] = [
        checker.expr_checker.accept(call_of(function, given, node), context) for function in functions
    ]
    return UnionType.make_union(list(dict.fromkeys(results)))


class _Unseen(Exception):
    """What a name stands for is not seen; with the name of a method, if it stands for a tensor's."""


def _functions(api: Any, expression: Expression, is_here: bool) -> Iterator[Expression]:
    """The functions that an expression may be, which is in what mypy is checking now, or elsewhere."""
    match expression:
        case RefExpr(node=FuncDef() | Decorator()):
            yield expression
        case ConditionalExpr(if_expr=one, else_expr=other):
            yield from _functions(api, one, is_here)
            yield from _functions(api, other, is_here)
        case MemberExpr(expr=owner, name=name) if _is_operation(api, name):
            yield MemberExpr(TempNode(_receiver(api, owner, name, is_here), context=expression), name)
        case CallExpr(args=[function]) if is_library_function(type_of(api, function)):
            yield from _functions(api, function, is_here)  # of what takes and gives any function
        case IndexExpr(base=NameExpr() | MemberExpr() as base) if len(bound := bindings(api.tree, base)) == 1:
            for item in _items(bound[0]):
                yield from _functions(api, item, is_here)
        case NameExpr() | MemberExpr() if len(bound := bindings(api.tree, expression)) == 1 and bound[0]:
            for one in bound[0]:
                yield from _functions(api, one, is_here)
        case _:
            raise _Unseen


def _receiver(api: Any, owner: Expression, name: str, is_here: bool) -> Type:
    """The tensor whose method is taken."""
    if is_here:
        typ = type_of(api, owner)
    else:
        typ = owner.node.type if isinstance(owner, NameExpr) and isinstance(owner.node, Var) else None
    if typ is None:
        raise _Unseen(name)
    if not tensors_in(typ):
        raise _Unseen
    return typ


def _is_operation(api: Any, name: str) -> bool:
    return operation_behind(Types(api).named(TENSOR).type, name) is not None


def _items(bound: list[Expression]) -> list[Expression]:
    """What is in the one list, tuple or dict that a name is bound to."""
    display = bound[0] if len(bound) == 1 else None
    found = [value for _, value in display.items] if isinstance(display, DictExpr) else items(display)
    if not found:
        raise _Unseen
    return found
