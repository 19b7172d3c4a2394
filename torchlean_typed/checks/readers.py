"""Readers of annotated values: what the check of a value depends on, and what it says about the names of a call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from torchlean_typed.checks.words import a, advice, found
from torchlean_typed.shapes.arguments import check_dtype, match_loss, match_model, match_pack
from torchlean_typed.shapes.class_names import sorted_names
from torchlean_typed.shapes.dim import Dimension, names_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.models import same_packs
from torchlean_typed.shapes.shape import Shape, shape_names
from torchlean_typed.shapes.unify import Unifier
from torchlean_typed.tensor import Tensor

Names = frozenset[str]


@dataclass(eq=False)
class Statements:
    """What the values of one call have said so far: equations over names, and the packs of type variables."""

    unifier: Unifier
    packs: dict[Any, tuple[PackKind, str]] = field(default_factory=dict)

    def resumed(self, op: str) -> Statements:
        """A copy, to be added to on its own."""
        return Statements(self.unifier.resumed(op), dict(self.packs))


class Reader(ABC):
    """Reads the values of one annotation. ``whole`` says that nothing of it is left for beartype to check."""

    whole: bool

    @property
    def wanted(self) -> type[Any] | None:
        """The class that the values must be of, where it is one."""
        return None

    @abstractmethod
    def names(self) -> Names:
        """The flexible names in the annotation."""

    def written(self) -> list[str]:
        """The names that are sizes of an object with a field of this annotation, in the order they are written in."""
        return []

    @abstractmethod
    def takes(self, value: Any) -> bool:
        """Whether the value is of the right type altogether."""

    @abstractmethod
    def facts(self, value: Any) -> Any:
        """All of the value that its check depends on, to be recognised by; it is hashable."""

    @abstractmethod
    def state(self, to: Statements, value: Any, place: str) -> None:
        """Say what the value says; a ShapeError for one that cannot be right whatever the names are."""


def wrong_type(op: str, value: object, expected: str, place: str, hint: str | None = None) -> ShapeError:
    """The error for a value of another type altogether."""
    got = found(value)
    return ShapeError(op, f"{place} must be {expected}, got {got}", expected=expected, got=got, hint=hint)


@dataclass(frozen=True)
class ArrayReader(Reader):
    """``Float64[Tensor, "b 3"]``. Without ``dtypes`` any dtype will do, or jaxtyping and beartype check it."""

    array: type[Any]
    shape: Shape
    dtypes: tuple[str, ...] | None
    dtype_name: str
    whole: bool

    @property
    def wanted(self) -> type[Any]:
        return self.array

    def names(self) -> Names:
        return shape_names(self.shape)

    def written(self) -> list[str]:
        return sorted_names(self.shape)

    def takes(self, value: Any) -> bool:
        return isinstance(value, self.array) and (self.dtypes is None or value.dtype.name in self.dtypes)

    def facts(self, value: Any) -> Any:
        return (value.shape, value.dtype) if isinstance(value, self.array) else type(value)

    def state(self, to: Statements, value: Any, place: str) -> None:
        op = to.unifier.op
        if not isinstance(value, self.array):
            raise wrong_type(op, value, a(self.array.__name__), place, advice(value, self.array))
        if self.dtypes is not None:
            check_dtype(op, self.dtype_name, self.dtypes, value.dtype.name, place)
        to.unifier.match(self.shape, tuple(value.shape), place)


@dataclass(frozen=True)
class DimReader(Reader):
    """``Dim["n"]``."""

    dim: Dimension
    whole: bool = True

    @property
    def wanted(self) -> type[Any]:
        return int

    def names(self) -> Names:
        return names_of(self.dim)

    def written(self) -> list[str]:
        return sorted(names_of(self.dim))

    def takes(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def facts(self, value: Any) -> Any:
        return value if type(value) is int else (type(value), repr(value))

    def state(self, to: Statements, value: Any, place: str) -> None:
        if not self.takes(value):
            hint = "convert it with int(...)" if isinstance(value, np.integer) else None
            raise wrong_type(to.unifier.op, value, "an int", place, hint)
        to.unifier.dimension(self.dim, int(value), place)


@dataclass(frozen=True)
class KindReader(Reader):
    """What is known of the value is its ``kind``."""

    base: type[Any]

    @property
    def wanted(self) -> type[Any]:
        return self.base

    def takes(self, value: Any) -> bool:
        return isinstance(value, self.base)

    def facts(self, value: Any) -> Any:
        # models and losses are immutable, and known by being the same one
        return (value.kind if isinstance(value.kind, PackKind) else value) if self.takes(value) else type(value)

    def state(self, to: Statements, value: Any, place: str) -> None:
        if not self.takes(value):
            raise wrong_type(to.unifier.op, value, a(self.base.__name__), place, advice(value, self.base))
        self.state_kind(to, value, place)

    @abstractmethod
    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        """Say what a value of the right type says."""


@dataclass(frozen=True)
class PackReader(KindReader):
    """``TensorPack["32 64, 32"]`` and ``Params[model]``."""

    pack: PackKind
    whole: bool = True

    def names(self) -> Names:
        return union(*map(shape_names, self.pack.shapes))

    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        match_pack(to.unifier, self.pack, value.kind, place)


@dataclass(frozen=True)
class ModelReader(KindReader):
    """``Seq["*b 64", "*b 10"]``, with the parameters or without."""

    model: ModelKind
    params: bool
    whole: bool = True

    def names(self) -> Names:
        names = union(*map(shape_names, (self.model.input, self.model.output, *self.model.params.shapes)))
        return frozenset(name for name in names if not name.startswith("*"))  # batch axes are the model's own

    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        match_model(to.unifier, self.model, value.kind, place, self.params)


@dataclass(frozen=True)
class LossReader(KindReader):
    """``OutputLoss["b 10", "b 10"]``."""

    loss: LossKind
    whole: bool = True

    def names(self) -> Names:
        return shape_names(self.loss.output) | shape_names(self.loss.target)

    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        match_loss(to.unifier, self.loss, value.kind, place)


@dataclass(frozen=True)
class RowsReader(KindReader):
    """``Rows["10", Float64[Tensor, "64"]]``."""

    count: Dimension
    row: Reader | None
    whole: bool

    def names(self) -> Names:
        return names_of(self.count) | (self.row.names() if self.row else frozenset())

    def facts(self, value: Any) -> Any:
        if not self.takes(value):
            return type(value)
        stacked = value.stacked
        return len(value), (stacked.shape, stacked.dtype) if isinstance(stacked, Tensor) else stacked.kind

    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        to.unifier.dimension(self.count, len(value), f"the number of rows of {place}")
        if self.row is not None and len(value):
            self.row.state(to, value[0], f"a row of {place}")


@dataclass(frozen=True)
class VariableReader(KindReader):
    """``TensorPack[P]``, ``Seq[I, O, P]``: one pack, and one model's parameters, for one type variable."""

    variable: Any
    model: ModelKind | None = None  # of one whose input and output are of type variables too
    whole: bool = True

    def names(self) -> Names:
        return frozenset()

    def state_kind(self, to: Statements, value: Any, place: str) -> None:
        kind = value.kind
        if self.model is not None:
            match_model(to.unifier, self.model, kind, place, params=False)
        where = f"the parameter pack of {place}" if isinstance(kind, ModelKind) else place
        pack = kind.params if isinstance(kind, ModelKind) else kind
        first, owner = to.packs.setdefault(self.variable, (pack, where))
        same_packs(to.unifier.op, first, pack, where, owner)


def union(*names: Names) -> Names:
    """All names of several."""
    return frozenset(name for some in names for name in some)
