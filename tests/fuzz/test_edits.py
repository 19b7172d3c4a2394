"""One mistake in a right program: what raises when it is executed, mypy reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.edits import edited, examine
from tests.fuzz.kinds import program

PROGRAMS, BATCH = 200, 100


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_a_mistake_that_raises_is_reported(first: int, cache: Path) -> None:
    found = examine(first, BATCH, cache)
    assert not found.disagreements, "\n".join(["", *found.disagreements])
    assert found.bugs.total() > BATCH / 4


def test_the_mistakes_are_a_function_of_the_number() -> None:
    assert [one.text for one in edited(program(7))] == [one.text for one in edited(program(7))] != []
