"""The examples in docstrings run, and print what they say."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import torchlean_typed as tl

SUBMODULES = [module.name for module in pkgutil.walk_packages(tl.__path__, "torchlean_typed.")]
FORM = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
# What a reader of the README has imported: examples use these names without saying so.
IMPORTED = {"tl": tl, "np": np, "nn": tl.nn, "loss": tl.loss, "autograd": tl.autograd}


@pytest.mark.parametrize("name", ["torchlean_typed", *SUBMODULES])
def test_examples_in_docstrings_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), extraglobs=IMPORTED, optionflags=FORM)
    assert failed == 0
