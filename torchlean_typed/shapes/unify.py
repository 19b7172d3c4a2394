"""Matching formal shapes against actual ones: solving for names, and the conflict that explains itself.

A name that starts with ``?`` is *flexible*: it may be bound. Every other name is rigid: it stands for one size that is
not known here. ``flexible`` makes a signature's names flexible, so that caller and callee may use the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from torchlean_typed.shapes.dim import Dimension, DimExpr, names_of, same, solve, substitute, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import Axis, Bindings, Shape, Variadic, shape_names, substitute_shape


def is_flexible(name: str) -> bool:
    """Whether unification may bind this name (``?n`` or ``*?batch``)."""
    return name.lstrip("*").startswith("?")


def flexible(shape: Shape, tag: str = "", keep: frozenset[str] = frozenset()) -> Shape:
    """The shape with each name ``n`` made flexible, ``?n``; with a tag, apart from other signatures' names.

    Names in ``keep`` (``n``, ``*batch``) stay as they are.
    """
    return substitute_shape(shape, {name: _flexible_value(name, tag) for name in shape_names(shape) - keep})


def _flexible_value(name: str, tag: str) -> Dimension | Shape:
    bare = name.lstrip("*?")
    return (Variadic(f"?{bare}{tag}"),) if name.startswith("*") else symbol(f"?{bare}{tag}")


def plain(text: object) -> str:
    """A text of flexible names as the user wrote them."""
    return str(text).replace("?", "")


@dataclass(frozen=True)
class _Statement:
    """The shape that was found at a place, and the formal as it was written."""

    written: Shape
    found: Shape
    place: str


@dataclass(frozen=True)
class _Equation:
    """One size, of the shape that was ``stated``, in the bound ``variadic`` where it lies in one."""

    formal: Dimension
    actual: Dimension
    place: str
    stated: _Statement | None = None
    variadic: str | None = None


class Unifier:
    """Collects ``formal == actual`` in any order, then solves.

    >>> unifier = Unifier("f")
    >>> unifier.match((symbol("?n") + 1,), (5,), 'argument 1 ("x")')
    >>> unifier.match((symbol("?n"),), (4,), 'argument 2 ("y")')
    >>> unifier.solve()["?n"]
    4
    """

    def __init__(self, op: str) -> None:
        self.op = op
        self.bindings: dict[str, Dimension | Shape] = {}
        self._equations: list[_Equation] = []
        self._places: dict[str, str] = {}

    def match(self, formal: Shape, actual: Shape, place: str) -> None:
        """State that ``actual``, the shape found at ``place``, fits ``formal``.

        Raises:
            ShapeError: where the ranks cannot fit.
        """
        spread = {name: value for name, value in self.bindings.items() if isinstance(value, tuple)}
        found = substitute_shape(actual, spread)
        self._match(substitute_shape(formal, spread), found, _Statement(formal, found, place))

    def resumed(self, op: str) -> Unifier:
        """A unifier that knows what this one has found, for what is checked later on its own."""
        other = Unifier(op)
        other.bindings, other._places = dict(self.bindings), dict(self._places)
        return other

    def dimension(self, formal: Dimension, actual: Dimension, place: str) -> None:
        """State that the size ``actual``, found at ``place``, is ``formal``."""
        self._equations.append(_Equation(formal, actual, place))

    def solve(self) -> Bindings:
        """Solve all that was stated, in whatever order it can be; what cannot be solved yet waits for the next time.

        Raises:
            ShapeError: for a conflict; the message names the two places that disagree.
        """
        waiting, self._equations = self._equations, []
        progress = True
        while waiting and progress:
            progress = False
            # a name alone is bound first, so that a conflict is told in terms of the arguments that fix it
            waiting.sort(key=lambda equation: not _is_name(equation.formal))
            for equation in list(waiting):
                if self._settle(equation):
                    waiting.remove(equation)
                    progress = True
        self._equations = waiting
        return self.bindings

    @property
    def unsolved(self) -> list[str]:
        """The dimensions of which it is not known yet what their names are."""
        return [plain(equation.formal) for equation in self._equations]

    def _match(self, formal: Shape, actual: Shape, stated: _Statement) -> None:
        f, a = _variadic_index(formal), _variadic_index(actual)
        if f is None and a is None:
            if len(formal) != len(actual):
                self._rank_conflict(formal, actual, stated)
            self._pairs(formal, actual, stated)
        elif f is not None and (a is None or not _is_flexible_axis(actual[a])):
            before, after = f, len(formal) - f - 1
            fits = len(actual) - (0 if a is None else 1) >= before + after
            if a is not None and actual[a] != Variadic(None):
                fits = before <= a and after <= len(actual) - a - 1
            if not fits:
                if a is not None and actual[a] == Variadic(None):
                    return
                self._rank_conflict(formal, actual, stated)
            if a is not None and not (before <= a and after <= len(actual) - a - 1):
                return  # an anonymous variadic of unknown length: nothing can be paired
            middle = actual[before : len(actual) - after]
            self._pairs(formal[:before], actual[:before], stated)
            self._pairs(formal[f + 1 :], actual[len(actual) - after :], stated)
            self._bind_variadic(formal[f], middle, formal, actual, stated)
        elif a is not None and _is_flexible_axis(actual[a]):
            self._match_reversed(formal, actual, stated, a)
        elif actual[a or 0] == Variadic(None):
            assert a is not None
            if len(actual) - 1 > len(formal):
                self._rank_conflict(formal, actual, stated)
            tail = len(actual) - a - 1
            self._pairs(formal[:a], actual[:a], stated)
            self._pairs(formal[len(formal) - tail :], actual[a + 1 :], stated)
        else:
            self._rank_conflict(formal, actual, stated)

    def _match_reversed(self, formal: Shape, actual: Shape, stated: _Statement, a: int) -> None:
        """Bind the actual's own flexible variadic (a layer's batch axes) to what the formal has in its place."""
        f = _variadic_index(formal)
        before, after = a, len(actual) - a - 1
        if f is not None and not (before <= f and after <= len(formal) - f - 1):
            if f <= before and len(formal) - f - 1 <= after:
                middle = actual[f : len(actual) - (len(formal) - f - 1)]
                self._pairs(formal[:f], actual[:f], stated)
                self._pairs(formal[f + 1 :], actual[f + len(middle) :], stated)
                self._bind_variadic(formal[f], middle, formal, actual, stated)
                return
            raise Undetermined(f"{self.op}: {show(formal)} against {show(actual)} has more than one solution")
        if len(formal) - (f is not None) < before + after:
            self._rank_conflict(formal, actual, stated)
        self._pairs(formal[:before], actual[:before], stated)
        self._pairs(formal[len(formal) - after :], actual[a + 1 :], stated)
        variadic, middle = actual[a], formal[before : len(formal) - after]
        assert isinstance(variadic, Variadic)
        if middle != (variadic,):
            self._bind(variadic.key, middle, stated.place)

    def _bind_variadic(self, axis: Axis, middle: Shape, formal: Shape, actual: Shape, stated: _Statement) -> None:
        assert isinstance(axis, Variadic)
        if axis.name is None or (axis,) == middle:
            return
        if not is_flexible(axis.key):
            if any(part == Variadic(None) for part in middle):
                return
            self._rank_conflict(formal, actual, stated)
        self._bind(axis.key, middle, stated.place)

    def _pairs(self, formal: Shape, actual: Shape, stated: _Statement) -> None:
        written = stated.written
        bound = next((axis.key for axis in written if isinstance(axis, Variadic) and axis.key in self.bindings), None)
        inside: set[int] = set()
        if bound is not None:
            spread = self.bindings[bound]
            start = _variadic_index(written) or 0
            inside = set(range(start, start + len(spread))) if isinstance(spread, tuple) else set()
        for index, (f, a) in enumerate(zip(formal, actual, strict=True)):
            if isinstance(f, Variadic) or isinstance(a, Variadic):
                if f != a and Variadic(None) not in (f, a):
                    self._rank_conflict(formal, actual, stated)
                continue
            variadic = bound if index in inside else None
            self._equations.append(_Equation(f, a, stated.place, stated, variadic))

    def _bind(self, name: str, value: Dimension | Shape, place: str) -> None:
        one: Bindings = {name: value}
        dims = {name: value} if not isinstance(value, tuple) else {}
        for other, old in self.bindings.items():
            self.bindings[other] = substitute_shape(old, one) if isinstance(old, tuple) else substitute(old, dims)
        self.bindings[name] = value
        self._places[name] = place

    def _settle(self, equation: _Equation) -> bool:
        """Use one equation, if it can be used now: bind a name, find it true, or find the conflict."""
        dims = {name: value for name, value in self.bindings.items() if not isinstance(value, tuple)}
        formal, actual = substitute(equation.formal, dims), substitute(equation.actual, dims)
        if same(formal, actual) is not False:
            return True
        for left, right in ((formal, actual), (actual, formal)):
            name = left.name if isinstance(left, DimExpr) else None
            if name is not None and is_flexible(name) and name not in names_of(right):
                self._bind(name, right, equation.place)
                return True
        free = {name for name in names_of(formal) | names_of(actual) if is_flexible(name)}
        if not free:
            self._conflict(equation, formal, actual)
        for left, right in ((formal, actual), (actual, formal)):
            solved = solve(left, right, free - names_of(right))
            if solved is not None and not (isinstance(solved[1], int) and solved[1] < 0):
                self._bind(*solved, equation.place)
                return True
            if isinstance(right, int) and names_of(left) <= free and _has_no_solution(left, right):
                raise ShapeError(
                    self.op,
                    f'dimension "{plain(left)}" of {equation.place} is {right}, which no {plain(min(free))} gives',
                    expected=plain(left),
                    got=str(right),
                )
        return False

    def _conflict(self, equation: _Equation, formal: Dimension, actual: Dimension) -> NoReturn:
        place, got, expected = equation.place, plain(actual), plain(formal)
        if equation.variadic is not None and equation.stated is not None:
            self._variadic_conflict(equation.variadic, equation.stated)
        if names_of(equation.formal) and (sources := self._sources(equation.formal)):
            name = next(iter(sources))
            if _is_name(equation.formal):
                text = f'dimension "{plain(equation.formal)}" is {expected} in {sources[name]} but {got} in {place}'
            else:
                because = " and ".join(f"{plain(n)} is {plain(self.bindings[n])} in {w}" for n, w in sources.items())
                text = f'dimension "{plain(equation.formal)}" of {place} is {got}, expected {expected}, as {because}'
        elif equation.stated is not None:
            expected, got = plain(show(equation.stated.written)), plain(show(equation.stated.found))
            text = f"{place} has shape {got}, expected {expected}"
        else:
            text = f"{place} is {got}, expected {expected}"
        raise ShapeError(self.op, text, expected=expected, got=got)

    def _variadic_conflict(self, variadic: str, stated: _Statement) -> NoReturn:
        where = self._places.get(variadic, "an earlier argument")
        expected, got = plain(show(self.bindings[variadic])), plain(show(_middle(stated)))
        text = f'"{plain(variadic)}" is {expected} in {where} but {got} in {stated.place}'
        raise ShapeError(self.op, text, expected=expected, got=got)

    def _sources(self, dim: Dimension) -> dict[str, str]:
        return {name: self._places[name] for name in sorted(names_of(dim)) if name in self._places}

    def _rank_conflict(self, formal: Shape, actual: Shape, stated: _Statement) -> NoReturn:
        bound = next((axis.key for axis in stated.written if isinstance(axis, Variadic)), None)
        if bound in self._places and len(stated.found) >= len(stated.written) - 1:
            self._variadic_conflict(bound, stated)
        written = plain(show(stated.written))
        expected = written if formal == stated.written else f"{written} = {plain(show(formal))}"
        got = plain(show(actual))
        raise ShapeError(self.op, f"{stated.place} has shape {got}, expected {expected}", expected=expected, got=got)


def check_shape(op: str, formal: Shape, actual: Shape, place: str) -> None:
    """Check one shape against one formal whose names are all rigid or flexible as they are.

    Raises:
        ShapeError: where they differ.
    """
    unifier = Unifier(op)
    unifier.match(formal, actual, place)
    unifier.solve()


def _variadic_index(shape: Iterable[Axis]) -> int | None:
    return next((index for index, axis in enumerate(shape) if isinstance(axis, Variadic)), None)


def _middle(stated: _Statement) -> Shape:
    """What was found in the place of the formal's variadic."""
    start = _variadic_index(stated.written) or 0
    return stated.found[start : len(stated.found) - (len(stated.written) - start - 1)]


def _is_flexible_axis(axis: Axis) -> bool:
    return isinstance(axis, Variadic) and axis.name is not None and is_flexible(axis.key)


def _is_name(dim: Dimension) -> bool:
    return isinstance(dim, DimExpr) and dim.name is not None


def _has_no_solution(dim: Dimension, value: int) -> bool:
    """Whether no size of the one name in a linear dimension gives the value: ``2*k`` is never 7."""
    free = names_of(dim)
    if len(free) != 1:
        return False
    (name,) = free
    at_zero, at_one = substitute(dim, {name: 0}), substitute(dim, {name: 1})
    linear = isinstance(at_zero, int) and isinstance(at_one, int) and dim == (at_one - at_zero) * symbol(name) + at_zero
    if not linear or not isinstance(at_zero, int) or not isinstance(at_one, int) or at_one == at_zero:
        return False
    return (value - at_zero) % (at_one - at_zero) != 0 or (value - at_zero) // (at_one - at_zero) < 0
