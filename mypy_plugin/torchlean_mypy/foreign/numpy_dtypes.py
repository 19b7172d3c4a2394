"""The dtypes of what NumPy's operations give, as far as they are simple; else NumPy's own stubs are believed."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.dtypes import FLOATING, WEAK, WEAK_FLOAT, WEAK_INT, Dtype

WIDE = ("int32", "int64", "uint32", "uint64")  # whose functions are float64
TOTALS = {"bool": "int64", "int": "int64", "uint": "uint64"}  # of sums, which NumPy's stubs give another dtype


def promoted(kind: str, dtypes: Sequence[Dtype]) -> Dtype:
    """The dtype of the result by that of the operands.

    ``bool`` and ``index`` are what they are, ``given`` is an argument that is not understood; ``own`` is that of
    operands that all have one, ``same`` also with Python's numbers, ``total`` that of a sum, ``float`` a floating one
    in any case, ``chosen`` that of the last two of three.
    """
    match kind:
        case "bool":
            return "bool"
        case "index":
            return "int64"
        case "given":
            return None
        case "chosen":
            return promoted("same", dtypes[1:])
    strong = {dtype for dtype in dtypes if dtype not in WEAK}
    if len(strong) != 1 or (kind == "own" and len({*dtypes}) > 1):
        return None
    (common,) = strong
    if kind == "total":
        return common if common in FLOATING else TOTALS.get(str(common).rstrip("0123456789"))
    if kind == "own" or common in FLOATING:
        return common if common in FLOATING or kind == "own" else None
    if kind == "float":
        return "float64" if common in WIDE else None
    weak = {dtype for dtype in dtypes if dtype in WEAK}
    if common == "bool" and WEAK_INT in weak:
        common = "int64"
    if common not in (*WIDE, "bool"):
        return None
    return "float64" if WEAK_FLOAT in weak else common if common in WIDE else None
