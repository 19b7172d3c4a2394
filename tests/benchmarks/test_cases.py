"""The benchmark's cases give the same numbers in every framework that is installed, on small sizes. No times."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from benchmarks import peers, report, timing
from benchmarks.anatomy import anatomy
from benchmarks.case import Case
from benchmarks.cases import CASES
from benchmarks.problems import ConvNet, Function, Net

INSTALLED = [
    name
    for name, needs in {"jax": "jax", "torch": "torch", "hips": "autograd"}.items()
    if importlib.util.find_spec(needs) is not None
]


def shrunk(problem: Any) -> Any:
    """The same problem in a size of which a run takes no time."""
    if isinstance(problem, Function):
        return replace(problem, n=5)
    if isinstance(problem, Net) and not isinstance(problem, ConvNet):
        return replace(problem, widths=(6, 5, 4), batch=problem.batch and 3)
    return replace(problem, batch=2)


SMALL = {
    (case.group, case.dtype, case.kind, shrunk(case.problem)): replace(case, problem=shrunk(case.problem))
    for case in CASES
}


# PyTorch, of itself, in forward mode.
@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize("case", SMALL.values(), ids=lambda case: f"{case.kind}-{case.name}-{case.dtype}")
def test_every_framework_agrees(case: Case) -> None:
    compared = [name for name in INSTALLED if name == "hips" or case.group != "eager mode"]
    runs = peers.runs(case, ["ours", *compared])
    assert set(runs) == {"ours", *compared}
    timing.require_equal(runs, case.tolerance)


def test_the_anatomy_of_a_call_has_every_line_of_its_program() -> None:
    found = anatomy(next(iter(SMALL.values())))
    assert len(found["lines"]) == sum(count for count, _ in found["parts"].values()) > 10
    products = [text for text, _ in found["lines"] if "dot(" in text or "matmul(" in text]
    assert found["parts"]["matrix products"][0] == len(products) >= 4


def test_a_difference_is_found() -> None:
    case = next(iter(SMALL.values()))
    runs = peers.runs(case, ["ours", "hips"])
    wrong = replace(case, problem=replace(case.problem, loss="cross_entropy"))
    with pytest.raises(ValueError, match="wrong differs from ours by"):
        timing.require_equal({"ours": runs["ours"], "wrong": peers.runs(wrong, ["hips"])["hips"]}, case.tolerance)


def test_the_machine_is_waited_for_as_long_as_is_allowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(timing, "STATISTICS", tmp_path / "stat")
    start = perf_counter()
    timing.rest(10.0)  # where nothing says how busy the machine is there is nothing to wait for
    timing.STATISTICS.write_text("cpu  5 0 3 900 7 1 1 0 0 0\n")
    assert timing._busy() == 10
    timing.rest(10.0)  # idle
    assert perf_counter() - start < 5
    counts = iter(range(0, 10_000, 5))
    monkeypatch.setattr(timing, "_busy", lambda: next(counts))
    start = perf_counter()
    timing.rest(0.2)
    assert perf_counter() - start >= 0.2


def test_an_unsteady_ratio_is_marked() -> None:
    line = {"dtype": "float32", "threads": 1, "group": "", "case": "", "ratios": {"jax": 2.0, "hips": 12.4}}
    line["spread"] = {"jax": [1.0, 2.5], "hips": [12.0, 13.0]}
    assert [report.cell(line, name)[0] for name in ("jax", "hips", "torch")] == ["~2.00", "12", "-"]
