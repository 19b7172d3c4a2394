"""A dimension in normal form: a polynomial with integer coefficients over names and opaque floor divisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import gcd
from random import Random


@dataclass(frozen=True)
class FloorDiv:
    """``numerator // denominator`` where the division is not known to be exact: an atom like a name."""

    numerator: Dimension
    denominator: Dimension

    def __str__(self) -> str:
        return f"{_operand_text(self.numerator)}//{_operand_text(self.denominator)}"


Atom = str | FloorDiv
Monomial = tuple[Atom, ...]


def _atom_key(atom: Atom) -> tuple[int, str]:
    return (isinstance(atom, FloorDiv), str(atom))


class DimExpr:
    """A symbolic dimension: ``sum(coefficient * product of atoms)``; two equal dimensions are ``==`` and print alike.

    Arithmetic with ints and other dimensions stays in normal form and comes back as a plain ``int`` where the names
    cancel. ``//`` divides exactly where the divisor divides every term and is an opaque atom otherwise; it is Python's
    floor division for every integer value of the names.
    """

    __slots__ = ("__dict__", "terms")
    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        ordered = sorted(terms.items(), key=lambda item: (-len(item[0]), [_atom_key(a) for a in item[0]]))
        self.terms = tuple((monomial, coefficient) for monomial, coefficient in ordered if coefficient)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that occur, also inside floor divisions."""
        found: set[str] = set()
        for monomial, _ in self.terms:
            for atom in monomial:
                found |= {atom} if isinstance(atom, str) else names_of(atom.numerator) | names_of(atom.denominator)
        return frozenset(found)

    @property
    def name(self) -> str | None:
        """The name, where this dimension is a name alone."""
        match self.terms:
            case (((str(name),), 1),):
                return name
        return None

    @cached_property
    def _text(self) -> str:
        text = ""
        for monomial, coefficient in sorted(self.terms, key=lambda term: term[1] < 0):  # n-m rather than -m+n
            factors = [] if abs(coefficient) == 1 and monomial else [str(abs(coefficient))]
            sign = "-" if coefficient < 0 else "+" if text else ""
            # a floor division binds like a product, and a sign before the first term binds more tightly
            alone = len(monomial) + len(factors) == 1 and (text or not sign)
            factors += [str(a) if isinstance(a, str) or alone else f"({a})" for a in monomial]
            text += sign + "*".join(factors)
        return text

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, DimExpr) and self.terms == other.terms)

    def __hash__(self) -> int:
        return hash(self.terms)

    def __add__(self, other: Dimension) -> Dimension:
        if isinstance(other, Unknown):
            return other
        total = dict(self.terms)
        for monomial, coefficient in _terms(other):
            total[monomial] = total.get(monomial, 0) + coefficient
        return _normal(total)

    __radd__ = __add__

    def __neg__(self) -> Dimension:
        return _normal({monomial: -coefficient for monomial, coefficient in self.terms})

    def __sub__(self, other: Dimension) -> Dimension:
        return self + (-other)

    def __rsub__(self, other: Dimension) -> Dimension:
        return (-self) + other

    def __mul__(self, other: Dimension) -> Dimension:
        if isinstance(other, Unknown):
            return other
        product: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in _terms(other):
                monomial = tuple(sorted(left + right, key=_atom_key))
                product[monomial] = product.get(monomial, 0) + a * b
        return _normal(product)

    __rmul__ = __mul__

    def __floordiv__(self, other: Dimension) -> Dimension:
        return floor_divide(self, other)

    def __rfloordiv__(self, other: Dimension) -> Dimension:
        return floor_divide(other, self)


class Unknown:
    """A dimension of which nothing is known; every sum and product with it is unknown too."""

    __slots__ = ()

    def __str__(self) -> str:
        return "?"

    __repr__ = __str__

    def _absorb(self, other: Dimension = 0) -> Unknown:
        return self

    __neg__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = _absorb

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
Dimension = int | DimExpr | Unknown


@lru_cache(maxsize=8192)
def symbol(name: Atom) -> DimExpr:
    """The dimension that is this name (or this floor division)."""
    return DimExpr({(name,): 1})


def names_of(dim: Dimension) -> frozenset[str]:
    """The names in a dimension; an int and an unknown have none."""
    return dim.names if isinstance(dim, DimExpr) else frozenset()


def same(a: Dimension, b: Dimension) -> bool | None:
    """Whether two dimensions are equal for all sizes of their names: yes, no, or None where that is unknown.

    Different names are never assumed equal, so ``same(n, m)`` is a plain no. Between floor divisions, whose normal form
    is not complete, a no needs sizes for which the two differ: ``same(n//2 + (n+1)//2, n)`` is unknown.
    """
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if a == b:
        return True
    atoms = [atom for dim in (a, b) for monomial, _ in _terms(dim) for atom in monomial]
    divided = any(isinstance(atom, FloorDiv) for atom in atoms)
    return None if divided and not any(_samples(a - b)) else False


def _samples(dim: Dimension) -> Iterator[Dimension]:
    """The values at some sizes, small and large, the same at each run."""
    names, rng = sorted(names_of(dim)), Random(0)
    for largest in (3, 3, 3, 3, 10, 10, 10, 100, 100, 100_000, 100_000):
        with suppress(ZeroDivisionError):
            yield substitute(dim, {name: rng.randint(1, largest) for name in names})


def floor_divide(a: Dimension, b: Dimension) -> Dimension:
    """``a // b`` for all integers: exact where that can be seen, else an opaque atom. ``b`` equal to 0 is an error.

    >>> n, m = symbol("n"), symbol("m")
    >>> str(floor_divide(2 * n * m, 2 * m)), str(floor_divide(2 * n + 1, 2)), str(floor_divide(n + 1, 2))
    ('n', 'n', '(n+1)//2')
    """
    if isinstance(b, int) and b == 0:
        raise ZeroDivisionError("a dimension is divided by 0")
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    exact = divide_exactly(a, b)
    if exact is not None:
        return exact
    return _divide_by_int(a, b) if isinstance(b, int) else symbol(FloorDiv(a, b))


def _divide_by_int(a: Dimension, b: int) -> Dimension:
    """Take the multiples of ``b`` out, whatever the names: ``(2*n + m + 3)//2`` is ``n + 1 + (m + 1)//2``."""
    if b < 0:
        return _divide_by_int(-a, -b)
    whole = _normal({m: c // b for m, c in _terms(a)})
    rest = _normal({m: c % b for m, c in _terms(a)})
    if isinstance(rest, int):
        return whole + rest // b
    # (2*n + 1)//4 is n//2: what divides all names' coefficients divides the constant downwards
    common = gcd(b, *(c for m, c in _terms(rest) if m))
    rest = _normal({m: c // common for m, c in _terms(rest)})
    match _terms(rest):
        case (((FloorDiv(inner, int(divisor)),), 1),) if divisor > 0:
            return whole + floor_divide(inner, divisor * (b // common))
    return whole + symbol(FloorDiv(rest, b // common))


def divide_exactly(a: Dimension, b: Dimension) -> Dimension | None:
    """The quotient where ``b`` divides ``a`` for all sizes of the names, else None (polynomial long division)."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return UNKNOWN
    divisor = _terms(b)
    if not divisor:
        return None
    lead, lead_coefficient = divisor[0]
    rest: Dimension = a
    quotient: dict[Monomial, int] = {}
    while terms := _terms(rest):
        monomial, coefficient = terms[0]
        factor = _remove(monomial, lead)
        if factor is None or coefficient % lead_coefficient:
            return None
        quotient[factor] = coefficient // lead_coefficient
        rest = rest - _normal({factor: quotient[factor]}) * b
        if len(_terms(rest)) > 64:  # a division that only grows is not exact
            return None
    return _normal(quotient)


def substitute(dim: Dimension, values: Mapping[str, Dimension]) -> Dimension:
    """The dimension with every name replaced at once; a name without a value stays."""
    if not isinstance(dim, DimExpr) or dim.names.isdisjoint(values):
        return dim
    if dim.name is not None:
        return values[dim.name]
    total: Dimension = 0
    for monomial, coefficient in dim.terms:
        product: Dimension = coefficient
        for atom in monomial:
            if isinstance(atom, str):
                product = product * values.get(atom, symbol(atom))
            else:
                product = product * (substitute(atom.numerator, values) // substitute(atom.denominator, values))
        total = total + product
    return total


def solve(dim: Dimension, value: Dimension, unknowns: Iterable[str]) -> tuple[str, Dimension] | None:
    """Solve ``dim == value`` for the one name of ``unknowns`` in it, where a unique answer can be seen.

    >>> solve(2 * symbol("k") + 1, 7, {"k"})
    ('k', 3)
    """
    free = names_of(dim) & frozenset(unknowns)
    if len(free) != 1 or isinstance(value, Unknown):
        return None
    (name,) = free
    try:
        rest = substitute(dim, {name: 0})
        slope = substitute(dim, {name: 1}) - rest
    except ZeroDivisionError:  # the name is a divisor
        return None
    answer = divide_exactly(value - rest, slope) if slope * symbol(name) + rest == dim else None
    return None if answer is None else (name, answer)


def _terms(dim: Dimension) -> tuple[tuple[Monomial, int], ...]:
    if isinstance(dim, int):
        return (((), dim),) if dim else ()
    return dim.terms if isinstance(dim, DimExpr) else ()


def _normal(terms: Mapping[Monomial, int]) -> Dimension:
    dim = DimExpr(terms)
    if not dim.terms:
        return 0
    (monomial, coefficient), *more = dim.terms
    return coefficient if not more and not monomial else dim


def _remove(monomial: Monomial, factor: Monomial) -> Monomial | None:
    left = list(monomial)
    for atom in factor:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)


def _operand_text(dim: Dimension) -> str:
    bare = dim.name is not None if isinstance(dim, DimExpr) else isinstance(dim, int) and dim >= 0
    return str(dim) if bare else f"({dim})"
