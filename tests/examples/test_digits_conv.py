"""The convolutional net on the digits: mypy finds nothing in it, a net that does not fit is found, and it learns."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from torchlean_typed.cli import run_mypy

PROGRAM = Path(__file__).parents[2] / "examples" / "digits_conv" / "train_conv.py"


@pytest.fixture(scope="module")
def train() -> ModuleType:
    spec = spec_from_file_location("digits_conv_train", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_its_shapes(train: ModuleType) -> None:
    assert (train.model.in_shape, train.model.out_shape) == ((1, 8, 8), (10,))
    assert train.model.param_names[2:4] == ("3.0.weight", "3.0.bias")
    images, labels = train.digits()
    assert (images.shape, labels.shape) == ((1797, 1, 8, 8), (1797, 10))


WRONG = {
    "nn.conv2d(16, 32, 3, padding=1)": "nn.conv2d(32, 16, 3, padding=1)",
    "nn.linear(128, 10)": "nn.linear(512, 10)",
    "nn.conv2d(16, 16, 3, padding=1))": "nn.conv2d(16, 16, 3))",
    '"b 1 8 8"': '"b 8 8 1"',
}


def test_mypy_finds_nothing_in_it_and_what_is_wrong_where_it_is_changed(tmp_path: Path) -> None:
    right = PROGRAM.read_text(encoding="utf-8")
    programs = [PROGRAM]
    for number, (before, after) in enumerate(WRONG.items()):
        assert before in right
        programs.append(tmp_path / f"wrong{number}.py")
        programs[-1].write_text(right.replace(before, after), encoding="utf-8")
    done = run_mypy(programs, ["--strict", "--no-pretty"], capture=True)
    lines = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert not [line for line in lines if "train_conv.py" in line]
    assert not [line for line in lines if "[shape]" not in line and "[arg-type]" not in line]
    for number, message in enumerate(
        (
            "Seq: layer 5 (conv2d) expects input [*b, 32, h, w], got [*b, 16, 4, 4] from layer 4 (max_pool2d)",
            "Seq: layer 9 (linear) expects input [*b, 512], got [*b, 128] from layer 8 (flatten)",
            "residual: the inner model's output does not fit its input",
            "the model takes [*b, 1, 8, 8]",
        )
    ):
        assert [line for line in lines if f"wrong{number}.py" in line and message in line], (message, lines)


@pytest.mark.slow
def test_it_reads_98_of_100_digits_that_it_has_not_seen(train: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    train.main()
    accuracy = re.search(r"held-out accuracy: ([0-9.]+)%", capsys.readouterr().out)
    assert accuracy is not None
    assert float(accuracy[1]) >= 98
