"""The dtype rules: as the shape rules, one function for the run time and the checker. dtypes are never promoted.

A rule is called ``rule(op, dtypes of the tensors, *other parameters)``. A dtype is its NumPy name; ``None`` is one that is not known (to the checker); ``WEAK_*`` is a Python scalar, which
takes the dtype of the tensor it meets.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.errors import ShapeError

FLOATING = ("float16", "float32", "float64")
INTEGER = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
WEAK_BOOL, WEAK_INT, WEAK_FLOAT = "Python bool", "Python int", "Python float"
WEAK = {WEAK_BOOL: "bool", WEAK_INT: "int64", WEAK_FLOAT: "float64"}

Dtype = str | None


def common(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The one dtype of all operands; a Python scalar takes that of the tensors."""
    strong = [dtype for dtype in dtypes if dtype is not None and dtype not in WEAK]
    weak = [dtype for dtype in dtypes if dtype in WEAK]
    for dtype in strong[1:]:
        if dtype != strong[0]:
            raise ShapeError(
                op,
                f"dtypes differ: {strong[0]} and {dtype}",
                expected=strong[0],
                got=dtype,
                hint="dtypes are not promoted: convert one with astype",
            )
    if strong:
        _check_weak(op, strong[0], weak)
        return strong[0]
    if None in dtypes:
        return None
    return WEAK[max((dtype for dtype in weak if dtype), key=list(WEAK).index)]


def _check_weak(op: str, dtype: str, weak: Sequence[Dtype]) -> None:
    wrong = (dtype in INTEGER and WEAK_FLOAT in weak) or (dtype == "bool" and set(weak) - {WEAK_BOOL})
    if wrong:
        scalar = WEAK_FLOAT if WEAK_FLOAT in weak else WEAK_INT
        raise ShapeError(
            op,
            f"a {scalar} does not go with {dtype}",
            expected=dtype,
            got=scalar,
            hint="dtypes are not promoted: convert the tensor with astype",
        )


def numeric(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The common dtype, which has arithmetic: not bool."""
    return _require(op, common(op, dtypes), (*FLOATING, *INTEGER), "a numeric dtype")


def floating(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The common dtype, a floating one."""
    return _require(op, common(op, dtypes), FLOATING, "a floating dtype")


def comparison(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Operands of one dtype give bool."""
    common(op, dtypes)
    return "bool"


def logical(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Bools give bool."""
    return _require(op, common(op, dtypes), ("bool",), "bool")


def selection(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """A bool condition, then operands of one dtype."""
    _require(op, dtypes[0] if dtypes[0] != WEAK_BOOL else "bool", ("bool",), "a bool condition")
    return common(op, dtypes[1:])


def converted(op: str, dtypes: Sequence[Dtype], dtype: object = None) -> Dtype:
    """The dtype that is named in the call."""
    return dtype_name(dtype)


def created(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The dtype that is named in the call, its last parameter."""
    return dtype_name(parameters[-1])


def arange(op: str, dtypes: Sequence[Dtype], start: object, stop: object, step: object, dtype: object) -> Dtype:
    """int64 where all values are ints, float64 where one is a float, unless the call names one."""
    if dtype is not None:
        return dtype_name(dtype)
    if any(isinstance(value, float) for value in (start, stop, step)):
        return "float64"
    return "int64" if all(value is None or isinstance(value, int) for value in (start, stop, step)) else None


def dtype_name(dtype: object) -> Dtype:
    """The name of a dtype that is given as a text, a class or a NumPy dtype."""
    name = dtype if isinstance(dtype, str) else getattr(dtype, "__name__", None) or getattr(dtype, "name", None)
    return {"float": "float64", "int": "int64", "bool_": "bool"}.get(name, name) if isinstance(name, str) else None


def _require(op: str, dtype: Dtype, allowed: Sequence[str], what: str) -> Dtype:
    if dtype is not None and dtype not in allowed:
        raise ShapeError(op, f"needs {what}, got {dtype}", expected=what, got=dtype, hint="convert with astype")
    return dtype
