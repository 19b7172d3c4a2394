"""Rows: exactly n tensors or packs, one for each coordinate of an output: the layout of every Jacobian."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from torchlean_typed.brackets import MYPY, Generic, Sequence
from torchlean_typed.checks.annotations import subscripted
from torchlean_typed.immutable import Immutable, fix
from torchlean_typed.ops import structure
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.shapes import packs as rules
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.tensor import Tensor

if MYPY:
    from typing_extensions import TypeVar

    N = TypeVar("N", default=Any, covariant=True)
    T = TypeVar("T", default=Any, covariant=True)
    Outer = TypeVar("Outer", default=Any, covariant=True)
elif TYPE_CHECKING:
    N = T = Outer = Any  # of a class that is not generic
else:
    from typing import TypeVar

    N, T, Outer = TypeVar("N"), TypeVar("T"), TypeVar("Outer")


class Rows(Immutable, Sequence[T], Generic[N, T, Outer]):
    """An immutable sequence of exactly n rows, row i for output coordinate i in row-major order.

    In annotations: ``Rows["10", Float64[Tensor, "64"]]``, ``Rows["10", TensorPack["32 64, 32"]]``. The rows are stored
    stacked; ``rows[i]`` is a view.

    >>> rows = tl.autograd.fn.jacrev(lambda x: 2.0 * x, tl.tensor([1.0, 5.0]))
    >>> rows[0]
    Tensor([2., 0.], float64[2])
    >>> rows.tensor.shape
    (2, 2)
    """

    __slots__ = ("outer_shape", "stacked")

    stacked: T
    outer_shape: tuple[int, ...]

    if not MYPY:

        def __class_getitem__(cls, given: Any) -> Any:
            """The annotation for texts of shapes; with type variables, the generic class."""
            return subscripted(cls, given, super().__class_getitem__)

    def __init__(self, stacked: T, outer_shape: tuple[int, ...]) -> None:
        """``stacked`` holds the rows along a leading axis; its n is the number of coordinates of ``outer_shape``."""
        for entry in stacked.tensors if isinstance(stacked, TensorPack) else (stacked,):
            if not isinstance(entry, Tensor):
                n, got = math.prod(outer_shape), type(entry).__name__
                problem = f"needs {n} rows along the leading axis, got {got}"
                raise ShapeError("Rows", problem, expected=f"[{n}, ...]", got=got)
            rules.stacked(entry.shape, outer_shape)
        fix(self, stacked=stacked, outer_shape=outer_shape)

    def __len__(self) -> int:
        return math.prod(self.outer_shape)

    def __getitem__(self, index: int) -> T:  # type: ignore[override]
        rules.row(len(self), index)
        if isinstance(self.stacked, TensorPack):
            entries = tuple(structure.getitem(x, index) for x in self.stacked.tensors)
            return make_pack(entries, self.stacked.kind.names)  # type: ignore[return-value]
        return structure.getitem(self.stacked, index)  # type: ignore[arg-type, return-value]

    def __iter__(self) -> Iterator[T]:
        return (self[i] for i in range(len(self)))

    @property
    def tensor(self) -> Tensor:
        """The whole Jacobian: the output's axes, then the input's. For rows that are tensors.

        Raises:
            ShapeError: for rows that are packs; use ``stacked``.
        """
        if not isinstance(self.stacked, Tensor):
            raise ShapeError("Rows.tensor", "the rows are packs", hint="use rows.stacked, a pack with a leading axis")
        return structure.reshape(self.stacked, (*self.outer_shape, *self.stacked.shape[1:]))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self.tensor.__array__(dtype, copy)

    def __reduce__(self) -> tuple[Any, ...]:
        return Rows, (self.stacked, self.outer_shape)

    def __repr__(self) -> str:
        if isinstance(self.stacked, TensorPack):
            row = ", ".join(show(x.shape[1:]) for x in self.stacked.tensors)
            return f"Rows({len(self)} packs of [{row}])"
        return f"Rows({self.stacked!r})"


_new = object.__new__
_set_stacked, _set_outer_shape = (Rows.__dict__[name].__set__ for name in ("stacked", "outer_shape"))


def make_rows(stacked: Any, outer_shape: tuple[int, ...]) -> Rows:
    """Rows of which the leading axis is known to be right."""
    rows: Rows = _new(Rows)
    _set_stacked(rows, stacked)
    _set_outer_shape(rows, outer_shape)
    return rows
