"""What a method takes and gives: its signature with the sizes of the object that it is called on.

A name is the same variable wherever it stands. So a method's own ``n`` is given another name where ``n`` stands in the
sizes of its object too: of ``net: Net[n]``, ``net(x)`` is for an ``x`` of any ``n_``.
"""

from __future__ import annotations

from typing import Any

from mypy.expandtype import expand_type
from mypy.nodes import FuncDef
from mypy.types import CallableType, Instance, Type

from torchlean_mypy.classes.dimensions import resolved
from torchlean_mypy.types.class_arguments import behind_tuple
from torchlean_mypy.types.convert import Types, shape_from
from torchlean_mypy.types.erase import instantiated, solved
from torchlean_mypy.types.generalise import names_in, own_dimensions
from torchlean_typed.shapes.dim import DimExpr, symbol
from torchlean_typed.shapes.shape import Bindings, Shape, Variadic


def with_sizes(
    callee: CallableType, function: FuncDef | None, receiver: Type | None, name: str, api: Any
) -> tuple[list[Type], Type, list[Type]]:
    """The formals, the result and the names of its own; ``callee`` is what mypy makes of it for this receiver."""
    own = own_dimensions(callee)
    declared = function.type if function is not None else None
    if receiver is None or not isinstance(declared, CallableType):
        return list(callee.arg_types), callee.ret_type, own
    names, types = _apart(own, receiver), Types(api)
    old = frozenset(key.replace("?", "") for key in names)
    member: Type = instantiated(declared, old, names, types) if names else declared
    whole = resolved(receiver, name, member, api, always=bool(names))
    if whole is not None and function is not None and function.info.self_type is not None:
        whole = expand_type(whole, {function.info.self_type.id: receiver})
    if not isinstance(whole, CallableType) or len(whole.arg_types) < len(callee.arg_types):
        return list(callee.arg_types), callee.ret_type, own
    own = [types.axis(axis) for axis in solved(shape_from(own), old, names)]
    return whole.arg_types[len(whole.arg_types) - len(callee.arg_types) :], whole.ret_type, own


def _apart(own: list[Type], receiver: Type) -> Bindings:
    """New names for those of a method's that stand in its object's sizes."""
    proper = behind_tuple(receiver)
    if not own or not isinstance(proper, Instance) or not proper.args:
        return {}
    mine, taken = names_in(*own), names_in(*proper.args)
    found: dict[str, DimExpr | Shape] = {}
    for name in sorted(mine & taken):
        new = f"{name}_"
        while new in mine | taken:
            new += "_"
        if name.startswith("*"):
            found[f"*?{name[1:]}"] = (Variadic(new[1:]),)
        else:
            found[f"?{name}"] = symbol(new)
    return found
