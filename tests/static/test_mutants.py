"""The bars of the mutation benchmark, on a sample of its mutants."""

from __future__ import annotations

import pytest

from benchmarks.static.program import programs
from benchmarks.static.report import troubles
from benchmarks.static.results import Results, measure

pytestmark = pytest.mark.xdist_group("mutants")  # made once


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(programs(), each=1)


def test_every_operator_makes_bugs(results: Results) -> None:
    assert len(results.programs) >= 25
    assert len(results.by_operator) >= 18
    assert all(figures.bugs for figures in results.by_operator.values())


def test_every_bug_is_caught(results: Results) -> None:
    assert results.figures.bugs >= 200
    assert not results.missed, "\n".join(["", *troubles(results)])


def test_nearly_every_bug_is_reported_on_its_line(results: Results) -> None:
    assert results.figures.recall_in_place >= 0.95


def test_nothing_else_is_reported(results: Results) -> None:
    assert results.figures.false_alarms == results.figures.unknowns == 0, "\n".join(["", *troubles(results)])
