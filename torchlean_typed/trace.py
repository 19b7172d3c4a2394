"""Applying an operation to tensors: run its kernel, record it while a derivative is taken, or both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops.conversion import alias
from torchlean_typed.ops.op import Evaluator, Op
from torchlean_typed.shapes import dtypes as dtype_rules
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

_next_order = itertools.count(1).__next__
_depth: ContextVar[int] = ContextVar("depth", default=0)
_names: dict[np.dtype[Any], str] = {}
_inferred: dict[Any, tuple[tuple[int, ...], np.dtype[Any]]] = {}
_INFERRED_LIMIT = 100_000


def make(array: NDArray[Any]) -> Tensor:
    """A constant tensor that owns ``array``."""
    tensor = object.__new__(Tensor)
    tensor._array, tensor.shape, tensor.dtype = array, array.shape, array.dtype
    tensor._op, tensor._operands, tensor._statics, tensor._order = None, (), (), 0
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
    tensor = object.__new__(Tensor)
    tensor._array, tensor.shape, tensor.dtype = array, shape, dtype
    tensor._op, tensor._operands, tensor._statics, tensor._order = op, operands, statics, _next_order()
    return tensor


def zeros_like(x: Tensor) -> Tensor:
    """Zeros in the shape and dtype of ``x``."""
    return make(np.zeros(x.shape, x.dtype))


def ones_like(x: Tensor) -> Tensor:
    """Ones in the shape and dtype of ``x``."""
    return make(np.ones(x.shape, x.dtype))


@contextmanager
def tracing() -> Iterator[bool]:
    """While a function is recorded; gives whether this is the outermost one."""
    depth = _depth.get()
    token = _depth.set(depth + 1)
    try:
        yield depth == 0
    finally:
        _depth.reset(token)


def is_tracing() -> bool:
    """Whether some function is being recorded."""
    return _depth.get() > 0


def apply(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> Tensor:
    """Check the operands by the rules of ``op``, run its kernel if the values are known, record it if one is traced."""
    tensors = _coerced(op, operands)
    shape, dtype = infer(op, tensors, statics)
    traced, known, arrays = False, True, []
    for tensor in tensors:
        traced = traced or tensor._order > 0
        known = known and tensor._array is not None
        arrays.append(tensor._array)
    array = None
    if known:
        array = op.kernel(arrays, *statics) if op.sequence else op.kernel(*arrays, *statics)  # type: ignore[misc]
        if type(array) is not np.ndarray:
            array = np.asarray(array)
    return _node(array, shape, dtype, op, tensors, statics) if traced else make(array)  # type: ignore[arg-type]


def infer(op: Op, tensors: tuple[Tensor, ...], statics: tuple[Any, ...]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and dtype of the result, by the rules; remembered for each signature.

    Raises:
        ShapeError: where the rules say so.
    """
    key = (op, statics, *[x.shape for x in tensors], *[x.dtype for x in tensors])
    try:
        return _inferred[key]
    except KeyError:
        pass
    except TypeError:  # a slice among the parameters is not hashable
        key = None  # type: ignore[assignment]
    result = _infer(op, [x.shape for x in tensors], [_name(x.dtype) for x in tensors], statics)
    if key is not None:
        if len(_inferred) >= _INFERRED_LIMIT:
            _inferred.clear()
        _inferred[key] = result
    return result


def _infer(op: Op, shapes: list[Any], names: list[Any], statics: tuple[Any, ...]) -> Any:
    shape = op.rule(op.name, shapes, *statics) if op.sequence else op.rule(op.name, *shapes, *statics)
    dtype = op.dtype(op.name, names, *statics)
    return shape, np.dtype(dtype)


def check(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> None:
    """The rules alone, for an operation that is composed of others."""
    if op.tensors:
        infer(op, _coerced(op, operands), statics)
    else:
        _infer(op, [], [], statics)


def _name(dtype: np.dtype[Any]) -> str:
    name = _names.get(dtype)
    if name is None:
        name = _names[dtype] = dtype.name
    return name


def _coerced(op: Op, operands: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The operands as tensors; a Python number takes the dtype of the tensors it meets."""
    if all(type(x) is Tensor for x in operands):
        return operands
    names = [_name(x.dtype) if isinstance(x, Tensor) else _scalar_name(op, x) for x in operands]
    weak = [name for name in names if name not in dtype_rules.WEAK]
    if op.dtype is dtype_rules.selection:
        weak = [name for name in names[1:] if name not in dtype_rules.WEAK]
        dtype_rules.common(op.name, names[1:])
    else:
        dtype_rules.common(op.name, names)
    common = np.dtype(weak[0]) if weak else np.dtype(dtype_rules.common(op.name, names))
    return tuple(x if isinstance(x, Tensor) else make(np.asarray(x, common)) for x in operands)


def _scalar_name(op: Op, value: object) -> str:
    if isinstance(value, bool):
        return dtype_rules.WEAK_BOOL
    if isinstance(value, int):
        return dtype_rules.WEAK_INT
    if isinstance(value, float):
        return dtype_rules.WEAK_FLOAT
    hint = "wrap it with tl.from_numpy" if isinstance(value, (np.ndarray, np.generic)) else "wrap it with tl.tensor"
    got = type(value).__name__
    raise ShapeError(op.name, f"needs tensors or Python numbers, got {got}", expected="Tensor", got=got, hint=hint)


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
    copied = np.array(array)
    if copied.dtype.kind not in "biuf" or copied.dtype.name == "longdouble":
        got = copied.dtype.name
        raise ShapeError("from_numpy", f"needs a bool, integer or floating dtype, got {got}", got=got)
    return make(np.ascontiguousarray(copied) if copied.ndim else copied)


def tensor(data: Any, dtype: DTypeLike = np.float64) -> Tensor:
    """A tensor from a number or nested lists of numbers: float64, unless ``dtype`` says otherwise.

    Raises:
        ShapeError: for ragged lists and for anything but numbers; the message says where.

    >>> tl.tensor([[1, 2], [3, 4]])
    Tensor([[1., 2.],
            [3., 4.]], float64[2, 2])
    """
    _check_nested(data, ())
    return make(np.array(data, dtype))


def _check_nested(data: Any, path: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of nested lists, which must be regular."""
    where = f"at index {list(path)}" if path else "at the top"
    if isinstance(data, (bool, int, float, np.generic)):
        return ()
    if isinstance(data, np.ndarray):
        return data.shape
    if not isinstance(data, (list, tuple)):
        got = type(data).__name__
        raise ShapeError("tensor", f"needs numbers, got {got} {data!r:.40} {where}", expected="a number", got=got)
    first: tuple[int, ...] = ()
    for i, item in enumerate(data):
        shape = _check_nested(item, (*path, i))
        if i == 0:
            first = shape
        elif shape != first:
            problem = f"ragged data: the item at index {[*path, i]} has shape {show(shape)}, the first has {show(first)}"
            raise ShapeError("tensor", problem, expected=show(first), got=show(shape), hint="make all rows equally long")
    return (len(data), *first)


def allclose(a: Tensor, b: Tensor, rtol: float = 1e-7, atol: float = 0.0) -> bool:
    """Whether two tensors of one shape are equal within ``atol + rtol * abs(b)`` everywhere.

    Raises:
        ShapeError: where the shapes differ.

    >>> tl.allclose(tl.tensor([1.0]), tl.tensor([1.0 + 1e-12]))
    True
    """
    if a.shape != b.shape:
        raise ShapeError("allclose", "shapes differ", operands=[("left", a.shape), ("right", b.shape)])
    return bool(np.allclose(a.numpy(), b.numpy(), rtol=rtol, atol=atol))


Evaluator.apply, Evaluator.check, Evaluator.constant = apply, check, make
