"""The checker says the same cold, from its cache, in workers and under dmypy; and more where it is to be strict."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from torchlean_mypy import config
from torchlean_mypy.calls import guard
from torchlean_mypy.reports.codes import Strictness

sys.path.insert(0, str(Path(__file__).parent))
from harness import CASES, check, daemon, lines, run_mypy

pytestmark = [pytest.mark.xdist_group("static"), pytest.mark.slow]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cases, to be changed."""
    return Path(shutil.copytree(CASES, tmp_path_factory.mktemp("copied") / "cases"))


def checked(copies: Path, cache: Path, *options: str) -> list[str]:
    return lines(run_mypy(sorted(copies.glob("*.py")), cache, *options, folder=copies))


@pytest.fixture(scope="module")
def cold(copies: Path, cache: Path) -> list[str]:
    return checked(copies, cache)


def test_a_second_run_is_served_from_the_cache_and_says_the_same(cold: list[str], copies: Path, cache: Path) -> None:
    assert cold
    assert checked(copies, cache) == cold


def test_a_file_that_is_checked_again_sees_the_others_from_the_cache(
    cold: list[str], copies: Path, cache: Path
) -> None:
    changed = copies / "aliases.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert checked(copies, cache) == cold


def test_workers_say_the_same(cold: list[str], copies: Path, tmp_path: Path) -> None:
    assert checked(copies, tmp_path, "-n", "2") == cold


def test_the_daemon_says_the_same_also_after_a_change(cold: list[str], copies: Path, tmp_path: Path) -> None:
    changed = copies / "shared.py"
    text = changed.read_text(encoding="utf-8")
    with daemon(sorted(copies.glob("*.py")), tmp_path / "cache", folder=copies) as run:
        assert lines(run()) == cold
        changed.write_text(text.replace('Tensor, "b 3"', 'Tensor, "b 4"'), encoding="utf-8")
        assert lines(run()) != cold
        changed.write_text(text, encoding="utf-8")
        assert lines(run()) == cold


STRICT = """\
from typing import Any; import numpy as np
import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor

def load() -> Tensor:
    raise NotImplementedError

n: int = 3
x = tl.zeros((n, 2))
y = tl.zeros((4, 2)).reshape((-1, n))
z = load() + 1.0
tensors = [tl.zeros(2), tl.zeros(2)]; tensors.append(tl.zeros(2))
tl.concat(tensors)

def read(columns: Float64[Tensor, "m"]) -> Float64[Tensor, "n m"]:
    raise NotImplementedError

read(tl.zeros(3))
read(load())

def scaled(x: Float64[Tensor, "n"], factor: Any) -> None:
    y = -x / factor
    x *= factor
    y @ x

def ensured(table: np.ndarray) -> Float64[Tensor, "2"]:
    return tl.ensure(tl.from_numpy(table), "2", "float64")

def batches(x: Float64[Tensor, "n 3"]) -> None:
    for start in range(0, x.shape[0], 8):
        x[start : start + 8]
        x[:, start : start + 8]
        x[:, :2]
"""


ANY = "the type of the right operand is Any, and so is that of the result: declare it"
LOST = "a size of the result is not known"


def test_strict_shapes_reports_where_a_shape_is_lost(cache: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(STRICT, encoding="utf-8")
    ini = "[mypy]\nplugins = torchlean_typed.mypy\n"
    toml = '[tool.mypy]\nplugins = ["torchlean_typed.mypy"]\n'
    configs = {
        "plain.ini": ini,
        "strict.ini": ini + "[torchlean_typed]\nstrict_shapes = true\n",
        "strict.toml": toml + "[tool.torchlean_typed]\nstrict_shapes = true\n",
    }
    found = {}
    for name, text in configs.items():
        config = tmp_path / name
        config.write_text(text, encoding="utf-8")
        found[name] = check([program], cache, config=config).get("program", {})
    assert not found["plain.ini"]
    assert found["strict.ini"] == found["strict.toml"]
    assert {number: [str(finding) for finding in some] for number, some in found["strict.ini"].items()} == {
        10: ["# E: shape-unknown: zeros: a size of the result is not known: item 0 of shape is not known"],
        11: ["# E: shape-unknown: reshape: a size of the result is not known: item 1 of shape is not known"],
        14: ["# E: shape-unknown: concat: the number of tensors is not known"],
        19: ['# E: shape-unknown: read: no argument says what "n" is'],
        23: [f"# E: shape-unknown: divide: {ANY}"],
        24: [f"# E: shape-unknown: multiply: {ANY}"],
        32: [f"# E: shape-unknown: getitem: {LOST}: item 0 of key: the bounds of the slice are not known"],
        33: [f"# E: shape-unknown: getitem: {LOST}: item 1 of key: the bounds of the slice are not known"],
    }


def test_ignoring_shape_ignores_an_implicit_broadcast_too(cache: Path, tmp_path: Path) -> None:
    program = tmp_path / "ignored.py"
    program.write_text(
        "import torchlean_typed as tl\n"
        "tl.zeros((2, 3)) + tl.zeros(3)  # type: ignore[shape]\n"
        "tl.zeros((2, 3)) + tl.zeros(3)  # type: ignore[shape-broadcast]\n"
        "tl.zeros((2, 3)) @ tl.zeros((2, 3))  # type: ignore[shape-broadcast]\n",
        encoding="utf-8",
    )
    found = check([program], cache)["ignored"]
    assert [str(finding) for some in found.values() for finding in some if "unused" not in finding.text] == [
        "# E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); "
        "did you mean .mT on the right operand?"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strict_shapes = maybe", "[torchlean_typed] strict_shapes must be true or false, got 'maybe'"),
        ("strict = true", "[torchlean_typed] has no option 'strict'"),
        ("shape_stubs = stubs", "[torchlean_typed] shape_stubs: there is no folder 'stubs'"),
    ],
)
def test_a_wrong_option_is_told(text: str, message: str, cache: Path, tmp_path: Path) -> None:
    options = tmp_path / "mypy.ini"
    options.write_text(f"[mypy]\nplugins = torchlean_typed.mypy\n[torchlean_typed]\n{text}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(options), "--cache-dir", str(cache), "-c", "pass"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert message in done.stderr


def test_a_flag_in_toml_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.torchlean_typed]\nstrict_shapes = "yes"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="strict_shapes must be true or false, got 'yes'"):
        config.read(str(path))
    path.write_text("[tool.torchlean_typed]\nstrict_shapes = true\n", encoding="utf-8")
    assert config.read(str(path)).strict_shapes


def test_strict_shapes_reports_that_a_hook_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    api = SimpleNamespace(fail=lambda message, context, code: said.append(f"{code.code}: {message}"))
    context = SimpleNamespace(api=api, context=SimpleNamespace(line=1, column=0), default_return_type="what mypy finds")

    def hook(ctx: object, name: str) -> object:
        return ()[0]  # type: ignore[misc]

    monkeypatch.setattr(guard, "RAISES", False)
    monkeypatch.setattr(guard.Checker, "latest", None)
    monkeypatch.setattr(guard.Checker, "path", None)
    for strict in (False, True):
        monkeypatch.setattr(Strictness, "reports_unknown", strict)
        monkeypatch.setattr(Strictness, "lost", {})
        assert guard.Guarded(hook, "linear")(context) == "what mypy finds"
    words = "the checker failed here, which is a bug of torchlean_typed: IndexError: tuple index out of range"
    assert said == [f"shape-unknown: {words}"]


def test_strict_shapes_reports_that_a_file_was_not_prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import torchlean_typed as tl\n\nx = tl.zeros(3)\n", encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nplugins = torchlean_typed.mypy\n[torchlean_typed]\nstrict_shapes = true\n", encoding="utf-8"
    )
    (tmp_path / "broken.py").write_text(
        "from mypy.__main__ import console_entry\n"
        "from torchlean_mypy.types import generalise\n"
        "del generalise.definitions\n"
        "console_entry()\n",
        encoding="utf-8",
    )
    command = [sys.executable, "broken.py", "--cache-dir", os.devnull, "program.py"]
    environment = {name: value for name, value in os.environ.items() if name != "TORCHLEAN_MYPY_RAISES"}
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False).stdout
    assert "program.py:1: error: the checker failed here, which is a bug of torchlean_typed: AttributeError:" in said
