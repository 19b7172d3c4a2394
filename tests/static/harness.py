"""The static cases: programs whose comments say what mypy reports and reveals, checked in one run of mypy and executed.

``# E: code: message`` is an error on that line, ``# R: type`` what ``reveal_type`` gives, as jaxtyping text.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from revealed import jaxtyping_text

HERE = Path(__file__).parent
CASES = HERE / "cases"
CONFIG = HERE / "mypy.ini"
MARK = re.compile(r" # (?=[ER]: )")


@dataclass(frozen=True)
class Finding:
    """What mypy says of a line: an error (``E``) or a revealed type (``R``)."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"# {self.kind}: {self.text}"


Findings = dict[int, list[Finding]]


@dataclass
class Case:
    """One file of cases."""

    path: Path
    lines: list[str] = field(init=False)
    expected: Findings = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.path.read_text(encoding="utf-8").splitlines()
        self.expected = {}
        for number, line in enumerate(self.lines, 1):
            _, *marks = MARK.split(line)
            if marks:
                self.expected[number] = [Finding(mark[0], mark[3:].strip()) for mark in marks]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def is_symbolic(self) -> bool:
        """Whether the file says that it cannot be executed."""
        return self.lines[0].startswith("# symbolic")

    def updated(self, found: Findings) -> str:
        """The file with what was found as its expectations."""
        lines = []
        for number, line in enumerate(self.lines, 1):
            code = MARK.split(line)[0].rstrip()
            lines.append(" ".join([f"{code} " if found.get(number) else code, *map(str, found.get(number, []))]))
        return "\n".join(lines) + "\n"


def all_cases() -> list[Case]:
    """Every file of cases, in order."""
    return [Case(path) for path in sorted(CASES.glob("*.py"))]


def run_mypy(paths: Iterable[Path], cache: Path, *options: str, config: Path = CONFIG, folder: Path = CASES) -> str:
    """What one run of mypy, in a folder, prints."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(config),
        "--cache-dir",
        str(cache),
        "--show-traceback",
        *options,
    ]
    environment = {**os.environ, "TORCHLEAN_MYPY_RAISES": "1"}
    done = subprocess.run(
        [*command, *map(str, paths)], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        said = [line for line in done.stdout.splitlines() if not line.startswith("{")]
        raise RuntimeError("\n".join([*said, done.stderr]))
    return done.stdout


@contextmanager
def daemon(
    paths: Iterable[Path], cache: Path, config: Path = CONFIG, folder: Path = CASES
) -> Iterator[Callable[[], str]]:
    """mypy's daemon in a folder: a function that has the files checked, and gives what that prints."""
    cache.mkdir()
    dmypy = [sys.executable, "-m", "mypy.dmypy", "--status-file", str(cache / "status.json")]
    options = ["--config-file", str(config), "--cache-dir", str(cache), *map(str, paths)]
    environment = {**os.environ, "TORCHLEAN_MYPY_RAISES": "1"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [*dmypy, *arguments], capture_output=True, text=True, cwd=folder, env=environment, timeout=300
        )
        return done.stdout

    try:
        yield lambda: run("run", "--", *options)
    finally:
        run("stop")


def lines(output: str) -> list[str]:
    """What mypy printed, file by file; the summary counts what was checked anew."""
    return sorted(line for line in output.splitlines() if ".py:" in line)


def findings(output: str) -> dict[str, Findings]:
    """What mypy said, by file and line."""
    found: dict[str, Findings] = defaultdict(lambda: defaultdict(list))
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        said = json.loads(line)
        if said["severity"] == "error":
            finding = Finding("E", f"{said['code']}: {said['message']}")
        elif said["message"].startswith('Revealed type is "'):
            finding = Finding("R", jaxtyping_text(said["message"].removeprefix('Revealed type is "').removesuffix('"')))
        else:
            continue
        here = found[Path(said["file"]).stem][said["line"]]
        if finding not in here:
            here.append(finding)
    return {name: {n: sorted(some, key=lambda f: f.kind) for n, some in lines.items()} for name, lines in found.items()}


def check(paths: Iterable[Path], cache: Path, *options: str, config: Path = CONFIG) -> dict[str, Findings]:
    """Run mypy over the files, and give what it finds."""
    return findings(run_mypy(paths, cache, "--output", "json", *options, config=config))


def statements(case: Case) -> list[ast.stmt]:
    """The statements of a file, in order."""
    return ast.parse("\n".join(case.lines)).body
