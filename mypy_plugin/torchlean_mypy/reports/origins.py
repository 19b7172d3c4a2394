"""What is made of what is wrong: of a variable whose value has an error in it nothing is known, nor told.

Something may seem to be known: after a loop a variable may have the shape that it had before, and the sum of what is
not known and an ``[n]`` is an ``[n]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mypy.errors import ErrorInfo
from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    CallExpr,
    Context,
    DictionaryComprehension,
    Expression,
    ForStmt,
    GeneratorExpr,
    LambdaExpr,
    ListExpr,
    MypyFile,
    NameExpr,
    Node,
    StarExpr,
    TupleExpr,
    WhileStmt,
)

from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.loop_bodies import is_in

AROUND = (GeneratorExpr, DictionaryComprehension, CallExpr)  # what gives a value to variables of its own
Place = tuple[int, int, str]  # of an error: its line and column, and its message


class Given(NamedTuple):
    """A place that gives a variable its value."""

    place: Context
    value: Expression


def origin(tree: MypyFile, where: Context | ErrorInfo, told: Iterable[Place]) -> Place | None:
    """An error that is told of what the variables in an expression, or in an error's place, are made of."""
    wrong = sorted(told)
    known = _read(tree) if wrong else None
    if known is None:
        return None
    waiting = [name for name in known.names if _start(where) <= _start(name) < _end(where)]
    seen: set[int] = set()
    while waiting:
        name = waiting.pop()
        for given in known.reaching(name):
            if id(given) in seen or _start(given.value) <= _start(where) < _end(given.value):
                continue
            seen.add(id(given))
            for place in wrong:
                if _start(given.value) <= place[:2] < _end(given.value):
                    return place
            waiting += nodes(given.value, NameExpr)
    return None


class _Known:
    """The names of a file, what gives them their values, and its loops."""

    def __init__(self, tree: MypyFile) -> None:
        self.names: list[NameExpr] = []
        self.given: dict[object, list[Given]] = {}
        self.loops: list[Context] = []
        self.declared: set[object] = set()  # what these are is said, whatever they are given
        for node in nodes(tree, Node):
            if isinstance(node, NameExpr):
                self.names.append(node)
            elif isinstance(node, ForStmt | WhileStmt):
                self.loops.append(node)
            for variable, value in _bindings(node):
                self.given.setdefault(variable, []).append(Given(node, value))
                if isinstance(node, AssignmentStmt) and node.unanalyzed_type is not None:
                    self.declared.add(variable)

    def reaching(self, name: NameExpr) -> list[Given]:
        """What may have given a variable the value that it has at a place: the last before it, and loops."""
        every = self.given.get(name.node, []) if name.node not in self.declared else []
        before = [given for given in every if _end(given.value) <= _start(name)]
        last = max(before, key=lambda given: _end(given.value), default=None)
        loops = [loop for loop in self.loops if is_in(name, loop) or (last is not None and is_in(last.place, loop))]
        around = [given for given in every if isinstance(given.place, AROUND) and is_in(name, given.place)]
        return [one for one in every if one is last or one in around or any(is_in(one.place, loop) for loop in loops)]


def _bindings(node: Node) -> Iterator[tuple[object, Expression]]:
    """The variables that something gives a value, and the value; that of a lambda's is another argument's."""
    match node:
        case AssignmentStmt(lvalues=targets, rvalue=value):
            yield from ((one, value) for target in targets for one in _variables(target))
        case AssignmentExpr(target=target, value=value):
            yield target.node, value
        case ForStmt(index=target, expr=over):
            yield from ((one, over) for one in _variables(target))
        case GeneratorExpr() | DictionaryComprehension():
            for target, over in zip(node.indices, node.sequences, strict=True):
                yield from ((one, over) for one in _variables(target))
        case CallExpr(args=args):
            functions = [one for one in args if isinstance(one, LambdaExpr)]
            own = [argument.variable for one in functions for argument in one.arguments]
            yield from ((one, value) for one in own for value in args if value not in functions)


def _variables(target: Expression) -> Iterator[object]:
    match target:
        case NameExpr(node=variable):
            yield variable
        case TupleExpr(items=targets) | ListExpr(items=targets):
            for one in targets:
                yield from _variables(one)
        case StarExpr(expr=inner):
            yield from _variables(inner)


_latest: tuple[object, _Known] | None = None


def _read(tree: MypyFile) -> _Known:
    global _latest
    if _latest is None or _latest[0] is not tree.defs:
        _latest = (tree.defs, _Known(tree))
    return _latest[1]


def _start(node: Context | ErrorInfo) -> tuple[int, int]:
    return node.line, node.column


def _end(node: Context | ErrorInfo) -> tuple[int, int]:
    return node.end_line or node.line, node.end_column or node.column
