"""The types of static parameters, as an operation's signature writes them; ints and sizes are the rules' to check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from torchlean_typed.shapes.errors import ShapeError

_KINDS: dict[str, tuple[Any, str, str | None]] = {
    "bool": (bool, "True or False", None),
    "float": ((int, float), "a number", None),
    "str": (str, "a text", None),
    "DTypeLike": ((str, type, type(None)), "a dtype", "such as np.float32"),
}


_SEVERAL = ("int | Sequence[int]", "Sequence[int]", "Size", "Axis", "Axes")  # parameters that take ints together


def check_statics(op: str, names: Sequence[str], annotations: Sequence[str], values: Sequence[Any]) -> None:
    """Check the static parameters that are flags, numbers, texts and dtypes.

    Raises:
        ShapeError: for a value of another type.
    """
    for index, (name, annotation, value) in enumerate(zip(names, annotations, values, strict=True)):
        kind, _, optional = annotation.partition(" | ")
        if kind not in _KINDS or (value is None and optional == "None"):
            continue
        types, expected, hint = _KINDS[kind]
        if not isinstance(value, types) and not (kind == "DTypeLike" and isinstance(value, np.dtype)):
            got = _shown(value)
            if type(value) is int and index and annotations[index - 1] in _SEVERAL:
                before = values[index - 1]
                if type(before) is int and (before != value or kind != "bool"):
                    hint = _together(names[index - 1], (before, value))
            raise ShapeError(op, f"{name} must be {expected}, got {got}", expected=expected, got=got, hint=hint)


def refuse_surplus(op: str, names: Sequence[str], annotations: Sequence[str], values: Sequence[Any]) -> None:
    """Refuse sizes or axes that are given one by one, ``x.reshape(3, 5)``, where there are more than parameters.

    Raises:
        ShapeError: for more ints than there are parameters, where one takes them together.
    """
    for index, (name, annotation) in enumerate(zip(names, annotations, strict=True)):
        surplus = values[index:]
        if annotation in _SEVERAL and len(surplus) > 1 and not any(isinstance(v, (bool, float, str)) for v in surplus):
            problem = f"takes {name} as one tuple, got {len(surplus)} ints"
            raise ShapeError(op, problem, expected=1, got=len(surplus), hint=_together(name, surplus))


def _together(name: str, values: Sequence[Any]) -> str:
    """The hint for ints that were given one by one."""
    return f"did you mean {name}=({', '.join(map(str, values))})?"


def refuse_array(op: str, name: str, got: str, is_index: bool = False) -> NoReturn:
    """The error for a tensor or an array as a static parameter."""
    hint = "use take for positions, where for a mask" if is_index else None
    raise ShapeError(op, f"{name} takes plain Python values, got {got}", expected=name, got=got, hint=hint)


def refuse_operand(op: str, got: str, is_array: bool) -> NoReturn:
    """The error for an operand that is neither a tensor nor a number."""
    hint = "wrap it with tl.from_numpy" if is_array else "wrap it with tl.tensor"
    raise ShapeError(op, f"needs tensors or Python numbers, got {got}", expected="Tensor", got=got, hint=hint)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    plain = value is None or isinstance(value, (bool, int, float, complex))
    return repr(value) if plain else type(value).__name__


def numpy_dtype(op: str, dtype: Any) -> np.dtype[Any]:
    """What a dtype parameter names, in the machine's byte order.

    Raises:
        ShapeError: for what names no dtype.
    """
    check_statics(op, ("dtype",), ("DTypeLike",), (dtype,))
    try:
        return np.dtype(dtype).newbyteorder("=")
    except TypeError:
        raise ShapeError(op, f'"{dtype}" is not a dtype', expected="a dtype", got=str(dtype)) from None
