"""``make()["w"]``: an entry of a pack that has no name.

The entry's own type can be given to an index expression only where mypy can narrow it (see ``lookups``), which takes a
name: the base becomes ``(unnamed := make())``, with a name that no program has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy.literals import literal
from mypy.nodes import (
    LDEF,
    LITERAL_NO,
    AssertStmt,
    AssignmentExpr,
    AssignmentStmt,
    AwaitExpr,
    CallExpr,
    ComparisonExpr,
    ConditionalExpr,
    ExpressionStmt,
    ForStmt,
    IfStmt,
    IndexExpr,
    LambdaExpr,
    ListExpr,
    MemberExpr,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    OpExpr,
    ReturnStmt,
    StarExpr,
    Statement,
    StrExpr,
    TupleExpr,
    UnaryExpr,
    Var,
    WhileStmt,
    YieldExpr,
)

from torchlean_mypy.statements import every

PREFIX = "unnamed "
# Where a node has expressions; not a comprehension, in some of whose places no := may stand.
PARTS: dict[type[Node], tuple[str, ...]] = {
    AssertStmt: ("expr",),
    AssignmentStmt: ("rvalue",),
    AwaitExpr: ("expr",),
    CallExpr: ("callee", "args"),
    ComparisonExpr: ("operands",),
    ConditionalExpr: ("cond", "if_expr", "else_expr"),
    ExpressionStmt: ("expr",),
    ForStmt: ("expr",),
    IfStmt: ("expr",),
    IndexExpr: ("base", "index"),
    ListExpr: ("items",),
    MemberExpr: ("expr",),
    OperatorAssignmentStmt: ("rvalue",),
    OpExpr: ("left", "right"),
    ReturnStmt: ("expr",),
    StarExpr: ("expr",),
    TupleExpr: ("items",),
    UnaryExpr: ("expr",),
    WhileStmt: ("expr",),
    YieldExpr: ("expr",),
}


def follow(definitions: Sequence[Statement]) -> None:
    """Name what is indexed by a text and has no name, in the statements of a file."""
    for number, index in enumerate(_indices(definitions)):
        if isinstance(index.index, StrExpr) and isinstance(index.base, CallExpr | MemberExpr | IndexExpr | OpExpr):
            if literal(index.base) == LITERAL_NO:
                _name(index, f"{PREFIX}{number}")


def _name(index: IndexExpr, text: str) -> None:
    variable, name = Var(text), NameExpr(text)
    variable.is_inferred = True
    name.node, name.kind, name.fullname, name.is_inferred_def = variable, LDEF, text, True
    named = AssignmentExpr(name, index.base)
    for part in (variable, name, named):
        part.set_line(index.base)
    index.base = named


def _indices(definitions: Sequence[Statement]) -> Iterator[IndexExpr]:
    waiting: list[Node | None] = list(every(definitions))
    while waiting:
        node = waiting.pop()
        if isinstance(node, IndexExpr):
            yield node
        if isinstance(node, LambdaExpr):
            waiting += every(node.body.body)
            continue
        for attribute in PARTS.get(type(node), ()) if node is not None else ():
            part = getattr(node, attribute)
            waiting += part if isinstance(part, list) else [part]
