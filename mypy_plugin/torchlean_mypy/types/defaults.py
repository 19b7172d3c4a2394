"""Defaults of parameters that are dimensions, ``heads: Dim["h"] = 3``: what ``h`` is in a call that does not say it.

A function's body is not in mypy's cache, so they stand in its type: as the defaults of its type variables.
"""

from __future__ import annotations

from collections.abc import Sequence

from mypy.constant_fold import constant_fold_expr
from mypy.nodes import Argument, FuncItem, RefExpr, Var
from mypy.types import (
    CallableType,
    Instance,
    ProperType,
    Type,
    TypeVarLikeType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import DIM
from torchlean_mypy.types.convert import dimension_of, renamed
from torchlean_typed.shapes.dim import Unknown


def with_defaults(signature: ProperType, function: FuncItem) -> ProperType:
    """The signature of a function, whose variables have the defaults of the parameters that are dimensions."""
    if not isinstance(signature, CallableType):
        return signature
    values = {
        variable.fullname: value
        for argument, formal in zip(function.arguments, signature.arg_types, strict=True)
        if (variable := _variable(formal)) is not None and (value := _value(argument)) is not None
    }
    variables = [_with_default(variable, values.get(variable.fullname)) for variable in signature.variables]
    return signature.copy_modified(variables=variables) if values else signature


def default_of(formal: Type, variables: Sequence[TypeVarLikeType]) -> Type | None:
    """What a formal that is a dimension stands for in a call without it."""
    own = _variable(formal)
    for variable in variables:
        if own is not None and variable.fullname == own.fullname:
            return None if isinstance(dimension_of(variable.default), Unknown) else variable.default
    return None


def _variable(formal: Type) -> TypeVarType | None:
    """The variable ``n`` of ``Dim["n"]`` or ``Dim["n"] | None``."""
    proper = get_proper_type(formal)
    if isinstance(proper, UnionType):
        return next((found for item in proper.items if (found := _variable(item)) is not None), None)
    if not isinstance(proper, Instance) or proper.type.fullname != DIM:
        return None
    variable = get_proper_type(proper.args[0])
    return variable if isinstance(variable, TypeVarType) else None


def _value(argument: Argument) -> int | None:
    given = argument.initializer
    if isinstance(given, RefExpr):
        value: object = given.node.final_value if isinstance(given.node, Var) else None
    else:
        value = constant_fold_expr(given, "") if given is not None else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _with_default(variable: TypeVarLikeType, value: int | None) -> TypeVarLikeType:
    if value is None or not isinstance(variable, TypeVarType):
        return variable
    return variable.copy_modified(default=renamed(variable, str(value)))
