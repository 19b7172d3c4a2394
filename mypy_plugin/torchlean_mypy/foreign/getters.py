"""``operator.itemgetter(0)``, ``attrgetter("mT")`` and ``methodcaller("sum", axis=0)``: made of texts and keys.

mypy's signatures say Any of what they give: ``x[0]``, ``x.mT`` and ``x.sum(axis=0)`` are checked instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mypy.nodes import ARG_POS, CallExpr, Expression, IndexExpr, MemberExpr, StrExpr, TempNode
from mypy.plugin import MethodContext
from mypy.types import Type

from torchlean_mypy.calls.applied import Argument, call_of
from torchlean_mypy.syntax.lookups import made_by
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.walk import mentions_dimensions

ITEM, ATTRIBUTE, METHOD = (f"operator.{name}" for name in ("itemgetter", "attrgetter", "methodcaller"))


def call(ctx: MethodContext, name: str) -> Type:
    """``itemgetter(0)(x)``."""
    node, api = ctx.context, ctx.api
    checker: Any = api
    given = ctx.arg_types[0][0] if ctx.arg_types and ctx.arg_types[0] else None
    if not isinstance(node, CallExpr) or given is None:
        return ctx.default_return_type
    gotten = [*_gotten(checker.tree, node.callee, TempNode(given, context=node))]
    for expression in gotten:
        expression.set_line(node)
    if not mentions_dimensions(given) and not _has_shapes(checker, gotten):
        return ctx.default_return_type
    types = [checker.expr_checker.accept(expression) for expression in gotten]
    match types:
        case []:
            return ctx.default_return_type
        case [typ]:
            return typ  # type: ignore[no-any-return]
    return Types(api).tuple(types)


def _has_shapes(api: Any, gotten: list[Expression]) -> bool:
    """Whether a shape is gotten of an object whose own type says none: of all others nothing is ours to say."""
    with api.msg.filter_errors(), api.local_type_map:
        return any(mentions_dimensions(api.expr_checker.accept(expression)) for expression in gotten)


def _gotten(tree: Any, getter: Expression, owner: Expression) -> Iterator[Expression]:
    """What a getter gets of an object; nothing where it is not seen how the getter was made."""
    if (made := made_by(tree, getter, ITEM)) is not None and {*made.arg_kinds} == {ARG_POS}:
        yield from (IndexExpr(owner, key) for key in made.args)
    elif (made := made_by(tree, getter, ATTRIBUTE)) is not None and all(isinstance(a, StrExpr) for a in made.args):
        for path in made.args:
            found = owner
            for part in path.value.split("."):  # type: ignore[attr-defined]
                found = MemberExpr(found, part)
                found.set_line(owner)
            yield found
    elif (made := made_by(tree, getter, METHOD)) is not None and isinstance(made.args[0], StrExpr):
        method = MemberExpr(owner, made.args[0].value)
        method.set_line(owner)
        given: list[Argument] = [*zip(made.args, made.arg_kinds, made.arg_names, strict=True)]
        yield call_of(method, given[1:], owner)


METHODS = {f"{made}.__call__": call for made in (ITEM, ATTRIBUTE, METHOD)}
