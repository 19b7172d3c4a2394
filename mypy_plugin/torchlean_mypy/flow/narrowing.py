"""What a condition says of a tensor's shape, and where that ends.

mypy makes one type of what holds where a branch ends and what holds otherwise, of ``[_]`` and any shape perhaps
``[_]``. So a tensor is again what it was before it was narrowed, where a block ends or is left by ``break`` or
``continue``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from mypy.nodes import (
    AssertStmt,
    AssignmentStmt,
    BreakStmt,
    ClassDef,
    ContinueStmt,
    Expression,
    ForStmt,
    FuncDef,
    IfStmt,
    MatchStmt,
    NameExpr,
    Statement,
    TryStmt,
    WhileStmt,
    WithStmt,
)
from mypy.patterns import AsPattern
from mypy.types import Type, get_proper_type

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.flow import branches
from torchlean_mypy.flow.conditions import LEAVING
from torchlean_mypy.flow.questions import Questions, question
from torchlean_mypy.syntax.expressions import written_in
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.syntax.statements import blocks, nested

LOOPS = (ForStmt, WhileStmt)
End = Callable[..., None]


class Narrowed:
    """By the identity of a type that was narrowed: that itself, whose it is, and what it was before."""

    types: ClassVar[dict[int, tuple[Type, Expression, Type]]] = {}
    ends: ClassVar[Notes[int, Statement]] = Notes()  # the questions at the ends of blocks, by identity

    @classmethod
    def put(cls, api: Any, owner: Expression, typ: Type, before: Type) -> None:
        """From here on, the owner is of this type."""
        if not api.binder.can_put_directly(owner):
            return
        cls.types[id(typ)] = typ, owner, api.binder.get(owner) or before
        api.binder.put(owner, typ)

    @classmethod
    def before(cls, typ: Type | None) -> Type | None:
        """What a type was before it was narrowed."""
        _, _, before = cls.types.get(id(get_proper_type(typ)), (None, None, typ))
        return before

    @classmethod
    def undo(cls, api: Any, level: int) -> None:
        """Undo what was narrowed since this frame of mypy's binder."""
        binder = api.binder
        for key in {key for frame in binder.frames[level + 1 :] for key in frame.types}:
            outer, now = binder._get(key, level), binder._get(key).type
            while id(now) in cls.types and (outer is None or now is not outer.type):
                _, owner, now = cls.types[id(now)]
                binder.put(owner, now)


Checker.listeners.append(lambda api: Narrowed.types.clear())


def follow(statements: Iterable[Statement]) -> None:
    """Have mypy ask where a block in which something is asserted, or bound again, ends or is left."""
    for statement in statements:
        parts = nested(statement)
        if not isinstance(statement, FuncDef | ClassDef | WithStmt) and any(map(_leaves_something, parts)):
            last = parts[0 if isinstance(statement, LOOPS) else -1]
            end = partial(branches.end, may_be_left_out=_may_be_left_out(statement))
            for block in parts:
                if block and not _has_end(block):
                    is_last = block is last and not isinstance(statement, TryStmt)
                    depth = (
                        3 if is_last and isinstance(statement, WhileStmt) else 1
                    )  # to mypy its body is that of an if
                    _follow(block, partial(end, is_last=is_last, depth=depth))


def _may_be_left_out(statement: Statement) -> bool:
    """Whether there is a way past a statement on which none of its blocks is gone through."""
    match statement:
        case IfStmt():
            return statement.else_body is None
        case MatchStmt():
            patterns = zip(statement.patterns, statement.guards, strict=True)
            return not any(isinstance(one, AsPattern) and one.pattern is None and not guard for one, guard in patterns)
    return isinstance(statement, LOOPS)


def _has_end(block: list[Statement]) -> bool:
    """Whether mypy comes again."""
    return any(id(statement) in Narrowed.ends[Questions.file] for statement in block[-2:])


def _leaves_something(block: list[Statement]) -> bool:
    """Whether something may have been narrowed or bound again here: a block is left for what is around it, too."""
    return any(
        isinstance(statement, AssertStmt | BreakStmt | ContinueStmt)
        or _binds_again(statement)
        or any(_leaves_something(inner.body) for inner in blocks(statement))
        for statement in block
    )


def _binds_again(statement: Statement) -> bool:
    targets = statement.lvalues if isinstance(statement, AssignmentStmt) else []
    names = [name for target in targets for name in written_in(target)]
    return any(isinstance(name, NameExpr) and not name.is_inferred_def for name in names)


def _follow(block: list[Statement], end: End) -> None:
    match block[-1]:
        case BreakStmt() as last:
            block.insert(-1, _end(last, lambda api: api.binder.break_frames[-1], partial(end, depth=1)))
        case ContinueStmt() as last:
            block.insert(-1, _end(last, lambda api: api.binder.continue_frames[-1], partial(end, depth=1)))
        case last if not isinstance(last, LEAVING):
            block.append(_end(last, lambda api: len(api.binder.frames) - 2, end))


def _end(place: Statement, level: Callable[[Any], int], end: End) -> Statement:
    """A question at which what was narrowed since a frame of the binder is undone."""
    asked = question(place, lambda api: _leave(api, level(api), end))
    Narrowed.ends[Questions.file][id(asked)] = asked
    return asked


def _leave(api: Any, level: int, end: End) -> None:
    Narrowed.undo(api, level)
    end(api, level)
