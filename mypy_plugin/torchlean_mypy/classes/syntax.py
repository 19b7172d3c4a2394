"""What the annotations and the constructor of a class say, read off the syntax before mypy analyses the class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import (
    AssignmentStmt,
    Decorator,
    FuncDef,
    MemberExpr,
    NameExpr,
    Statement,
    TypeAlias,
    TypeInfo,
)
from mypy.plugin import ClassDefContext
from mypy.semanal_shared import has_placeholder
from mypy.types import CallableType, Type, TypeList, UnboundType, UnionType

from torchlean_mypy.annotations.jaxtyped import text_of
from torchlean_mypy.classes.attributes import Value, kept_names
from torchlean_mypy.syntax.names import LOSS, PACK, ROWS, SEQ
from torchlean_mypy.syntax.spelling import is_dim, jaxtyping_name
from torchlean_mypy.syntax.statements import of_function
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_typed.shapes.class_names import sorted_names
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, parse_shape

ANNOTATED = ("typing.Annotated", "typing_extensions.Annotated")
NUMBERS = ("float", "int", "bool")
KINDS = (PACK, SEQ, ROWS, LOSS)


def declared(statements: Iterable[Statement]) -> Iterator[tuple[str, Type]]:
    """The fields that have annotations, in the class and in its constructor."""
    for statement in statements:
        match statement:
            case AssignmentStmt(lvalues=[NameExpr(name=name) | MemberExpr(name=name)], unanalyzed_type=typ) if (
                typ is not None
            ):
                yield name, typ
    for constructor in constructors(statements):
        yield from declared(s for s in of_function(constructor) if _is_of_object(s, constructor))


def _is_of_object(statement: Statement, constructor: FuncDef) -> bool:
    """Whether a statement assigns an attribute of the object."""
    match statement:
        case AssignmentStmt(lvalues=[MemberExpr(expr=NameExpr(name=name))]):
            return name == constructor.arguments[0].variable.name
    return False


def constructors(statements: Iterable[Statement]) -> list[FuncDef]:
    """The constructor of a class, where it has one."""
    functions = [one.func if isinstance(one, Decorator) else one for one in statements]
    return [one for one in functions if isinstance(one, FuncDef) and one.name == "__init__" and one.arguments]


def names_kept(constructor: FuncDef, declared: Iterable[str], ctx: ClassDefContext) -> list[str]:
    """The names of its parameters that the object keeps in fields without annotations, in order."""
    given = given_to(constructor, ctx)
    kept = kept_names(constructor, given, declared)
    return [name for typ in _parameters(constructor).values() for name in names_of(typ, ctx) if name in kept]


def _parameters(constructor: FuncDef) -> dict[str, Type]:
    signature = constructor.unanalyzed_type
    types = signature.arg_types if isinstance(signature, CallableType) else []
    return {argument.variable.name: typ for argument, typ in zip(constructor.arguments, types, strict=False)}


def given_to(constructor: FuncDef, ctx: ClassDefContext) -> dict[str, Value]:
    """What is known of the parameters of a constructor."""
    module, modules = ctx.api.modules[ctx.api.cur_mod_id], ctx.api.modules
    found: dict[str, Value] = {}
    for name, typ in _parameters(constructor).items():
        names = names_of(typ, ctx)
        is_size = isinstance(typ, UnboundType) and len(names) == 1 and is_dim(typ.name, module, modules)
        shape = () if isinstance(typ, UnboundType) and typ.name in NUMBERS else shape_in(typ, ctx)
        found[name] = Value(frozenset(names), shape, symbol(names[0]) if is_size else None)
    return found


def shape_in(typ: Type, ctx: ClassDefContext, name: str | None = None) -> Shape | None:
    """The shape in the annotation of a tensor, which is not analysed yet, in a module; this one if none is named."""
    module, modules = ctx.api.modules[name or ctx.api.cur_mod_id], ctx.api.modules
    if not isinstance(typ, UnboundType) or not typ.args or jaxtyping_name(typ.name, module, modules) is None:
        return None
    text = text_of(typ.args[-1])
    try:
        return parse_shape(text) if text is not None else None
    except ShapeError:
        return None


def names_of(typ: Type, ctx: ClassDefContext) -> list[str]:
    """The names in the shapes in a type that is not analysed yet, in order; a callable's are its own."""
    if isinstance(typ, UnionType | TypeList):
        return [name for item in typ.items for name in names_of(item, ctx)]
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
            name for arg in typ.args if text_of(arg) is None for name in names_of(arg, ctx)
        ]
    if found is not None and found.fullname in ("typing.Callable", "collections.abc.Callable"):
        return []
    if found is not None and found.fullname in ANNOTATED and text is not None and isinstance(typ.args[0], UnboundType):
        held = ctx.api.lookup_qualified(typ.args[0].name, ctx.cls, suppress_errors=True)
        has_sizes = held is not None and isinstance(held.node, TypeInfo) and class_names(held.node)
        return _names_of(text) if has_sizes else []
    return [name for arg in typ.args for name in names_of(arg, ctx)]


def _names_of(text: str) -> list[str]:
    """The names in the text of a shape in the order in which they are written."""
    try:
        return sorted_names(parse_shape(text))
    except ShapeError:
        return []
