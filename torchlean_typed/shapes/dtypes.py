"""The dtype rules: as the shape rules, one function for the run time and the checker. dtypes are never promoted.

A rule is called ``rule(op, dtypes of the operands, *static parameters)``. A dtype is its NumPy name; ``None`` is one
that is not known (to the checker); ``WEAK_*`` is a Python scalar, which takes the dtype of the tensors it meets.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.dim import DimExpr, Unknown
from torchlean_typed.shapes.errors import ShapeError

FLOATING = ("float16", "float32", "float64")
INTEGER = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
NUMERIC = (*FLOATING, *INTEGER)
SUPPORTED = (*NUMERIC, "bool")
# what an annotation may leave open, named as the classes of torchlean_typed.dtypes are
KINDS = {
    "floating": FLOATING,
    "signed_integer": INTEGER[:4],
    "unsigned_integer": INTEGER[4:],
    "integer": INTEGER,
    "number": NUMERIC,
}
WEAK_BOOL, WEAK_INT, WEAK_FLOAT = "Python bool", "Python int", "Python float"
WEAK = {WEAK_BOOL: "bool", WEAK_INT: "int64", WEAK_FLOAT: "float64"}

Dtype = str | None


def members(dtype: str) -> tuple[str, ...]:
    """The dtypes that a dtype or a kind of dtype stands for."""
    return KINDS.get(dtype, (dtype,))


def words(dtype: str) -> str:
    """A dtype or a kind of dtype as messages call it."""
    return dtype.replace("_", " ") if dtype in KINDS else dtype


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
    return None if None in dtypes else of_scalars(dtypes)


def of_scalars(dtypes: Sequence[Dtype]) -> Dtype:
    """What the Python scalars among operands become: the tensors' dtype (that of a condition aside), or their own."""
    strong = [dtype for dtype in dtypes if dtype is not None and dtype not in WEAK]
    weak = [dtype for dtype in dtypes if dtype is not None and dtype in WEAK]
    own = WEAK[max(weak, key=list(WEAK).index)] if weak else None
    return next((dtype for dtype in strong if dtype != "bool"), own)


def scalar_name(value: object) -> Dtype:
    """The weak dtype of a Python number, and of a dimension, which is an int; None for anything else."""
    if isinstance(value, bool):
        return WEAK_BOOL
    if isinstance(value, (int, DimExpr, Unknown)):
        return WEAK_INT
    return WEAK_FLOAT if isinstance(value, float) else None


def require_fit(op: str, value: object, dtype: Dtype) -> None:
    """A Python int must be one of the dtype's values: 300 is no int8."""
    if isinstance(value, int) and dtype in FLOATING and abs(value) > 2**1023:
        raise ShapeError(op, f"an int of {value.bit_length()} bits is too large for {dtype}", expected=dtype, got="int")
    if not isinstance(value, int) or dtype not in INTEGER:
        return
    bits = int(dtype.lstrip("uint"))
    low, high = (0, 2**bits - 1) if dtype.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not low <= value <= high:
        raise ShapeError(op, f"{value} is no {dtype}", expected=f"{low} to {high}", got=value)


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
    return _require(op, common(op, dtypes), NUMERIC, "a numeric dtype")


def floating(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The common dtype, a floating one."""
    return _require(op, common(op, dtypes), FLOATING, "a floating dtype")


def full_precision(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The common dtype, a floating one in which equations are solved: not float16."""
    return _require(op, common(op, dtypes), FLOATING[1:], "float32 or float64")


def comparison(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Operands of one dtype give bool."""
    common(op, dtypes)
    return "bool"


def logical(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Bools give bool."""
    return _require(op, common(op, dtypes), ("bool",), "bool")


def selection(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """A bool condition, then operands of one dtype."""
    condition = f"a {dtypes[0]}" if dtypes[0] in WEAK else dtypes[0]
    _require(op, condition, ("bool",), "a bool tensor as condition", hint="compare: x > 0")
    return common(op, dtypes[1:])


def bounded(op: str, dtypes: Sequence[Dtype], *bounds: object) -> Dtype:
    """A numeric dtype, and bounds that go with it."""
    dtype = numeric(op, [*dtypes, *(scalar_name(bound) for bound in bounds if scalar_name(bound))])
    for bound in bounds:
        require_fit(op, bound, dtype)
    return dtype


def converted(op: str, dtypes: Sequence[Dtype], dtype: object = None) -> Dtype:
    """The dtype that is named in the call."""
    return _require(op, dtype_name(dtype), SUPPORTED, "a bool, integer or floating dtype", hint=None)


def created(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The dtype that is named in the call, its last parameter."""
    return converted(op, (), parameters[-1])


def created_floating(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The floating dtype that is named in the call, its last parameter."""
    return _require(op, dtype_name(parameters[-1]), FLOATING, "a floating dtype", hint=None)


def like(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The dtype that is named in the call, its last parameter, or the operand's own."""
    return common(op, dtypes) if parameters[-1] is None else created(op, (), *parameters)


def filled(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """The dtype that is named in the call, or the operand's own, which the value must go with."""
    fill_value, result = parameters[-2], like(op, dtypes, *parameters)
    common(op, [result, *filter(None, [scalar_name(fill_value)])])
    require_fit(op, fill_value, result)
    return result


def arange(op: str, dtypes: Sequence[Dtype], start: object, stop: object, step: object, dtype: object) -> Dtype:
    """int64 where all values are ints, float64 where one is a float, unless the call names one that they go with."""
    values = [value for value in (start, stop, step) if value is not None]
    names = [scalar_name(value) for value in values]
    if dtype is None:
        return None if None in names else "float64" if WEAK_FLOAT in names else "int64"
    result = numeric(op, [dtype_name(dtype), *filter(None, names)])
    for value in values:
        require_fit(op, value, result)
    return result


def _require_indices(op: str, dtype: Dtype) -> None:
    got = f"a {dtype}" if dtype in WEAK else dtype
    _require(op, got, INTEGER, "indices of an integer dtype", hint="make them with tl.tensor(..., np.int64)")


def indexed(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Any dtype, then indices of an integer one."""
    _require_indices(op, dtypes[1])
    return common(op, dtypes[:1])


def scattered(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Indices of an integer dtype in the second place, all others of one numeric dtype."""
    _require_indices(op, dtypes[1])
    return numeric(op, [dtypes[0], *dtypes[2:]])


def index(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """int64, of a numeric dtype."""
    numeric(op, dtypes)
    return "int64"


def from_start(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Indices of an integer dtype become int64."""
    _require_indices(op, dtypes[0])
    return "int64"


def from_indices(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Indices of an integer dtype give the dtype that is named in the call, its last parameter."""
    _require_indices(op, dtypes[0])
    return created(op, (), *parameters)


def padded(op: str, dtypes: Sequence[Dtype], pad_width: object, constant_values: object) -> Dtype:
    """The operand's dtype, which the value that is put in must go with."""
    result = common(op, [*dtypes, *filter(None, [scalar_name(constant_values)])])
    require_fit(op, constant_values, result)
    return result


def masked(op: str, dtypes: Sequence[Dtype], *parameters: object) -> Dtype:
    """Operands of one floating dtype, then a mask of dtype bool."""
    mask = f"a {dtypes[-1]}" if dtypes[-1] in WEAK else dtypes[-1]
    _require(op, mask, ("bool",), "a mask of dtype bool", hint="compare: x > 0")
    return floating(op, dtypes[:-1])


def dtype_name(dtype: object) -> Dtype:
    """The name of a dtype that is given as a text, a class or a NumPy dtype."""
    name = dtype if isinstance(dtype, str) else getattr(dtype, "__name__", None) or getattr(dtype, "name", None)
    return {"float": "float64", "int": "int64", "bool_": "bool"}.get(name, name) if isinstance(name, str) else None


def _require(
    op: str, dtype: Dtype, allowed: Sequence[str], what: str, hint: str | None = "convert with astype"
) -> Dtype:
    if dtype is not None and dtype not in allowed:
        raise ShapeError(op, f"needs {what}, got {dtype}", expected=what, got=dtype, hint=hint)
    return dtype


def not_a_number(got: str, path: tuple[int, ...], shown: str = "") -> ShapeError:
    """What ``tl.tensor`` raises of an item that is none; a tensor is not taken apart."""
    where = f"at index {list(path)}" if path else "at the top"
    hint = None if got != "Tensor" else "join tensors with tl.stack" if path else "it is a tensor already"
    return ShapeError("tensor", f"needs numbers, got {got}{shown} {where}", expected="a number", got=got, hint=hint)
