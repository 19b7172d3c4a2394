"""Random programs: what mypy accepts runs and has the shapes that it reveals; what it rejects raises, in its words."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest

from tests.fuzz.__main__ import BATCH, examine
from tests.fuzz.kinds import KINDS, program
from tests.fuzz.models import LAYERS, PARAMETERS
from tests.fuzz.operands import documented
from tests.fuzz.statics import DRAWERS
from torchlean_typed import nn
from torchlean_typed.ops.op import TABLE

PROGRAMS = 2000


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_the_checker_and_the_execution_agree(first: int, cache: Path) -> None:
    counts = examine(first, BATCH, cache)
    assert not counts.disagreements, "\n".join(["", *counts.disagreements])
    assert counts.accepted > 8 * BATCH
    assert counts.rejected > BATCH


def test_a_program_is_a_function_of_its_number() -> None:
    for number in range(len(KINDS)):
        assert program(number).text == program(number).text


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_drawn_by_its_parameters(name: str) -> None:
    missing = [parameter for parameter in signature(getattr(nn, name)).parameters if parameter not in PARAMETERS]
    assert not missing, f"say in tests/fuzz/models.py what {missing} of {name} are drawn from"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_operation_is_drawn_from_its_record(name: str) -> None:
    record = TABLE[name]
    missing = [static for static in record.statics if static not in DRAWERS]
    assert not missing, f"say in tests/fuzz/statics.py what {missing} of {name} are drawn from"
    assert not record.tensors or len(documented(name)) > 0 or name == "getitem"
