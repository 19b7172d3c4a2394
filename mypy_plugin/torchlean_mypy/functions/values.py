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
    IntExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StrExpr,
    TempNode,
    Var,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.plugins.default import typed_dict_get_callback
from mypy.types import CallableType, Instance, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import call_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.asked import declared_in
from torchlean_mypy.calls.refining import refining
from torchlean_mypy.library.callables import is_library_function, is_some_function, may_be_library_function
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.reports.codes import error_count, report_unknown
from torchlean_mypy.syntax.lookups import bindings, items, items_of_loops
from torchlean_mypy.syntax.names import CALL, TENSOR
from torchlean_mypy.types.convert import Types, each_in, tensors_in
from torchlean_mypy.types.dependencies import in_file_with_shapes

HOLDERS = ("builtins.dict", "builtins.list", "typing.Mapping", "typing.Sequence")


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
    is_here = checker.scope.current_function() is None or _kind(node.callee) == LDEF
    given = [*zip(node.args, node.arg_kinds, node.arg_names, strict=True)]
    context = checker.expr_checker.type_context[-1]
    try:
        calls = [call_of(function, given, node) for function in _functions(checker, node.callee, is_here)]
        if not _is_bound_once(checker, node.callee):
            _agree(checker, calls, context)
    except _Unseen as unseen:
        if is_certain or unseen.args or any(map(is_some_function, types)):
            report_unknown(checker, "it is not seen here which function this calls", node)
        return None
    results: dict[Type, None] = {}
    before = error_count(checker)
    for made in calls:
        if error_count(checker) == before:  # one error for one bug
            results[checker.expr_checker.accept(made, context)] = None
    return UnionType.make_union([*results])


def _kind(function: Expression) -> int | None:
    """Where the variable is bound that a function is, or an item of."""
    while isinstance(function, IndexExpr):
        function = function.base
    return function.kind if isinstance(function, NameExpr) else None


def _is_bound_once(api: Any, function: Expression) -> bool:
    return not isinstance(function, NameExpr | MemberExpr) or len(bindings(api.tree, function)) < 2


def _agree(api: Any, calls: list[CallExpr], context: Type | None) -> None:
    """See whether it is all one which of the functions is called, that a variable is bound to in several places."""
    if len({_result(api, call, context) for call in calls}) > 1:
        raise _Unseen


def _result(api: Any, call: CallExpr, context: Type | None) -> Type | None:
    """What a call gives; None where it is wrong."""
    with api.msg.filter_errors() as errors, api.local_type_map:
        result: Type = api.expr_checker.accept(call, context)
    return None if errors.has_new_errors() else result


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
        case CallExpr(callee=RefExpr(fullname="builtins.staticmethod"), args=[function]):
            found = [function]
        case CallExpr(args=[function]) if is_library_function(type_of(api, function)):
            found = [function]  # of what takes and gives any function
        case CallExpr(callee=MemberExpr(expr=base, name="get"), args=[key, *defaults]):
            found = [*_items(api, base, key), *defaults]
        case IndexExpr(base=base, index=key):
            found = _items(api, base, key)
        case NameExpr(node=Var() as variable) if variable in around:
            pass
        case NameExpr() if of_loops := items_of_loops(api.tree, expression):
            found = of_loops
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


def _items(api: Any, base: Expression, key: Expression) -> list[Expression]:
    """What ``ops[key]`` may be of the one list, tuple or dict that a name is bound to: any, if the key is not seen."""
    bound = bindings(api.tree, base) if isinstance(base, NameExpr | MemberExpr) else [[base]]
    match bound:
        case [[DictExpr(items=pairs)]]:
            found = [value for known, value in pairs if _may_be(known, key)]
        case [[display]]:
            found = items(display)
            if isinstance(key, IntExpr) and key.value < len(found):
                found = [found[key.value]]
        case _:
            found = []
    if not found:
        raise _Unseen
    return found


def _may_be(known: Expression | None, key: Expression) -> bool:
    return not (isinstance(known, StrExpr) and isinstance(key, StrExpr)) or known.value == key.value


def item(ctx: MethodContext, name: str) -> Type:
    """``ops[key]``, which may be one of the library's functions: mypy asks us of calls of what has a name."""
    parts = each_in(ctx.default_return_type)
    if not any(map(_is_nameless, parts)):
        return ctx.default_return_type
    return UnionType.make_union([_named(part) if _is_nameless(part) else part for part in parts])


def _is_nameless(typ: Type) -> bool:
    function = get_proper_type(typ)
    return isinstance(function, CallableType) and function.name is None and may_be_library_function(function)


def _named(typ: Type) -> Type:
    function = get_proper_type(typ)
    assert isinstance(function, CallableType)
    return function.copy_modified(name="call")


METHODS = {
    **{f"{holder}.{method}": item for holder in HOLDERS for method in ("__getitem__", "get")},
    "typing.Mapping.get": refining(typed_dict_get_callback, item),
}
