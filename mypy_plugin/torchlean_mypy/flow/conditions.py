"""The assertions of a file, and the lines in which they hold.

A condition that guards a block is asserted at its beginning, and one under which a block is left is asserted to be
false after it: mypy then sees assertions only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import Any, ClassVar

from mypy.nodes import (
    AssertStmt,
    AssignmentStmt,
    Block,
    BreakStmt,
    CallExpr,
    ComparisonExpr,
    Context,
    ContinueStmt,
    Expression,
    ExpressionStmt,
    IfStmt,
    IndexExpr,
    IntExpr,
    MatchStmt,
    MemberExpr,
    NameExpr,
    Node,
    OpExpr,
    RaiseStmt,
    ReturnStmt,
    Statement,
    UnaryExpr,
)

from torchlean_mypy.flow.questions import Questions, question
from torchlean_mypy.syntax.expressions import Nodes, compared
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.syntax.statements import nested
from torchlean_mypy.types.facts import Asserted, Facts


class Stops:
    """The conditions, by identity, behind which mypy asks whether they may be so."""

    of: ClassVar[Notes[int, Expression]] = Notes()


Part = tuple[Expression, Expression]  # of a condition, and what it says, to be asserted
LEAVING = (RaiseStmt, ReturnStmt, ContinueStmt, BreakStmt)


def follow(definitions: list[Statement], within: Iterable[Statement], nodes: Nodes) -> dict[int, Asserted]:
    """Where each asserted expression holds, by its identity: of the definitions of a file and all statements within."""
    found: dict[int, Asserted] = {}
    blocks = [definitions, *(statements for statement in within for statements in nested(statement))]
    for statements in blocks:
        _block(statements, found)
    if any(map(_is_ensure, nodes[CallExpr])):
        for statements in blocks:
            _ensured(statements, found)
    return found


def _block(statements: list[Statement], found: dict[int, Asserted]) -> None:
    _assert_conditions(statements, found)
    last = max((_last_line(statement) for statement in statements), default=0)
    for statement in statements:
        region = (_last_line(statement), last)
        match statement:
            case AssertStmt():
                for part, _ in _said(statement.expr):
                    fact = _about_sizes(part) or part
                    found[id(fact)] = Asserted(fact, region)
            case ExpressionStmt(expr=CallExpr() as call):
                found[id(call)] = Asserted(call, region)


def _ensured(statements: list[Statement], found: dict[int, Asserted]) -> None:
    """Note the calls of ``tl.ensure`` that are made whenever their statement is reached."""
    last = max((_last_line(statement) for statement in statements), default=0)
    for statement in statements:
        waiting: list[Expression] = []
        match statement:
            case AssignmentStmt(rvalue=value) | ExpressionStmt(expr=value):
                waiting = [value]
        while waiting:
            match waiting.pop():
                case CallExpr() as call:
                    waiting += [call.callee, *call.args]
                    if _is_ensure(call):
                        found[id(call)] = Asserted(call, (_last_line(statement), last))
                case OpExpr(op=op, left=left, right=right) if op not in ("and", "or"):
                    waiting += [left, right]
                case UnaryExpr(expr=inner) | MemberExpr(expr=inner) | IndexExpr(base=inner):
                    waiting.append(inner)


def _is_ensure(call: CallExpr) -> bool:
    return isinstance(call.callee, NameExpr | MemberExpr) and call.callee.name == "ensure"


def _last_line(statement: Statement) -> int:
    return statement.end_line or statement.line


def _assert_conditions(statements: list[Statement], found: dict[int, Asserted]) -> None:
    """Put in the assertions that an ``if`` stands for.

    Sizes are learnt from the condition itself, since mypy narrows what it compares; a shape from the assertion.
    """
    end = max((_last_line(statement) for statement in statements), default=0)
    index = 0
    while index < len(statements):
        statement = statements[index]
        index += 1
        if not isinstance(statement, IfStmt):
            continue
        for condition, body in zip(statement.expr, statement.body, strict=True):
            _assert_in(body.body, [*_said(condition)], found)
        opposites = [*_opposites(statement.expr[0])] if len(statement.body) == 1 else []
        if statement.else_body is not None:
            _assert_in(statement.else_body.body, opposites, found)
        elif _leaves(statement.body[0]):
            _stop(statements, index, opposites, statement)
            for part, opposite in reversed(opposites):
                found[id(part)] = Asserted(part, (_last_line(statement), end), condition=True)
                put(statements, index, opposite, _last_line(statement))


def _assert_in(block: list[Statement], parts: list[Part], found: dict[int, Asserted]) -> None:
    """Put assertions at the beginning of a block, each with the part of the condition that says as much."""
    if not block:  # a library's bodies are left out
        return
    first, last = block[0].line, _last_line(block[-1])
    _stop(block, 0, parts, block[0])
    for part, assertion in reversed(parts):  # each is put before those that follow it
        found[id(part)] = Asserted(part, (first, last), condition=True)
        put(block, 0, assertion, first)


def _stop(statements: list[Statement], index: int, parts: list[Part], place: Statement) -> None:
    """Have mypy not look at what follows, where that is behind conditions of which one is never so."""
    compared = [part for part, _ in parts if isinstance(part, ComparisonExpr)]
    stopped = Stops.of[Questions.file]
    if compared and id(compared[0]) not in stopped:  # or mypy comes again
        stopped[id(compared[0])] = compared[0]
        statements.insert(index, question(place, partial(_end, compared)))


def _end(conditions: Sequence[Expression], api: Any) -> None:
    if any(Facts.is_never(api.path, condition) for condition in conditions):
        api.binder.unreachable()


def put(statements: list[Statement], index: int, condition: Expression, line: int) -> None:
    """Put an assertion into a block, if it is about sizes."""
    if _about_sizes(condition) is None:
        return
    there = takewhile(lambda statement: isinstance(statement, AssertStmt), statements[index:])
    if any(isinstance(one, AssertStmt) and _operands(one.expr) == _operands(condition) for one in there):
        return  # mypy comes again
    if isinstance(condition, ComparisonExpr):  # of its own: what it says of a tensor holds here, not in the condition
        condition, place = ComparisonExpr([*condition.operators], [*condition.operands]), condition
        condition.set_line(place)  # where mypy has something to say of it, it says it once
    assertion = AssertStmt(condition)
    assertion.set_line(line, 0, line, 0)
    statements.insert(index, assertion)


def _operands(condition: Expression) -> list[Expression]:
    return [*condition.operands] if isinstance(condition, ComparisonExpr) else [condition]


def _about_sizes(condition: Expression) -> Expression | None:
    """The part of a comparison that tells whether it is about sizes, ``d % h`` or ``x.shape``; None for others."""
    match condition:
        case ComparisonExpr(operators=["=="], operands=[OpExpr(op="%") as remainder, IntExpr(value=0)]):
            return remainder
        case ComparisonExpr(operators=["=="], operands=[left, right]):
            return condition if compared(left) is not None or compared(right) is not None else None
    return None


def tested(nodes: Nodes) -> set[Node]:
    """The variables of a file whose shapes are compared somewhere."""
    owners = [compared(operand) for comparison in nodes[ComparisonExpr] for operand in comparison.operands]
    owners += [compared(match.subject) for match in nodes[MatchStmt]]
    return {owner.node for owner in owners if isinstance(owner, NameExpr) and owner.node is not None}


def _said(condition: Expression) -> Iterator[Part]:
    """What holds, all of it, where a condition does."""
    match condition:
        case OpExpr(op="and"):
            yield from _said(condition.left)
            yield from _said(condition.right)
        case UnaryExpr(op="not"):
            yield from _opposites(condition.expr)
        case ComparisonExpr() if {*condition.operators} != {"=="}:
            return
        case _:
            yield condition, condition


def _opposites(condition: Expression) -> Iterator[Part]:
    """What holds, all of it, where a condition does not: the parts of the condition, and their opposites."""
    match condition:
        case OpExpr(op="or"):
            yield from _opposites(condition.left)
            yield from _opposites(condition.right)
        case UnaryExpr(op="not"):
            yield from _said(condition.expr)
        case ComparisonExpr(operators=["!="], operands=[left, right]):
            yield condition, equal(left, right, condition)
        case OpExpr(op="%"):
            zero = IntExpr(0)
            zero.set_line(condition)
            yield condition, equal(condition, zero, condition)


def equal(left: Expression, right: Expression, place: Context) -> Expression:
    """``left == right``."""
    equal = ComparisonExpr(["=="], [left, right])
    equal.set_line(place)
    return equal


def _leaves(block: Block) -> bool:
    return bool(block.body) and isinstance(block.body[-1], LEAVING)
