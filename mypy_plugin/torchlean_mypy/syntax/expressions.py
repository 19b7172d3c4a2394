"""Walking over the expressions of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from mypy.nodes import (
    AssertStmt,
    AssignmentExpr,
    AssignmentStmt,
    AwaitExpr,
    CallExpr,
    ComparisonExpr,
    ConditionalExpr,
    DictExpr,
    DictionaryComprehension,
    Expression,
    ExpressionStmt,
    ForStmt,
    GeneratorExpr,
    IfStmt,
    IndexExpr,
    LambdaExpr,
    ListComprehension,
    ListExpr,
    MemberExpr,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    OpExpr,
    RefExpr,
    ReturnStmt,
    SetComprehension,
    SetExpr,
    StarExpr,
    Statement,
    TupleExpr,
    UnaryExpr,
    WhileStmt,
    WithStmt,
    YieldExpr,
    YieldFromExpr,
)

from torchlean_mypy.syntax.statements import every

# Where a node has expressions.
PARTS: dict[type[Node], tuple[str, ...]] = {
    AssertStmt: ("expr",),
    AssignmentExpr: ("value",),
    AssignmentStmt: ("rvalue",),
    AwaitExpr: ("expr",),
    CallExpr: ("callee", "args"),
    ComparisonExpr: ("operands",),
    ConditionalExpr: ("cond", "if_expr", "else_expr"),
    DictExpr: ("items",),
    DictionaryComprehension: ("key", "value", "sequences", "condlists"),
    ExpressionStmt: ("expr",),
    ForStmt: ("expr",),
    GeneratorExpr: ("left_expr", "sequences", "condlists"),
    IfStmt: ("expr",),
    IndexExpr: ("base", "index"),
    ListComprehension: ("generator",),
    ListExpr: ("items",),
    MemberExpr: ("expr",),
    OperatorAssignmentStmt: ("rvalue",),
    OpExpr: ("left", "right"),
    ReturnStmt: ("expr",),
    SetComprehension: ("generator",),
    SetExpr: ("items",),
    StarExpr: ("expr",),
    TupleExpr: ("items",),
    UnaryExpr: ("expr",),
    WhileStmt: ("expr",),
    WithStmt: ("expr",),
    YieldExpr: ("expr",),
    YieldFromExpr: ("expr",),
}
# Those of its expressions that may be evaluated more often than the node, or never.
REPEATED: dict[type[Node], tuple[str, ...]] = {
    ConditionalExpr: ("if_expr", "else_expr"),
    DictionaryComprehension: ("key", "value", "condlists"),
    GeneratorExpr: ("left_expr", "condlists"),
}
_PARTS_OF = {kind: attrgetter(*names) for kind, names in PARTS.items()}

Nodes = Mapping[type[Node], list[Any]]


def all_of(statements: Iterable[Statement]) -> Nodes:
    """Statements and the expressions in them, also those of lambdas, by their classes."""
    found: Nodes = defaultdict(list)
    waiting: list[Any] = [*statements]
    while waiting:
        part = waiting.pop()
        kind = type(part)
        if kind is list or kind is tuple:
            waiting += part
        elif part is not None:
            found[kind].append(part)
            if kind in _PARTS_OF:
                waiting.append(_PARTS_OF[kind](part))
            elif kind is LambdaExpr:
                waiting += every(part.body.body)
    return found


HOLDING = {ConditionalExpr, DictExpr, ListExpr, SetExpr, StarExpr, TupleExpr}


def written_in(expression: Expression) -> list[Expression]:
    """The expressions whose values an expression gives or holds: one itself, or those of a display or conditional."""
    if type(expression) not in HOLDING:
        return [expression]
    return [inner for part in held(expression) for inner in written_in(part)]


def held(expression: Expression) -> list[Expression]:
    """The expressions directly in a display or conditional that its value holds or may be."""
    match expression:
        case ListExpr(items=items) | TupleExpr(items=items) | SetExpr(items=items):
            return items
        case DictExpr(items=pairs):
            return [value for _, value in pairs]
        case StarExpr(expr=inner):
            return [inner]
        case ConditionalExpr(if_expr=first, else_expr=second):
            return [first, second]
    return []


def within(node: Node) -> Iterator[Node]:
    """An expression and those in it."""
    yield node
    for part in parts(node, PARTS.get(type(node), ())):
        yield from within(part)


def parts(node: Node, names: Iterable[str]) -> list[Node]:
    """The expressions that a node has under these names."""
    found: list[Node] = []
    waiting: list[object] = [getattr(node, name) for name in names]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting += part
        elif isinstance(part, Node):
            found.append(part)
    return found


def compared(side: Expression) -> Expression | None:
    """The tensor whose ``x.shape``, ``x.ndim``, ``len(x.shape)`` or ``x.shape[0]`` one side of a comparison is."""
    match side:
        case MemberExpr(name="shape" | "ndim", expr=owner):
            return owner
        case IndexExpr(base=MemberExpr(name="shape", expr=owner)):
            return owner
        case CallExpr(callee=NameExpr(name="len"), args=[MemberExpr(name="shape", expr=owner)]):
            return owner
    return None


def copied(node: Expression) -> Expression:
    """The reference once more: what mypy knows of it is another thing in each place."""
    new: RefExpr
    match node:
        case MemberExpr():
            new = MemberExpr(copied(node.expr), node.name)
        case NameExpr():
            new = NameExpr(node.name)
        case _:
            return node
    new.node, new.kind, new.fullname = node.node, node.kind, node.fullname
    new.set_line(node)
    return new
