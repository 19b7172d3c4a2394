"""``make()["w"]``: an entry of a pack that has no name.

The entry's own type can be given to an index expression only where mypy can narrow it (see ``lookups``), which takes a
name: the base becomes ``(unnamed := make())``, with a name that no program has.
"""

from __future__ import annotations

from mypy.literals import literal
from mypy.nodes import (
    LDEF,
    LITERAL_NO,
    AssignmentExpr,
    CallExpr,
    IndexExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    StrExpr,
    Var,
)

from torchlean_mypy.syntax.expressions import Nodes

PREFIX = "unnamed "


def follow(nodes: Nodes) -> None:
    """Name what is indexed by a text and has no name, among the nodes of a file."""
    for number, index in enumerate(nodes[IndexExpr]):
        if not isinstance(index.index, StrExpr):
            continue
        if isinstance(index.base, CallExpr | MemberExpr | IndexExpr | OpExpr) and literal(index.base) == LITERAL_NO:
            _name(index, f"{PREFIX}{number}")


def _name(index: IndexExpr, text: str) -> None:
    variable, name = Var(text), NameExpr(text)
    variable.is_inferred = True
    name.node, name.kind, name.fullname, name.is_inferred_def = variable, LDEF, text, True
    named = AssignmentExpr(name, index.base)
    for part in (variable, name, named):
        part.set_line(index.base)
    index.base = named
