"""What stands elsewhere in the syntax of a file; and ``pack["0.weight"]``, an index by name that gets its own type.

A pack is a tuple to mypy, which makes the union of all entries of an index that is no int. What the method hook finds
is put where mypy keeps narrowed types, under the index expression; the hook knows only what stands in its brackets.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from mypy.nodes import AssignmentStmt, CallExpr, Expression, IndexExpr, MypyFile, NameExpr, Node, RefExpr, Var
from mypy.types import Type

Found = TypeVar("Found", bound=Node)

_found: dict[int, tuple[MypyFile, dict[int, IndexExpr]]] = {}


def narrow(api: Any, key: Expression, typ: Type) -> None:
    """Say that the index expression around ``key`` has this type, from here on."""
    tree = api.tree
    known = _found.get(id(tree))
    if known is None or known[0] is not tree or id(key) not in known[1]:
        _found.clear()  # one file at a time
        known = _found[id(tree)] = (tree, {id(index.index): index for index in nodes(tree, IndexExpr)})
    index = known[1].get(id(key))
    if index is not None:
        api.binder.put(index, typ)


def nodes(tree: Node, kind: type[Found]) -> list[Found]:
    """Every node of one kind in the syntax of a file, or of a part of it."""
    found: list[Found] = []
    waiting: list[object] = list(tree.defs) if isinstance(tree, MypyFile) else [tree]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting.extend(part)
        elif isinstance(part, Node) and id(part) not in seen:
            seen.add(id(part))
            if isinstance(part, kind):
                found.append(part)
            waiting.extend(getattr(part, name, None) for name in _parts(cast(Any, type(part))))
    return found


def made_by(tree: MypyFile, expression: Expression | None, callee: str) -> CallExpr | None:
    """The call of ``callee`` that an expression is, also where it was given a name in the same file, and once."""
    match expression:
        case CallExpr(callee=RefExpr() as made) if made.fullname == callee:
            return expression
        case NameExpr(node=Var(is_inferred=True) as variable):
            bound = [statement.rvalue for statement in nodes(tree, AssignmentStmt) if _binds(statement, variable)]
            return made_by(tree, bound[0], callee) if len(bound) == 1 and isinstance(bound[0], CallExpr) else None
    return None


def _binds(statement: AssignmentStmt, variable: Var) -> bool:
    return any(isinstance(target, NameExpr) and target.node is variable for target in statement.lvalues)


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The attributes of a syntax node that may hold other nodes of the same file's syntax.

    ``setter`` is one of a property's ``items``; of other overloaded functions mypy asserts that there is none.
    """
    elsewhere = {"node", "info", "type", "analyzed", "definition", "var", "fullname", "name", "setter"}
    return tuple(name for name in dir(kind) if not name.startswith("_") and name not in elsewhere)
