"""What can be said of the value of a dimension, whose names stand for any sizes from 0 on."""

from __future__ import annotations

from torchlean_typed.shapes.dim import Dimension, DimExpr, FloorDiv, Unknown, symbol


def least(dim: Dimension) -> int | None:
    """A number that the dimension is never below, where one can be seen.

    >>> from torchlean_typed.shapes.dim import symbol
    >>> n = symbol("n")
    >>> least(n + 2), least(n - n // 2), least(n - symbol("m"))
    (2, 0, None)
    """
    if isinstance(dim, Unknown):
        return None
    if isinstance(dim, int):
        return dim
    constant = 0
    for monomial, coefficient in dim.terms:
        match monomial:
            case [FloorDiv(numerator, int(by))] if by > 0 and coefficient < 0:  # k*(a//by) is k*a/by or more
                rest = dim - coefficient * symbol(monomial[0])
                bound = least(by * rest + coefficient * numerator)
                return None if bound is None else -(-bound // by)
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
