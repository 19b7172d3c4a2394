"""A program of the benchmark: its text, its sizes, and its version with numbers for names.

A program ends with the call ``main(b=7, i=5)`` of its entry ``def main(b: Dim["b"], i: Dim["i"]) -> ...``. As it is
written its sizes are names, and no two of them are the same to the checker, whatever their values; ``numbered`` puts
the numbers of that call, distinct primes, in their place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "programs"
NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Program:
    """One file of ``programs/``."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The numbers in the call of ``main`` at the end."""
        call = next(
            node for node in ast.walk(self.tree.body[-1]) if isinstance(node, ast.Call) and _is_name(node.func, "main")
        )
        return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}


def programs() -> list[Program]:
    """All of them, by name."""
    return [Program(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]


class Text:
    """A text that is edited at the places of nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self._starts = starts

    def span(self, node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
        """From where to where a node reaches. (Programs are ASCII: mypy's and Python's columns are the same.)"""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt | ast.arg) -> str:
        """A node's own text."""
        start, end = self.span(node)
        return self.text[start:end]

    def replaced(self, changes: list[tuple[tuple[int, int], str]]) -> str:
        """The text with these spans replaced; they do not overlap."""
        text = self.text
        for (start, end), new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def numbered(text: str, sizes: dict[str, int]) -> str:
    """The version in which ``main`` has the numbers themselves where it had names; every line stays where it is."""
    source = Text(text)
    tree = ast.parse(text)
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main")
    first, last = main.args.args[0], main.args.args[-1]
    heading = (source.span(first)[0], source.span(last)[1])
    changes = [(heading, "\n" * source.text[slice(*heading)].count("\n"))]
    call = next(node for node in ast.walk(tree.body[-1]) if isinstance(node, ast.Call) and _is_name(node.func, "main"))
    changes.append((source.span(call), "main()"))
    for node in [*_walk(main.body), *([main.returns] if main.returns else [])]:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in sizes:
            changes.append((source.span(node), str(sizes[node.id])))
    texts = {
        shape for node in ast.walk(main) for annotation in annotations_of(node) for shape in _shapes_in(annotation)
    }
    for shape in texts:
        if shape not in {constant for arg in main.args.args for constant in _shapes_in(arg.annotation)}:
            written = NAME.sub(lambda match: str(sizes.get(match[0], match[0])), source.of(shape))
            changes.append((source.span(shape), written))
    return source.replaced(changes)


def annotations_of(node: ast.AST) -> list[ast.expr]:
    """The annotations that stand in a statement."""
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return []
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    given = [argument.annotation for argument in arguments if argument is not None]
    return [annotation for annotation in (*given, node.returns) if annotation is not None]


def _shapes_in(annotation: ast.expr | None) -> list[ast.Constant]:
    nodes = ast.walk(annotation) if annotation is not None else []
    return [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _walk(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
