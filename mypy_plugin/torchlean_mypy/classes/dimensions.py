"""Dimensions of a class: the names in its fields' shapes are its type variables.

``Net(w, b)`` then is ``Net[3, 8]``, and ``net.w`` has the sizes of that net. The names are read off the syntax before
mypy analyses the class, so that they are there when it does.
"""

from __future__ import annotations

from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Decorator, FuncDef, SymbolNode, Var
from mypy.plugin import AttributeContext, ClassDefContext
from mypy.types import CallableType, Instance, Type

from torchlean_mypy.classes.inherited import inherit, sizes_of_bases
from torchlean_mypy.classes.syntax import constructors, declared, names_kept, names_of
from torchlean_mypy.reports.codes import report_unknown
from torchlean_mypy.types.class_arguments import behind_tuple, bindings_of
from torchlean_mypy.types.convert import Types, is_dimension
from torchlean_mypy.types.erase import instantiated, only_bound
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_mypy.types.walk import symbols_in
from torchlean_typed.shapes.class_names import sorted_names
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.shape import Shape, Variadic

ADVICE = "annotate it in the class"
SPECIAL_BASES = {"NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum"}


def bind(ctx: ClassDefContext, name: str) -> None:
    """Make a class generic over its dimensions."""
    definition = ctx.cls
    if any(getattr(base, "name", "") in SPECIAL_BASES for base in definition.base_type_exprs):
        return
    if not any(map(is_dimension, definition.type_vars)):  # mypy may come again
        _made_generic(ctx)
    inherit(ctx)


def named_tuple(ctx: ClassDefContext, name: str) -> None:
    """Make a NamedTuple generic over its dimensions; mypy has read its fields by then."""
    semantic: Any = ctx.api
    if _made_generic(ctx):
        semantic.setup_alias_type_vars(ctx.cls)


def _made_generic(ctx: ClassDefContext) -> bool:
    """Add the names to the variables of the class, where there are any."""
    definition, types = ctx.cls, Types(ctx.api)
    names: dict[str, None] = {}
    for sizes in sizes_of_bases(ctx):
        names |= {name: None for size in sizes for name in sorted_names((size,))}
    fields = dict(declared(definition.defs.body))
    for typ in fields.values():
        names |= dict.fromkeys(names_of(typ, ctx))
    inherited_fields = [name for base in definition.info.mro[1:] for name in base.names]
    for constructor in constructors(definition.defs.body):
        names |= dict.fromkeys(names_kept(constructor, {*fields, *inherited_fields}, ctx))
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


def has_expressions(own: frozenset[str], *types: Type) -> bool:
    """Whether a dimension in the types is an expression over a class's own names, which mypy cannot put sizes into."""
    found = symbols_in(*types).values()
    return any(variable.name not in own and names_in(variable) & own for variable in found)


def resolved(receiver: Type, name: str, member: Type, api: Any, always: bool = False) -> Type | None:
    """A member's declared type with the receiver's sizes put in; but for ``always``, None where mypy can do so."""
    proper = behind_tuple(receiver)
    info = proper.type.get_containing_type_info(name) if isinstance(proper, Instance) else None
    own = class_names(info) if info is not None else frozenset()
    if info is None or not own or not isinstance(proper, Instance):
        return None
    if not always and not has_expressions(own, member):
        return None
    return instantiated(member, own, bindings_of(map_instance_to_supertype(proper, info)), Types(api))


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``net.w`` where the field's shape is an expression over the class's names, ``"n+1 h"``, or has others' names."""
    receiver = behind_tuple(ctx.type)
    member = receiver.type.get(name) if isinstance(receiver, Instance) else None
    if member is not None and isinstance(receiver, Instance) and isinstance(member.node, Var):
        restricted = _without_names_of_method(ctx, receiver, member.node)
        if restricted is not None:
            report_unknown(ctx.api, f"{name}: its sizes are those of the call that set it: {ADVICE}", ctx.context)
            return restricted
    declared = _member(member.node) if member is not None else None
    resolution = resolved(ctx.type, name, declared, ctx.api) if declared is not None else None
    return resolution or ctx.default_attr_type


def _without_names_of_method(ctx: AttributeContext, receiver: Instance, attribute: Var) -> Type | None:
    """The type of an attribute that was inferred, without the names of the method that set it; None without any.

    In that method itself they are what they are.
    """
    info = receiver.type.get_containing_type_info(attribute.name)
    if attribute.type is None or not attribute.is_inferred or info is None or "@" in info.fullname:
        return None
    own = class_names(info)
    if names_in(attribute.type) <= own:
        return None
    api: Any = ctx.api
    for function in api.scope.stack:
        if isinstance(function, FuncDef) and function.line <= attribute.line <= (function.end_line or 0):
            return None
    known = only_bound(attribute.type, own, Types(api))
    return instantiated(known, own, bindings_of(map_instance_to_supertype(receiver, info)), Types(api))


def _member(node: SymbolNode | None) -> Type | None:
    """The type of a field or a property."""
    if isinstance(node, Decorator) and node.func.is_property and isinstance(node.func.type, CallableType):
        return node.func.type.ret_type
    return node.type if isinstance(node, Var) else None


BASES = {f"{module}.NamedTuple": named_tuple for module in ("typing", "typing_extensions")}
