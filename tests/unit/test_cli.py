"""The command line: what it prints, where, and its exit status."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from torchlean_typed import __version__, cli

RIGHT = """\
    from jaxtyping import Float64
    from torchlean_typed import Tensor


    def scores(x: Float64[Tensor, "b 64"], w: Float64[Tensor, "10 64"]) -> Float64[Tensor, "b 10"]:
        return x @ w.T
    """
WRONG = RIGHT.replace("w.T", "w")
MODEL = """\
    from torchlean_typed import nn

    model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 1000))
    size = 32


    class Holder:
        inner = nn.linear(2, 3)
    """


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with programs in it, whose modules are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name, text in {"right.py": RIGHT, "wrong.py": WRONG, "shelf.py": MODEL}.items():
        (tmp_path / name).write_text(textwrap.dedent(text))
    yield tmp_path
    for name, module in list(sys.modules.items()):
        if str(tmp_path) in (getattr(module, "__file__", None) or ""):
            del sys.modules[name]


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit status, the output and the errors of a command."""
    try:
        status = cli.main(arguments)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, *capfd.readouterr()


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_accepts_a_right_program(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "check", "right.py")
    assert (status, out, err) == (0, "Success: no issues found in 1 source file\n", "")


def test_check_reports_a_wrong_program_and_gives_mypys_status(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "check", "right.py", "wrong.py")
    assert status == 1
    assert out.startswith("wrong.py:6: error: matmul: inner dimensions differ: 64")
    assert "[shape]\n" in out
    assert err == ""


def test_check_shows_the_line_in_a_terminal(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "is_terminal", lambda: True)
    _, out, _ = run(capfd, "check", "wrong.py")
    assert "        return x @ w\n               ^~~~~\n" in out
    assert "^~" not in cli.run_mypy(["wrong.py"], capture=True).stdout


def test_check_ignores_the_users_configuration(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "mypy.ini").write_text("[mypy]\nignore_errors = True\n")
    assert run(capfd, "check", "wrong.py")[0] == 1


def test_check_hands_flags_to_mypy(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "loose.py").write_text("def f(x): return x\n")
    assert run(capfd, "check", "loose.py")[0] == 0
    status, out, _ = run(capfd, "check", "loose.py", "--", "--strict", "--show-column-numbers")
    assert status == 1
    assert "loose.py:1:1: error: Function is missing a type annotation" in out


def test_check_reports_lost_shapes_if_told_to(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lost = "import torchlean_typed as tl\n\ndef f(n: int) -> None:\n    tl.zeros((2, 3)).reshape((n, -1))\n"
    (folder / "lost.py").write_text(lost)
    assert run(capfd, "check", "lost.py")[0] == 0
    status, out, _ = run(capfd, "check", "--strict-shapes", "lost.py")
    assert status == 1
    assert out.startswith("lost.py:4: error: ")
    assert "[shape-unknown]" in out


def test_check_reports_a_missing_module_but_not_missing_types(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "imports.py").write_text("import sklearn\nimport torchlean_tyepd\n")
    status, out, _ = run(capfd, "check", "imports.py")
    assert status == 1
    assert "torchlean_tyepd" in out
    assert "sklearn" not in out


def test_check_is_not_led_astray_by_a_file_named_as_a_module(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "colorama.py").write_text("raise SystemExit('the wrong colorama')\n")
    (folder / "mypy.py").write_text("raise SystemExit('the wrong mypy')\n")
    assert run(capfd, "check", "wrong.py")[0] == 1


def test_check_says_that_a_file_is_missing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "check", "nowhere.py")
    assert status == 2
    assert "nowhere.py" in out + err


def test_check_refuses_another_configuration(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for flag in (["--config-file", "mypy.ini"], ["--config-file=mypy.ini"]):
        status, out, err = run(capfd, "check", "right.py", "--", *flag)
        assert (status, out) == (2, "")
        assert err == (
            "torchlean-typed: --config-file would switch the plugin off: name the plugin in that file, "
            'plugins = ["torchlean_typed.mypy"], and run mypy itself\n'
        )


def test_check_without_mypy_says_what_to_install(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    expected = "torchlean-typed: check needs mypy; install it with: pip install 'torchlean-typed[mypy]'\n"
    assert run(capfd, "check", "right.py") == (2, "", expected)


def test_the_output_can_be_captured(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    done = cli.run_mypy(["wrong.py"], ["--output", "json"], capture=True)
    assert done.returncode == 1
    assert '"code": "shape"' in done.stdout
    assert capfd.readouterr() == ("", "")


# --- summary ----------------------------------------------------------------------------------------------------------

SUMMARY = """\
shelf:model

  layer      input       output        parameters            count
 ───────────────────────────────────────────────────────────────────
  0 linear   [*b, 64]    [*b, 32]      [32, 64], [32]        2,080
  1 gelu     [*b, 32]    [*b, 32]                                0
  2 linear   [*b, 32]    [*b, 1000]    [1000, 32], [1000]   33,000
 ───────────────────────────────────────────────────────────────────
  total                                                     35,080
"""


def cells(text: str) -> list[str]:
    """The lines that hold something: no blank ones, no rules."""
    return [line for line in text.splitlines() if line.strip(" ─")]


def test_summary_prints_a_table(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "summary", "shelf:model")
    assert (status, err) == (0, "")
    assert [line.split() for line in cells(out)] == [line.split() for line in cells(SUMMARY)]


def test_summary_takes_a_file_and_a_dotted_name(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "deep").mkdir()
    (folder / "shelf.py").rename(folder / "deep" / "shelf.py")
    before = list(sys.path)
    status, out, _ = run(capfd, "summary", "deep/shelf.py:Holder.inner")
    assert status == 0
    assert "[3, 2], [3]" in out
    assert sys.path == before


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("shelf", '"shelf" names no model: write MODULE:MODEL, as in train:model'),
        (":model", '":model" names no model: write MODULE:MODEL, as in train:model'),
        ("shelf:", '"shelf:" names no model: write MODULE:MODEL, as in train:model'),
        ("nowhere.py:model", "there is no file nowhere.py"),
        ("shelf:modle", 'shelf has no "modle"; its models: model'),
        ("shelf:Holder.outer", 'shelf has no "outer"; its models: model'),
        ("shelf:size", '"size" in shelf is no model: a Seq is needed, got int; its models: model'),
        ("shelf:Holder", '"Holder" in shelf is no model: a Seq is needed, got Holder; its models: model'),
        ("broken:model", "importing broken failed: ZeroDivisionError: division by zero"),
        ("needy:model", "importing needy failed: No module named 'nothing_of_the_kind'"),
        (
            "misfit:model",
            "importing misfit failed: ShapeError: "
            "Seq: layer 1 (linear) expects input [*b, 8], got [*b, 32] from layer 0 (linear)",
        ),
    ],
)
def test_summary_says_what_is_wrong(folder: Path, capfd: pytest.CaptureFixture[str], target: str, message: str) -> None:
    (folder / "broken.py").write_text("1 / 0\n")
    (folder / "needy.py").write_text("import nothing_of_the_kind\n")
    misfit = "from torchlean_typed import nn\nmodel = nn.Seq(nn.linear(64, 32), nn.linear(8, 4))\n"
    (folder / "misfit.py").write_text(misfit)
    assert run(capfd, "summary", target) == (2, "", f"torchlean-typed: {message}\n")


def test_summary_of_a_missing_module(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "summary", "nowhere:model")
    assert (status, out) == (2, "")
    assert err == f'torchlean-typed: there is no module "nowhere", looked for from {folder} on\n'


def test_summary_without_rich_says_what_to_install(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rich.box", None)
    monkeypatch.setitem(sys.modules, "rich", None)
    expected = "torchlean-typed: summary needs rich; install it with: pip install 'torchlean-typed[cli]'\n"
    assert run(capfd, "summary", "shelf:model") == (2, "", expected)


# --- the whole --------------------------------------------------------------------------------------------------------


def test_version_and_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "--version") == (0, f"torchlean-typed {__version__}\n", "")
    for command, words in {
        (): ["check", "summary", "examples:"],
        ("check",): [
            "[--strict-shapes] [--coverage] [--fail-under PERCENT] FILE... [-- MYPY_FLAG...]",
            "Exit status 0",
            'plugins = ["torchlean_typed.mypy"]',
        ],
        ("summary",): ["MODULE:MODEL", "train:model"],
    }.items():
        status, out, err = run(capfd, *command, "--help")
        assert (status, err) == (0, "")
        assert [word for word in words if word not in out] == []


def test_a_command_is_needed(capfd: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capfd)
    assert status == 2
    assert out.startswith("usage: torchlean-typed")
    assert run(capfd, "chekc", "x.py")[0] == 2
    assert run(capfd, "check")[0] == 2
    assert "only check takes flags" in run(capfd, "summary", "shelf:model", "--", "--strict")[2]


def test_help_loads_no_tool() -> None:
    program = "import sys, torchlean_typed.cli as cli; cli._parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"rich", "mypy"} & set(done.stdout.split())
