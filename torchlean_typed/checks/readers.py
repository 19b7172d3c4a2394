"""Readers of annotated values: what the check of a value depends on, and what it says about the names of a call."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from torchlean_typed.checks.words import a, found
from torchlean_typed.shapes.arguments import check_dtype, match_loss, match_model, match_pack
from torchlean_typed.shapes.dim import Dimension, names_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.models import same_packs
from torchlean_typed.shapes.shape import Shape, shape_names
from torchlean_typed.shapes.unify import Unifier
from torchlean_typed.tensor import Tensor


@dataclass(eq=False)
class Statements:
    """What the values of one call have said so far: equations over names, and the packs of type variables."""

    unifier: Unifier
    packs: dict[Any, tuple[PackKind, str]] = field(default_factory=dict)

    def resumed(self, op: str) -> Statements:
        """A copy, to be added to on its own."""
        return Statements(self.unifier.resumed(op), dict(self.packs))


class Reader(Protocol):
    """Reads the values of one annotation. ``whole`` says that nothing of it is left for beartype to check."""

    whole: bool
    names: frozenset[str]

    def facts(self, value: Any) -> Hashable:
        """All of the value that its check depends on, to be recognised by."""

    def takes(self, value: Any) -> bool:
        """Whether the value is of the right type altogether."""

    def state(self, to: Statements, value: Any, place: str) -> None:
        """Say what the value says; a ShapeError for one that cannot be right whatever the names are."""


def wrong_type(op: str, value: object, expected: str, place: str, hint: str | None = None) -> ShapeError:
    """The error for a value of another type altogether."""
    got = found(value)
    return ShapeError(op, f"{place} must be {expected}, got {got}", expected=expected, got=got, hint=hint)


@dataclass(frozen=True)
class ArrayReader:
    """``Float64[Tensor, "b 3"]``. Without ``dtypes``, jaxtyping and beartype check the dtype."""

    array: type
    shape: Shape
    dtypes: tuple[str, ...] | None
    dtype_name: str
    whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names in the shape."""
        return shape_names(self.shape)

    def facts(self, value: Any) -> Hashable:
        """Shape and dtype."""
        return (value.shape, value.dtype) if isinstance(value, self.array) else type(value)

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.array) and (self.dtypes is None or value.dtype.name in self.dtypes)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """The shape found is the one written."""
        from torchlean_typed.checks.boundary import advice

        op = to.unifier.op
        if not isinstance(value, self.array):
            raise wrong_type(op, value, a(self.array.__name__), place, advice(value, self.array))
        if self.dtypes is not None:
            check_dtype(op, self.dtype_name, self.dtypes, value.dtype.name, place)
        to.unifier.match(self.shape, tuple(value.shape), place)


@dataclass(frozen=True)
class DimReader:
    """``Dim["n"]``."""

    dim: Dimension
    whole: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names in the dimension."""
        return names_of(self.dim)

    def facts(self, value: Any) -> Hashable:
        """The int."""
        return value if type(value) is int else (type(value), repr(value))

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, int) and not isinstance(value, bool)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """The int is the size written."""
        if not isinstance(value, int) or isinstance(value, bool):
            hint = "convert it with int(...)" if isinstance(value, np.integer) else None
            raise wrong_type(to.unifier.op, value, "an int", place, hint)
        to.unifier.dimension(self.dim, int(value), place)


@dataclass(frozen=True)
class PackReader:
    """``TensorPack["32 64, 32"]`` and ``Params[model]``."""

    base: type
    pack: PackKind
    whole: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names in all shapes."""
        return frozenset().union(*map(shape_names, self.pack.shapes))

    def facts(self, value: Any) -> Hashable:
        """Shapes and names."""
        return value.kind if isinstance(value, self.base) else type(value)

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """Each entry has the shape written."""
        if not isinstance(value, self.base):
            raise _wrong_kind(to, value, self.base, place)
        match_pack(to.unifier, self.pack, value.kind, place)


@dataclass(frozen=True)
class ModelReader:
    """``Seq["*b 64", "*b 10"]``, with the parameters or without."""

    base: type
    model: ModelKind
    params: bool
    whole: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names of single dimensions: batch axes are the model's own."""
        shapes = (self.model.input, self.model.output, *self.model.params.shapes)
        names = frozenset().union(*map(shape_names, shapes))
        return frozenset(name for name in names if not name.startswith("*"))

    def facts(self, value: Any) -> Hashable:
        """The model: it is immutable."""
        return value if isinstance(value, self.base) else type(value)

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """It takes, gives and has what is written."""
        if not isinstance(value, self.base):
            raise _wrong_kind(to, value, self.base, place)
        match_model(to.unifier, self.model, value.kind, place, self.params)


@dataclass(frozen=True)
class LossReader:
    """``OutputLoss["b 10", "b 10"]``."""

    base: type
    loss: LossKind
    whole: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names in both shapes."""
        return shape_names(self.loss.output) | shape_names(self.loss.target)

    def facts(self, value: Any) -> Hashable:
        """The loss: it is immutable."""
        return value if isinstance(value, self.base) else type(value)

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """It takes what is written."""
        if not isinstance(value, self.base):
            raise _wrong_kind(to, value, self.base, place)
        match_loss(to.unifier, self.loss, value.kind, place)


@dataclass(frozen=True)
class RowsReader:
    """``Rows["10", Float64[Tensor, "64"]]``."""

    base: type
    count: Dimension
    row: Reader | None
    whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names in the number of rows and in a row."""
        return names_of(self.count) | (self.row.names if self.row else frozenset())

    def facts(self, value: Any) -> Hashable:
        """The number of rows, and one row's shapes and dtypes."""
        if not isinstance(value, self.base):
            return type(value)
        stacked: Any = value.stacked  # type: ignore[attr-defined]
        return (len(value), (stacked.shape, stacked.dtype) if isinstance(stacked, Tensor) else stacked.kind)  # type: ignore[arg-type]

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """There are as many rows as written, and each is what is written."""
        if not isinstance(value, self.base):
            raise _wrong_kind(to, value, self.base, place)
        rows: Any = value
        to.unifier.dimension(self.count, len(rows), f"the number of rows of {place}")
        if self.row is not None and len(rows):
            self.row.state(to, rows[0], f"a row of {place}")


@dataclass(frozen=True)
class VariableReader:
    """``TensorPack[P]``, ``Seq[I, O, P]``: one pack, and one model's parameters, for one type variable."""

    base: type
    variable: Any
    whole: bool = True
    names: frozenset[str] = frozenset()

    def facts(self, value: Any) -> Hashable:
        """The pack, or the model."""
        if not isinstance(value, self.base):
            return type(value)
        kind = value.kind  # type: ignore[attr-defined]
        return kind.params if isinstance(kind, ModelKind) else kind  # type: ignore[no-any-return]

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """The pack has the shapes that the type variable stood for before."""
        if not isinstance(value, self.base):
            raise _wrong_kind(to, value, self.base, place)
        kind = value.kind  # type: ignore[attr-defined]
        where = f"the parameters of {place}" if isinstance(kind, ModelKind) else place
        pack = kind.params if isinstance(kind, ModelKind) else kind
        first, owner = to.packs.setdefault(self.variable, (pack, where))
        same_packs(to.unifier.op, first, pack, where, owner)


@dataclass(frozen=True)
class TupleReader:
    """``tuple[A, B]``; ``items`` has one reader a place, None where there is nothing to read."""

    items: tuple[Reader | None, ...]
    whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names in all items."""
        return frozenset().union(*(item.names for item in self.items if item))

    def facts(self, value: Any) -> Hashable:
        """The facts of each item."""
        if not isinstance(value, tuple) or len(value) != len(self.items):
            return (type(value), len(value) if isinstance(value, tuple) else 0)
        return tuple([None if r is None else r.facts(item) for r, item in zip(self.items, value, strict=True)])

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, tuple) and len(value) == len(self.items)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """Each item says what it says."""
        if not isinstance(value, tuple):
            raise wrong_type(to.unifier.op, value, f"a tuple of {len(self.items)}", place)
        if len(value) != len(self.items):
            problem = f"{place} has {len(value)} items, expected {len(self.items)}"
            raise ShapeError(to.unifier.op, problem, expected=len(self.items), got=len(value))
        for index, (reader, item) in enumerate(zip(self.items, value, strict=True)):
            if reader is not None:
                reader.state(to, item, f"item {index} of {place}")


@dataclass(frozen=True)
class ItemsReader:
    """``list[A]``, ``tuple[A, ...]``, ``dict[str, A]``: every item is read."""

    base: type
    item: Reader
    whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names in an item."""
        return self.item.names

    def facts(self, value: Any) -> Hashable:
        """The facts of each item."""
        if not isinstance(value, self.base):
            return type(value)
        if isinstance(value, Mapping):
            return tuple([(key, self.item.facts(item)) for key, item in value.items()])
        return tuple([self.item.facts(item) for item in value]) if isinstance(value, Sequence) else None

    def takes(self, value: Any) -> bool:
        """Whether it is one."""
        return isinstance(value, self.base)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """Each item says what it says."""
        if not isinstance(value, self.base):
            raise wrong_type(to.unifier.op, value, a(self.base.__name__), place)
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, Sequence) else ()
        for key, item in pairs:
            self.item.state(to, item, f"item {key!r} of {place}")


@dataclass(frozen=True)
class UnionReader:
    """``A | B``: the first that the value can be; None, and what has no shapes, is beartype's where it may be meant."""

    alternatives: tuple[Reader, ...]
    optional: bool
    whole: bool

    @property
    def names(self) -> frozenset[str]:
        """The names in all alternatives."""
        return frozenset().union(*(reader.names for reader in self.alternatives))

    def facts(self, value: Any) -> Hashable:
        """The facts for each alternative."""
        return None if value is None else tuple([reader.facts(value) for reader in self.alternatives])

    def takes(self, value: Any) -> bool:
        """Whether an alternative takes it."""
        return (value is None and self.optional) or any(reader.takes(value) for reader in self.alternatives)

    def state(self, to: Statements, value: Any, place: str) -> None:
        """The value says what it says to the first alternative that it fits."""
        meant = [reader for reader in self.alternatives if reader.takes(value)]
        if (value is None and self.optional) or not (meant or self.whole):
            return
        candidates = meant or self.alternatives
        for reader in candidates[: len(candidates) - 1]:
            attempt = to.resumed(to.unifier.op)
            try:
                reader.state(attempt, value, place)
                attempt.unifier.solve()
            except ShapeError:
                continue
            reader.state(to, value, place)
            return
        candidates[-1].state(to, value, place)


def _wrong_kind(to: Statements, value: object, base: type, place: str) -> ShapeError:
    from torchlean_typed.checks.boundary import advice

    return wrong_type(to.unifier.op, value, a(base.__name__), place, advice(value, base))
