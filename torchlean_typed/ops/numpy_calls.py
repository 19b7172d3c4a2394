"""NumPy's own functions, given a Tensor: operators are the Tensor's, all else says what to call instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.errors import ShapeError

REFLECTED = {
    "add": "__radd__",
    "subtract": "__rsub__",
    "multiply": "__rmul__",
    "divide": "__rtruediv__",
    "power": "__rpow__",
    "matmul": "__rmatmul__",
    "less": "__gt__",
    "less_equal": "__ge__",
    "greater": "__lt__",
    "greater_equal": "__le__",
    "equal": "__eq__",
    "not_equal": "__ne__",
}
# those that call the method of their name with arguments of NumPy's own, or a ufunc; others copy a tensor's values
OF_VALUES = ("all", "amax", "amin", "any", "max", "mean", "min", "prod", "ptp", "squeeze", "std", "sum", "var")
OUR_NAMES = {"absolute": "abs", "power": "pow", "amax": "max", "amin": "min"}


def refuse_numpy_call(name: str) -> NoReturn:
    """The error for a Tensor given to a function of NumPy's that takes none."""
    ours = OUR_NAMES.get(name, name)
    hint = f"use tl.{ours}, or .numpy() for its values" if ours in TABLE else "use .numpy() for its values"
    raise ShapeError(f"np.{name}", "needs arrays, got Tensor", expected="ndarray", got="Tensor", hint=hint)


def array_ufunc(tensor: Any, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
    """``array + tensor``, which is the Tensor's to do or to refuse; every other ufunc is refused.

    Raises:
        ShapeError: with the function to call instead.
    """
    reflected, left = REFLECTED.get(ufunc.__name__), inputs[0]
    is_operator = method == "__call__" and not options and isinstance(left, np.ndarray | np.generic)
    if reflected is None or not is_operator or inputs[1] is not tensor:
        refuse_numpy_call(ufunc.__name__)
    return getattr(tensor, reflected)(left[()])  # NumPy compares its numbers as arrays without axes


def array_function(
    tensor: Any, function: Any, types: object, arguments: tuple[Any, ...], options: Mapping[str, Any]
) -> Any:
    """``np.allclose(x, y)``, which copies the values, but not ``np.sum(x)``.

    Raises:
        ShapeError: with the function to call instead.
    """
    if function.__name__ in OF_VALUES:
        refuse_numpy_call(function.__name__)
    implementation: Callable[..., Any] = function._implementation
    return implementation(*arguments, **options)
