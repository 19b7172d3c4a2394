"""Walking over the statements of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import (
    Block,
    ClassDef,
    Decorator,
    ForStmt,
    FuncDef,
    IfStmt,
    MatchStmt,
    OverloadedFuncDef,
    Statement,
    TryStmt,
    WhileStmt,
    WithStmt,
)


def every(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements and those within them, also those of functions and classes."""
    for statement in statements:
        yield statement
        match statement:
            case FuncDef():
                yield from every(statement.body.body)
            case Decorator():
                yield from every([statement.func])
            case OverloadedFuncDef():
                yield from every(statement.items)
            case ClassDef():
                yield from every(statement.defs.body)
            case _:
                for block in blocks(statement):
                    yield from every(block.body)


def nested(statement: Statement) -> list[list[Statement]]:
    """The lists of statements directly within one."""
    match statement:
        case FuncDef():
            return [statement.body.body]
        case ClassDef():
            return [statement.defs.body]
    return [block.body for block in blocks(statement)]


def of_function(function: FuncDef) -> Iterator[Statement]:
    """The statements of a function, without those of the functions and classes in it."""
    waiting: list[Statement] = list(function.body.body)
    while waiting:
        statement = waiting.pop()
        yield statement
        waiting += [inner for block in blocks(statement) for inner in block.body]


def blocks(statement: Statement) -> Iterator[Block]:
    """The blocks that a statement is made of; a definition is none of these."""
    match statement:
        case IfStmt():
            yield from statement.body
            if statement.else_body is not None:
                yield statement.else_body
        case WhileStmt() | ForStmt():
            yield statement.body
            if statement.else_body is not None:
                yield statement.else_body
        case WithStmt():
            yield statement.body
        case TryStmt():
            yield statement.body
            yield from statement.handlers
            if statement.else_body is not None:
                yield statement.else_body
            if statement.finally_body is not None:
                yield statement.finally_body
        case MatchStmt():
            yield from statement.bodies
        case Block():
            yield statement
