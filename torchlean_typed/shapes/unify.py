"""Matching formal shapes against actual ones: solving for names, and the conflict that explains itself.

A name that starts with ``?`` is *flexible*: it may be bound. Every other name is rigid: it stands for one size that is
not known here. ``flexible`` makes a signature's names flexible, so that caller and callee may use the same names.
"""

from __future__ import annotations

from functools import lru_cache

from torchlean_typed.shapes.bounds import has_division
from torchlean_typed.shapes.conflicts import (
    Equation,
    Statement,
    is_name,
    no_size,
    rank_conflict,
    size_conflict,
    variadic_index,
)
from torchlean_typed.shapes.conflicts import plain as plain
from torchlean_typed.shapes.dim import (
    Dimension,
    DimExpr,
    divide_exactly,
    names_of,
    same,
    solve,
    substitute,
    symbol,
)
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import Axis, Bindings, Shape, Variadic, shape_names, substitute_shape


def is_flexible(name: str) -> bool:
    """Whether unification may bind this name (``?n`` or ``*?batch``)."""
    return name.lstrip("*").startswith("?")


def flexible_name(name: str) -> str:
    """``?n`` of ``n``, ``*?batch`` of ``*batch``: the name that unification may bind."""
    return f"*?{name[1:]}" if name.startswith("*") else f"?{name}"


@lru_cache(maxsize=8192)
def flexible(shape: Shape, tag: str = "", keep: frozenset[str] = frozenset()) -> Shape:
    """The shape with each name ``n`` made flexible, ``?n``; with a tag, apart from other signatures' names.

    Names in ``keep`` (``n``, ``*batch``) stay as they are.
    """
    return substitute_shape(shape, {name: _flexible_value(name, tag) for name in shape_names(shape) - keep})


def _flexible_value(name: str, tag: str) -> Dimension | Shape:
    bare = name.lstrip("*?")
    return (Variadic(f"?{bare}{tag}"),) if name.startswith("*") else symbol(f"?{bare}{tag}")


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
        self._equations: list[Equation] = []
        self._places: dict[str, str] = {}
        self._stated: dict[str, Statement | None] = {}  # the whole shapes that stand there
        self._given: Bindings = {}

    def given(self, values: Bindings) -> None:
        """Fix names from outside, before anything is stated; they are shown as what they are given as."""
        self._given = {**self._given, **values}

    def with_given(self, formal: Shape) -> Shape:
        """The shape with the names that were fixed from outside."""
        return substitute_shape(formal, self._given)

    def match(self, formal: Shape, actual: Shape, place: str) -> None:
        """State that ``actual``, the shape found at ``place``, fits ``formal``.

        Raises:
            ShapeError: where the ranks cannot fit.
        """
        formal = self.with_given(formal)
        spread = {name: value for name, value in self.bindings.items() if isinstance(value, tuple)}
        found = substitute_shape(actual, spread)
        self._match(substitute_shape(formal, spread), found, Statement(formal, found, place))

    def learn(self, values: Bindings, place: str) -> None:
        """Take over names that were found elsewhere."""
        for name, value in values.items():
            self._bind(name, value, place)

    @property
    def sizes(self) -> dict[str, Dimension | Shape]:
        """All names that are known, given or found, as they are."""
        return {**self._given, **self.bindings}

    def resumed(self, op: str) -> Unifier:
        """A unifier that knows what this one has found, for what is checked later on its own."""
        other = Unifier(op)
        other.given(self._given)
        other.bindings, other._equations = dict(self.bindings), list(self._equations)
        of = "" if op == self.op else f" of {self.op}"
        other._stated = dict(self._stated)
        other._places = {name: f"{place}{of}" for name, place in self._places.items()}
        return other

    def dimension(self, formal: Dimension, actual: Dimension, place: str) -> None:
        """State that the size ``actual``, found at ``place``, is ``formal``."""
        (dim,) = self.with_given((formal,))
        assert not isinstance(dim, Variadic)
        self._equations.append(Equation(dim, actual, place))

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
            waiting.sort(key=lambda equation: not is_name(equation.formal))
            for equation in list(waiting):
                if self._settle(equation):
                    waiting.remove(equation)
                    progress = True
        self._equations = waiting
        self._compare_waiting()
        return self.bindings

    def _compare_waiting(self) -> None:
        """One dimension has one size, also where its names cannot be told: ``n*m`` here is ``n*m`` there."""
        first: dict[Dimension, Equation] = {}
        for equation in self._equations:
            formal, actual = self._solved(equation.formal, equation), self._solved(equation.actual, equation)
            known = first.setdefault(formal, equation)
            expected = self._solved(known.actual, known)
            if isinstance(actual, int) and isinstance(expected, int) and actual != expected:
                text = f'dimension "{plain(formal)}" is {expected} in {known.place} but {actual} in {equation.place}'
                raise ShapeError(self.op, text, expected=expected, got=actual)

    @property
    def unsolved(self) -> dict[str, Dimension]:
        """The dimensions of which it is not known yet what their names are, with their sizes."""
        return {plain(equation.formal): equation.actual for equation in self._equations}

    def _match(self, formal: Shape, actual: Shape, stated: Statement) -> None:
        """Pair the axes before and after the variadic of one side with the other's, and let it take what is between."""
        f, a = variadic_index(formal), variadic_index(actual)
        if f is None and a is None and len(formal) == len(actual):
            self._pair(formal, actual, stated)
            return
        sides = [(formal, actual), (actual, formal)]
        if a is not None and _is_flexible_axis(actual[a]):
            sides.reverse()  # a layer's batch axes take what the formal has in their place
        around = [_ends_around(outer, inner) for outer, inner in sides]
        for (outer, inner), ends in zip(sides, around, strict=True):
            if ends is None:
                continue
            head, tail = ends
            variadic, middle = outer[head], inner[head : len(inner) - tail]
            assert isinstance(variadic, Variadic)
            bindable = _is_flexible_axis(variadic) and middle != (variadic,)
            if bindable or variadic.name is None or middle == (variadic,) or Variadic(None) in middle:
                self._pair(formal[:head], actual[:head], stated)
                self._pair(formal[len(formal) - tail :], actual[len(actual) - tail :], stated, len(formal) - tail)
                if bindable:
                    self._bind(variadic.key, middle, stated.place)
                return
        if f is not None and a is not None and around == [None, None]:
            if Variadic(None) in (formal[f], actual[a]):
                return  # which axes stand in one place depends on how many it stands for
            if _is_flexible_axis(actual[a]):
                raise Undetermined(f"{self.op}: {show(formal)} against {show(actual)} has more than one solution")
            if _is_flexible_axis(formal[f]) and len(formal) <= len(actual):
                which = f"which axes of {show(actual)} are those of {show(formal).replace('?', '')}"
                raise Undetermined(f"{self.op}: {which} depends on {actual[a]}")
        raise rank_conflict(self.op, formal, stated, self.bindings, self._places)

    def _pair(self, formal: Shape, actual: Shape, stated: Statement, start: int = 0) -> None:
        """State that dimensions are equal, one by one; the first is number ``start`` of the formal."""
        first = variadic_index(stated.written)
        name = str(stated.written[first]) if first is not None else None
        spread = self.bindings.get(name or "")
        inside = range(first, first + len(spread)) if first is not None and isinstance(spread, tuple) else range(0)
        for index, (f, a) in enumerate(zip(formal, actual, strict=True), start):
            assert not isinstance(f, Variadic) and not isinstance(a, Variadic)
            variadic = name if index in inside else None
            self._equations.append(Equation(f, a, stated.place, stated, variadic))

    def _bind(self, name: str, value: Dimension | Shape, place: str, stated: Statement | None = None) -> None:
        one: Bindings = {name: value}
        dims = {name: value} if not isinstance(value, tuple) else {}
        for other, old in self.bindings.items():
            self.bindings[other] = substitute_shape(old, one) if isinstance(old, tuple) else substitute(old, dims)
        self.bindings[name] = value
        self._places[name] = place
        self._stated[name] = stated

    def _settle(self, equation: Equation) -> bool:
        """Use one equation, if it can be used now: bind a name, find it true, or find the conflict."""
        formal, actual = self._solved(equation.formal, equation), self._solved(equation.actual, equation)
        if same(formal, actual) is not False:
            return True
        for left, right in ((formal, actual), (actual, formal)):
            name = left.name if isinstance(left, DimExpr) else None
            if name is not None and is_flexible(name) and name not in names_of(right):
                self._bind(name, right, equation.place, equation.stated)
                return True
        free = {name for name in names_of(formal) | names_of(actual) if is_flexible(name)}
        if not free:
            shapes = {name: stated.named for name, stated in self._stated.items() if stated is not None}
            raise size_conflict(self.op, equation, formal, actual, self.bindings, self._places, shapes)
        for left, right in ((formal, actual), (actual, formal)):
            solved = solve(left, right, free - names_of(right))
            if solved is not None and not (isinstance(solved[1], int) and solved[1] < 0):
                self._bind(*solved, equation.place, equation.stated)
                return True
            if not names_of(right) & free and _has_no_solution(left, right, free):
                raise no_size(self.op, equation, right, min(names_of(left) & free), self.bindings, self._places)
        return False

    def _solved(self, dim: Dimension, equation: Equation) -> Dimension:
        """A dimension of the equation, as far as its names are known."""
        dims = {name: value for name, value in self.bindings.items() if not isinstance(value, tuple)}
        try:
            return substitute(dim, dims)
        except ZeroDivisionError:
            raise ShapeError(self.op, f'dimension "{plain(dim)}" of {equation.place} divides by 0') from None


def require_possible(op: str, shape: Shape, values: Bindings) -> None:
    """Of a result's shape no size is negative with the sizes of its names.

    Raises:
        ShapeError: where one is.
    """
    for axis in shape:
        (size, *_) = (*substitute_shape((axis,), values), 0)
        if isinstance(size, int) and size < 0 and not isinstance(axis, int):
            because = " and ".join(f"{plain(name)} is {plain(values[name])}" for name in sorted(shape_names((axis,))))
            text = f'dimension "{plain(axis)}" of the result is {size}, as {because}'
            raise ShapeError(op, text, expected="0 or more", got=size)


def check_shape(op: str, formal: Shape, actual: Shape, place: str) -> None:
    """Check one shape against one formal whose names are all rigid or flexible as they are.

    Raises:
        ShapeError: where they differ.
    """
    unifier = Unifier(op)
    unifier.match(formal, actual, place)
    unifier.solve()


def _ends_around(outer: Shape, inner: Shape) -> tuple[int, int] | None:
    """How many axes of ``inner`` lie around what the variadic of ``outer`` stands for, if that can be told."""
    at, other = variadic_index(outer), variadic_index(inner)
    if at is None:
        return None
    head, tail = at, len(outer) - at - 1
    if other is None:
        fits = head + tail <= len(inner)
    else:
        fits = head <= other and tail <= len(inner) - other - 1
    return (head, tail) if fits else None


def _is_flexible_axis(axis: Axis) -> bool:
    return isinstance(axis, Variadic) and axis.name is not None and is_flexible(axis.key)


def _has_no_solution(dim: Dimension, value: Dimension, free: set[str]) -> bool:
    """Whether no size of the one free name in a linear dimension gives the value: ``2*k`` is never 7, nor always n."""
    if len(names_of(dim) & free) != 1:
        return False
    (name,) = names_of(dim) & free
    at_zero = substitute(dim, {name: 0})
    slope, rest = substitute(dim, {name: 1}) - at_zero, value - at_zero
    if dim != slope * symbol(name) + at_zero or slope == 0:
        return False
    if isinstance(slope, int) and isinstance(rest, int):
        return rest % slope != 0 or rest // slope < 0
    return not has_division(slope) and not has_division(rest) and divide_exactly(rest, slope) is None
