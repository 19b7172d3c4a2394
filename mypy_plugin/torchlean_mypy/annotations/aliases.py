"""Shapes in type aliases, ``Batch = Float64[Tensor, "b 3"]``, and in the types of callables.

mypy drops the text of an ``Annotated`` at the right of an alias before any hook sees it; it is read off the statement
when the array class in it is analysed. Where an alias is used, its names are those of the function that uses it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Expression,
    IndexExpr,
    ListExpr,
    OpExpr,
    RefExpr,
    StrExpr,
    TupleExpr,
    TypeAlias,
    TypeAliasStmt,
)
from mypy.plugin import AnalyzeTypeContext
from mypy.semanal_shared import has_placeholder
from mypy.types import TupleType, Type, get_proper_type

from torchlean_mypy.annotations.jaxtyped import (
    InCallable,
    bound_names,
    class_with_sizes,
    in_signature,
    is_unannotated,
    semantic_analyzer,
    shaped,
)
from torchlean_mypy.flow import patches
from torchlean_mypy.syntax.names import NDARRAY, TENSOR
from torchlean_mypy.syntax.spelling import jaxtyping_name
from torchlean_mypy.types.class_arguments import sized, without_expressions
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import beside_callables, only_bound
from torchlean_mypy.types.walk import mentions_dimensions


class Declined:
    """Names for which the next look-up of a hook gives none, so that a hook can ask for mypy's own analysis."""

    names: ClassVar[set[str]] = set()

    @classmethod
    def take(cls, fullname: str) -> bool:
        """Whether this look-up is one to decline."""
        if fullname in cls.names:
            cls.names.discard(fullname)
            return True
        return False


def without_hook(ctx: AnalyzeTypeContext, fullname: str) -> Type:
    """What mypy itself makes of the type."""
    Declined.names.add(fullname)
    try:
        return ctx.api.anal_type(ctx.type)  # type: ignore[attr-defined, no-any-return]
    finally:
        Declined.names.discard(fullname)


def tensor(ctx: AnalyzeTypeContext, name: str) -> Type:
    """The class Tensor, which may stand in an alias."""
    return _in_alias(ctx, TENSOR)


def array(ctx: AnalyzeTypeContext, name: str) -> Type:
    """The class numpy.ndarray, which may stand in an alias."""
    return _in_alias(ctx, NDARRAY)


def of_class(ctx: AnalyzeTypeContext, fullname: str) -> Type:
    """A class with sizes: a file with nothing else that has shapes is patched as well."""
    patches.schedule(semantic_analyzer(ctx))
    typ = get_proper_type(_in_alias(ctx, fullname))
    if not isinstance(typ, TupleType) or has_placeholder(typ):
        return typ
    info, types = typ.partial_fallback.type, Types(ctx.api)
    return typ.copy_modified(items=[without_expressions(item, info, types) for item in typ.items])


def _in_alias(ctx: AnalyzeTypeContext, fullname: str) -> Type:
    base = without_hook(ctx, fullname)
    semantic = semantic_analyzer(ctx)
    statement = semantic.statement
    value: Any = None
    if isinstance(statement, AssignmentStmt) and is_unannotated(semantic, statement):
        value = _aliased(statement.rvalue)
    elif isinstance(statement, TypeAliasStmt):
        value = statement.value.expr()
    if value is None or ctx.type.args:
        return base
    for index in _index_expressions(value):
        assert isinstance(index.index, TupleExpr)
        array, text = index.index.items
        # the type of the whole alias stands where the whole expression does
        places = [(array.line, array.column), *([(index.line, index.column)] if index is value else [])]
        if (ctx.type.line, ctx.type.column) in places and isinstance(text, StrExpr):
            spelled = jaxtyping_name(_dotted(index.base), semantic.cur_mod_node, semantic.modules)
            instance = sized(base) if spelled is None else None
            if spelled is not None or instance is not None:
                ctx.type.empty_tuple_index = True  # this alias is not of the bare class, whose arguments mypy drops
                if instance is not None:
                    return class_with_sizes(ctx, instance, text.value)
                return shaped(ctx, base, spelled or "Shaped", text.value)
    return base


def _aliased(value: Expression) -> Expression:
    """The type at the right of an alias, which may be an argument of ``TypeAliasType``."""
    match value:
        case CallExpr(callee=RefExpr(fullname=name), args=[_, typ, *_]) if name.endswith(".TypeAliasType"):
            return typ
    return value


def _index_expressions(value: Expression) -> list[IndexExpr]:
    match value:
        case IndexExpr(index=TupleExpr(items=[_, _])):
            return [value, *_index_expressions(value.index)]
        case IndexExpr():
            return _index_expressions(value.index)
        case TupleExpr() | ListExpr():
            return [found for item in value.items for found in _index_expressions(item)]
        case OpExpr():
            return _index_expressions(value.left) + _index_expressions(value.right)
    return []


def _dotted(value: Expression) -> str:
    name = getattr(value, "name", "")
    inner = getattr(value, "expr", None)
    return f"{_dotted(inner)}.{name}" if inner is not None else name


def is_shaped(alias: object) -> bool:
    """Whether a symbol is an alias with dimensions in it."""
    return isinstance(alias, TypeAlias) and not has_placeholder(alias.target) and mentions_dimensions(alias.target)


def use(ctx: AnalyzeTypeContext, fullname: str) -> Type:
    """An alias with dimensions in it, where it is used."""
    typ = without_hook(ctx, fullname)
    if has_placeholder(typ):
        return typ
    semantic = semantic_analyzer(ctx)
    patches.schedule(semantic)
    if in_signature(ctx) or InCallable.depth:
        return typ
    bound = bound_names(ctx)
    return beside_callables(typ, lambda part: only_bound(part, bound, Types(ctx.api)))


def callable_type(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``Callable[...]`` of a variable or a field: the names that nothing around it binds will be its own."""
    if in_signature(ctx):
        return without_hook(ctx, CALLABLE)
    InCallable.depth += 1
    try:
        return without_hook(ctx, CALLABLE)
    finally:
        InCallable.depth -= 1


CALLABLE = "typing.Callable"
TYPES = {TENSOR: tensor, NDARRAY: array, CALLABLE: callable_type}
