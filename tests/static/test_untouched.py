"""Code that knows nothing of us: switched on over it, the plugin changes nothing that mypy says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.checker.packages import measured, source_of

pytestmark = pytest.mark.slow


def test_mypy_says_the_same_of_a_package_that_uses_numpy(tmp_path: Path) -> None:
    source = source_of("scipy/interpolate")
    assert source is not None
    found = measured(source, tmp_path, rounds=1)
    assert len(found.without[0].lines) > 100
    assert found.differences == []


def imported(program: str, folder: Path) -> set[str]:
    """The modules that mypy imports when it checks a program with the plugin."""
    folder.joinpath("program.py").write_text(program, encoding="utf-8")
    folder.joinpath("mypy.ini").write_text("[mypy]\nplugins = torchlean_typed.mypy\n", encoding="utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "mypy", "--cache-dir", os.devnull, "program.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Success" in done.stdout
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_the_plugin_waits_for_a_program_with_shapes(tmp_path: Path) -> None:
    modules = imported("x: int = 1\n", tmp_path)
    assert "torchlean_mypy.plugin" in modules
    assert not modules & {"torchlean_mypy.dispatch", "torchlean_typed.ops.op", "torchlean_typed.tensor", "numpy"}


def test_the_plugin_needs_neither_the_engine_nor_numpy(tmp_path: Path) -> None:
    modules = imported("import torchlean_typed as tl\n\nx = tl.sin(tl.ones((2, 3)) @ tl.ones(3))\n", tmp_path)
    assert {"torchlean_mypy.dispatch", "torchlean_typed.ops.op"} <= modules
    # NumPy itself is not listed where it is imported late
    assert not modules & {"torchlean_typed.tensor", "torchlean_typed.engine", "numpy", "numpy._core"}


def test_what_mypy_did_not_import_is_there_for_who_asks() -> None:
    program = """
import sys
import mypy.__main__
import torchlean_typed as tl
assert "numpy" not in sys.modules
print(tl.tensor([1.0]), tl.trace(tl.eye(3)), tl.ShapeError.__name__, hasattr(tl, "nothing"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "Tensor([1.], float64[1]) Tensor(3., float64[]) ShapeError False\n", done.stderr
