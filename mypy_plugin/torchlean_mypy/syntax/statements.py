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

# Where a statement has the blocks that it is made of; a definition has none.
BLOCKS: dict[type[Statement], tuple[str, ...]] = {
    ForStmt: ("body", "else_body"),
    IfStmt: ("body", "else_body"),
    MatchStmt: ("bodies",),
    TryStmt: ("body", "handlers", "else_body", "finally_body"),
    WhileStmt: ("body", "else_body"),
    WithStmt: ("body",),
}
# All others have no statements within them, and are most.
COMPOUND = {*BLOCKS, Block, ClassDef, Decorator, FuncDef, OverloadedFuncDef}


def every(statements: Iterable[Statement]) -> list[Statement]:
    """The statements and those within them, also those of functions and classes."""
    found: list[Statement] = []
    waiting = [*statements][::-1]
    while waiting:
        statement = waiting.pop()
        found.append(statement)
        if type(statement) in COMPOUND:
            match statement:
                case Decorator():
                    waiting.append(statement.func)
                case OverloadedFuncDef():
                    waiting += reversed(statement.items)
                case _:
                    for inner in reversed(nested(statement)):
                        waiting += reversed(inner)
    return found


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


def blocks(statement: Statement) -> list[Block]:
    """The blocks that a statement is made of."""
    found: list[Block] = [statement] if isinstance(statement, Block) else []
    for name in BLOCKS.get(type(statement), ()):
        part = getattr(statement, name)
        found += part if isinstance(part, list) else [part] if part is not None else []
    return found
