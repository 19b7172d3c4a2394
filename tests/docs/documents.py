"""The documents' code, found, run and checked; ``python -m tests.docs.documents`` rewrites what it gives.

    ```python             run, block after block of a document in one namespace; what follows ``>>>`` is compared
    ```python check       checked with the plugin; ``# error:`` and ``# note:`` below a line say what mypy says of it
    ```python check x.py  a file for the console blocks of the document, which check it
    ```console            commands after ``$``; what ``torchlean-typed`` prints is compared
    ```sh                 shown, not run

A ``check`` block that does not import the library starts with the document's imports, its first block; one that mypy
accepts is run too.
"""

from __future__ import annotations

import doctest
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from torchlean_typed.cli import run_mypy

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s*# (error|note): (.*)")
CONTINUED = re.compile(r"\s*#     (.*)")
OUR_ERROR = re.compile(r"^torchlean_typed\.[a-z_.]+(?=[A-Z])", re.MULTILINE)
FORM = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
TRACEBACK = "Traceback (most recent call last):\n    ...\n"
WIDTH = 110


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    document: Path
    line: int
    info: str
    text: str

    @property
    def kind(self) -> str:
        """Such as ``python check``, without a file's name."""
        return " ".join(word for word in self.info.split() if not word.endswith(".py"))

    @property
    def file(self) -> str | None:
        """The name that the block's text has as a file."""
        return next((word for word in self.info.split() if word.endswith(".py")), None)

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


@dataclass(frozen=True)
class Report:
    """What mypy says of a line, or what a comment says that it says."""

    line: int
    severity: str
    message: str


class Document:
    """A Markdown file and its blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        """All fenced blocks, in order."""
        return [
            Block(self.path, self.text.count("\n", 0, match.start()) + 2, match["info"].strip(), match["text"])
            for match in FENCE.finditer(self.text)
        ]

    def of_kind(self, kind: str) -> list[Block]:
        """The blocks of one kind that are no files."""
        return [block for block in self.blocks if block.kind == kind and block.file is None]

    @cached_property
    def imports(self) -> str:
        """The first Python block, if it has nothing but imports."""
        first = next((block.text for block in self.of_kind("python")), "")
        code = [line for line in first.splitlines() if line and not line.startswith((" ", ")", "#"))]
        return first if all(line.startswith(("import ", "from ")) for line in code) else ""

    def program(self, block: Block) -> tuple[str, int]:
        """A check block as a program, and the number of lines put before it."""
        if re.search(r"^(import|from) torchlean_typed", block.text, re.MULTILINE):
            return block.text, 0
        return self.imports + block.text, self.imports.count("\n")


# --- python -----------------------------------------------------------------------------------------------------------


def _shown(got: str) -> str:
    """What an example gave, as it stands in a document: of a traceback the ends alone."""
    return TRACEBACK + OUR_ERROR.sub("", got.splitlines()[-1]) + "\n" if got.startswith(TRACEBACK[:9]) else got


class Checker(doctest.OutputChecker):
    """An error of ours is shown by its name alone, without its module."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, OUR_ERROR.sub("", got), optionflags)


def run_block(block: Block, namespace: dict[str, Any], seen: Callable[[str, str], None] | None = None) -> list[str]:
    """Run a Python block; what failed. ``seen`` gets each example's source and what it printed."""
    if ">>>" not in block.text:
        source = "\n" * (block.line - 1) + block.text
        exec(compile(source, str(block.document), "exec", dont_inherit=True), namespace)
        return []
    test = doctest.DocTestParser().get_doctest(block.text, namespace, str(block), str(block.document), block.line - 1)
    problems: list[str] = []

    class Runner(doctest.DocTestRunner):
        def report_start(self, out: Any, test: Any, example: Any) -> None: ...

        def report_success(self, out: Any, test: Any, example: Any, got: str) -> None:
            if seen is not None:
                seen(example.source, _shown(got))

        def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
            self.report_success(out, test, example, got)
            where = f"{test.filename}:{block.line + example.lineno}"
            problems.append(f"{where}: {example.source.strip()}\nexpected: {example.want}     got: {_shown(got)}")

        def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
            self.report_failure(out, test, example, f"{TRACEBACK}{exc_info[0].__name__}: {exc_info[1]}\n")

    Runner(Checker(), optionflags=FORM).run(test, out=lambda text: None, clear_globs=False)
    namespace.update(test.globs)
    return problems


# --- python check -----------------------------------------------------------------------------------------------------


def check_blocks(documents: list[Document]) -> dict[Block, list[Report]]:
    """What mypy says of every check block: one run for all of them."""
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, tuple[Block, int]] = {}
        for document in documents:
            for block in document.of_kind("python check"):
                text, before = document.program(block)
                name = f"{re.sub('[^a-z]', '_', document.path.stem.lower())}_{block.line}.py"
                Path(folder, name).write_text(text, encoding="utf-8")
                files[name] = block, before
        flags = ["--output=json", f"--cache-dir={folder}/cache"]
        done = run_mypy([Path(folder, name) for name in files], flags, capture=True) if files else None
        if done is not None and done.returncode not in (0, 1):
            raise RuntimeError(f"mypy could not run:\n{done.stdout}{done.stderr}")
        reports: dict[Block, list[Report]] = {block: [] for block, _ in files.values()}
        for line in done.stdout.splitlines() if done is not None else ():
            entry = json.loads(line)
            block, before = files[Path(entry["file"]).name]
            reports[block] += _reports(entry, before)
    return reports


def _reports(entry: dict[str, Any], before: int) -> Iterator[Report]:
    line = entry["line"] - before
    if entry["severity"] == "error":
        yield Report(line, "error", f"{entry['message']}  [{entry['code']}]")
    elif entry["message"].startswith("Revealed type"):
        yield Report(line, "note", entry["message"])


def expected_reports(block: Block) -> list[Report]:
    """What the comments of a check block say of the lines above them."""
    found: list[Report] = []
    code_line, continues = 0, False
    for number, line in enumerate(block.text.splitlines(), 1):
        comment, more = COMMENT.fullmatch(line), CONTINUED.fullmatch(line)
        if comment:
            found.append(Report(code_line, comment[1], comment[2]))
        elif more and continues:
            found[-1] = Report(found[-1].line, found[-1].severity, f"{found[-1].message} {more[1]}")
        else:
            code_line = number
        continues = bool(comment) or (bool(more) and continues)
    return found


def as_said(reports: list[Report]) -> list[tuple[int, str, str]]:
    """Reports as they are compared: in the order of lines, whatever the spaces."""
    return sorted((report.line, report.severity, " ".join(report.message.split())) for report in reports)


def with_reports(block: Block, reports: list[Report]) -> str:
    """The block's text with the comments that say what mypy said."""
    lines, skipping = [], False
    for number, line in enumerate(block.text.splitlines(), 1):
        skipping = bool(COMMENT.fullmatch(line)) or (skipping and bool(CONTINUED.fullmatch(line)))
        if skipping:
            continue
        lines.append(line)
        indent = line[: len(line) - len(line.lstrip())]
        for report in reports:
            if report.line == number:
                wrapped = textwrap.wrap(f"{report.severity}: {report.message}", WIDTH - len(indent) - 6)
                lines.append(f"{indent}# {wrapped[0]}")
                lines += [f"{indent}#     {more}" for more in wrapped[1:]]
    return "\n".join(lines) + "\n"


# --- console ----------------------------------------------------------------------------------------------------------


def run_console(document: Document, block: Block) -> str:
    """The block with what its commands print."""
    with tempfile.TemporaryDirectory() as folder:
        for program in document.blocks:
            if program.file is not None:
                Path(folder, program.file).write_text(program.text, encoding="utf-8")
        return "".join(_printed(command, folder) for command in block.text.splitlines() if command.startswith("$ "))


def _printed(line: str, folder: str) -> str:
    """What a command prints in a terminal of a hundred columns."""
    program, *arguments = shlex.split(line.removeprefix("$ "))
    if program != "torchlean-typed":
        raise RuntimeError(f"only torchlean-typed is run in console blocks; use ```sh for: {line}")
    terminal, end = pty.openpty()
    columns = {"COLUMNS": "100", "MYPY_FORCE_TERMINAL_WIDTH": "100", "TERM": "dumb", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "torchlean_typed.cli", *arguments]
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **columns}, stdout=end, stderr=end):
        os.close(end)
        printed = _read(terminal)
    rows = [row.rstrip() for row in printed.replace("\r\n", "\n").strip("\n").split("\n")]
    return "\n".join([line, *rows]) + "\n"


def _read(terminal: int) -> str:
    parts = []
    with suppress(OSError):  # Linux's way to say that the other end is closed
        while part := os.read(terminal, 4096):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


# --- rewriting --------------------------------------------------------------------------------------------------------


def rewrite(paths: list[Path]) -> None:
    """Write into the documents what their code gives now."""
    documents = [Document(path) for path in paths]
    reports = check_blocks(documents)
    for document in documents:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        text = document.text
        for block in document.blocks:
            new = _rewritten(document, block, reports, namespace)
            text = text.replace(f"```{block.info}\n{block.text}```", f"```{block.info}\n{new}```")
        document.path.write_text(text, encoding="utf-8")


def _rewritten(document: Document, block: Block, reports: dict[Block, list[Report]], namespace: dict[str, Any]) -> str:
    if block in reports:
        return with_reports(block, reports[block])
    if block.kind == "console":
        return run_console(document, block)
    if block.kind != "python":
        return block.text
    examples: list[str] = []

    def seen(source: str, got: str) -> None:
        first, *rest = source.rstrip("\n").split("\n")
        examples.append("\n".join([f">>> {first}", *[f"... {line}".rstrip() for line in rest]]) + f"\n{got}")

    run_block(block, namespace, seen)
    return "".join(examples) or block.text


if __name__ == "__main__":
    rewrite([Path(name) for name in sys.argv[1:]] or DOCUMENTS)
