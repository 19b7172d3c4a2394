"""Checkers without a plugin see plain Tensors in annotated programs, and have nothing to say about what we make."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.documents import DOCUMENTS, Document

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
# What is wrong on purpose: the static cases, the examples' planted bugs, and the documents say so.
WRONG = re.compile(r"# E: |# <- bug|# error: ")
# Two overloads that differ in nothing but shapes are one to who sees no shapes.
ONLY_SHAPES = "reportOverlappingOverload"
# The cases use mypy's `reveal_type` without an import; scikit-learn has no types, and is guessed at.
NOT_OURS = ("unimported-directive", "missing-import")
PYREFLY = 'preset = "default"\nreplace-imports-with-any = ["sklearn.*", "matplotlib.*"]\n'
PYRIGHT = '{"typeCheckingMode": "standard", "pythonVersion": "3.11"}\n'
BUGS = "import torchlean_typed as tl\ntl.ones(3).nothing  # <- bug\nx: int = tl.ones(3)  # <- bug\n"

pytestmark = pytest.mark.slow
Found = Iterator[tuple[str, int, str, str]]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static cases, the examples, and the check blocks of the documents, in a folder."""
    folder = tmp_path_factory.mktemp("programs")
    shutil.copytree(ROOT / "tests" / "static" / "cases", folder / "cases")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for document in map(Document, DOCUMENTS):
        for block in document.of_kind("python check"):
            text, _ = document.program(block)
            Path(folder, f"{document.path.stem.lower().replace('-', '_')}_{block.line}.py").write_text(text, "utf-8")
    Path(folder, "wrong.py").write_text(BUGS, encoding="utf-8")
    Path(folder, "pyrightconfig.json").write_text(PYRIGHT, encoding="utf-8")
    Path(folder, "pyrefly.toml").write_text(PYREFLY, encoding="utf-8")
    return folder


def run(folder: Path, name: str, *arguments: str) -> Any:
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    command = [str(PROGRAMS / name), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    return json.loads(done.stdout)


def pyright(folder: Path) -> Found:
    said = run(folder, "pyright", "--pythonpath", sys.executable, "--outputjson", ".")
    for entry in said["generalDiagnostics"]:
        if entry["severity"] == "error" and entry.get("rule") != ONLY_SHAPES:
            yield entry["file"], entry["range"]["start"]["line"] + 1, entry.get("rule", ""), entry["message"]


def pyrefly(folder: Path) -> Found:
    said = run(folder, "pyrefly", "check", "--python-interpreter-path", sys.executable, "--output-format=json", ".")
    for entry in said["errors"]:
        if entry["severity"] == "error" and entry["name"] not in NOT_OURS:
            yield str(folder / entry["path"]), entry["line"], entry["name"], entry["description"]


def is_wrong_on_purpose(file: str, line: int) -> bool:
    """Whether the line, or a comment below it, says that it is wrong."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()[line - 1 :]
    comments = iter(lines[1:])
    below = [text for text in iter(lambda: next(comments, "").strip(), "") if text.startswith("# ")]
    return WRONG.search(" ".join([lines[0], *below[:1]])) is not None


@pytest.mark.parametrize("checker", [pyright, pyrefly], ids=lambda checker: checker.__name__)
def test_nothing_is_said_of_right_programs(checker: Callable[[Path], Found], programs: Path) -> None:
    found = list(checker(programs))
    assert {line for file, line, *_ in found if Path(file).name == "wrong.py"} == {2, 3}  # it looks at them at all
    assert not [said for said in found if not is_wrong_on_purpose(*said[:2])]
