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
    ListExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    TempNode,
    TupleExpr,
    Var,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import call_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.asked import declared_in
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
    types = callee.items if isinstance(callee, UnionType) else [callee]
    is_certain = any(map(is_library_function, types))
    if not is_certain and not any(map(may_be_library_function, types)):
        return None
    if not in_file_with_shapes(checker):
        return None  # which mypy may check before it knows the library
    is_here = checker.scope.current_function() is None or getattr(node.callee, "kind", None) == LDEF
    given = [*zip(node.args, node.arg_kinds, node.arg_names, strict=True)]
    context = checker.expr_checker.type_context[-1]
    try:
        calls = [call_of(function, given, node) for function in _functions(checker, node.callee, is_here)]
        if not _is_bound_once(checker, node.callee):
            _agree(checker, calls, context)
    except _Unseen as unseen:
        if is_certain or unseen.args:
            report_unknown(checker, "it is not seen here which function this calls", node)
        return None
    results: list[Type] = [checker.expr_checker.accept(call, context) for call in calls]
    return UnionType.make_union(list(dict.fromkeys(results)))


def _is_bound_once(api: Any, function: Expression) -> bool:
    return not isinstance(function, NameExpr | MemberExpr) or len(bindings(api.tree, function)) < 2


def _agree(api: Any, calls: list[CallExpr], context: Type | None) -> None:
    """See whether it is all one which of the functions is called, that a variable is bound to in several places."""
    with api.msg.filter_errors() as errors, api.local_type_map:
        results = {api.expr_checker.accept(call, context) for call in calls}
    if errors.has_new_errors() or len(results) > 1:
        raise _Unseen


class _Unseen(Exception):
    """What a name stands for is not seen; with the name of a method, if it stands for a tensor's."""


def _functions(
    api: Any, expression: Expression, is_here: bool, around: frozenset[object] = frozenset()
) -> Iterator[Expression]:
    """The functions that an expression may be, which is in what mypy is checking now, or elsewhere.

    What the variables ``around`` are is being looked at: ``act = act or tl.tanh``.
    """
    found: list[Expression] = []
    match expression:
        case RefExpr(node=FuncDef() | Decorator()):
            yield expression
        case ConditionalExpr(if_expr=one, else_expr=other) | OpExpr(op="or", left=one, right=other):
            found = [one, other]
        case MemberExpr(expr=owner, name=name) if _is_operation(api, name):
            yield MemberExpr(TempNode(_receiver(api, owner, name, is_here), context=expression), name)
        case CallExpr(args=[function]) if is_library_function(type_of(api, function)):
            found = [function]  # of what takes and gives any function
        case IndexExpr(base=NameExpr() | MemberExpr() as base) if len(bound := bindings(api.tree, base)) == 1:
            found = _items(bound[0])
        case IndexExpr(base=DictExpr() | ListExpr() | TupleExpr() as display):
            found = _items([display])
        case NameExpr(node=Var() as variable) if variable in around:
            pass
        case NameExpr() | MemberExpr() if all(bound := bindings(api.tree, expression)):
            declared = [*_declared(expression.node)]
            yield from (TempNode(typ, context=expression) for typ in declared)
            found, around = [value for values in bound for value in values], around | {expression.node}
            if not declared and not found:
                raise _Unseen
        case _:
            raise _Unseen
    for one in found:
        yield from _functions(api, one, is_here, around)


def _declared(node: object) -> Iterator[Type]:
    """What an argument is that has not been bound again."""
    typ = get_proper_type(node.type) if isinstance(node, Var) and node.is_argument else None
    for item in typ.items if isinstance(typ, UnionType) else [typ]:  # mypy adds what it is bound to
        asked = declared_in(item)
        if asked is not None and not is_library_function(asked):
            yield asked


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
