"""What can be said of the value of a dimension, whose names stand for any sizes from 0 on."""

from __future__ import annotations

from torchlean_typed.shapes.dim import Dimension, DimExpr, FloorDiv, Unknown


def least(dim: Dimension) -> int | None:
    """A number that the dimension is never below, where one can be seen.

    >>> from torchlean_typed.shapes.dim import symbol
    >>> least(symbol("n") + 2), least(symbol("n") - symbol("m"))
    (2, None)
    """
    if isinstance(dim, Unknown):
        return None
    if isinstance(dim, int):
        return dim
    constant = 0
    for monomial, coefficient in dim.terms:
        if not monomial:
            constant = coefficient
        elif coefficient < 0 or not all(isinstance(atom, str) or _is_size(atom) for atom in monomial):
            return None
    return constant


def at_least(dim: Dimension, number: int) -> bool:
    """Whether the dimension can be seen to be ``number`` or more, whatever the sizes of its names."""
    bound = least(dim)
    return bound is not None and bound >= number


def has_division(dim: Dimension) -> bool:
    """Whether there is a floor division in it that is not known to be exact."""
    terms = dim.terms if isinstance(dim, DimExpr) else ()
    return any(isinstance(atom, FloorDiv) for monomial, _ in terms for atom in monomial)


def _is_size(atom: FloorDiv) -> bool:
    return at_least(atom.numerator, 0) and at_least(atom.denominator, 0)
