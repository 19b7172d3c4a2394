"""What a function asserts about its sizes: ``assert d % h == 0``, ``assert x.shape[0] == n``, ``tl.divides(h, d)``.

Sizes do not change, so a fact holds from the assertion to the end of the block that it stands in. A fact is a value for
a name: ``d`` is ``h*(d//h)`` where ``h`` divides ``d``, ``m`` is ``n`` where the two are equal, and ``*b`` is no axes
where a tensor of ``*b n`` has the rank 1. Where it is none, it is a dimension that is zero: after ``n*m == n*k``, ``m``
may be any size if ``n`` is 0, but ``n*m - n*k`` is 0. Facts are put in where sizes are read from the values of a
program; what is written into types has the name again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from mypy.nodes import Node

from torchlean_typed.shapes.bounds import at_least, has_division
from torchlean_typed.shapes.dim import (
    Dimension,
    DimExpr,
    FloorDiv,
    divide_exactly,
    floor_divide,
    names_of,
    solve,
    substitute,
    symbol,
)
from torchlean_typed.shapes.shape import Bindings, Shape, Variadic, substitute_shape

Region = tuple[int, int]  # the first and the last line
Value = TypeVar("Value")


@dataclass
class Asserted:
    """An expression that is true in some lines; a condition is read before it is known to be, and may never be."""

    node: Node  # kept, so that its identity stays its own
    region: Region
    condition: bool = False
    never: bool = False


@dataclass(frozen=True)
class Learnt:
    """What is known in some lines: values of names, and dimensions that are zero."""

    names: dict[str, Dimension | Shape] = field(default_factory=dict)
    zeros: list[DimExpr] = field(default_factory=list)

    def put_in(self, shape: Shape) -> Shape:
        """The shape with all that is known put in."""
        axes = substitute_shape(shape, self.names)
        return tuple(axis if isinstance(axis, Variadic) else self._reduced(axis) for axis in axes)

    def _reduced(self, size: Dimension) -> Dimension:
        for zero in self.zeros:
            size = _modulo(size, zero)
        return size


@dataclass
class Known:
    """What is known of the file that is being checked: where assertions hold, and what is learnt of them."""

    regions: dict[int, Asserted] = field(default_factory=dict)  # by the identity of the asserted expression
    learnt: dict[Region, Learnt] = field(default_factory=dict)


class Facts:
    """The facts that hold where the checker is."""

    files: ClassVar[dict[str, Known]] = {}
    active: ClassVar[Learnt | None] = None

    @classmethod
    def begin(cls, path: str, regions: dict[int, Asserted]) -> None:
        """Note where the assertions of a file hold."""
        cls.files.pop(path, None)
        if regions:
            cls.files[path] = Known(regions)

    @classmethod
    def at(cls, path: str | None, line: int) -> None:
        """Have the facts hold that hold in this line."""
        known = cls.files.get(path or "") if cls.files else None
        names: dict[str, Dimension | Shape] = {}
        holding = [one for (first, last), one in known.learnt.items() if first <= line <= last] if known else []
        for name, value in (item for one in holding for item in one.names.items()):
            # what was learnt later may say what an earlier value is
            names = {other: _put_in(old, {name: value}) for other, old in names.items()} | {name: value}
        zeros = (_put_in(zero, names) for one in holding for zero in one.zeros)
        cls.active = Learnt(names, [zero for zero in zeros if isinstance(zero, DimExpr)]) if holding else None

    @classmethod
    def asserted(cls, api: Any, node: object) -> Asserted | None:
        """Where an expression is known to be true; what is known there holds from now on. None for all others."""
        known = cls.files.get(getattr(api, "path", "")) if cls.files else None
        found = known.regions.get(id(node)) if known is not None else None
        if found is None:
            return None
        cls.at(api.path, found.region[0])
        return found

    @classmethod
    def is_never(cls, path: str, node: Node) -> bool:
        """Whether nobody comes where an expression would be true."""
        known = cls.files.get(path)
        found = known.regions.get(id(node)) if known is not None else None
        return found is not None and found.never

    @classmethod
    def learn(cls, api: Any, region: Region, name: str, value: Dimension | Shape) -> None:
        """Note that a name has a value; where that is negative, nobody comes there."""
        if isinstance(value, int) and value < 0:
            return
        cls.files[api.path].learnt.setdefault(region, Learnt()).names.setdefault(name, value)

    @classmethod
    def learn_zero(cls, api: Any, region: Region, zero: DimExpr) -> None:
        """Note that a dimension is zero."""
        cls.files[api.path].learnt.setdefault(region, Learnt()).zeros.append(zero)


def _put_in(value: Dimension | Shape, names: Bindings) -> Dimension | Shape:
    if isinstance(value, tuple):
        return substitute_shape(value, names)
    return value if has_division(value) else _size(value, names)


def _size(value: Dimension, names: Bindings) -> Dimension:
    (size,) = substitute_shape((value,), names)
    assert not isinstance(size, Variadic)
    return size


def divides(api: Any, node: object, divisor: Dimension, dividend: Dimension) -> None:
    """Learn from an assertion that one size divides another."""
    asserted = Facts.asserted(api, node)
    name = dividend.name if isinstance(dividend, DimExpr) else None
    if asserted is not None and name is not None and divisor != 0 and name not in names_of(divisor):
        Facts.learn(api, asserted.region, name, divisor * floor_divide(dividend, divisor))


def equal(api: Any, node: object, left: Dimension, right: Dimension) -> None:
    """Learn from an assertion that two sizes are the same."""
    asserted = Facts.asserted(api, node)
    if asserted is None:
        return
    left, right = applied(left), applied(right)  # of two shapes, what was learnt of the axes before
    for one, other in ((left, right), (right, left)):
        if isinstance(one, DimExpr) and one.name is not None and one.name not in names_of(other):
            Facts.learn(api, asserted.region, one.name, other)
            return
        for name in sorted(names_of(one) - names_of(other)):
            solved = solve(one, other, {name})
            if solved is not None and _counts(one, name):
                Facts.learn(api, asserted.region, *solved)
                return
    if isinstance(zero := left - right, DimExpr):
        Facts.learn_zero(api, asserted.region, zero)


def differ(left: object, right: object) -> bool:
    """Whether two sizes or shapes are never the same, whatever the sizes of the names in them."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        least, most = sorted((left, right), key=len)
        if any(isinstance(axis, Variadic) for axis in least):
            return False
        if any(isinstance(axis, Variadic) for axis in most):
            return len(least) < len(most) - 1
        return len(least) < len(most) or any(map(differ, left, right))
    if not isinstance(left, int | DimExpr) or not isinstance(right, int | DimExpr):
        return False
    difference = applied(left) - applied(right)
    return at_least(difference, 1) or at_least(-difference, 1)


def _counts(dim: Dimension, name: str) -> bool:
    """Whether a dimension in which the name is linear grows, or falls, with it, whatever the sizes of the others."""
    slope = substitute(dim, {name: 1}) - substitute(dim, {name: 0})
    return at_least(slope, 1) or at_least(-slope, 1)


def _modulo(dim: Dimension, zero: DimExpr) -> Dimension:
    """The dimension in terms that are below the first one of what is zero: as ``n*n - m`` is, ``3*n*n`` is ``3*m``."""
    first, coefficient = zero.terms[0]
    for monomial, count in dim.terms if isinstance(dim, DimExpr) else ():
        factor = divide_exactly(DimExpr({monomial: 1}), DimExpr({first: 1}))
        if factor is not None and count // coefficient:
            return _modulo(dim - count // coefficient * factor * zero, zero)
    return dim


def applied(value: Value) -> Value:
    """A size, a shape, or whatever has sizes in it, with what is known put in."""
    if not Facts.active:
        return value
    found: Any = value
    if isinstance(value, DimExpr):
        (found,) = Facts.active.put_in((value,))
    elif isinstance(value, tuple):
        parts = (Facts.active.put_in((one,)) if isinstance(one, Variadic) else (applied(one),) for one in value)
        found = tuple(one for part in parts for one in part)
    return found  # type: ignore[no-any-return]


def restored(shape: Shape) -> Shape:
    """A shape as it is written into a type: ``h*(d//h)`` is ``d`` again."""
    known = Facts.active
    if not known:
        return shape
    return tuple(_restored(axis, known.names) if isinstance(axis, DimExpr) else axis for axis in shape)


def _restored(dim: DimExpr, names: Bindings) -> Dimension:
    total: Dimension = dim
    for name, value in names.items():
        if isinstance(value, DimExpr) and isinstance(total, DimExpr) and _has_division_of(value, name):
            terms = [DimExpr({monomial: coefficient}) for monomial, coefficient in total.terms]
            total = 0
            for term in terms:
                rest = divide_exactly(term, value)
                total = total + (term if rest is None else rest * symbol(name))
    return total


def _has_division_of(value: DimExpr, name: str) -> bool:
    atoms = [atom for monomial, _ in value.terms for atom in monomial]
    return any(isinstance(atom, FloorDiv) and name in names_of(atom.numerator) for atom in atoms)
