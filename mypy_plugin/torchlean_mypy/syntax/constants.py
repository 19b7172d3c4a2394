"""Variables that are one number, text or flag throughout their file: ``n, d = 5, 3`` of a script."""

from __future__ import annotations

from mypy.nodes import (
    CallExpr,
    ConditionalExpr,
    Expression,
    FloatExpr,
    IfStmt,
    IndexExpr,
    IntExpr,
    LambdaExpr,
    MatchStmt,
    MemberExpr,
    MypyFile,
    NameExpr,
    Node,
    OpExpr,
    StrExpr,
    TupleExpr,
    UnaryExpr,
    Var,
    WhileStmt,
)

from torchlean_mypy.syntax.lookups import bindings, nodes

ARITHMETIC = ("+", "-", "*", "//", "**")
_conditions: tuple[object, dict[object, list[Expression]]] | None = None


def constant_of(tree: MypyFile, name: NameExpr) -> Expression | None:
    """What a variable is bound to, once in its file: a number, a text, a flag, or a tuple or arithmetic of such.

    None where a condition asks about such variables alone, as ``if n % 2 == 0:``: what stands under it is for other
    values of theirs.
    """
    value = _bound_once(tree, name)
    if value is None or not _is_constant(tree, value):
        return None
    return None if any(_asks_alone(tree, condition) for condition in _asking(tree, name.node)) else value


def _bound_once(tree: MypyFile, name: NameExpr) -> Expression | None:
    if not isinstance(name.node, Var) or not (name.node.is_inferred or name.node.is_final):
        return None
    match bindings(tree, name):
        case [[value]]:
            return value
    return None


def _is_constant(tree: MypyFile, value: Expression) -> bool:
    match value:
        case (
            IntExpr()
            | StrExpr()
            | FloatExpr()
            | NameExpr(fullname="builtins.None" | "builtins.True" | "builtins.False")
        ):
            return True
        case UnaryExpr(op="-", expr=part):
            return _is_constant(tree, part)
        case OpExpr() if value.op in ARITHMETIC:
            return _is_constant(tree, value.left) and _is_constant(tree, value.right)
        case TupleExpr(items=items):
            return all(_is_constant(tree, item) for item in items)
        case NameExpr():
            constant = _bound_once(tree, value)
            earlier = constant is not None and constant.line < value.line
            return earlier and constant_of(tree, value) is not None
    return False


def _asks_alone(tree: MypyFile, condition: Expression) -> bool:
    """Whether a condition is about variables that are bound once, and nothing else."""
    if any(isinstance(part, CallExpr | IndexExpr | LambdaExpr | MemberExpr) for part in nodes(condition, Expression)):
        return False
    return all(_bound_once(tree, name) is not None for name in nodes(condition, NameExpr) if isinstance(name.node, Var))


def _asking(tree: MypyFile, variable: object) -> list[Expression]:
    """The conditions of a file that mention a variable."""
    global _conditions
    if _conditions is None or _conditions[0] is not tree.defs:
        found: dict[object, list[Expression]] = {}
        for condition in (test for node in nodes(tree, Node) for test in _tests(node)):
            for name in nodes(condition, NameExpr):
                found.setdefault(name.node, []).append(condition)
        _conditions = tree.defs, found
    return _conditions[1].get(variable, [])


def _tests(node: Node) -> list[Expression]:
    match node:
        case IfStmt():
            return node.expr
        case WhileStmt() | MatchStmt():
            return [node.expr if isinstance(node, WhileStmt) else node.subject]
        case ConditionalExpr():
            return [node.cond]
    return []
