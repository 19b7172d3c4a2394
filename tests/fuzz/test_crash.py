"""Malformed and half-written programs: mypy with the plugin crashes on none, and no hook of the plugin fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.crash import BATCH, examine
from tests.fuzz.mutants import mutant

PROGRAMS = 400


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_mypy_does_not_crash(first: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = Path(tmp_path_factory.getbasetemp()) / "crash_cache"
    found = examine(first, BATCH, cache)
    assert not found.disagreements, "\n".join(found.disagreements)
    assert found.checked > BATCH / 2


def test_a_mutant_is_a_function_of_its_number() -> None:
    assert mutant(7) == mutant(7)
