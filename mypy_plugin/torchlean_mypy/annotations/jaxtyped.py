"""jaxtyping's annotations, read: ``Float64[Tensor, "b 3"]`` and ``Dim["n"]`` as types."""

from __future__ import annotations

from typing import Any

from mypy.errorcodes import VALID_TYPE
from mypy.nodes import (
    AssignmentStmt,
    ClassDef,
    Decorator,
    FuncDef,
    OverloadedFuncDef,
    TypeAliasStmt,
)
from mypy.plugin import AnalyzeTypeContext
from mypy.types import AnyType, Instance, RawExpressionType, Type, TypeOfAny, UnboundType, UnionType, get_proper_type

from torchlean_mypy.flow import patches
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.names import NDARRAY
from torchlean_mypy.syntax.spelling import MARKERS, is_dim, jaxtyping_name
from torchlean_mypy.types.class_arguments import sized, sizes_in, with_sizes
from torchlean_mypy.types.class_links import bound_by
from torchlean_mypy.types.convert import Types, is_dimension, tensor_of
from torchlean_mypy.types.erase import without_unbound
from torchlean_typed.shapes.class_names import sizes_of
from torchlean_typed.shapes.dim import UNKNOWN, names_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Variadic, parse_dim, parse_shape


class InCallable:
    """How many callable types, whose names are their own, the annotation that is being read stands in."""

    depth = 0


def annotated(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``typing.Annotated``, which is what mypy sees of each of jaxtyping's classes."""
    typ, semantic = ctx.type, semantic_analyzer(ctx)
    spelled = jaxtyping_name(typ.name, semantic.cur_mod_node, semantic.modules)
    if spelled is None and len(typ.args) < 2:
        ctx.api.fail(
            "Annotated[...] must have exactly one type argument and at least one annotation", typ, code=VALID_TYPE
        )
        return AnyType(TypeOfAny.from_error)
    if spelled is not None and len(typ.args) != 2:
        error = ShapeError(spelled, f'takes an array type and a shape, as in {spelled}[Tensor, "b 3"]')
        report(ctx.api, error, typ)
        return AnyType(TypeOfAny.from_error)
    base = ctx.api.anal_type(typ.args[0])  # type: ignore[attr-defined]
    text = text_of(typ.args[1])
    if spelled is None and text is not None and (instance := sized(base)) is not None:
        patches.schedule(semantic)
        return class_with_sizes(ctx, instance, text)
    if spelled is None and (text is None or tensor_of(base) is None):
        return base  # type: ignore[no-any-return]
    if text is None:
        error = ShapeError(spelled or "Shaped", 'the shape must be a text, as in "b 3"')
        report(ctx.api, error, typ)
        return base  # type: ignore[no-any-return]
    patches.schedule(semantic)
    return shaped(ctx, base, spelled or "Shaped", text)


def literal(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``Dim["n"]``, which mypy sees as a ``typing.Literal``, and the true Literals."""
    semantic = semantic_analyzer(ctx)
    if is_dim(ctx.type.name, semantic.cur_mod_node, semantic.modules):
        return _dim(ctx)
    return ctx.api.analyze_literal_type(ctx.type)  # type: ignore[attr-defined, no-any-return]


def _dim(ctx: AnalyzeTypeContext) -> Type:
    types = Types(ctx.api)
    text = text_of(ctx.type.args[0]) if len(ctx.type.args) == 1 else None
    if text is None:
        if ctx.type.args:
            report(ctx.api, ShapeError("Dim", 'takes the text of one dimension, as in Dim["n"]'), ctx.type)
        return types.any_dim()
    patches.schedule(semantic_analyzer(ctx))
    try:
        size = UNKNOWN if text == "_" else parse_dim(text)
    except ShapeError as error:
        report(ctx.api, _renamed(error, "Dim"), ctx.type)
        return types.any_dim()
    free = names_of(size) - bound_names(ctx)
    return types.any_dim() if free and not in_signature(ctx) and not InCallable.depth else types.dim(size)


def text_of(typ: Type) -> str | None:
    """The string that stands in a type's place."""
    if isinstance(typ, RawExpressionType) and isinstance(typ.literal_value, str):
        return typ.literal_value
    if isinstance(typ, UnboundType | UnionType):
        return typ.original_str_expr
    return None


def shaped(ctx: AnalyzeTypeContext, base: Type, name: str, text: str) -> Type:
    """An array class with the dtype and shape of ``name[base, text]``."""
    types = Types(ctx.api)
    try:
        shape = parse_shape(text, name)
    except ShapeError as error:
        report(ctx.api, error, ctx.type)
        shape = (Variadic(None),)
    return _given(types, base, MARKERS[name], _known_here(ctx, shape))


def class_with_sizes(ctx: AnalyzeTypeContext, instance: Instance, text: str) -> Type:
    """A class with the sizes of ``Annotated[instance, text]``."""
    names = sizes_in(instance)[0]
    try:
        sizes = iter([_known_here(ctx, size) for size in sizes_of(instance.type.name, names, text)])
    except ShapeError as error:
        report(ctx.api, error, ctx.type)
        return with_sizes(instance, [None for _ in instance.type.defn.type_vars], Types(ctx.api))
    variables = instance.type.defn.type_vars
    return with_sizes(
        instance, [next(sizes) if is_dimension(variable) else None for variable in variables], Types(ctx.api)
    )


def _known_here(ctx: AnalyzeTypeContext, shape: Shape) -> Shape:
    """The shape, in which a name that nothing around a variable binds is a size that is not known."""
    bound_later = in_signature(ctx) or InCallable.depth
    return shape if bound_later else without_unbound(shape, bound_names(ctx))


def _given(types: Types, base: Type, marker: str | None, shape: Shape) -> Type:
    proper = get_proper_type(base)
    if isinstance(proper, UnionType):
        return UnionType.make_union([_given(types, item, marker, shape) for item in proper.items])
    if tensor_of(proper) is not None:
        return types.tensor(marker, shape)
    if isinstance(proper, Instance) and proper.type.fullname == NDARRAY:
        return types.array(marker, shape)
    return base


def in_signature(ctx: AnalyzeTypeContext) -> bool:
    """Whether the annotation stands where names are bound, in a signature, or in an alias, for where that is used."""
    semantic = semantic_analyzer(ctx)
    statement = semantic.statement
    if isinstance(statement, AssignmentStmt):
        return is_unannotated(semantic, statement)
    if isinstance(statement, ClassDef):  # fields that are read before the class is there: a NamedTuple's
        return any(getattr(base, "name", "") == "NamedTuple" for base in statement.base_type_exprs)
    return isinstance(statement, FuncDef | Decorator | OverloadedFuncDef | TypeAliasStmt)


def is_unannotated(semantic: Any, statement: AssignmentStmt) -> bool:
    """Whether an assignment may be an alias: it has no annotation but ``TypeAlias``."""
    return statement.unanalyzed_type is None or bool(semantic.is_pep_613(statement))


def bound_names(ctx: AnalyzeTypeContext) -> frozenset[str]:
    """The names (``n``, ``*batch``) bound by the functions and the class around the annotation."""
    semantic = semantic_analyzer(ctx)
    return bound_by(semantic.function_stack, semantic.type, Types(ctx.api))


def semantic_analyzer(ctx: AnalyzeTypeContext) -> Any:
    """Mypy's semantic analyzer behind the type analyzer."""
    return ctx.api.api  # type: ignore[attr-defined]


def _renamed(error: ShapeError, op: str) -> ShapeError:
    return ShapeError(op, error.problem, expected=error.expected, got=error.got, hint=error.hint)


TYPES = {f"{module}.Annotated": annotated for module in ("typing", "typing_extensions")} | {
    f"{module}.Literal": literal for module in ("typing", "typing_extensions")
}
