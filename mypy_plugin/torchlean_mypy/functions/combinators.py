"""Functions that give functions, for any shapes where those that they are given are: ``twice(tl.tanh)``."""

from __future__ import annotations

from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import instantiated
from torchlean_mypy.types.generalise import generalised, names_in
from torchlean_mypy.types.walk import signature_parts
from torchlean_typed.shapes.dim import Dimension, DimExpr, symbol
from torchlean_typed.shapes.shape import Bindings, Shape, Variadic
from torchlean_typed.shapes.unify import flexible_name, is_flexible


def result_of(result: Type, own: frozenset[str], told: frozenset[str], bindings: Bindings, types: Types) -> Type:
    """A result with the callee's ``own`` names solved; those of a callable that no argument says are its own."""
    callable_ = get_proper_type(result)
    if not isinstance(callable_, CallableType):
        return instantiated(result, own, bindings, types)
    open_names: dict[object, str] = {}
    values: dict[str, Dimension | Shape] = {}
    for name in sorted(names_in(*signature_parts(callable_)) & own):
        value = bindings.get(flexible_name(name))
        if (value is None and name not in told) or _is_open(value):
            # two names are one where a function that was given says so
            one = open_names.setdefault(name if value is None else value, name)
            values[flexible_name(name)] = (Variadic(one[1:]),) if one.startswith("*") else symbol(one)
    found = instantiated(callable_, own, {**bindings, **values}, types)
    assert isinstance(found, CallableType)
    return generalised(found, names_in(*signature_parts(found)) - {*open_names.values()})


def _is_open(value: Dimension | Shape | None) -> bool:
    """Whether it is a name of a function that was given, which is for any size."""
    match value:
        case DimExpr(name=str() as name):
            return is_flexible(name)
        case (Variadic(name=str() as name),):
            return is_flexible(name)
    return False
