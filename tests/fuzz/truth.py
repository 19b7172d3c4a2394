"""Whether a revealed type is what a value is: its dtype, every size, every entry; and whether it is known whole."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

import torchlean_typed as tl
from tests.fuzz.program import Sizes
from tests.static.revealed import split
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Shapes, is_known, parse_shape, parse_shapes, substitute_shape
from torchlean_typed.shapes.unify import check_shape

ARRAY = re.compile(r'(\w+)\[(?:Tensor|np\.ndarray), "([^"]*)"\]')
KINDS = {"Float": "f", "Int": "i", "UInt": "u", "Integer": "iu", "Num": "fiu", "Shaped": "fiub"}
GENERIC = re.compile(r"(\w+)\[(.*)\]")
TEXTS = re.compile(r'"([^"]*)"')
Verdict = tuple[bool, bool]
WRONG, UNKNOWN, RIGHT = (False, True), (True, False), (True, True)


def compared(revealed: str, value: Any, sizes: Sizes) -> Verdict:
    """Whether the revealed type, its names being these sizes, is the value's; and whether it says all."""
    alternatives = split(revealed, " | ")
    if len(alternatives) > 1:
        verdicts = [compared(text, value, sizes) for text in alternatives]
        return any(fits for fits, _ in verdicts), all(known for _, known in verdicts)
    if revealed in ("Any", "object"):
        return UNKNOWN
    if isinstance(value, (tl.Tensor, np.ndarray)):
        return _array(revealed, value, sizes)
    if isinstance(value, (tl.TensorPack, tl.Rows, tl.Seq)):
        return _container(revealed, value, sizes)
    if isinstance(value, (tuple, list, Shapes)) and not hasattr(value, "_fields"):
        return _sequence(revealed, tuple(value), sizes)
    if revealed.startswith("ValueAndGrads"):  # its parts are revealed as well
        return RIGHT
    return _plain(revealed, value, sizes)


def both(*verdicts: Verdict) -> Verdict:
    return all(fits for fits, _ in verdicts), all(known for _, known in verdicts)


def shape_fits(text: str, shape: tuple[int, ...], sizes: Sizes) -> Verdict:
    """A shape's text against the real one."""
    return _axes_fit(parse_shape(text), shape, sizes)


def _axes_fit(said: Shape, shape: tuple[int, ...], sizes: Sizes) -> Verdict:
    found = substitute_shape(said, sizes)
    if is_known(found):
        return (found == shape, is_known(said))
    try:
        check_shape("fuzz", found, shape, "the value")
    except ShapeError:
        return WRONG
    return UNKNOWN


def _array(revealed: str, value: Any, sizes: Sizes) -> Verdict:
    match = ARRAY.fullmatch(revealed)
    if match is None:
        return (revealed in ("Tensor", "ndarray"), False)
    name, text = match.groups()
    dtype = value.dtype.name
    fits = value.dtype.kind in KINDS[name] if name in KINDS else dtype == name.lower()
    return both((fits, name not in KINDS), shape_fits(text, value.shape, sizes))


def _container(revealed: str, value: Any, sizes: Sizes) -> Verdict:
    match = GENERIC.fullmatch(revealed)
    if match is None or match[1] != type(value).__name__:
        return (revealed == type(value).__name__, False)
    texts = TEXTS.findall(match[2])
    if isinstance(value, tl.TensorPack):
        return _pack(texts, value.shapes, sizes)
    if isinstance(value, tl.Rows):
        rows = shape_fits(texts[0], (len(value),), sizes)
        inner = match[2].partition(", ")[2]
        return both(rows, *(compared(inner, row, sizes) for row in value)) if len(value) < 50 else rows
    if len(texts) < 3:
        return UNKNOWN
    return _pack(texts[2:], value.param_shapes, sizes)


def _pack(texts: list[str], shapes: tuple[tuple[int, ...], ...], sizes: Sizes) -> Verdict:
    if not texts:
        return UNKNOWN
    said = parse_shapes(texts[0])
    if len(said) != len(shapes):
        return WRONG
    return both(RIGHT, *(_axes_fit(one, shape, sizes) for one, shape in zip(said, shapes, strict=True)))


def _sequence(revealed: str, value: tuple[Any, ...], sizes: Sizes) -> Verdict:
    match = GENERIC.fullmatch(revealed)
    if match is None:
        return UNKNOWN
    items = split(match[2], ", ") if match[2] != "()" else []
    if match[1] == "list" or items[-1:] == ["..."]:
        return both(UNKNOWN, *(compared(items[0], item, sizes) for item in value))
    if len(items) != len(value):
        return WRONG
    return both(RIGHT, *(compared(item, one, sizes) for item, one in zip(items, value, strict=True)))


def _plain(revealed: str, value: Any, sizes: Sizes) -> Verdict:
    name = revealed.partition("[")[0]
    if name == "Dim":
        return shape_fits(TEXTS.findall(revealed)[0], (value,), sizes)
    if name == "Literal":
        return (revealed == f"Literal[{value!r}]", True)
    if isinstance(value, bool):
        return (name in ("bool", "int"), True)
    if isinstance(value, (int, float, str)) or value is None:
        return (name in (type(value).__name__, "float"), not isinstance(value, int))
    return (name == type(value).__name__, True)
