"""What part of a program's tensor expressions has a known shape, and why the rest has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mypy.nodes import CallExpr, Expression, ForStmt, MypyFile, NameExpr, Node, Var, WhileStmt
from mypy.types import AnyType, Type, TypeVarType, UnionType, get_proper_type

from torchlean_mypy.reports.codes import Strictness
from torchlean_mypy.strict.beginnings import Unknowns
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.types.convert import tensors_in


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
    unknowns = Unknowns(tree.path, nodes(tree, Node), types.get)
    tensors = {expression for expression in unknowns.expressions if _is_tensor(expression, types, unknowns)}
    unknown = tensors & unknowns.found
    lines = {expression.line for expression in unknown if not isinstance(expression, NameExpr)}
    begun = [beginning for beginning in unknowns.beginnings() if beginning.lost or beginning.place in tensors]
    explained = {unknowns.arguments.get(beginning.place) for beginning in begun}
    calls = {call for call in unknowns.expressions if isinstance(call, CallExpr)}
    functions = {call.args[0] for call in calls if call.args}
    loops = nodes(tree, ForStmt) + nodes(tree, WhileStmt)
    begins = {beginning.place for beginning in begun}
    several = {one for one in unknowns.expressions if isinstance(get_proper_type(types.get(one)), UnionType)}
    places: set[Node] = {*unknown.union(calls, functions, begins, several) - explained, *loops}
    said = {(place.line, reason) for place in places for reason in Strictness.reasons(tree.path, place)}
    for beginning in begun:
        place = beginning.place
        if not Strictness.reasons(tree.path, place) and not _comes_from(place, lines):
            said.add((place.line, beginning.reason))
    return Coverage(tree.path, len(tensors), len(tensors) - len(unknown), tuple(sorted(said)))


def _is_tensor(expression: Expression, types: Mapping[Expression, Type], unknowns: Unknowns) -> bool:
    """Whether an expression is a tensor, or would be if its shape were not lost; none of a type variable."""
    typ = get_proper_type(types.get(expression))
    if isinstance(typ, AnyType):
        return expression in unknowns.found
    return typ is not None and not isinstance(typ, TypeVarType) and bool(tensors_in(typ))


def _comes_from(place: Node, lines: set[int]) -> bool:
    """Whether a name stands for something unknown of another line, where that is said."""
    node = place.node if isinstance(place, NameExpr) else None
    return isinstance(node, Var) and node.is_inferred and node.line in lines
