"""What the names of a base class are in a class whose constructor calls the base's: ``super().__init__(x)``.

``class Square(Layer)`` with ``def __init__(self, a: Float64[Tensor, "k k"])`` and ``super().__init__(a)`` is a
``Layer[k, k]``. It is read off the syntax, as the names are, before mypy analyses the class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Decorator,
    Expression,
    FuncDef,
    MemberExpr,
    NameExpr,
    Statement,
    SuperExpr,
    TypeInfo,
)
from mypy.plugin import ClassDefContext
from mypy.types import CallableType, Instance, Type

from torchlean_mypy.classes.attributes import Value, value_in
from torchlean_mypy.classes.syntax import constructors, declared, given_to, names_of, shape_in
from torchlean_mypy.syntax.expressions import all_of
from torchlean_mypy.syntax.statements import every
from torchlean_mypy.types.class_arguments import with_own_names, with_sizes
from torchlean_mypy.types.convert import Types, is_dimension, shape_of
from torchlean_mypy.types.walk import signature_parts
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Axis, Bindings, Shape, Variadic
from torchlean_typed.shapes.unify import Unifier, flexible

ShapeOf = Callable[[Type, TypeInfo], Shape | None]
Formal = tuple[str | None, Shape | None]


def inherit(ctx: ClassDefContext) -> None:
    """A name of a base class is that name of the class, or what its constructor says."""
    info, types = ctx.cls.info, Types(ctx.api)
    for index, (base, sizes) in enumerate(zip(info.bases, sizes_of_bases(ctx), strict=True)):
        if sizes:
            said = iter(sizes)
            axes = [(next(said),) if is_dimension(variable) else None for variable in base.type.defn.type_vars]
            made = with_sizes(with_own_names(base), axes, types)
            info.bases[index] = made if isinstance(made, Instance) else made.partial_fallback


def sizes_of_bases(ctx: ClassDefContext) -> list[list[Axis]]:
    """The sizes of each base in the class: of one with names, those or what the class's constructor makes of them."""
    definition, found = ctx.cls, []
    for base in definition.info.bases:
        variables = [variable for variable in base.type.defn.type_vars if is_dimension(variable)]
        own = [name for variable in variables for name in [variable.fullname.partition(":")[2]]]
        said: dict[str, Dimension] = {}
        for constructor in constructors(definition.defs.body) if own else ():
            said = _said(constructor, base.type, own, ctx)
        found.append([said.get(name, _axis(name)) for name in own])
    return found


def _axis(name: str) -> Axis:
    return Variadic(name[1:]) if name.startswith("*") else symbol(name)


def _said(constructor: FuncDef, base: TypeInfo, own: list[str], ctx: ClassDefContext) -> dict[str, Dimension]:
    """What a constructor says of the names of a base; no size for one that it leaves open, where it names others."""
    given = given_to(constructor, ctx)
    said = _said_by_call(constructor, base, given, lambda typ, info: shape_in(typ, ctx, info.module_name))
    if said is None:
        return {}
    mentioned = {name for value in given.values() for name in value.names}
    elsewhere = {name for typ in _elsewhere(ctx.cls.defs.body) for name in names_of(typ, ctx)}
    left_open = [name for name in own if name not in said and mentioned and name not in mentioned]
    sizes = {name: size for name, size in said.items() if name in own} | dict.fromkeys(left_open, UNKNOWN)
    return {name: size for name, size in sizes.items() if name not in elsewhere and not name.startswith("*")}


def _elsewhere(body: Iterable[Statement]) -> Iterator[Type]:
    """The annotations in a class, without those of its constructor's parameters."""
    yield from dict(declared(body)).values()
    for statement in body:
        function = statement.func if isinstance(statement, Decorator) else statement
        if isinstance(function, FuncDef) and function.name != "__init__":
            signature = function.unanalyzed_type
            yield from signature_parts(signature) if isinstance(signature, CallableType) else ()


def _said_by_call(
    constructor: FuncDef, base: TypeInfo, given: Mapping[str, Value], shape_of_formal: ShapeOf
) -> dict[str, Dimension] | None:
    """The sizes that a constructor gives to the names of the base, where it can be seen; None without a call."""
    made = all_of(every(constructor.body.body))[CallExpr]
    calls = [(call, skipped) for call in made if (skipped := _skipped(call, base)) is not None]
    if len(calls) != 1:
        return None
    ((call, skipped),) = calls
    told: list[tuple[Shape, Shape]] = []
    found: Bindings = {}
    for (_, formal), argument in _paired(_formals(base, shape_of_formal), call, skipped):
        actual = value_in(constructor, argument, given).shape
        if formal is not None and actual is not None:
            try:
                found = _solved([*told, (formal, actual)])
            except (ShapeError, Undetermined):
                continue  # an error of the call
            told.append((formal, actual))
    return {
        name.removeprefix("?"): size
        for name, size in found.items()
        if isinstance(size, int) or (isinstance(size, DimExpr) and size.name is not None)
    }


def _solved(pairs: list[tuple[Shape, Shape]]) -> Bindings:
    unifier = Unifier("__init__")
    for formal, actual in pairs:
        unifier.match(flexible(formal), actual, "")
    return unifier.solve()


def _skipped(node: object, base: TypeInfo) -> int | None:
    """How many arguments come before those of the base's constructor, where a node is a call of it."""
    match node:
        case CallExpr(callee=SuperExpr(name="__init__")):
            return 0
        case CallExpr(callee=MemberExpr(expr=CallExpr(callee=NameExpr(name="super")), name="__init__")):
            return 0
        case CallExpr(callee=MemberExpr(expr=NameExpr(name=name), name="__init__")) if name == base.name:
            return 1
    return None


def _formals(base: TypeInfo, shape_of_formal: ShapeOf) -> list[Formal]:
    """The parameters of a class's constructor, without ``self``, with their shapes; of a dataclass, its fields."""
    found = base.get("__init__")
    function = found.node if found is not None else None
    if not isinstance(function, FuncDef) or function.info.fullname == "builtins.object":
        return [*_fields(base.defn, base, shape_of_formal)] if base.defn.decorators else []
    if isinstance(signature := function.unanalyzed_type, CallableType):
        shapes = [shape_of_formal(typ, function.info) for typ in signature.arg_types]
    elif isinstance(signature := function.type, CallableType):  # from mypy's cache
        shapes = [shape_of(typ) for typ in signature.arg_types]
    else:
        return []
    return [*zip(signature.arg_names, shapes, strict=True)][1:]


def _fields(definition: ClassDef, base: TypeInfo, shape_of_formal: ShapeOf) -> list[Formal]:
    found: list[Formal] = []
    for statement in definition.defs.body:
        match statement:
            case AssignmentStmt(lvalues=[NameExpr(name=name)], unanalyzed_type=typ) if typ is not None:
                found.append((name, shape_of_formal(typ, base)))
    return found


def _paired(formals: list[Formal], call: CallExpr, skipped: int) -> list[tuple[Formal, Expression]]:
    named = {name: formal for name, formal in formals}
    pairs: list[tuple[Formal, Expression]] = []
    for number, (argument, name) in enumerate(zip(call.args, call.arg_names, strict=True)):
        if name is not None and name in named:
            pairs.append(((name, named[name]), argument))
        elif name is None and skipped <= number < len(formals) + skipped:
            pairs.append((formals[number - skipped], argument))
    return pairs
