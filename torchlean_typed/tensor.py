"""Tensor: an immutable array whose shape is part of its type, and, while a derivative is taken, a node of the graph."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Never

import numpy as np

from torchlean_typed.ops import arrays, elementwise, linalg, neural, numpy_calls, reduce, structure
from torchlean_typed.ops.op import Evaluator, Op, record_of
from torchlean_typed.shapes import scalars
from torchlean_typed.shapes.errors import TracingError, show

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray
    from typing_extensions import TypeVar, TypeVarTuple, Unpack

    from torchlean_typed._checker import AnyTensor

    DT = TypeVar("DT", default=Any, covariant=True)
    Shape = TypeVarTuple("Shape", default=Unpack[tuple[Any, ...]])
    Operand = "Tensor | float"
else:
    from typing import TypeVar, TypeVarTuple, Unpack

    DT, Shape = TypeVar("DT"), TypeVarTuple("Shape")
    AnyTensor = object


class Tensor(Generic[DT, *Shape], AnyTensor):
    """An immutable n-dimensional array. Made by ``tl.tensor``, ``tl.from_numpy``, ``tl.zeros`` and the like.

    In annotations: ``Float64[Tensor, "b 3"]``, jaxtyping's own. Equality is element by element; ``tl.allclose``
    compares values.

    >>> tl.tensor([[1.0, 2.0]]) @ tl.tensor([[3.0], [4.0]])
    Tensor([[11.]], float64[1, 1])
    """

    __slots__ = ("_array", "_dtype", "_shape")
    __array_ufunc__, __array_function__ = numpy_calls.array_ufunc, numpy_calls.array_function

    _shape: tuple[int, ...]
    _dtype: np.dtype[Any]
    _array: NDArray[Any] | None  # None while a function is traced for compilation

    # While a derivative is taken a tensor is a node too, a `Traced`: `_order` is above 0, and `_op` made it from
    # `_operands`, or it is a leaf (`_op` is None).
    _op: Op | None = None
    _operands: tuple[Tensor, ...] = ()
    _statics: tuple[Any, ...] = ()
    _order: int = 0

    def __init__(self, *arguments: Never) -> None:
        raise TypeError("Tensor() is not called directly: use tl.tensor(nested_list) or tl.from_numpy(array)")

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""
        return self._shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The kind of the elements."""
        return self._dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self._shape)

    def __len__(self) -> int:
        scalars.length(self.shape)
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (structure.getitem(self, i) for i in range(len(self)))

    def numpy(self) -> NDArray[Any]:
        """The values as a NumPy array that cannot be written to.

        Raises:
            TracingError: while the function is traced for compilation.
        """
        if self._array is None:
            raise TracingError(
                f"the value of a tensor of shape {show(self.shape)} was asked for while the function that makes it is "
                "traced for compilation, where only shapes are known; run it in eager mode: `with tl.eager(): ...`"
            )
        view = self._array.view()
        view.flags.writeable = False
        return view

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        values = self.numpy()
        if dtype is not None and np.dtype(dtype) != values.dtype:
            return values.astype(dtype)
        return values.copy() if copy else values

    def item(self) -> float | int | bool:
        """The one element, as a Python number."""
        if self.size != 1:
            scalars.item(self.shape)
        return self.numpy().item()  # type: ignore[no-any-return]

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        if self.size != 1:
            scalars.truth(self.shape)
        return bool(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __repr__(self) -> str:
        described = f"{self.dtype.name}[{', '.join(map(str, self.shape))}]"
        if self._array is None:
            return f"Tensor(traced, {described})"
        return f"Tensor({np.array2string(self._array, separator=', ', prefix='Tensor(', threshold=100)}, {described})"

    def __hash__(self) -> int:
        return id(self)

    def __copy__(self) -> Tensor:
        return self

    def __deepcopy__(self, memo: object) -> Tensor:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        from torchlean_typed.trace import from_numpy

        return from_numpy, (self.numpy().copy(),)

    @property
    def T(self) -> Tensor:
        """A matrix transposed."""
        return structure.transpose(self)

    @property
    def mT(self) -> Tensor:
        """The last two axes exchanged."""
        return structure.matrix_transpose(self)

    __add__ = elementwise.add
    __sub__ = elementwise.subtract
    __mul__ = elementwise.multiply
    __truediv__ = elementwise.divide
    __pow__ = elementwise.pow
    __neg__ = elementwise.negative
    __abs__ = elementwise.abs
    __matmul__ = linalg.matmul
    __getitem__ = structure.getitem
    __lt__ = elementwise.less
    __le__ = elementwise.less_equal
    __gt__ = elementwise.greater
    __ge__ = elementwise.greater_equal
    __and__ = elementwise.logical_and
    __or__ = elementwise.logical_or
    __invert__ = elementwise.logical_not

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        return elementwise.equal(self, other)  # type: ignore[arg-type]

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
        return elementwise.not_equal(self, other)  # type: ignore[arg-type]

    def __radd__(self, other: float) -> Tensor:
        return elementwise.add(other, self)

    def __rsub__(self, other: float) -> Tensor:
        return elementwise.subtract(other, self)

    def __rmul__(self, other: float) -> Tensor:
        return elementwise.multiply(other, self)

    def __rtruediv__(self, other: float) -> Tensor:
        return elementwise.divide(other, self)

    def __rpow__(self, other: float) -> Tensor:
        return elementwise.pow(other, self)

    def __rmatmul__(self, other: Never) -> Tensor:  # Never: mypy asks a union of tensors at the right no sooner
        return linalg.matmul(other, self)

    # every function of the table whose first argument is a tensor `x` is a method too
    add = elementwise.add
    subtract = elementwise.subtract
    multiply = elementwise.multiply
    divide = elementwise.divide
    pow = elementwise.pow
    maximum = elementwise.maximum
    minimum = elementwise.minimum
    negative = elementwise.negative
    abs = elementwise.abs
    sign = elementwise.sign
    reciprocal = elementwise.reciprocal
    square = elementwise.square
    sqrt = elementwise.sqrt
    exp = elementwise.exp
    expm1 = elementwise.expm1
    log = elementwise.log
    log1p = elementwise.log1p
    safe_log = elementwise.safe_log
    sin = elementwise.sin
    cos = elementwise.cos
    tanh = elementwise.tanh
    sigmoid = elementwise.sigmoid
    relu = elementwise.relu
    gelu = elementwise.gelu
    softplus = elementwise.softplus
    clip = elementwise.clip
    equal = elementwise.equal
    not_equal = elementwise.not_equal
    less = elementwise.less
    less_equal = elementwise.less_equal
    greater = elementwise.greater
    greater_equal = elementwise.greater_equal
    logical_and = elementwise.logical_and
    logical_or = elementwise.logical_or
    logical_not = elementwise.logical_not
    astype = elementwise.astype
    detach = elementwise.detach
    sum = reduce.sum
    mean = reduce.mean
    max = reduce.max
    min = reduce.min
    logsumexp = reduce.logsumexp
    softmax = neural.softmax
    log_softmax = neural.log_softmax
    layer_norm = neural.layer_norm
    matmul = linalg.matmul
    reshape = structure.reshape
    flatten = structure.flatten
    permute_dims = structure.permute_dims
    swapaxes = structure.swapaxes
    matrix_transpose = structure.matrix_transpose
    expand_dims = structure.expand_dims
    squeeze = structure.squeeze
    broadcast_to = structure.broadcast_to
    prod = arrays.prod
    var = arrays.var
    std = arrays.std
    argmax = arrays.argmax
    argmin = arrays.argmin
    cumulative_sum = arrays.cumulative_sum
    moveaxis = arrays.moveaxis
    split = arrays.split
    flip = arrays.flip
    roll = arrays.roll
    pad = arrays.pad
    tril = arrays.tril
    triu = arrays.triu
    take = arrays.take
    take_along_axis = arrays.take_along_axis
    scatter_add = arrays.scatter_add
    diagonal = arrays.diagonal
    trace = arrays.trace
    conv1d = arrays.conv1d
    conv2d = arrays.conv2d
    conv_transpose2d = arrays.conv_transpose2d
    max_pool2d = arrays.max_pool2d
    avg_pool2d = arrays.avg_pool2d
    batch_norm = arrays.batch_norm
    batch_norm_training = arrays.batch_norm_training
    cholesky = arrays.cholesky
    logdet = arrays.logdet


def _operator(function: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """The operator that is this function, which leaves what is no operand, such as a pack, to do the work itself."""
    record = record_of(function)

    @functools.wraps(function)
    def run(self: Tensor, other: Any) -> Any:
        if not isinstance(other, _OPERANDS) and getattr(other, "__array_ufunc__", run) is None:
            return NotImplemented  # as NumPy has it
        return Evaluator.apply(record, (self, other), record.defaults)

    return run


_OPERANDS = (Tensor, float, int)
for _name in ("__add__", "__sub__", "__mul__", "__truediv__", "__pow__"):
    setattr(Tensor, _name, _operator(getattr(Tensor, _name)))
