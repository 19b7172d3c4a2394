"""``strict_shapes``: nothing unknown in silence, whichever way a shape is lost, and nothing said of what is known."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from torchlean_typed.cli import main

sys.path.insert(0, str(Path(__file__).parent))
from harness import HERE, Case, Finding, check, run_mypy

WAYS = Case(HERE / "strict" / "ways_to_lose.py")
AFTER_ERRORS = Case(HERE / "strict" / "after_errors.py")
STRICT = HERE / "strict.ini"
PROGRAMS = HERE.parent.parent / "benchmarks" / "static" / "programs"
LOST = "shape-unknown: "
FUNCTIONS = (
    "operators",
    "several",
    "functions",
    "in_place",
    "calls",
    "values",
    "sizes",
    "loops",
    "overloads",
    "numpy",
    "gathered",
)
pytestmark = pytest.mark.xdist_group("static")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def reported(finding: Finding) -> bool:
    return finding.kind == "E" and finding.text.startswith(LOST)


def executed() -> list[int]:
    """The lines that lose a shape, or might: the statements of the functions that the file calls."""
    tree = ast.parse("\n".join(WAYS.lines))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [part.body for part in tree.body if isinstance(part, functions) and part.name in FUNCTIONS]
    return [statement.lineno for body in bodies for statement in body]


def test_each_way_to_lose_a_shape_is_reported_with_its_reason_or_not_one(cache: Path) -> None:
    assert check([WAYS.path], cache, config=STRICT)[WAYS.name] == WAYS.expected
    silent = [number for number in executed() if not WAYS.expected.get(number)]
    assert not silent
    assert len(executed()) > 50
    for number, findings in WAYS.expected.items():
        for finding in findings:
            if finding.kind == "R" and not any(map(reported, findings)):
                assert not {"...", "_"} & set(finding.text.replace('"', " ").split()), number


def test_what_is_unknown_for_an_error_is_not_reported(cache: Path) -> None:
    assert check([AFTER_ERRORS.path], cache, config=STRICT)[AFTER_ERRORS.name] == AFTER_ERRORS.expected


def test_the_ways_to_lose_a_shape_are_no_bugs() -> None:
    subprocess.run([sys.executable, str(WAYS.path)], check=True, capture_output=True, timeout=60)


def test_programs_whose_shapes_are_known_have_no_report(cache: Path) -> None:
    said = run_mypy(sorted(PROGRAMS.glob("*.py")), cache, config=STRICT, folder=PROGRAMS)
    assert "Success" in said, said


@pytest.mark.slow
def test_the_coverage_says_the_same(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(WAYS.path.parent)
    assert main(["check", "--coverage", WAYS.path.name]) == 0
    said = set(capfd.readouterr().out.splitlines())
    for number, findings in WAYS.expected.items():
        for finding in filter(reported, findings):
            assert f"{WAYS.path.name}:{number}: {finding.text.removeprefix(LOST)}" in said


LIBRARY = """\
from jaxtyping import Float64
from torchlean_typed import Tensor

def halved(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    return x / 2.0
"""
USER = """\
from typing import Any
import torchlean_typed as tl
from jaxtyping import Float64
from library import halved
from torchlean_typed import Tensor

class Model:
    def uses(self, x: Float64[Tensor, "n m"], factor: Any) -> None:
        y = halved(x)
        y / factor

    def uses_none(self, x: Float64[Tensor, "n m"], factor: Any) -> None:
        x / factor

def uses(x: Float64[Tensor, "n m"], factor: Any) -> Tensor:
    def inner() -> Any:
        return halved(x) / factor
    y: Any = later(inner())
    return x * y

def later(x: Any) -> Any:
    return first.other * x

class Other:
    def __init__(self) -> None:
        self.other = halved(tl.ones((2, 3)))

first = Other()
halved(tl.ones((2, 3))) / tl.ones((2, 3)).size if first else 1
"""
CHANGED = LIBRARY.replace('-> Float64[Tensor, "n m"]', "-> Tensor")


@pytest.mark.slow
def test_all_ways_of_running_mypy_say_the_same(tmp_path: Path) -> None:
    paths = [tmp_path / "user.py", tmp_path / "library.py"]
    paths[0].write_text(USER, encoding="utf-8")

    def cold(*options: str) -> list[str]:
        return lines(run_mypy(paths, Path(os.devnull), *options, config=STRICT, folder=tmp_path))

    said = []
    for text in (LIBRARY, CHANGED):
        paths[1].write_text(text, encoding="utf-8")
        said.append(cold())
        for _ in range(2):
            assert lines(run_mypy(paths, tmp_path / "cache", "-n", "2", config=STRICT, folder=tmp_path)) == said[-1]
    assert said[0] != said[1]

    def daemon(*arguments: str) -> list[str]:
        command = [sys.executable, "-m", "mypy.dmypy", "--status-file", str(tmp_path / "status.json"), *arguments]
        environment = {**os.environ, "TORCHLEAN_MYPY_RAISES": "1"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300)
        return lines(done.stdout)

    run = ["run", "--", "--config-file", str(STRICT), *map(str, paths)]
    try:
        for number in (1, 0, 1):
            paths[1].write_text((LIBRARY, CHANGED)[number], encoding="utf-8")
            assert daemon(*run) == said[number]
    finally:
        daemon("stop")


def lines(output: str) -> list[str]:
    return sorted(line.rpartition("/")[2] for line in output.splitlines() if ".py:" in line)
