"""Files with little in them are checked as others are: what a file does not say, such as a shape, it may import."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from harness import lines, run_mypy

pytestmark = pytest.mark.xdist_group("static")

STUB = """\
from typing import NamedTuple
from jaxtyping import Float64
from torchlean_typed import Dim, Tensor

class State(NamedTuple):
    pos: Float64[Tensor, "n 3"]
    vel: Float64[Tensor, "n 3"]

class Cell:
    w: Float64[Tensor, "i o"]
    def __init__(self, w: Float64[Tensor, "i o"]) -> None: ...
    def __call__(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]: ...

def load() -> Float64[Tensor, "5 4"]: ...
def bare() -> Tensor: ...
def gram(x: Float64[Tensor, "n d"]) -> Float64[Tensor, "d d"]: ...
def step(s: State, mass: Float64[Tensor, "n"]) -> State: ...
def eye(n: Dim["n"]) -> Float64[Tensor, "n n"]: ...
"""
FILES = {
    "annotated_bare": """\
import torchlean_typed as tl
from torchlean_typed import Tensor

def product(x: Tensor) -> Tensor:
    assert x.shape == (3, 4)
    return x @ tl.ones(5)  # matmul: inner dimensions differ: 4
""",
    "of_calls": """\
from lib import bare, load
x = bare()
assert x.shape == (3, 4)
x @ x  # matmul: inner dimensions differ: 4 (left: [3, 4]) and 3
y = load()
y = y[0]
a, b = y, load()
a, b = b, a
b @ x  # matmul: inner dimensions differ: 4 (left: [4]) and 3
p, q, r = load()  # unpack: axis 0 has size 5, expected 3
""",
    "of_stubs": """\
import torchlean_typed as tl
from lib import Cell, State, eye, gram, load, step
gram(load()) @ eye(4)
gram(load()) @ eye(5)  # matmul: inner dimensions differ: 4
Cell(tl.ones((4, 3)))(load()).sum(axis=0) + tl.ones(3)
Cell(tl.ones((4, 3)))(load().mT)  # Cell: argument 1 ("x") has shape [4, 5], expected [n, 4]
step(State(tl.ones((2, 3)), tl.ones((2, 3))), tl.ones(2)).pos + tl.ones((2, 3))
step(State(tl.ones((2, 3)), tl.ones((2, 3))), tl.ones(4))  # step: dimension "n" is 2 in argument 1 ("s") but 4
""",
}


def test_what_a_file_imports_is_known_to_it(tmp_path: Path) -> None:
    (tmp_path / "lib.pyi").write_text(STUB, encoding="utf-8")
    (tmp_path / "lib.py").write_text("", encoding="utf-8")
    expected = []
    for name, text in FILES.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        numbered = enumerate(text.splitlines(), 1)
        expected += [(f"{name}.py:{n}:", line.partition("  # ")[2]) for n, line in numbered if "  # " in line]
    found = lines(run_mypy([tmp_path / f"{name}.py" for name in FILES], tmp_path / "cache", folder=tmp_path))
    assert len(found) == len(expected), found
    for place, words in expected:
        assert any(place in line and words in line for line in found), (place, words, found)
