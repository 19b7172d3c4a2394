"""Dimensions of a class: the names in its fields' shapes and in its constructor's parameters are its type variables.

``Net(w, b)`` then is ``Net[3, 8]``, and ``net.w`` has the sizes of that net. The names are read off the syntax before
mypy analyses the class, so that they are there when it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    AssignmentStmt,
    Block,
    Decorator,
    FuncDef,
    MemberExpr,
    NameExpr,
    Statement,
    SymbolNode,
    TypeAlias,
    TypeInfo,
    Var,
)
from mypy.plugin import AttributeContext, ClassDefContext
from mypy.semanal_shared import has_placeholder
from mypy.types import (
    CallableType,
    Instance,
    TupleType,
    Type,
    TypeList,
    UnboundType,
    UnionType,
    get_proper_type,
)

from torchlean_mypy.annotations import text_of
from torchlean_mypy.class_arguments import bindings_of, with_own_names
from torchlean_mypy.convert import Types, is_dimension
from torchlean_mypy.erase import instantiated
from torchlean_mypy.generalise import class_names, names_in
from torchlean_mypy.spelling import is_dim, jaxtyping_name
from torchlean_mypy.walk import symbols_in
from torchlean_typed.shapes.class_names import sorted_names
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Variadic, parse_shape

ANNOTATED = ("typing.Annotated", "typing_extensions.Annotated")
SPECIAL_BASES = {"NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum"}


def bind(ctx: ClassDefContext, name: str) -> None:
    """Make a class generic over its dimensions."""
    definition = ctx.cls
    if getattr(ctx.api, "is_stub_file", False):
        return
    if any(getattr(base, "name", "") in SPECIAL_BASES for base in definition.base_type_exprs):
        return
    # mypy may come again
    if any(map(is_dimension, definition.type_vars)) or _made_generic(ctx):
        _inherit(definition.info)


def named_tuple(ctx: ClassDefContext, name: str) -> None:
    """Make a NamedTuple generic over its dimensions; mypy has read its fields by then."""
    if not getattr(ctx.api, "is_stub_file", False) and _made_generic(ctx):
        ctx.api.setup_alias_type_vars(ctx.cls)  # type: ignore[attr-defined]


def _made_generic(ctx: ClassDefContext) -> bool:
    """Add the names to the variables of the class, where there are any."""
    definition, types = ctx.cls, Types(ctx.api)
    names: dict[str, None] = {}
    for base in definition.info.bases:
        inherited = [variable for variable in base.type.defn.type_vars if is_dimension(variable)]
        names |= {variable.fullname.partition(":")[2]: None for variable in inherited}
    for typ in _declared_types(definition.defs.body):
        names |= dict.fromkeys(_names(typ, ctx))
    variadics = [key for key in names if key.startswith("*")]
    axes: Shape = tuple(Variadic(key[1:]) for key in variadics[:1]) + tuple(
        symbol(key) for key in names if key not in variadics
    )
    variables = [variable for axis in axes for variable in symbols_in(types.axis(axis)).values()]
    if variables:
        definition.type_vars = [*definition.type_vars, *variables]
        definition.info.type_vars = []
        definition.info.add_type_vars()
    return bool(variables)


def _inherit(info: TypeInfo) -> None:
    """A name of a base class is that name of the class."""
    for index, base in enumerate(info.bases):
        variables = base.type.defn.type_vars
        if any(map(is_dimension, variables)):
            info.bases[index] = with_own_names(base)


def _declared_types(statements: list[Statement]) -> Iterator[Type]:
    """The types of fields, of the constructor's parameters, and of fields declared in the constructor."""
    for statement in statements:
        match statement:
            case AssignmentStmt(unanalyzed_type=UnboundType() | UnionType() as typ):
                yield typ
            case FuncDef(name="__init__"):
                yield from _of_constructor(statement)
            case Decorator(func=FuncDef(name="__init__") as function):
                yield from _of_constructor(function)


def _of_constructor(function: FuncDef) -> Iterator[Type]:
    if isinstance(function.unanalyzed_type, CallableType):
        yield from function.unanalyzed_type.arg_types
    for statement in _statements(function.body):
        match statement:
            case AssignmentStmt(lvalues=[MemberExpr(expr=NameExpr(name="self"))], unanalyzed_type=typ) if (
                typ is not None
            ):
                yield typ


def _statements(block: Block) -> Iterator[Statement]:
    for statement in block.body:
        yield statement
        for inner in getattr(statement, "body", []) if isinstance(getattr(statement, "body", None), list) else []:
            yield from _statements(inner)


def _names(typ: Type, ctx: ClassDefContext) -> list[str]:
    """The names in the shapes in a type that is not analysed yet, in order; a callable's are its own."""
    if isinstance(typ, UnionType | TypeList):
        return [name for item in typ.items for name in _names(item, ctx)]
    if not isinstance(typ, UnboundType):
        return []
    module, modules = ctx.api.modules[ctx.api.cur_mod_id], ctx.api.modules
    text = text_of(typ.args[-1]) if typ.args else None
    if text is not None and (is_dim(typ.name, module, modules) or jaxtyping_name(typ.name, module, modules)):
        return _names_of(text)
    found = ctx.api.lookup_qualified(typ.name, ctx.cls, suppress_errors=True)
    if found is not None and isinstance(found.node, TypeAlias) and not has_placeholder(found.node.target):
        return sorted(names_in(found.node.target))
    if found is not None and found.fullname in ("typing.Callable", "collections.abc.Callable"):
        return []
    if found is not None and found.fullname in ANNOTATED and text is not None and isinstance(typ.args[0], UnboundType):
        held = ctx.api.lookup_qualified(typ.args[0].name, ctx.cls, suppress_errors=True)
        has_sizes = held is not None and isinstance(held.node, TypeInfo) and class_names(held.node)
        return _names_of(text) if has_sizes else []
    return [name for arg in typ.args for name in _names(arg, ctx)]


def _names_of(text: str) -> list[str]:
    """The names in the text of a shape in the order in which they are written."""
    try:
        return sorted_names(parse_shape(text))
    except ShapeError:
        return []


def has_expressions(own: frozenset[str], *types: Type) -> bool:
    """Whether a dimension in the types is an expression over a class's own names, which mypy cannot put sizes into."""
    found = symbols_in(*types).values()
    return any(variable.name not in own and names_in(variable) & own for variable in found)


def resolved(receiver: Type, name: str, member: Type, api: Any) -> Type | None:
    """A member's declared type with the receiver's sizes put in, where it has expressions over the class's names."""
    proper = get_proper_type(receiver)
    if isinstance(proper, TupleType):  # a NamedTuple
        proper = proper.partial_fallback
    info = proper.type.get_containing_type_info(name) if isinstance(proper, Instance) else None
    own = class_names(info) if info is not None else frozenset()
    if info is None or not own or not isinstance(proper, Instance) or not has_expressions(own, member):
        return None
    return instantiated(member, own, bindings_of(map_instance_to_supertype(proper, info)), Types(api))


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``net.w`` where the field's shape is an expression over the class's names: ``"n+1 h"``."""
    receiver = get_proper_type(ctx.type)
    if isinstance(receiver, TupleType):
        receiver = receiver.partial_fallback
    member = receiver.type.get(name) if isinstance(receiver, Instance) else None
    declared = _declared(member.node) if member is not None else None
    resolution = resolved(receiver, name, declared, ctx.api) if declared is not None else None
    return resolution or ctx.default_attr_type


def _declared(node: SymbolNode | None) -> Type | None:
    """The declared type of a field or a property."""
    if isinstance(node, Decorator) and node.func.is_property and isinstance(node.func.type, CallableType):
        return node.func.type.ret_type
    return node.type if isinstance(node, Var) else None


BASES = {f"{module}.NamedTuple": named_tuple for module in ("typing", "typing_extensions")}
