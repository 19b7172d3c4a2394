"""What stands elsewhere in the syntax of a file; and ``pack["0.weight"]``, an index by name that gets its own type.

A pack is a tuple to mypy, which makes the union of all entries of an index that is no int. What the method hook finds
is put where mypy keeps narrowed types, under the index expression; the hook knows only what stands in its brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    CallExpr,
    Context,
    DelStmt,
    DictExpr,
    EllipsisExpr,
    Expression,
    ForStmt,
    FuncDef,
    GeneratorExpr,
    IndexExpr,
    LambdaExpr,
    ListExpr,
    MemberExpr,
    MypyFile,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    RefExpr,
    StarExpr,
    Statement,
    TupleExpr,
    Var,
    WhileStmt,
    WithStmt,
)
from mypy.patterns import AsPattern, StarredPattern
from mypy.types import Type

from torchlean_mypy.syntax.loop_bodies import is_in

Found = TypeVar("Found", bound=Node)

CHANGING = ("append", "extend", "insert", "update", "setdefault")  # methods of lists and dicts
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


def nodes(tree: Context, kind: type[Found]) -> list[Found]:
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
        case NameExpr(node=Var(is_inferred=True)):
            bound = bindings(tree, expression)
            return made_by(tree, bound[0][0], callee) if len(bound) == 1 and len(bound[0]) == 1 else None
    return None


def lambda_of(api: Any, expression: Expression | None) -> LambdaExpr | None:
    """The lambda that an expression is, also where it was given a name in the same file, and once."""
    match expression:
        case LambdaExpr():
            return expression
        case NameExpr(node=Var()) | MemberExpr():
            match bindings(api.tree, expression):
                case [[LambdaExpr() as one]]:
                    return one
    return None


def bindings(tree: MypyFile, name: NameExpr | MemberExpr) -> list[list[Expression]]:
    """What a variable, or an attribute of this name, is given in a file, place by place.

    In a loop over a display that is each of its items; in a place that is not understood it is nothing.
    """
    return _bindings_of(tree).found.get(name.name if isinstance(name, MemberExpr) else name.node, [])


def items_of_loops(tree: MypyFile, name: NameExpr) -> list[Expression]:
    """The items, of each loop whichever it is, that a variable is which loops bind and nothing else."""
    known = _bindings_of(tree)
    found = known.items.get(name.node, [])
    return found if len(found) == len(known.found.get(name.node, [])) else []


def loops_of(tree: MypyFile, name: NameExpr) -> list[Expression]:
    """What the loops around a variable go over that it is the index of; nothing where something else binds it."""
    known = _bindings_of(tree)
    loops = known.loops.get(name.node, [])
    if len(loops) < len(known.found.get(name.node, [])):
        return []
    around = next((loop for loop, _ in loops if is_in(name, loop)), None)
    return [over for loop, over in loops if around is not None and (is_in(loop, around) or is_in(around, loop))]


def loops_around(tree: MypyFile, place: Context) -> list[Loop]:
    """The loops around a place, the innermost first."""
    around = [loop for loop in _bindings_of(tree).every if is_in(place, loop.node)]
    return sorted(around, key=lambda loop: -loop.node.line)


def are_bound_in(
    tree: MypyFile, loop: Loop, place: Context, variables: Iterable[object], understood: Sequence[Context]
) -> bool:
    """Whether what binds variables in a loop, before a place in it is come to, is all of what is understood."""
    known = _bindings_of(tree)
    others = [name for variable in variables for name in known.places.get(variable, [])]
    others = [name for name in others if not any(is_in(name, one) for one in understood)]
    later = [one for kind in (LambdaExpr, FuncDef, GeneratorExpr) for one in nodes(loop.node, kind)]
    if any(name.line >= place.line for name in others) and any(is_in(place, one) for one in later if one != loop.node):
        return False  # it may be evaluated when they are bound again
    others = [name for name in others if is_in(name, loop.node)]
    inner = [one for one in known.repeated if one is not loop.node and is_in(one, loop.node) and is_in(place, one)]
    return not any(name.line < place.line or any(is_in(name, one) for one in inner) for name in others)


def _bindings_of(tree: MypyFile) -> Bindings:
    global _bindings
    if _bindings is None or _bindings[0] is not tree.defs:
        _bindings = (tree.defs, Bindings(tree))
    return _bindings[1]


class Loop(NamedTuple):
    """A loop or a comprehension: itself, its target, and what it goes over."""

    node: Context
    target: Expression
    over: Expression


class Bindings:
    """Every place of a file in which something is given a name."""

    def __init__(self, tree: MypyFile) -> None:
        self.found: dict[object, list[list[Expression]]] = {}
        self.items: dict[object, list[Expression]] = {}  # of what a variable is an item, whichever
        self.loops: dict[object, list[tuple[Context, Expression]]] = {}
        self.every: list[Loop] = []
        self.places: dict[object, list[NameExpr]] = {}
        self.repeated: list[Statement] = []
        for node in nodes(tree, Node):
            self._read(node)

    def _read(self, node: Node) -> None:
        match node:
            case AssignmentStmt(lvalues=targets, rvalue=value):
                for target in targets:
                    self._bind(target, [value])
            case AssignmentExpr(target=target, value=value):
                self._bind(target, [value])
            case WhileStmt():
                self.repeated.append(node)
            case ForStmt(index=target, expr=over):
                self.repeated.append(node)
                self._loop(node, target, over)
            case GeneratorExpr(indices=targets, sequences=sequences):
                for target, over in zip(targets, sequences, strict=True):
                    self._loop(node, target, over)
            case CallExpr(callee=MemberExpr(expr=target, name=method)) if method in CHANGING:
                self._bind(target, [])
            case OperatorAssignmentStmt(lvalue=target) | DelStmt(expr=target):
                self._bind(target, [])
            case WithStmt(target=targets):
                for one in targets:
                    self._bind(one, [])
            case AsPattern(name=NameExpr() as target) | StarredPattern(capture=NameExpr() as target):
                self._bind(target, [])

    def _loop(self, loop: Context, target: Expression, over: Expression) -> None:
        self.every.append(Loop(loop, target, over))
        if isinstance(target, NameExpr):
            self.loops.setdefault(target.node, []).append((loop, over))
        self._bind(target, items(over))
        self._note_item(target, _any_item(over))

    def _note_item(self, target: Expression, item: Expression | None) -> None:
        match target, item:
            case NameExpr(), IndexExpr():
                self.items.setdefault(target.node, []).append(item)
            case TupleExpr(items=[_, part]), TupleExpr(items=[_, of_part]):
                self._note_item(part, of_part)

    def _bind(self, target: Expression | None, values: list[Expression]) -> None:
        match target:
            case NameExpr(node=node):
                self.found.setdefault(node, []).append(values)
                self.places.setdefault(node, []).append(target)
                if isinstance(node, Var) and node.info:  # an attribute of a class, whose functions are methods
                    holds = all(map(_stays_as_it_is, values))
                    self.found.setdefault(node.name, []).append(values if holds else [])
            case MemberExpr(name=name):
                self.found.setdefault(name, []).append(values)
            case TupleExpr(items=targets) | ListExpr(items=targets):
                rows = [value.items if isinstance(value, TupleExpr | ListExpr) else [] for value in values]
                fits = all(len(row) == len(targets) for row in rows) and not any(
                    isinstance(t, StarExpr) for t in targets
                )
                for index, one in enumerate(targets):
                    self._bind(one, [row[index] for row in rows] if fits else [])
            case StarExpr(expr=changed) | IndexExpr(base=changed):
                self._bind(changed, [])


def _stays_as_it_is(value: Expression) -> bool:
    """Whether this is itself when an object of the class is asked for it."""
    if isinstance(value, CallExpr):
        return isinstance(value.callee, RefExpr) and value.callee.fullname == "builtins.staticmethod"
    return isinstance(value, DictExpr | ListExpr | TupleExpr)


def _any_item(over: Expression) -> Expression | None:
    """What a loop over a variable binds: an item of it, whichever."""
    match over:
        case NameExpr() | MemberExpr():
            return IndexExpr(over, EllipsisExpr())
        case CallExpr(callee=MemberExpr(expr=held, name="values"), args=[]):
            return _any_item(held)
        case (
            CallExpr(callee=MemberExpr(expr=held, name="items"), args=[])
            | CallExpr(callee=RefExpr(fullname="builtins.enumerate"), args=[held, *_])
        ):
            return TupleExpr([EllipsisExpr(), _any_item(held) or EllipsisExpr()])
    return None


_bindings: tuple[object, Bindings] | None = None


def items(over: Expression | None) -> list[Expression]:
    """The items of a display."""
    found = over.items if isinstance(over, TupleExpr | ListExpr) else []
    return [] if any(isinstance(item, StarExpr) for item in found) else found


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The attributes of a syntax node that may hold other nodes of the same file's syntax.

    ``setter`` is one of a property's ``items``; of other overloaded functions mypy asserts that there is none.
    """
    elsewhere = {"node", "info", "type", "analyzed", "definition", "var", "fullname", "name", "setter"}
    return tuple(name for name in dir(kind) if not name.startswith("_") and name not in elsewhere)
