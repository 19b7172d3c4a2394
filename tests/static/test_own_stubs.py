"""Shape stubs of a project's own, in a folder that its configuration names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = """
import numpy as np
from numpy.typing import NDArray


def load(n: int) -> NDArray[np.float64]:
    return np.zeros((n, 3))


class Simulation:
    def product(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return a @ b
"""

STUB = """
def load(n: Dim["n"]) -> Float64[ndarray, "n 3"]: ...
class Simulation:
    def product(self, a: Float64[ndarray, "n k"], b: Float64[ndarray, "k m"]) -> Float64[ndarray, "n m"]: ...
"""

PROGRAM = """
import library
import torchlean_typed as tl

simulation = library.Simulation()
reveal_type(tl.from_numpy(library.load(5)))
reveal_type(tl.from_numpy(simulation.product(library.load(5), library.load(3))))
simulation.product(library.load(5), library.load(4))
"""

CONFIG = """
[tool.mypy]
plugins = ["torchlean_typed.mypy"]

[tool.torchlean_typed]
shape_stubs = ["shape_stubs"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "library.py").write_text(LIBRARY)
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    (tmp_path / "shape_stubs").mkdir()
    (tmp_path / "shape_stubs" / "library.pyi").write_text(STUB)
    return tmp_path


def check(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "program.py"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_a_projects_stubs_are_read_and_an_edit_of_one_starts_a_fresh_cache(project: Path) -> None:
    said = check(project).stdout
    assert "Tensor[torchlean_typed.dtypes.float64, 5, 3]" in said
    conflict = 'dimension "k" is 3 in argument 1 ("a"), [n=5, k=3], but 4 in argument 2 ("b"), [k=4, m=3]'
    assert f"program.py:8: error: product: {conflict}" in said
    assert check(project).stdout == said
    stub = project / "shape_stubs" / "library.pyi"
    stub.write_text(STUB.replace('"n 3"', '"n 4"'))
    assert "Tensor[torchlean_typed.dtypes.float64, 5, 4]" in check(project).stdout


def test_a_stub_that_cannot_be_read_is_named_with_its_line(project: Path) -> None:
    stub = project / "shape_stubs" / "library.pyi"
    stub.write_text(STUB.replace('"n 3"', '"n #3"'))
    done = check(project)
    assert done.returncode != 0
    assert 'library.pyi:2: load: "#3" marks a broadcast' in done.stdout + done.stderr
