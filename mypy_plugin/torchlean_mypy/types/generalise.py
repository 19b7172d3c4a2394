"""Making the dimensions of a signature type variables of its function: mypy then checks bodies and values natively.

A nested function shares the names of the functions around it, and a method those of its class.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from mypy.nodes import (
    AssignmentStmt,
    ClassDef,
    Decorator,
    FuncDef,
    OverloadedFuncDef,
    RefExpr,
    Statement,
    TypeInfo,
    Var,
)
from mypy.semanal_shared import has_placeholder
from mypy.types import (
    CallableType,
    Overloaded,
    ProperType,
    Type,
    TypeVarLikeType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.statements import blocks
from torchlean_mypy.types.convert import Types, is_dimension, renamed, shape_from
from torchlean_mypy.types.defaults import with_defaults
from torchlean_mypy.types.walk import map_callables, signature_parts, symbols_in
from torchlean_typed.shapes.dim import names_of
from torchlean_typed.shapes.shape import Variadic, parse_dim, shape_names


def class_names(info: TypeInfo) -> frozenset[str]:
    """The names that a class binds, by having a field of such a shape."""
    return names_in(*info.defn.type_vars)


def names_in(*types: Type) -> frozenset[str]:
    """The names in the shapes in types."""
    found: set[str] = set()
    for fullname in symbols_in(*types):
        text = fullname.partition(":")[2]
        found |= {text} if text.startswith("*") else names_of(parse_dim(text))
    return frozenset(found)


def own_dimensions(function: CallableType) -> list[Type]:
    """The dimensions among a function's own variables."""
    return [Types.argument_of(variable) for variable in function.variables if is_dimension(variable)]


@lru_cache(maxsize=8192)
def names_of_variables(*variables: Type) -> frozenset[str]:
    """The names alone (``n``, ``*batch``) among fabricated variables."""
    axes = [axis for variable in variables for axis in shape_from([variable])]
    alone = tuple(axis for axis in axes if isinstance(axis, Variadic) or getattr(axis, "name", None) is not None)
    return shape_names(alone)


def definitions(statements: Iterable[Statement], bound: frozenset[str] = frozenset()) -> None:
    """Generalise every signature; the names in ``bound`` are not a function's own."""
    for statement in statements:
        match statement:
            case FuncDef():
                _function(statement, bound)
            case Decorator():
                _function(statement.func, bound)
                if statement.var.type is not None:
                    statement.var.type = generalised(statement.var.type, bound)
            case OverloadedFuncDef():
                if statement.type is not None:
                    statement.type = generalised(statement.type, bound)
                definitions(statement.items, bound)
                if statement.impl is not None and statement.impl not in statement.items:
                    definitions([statement.impl], bound)
            case ClassDef():
                _class(statement, bound)
            case AssignmentStmt():
                _variable(statement, bound)
            case _:
                for block in blocks(statement):
                    definitions(block.body, bound)


def _function(function: FuncDef, bound: frozenset[str]) -> None:
    inner = bound
    if isinstance(function.type, CallableType):
        inner |= names_in(*signature_parts(function.type))
        function.type = with_defaults(generalised(function.type, bound), function)
    definitions(function.body.body, inner)


def _variable(statement: AssignmentStmt, bound: frozenset[str]) -> None:
    """The names of the callables that a variable holds are their own.

    They become so here, when mypy has analysed the file for the last time: a callable's variables it would look up.
    """
    if statement.type is None or statement.unanalyzed_type is None:
        return
    statement.type = _holding(statement.type, bound)
    for target in statement.lvalues:
        if isinstance(target, RefExpr) and isinstance(target.node, Var):
            target.node.type = statement.type


def _holding(typ: Type, bound: frozenset[str]) -> Type:
    """The type of a variable, or of a parameter that stands for a field, with the callables in it generalised."""
    return typ if has_placeholder(typ) else map_callables(typ, lambda function: generalised(function, bound))


def _class(definition: ClassDef, bound: frozenset[str]) -> None:
    if type(definition.info).__name__ == "FakeInfo":
        return  # a class in a block that is never reached
    inner = bound | names_in(*definition.type_vars)
    definitions(definition.defs.body, inner)
    for symbol in definition.info.names.values():
        if symbol.plugin_generated and isinstance(symbol.node, FuncDef):
            made = symbol.node.type
            if isinstance(made, CallableType):
                fields = [_holding(typ, inner) for typ in made.arg_types]
                symbol.node.type = made.copy_modified(arg_types=fields)
            _function(symbol.node, inner)


def generalised(typ: Type, bound: frozenset[str]) -> ProperType:
    """A callable type with the dimensions it mentions, but for those over ``bound`` names, among its variables.

    Names that occur only in a callable that it returns are variables of that one.
    """
    proper = get_proper_type(typ)
    if has_placeholder(proper):
        return proper  # not analysed whole: mypy will come back
    if isinstance(proper, Overloaded):
        items = [generalised(item, bound) for item in proper.items]
        return Overloaded([item for item in items if isinstance(item, CallableType)])
    if not isinstance(proper, CallableType):
        return proper
    result = get_proper_type(proper.ret_type)
    taken = [arg.type if isinstance(arg, UnpackType) else arg for arg in proper.arg_types]
    if isinstance(result, CallableType):
        result = generalised(result, bound | names_in(*taken))
        found = symbols_in(*taken)
    else:
        found = symbols_in(*taken, result)
    present = {variable.fullname for variable in proper.variables}
    new: dict[str, TypeVarLikeType] = {}
    for variable in found.values():
        if not names_in(variable) <= bound:
            new |= {part.fullname: part for part in (*_names_alone(variable, bound), variable)}
    variables = [variable for fullname, variable in new.items() if fullname not in present]
    if not variables and result is get_proper_type(proper.ret_type):
        return proper
    return proper.copy_modified(ret_type=result, variables=[*proper.variables, *variables])


def _names_alone(variable: TypeVarLikeType, bound: frozenset[str]) -> list[TypeVarLikeType]:
    """For ``n+1``, the variable ``n``: a name is known to be the function's own by being one of its variables."""
    if not isinstance(variable, TypeVarType):
        return []
    return [renamed(variable, name) for name in sorted(names_in(variable) - bound)]
