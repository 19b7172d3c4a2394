"""Variables that are bound again, where mypy would lose track of what they are.

mypy narrows a variable to what it was last bound to. Some things escape it, and are put right in the syntax:
``a, b = b, a``, whose right side it reads item by item, after having bound ``a`` already; ``nonlocal``, through which
a nested function binds a variable that the outer one takes to be unchanged; and ``:=`` where it may not be reached.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import (
    GDEF,
    UNBOUND_IMPORTED,
    AssignmentExpr,
    AssignmentStmt,
    Expression,
    FuncDef,
    IndexExpr,
    IntExpr,
    ListExpr,
    NameExpr,
    Node,
    NonlocalDecl,
    OperatorAssignmentStmt,
    OpExpr,
    StarExpr,
    TupleExpr,
)

from torchlean_mypy.syntax.expressions import REPEATED, Nodes, parts, within
from torchlean_mypy.syntax.statements import of_function

ELSEWHERE = "another module"


def follow(nodes: Nodes) -> None:
    """Put the statements and expressions of a file right.

    ``a, b = b, a`` becomes ``a, b = ((b, a),)[0]``. A ``nonlocal`` name, and one that ``and``, ``or``, ``if`` or
    a comprehension may leave unbound, is not to be bound to another type.
    """
    for statement in nodes[AssignmentStmt]:
        match statement:
            case AssignmentStmt(lvalues=[TupleExpr() | ListExpr() as left], rvalue=TupleExpr() as right):
                bound = {name for target in left.items for name in _names(target)}
                if bound & {name for item in right.items[1:] for name in _names(item)}:
                    statement.rvalue = _held(right)
    for function in nodes[FuncDef] if nodes[NonlocalDecl] else ():
        _fix_nonlocals(function)
    unsure: list[type[Node]] = [OpExpr, *REPEATED] if nodes[AssignmentExpr] else []
    for node in (node for kind in unsure for node in nodes[kind]):
        for walrus in (inner for part in _may_not_be_reached(node) for inner in within(part)):
            if isinstance(walrus, AssignmentExpr):
                _fix(walrus.target, {walrus.target.name})


def _held(right: TupleExpr) -> IndexExpr:
    one, first = TupleExpr([right]), IntExpr(0)
    held = IndexExpr(one, first)
    for part in (one, first, held):
        part.set_line(right)
    return held


def _fix_nonlocals(function: FuncDef) -> None:
    statements = list(of_function(function))
    names = {name for statement in statements if isinstance(statement, NonlocalDecl) for name in statement.names}
    for statement in statements if names else ():
        match statement:
            case AssignmentStmt():
                for target in statement.lvalues:
                    _fix(target, names)
            case OperatorAssignmentStmt():
                _fix(statement.lvalue, names)


def _fix(target: Expression, names: set[str]) -> None:
    match target:
        case NameExpr() if target.name in names and not target.is_inferred_def:
            # as one of a scope from where its type is not widened: an outer function, another module
            if target.kind == GDEF:
                target.fullname = f"{ELSEWHERE}.{target.name}"
            else:
                target.kind = UNBOUND_IMPORTED
        case TupleExpr() | ListExpr():
            for item in target.items:
                _fix(item, names)
        case StarExpr():
            _fix(target.expr, names)


def _names(expression: Expression) -> Iterator[str]:
    return (part.name for part in within(expression) if isinstance(part, NameExpr))


def _may_not_be_reached(node: Node) -> list[Node]:
    """The expressions of a node that need not be evaluated, or more than once."""
    if isinstance(node, OpExpr):
        return [node.right] if node.op in ("and", "or") else []
    return parts(node, REPEATED.get(type(node), ()))
