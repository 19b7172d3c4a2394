"""The wheel, installed in environments of its own, and the editable install: the same packages, the same checker."""

import os
import subprocess
import sys
import textwrap
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
SHIPPED = [
    "torchlean_typed/__init__.py",
    "torchlean_typed/py.typed",
    "torchlean_typed/mypy.py",
    "torchlean_mypy/__init__.py",
    "torchlean_mypy/plugin.py",
    "torchlean_mypy/py.typed",
    "torchlean_shape_stubs/__init__.py",
    "torchlean_shape_stubs/numpy.pyi",
]

CONFIG = """
[mypy]
plugins = torchlean_typed.mypy
"""

RIGHT = """
import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor


def scores(x: Float64[Tensor, "b 64"], w: Float64[Tensor, "64 10"]) -> Float64[Tensor, "b 10"]:
    return x @ w


print(scores(tl.zeros((5, 64)), tl.zeros((64, 10))).shape)
"""
WRONG_FROM_NUMPY = RIGHT.replace("tl.zeros((5, 64))", "tl.from_numpy(np.zeros((5, 63)))").replace(
    "import torchlean_typed as tl", "import numpy as np\nimport torchlean_typed as tl"
)
WRONG = RIGHT.replace('w: Float64[Tensor, "64 10"]', 'w: Float64[Tensor, "10 64"]')

# Each test of this module uses the same wheel and the same two environments: one worker takes them all.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command elsewhere, with nothing of this checkout in its environment."""
    ours = ("PYTHON", "MYPY", "VIRTUAL_ENV")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run([str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True)


def succeed(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_environment(folder: Path, *requirements: str) -> Path:
    """Make an environment with these requirements, in our pinned versions; give its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    succeed(python, "-m", "pip", "install", "--quiet", "--constraint", CONSTRAINTS, *requirements, cwd=folder)
    return python


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it depends on."""
    return make_environment(tmp_path_factory.mktemp("bare"), str(wheel))


@pytest.fixture(scope="module")
def checking_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and its extra `mypy`."""
    return make_environment(tmp_path_factory.mktemp("checking"), f"{wheel}[mypy]")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with a right program, two wrong ones, and a configuration that does no more than name the plugin."""
    (tmp_path / "mypy.ini").write_text(CONFIG)
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    (tmp_path / "from_numpy.py").write_text(WRONG_FROM_NUMPY)
    return tmp_path


def test_the_wheel_ships_the_library_the_plugin_and_the_shape_stubs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in SHIPPED if name not in names] == []
    packages = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert packages == {"torchlean_typed", "torchlean_mypy", "torchlean_shape_stubs"}


def test_the_editable_install_has_what_the_wheel_has(tmp_path: Path) -> None:
    listing = textwrap.dedent(f"""
        from importlib.resources import files
        for name in {SHIPPED!r}:
            package, _, file = name.partition("/")
            assert files(package).joinpath(file).is_file(), name
    """)
    succeed(sys.executable, "-c", listing, cwd=tmp_path)


def test_the_library_runs_on_three_packages(bare_python: Path, program: Path) -> None:
    listed = succeed(bare_python, "-m", "pip", "list", "--format=freeze", cwd=program)
    installed = {line.partition("==")[0].lower().replace("_", "-") for line in listed.splitlines()}
    assert installed - {"pip", "setuptools"} == {"torchlean-typed", "numpy", "jaxtyping", "wadler-lindig", "beartype"}
    assert succeed(bare_python, "right.py", cwd=program) == "(5, 10)\n"


def test_importing_the_library_loads_no_tool(checking_python: Path, tmp_path: Path) -> None:
    loaded = succeed(checking_python, "-c", "import torchlean_typed, sys; print(*sys.modules)", cwd=tmp_path).split()
    assert not {"mypy", "rich", "torchlean_mypy"} & set(loaded)


def test_a_right_program_passes_and_runs(checking_python: Path, program: Path) -> None:
    assert "Success: no issues found" in succeed(checking_python, "-m", "mypy", "--strict", "right.py", cwd=program)
    assert succeed(checking_python, "right.py", cwd=program) == "(5, 10)\n"


def test_a_wrong_program_gets_a_shape_error(checking_python: Path, program: Path) -> None:
    checked = run(checking_python, "-m", "mypy", "wrong.py", cwd=program)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "wrong.py:8: error: matmul: inner dimensions differ" in checked.stdout
    assert "[shape]" in checked.stdout


def test_the_shape_stubs_are_read_where_they_are_installed(checking_python: Path, program: Path) -> None:
    checked = run(checking_python, "-m", "mypy", "from_numpy.py", cwd=program)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "63" in checked.stdout and "[shape]" in checked.stdout


def test_the_command_checks_without_configuration(checking_python: Path, program: Path) -> None:
    command = checking_python.with_name("torchlean-typed")
    (program / "mypy.ini").unlink()
    succeed(command, "check", "right.py", cwd=program)
    refused = run(command, "check", "wrong.py", cwd=program)
    assert refused.returncode == 1
    assert "[shape]" in refused.stdout
