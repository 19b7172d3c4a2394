"""Nothing unknown in silence: under ``strict_shapes``, each unknown shape is reported where it begins.

That is known when mypy has checked a file whole: in the daemon, those functions of it that it checks again. mypy comes
back to functions that it could not finish, in several passes. So functions of ours, whose bodies are questions to us,
stand among them. The first has the second put at the end of the pass; there it is seen whether another pass comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from mypy.checker import DeferredNode
from mypy.nodes import (
    Block,
    ClassDef,
    Decorator,
    FuncDef,
    MemberExpr,
    Node,
    OverloadedFuncDef,
    Statement,
    TypeInfo,
)
from mypy.types import CallableType, NoneType

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.flow.questions import Answer, question, withdraw
from torchlean_mypy.reports.codes import Strictness, found_again, report_unknown, was_reported
from torchlean_mypy.reports.following import Following
from torchlean_mypy.strict.beginnings import Unknowns
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.statements import blocks
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.dependencies import in_file_with_shapes

Function = tuple[FuncDef | Decorator | OverloadedFuncDef, tuple[TypeInfo, ...]]  # with the classes around it


class LastPass:
    """The last pass over each file."""

    passes: ClassVar[dict[str, LastPass]] = {}

    def __init__(self, checker: Any, syntax: list[Node] | None) -> None:
        self.checker, self.syntax = checker, syntax
        self.first, self.last = _asking(checker, self._begin), _asking(checker, self._end)
        self.done: int | None = None  # in which pass
        self._wait()

    @classmethod
    def ask(cls, checker: Any) -> None:
        """Have a checker that has shapes before it go over them in the end; workers check functions apart."""
        known = cls.passes.get(checker.path)
        if known is not None and known.checker is checker and known.done in (None, checker.pass_num):
            return
        if known is not None:
            withdraw(checker.path, *known.first.body.body, *known.last.body.body)
        if known is None or known.checker is not checker:
            known = None
            Strictness.lost.pop(checker.path, None)
            Following.held.clear(checker.path)
        if not checker.can_skip_diagnostics and in_file_with_shapes(checker):
            cls.passes[checker.path] = LastPass(checker, None if known is None else known.syntax)

    def _wait(self) -> None:
        self.queue: list[DeferredNode] = self.checker.deferred_nodes  # of the next pass
        self.queue.append(DeferredNode(self.first, None))

    def _begin(self, checker: Any) -> None:
        """What mypy comes to in each pass, while it goes through the queue."""
        self.queue.append(DeferredNode(self.last, None))

    def _end(self, checker: Any) -> None:
        """What mypy comes to when a pass is over but for this."""
        if checker.deferred_nodes:
            self._wait()
        else:
            self.done = checker.pass_num
            self.syntax = self.syntax or nodes(checker.tree, Node)
            _report(checker, self.syntax)


def _asking(checker: Any, answer: Answer) -> FuncDef:
    """A function that asks us when mypy comes to it."""
    typ = CallableType([], [], [], NoneType(), Types(checker).named("builtins.function"))
    function = FuncDef("last", [], Block([question(checker.tree.defs[0], answer, checker.path)]), typ)
    function._fullname = f"{checker.tree.fullname}.<last>"
    function.def_or_infer_vars = True  # for mypy to look at it whatever else it leaves for later
    return function


def _report(checker: Any, syntax: list[Node]) -> None:
    functions = list(_functions(checker.tree.defs, ()))
    unknowns = Unknowns(checker.tree.path, syntax, lambda part: type_of(checker, part))
    wrong = {target.node for target, value in unknowns.targets if was_reported(checker, value)}
    for beginning in unknowns.beginnings():
        place = beginning.place
        if isinstance(place, MemberExpr) and unknowns.reasons.variable(place) in wrong:
            continue  # an error says why
        if beginning.lost and not was_reported(checker, place):
            with _within(checker.tscope, functions, place.line):
                report_unknown(checker, beginning.reason, place)
            if place in unknowns.arguments:  # what was said of the call that gets it has this reason
                found_again(checker, unknowns.arguments[place])


@contextmanager
def _within(scope: Any, functions: Sequence[Function], line: int) -> Iterator[None]:
    """The function around a line, whose errors the daemon takes back when it checks that again."""
    held = scope.function, scope.classes
    for function, classes in functions:
        if function.line <= line <= (function.end_line or 0):
            scope.function = function.func if isinstance(function, Decorator) else function
            scope.classes = list(classes)
    yield
    scope.function, scope.classes = held


def _functions(statements: Sequence[Statement], classes: tuple[TypeInfo, ...]) -> Iterator[Function]:
    """The functions of a file, and methods, with the classes around them: what the daemon checks again by itself."""
    for statement in statements:
        match statement:
            case FuncDef() | Decorator() | OverloadedFuncDef():
                yield statement, classes
            case ClassDef():
                yield from _functions(statement.defs.body, (*classes, statement.info))
            case _:
                for block in blocks(statement):
                    yield from _functions(block.body, classes)
