"""Under ``strict_shapes``, mypy's daemon says of each version of a program what mypy says of it when it starts anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from harness import daemon, lines, run_mypy

pytestmark = [pytest.mark.xdist_group("static"), pytest.mark.slow]

STRICT = "[mypy]\nplugins = torchlean_typed.mypy\n[torchlean_typed]\nstrict_shapes = true\n"
IMPORTS = """\
from functools import partial
from typing import Any
import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor

"""
FUNCTION = """\
def f(unknown: Any) -> None:
    p = tl.zeros(3)
    q = tl.zeros(4)
    {}
    tl.exp(r)
"""
LATER = """\
def f() -> None:
    reveal_type(Later(2).x)  # mypy comes back to it

class Later:
    def __init__(self, unknown: Any) -> None:
        self.x = {}
"""
LIBRARY = """\
class Net:
    w: Float64[Tensor, "{} {}"]
    def outputs(self, x: Float64[Tensor, "b i"]) -> Float64[Tensor, "b o"]: ...
def joined(x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "{}"]: ...
SIZE = {}
def read() -> {}: ...
"""
USER = """\
import library

def f(net: library.Net, x: Float64[Tensor, "b 3"], y: Float64[Tensor, "n"]) -> None:
    reveal_type(net.outputs(x))
    join = partial(library.joined, y)
    reveal_type(join(y))
    functions = [library.joined]
    reveal_type(functions[0](y, y))
    assert y.shape[0] == library.SIZE
    reveal_type(y)
    z = y * library.read()
    tl.exp(z)

class Wider(library.Net):
    def rows(self) -> Float64[Tensor, "o"]:
        return tl.sum(self.w, axis=1)
"""
NOTED = """\
import numpy as np

class Linear:
    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w
    @classmethod
    def of(cls, w: Float64[Tensor, "a b"]) -> "Linear":
        return cls(w.mT)

def f(x: Float64[Tensor, "*b n"], y: Float64[np.ndarray, "n"]) -> Tensor:
    a, b = y[1:4] + y[2:5], tl.zeros(VERSION)
    assert x.shape == (3, 4)
    x *= 2.0
    return tl.exp(x) if x.ndim < 3 else x @ tl.zeros(5)
"""
USING = """\
import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor
from library import f

def g(x: Float64[Tensor, "n"], lists: list[Float64[Tensor, "n"]]) -> None:
    for one in lists:
        a, b = one[:2]
        one = one * f(x, x.numpy())
    reveal_type(one)
"""
# A server in this process, and how much the plugin's classes hold after each edit.
HELD = """\
import sys
from mypy.dmypy_server import Server
from mypy.main import process_options
from torchlean_mypy.syntax.notes import Notes

sources, options = process_options(
    ["--config-file=mypy.ini", "--cache-dir=/dev/null", "program.py"], require_targets=True, server_options=True
)
options.local_partial_types = True
server = Server(options, "status.json")
for version in range(4):
    with open(f"{sys.argv[1]}.py", "w", encoding="utf-8") as file:
        file.write(open("text.py", encoding="utf-8").read().replace("VERSION", str(version % 2)) + "#" * version)
    assert server.check(sources, export_types=False, is_tty=False, terminal_width=80)["status"] == 1
    classes = {one for module in [*sys.modules.values()] if module.__name__.startswith("torchlean_mypy.")
               for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__}
    dicts = [held for one in classes for held in vars(one).values() if isinstance(held, dict | Notes)]
    held = [sum(map(len, one._files.values())) if isinstance(one, Notes) else len(one) for one in dicts]
    print(sum(held))
"""
# Files in turn: what each becomes.
EDITS = {
    "lost": [FUNCTION.format("r = p + p"), FUNCTION.format("r = p * unknown"), FUNCTION.format("r = p * 2.0")],
    "repeated": [
        FUNCTION.format("p + q\n    r = p + q"),
        FUNCTION.format("p + q\n    r = p * unknown"),
        FUNCTION.format("r = p + p\n    r = p + q"),
    ],
    "unpacked": [FUNCTION.format(f"{names} = p\n    r = p") for names in ("a, b, c", "a, b", "a, *b")],
    "deferred": [LATER.format(made) for made in ("tl.zeros((2, 3))", "tl.zeros((3, 2)) * unknown", "tl.zeros((3, 2))")],
    "library": [
        LIBRARY.format("o", "i", "n", "3", "float"),
        LIBRARY.format("o", "i", "n m", "4", "Any"),
        LIBRARY.format("i", "o", "m n", "5", "int"),
    ],
    "user": [USER],
}


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    config = tmp_path / "mypy.ini"
    config.write_text(STRICT, encoding="utf-8")
    return config


def test_the_daemon_says_of_each_version_what_a_new_run_says(strict: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.py" for name in EDITS]
    said = []
    with daemon(paths, tmp_path / "daemon", strict, folder=tmp_path) as run:
        for version in range(3):
            for path, versions in zip(paths, EDITS.values(), strict=True):
                if version < len(versions):
                    path.write_text(IMPORTS + versions[version], encoding="utf-8")
            cold = lines(run_mypy(paths, Path("/dev/null"), config=strict, folder=tmp_path))
            assert lines(run()) == cold
            said.append([Path(line.partition(":")[0]).stem for line in cold if "shape-unknown" in line])
    assert said == [["user"], ["deferred", "lost", "repeated", "user", "user"], ["user"]]


def test_the_daemon_begins_anew_when_the_configuration_changes(strict: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(IMPORTS + FUNCTION.format("r = p * unknown"), encoding="utf-8")
    strict.write_text(STRICT.replace("true", "false"), encoding="utf-8")
    with daemon([program], tmp_path / "daemon", strict, folder=tmp_path) as run:
        assert not lines(run())
        strict.write_text(STRICT, encoding="utf-8")
        assert "[shape-unknown]" in run()


@pytest.mark.parametrize("edited", ["program", "library"])
def test_an_edit_leaves_nothing_of_the_version_before(strict: Path, tmp_path: Path, edited: str) -> None:
    (tmp_path / "program.py").write_text(USING, encoding="utf-8")
    (tmp_path / "text.py").write_text(IMPORTS + NOTED, encoding="utf-8")
    (tmp_path / "held.py").write_text(HELD, encoding="utf-8")
    command = [sys.executable, "held.py", edited]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    _, first, *later = map(int, said.split())
    assert first > 0
    assert set(later) == {first}
