"""The digits: mypy finds each planted bug, and it raises when it runs, in the same words; the right program learns."""

import ast
import re
import runpy
import subprocess
import sys
import traceback
from pathlib import Path
from types import ModuleType

import pytest

from torchlean_typed import ShapeError

FOLDER = Path(__file__).parents[2] / "examples" / "digits"
BUGS = sorted((FOLDER / "bugs").glob("*.py"))
every_bug = pytest.mark.parametrize("program", BUGS, ids=lambda program: program.stem)

# mypy runs once for all programs: one worker takes them.
pytestmark = pytest.mark.xdist_group("digits")


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    """The demo's module; it and what it imports are found in its folder."""
    sys.path.insert(0, str(FOLDER))
    try:
        import demo
    finally:
        sys.path.remove(str(FOLDER))
    return demo


@pytest.fixture(scope="module")
def reports(demo: ModuleType) -> list:
    return demo.check([*BUGS, FOLDER / "train.py"])


def test_there_are_eight_bugs() -> None:
    assert len(BUGS) == 8
    for program in BUGS:
        text = program.read_text()
        assert text.startswith("# Planted: ")
        assert text.count("# <- bug") == 1


@every_bug
def test_mypy_finds_the_bug_on_its_line_and_nothing_else(program: Path, demo: ModuleType, reports: list) -> None:
    found = [report for report in reports if report.file == program]
    assert demo.is_found(program, found), found


def test_mypy_finds_nothing_in_the_right_program(reports: list) -> None:
    assert [report for report in reports if report.file == FOLDER / "train.py"] == []


@every_bug
def test_the_bug_raises_where_mypy_found_it_and_in_its_words(program: Path, demo: ModuleType, reports: list) -> None:
    with pytest.raises(ShapeError) as raised:
        runpy.run_path(str(program), run_name="__main__")
    lines = [frame.lineno for frame in traceback.extract_tb(raised.tb) if frame.filename == str(program)]
    first, last = statement_around(program, demo.planted_line(program))
    assert first <= lines[-1] <= last
    (report,) = [report for report in reports if report.file == program]
    # where mypy says b, the batch was all 1,797 images
    assert str(raised.value) == re.sub(r"(?<![*\w])b\b", "1797", report.message)


def statement_around(program: Path, line: int) -> tuple[int, int]:
    """The first and the last line of the innermost statement that holds a line."""
    statements = [node for node in ast.walk(ast.parse(program.read_text())) if isinstance(node, ast.stmt)]
    around = [(node.lineno, node.end_lineno or node.lineno) for node in statements]
    return min(((a, b) for a, b in around if a <= line <= b), key=lambda lines: lines[1] - lines[0])


@pytest.mark.slow
def test_the_right_program_learns(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(demo.train, "OUT", out)
    demo.train.main()
    first = capsys.readouterr().out
    accuracy = re.fullmatch(r"held-out accuracy: ([0-9.]+)%", first.splitlines()[-1])
    assert accuracy is not None
    assert float(accuracy[1]) >= 96
    assert (out / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "summary.txt").read_text() == demo.train.model.summary() + "\n"
    demo.train.main()
    assert capsys.readouterr().out == first, "the same seed, another result"


@pytest.mark.slow
def test_the_demo_shows_it_all() -> None:
    done = subprocess.run([sys.executable, str(FOLDER / "demo.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓ caught") == len(BUGS)
    assert "held-out accuracy: 9" in done.stdout
    for program in BUGS:
        assert program.name in done.stdout


def test_the_demo_fails_where_a_bug_is_not_found(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harmless = tmp_path / "harmless.py"
    harmless.write_text("# Planted: nothing at all.\nx = 1  # <- bug\n")
    monkeypatch.setattr(demo, "BUGS", [harmless])
    monkeypatch.setattr(demo, "check", lambda files: [])
    assert demo.main() == 1
    shown = capsys.readouterr().out
    assert "✗ not caught" in shown
    assert "mypy reports nothing" in shown
    assert "0 of 1 bugs caught" in shown
