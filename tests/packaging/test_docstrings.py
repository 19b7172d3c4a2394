"""The examples in docstrings run, and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import torchlean_typed

SUBMODULES = [module.name for module in pkgutil.walk_packages(torchlean_typed.__path__, "torchlean_typed.")]
FORM = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", ["torchlean_typed", *SUBMODULES])
def test_examples_in_docstrings_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FORM)
    assert failed == 0
