"""The oldest mypy of the range that we allow finds the same in all static cases as the newest, which is installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "static"))
from harness import all_cases, check

ROOT = Path(__file__).parents[2]


def oldest() -> str:
    """The lower bound of our extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (requirement,) = project["optional-dependencies"]["mypy"]
    return str(requirement.removeprefix("mypy>=").partition(",")[0])


@pytest.mark.slow
def test_the_oldest_mypy_finds_what_the_comments_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--target", str(tmp_path / "mypy"), f"mypy=={oldest()}.*"], check=True)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "mypy"))
    version = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith(f"mypy {oldest()}.")

    cases = all_cases()
    found = check([case.path for case in cases], tmp_path / "cache")
    different = {
        f"{case.path.name}:{number}": (case.expected.get(number, []), found.get(case.name, {}).get(number, []))
        for case in cases
        for number in sorted({*case.expected, *found.get(case.name, {})})
        if sorted(map(str, case.expected.get(number, []))) != sorted(map(str, found.get(case.name, {}).get(number, [])))
    }
    assert not different
