"""What unification states, and how a conflict between two statements explains itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torchlean_typed.shapes.dim import Dimension, DimExpr, names_of
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.shape import Axis, Bindings, Shape, Variadic

Places = Mapping[str, str]


@dataclass(frozen=True)
class Statement:
    """The shape that was found at a place, and the formal as it was written."""

    written: Shape
    found: Shape
    place: str

    @property
    def named(self) -> str:
        """The shape with names and sizes, ``[b=2, 3]``; nothing of one axis, and where it is open which is which."""
        if len(self.found) < 2 or variadic_index(self.written) is not None or variadic_index(self.found) is not None:
            return ""
        pairs = [(plain(name), plain(size)) for name, size in zip(self.written, self.found, strict=True)]
        texts = [size if name in (size, "?") or name.isdecimal() else f"{name}={size}" for name, size in pairs]
        return f"[{', '.join(texts)}]"


@dataclass(frozen=True)
class Equation:
    """One size, of the shape that was ``stated``, in the bound ``variadic`` where it lies in one."""

    formal: Dimension
    actual: Dimension
    place: str
    stated: Statement | None = None
    variadic: str | None = None


def plain(text: object) -> str:
    """A text of flexible names as the user wrote them, without tags; the ``?`` of an unknown size stays."""
    return re.sub(r"\?(?=\w)|(?<=\w)'\d*", "", str(text))


def size_conflict(
    op: str,
    equation: Equation,
    formal: Dimension,
    actual: Dimension,
    bindings: Bindings,
    places: Places,
    shapes: Places,
) -> ShapeError:
    """Of a size that is ``actual`` where ``formal`` was solved to something else, in one of ``shapes``."""
    place, got, expected = equation.place, _size(actual, equation), _size(formal, equation)
    if equation.variadic is not None and equation.stated is not None:
        return _variadic_conflict(op, equation.variadic, equation.stated, bindings, places)
    sources = {name: places[name] for name in sorted(names_of(equation.formal)) if name in places}
    if equation.stated is not None and place in sources.values():  # it is at odds with itself
        sources = {}
    if sources and is_name(equation.formal):
        name, where = next(iter(sources.items()))
        first, second = shapes.get(name, ""), equation.stated.named if equation.stated is not None else ""
        text = f'dimension "{plain(equation.formal)}" is {expected} in {where}' + (
            f", {first}, but" if first else " but"
        )
        text += f" {got} in {place}" + (f", {second}" if second else "")
        return ShapeError(op, text, expected=expected, got=got, hint=_transpose_hint(equation, formal))
    elif sources:
        text = f'dimension "{plain(equation.formal)}" of {place} is {got}, expected {expected}'
        text += _because(sources, bindings)
    elif equation.stated is not None:
        expected, got = plain(show(equation.stated.written)), plain(show(equation.stated.found))
        text = f"{place} has shape {got}, expected {expected}"
        return ShapeError(op, text, expected=expected, got=got, hint=_turned_hint(equation, equation.stated))
    else:
        text = f"{place} is {got}, expected {expected}"
    return ShapeError(op, text, expected=expected, got=got)


def _size(size: Dimension, equation: Equation) -> str:
    """The size as the caller spells it, which is said where it has a name that the callee uses too."""
    shared = names_of(size) & {plain(name) for name in names_of(equation.formal) if name.startswith("?")}
    return f"the caller's {plain(size)}" if shared else plain(size)


def _transpose_hint(equation: Equation, expected: Dimension) -> str | None:
    """Where the other axis of a matrix has the size that is missed."""
    stated = equation.stated
    if stated is None or not stated.named or len(stated.found) != 2:
        return None
    first, second = stated.written
    turned = dict(zip(stated.written, reversed(stated.found), strict=True))
    fits = first != second and turned.get(equation.formal) == expected
    return f"did you mean .mT on {equation.place}?" if fits else None


def _turned_hint(equation: Equation, stated: Statement) -> str | None:
    """Where an argument that is a matrix is as expected when it is transposed."""
    if not equation.place.startswith("argument") or len(stated.written) != 2 or len(stated.found) != 2:
        return None
    turned = zip(stated.written, reversed(stated.found), strict=True)
    fits = all(formal == actual or str(formal).startswith("?") for formal, actual in turned)
    return f"did you mean .mT on {equation.place}?" if fits and stated.written[0] != stated.written[1] else None


def no_size(
    op: str, equation: Equation, actual: Dimension, free: str, bindings: Bindings, places: Places
) -> ShapeError:
    """Of a size that is ``actual`` whatever the size of the name that is free."""
    sources = {name: places[name] for name in sorted(names_of(equation.formal) - {free}) if name in places}
    text = f'dimension "{plain(equation.formal)}" of {equation.place} is {plain(actual)}, which no {plain(free)} gives'
    text += _because(sources, bindings)
    return ShapeError(op, text, expected=plain(equation.formal), got=plain(actual))


def _because(sources: Places, bindings: Bindings) -> str:
    known = [f"{plain(name)} is {plain(bindings[name])} in {where}" for name, where in sources.items()]
    return f", as {' and '.join(known)}" if known else ""


def rank_conflict(op: str, formal: Shape, stated: Statement, bindings: Bindings, places: Places) -> ShapeError:
    """Of a shape whose rank cannot be that of ``formal``, which is ``stated.written`` as far as it was solved."""
    bound = next((axis.key for axis in stated.written if isinstance(axis, Variadic)), "")
    if bound in places and len(stated.found) >= len(stated.written) - 1:
        return _variadic_conflict(op, bound, stated, bindings, places)
    written, got = plain(show(stated.written)), plain(show(stated.found))
    expected = written if formal == stated.written else f"{written} = {plain(show(formal))}"
    return ShapeError(op, f"{stated.place} has shape {got}, expected {expected}", expected=expected, got=got)


def _variadic_conflict(op: str, variadic: str, stated: Statement, bindings: Bindings, places: Places) -> ShapeError:
    start = variadic_index(stated.written) or 0
    middle = stated.found[start : len(stated.found) - (len(stated.written) - start - 1)]
    where = places.get(variadic, "an earlier argument")
    expected, got = plain(show(bindings[variadic])), plain(show(middle))
    text = f'"{plain(variadic)}" is {expected} in {where} but {got} in {stated.place}'
    return ShapeError(op, text, expected=expected, got=got)


def variadic_index(shape: Iterable[Axis]) -> int | None:
    """Where the shape's variadic stands, if it has one."""
    return next((index for index, axis in enumerate(shape) if isinstance(axis, Variadic)), None)


def is_name(dim: Dimension) -> bool:
    """Whether the dimension is a name alone."""
    return isinstance(dim, DimExpr) and dim.name is not None
