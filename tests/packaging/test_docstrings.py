"""The examples in docstrings run, and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import torchlean_typed

ENTRY_OF_MYPY = "torchlean_typed.mypy"
MODULES = [
    "torchlean_typed",
    *sorted(
        m.name for m in pkgutil.walk_packages(torchlean_typed.__path__, "torchlean_typed.") if m.name != ENTRY_OF_MYPY
    ),
]


@pytest.mark.parametrize("name", ["torchlean_typed", *SUBMODULES])
def test_examples_in_docstrings_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FORM)
    assert failed == 0
