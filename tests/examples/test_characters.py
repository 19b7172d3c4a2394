"""The character-level transformer: mypy finds nothing in it, what is wrong is found, and it learns to write."""

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import torchlean_typed as tl
from tests.programs import EXAMPLES, check_changed, loaded

PROGRAM = EXAMPLES / "characters" / "train_characters.py"


@pytest.fixture(scope="module")
def train() -> ModuleType:
    return loaded(PROGRAM)


def test_its_text(train: ModuleType) -> None:
    text = 'def f(x):\n    return "x~"\n'
    assert train.numbers("\na~").tolist() == [0, 66, 95]
    assert train.characters(train.numbers(text + "\té").tolist()) == text
    long = train.numbers(text * 10)
    x, y = train.windows(long, np.random.default_rng(0))
    assert (x.shape, y.shape) == ((16, 64), (16, 64))
    assert (x.numpy()[:, 1:] == y.numpy()[:, :-1]).all()


def test_the_model_sees_what_stands_before_alone(train: ModuleType) -> None:
    params = train.model.init(seed=0)
    x = np.random.default_rng(0).integers(0, 96, 64)
    changed = np.where(np.arange(64) >= 40, (x + 1) % 96, x)
    first, second = (train.model(params, tl.from_numpy(each)).numpy() for each in (x, changed))
    np.testing.assert_array_equal(first[:40], second[:40])
    assert np.abs(first[40:] - second[40:]).max(axis=1).min() > 1e-3


def test_mypy_finds_nothing_in_it_and_what_is_wrong_where_it_is_changed(tmp_path: Path) -> None:
    changes = {
        ("nn.positional_embedding(LENGTH, WIDTH)", "nn.positional_embedding(LENGTH, 32)"): (
            "layer 1 (positional_embedding) expects input [*b, 64, 32], got [*b, 64] from layer 0 (embedding)"
        ),
        ("nn.linear(WIDTH, CHARACTERS)", "nn.linear(CHARACTERS, WIDTH)"): (
            "layer 5 (linear) expects input [*b, 96], got [*b, 64, 64] from layer 4 (layer_norm)"
        ),
        ("state.params, x, y)", "state.params, x, y[:, 0])"): (
            "cross_entropy: the target does not have the shape of the samples (output: [b, 64, 96], target: [b])"
        ),
        ("loss.cross_entropy()", "loss.cross_entropy_one_hot()"): (
            "cross_entropy_one_hot: the target does not have the shape of the model's output"
        ),
        ("self.mean + 0.1", "self.mean[1] + 0.1"): "a pack goes with packs and scalars",
    }
    check_changed(PROGRAM, changes, tmp_path)


@pytest.mark.slow
def test_it_learns_to_write(train: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    train.main()
    shown = capsys.readouterr().out
    held_out = re.search(r"held-out loss: ([0-9.]+) nats", shown)
    assert held_out is not None
    assert float(held_out[1]) < 1.85, "an even guess has 4.56, the frequencies of the characters alone about 3.1"
    sample = shown[held_out.end() :]
    words = set(re.findall(r"[a-z]{2,}", sample))
    assert {"the", "is", "of", "to", "in", "and", "an"} & words, sample
