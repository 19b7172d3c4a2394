"""Comparisons of a dtype, as mypy narrows by them: ``if x.dtype != "float64": x = x.astype("float64")``.

mypy narrows a union by an attribute that is a literal in each of its members. So where it is compared, a dtype is a
text, and a tensor of a kind of dtypes a union: of those that have this one, and of the others.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mypy.literals import literal_hash
from mypy.nodes import ComparisonExpr, Expression, MemberExpr, RefExpr, StrExpr
from mypy.plugin import AttributeContext
from mypy.types import Instance, LiteralType, ProperType, Type, UnionType

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.library import dims
from torchlean_mypy.syntax.expressions import Nodes
from torchlean_mypy.syntax.names import TENSOR
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.types.convert import Types, dtype_marker, each_in, tensor_of
from torchlean_typed.shapes.dtypes import KINDS, SUPPORTED, members


class Dtypes:
    """The ``x.dtype`` that are compared, with what, and the tensors that are known not to have a dtype, by identity."""

    compared: ClassVar[Notes[int, tuple[MemberExpr, str]]] = Notes()
    others: ClassVar[dict[int, tuple[Type, str]]] = {}


Checker.listeners.append(lambda api: Dtypes.others.clear())


def follow(file: str, nodes: Nodes) -> None:
    """Note the dtypes that a file compares."""
    for comparison in nodes[ComparisonExpr]:
        if comparison.operators in (["=="], ["!="]):
            for number, side in enumerate(comparison.operands):
                said = _named(comparison.operands[1 - number])
                if isinstance(side, MemberExpr) and side.name == "dtype" and said is not None:
                    Dtypes.compared[file][id(side)] = side, said.value
                    comparison.operands[1 - number] = said


def _named(side: Expression) -> StrExpr | None:
    """The name of a dtype, which may be written ``np.float64``; None for anything else."""
    if isinstance(side, StrExpr):
        return side if side.value in SUPPORTED else None
    module, _, name = side.fullname.rpartition(".") if isinstance(side, RefExpr) else ("", "", "")
    if module != "numpy" or name not in SUPPORTED:
        return None
    said = StrExpr(name)
    said.set_line(side)
    return said


def dtype(ctx: AttributeContext, name: str) -> Type:
    """``x.dtype``, where it is known."""
    if not isinstance(ctx.context, MemberExpr) or ctx.context.name != name:  # mypy looks which alternatives have it
        return _names(each_in(ctx.type), Types(ctx.api)) or dims.dtype(ctx, name)
    checker: Any = ctx.api
    _, said = Dtypes.compared[checker.path].get(id(ctx.context), (None, ""))
    return (_compared(checker, ctx.context, ctx.type, said) if said else None) or dims.dtype(ctx, name)


def _compared(api: Any, dtype: MemberExpr, owner: Type, said: str) -> Type | None:
    """The type of a dtype where it is compared; None where it says nothing."""
    types = Types(api)
    if literal_hash(dtype) is not None and api.binder.get(dtype) is not None:  # it follows from what the tensor is now
        api.binder.put(dtype, types.named("builtins.object"), from_assignment=False)
    items = each_in(owner)
    if literal_hash(dtype.expr) is not None:
        items = [part for item in items for part in _split(item, said, types)]
        api.store_type(dtype.expr, UnionType(items) if len(items) > 1 else owner)
    found = _names(items, types)
    texts = {item.value for item in each_in(found) if isinstance(item, LiteralType)} if found is not None else set()
    return found if said in texts and len(texts) > 1 else None


def _split(item: ProperType, said: str, types: Types) -> list[ProperType]:
    """A tensor of a kind of dtypes as one that has this dtype, and another that has not."""
    marker = dtype_marker(item)
    if not isinstance(item, Instance) or tensor_of(item) is not item or said not in KINDS.get(marker or "", ()):
        return [item]
    if id(item) in Dtypes.others:
        return [item]
    other = item.copy_modified()
    Dtypes.others[id(other)] = other, said
    return [item.copy_modified(args=[types.dtype(said), *item.args[1:]]), other]


def _names(items: list[ProperType], types: Types) -> Type | None:
    """The dtypes that tensors may have, as literals; None where one is not known."""
    found: list[Type] = []
    for item in items:
        marker = dtype_marker(item) if tensor_of(item) is not None else None
        if marker is None:
            return None
        _, never = Dtypes.others.get(id(item), (None, ""))
        found += [LiteralType(name, types.named("builtins.str")) for name in members(marker) if name != never]
    return UnionType.make_union(found)


ATTRIBUTES = {f"{TENSOR}.dtype": dtype}
