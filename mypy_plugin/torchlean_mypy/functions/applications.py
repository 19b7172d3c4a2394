"""Functions that the standard library is given to call: ``pool.submit(f, x)``, ``map(f, xs)``, ``reduce(f, xs)``.

What comes of it is what the function gives for the arguments that it will get, which mypy's signatures say of few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from mypy.errors import ErrorWatcher
from mypy.expandtype import expand_type
from mypy.nodes import (
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    Context,
    Expression,
    LambdaExpr,
    MemberExpr,
    OpExpr,
    TempNode,
)
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.subtypes import is_same_type
from mypy.types import CallableType, FunctionLike, Instance, LiteralType, TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import result_of, result_of_call
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import count_of, item_of
from torchlean_mypy.calls.spread import items_of, repeated_item
from torchlean_mypy.functions.signatures import is_applied
from torchlean_mypy.library.dims import extreme, sum_or_product
from torchlean_mypy.library.iterables import over_rows
from torchlean_mypy.reports.codes import report_unknown, told_at_once
from torchlean_mypy.types.convert import Types, shape_of, tensors_in, unknown_type
from torchlean_mypy.types.kinds import pack_kind
from torchlean_typed.shapes.shape import ANY_SHAPE

STEPS = 16  # of a fold that are followed one by one
FUNCTION_AT = {"run_in_executor": 1}  # the place of the function among the arguments, where it is not the first
KEYED = ("sorted", "min", "max")


def signature(ctx: FunctionSigContext | MethodSigContext, name: str) -> FunctionLike:
    """The signature that takes anything, where the function takes tensors: what it takes is for us to say."""
    declared: FunctionLike = ctx.default_signature
    given = ctx.args[FUNCTION_AT.get(name, 0)] if len(ctx.args) > FUNCTION_AT.get(name, 0) else []
    if not isinstance(declared, CallableType) or not given or isinstance(given[0], LambdaExpr):
        return declared
    api: Any = ctx.api
    with api.msg.filter_errors(), api.local_type_map:
        if not is_applied(api.get_expression_type(given[0])):
            return declared
    anything = dict.fromkeys([variable.id for variable in declared.variables], unknown_type())
    return declared.copy_modified(
        arg_types=[unknown_type()] * len(declared.arg_types),
        ret_type=expand_type(declared.ret_type, anything),
        variables=(),
    )


def called(ctx: FunctionContext | MethodContext, name: str) -> Type:
    """``pool.submit(f, x, axis=0)`` and its like: ``f(x, axis=0)``, later."""
    node, place = ctx.context, FUNCTION_AT.get(name, 0)
    if not isinstance(node, CallExpr) or len(node.args) <= place or isinstance(node.args[place], LambdaExpr):
        return ctx.default_return_type
    function, *given = [*zip(node.args, node.arg_kinds, node.arg_names, strict=True)][place:]
    if not is_applied(type_of(ctx.api, function[0])):
        return ctx.default_return_type
    return _with_result(ctx, result_of_call(ctx.api, function[0], given, node))


def thread(ctx: FunctionContext, name: str) -> Type:
    """``Thread(target=f, args=(x,), kwargs={"axis": 0})`` and ``Timer(1.0, f, (x,))``."""
    given = {formal: one[0] for formal, one in zip(ctx.callee_arg_names, ctx.args, strict=True) if one}
    function = given.get("target", given.get("function"))
    if function is not None and is_applied(type_of(ctx.api, function)):
        stars = [(given.get("args"), ARG_STAR), (given.get("kwargs"), ARG_STAR2)]
        arguments = [(expression, kind, None) for expression, kind in stars if expression is not None]
        result_of_call(ctx.api, function, arguments, ctx.context)
    return ctx.default_return_type


def each(ctx: FunctionContext | MethodContext, name: str) -> Type:
    """``map(f, xs, ys)``, ``starmap(f, pairs)``, and what asks something of each item: ``sorted(xs, key=f)``."""
    node, api = ctx.context, ctx.api
    if not isinstance(node, CallExpr):
        return ctx.default_return_type
    over = [one for one, kind in zip(node.args, node.arg_kinds, strict=True) if kind == ARG_POS]
    if name in KEYED:
        named = dict(zip(node.arg_names, node.args, strict=True))
        function = named.get("key")
    else:
        function, over = over[0] if over else None, over[1:]
    one_by_one = name in KEYED and len(over) > 1
    if function is None:
        size = extreme(ctx, name) if name in ("min", "max") else None
        return size or (ctx.default_return_type if one_by_one else over_rows(ctx, name))
    items = [[typ for one in over if (typ := type_of(api, one))]] if one_by_one else [_items(api, one) for one in over]
    calls = _calls(name, items)
    owner = type_of(api, function.expr) if isinstance(function, MemberExpr) else None
    if not any(_has_shape(item) for call in [*calls, [owner or unknown_type()]] for item in call):
        return ctx.default_return_type
    typ = type_of(api, function) or unknown_type()
    with told_at_once(api) if name == "filter" else nullcontext():
        results = [result_of(api, function, typ, call, node) for call in calls]
    if name not in ("map", "starmap"):
        return ctx.default_return_type if one_by_one or None in results else over_rows(ctx, name)
    return _with_result(ctx, None if None in results else _any_of([one for one in results if one is not None]))


def _calls(name: str, items: list[list[Type]]) -> list[list[Type]]:
    """The arguments of each call that is to be told apart."""
    if name == "starmap":
        tuples = [get_proper_type(item) for item in items[0]] if items else []
        return [list(item.items) for item in tuples if isinstance(item, TupleType)]
    if len({len(some) for some in items}) > 1:
        items = [[_any_of(some)] for some in items]
    return [list(call) for call in zip(*items, strict=True)]


def folded(ctx: FunctionContext, name: str) -> Type:
    """``reduce(f, xs, first)``, ``accumulate(xs, f)`` and ``sum(xs, start)``."""
    node, api = ctx.context, ctx.api
    if not isinstance(node, CallExpr):
        return ctx.default_return_type
    over = [one for one, kind in zip(node.args, node.arg_kinds, strict=True) if kind == ARG_POS]
    named = dict(zip(node.arg_names, node.args, strict=True))
    function = named.get("func")
    if name == "reduce":
        function, over = over[0], over[1:]
    elif name == "accumulate" and len(over) > 1:
        function = over.pop(1)
    start = named.get("initial") or named.get("start") or (over[1] if len(over) > 1 else None)
    items = _every(api, over[0]) if over else []
    first = type_of(api, start) if start is not None else None
    if not any(map(_has_shape, [*items, *([first] if first is not None else [])])):
        return sum_or_product(ctx, name) if name == "sum" else ctx.default_return_type
    if name == "sum" and first is None:
        first = LiteralType(0, ctx.api.named_generic_type("builtins.int", []))

    def step(state: Type, item: Type) -> Type | None:
        if function is None:
            return _sum(api, state, item, node)
        return result_of(api, function, type_of(api, function) or unknown_type(), [state, item], node)

    count = count_of(api, over[0], type_of(api, over[0]))
    with told_at_once(api) if name == "sum" else nullcontext():
        states = _states(step, first, items, isinstance(count, int))
    if states is None:
        return _with_result(ctx, unknown_type()) if name == "accumulate" else unknown_type()
    if not states:
        report_unknown(api, f"{name}: each step gives another shape, and their number is not known", node)
        states = [Types(api).tensor(None, ANY_SHAPE) if all(tensors_in(item) for item in items) else unknown_type()]
    if name == "accumulate":
        return _with_result(ctx, _any_of(states))
    return states[-1] if isinstance(count, int) else _any_of(states)


def _states(
    step: Callable[[Type, Type], Type | None], first: Type | None, items: Sequence[Type], counted: bool
) -> list[Type] | None:
    """What a fold goes through, None after an error; of items whose number is not known nothing, unless it settles."""
    rest = [*items] if counted else [items[0]] * 3
    state = rest.pop(0) if first is None else first
    states = [state]
    for item in rest:
        found = step(states[-1], item)
        if found is None:
            return None
        states.append(found)
    return states if counted or is_same_type(states[-1], states[-2]) else []


def _every(api: Any, over: Expression) -> list[Type]:
    """The types of all items, or of one where their number is not known."""
    typ = type_of(api, over)
    types = items_of(api, over, typ) if typ is not None else None
    if types is not None:
        return [*types]
    items, count = _items(api, over), count_of(api, over, typ)
    return items * count if isinstance(count, int) and len(items) == 1 and count <= STEPS else items


def _items(api: Any, over: Expression) -> list[Type]:
    """The types of the items that are told apart."""
    typ = type_of(api, over)
    if typ is None:
        return []
    row = item_of(typ, api)
    types = [row] if row is not None else items_of(api, over, typ)
    if types is None:
        item = repeated_item(api, over, typ)
        types = [item] if item is not None else []
    return [*dict.fromkeys(types)]


def _sum(api: Any, left: Type, right: Type, context: Context) -> Type | None:
    expression = OpExpr("+", TempNode(left, context=context), TempNode(right, context=context))
    expression.set_line(context)
    with api.local_type_map, ErrorWatcher(api.msg.errors) as watcher:
        result: Type = api.expr_checker.accept(expression)
    return None if watcher.has_new_errors() else result


def _any_of(types: Sequence[Type]) -> Type:
    return UnionType.make_union([*dict.fromkeys(types)])


def _with_result(ctx: FunctionContext | MethodContext, result: Type | None) -> Type:
    """The type that mypy found, of what the function gives: ``Future[result]``, ``map[result]``."""
    found = get_proper_type(ctx.default_return_type)
    if result is None or not isinstance(found, Instance) or not found.args:
        return ctx.default_return_type
    return found.copy_modified(args=[*found.args[:-1], result])


def _has_shape(typ: Type) -> bool:
    return shape_of(typ) is not None or bool(tensors_in(typ)) or pack_kind(typ) is not None


EXECUTORS = ("_base.Executor", "thread.ThreadPoolExecutor", "process.ProcessPoolExecutor")
SUBMITTING = (
    *(f"concurrent.futures.{name}.submit" for name in EXECUTORS),
    "asyncio.events.AbstractEventLoop.run_in_executor",
)
TO_THREAD, REDUCE = "asyncio.threads.to_thread", "functools.reduce"
EACH = ("filter", *KEYED)
EACH_OF = ("starmap", "takewhile", "dropwhile", "filterfalse")
SIGNATURES = dict.fromkeys((TO_THREAD, REDUCE, "builtins.map"), signature)
METHOD_SIGNATURES = dict.fromkeys(SUBMITTING, signature)
METHODS = {**dict.fromkeys(SUBMITTING, called), **{f"concurrent.futures.{name}.map": each for name in EXECUTORS}}
FUNCTIONS = {
    **{f"builtins.{name}": each for name in ("map", *EACH)},
    **{f"itertools.{name}": each for name in EACH_OF},
    "builtins.sum": folded,
    "itertools.accumulate": folded,
    REDUCE: folded,
    TO_THREAD: called,
    **dict.fromkeys(("threading.Thread", "threading.Timer"), thread),
}
