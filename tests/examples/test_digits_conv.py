"""The convolutional net on the digits: mypy finds nothing in it, a net that does not fit is found, and it learns."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.programs import EXAMPLES, check_changed, loaded

PROGRAM = EXAMPLES / "digits_conv" / "train_conv.py"


@pytest.fixture(scope="module")
def train() -> ModuleType:
    return loaded(PROGRAM)


def test_its_shapes(train: ModuleType) -> None:
    assert (train.model.in_shape, train.model.out_shape) == ((1, 8, 8), (10,))
    assert train.model.param_names[2:4] == ("3.0.weight", "3.0.bias")
    images, labels = train.digits()
    assert (images.shape, labels.shape) == ((1797, 1, 8, 8), (1797, 10))


def test_mypy_finds_nothing_in_it_and_what_is_wrong_where_it_is_changed(tmp_path: Path) -> None:
    changes = {
        ("nn.conv2d(16, 32, 3, padding=1)", "nn.conv2d(32, 16, 3, padding=1)"): (
            "Seq: layer 5 (conv2d) expects input [*b, 32, h, w], got [*b, 16, 4, 4] from layer 4 (max_pool2d)"
        ),
        ("nn.linear(128, 10)", "nn.linear(512, 10)"): (
            "Seq: layer 9 (linear) expects input [*b, 512], got [*b, 128] from layer 8 (flatten)"
        ),
        ("nn.conv2d(16, 16, 3, padding=1))", "nn.conv2d(16, 16, 3))"): (
            "residual: the inner model's output does not fit its input"
        ),
        ('"b 1 8 8"', '"b 8 8 1"'): "the model takes [*b, 1, 8, 8]",
    }
    check_changed(PROGRAM, changes, tmp_path)


@pytest.mark.slow
def test_it_reads_98_of_100_digits_that_it_has_not_seen(train: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    train.main()
    accuracy = re.search(r"held-out accuracy: ([0-9.]+)%", capsys.readouterr().out)
    assert accuracy is not None
    assert float(accuracy[1]) >= 98
