"""The committed files: no machine's paths, no registry's address, no file about two things."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import torchlean_typed

ROOT = Path(__file__).parents[2]
MOST_LINES = 300
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:" + "|".join(("work", "root", "tmp", "home")) + r")/")
REGISTRY = re.compile("|".join(("index[-_]url", "find-links", "python" + "hosted", r"https?://[^\s)]*/simple\b")))


def tracked(*patterns: str) -> list[Path]:
    """The files git knows, and those it would take; none outside a checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for line in listed.splitlines() if (path := ROOT / line).is_file()]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry"])
def test_nothing_of_one_machine_is_committed(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}:{n}: {line}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    assert not found, "\n".join(found)


def test_a_file_is_about_one_thing() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in tracked("torchlean_typed", "mypy_plugin")}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > MOST_LINES}
    assert not long, f"over {MOST_LINES} lines: {long}"


def test_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pin = re.compile(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*")
    assert [line for line in lines if not line.startswith("#") and not pin.fullmatch(line)] == []


def test_run_time_needs_three_packages() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [re.match(r"[\w-]+", need).group() for need in project["dependencies"]] == ["numpy", "jaxtyping", "beartype"]


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == torchlean_typed.__version__
    assert f": {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
