"""``torchlean-typed check --coverage``: which tensor expressions have a known shape, and why the rest has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.checker.program import program, shaped_calls
from torchlean_typed.cli import main

pytestmark = pytest.mark.slow

LOOSE = """\
from typing import Any
import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor

def load() -> Tensor:
    raise NotImplementedError

def product(x: Tensor, w: Float64[Tensor, "3 4"]) -> Tensor:
    y = x @ w
    return y + 1.0

n: int = 3
x = tl.zeros((n, 2))
y = tl.zeros((4, 2)).reshape((-1, n))
z = load() + 1.0
tensors = [tl.zeros(2), tl.zeros(2)]; tensors.append(tl.zeros(2))
total = tl.concat(tensors)
for item in tensors:
    item * 2
anything: Any = 2.0
item / anything
"""
REASONS = [
    "loose.py:10: x has no declared shape",
    "loose.py:14: zeros: a size of the result is not known: item 0 of shape is not known",
    "loose.py:15: reshape: a size of the result is not known: item 1 of shape is not known",
    "loose.py:16: the result of load has no declared shape",
    "loose.py:18: concat: the number of tensors is not known",
    "loose.py:22: divide: the type of the right operand is Any, and so is that of the result: declare it",
]


def test_what_is_known_is_counted_and_the_rest_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loose.py").write_text(LOOSE, encoding="utf-8")
    Path("known.py").write_text(program(200), encoding="utf-8")
    assert main(["check", "--fail-under", "50", "loose.py", "known.py"]) == 0
    out = capfd.readouterr().out
    assert "Success: no issues found in 2 source files" in out
    assert [line for line in out.splitlines() if line.startswith("loose.py:")] == REASONS
    assert not [line for line in out.splitlines() if line.startswith("known.py:")]
    rows = {name: figures.split() for name, figures in re.findall(r"^ +(\S+) +([\d,]+ +[\d,]+ +[\d.]+) *$", out, re.M)}
    assert rows["loose.py"] == ["24", "9", "37.5"]
    count, known, percent = rows["known.py"]
    assert int(count.replace(",", "")) > shaped_calls(program(200)) and (known, percent) == (count, "100.0")

    assert main(["check", "--fail-under", "50", "loose.py"]) == 1
