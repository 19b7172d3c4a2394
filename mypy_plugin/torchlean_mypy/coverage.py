"""What part of a program's tensor expressions has a known shape, and why the rest has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mypy.nodes import CallExpr, Expression, MemberExpr, MypyFile, NameExpr, OpExpr, StarExpr, Var
from mypy.types import Type, TypeVarType, get_proper_type

from torchlean_mypy.any_operands import lost
from torchlean_mypy.codes import Strictness
from torchlean_mypy.convert import shape_of, tensors_in
from torchlean_mypy.lookups import nodes
from torchlean_typed.shapes.shape import is_known


@dataclass(frozen=True)
class Coverage:
    """Of one file: how many expressions are tensors, of how many the shape is known; where others begin, and why."""

    path: str
    expressions: int
    known: int
    unknown: tuple[tuple[int, str], ...] = ()

    @property
    def percent(self) -> float:
        """The part that is known."""
        return 100.0 * self.known / self.expressions if self.expressions else 100.0


def total(files: list[Coverage]) -> Coverage:
    """All files together."""
    return Coverage("total", sum(file.expressions for file in files), sum(file.known for file in files))


def coverage(tree: MypyFile, types: Mapping[Expression, Type]) -> Coverage:
    """What mypy has found of a file, counted."""
    found = {expression: _known(expression, types) for expression in nodes(tree, Expression)}
    tensors = {expression: known for expression, known in found.items() if known is not None}
    unknown = [expression for expression, known in tensors.items() if not known]
    lost = {(line, reason) for line, reason in _beginnings(unknown, tree.path, types)}
    return Coverage(tree.path, len(tensors), len(tensors) - len(unknown), tuple(sorted(lost)))


def _known(expression: Expression, types: Mapping[Expression, Type]) -> bool | None:
    """Whether the shape of a tensor is known; None for what is no tensor, or one of a type variable."""
    typ = get_proper_type(types.get(expression))
    if isinstance(expression, OpExpr) and lost(expression, types.get) is not None:
        return False
    if typ is None or isinstance(typ, TypeVarType) or isinstance(expression, StarExpr):
        return None
    found = tensors_in(typ)
    return all(is_known(shape_of(tensor) or ()) for tensor in found) if found else None


def _beginnings(unknown: list[Expression], path: str, types: Mapping[Expression, Type]) -> Iterator[tuple[int, str]]:
    """The expressions that are unknown for a reason of their own, rather than for one within them."""
    every = set(unknown)
    lines = {expression.line for expression in unknown if not isinstance(expression, NameExpr)}
    for expression in unknown:
        reasons = Strictness.lost.get((path, expression.line, expression.column))
        within = [part for part in nodes(expression, Expression) if part is not expression]
        if reasons is not None:
            yield from ((expression.line, reason) for reason in reasons)
        elif every.isdisjoint(within) and not _comes_from(expression, lines):
            yield expression.line, _reason(expression, types)


def _comes_from(expression: Expression, lines: set[int]) -> bool:
    """Whether a name stands for something unknown of another line, where that is said."""
    node = expression.node if isinstance(expression, NameExpr) else None
    return isinstance(node, Var) and node.is_inferred and node.line in lines


def _reason(expression: Expression, types: Mapping[Expression, Type]) -> str:
    match expression:
        case OpExpr() if (reason := lost(expression, types.get)) is not None:
            return reason
        case CallExpr(callee=NameExpr(name=name) | MemberExpr(name=name)):
            return f"the result of {name} has no declared shape"
        case NameExpr(name=name) | MemberExpr(name=name):
            return f"{name} has no declared shape"
    return "its shape is not declared"
