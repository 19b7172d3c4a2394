"""Shapes in expressions: aliases, ``Batch = Float64[Tensor, "b 3"]``, classes with arguments, base classes; callables.

mypy drops the text of an ``Annotated`` in an expression before any hook sees it; it is read off the statement when the
array class in it is analysed. Where an alias is used, its names are those of the function that uses it; in the
arguments of a class, ``Stack[Float64[Tensor, "n"]]()``, those of what stands around.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Expression,
    IndexExpr,
    ListExpr,
    OpExpr,
    RefExpr,
    Statement,
    StrExpr,
    TupleExpr,
    TypeAlias,
    TypeAliasStmt,
    TypeInfo,
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
from torchlean_mypy.syntax.expressions import within
from torchlean_mypy.syntax.names import NDARRAY, PACKAGE, TENSOR
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
    """The class Tensor, which may stand in an expression: a body may tell the shape that the annotation does not."""
    semantic = semantic_analyzer(ctx)
    if not semantic.cur_mod_id.startswith(f"{PACKAGE}."):
        patches.schedule(semantic)
    return _in_expression(ctx, Types(ctx.api).named(TENSOR).type)


def array(ctx: AnalyzeTypeContext, name: str) -> Type:
    """The class numpy.ndarray, which may stand in an expression."""
    return _in_expression(ctx, Types(ctx.api).named(NDARRAY).type)


def of_class(ctx: AnalyzeTypeContext, info: TypeInfo) -> Type:
    """A class with sizes: a file with nothing else that has shapes is patched as well."""
    patches.schedule(semantic_analyzer(ctx))
    typ = get_proper_type(_in_expression(ctx, info))
    if not isinstance(typ, TupleType) or has_placeholder(typ):
        return typ
    types = Types(ctx.api)
    return typ.copy_modified(items=[without_expressions(item, info, types) for item in typ.items])


def _in_expression(ctx: AnalyzeTypeContext, info: TypeInfo) -> Type:
    analyzer: Any = ctx.api
    base: Type = analyzer.analyze_type_with_type_info(info, ctx.type.args, ctx.type, ctx.type.empty_tuple_index)
    if ctx.type.args:
        return base
    semantic = semantic_analyzer(ctx)
    alias = _alias(semantic)
    found = _index_expressions(alias) if alias is not None else []
    for index in found or _annotations(semantic.statement):
        assert isinstance(index.index, TupleExpr)
        array, text = index.index.items
        # the type of the whole alias stands where the whole expression does
        places = [(array.line, array.column), *([(index.line, index.column)] if index is alias else [])]
        if (ctx.type.line, ctx.type.column) in places and isinstance(text, StrExpr):
            spelled = jaxtyping_name(_dotted(index.base), semantic.cur_mod_node, semantic.modules)
            instance = sized(base) if spelled is None else None
            if spelled is not None or instance is not None:
                ctx.type.empty_tuple_index = True  # this alias is not of the bare class, whose arguments mypy drops
                if instance is not None:
                    return class_with_sizes(ctx, instance, text.value)
                shape = shaped(ctx, base, spelled or "Shaped", text.value)
                return shape if found else only_bound(shape, bound_names(ctx), Types(ctx.api))
    return base


def _alias(semantic: Any) -> Expression | None:
    """What stands at the right of what may be an alias."""
    match semantic.statement:
        case AssignmentStmt() as statement if is_unannotated(semantic, statement):
            return _aliased(statement.rvalue)
        case TypeAliasStmt() as statement:
            return statement.value.expr()
    return None


def _is_variable(name: str) -> bool:
    return name.endswith(".TypeVar")


def _annotations(statement: Statement) -> list[IndexExpr]:
    """The annotations in the expressions of a statement that is no alias: ``Stack[Float64[Tensor, "3"]]()``."""
    roots: list[Any] = [statement]
    match statement:
        case ClassDef():
            roots = statement.base_type_exprs
        # mypy takes sizes for type variables, of which the types that a variable chooses from have none; its bound may
        case AssignmentStmt(rvalue=CallExpr(callee=RefExpr(fullname=f), args=args, arg_names=names)) if _is_variable(f):
            roots = [arg for arg, keyword in zip(args, names, strict=True) if keyword is not None]
    nodes = [node for root in roots for node in within(root)]
    return [node for node in nodes if isinstance(node, IndexExpr) and _has_two(node.index)]


def _has_two(index: Expression) -> bool:
    return isinstance(index, TupleExpr) and len(index.items) == 2


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
    analyzer: Any = ctx.api
    own = not in_signature(ctx)
    InCallable.depth += own
    try:
        typ: Type = analyzer.analyze_callable_type(ctx.type)
        return typ
    finally:
        InCallable.depth -= own


TYPES = {TENSOR: tensor, NDARRAY: array, "typing.Callable": callable_type}
