"""Variables that are lists which nothing changes, so that they are what is written where they are bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mypy.nodes import (
    ARG_STAR,
    AssignmentStmt,
    CallExpr,
    Expression,
    ForStmt,
    GeneratorExpr,
    IndexExpr,
    ListComprehension,
    ListExpr,
    MypyFile,
    NameExpr,
    Node,
    OpExpr,
    RefExpr,
    StarExpr,
    Var,
)

from torchlean_mypy.syntax.lookups import bindings, nodes
from torchlean_mypy.syntax.names import PACKAGE

KEEPING = ("len", "print", "sum", "max", "min", "str", "repr")  # builtins that give neither a list nor what is in it
GIVING = ("enumerate", "zip", "reversed", "sorted", "list", "tuple", "map", "iter")  # and those that give what is in it
WHOLE, PARTS = "whole", "parts"


def settled(tree: MypyFile, name: NameExpr, *, holds_lists: bool) -> Expression | None:
    """What a list is that a variable is bound to once, where nothing in its file may change it, nor a list in it."""
    if not isinstance(name.node, Var) or name.node.info:
        return None
    match bindings(tree, name):
        case [[ListExpr() | ListComprehension() | OpExpr(op="*", left=ListExpr()) as written]]:
            used, harmless = _uses_of(tree)
            parts = harmless[name.node, PARTS]
            if used[name.node] == harmless[name.node, WHOLE] + parts and not (parts and holds_lists):
                return written
    return None


Uses = tuple[Counter[object], Counter[tuple[object, str]]]
_found: tuple[object, Uses] | None = None


def _uses_of(tree: MypyFile) -> Uses:
    """How often a file uses each variable, and how often so that a list, or also its parts, stays as it is."""
    global _found
    if _found is None or _found[0] is not tree.defs:
        every = nodes(tree, Node)
        used: Counter[object] = Counter(node.node for node in every if isinstance(node, NameExpr))
        harmless: Counter[tuple[object, str]] = Counter(
            (part.node, how) for node in every for part, how in _harmless(node) if isinstance(part, NameExpr)
        )
        _found = tree.defs, (used, harmless)
    return _found[1]


_otherwise: tuple[object, Counter[str]] | None = None


def is_only_starred(tree: MypyFile, name: str) -> bool:
    """Whether a file binds a variable of this name once, and uses it for ``*layers`` in calls alone.

    By the text: this is asked while mypy still reads the file, and does not know yet which variables its names are.
    """
    global _otherwise
    if _otherwise is None or _otherwise[0] is not tree.defs:
        every = nodes(tree, Node)
        used = Counter(node.name for node in every if isinstance(node, NameExpr))
        for call in (node for node in every if isinstance(node, CallExpr)):
            given = zip(call.args, call.arg_kinds, strict=True)
            used.subtract(one.name for one, kind in given if kind == ARG_STAR and isinstance(one, NameExpr))
        _otherwise = tree.defs, used
    return _otherwise[1][name] == 1


def _harmless(node: Node) -> Iterator[tuple[Expression, str]]:
    match node:
        case AssignmentStmt(lvalues=[bound]):
            yield bound, WHOLE
        case CallExpr(callee=callee, args=given, arg_kinds=kinds):
            name = (callee.fullname if isinstance(callee, RefExpr) else None) or ""
            for argument, kind in zip(given, kinds, strict=True):
                if name.startswith(f"{PACKAGE}.") or name.removeprefix("builtins.") in KEEPING:
                    yield argument, WHOLE
                elif kind == ARG_STAR or name.removeprefix("builtins.") in GIVING:
                    yield argument, PARTS
        case ForStmt(expr=over) | StarExpr(expr=over) | IndexExpr(base=over):
            yield over, PARTS
        case GeneratorExpr(sequences=sequences):
            yield from ((over, PARTS) for over in sequences)
