"""What can be seen of a dimension: its sign, where every name is at least 1, and whether it divides."""

from __future__ import annotations

from torchlean_typed.shapes.dim import Dimension, DimExpr, FloorDiv, substitute, symbol


def is_natural(dim: Dimension) -> bool:
    """Whether a dimension can be seen to be 0 or more.

    >>> is_natural(symbol("n") * symbol("m") - symbol("n")), is_natural(symbol("n") - 2)
    (True, False)
    """
    if not isinstance(dim, DimExpr):
        return isinstance(dim, int) and dim >= 0
    # in names that start at 0, a polynomial without a minus
    shifted = substitute(dim, {name: symbol(name) + 1 for name in dim.names})
    return _has_no_minus(shifted)


def _has_no_minus(dim: Dimension) -> bool:
    if not isinstance(dim, DimExpr):
        return isinstance(dim, int) and dim >= 0
    return all(coefficient > 0 for _, coefficient in dim.terms) and all(
        _has_no_minus(atom.numerator) and _has_no_minus(atom.denominator) for atom in divisions(dim)
    )


def divisions(dim: Dimension) -> list[FloorDiv]:
    """The floor divisions in a dimension that are not known to be exact."""
    terms = dim.terms if isinstance(dim, DimExpr) else ()
    return [atom for monomial, _ in terms for atom in monomial if isinstance(atom, FloorDiv)]
