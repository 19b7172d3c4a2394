"""Names that the patterns of a ``match`` give to what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import AssignmentStmt, Block, MatchStmt, NameExpr, Node
from mypy.patterns import AsPattern

from torchlean_mypy.strict.reasons import TypeOf
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.types.contained import knows, loses, sizes_unsaid


def uses(everything: Sequence[Node]) -> list[NameExpr]:
    """The names of a file where they are not bound, in order."""
    bound = {target for node in everything if isinstance(node, AssignmentStmt) for target in node.lvalues}
    names = [node for node in everything if isinstance(node, NameExpr) and node not in bound]
    return sorted(names, key=lambda name: (name.line, name.column))


def lost_capture(match: MatchStmt, names: Sequence[NameExpr], types: TypeOf) -> str | None:
    """A name that a pattern gives to what is not known, of something whose shapes are, where it is used first."""
    typ = types(match.subject)
    if not sizes_unsaid(typ)[1] and (loses(typ) or not knows(typ)):
        return None
    for pattern, body in zip(match.patterns, match.bodies, strict=True):
        for name in (part.name for part in nodes(pattern, AsPattern)):
            first = _first_use(name, body, match, names) if name is not None else None
            if first is not None and loses(types(first)):
                return first.name
    return None


def _first_use(name: NameExpr, body: Block, match: MatchStmt, names: Sequence[NameExpr]) -> NameExpr | None:
    """Where the name is used first in the body, or else behind the statement."""
    within = {*nodes(body, NameExpr)}
    here = [one for one in names if one.node is name.node and one in within]
    behind = (one for one in names if one.node is name.node and one.line > (match.end_line or match.line))
    return here[0] if here else next(behind, None)
