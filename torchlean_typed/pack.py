"""TensorPack: an ordered, named pack of tensors, such as a model's parameters, its gradient or a tangent."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Never

from torchlean_typed.brackets import MYPY, Generic
from torchlean_typed.checks.annotations import subscripted
from torchlean_typed.checks.boundary import boundary, refusal
from torchlean_typed.checks.words import advice, found
from torchlean_typed.immutable import Immutable
from torchlean_typed.ops import creation, elementwise, reduce, structure
from torchlean_typed.shapes import packs as rules
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import entry_index, same_packs
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", default=Any, covariant=True)
    Names = TypeVar("Names", default=Any, covariant=True)
else:
    from typing import TypeVar

    P, Names = TypeVar("P"), TypeVar("Names")


class TensorPack(Immutable, Generic[P, Names]):
    """An immutable sequence of tensors, each with its own shape. In annotations: ``TensorPack["32 64, 32"]``.

    Made by ``TensorPack.of(w, b)`` or ``TensorPack.named({"weight": w, "bias": b})``. Packs of the same shapes in the
    same order (and of the same names, where both were named) are added, subtracted and multiplied entry by entry.

    >>> w, b = TensorPack.of(tl.ones((2, 3)), tl.zeros(2)) * 2.0
    >>> w.shape, b.shape
    ((2, 3), (2,))
    """

    __slots__ = ("_names", "_signature", "tensors")
    __array_ufunc__ = None  # so that a number of NumPy's or a scalar Tensor on the left leaves the operator to us
    tensors: tuple[Tensor, ...]
    _names: tuple[str, ...]  # none, where the entries are named by their numbers
    _signature: int | None

    if not MYPY:

        def __class_getitem__(cls, given: Any) -> Any:
            """The annotation for texts of shapes; with type variables, the generic class."""
            return subscripted(cls, given, super().__class_getitem__)

    def __init__(self, *arguments: Never) -> None:
        raise TypeError("TensorPack() is not called directly: use TensorPack.of(w, b) or TensorPack.named({...})")

    @staticmethod
    def of(*tensors: Tensor) -> TensorPack:
        """A pack of these tensors, named by their numbers.

        Raises:
            ShapeError: for an entry that is not a tensor.

        >>> TensorPack.of(tl.zeros(2), tl.zeros(3)).shapes
        ((2,), (3,))
        """
        return make_pack(_checked("TensorPack.of", tensors), ())

    @staticmethod
    @boundary
    def named(entries: Mapping[str, Tensor] | Sequence[tuple[str, Tensor]]) -> TensorPack:
        """A pack of named tensors, in the order given.

        Raises:
            ShapeError: for a name that is no text or given twice, and for an entry that is not a tensor.

        >>> TensorPack.named({"weight": tl.zeros((2, 3)), "bias": tl.zeros(2)}).names
        ('weight', 'bias')
        """
        pairs = list(entries.items()) if isinstance(entries, Mapping) else [*entries]
        for index, pair in enumerate(pairs):
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                problem = f"entry {index} must be a name and a tensor, got {found(pair)}"
                raise ShapeError("TensorPack.named", problem, got=found(pair), hint='such as ("weight", w)')
            if not isinstance(pair[0], str):
                raise refusal("TensorPack.named", pair[0], str, f"the name of entry {index}")
        names = tuple(name for name, _ in pairs)
        for index, name in enumerate(names):
            if name in names[:index]:
                first = names.index(name)
                problem = f'entries {first} and {index} are both named "{name}"'
                raise ShapeError("TensorPack.named", problem, got=name, hint="give each entry a name of its own")
        return make_pack(_checked("TensorPack.named", tuple(tensor for _, tensor in pairs)), names)

    @staticmethod
    @boundary
    def unflatten(vector: Tensor, like: TensorPack[P, Names]) -> TensorPack[P, Names]:
        """A pack with the shapes of ``like`` from one vector: the inverse of ``flatten``.

        Raises:
            ShapeError: for a vector of another length.

        >>> pack = TensorPack.of(tl.ones((2, 3)), tl.zeros(2))
        >>> TensorPack.unflatten(pack.flatten(), like=pack).shapes
        ((2, 3), (2,))
        """
        rules.unflatten(vector.shape, like.kind)
        parts, start = [], 0
        for tensor in like.tensors:
            part = structure.getitem(vector, slice(start, start + tensor.size))
            parts.append(structure.reshape(part, tensor.shape))
            start += tensor.size
        return like._with(parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The entries' names, in order."""
        return self._names or tuple(map(str, range(len(self.tensors))))

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The entries' shapes, in order."""
        return tuple(tensor.shape for tensor in self.tensors)

    @property
    def kind(self) -> PackKind:
        """Shapes and names, for the rules."""
        return PackKind(self.shapes, self._names)

    @property
    def signature(self) -> int | None:
        """A number that packs of the same shapes, dtypes and names share; None where an entry is being recorded."""
        known = self._signature
        if known is None and not any([x._order for x in self.tensors]):
            facts = (*[x._shape for x in self.tensors], *[x._dtype for x in self.tensors], self._names)
            known = _signatures.get(facts)
            if known is None:
                if len(_signatures) >= _SIGNATURE_LIMIT:
                    _signatures.clear()  # numbers are never given twice
                known = _signatures.setdefault(facts, _next_signature())
            _set_signature(self, known)
        return known

    def __len__(self) -> int:
        return len(self.tensors)

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self.tensors)

    def __getitem__(self, key: int | str) -> Tensor:
        if isinstance(key, slice):  # a tuple, as the pack is one to type checkers
            return self.tensors[key]
        return self.tensors[entry_index(PackKind(self.shapes, self.names), key)]

    def __repr__(self) -> str:
        entries = ", ".join(
            f"{name}: {tensor.dtype.name}{show(tensor.shape)}"
            for name, tensor in zip(self.names, self.tensors, strict=True)
        )
        return f"TensorPack({entries})"

    @boundary
    def map(self, function: Callable[[Tensor], Tensor]) -> TensorPack:
        """The function applied to each entry; the names stay.

        >>> TensorPack.of(tl.ones(2)).map(tl.negative)[0]
        Tensor([-1., -1.], float64[2])
        """
        return self._with(_checked("map", tuple(function(tensor) for tensor in self.tensors)))

    def zeros_like(self) -> TensorPack[P, Names]:
        """Zeros in the shapes and dtypes of the entries.

        >>> TensorPack.of(tl.ones(2)).zeros_like()[0]
        Tensor([0., 0.], float64[2])
        """
        return self._with([creation.zeros_like(tensor) for tensor in self.tensors])

    def dot(self, other: TensorPack) -> Tensor:
        """The sum of the products of all corresponding elements, a scalar; 0 for packs without entries.

        >>> TensorPack.of(tl.ones(2)).dot(TensorPack.of(tl.ones(2)))
        Tensor(2., float64[])
        """
        self._check_same("dot", other)
        parts = [reduce.sum(a * b) for a, b in zip(self.tensors, other.tensors, strict=True)]
        return functools.reduce(elementwise.add, parts) if parts else creation.zeros(())

    def norm(self) -> Tensor:
        """The Euclidean norm over all elements, a scalar.

        >>> TensorPack.of(tl.tensor([3.0]), tl.tensor([4.0])).norm()
        Tensor(5., float64[])
        """
        return elementwise.sqrt(self.dot(self))

    def flatten(self) -> Tensor:
        """All elements as one vector, entry after entry, each in row-major order; without entries, of length 0.

        >>> TensorPack.of(tl.ones((1, 2)), tl.zeros(1)).flatten()
        Tensor([1., 1., 0.], float64[3])
        """
        if not self.tensors:
            return creation.zeros(0)
        return structure.concat([structure.flatten(tensor) for tensor in self.tensors])

    def __add__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("add", elementwise.add, other)

    def __sub__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("subtract", elementwise.subtract, other)

    def __mul__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("multiply", elementwise.multiply, other)

    def __truediv__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("divide", elementwise.divide, other)

    def __neg__(self) -> TensorPack[P, Names]:
        return self._with([-tensor for tensor in self.tensors])

    def __radd__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("add", lambda a, b: elementwise.add(b, a), other)

    def __rsub__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("subtract", lambda a, b: elementwise.subtract(b, a), other)

    def __rmul__(self, other: TensorPack | float | Tensor) -> TensorPack[P, Names]:
        return self._combine("multiply", lambda a, b: elementwise.multiply(b, a), other)

    def _combine(self, op: str, function: Callable[[Any, Any], Tensor], other: Any) -> TensorPack[P, Names]:
        if isinstance(other, TensorPack):
            self._check_same(op, other)
            return self._with([function(a, b) for a, b in zip(self.tensors, other.tensors, strict=True)])
        if isinstance(other, Tensor):
            rules.combine(op, other.shape)
        if isinstance(other, bool) or not isinstance(other, (int, float, Tensor)):
            rules.refuse(op, type(other).__name__)
        return self._with([function(tensor, other) for tensor in self.tensors])

    def _check_same(self, op: str, other: TensorPack) -> None:
        if not isinstance(other, TensorPack):
            got = type(other).__name__
            raise ShapeError(op, f"needs a TensorPack, got {got}", expected="TensorPack", got=got)
        if self.shapes != other.shapes or (self._names and other._names and self._names != other._names):
            same_packs(op, self.kind, other.kind)

    def _with(self, tensors: Sequence[Tensor]) -> TensorPack[P, Names]:
        return make_pack(tuple(tensors), self._names)

    def __reduce__(self) -> tuple[Any, ...]:
        return make_pack, (self.tensors, self._names)


_signatures: dict[Hashable, int] = {}
_SIGNATURE_LIMIT = 10_000
_next_signature = itertools.count(1).__next__
_new = object.__new__
_set_tensors, _set_names, _set_signature = (
    TensorPack.__dict__[name].__set__ for name in ("tensors", "_names", "_signature")
)


def make_pack(tensors: tuple[Tensor, ...], names: tuple[str, ...]) -> TensorPack:
    """A pack of tensors that are known to be right; without names, their numbers are."""
    pack: TensorPack = _new(TensorPack)
    _set_tensors(pack, tensors)
    _set_names(pack, names)
    _set_signature(pack, None)
    return pack


def _checked(op: str, tensors: tuple[Any, ...]) -> tuple[Tensor, ...]:
    for index, tensor in enumerate(tensors):
        if not isinstance(tensor, Tensor):
            raise refusal(op, tensor, Tensor, f"entry {index}", advice(tensor, Tensor))
    return tensors
