"""Redefinition is allowed in files that have shapes; what mypy says of others does not change."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from harness import run_mypy

PLAIN = """
import numpy as np


def text(x: int) -> str:
    x = str(x)
    return x


a = np.zeros(3)
a = len(a) + 1
reveal_type(a)
"""

SHAPED = """
import plain
from jaxtyping import Float64
from torchlean_typed import Tensor


def rows(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]:
    h = x
    h = h[:, 0]
    return h


def transposed(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
    x = x.T
    return x


def text(x: int) -> str:
    x = str(x)
    return x
"""


@pytest.mark.xdist_group("static")
def test_only_files_with_shapes_are_checked_in_another_way(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "shaped.py").write_text(SHAPED, encoding="utf-8")
    (tmp_path / "without.ini").write_text("[mypy]\nstrict = True\n", encoding="utf-8")
    (tmp_path / "with.ini").write_text("[mypy]\nstrict = True\nplugins = torchlean_typed.mypy\n", encoding="utf-8")
    said = [
        run_mypy([tmp_path / file], tmp_path / "cache", config=tmp_path / config, folder=tmp_path)
        for file, config in (("plain.py", "without.ini"), ("plain.py", "with.ini"), ("shaped.py", "with.ini"))
    ]
    plain = [line for line in said[0].splitlines() if line.startswith("plain.py")]
    assert len(plain) == 4
    assert said[1] == said[0]
    assert [line for line in said[2].splitlines() if line.startswith("shaped.py")] == []
