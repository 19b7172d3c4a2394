"""The static cases, checked and executed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from execution import execute
from harness import Case, Findings, all_cases, check

CASES = all_cases()
pytestmark = pytest.mark.xdist_group("static")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Findings]:
    """What one run of mypy over all cases finds."""
    return check([case.path for case in CASES], tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mypy_finds_what_the_comments_say(case: Case, found: dict[str, Findings]) -> None:
    actual = found.get(case.name, {})
    differences = []
    for number in sorted({*actual, *case.expected}):
        have, want = actual.get(number, []), case.expected.get(number, [])
        if sorted(map(str, have)) != sorted(map(str, want)):
            differences.append(f"line {number}: {case.lines[number - 1].split(' # ')[0].strip()}")
            differences += [f"    expected {finding}" for finding in want if finding not in have]
            differences += [f"    found    {finding}" for finding in have if finding not in want]
    assert not differences, "\n".join(["", *differences])


@pytest.mark.parametrize("case", [case for case in CASES if not case.is_symbolic], ids=lambda case: case.name)
def test_the_run_time_agrees(case: Case) -> None:
    wrong = execute(case)
    assert not wrong, "\n".join(["", *wrong])


def test_there_are_enough_cases_and_half_of_them_are_wrong() -> None:
    kinds = [finding.kind for case in CASES for some in case.expected.values() for finding in some]
    assert len(kinds) >= 120
    assert 2 * kinds.count("E") >= 0.6 * len(kinds)


def test_sixty_messages_stand_whole_and_one_for_one_mistake() -> None:
    lines = [found for case in CASES if case.name.startswith("messages") for found in case.expected.values()]
    assert len({finding.text for found in lines for finding in found}) >= 60
    assert all(len(found) == 1 for found in lines)
