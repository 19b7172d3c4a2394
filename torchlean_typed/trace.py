"""Applying an operation to tensors: run its kernel, record it while a derivative is taken, or both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.checks.boundary import boundary
from torchlean_typed.graph import Traced
from torchlean_typed.inference import apply_rules, infer, inferred, remembered, shorten, signature
from torchlean_typed.ops.conversion import alias
from torchlean_typed.ops.op import Evaluator, Op
from torchlean_typed.ops.statics import numpy_dtype, refuse_operand
from torchlean_typed.shapes import dtypes as dtype_rules
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

_new = object.__new__
_next_order = itertools.count(1).__next__
_depth: ContextVar[int] = ContextVar("depth", default=0)
ndarray = np.ndarray
_NUMBERS = frozenset({bool, int, float})
_scalar_dtypes: dict[Any, np.dtype[Any]] = {}
_scalars: dict[Any, Tensor] = {}
_SCALARS_LIMIT = 1000


def make(array: NDArray[Any]) -> Tensor:
    """A constant tensor that owns ``array``."""
    tensor = _new(Tensor)
    tensor._array, tensor._shape, tensor._dtype = array, array.shape, array.dtype
    return tensor


def leaf(shape: tuple[int, ...], dtype: np.dtype[Any], array: NDArray[Any] | None = None) -> Tensor:
    """What a derivative is taken with respect to, or an input of a function traced for compilation (no array)."""
    return _node(array, shape, dtype, None, (), ())


def record(op: Op, operands: tuple[Tensor, ...], statics: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Tensor:
    """A node of the graph without a value."""
    return _node(None, shape, dtype, op, operands, statics)


def leaf_of(x: Tensor) -> Tensor:
    """A leaf with the value of ``x``; where ``x`` belongs to an outer trace, an alias of it, so that both are kept."""
    return alias(x) if x._order else leaf(x.shape, x.dtype, x._array)


def _node(
    array: Any, shape: tuple[int, ...], dtype: np.dtype[Any], op: Op | None, operands: Any, statics: tuple[Any, ...]
) -> Tensor:
    tensor = _new(Traced)
    tensor._array, tensor._shape, tensor._dtype = array, shape, dtype
    tensor._op, tensor._operands, tensor._statics, tensor._order = op, operands, statics, _next_order()
    return tensor


@contextmanager
def tracing(within: bool = False) -> Iterator[bool]:
    """While a function is recorded; gives whether this is the outermost one. ``within`` says that it surely is not."""
    before = _depth.get()
    depth = before or int(within)
    try:
        _depth.set(depth + 1)  # in here, since Python may be interrupted as soon as it is set
        yield depth == 0
    finally:
        _depth.set(before)


def is_tracing() -> bool:
    """Whether some function is being recorded."""
    return _depth.get() > 0


def apply(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> Tensor:
    """Check the operands by the rules of ``op``, run its kernel if the values are known, record it if one is traced."""
    known = None
    if statics is op.defaults:  # constants of kinds that were seen together before take the short way
        if len(operands) == 2:
            x, y = operands
            if type(x) is Tensor is type(y):
                known = op.known.get((x._shape, x._dtype, y._shape, y._dtype))
                if known is not None:
                    array = op.kernel(x._array, y._array)
            elif type(x) is Tensor and type(y) in _NUMBERS:
                known = op.known.get((x._shape, x._dtype, type(y)))
                if known is not None:
                    array = op.kernel(x._array, _scalar(op, y, x._dtype)._array)
            elif type(y) is Tensor and type(x) in _NUMBERS:
                known = op.known.get((type(x), y._shape, y._dtype))
                if known is not None:
                    array = op.kernel(_scalar(op, x, y._dtype)._array, y._array)
        elif len(operands) == 1:
            (x,) = operands
            if type(x) is Tensor:
                known = op.known.get((x._shape, x._dtype))
                if known is not None:
                    array = op.kernel(x._array, *statics) if statics else op.kernel(x._array)
    if known is None:
        return _applied(op, operands, statics)
    if type(array) is not ndarray:
        array = np.asarray(array)
    tensor = _new(Tensor)
    tensor._array = array
    tensor._shape, tensor._dtype = known
    return tensor


def _applied(op: Op, given: tuple[Any, ...], statics: tuple[Any, ...]) -> Tensor:
    """As ``apply``, of any operands."""
    operands = given if _NUMBERS.isdisjoint(map(type, given)) else coerced(op, given, statics)
    try:
        found = inferred.get(signature(op, operands, statics))
    except (AttributeError, TypeError):  # no tensor among the operands
        found = None
    if found is None:
        operands = coerced(op, operands, statics)
        found = remembered(op, operands, statics)
    shape, dtype, traced = found
    arrays = [x._array for x in operands]
    array = None
    if not traced or all([array is not None for array in arrays]):
        array = op.kernel(*op.arguments(arrays, statics)) if op.sequence else op.kernel(*arrays, *statics)
        if type(array) is not ndarray:
            array = np.asarray(array)
    if traced:
        return _node(array, shape, dtype, op, operands, statics)
    shorten(op, given, operands, statics, (shape, dtype))
    tensor = _new(Tensor)
    tensor._array, tensor._shape, tensor._dtype = array, shape, dtype
    return tensor


def check(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The rules alone, for an operation that is composed of others; gives the operands as tensors."""
    try:
        if signature(op, operands, statics) in inferred:
            return operands
    except (AttributeError, TypeError):  # a number or None among the operands, a list among the parameters
        pass
    tensors = coerced(op, operands, statics)
    if any(x is None for x in tensors):
        shapes = [None if x is None else x.shape for x in tensors]
        apply_rules(op, shapes, [None if x is None else x.dtype.name for x in tensors], statics)
    else:
        infer(op, tensors, statics)
    return tensors


def coerced(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The operands as tensors; a Python number takes the dtype of the tensors it meets."""
    key = (op, *[x._dtype if isinstance(x, Tensor) else type(x) for x in operands])
    scalars = None if statics else _scalar_dtypes.get(key)
    if scalars is None:
        if all([isinstance(x, Tensor) for x in operands]):
            return operands
        names = [x.dtype.name if isinstance(x, Tensor) else _scalar_name(op, x) for x in operands]
        op.dtype(op.name, names, *statics)
        scalars = np.dtype(dtype_rules.of_scalars(names))
        if not statics:
            _scalar_dtypes[key] = scalars
    kept = (Tensor, type(None)) if op.optional else Tensor
    return tuple([x if isinstance(x, kept) else _scalar(op, x, scalars) for x in operands])  # type: ignore[misc]


def _scalar(op: Op, value: Any, dtype: np.dtype[Any]) -> Tensor:
    """A Python number as a tensor, which is kept: programs have few, and use them over and over."""
    key = type(value), value or repr(value), dtype  # 0.0 and -0.0 are equal
    found = _scalars.get(key)
    if found is None:
        if type(value) is int:
            dtype_rules.require_fit(op.name, value, dtype.name)
        if len(_scalars) >= _SCALARS_LIMIT:
            _scalars.clear()
        found = _scalars[key] = make(np.asarray(value, dtype))
    return found


def _scalar_name(op: Op, value: object) -> str | None:
    if value is None and op.optional:
        return None
    name = dtype_rules.scalar_name(value)
    if name is not None:
        return name
    refuse_operand(op.name, type(value).__name__, isinstance(value, (np.ndarray, np.generic)))


def from_numpy(array: NDArray[Any]) -> Tensor:
    """A tensor with the values, shape and dtype of a NumPy array (copied, so that later writes do not show).

    Shapes: the array's own.

    Raises:
        ShapeError: for a dtype that is not bool, integer or floating.

    >>> tl.from_numpy(np.zeros((2, 3))).shape
    (2, 3)
    """
    if not isinstance(array, (np.ndarray, np.generic)):
        got = type(array).__name__
        raise ShapeError("from_numpy", f"needs a NumPy array, got {got}", got=got, hint="use tl.tensor for lists")
    if isinstance(array, np.ma.MaskedArray):
        hint = "fill it first: array.filled(...)"
        raise ShapeError("from_numpy", "a masked array has no value where it is masked", got="MaskedArray", hint=hint)
    return make(np.array(array, _supported("from_numpy", array.dtype), order="C", subok=False))


def _supported(op: str, dtype: DTypeLike) -> np.dtype[Any]:
    """A dtype that a tensor can have, in the machine's byte order."""
    native = numpy_dtype(op, dtype)
    dtype_rules.converted(op, (), native.name)
    return native


def tensor(data: Any, dtype: DTypeLike = "float64") -> Tensor:
    """A tensor from a number or nested lists of numbers: float64, unless ``dtype`` says otherwise.

    Raises:
        ShapeError: for ragged lists and for anything but numbers; the message says where.

    >>> tl.tensor([[1, 2], [3, 4]])
    Tensor([[1., 2.],
            [3., 4.]], float64[2, 2])
    """
    wanted = _supported("tensor", dtype)
    _check_nested(data, (), wanted)
    return make(np.array(data, wanted))


def _check_nested(data: Any, path: tuple[int, ...], wanted: np.dtype[Any]) -> tuple[int, ...]:
    """The shape of nested lists of numbers, which must be regular and keep their values in the dtype that is wanted."""
    if isinstance(data, (np.ndarray, np.generic)):
        name = _supported("tensor", data.dtype).name
        kept = np.can_cast(data.dtype, wanted, "same_kind")
        if not kept or (wanted.kind in "iu" and not np.array_equal(data.astype(wanted), data)):
            raise ShapeError("tensor", f"{name} does not go into {wanted.name}", expected=wanted.name, got=name)
        return data.shape
    scalar = dtype_rules.scalar_name(data)
    if scalar is not None:
        dtype_rules.common("tensor", [wanted.name, scalar])
        dtype_rules.require_fit("tensor", data, wanted.name)
        return ()
    if not isinstance(data, (list, tuple)):
        shown = f" {data!r:.40}" if isinstance(data, (str, bytes, complex)) else ""
        raise dtype_rules.not_a_number("Tensor" if isinstance(data, Tensor) else type(data).__name__, path, shown)
    first: tuple[int, ...] = ()
    for i, item in enumerate(data):
        shape = _check_nested(item, (*path, i), wanted)
        if i == 0:
            first = shape
        elif shape != first:
            expected, got = show(first), show(shape)
            problem = f"ragged data: the item at index {[*path, i]} has shape {got}, the first has {expected}"
            raise ShapeError("tensor", problem, expected=expected, got=got, hint="make all rows equally long")
    return (len(data), *first)


@boundary
def allclose(a: Tensor, b: Tensor, rtol: float = 1e-7, atol: float = 0.0) -> bool:
    """Whether two tensors of one shape are equal within ``atol + rtol * abs(b)`` everywhere.

    Raises:
        ShapeError: where the shapes differ.

    >>> tl.allclose(tl.tensor([1.0]), tl.tensor([1.0 + 1e-12]))
    True
    """
    for x in (a, b):
        if not isinstance(x, Tensor):
            got = type(x).__name__
            raise ShapeError("allclose", f"needs two tensors, got {got}", expected="Tensor", got=got)
    if a.shape != b.shape:
        raise ShapeError("allclose", "shapes differ", operands=[("left", a.shape), ("right", b.shape)])
    return bool(np.allclose(a.numpy(), b.numpy(), rtol=rtol, atol=atol))


Evaluator.apply, Evaluator.check, Evaluator.constant = apply, check, make
