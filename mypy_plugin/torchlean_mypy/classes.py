"""Dimensions of a class: the names in its fields' shapes are its type variables.

``Net(w, b)`` then is ``Net[3, 8]``, and ``net.w`` has the sizes of that net. The names are read off the syntax before
mypy analyses the class, so that they are there when it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    AssignmentStmt,
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
from torchlean_mypy.attributes import Value, kept_names
from torchlean_mypy.class_arguments import bindings_of, with_own_names
from torchlean_mypy.codes import report_unknown
from torchlean_mypy.convert import Types, is_dimension
from torchlean_mypy.erase import instantiated, only_bound
from torchlean_mypy.generalise import class_names, names_in
from torchlean_mypy.names import LOSS, PACK, ROWS, SEQ
from torchlean_mypy.spelling import is_dim, jaxtyping_name
from torchlean_mypy.statements import of_function
from torchlean_mypy.walk import symbols_in
from torchlean_typed.shapes.class_names import sorted_names
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Variadic, parse_shape

ADVICE = "annotate it in the class"
ANNOTATED = ("typing.Annotated", "typing_extensions.Annotated")
KINDS = (PACK, SEQ, ROWS, LOSS)
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
    declared = dict(_declared(definition.defs.body))
    for typ in declared.values():
        names |= dict.fromkeys(_names(typ, ctx))
    inherited_fields = [name for base in definition.info.mro[1:] for name in base.names]
    for constructor in _constructors(definition.defs.body):
        names |= dict.fromkeys(_kept(constructor, {*declared, *inherited_fields}, ctx))
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


def _declared(statements: Iterable[Statement]) -> Iterator[tuple[str, Type]]:
    """The fields that have annotations, in the class and in its constructor."""
    for statement in statements:
        match statement:
            case AssignmentStmt(lvalues=[NameExpr(name=name) | MemberExpr(name=name)], unanalyzed_type=typ) if (
                typ is not None
            ):
                yield name, typ
    for constructor in _constructors(statements):
        yield from _declared(s for s in of_function(constructor) if _is_of_object(s, constructor))


def _is_of_object(statement: Statement, constructor: FuncDef) -> bool:
    """Whether a statement assigns an attribute of the object."""
    match statement:
        case AssignmentStmt(lvalues=[MemberExpr(expr=NameExpr(name=name))]):
            return name == constructor.arguments[0].variable.name
    return False


def _constructors(statements: Iterable[Statement]) -> list[FuncDef]:
    functions = [one.func if isinstance(one, Decorator) else one for one in statements]
    return [one for one in functions if isinstance(one, FuncDef) and one.name == "__init__" and one.arguments]


def _kept(constructor: FuncDef, declared: Iterable[str], ctx: ClassDefContext) -> list[str]:
    """The names of its parameters that the object keeps in fields without annotations, in order."""
    signature = constructor.unanalyzed_type
    if not isinstance(signature, CallableType):
        return []
    named = {
        argument.variable.name: typ for argument, typ in zip(constructor.arguments, signature.arg_types, strict=True)
    }
    names = {name: _names(typ, ctx) for name, typ in named.items()}
    given = {name: Value(frozenset(names[name]), _shape(typ, ctx)) for name, typ in named.items()}
    kept = kept_names(constructor, given, declared)
    return [name for some in names.values() for name in some if name in kept]


def _shape(typ: Type, ctx: ClassDefContext) -> Shape | None:
    """The shape in the annotation of a tensor, which is not analysed yet."""
    module, modules = ctx.api.modules[ctx.api.cur_mod_id], ctx.api.modules
    if not isinstance(typ, UnboundType) or not typ.args or jaxtyping_name(typ.name, module, modules) is None:
        return None
    text = text_of(typ.args[-1])
    try:
        return parse_shape(text) if text is not None else None
    except ShapeError:
        return None


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
    if found is not None and found.fullname in KINDS:
        texts = [text for arg in typ.args if (text := text_of(arg)) is not None]
        shapes = [name for text in texts for part in text.split(",") for name in _names_of(part)]
        return [name for name in shapes if not name.startswith("*")] + [
            name for arg in typ.args if text_of(arg) is None for name in _names(arg, ctx)
        ]
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
    """``net.w`` where the field's shape is an expression over the class's names, ``"n+1 h"``, or has others' names."""
    receiver = get_proper_type(ctx.type)
    if isinstance(receiver, TupleType):
        receiver = receiver.partial_fallback
    member = receiver.type.get(name) if isinstance(receiver, Instance) else None
    if member is not None and isinstance(receiver, Instance) and isinstance(member.node, Var):
        restricted = _without_names_of_method(ctx, receiver, member.node)
        if restricted is not None:
            report_unknown(ctx.api, f"{name}: its sizes are those of the call that set it: {ADVICE}", ctx.context)
            return restricted
    declared = _member(member.node) if member is not None else None
    resolution = resolved(receiver, name, declared, ctx.api) if declared is not None else None
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
