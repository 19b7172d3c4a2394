"""The rules for NumPy's functions against NumPy itself, over small shapes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from torchlean_mypy.foreign import numpy_rules
from torchlean_mypy.foreign.numpy_forms import FORMS
from torchlean_typed.shapes.errors import ShapeError, Undetermined

SHAPES = [shape for rank in range(4) for shape in itertools.product((0, 1, 2, 3), repeat=rank)]
ARRAYS = SHAPES[1:]
SOME = random.Random(0).sample(ARRAYS, 40)
BOUNDS = (None, -4, -2, -1, 0, 1, 2, 5)


def agrees(rule: Callable[[], object], call: Callable[[], Any]) -> bool:
    """Whether a rule gives the shape that NumPy's result has, and refuses what NumPy refuses; it need not know."""
    try:
        shape = rule()
    except Undetermined:
        return True
    except ShapeError:
        with pytest.raises((ValueError, IndexError, TypeError, np.linalg.LinAlgError)):
            call()
        return True
    return bool(np.shape(call()) == shape)


def test_operands_are_broadcast() -> None:
    for left, right in itertools.product(SHAPES, SOME):
        x, y = np.ones(left), np.ones(right)
        assert agrees(lambda x=x, y=y: numpy_rules.broadcast("add", x.shape, y.shape), lambda x=x, y=y: x + y)
        assert agrees(
            lambda x=x, y=y: numpy_rules.in_place("add", numpy_rules.broadcast, x.shape, y.shape),
            lambda x=x, y=y: x.__iadd__(y),
        )
        assert agrees(lambda x=x, y=y: numpy_rules.matmul("matmul", x.shape, y.shape), lambda x=x, y=y: x @ y)


def test_slices_are_cut_short() -> None:
    slices = [slice(*bounds) for bounds in itertools.product(BOUNDS, BOUNDS, (None, -2, -1, 1, 3))]
    numbers = random.Random(1)
    for shape in SOME:
        for _ in range(200):
            parts = [*numbers.choices([*slices, *slices[:9], 0, -1, None], k=numbers.randint(0, 3))]
            parts.insert(numbers.randint(0, len(parts)), ...)
            key, x = tuple(parts), np.ones(shape)
            assert agrees(lambda x=x, key=key: numpy_rules.getitem("x", x.shape, key), lambda x=x, key=key: x[key])


AXES: list[dict[str, Any]] = [{}, *({"axis": axis} for axis in (-3, -1, 0, 1, 2))]
KEPT = [{**options, "keepdims": True} for options in [*AXES, {"axis": (0, -1)}]]
OF_ONE: dict[str, list[dict[str, Any]]] = {
    **{name: [*AXES, *KEPT] for name in ("sum", "prod", "mean", "any", "all", "std", "median")},
    **{name: AXES for name in ("cumsum", "sort", "argsort", "diff", "squeeze", "max", "argmin")},
    "reshape": [{"shape": shape} for shape in (-1, 6, (2, -1), (3, 2), (0, -1), (1, 1, -1))],
    "transpose": [{}, {"axes": (1, 0)}, {"axes": (0, 2, 1)}],
    "swapaxes": [{"axis1": 0, "axis2": axis} for axis in (0, 1, -1, 2)],
    "moveaxis": [{"source": 0, "destination": axis} for axis in (0, 1, -1, 2)],
    "expand_dims": [{"axis": axis} for axis in (-4, -1, 0, 1, 3)],
    "broadcast_to": [{"shape": shape} for shape in (3, (2, 3), (2, 2, 3), (2, 0, 1))],
    "ravel": [{}],
}


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_functions_of_one_array(name: str) -> None:
    function, form = getattr(np, name), FORMS[name]
    for shape, options in itertools.product(ARRAYS, OF_ONE[name]):
        if name in ("max", "argmin", "median") and 0 in shape:
            continue  # of nothing NumPy has none
        x = np.ones(shape)
        assert agrees(
            lambda x=x, options=options: form.rule(name, x.shape, **options),
            lambda x=x, options=options: function(x, **options),
        ), (name, shape, options)


@pytest.mark.parametrize("name", ["concatenate", "stack", "vstack", "hstack", "column_stack", "dot", "outer"])
def test_functions_of_several_arrays(name: str) -> None:
    function, form = getattr(np, name), FORMS[name]
    for left, right in itertools.product(ARRAYS, SOME):
        x, y = np.ones(left), np.ones(right)
        for options in [{}, {"axis": 1}, {"axis": -1}] if name in ("concatenate", "stack") else [{}]:
            if form.is_of_list:
                assert agrees(
                    lambda x=x, y=y, options=options: form.rule(name, [x.shape, y.shape], **options),
                    lambda x=x, y=y, options=options: function([x, y], **options),
                ), (name, left, right, options)
            else:
                assert agrees(lambda x=x, y=y: form.rule(name, x.shape, y.shape), lambda x=x, y=y: function(x, y)), (
                    name,
                    left,
                    right,
                )


@pytest.mark.parametrize("name", ["inv", "pinv", "cholesky", "norm", "solve"])
def test_functions_of_matrices(name: str) -> None:
    function, form = getattr(np.linalg, name), FORMS[name]
    for left, right in itertools.product([shape for shape in SHAPES if len(shape) == 2], ARRAYS):
        x, y = np.eye(*left), np.ones(right)
        operands = (x, y) if name == "solve" else (x,)
        assert agrees(
            lambda operands=operands: form.rule(name, *(one.shape for one in operands)),
            lambda operands=operands: function(*operands),
        ), (name, left, right)
