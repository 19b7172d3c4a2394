"""What mypy says of comparisons that are always false: of a shape or a rank it knows more with us than without."""

from __future__ import annotations

from mypy.errorcodes import COMPARISON_OVERLAP
from mypy.errors import ErrorInfo
from mypy.nodes import ComparisonExpr, Context

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.syntax.expressions import compared
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.types.convert import shape_of


def is_of_shape(file: str, info: ErrorInfo) -> bool:
    """Whether an error is that ``x.ndim == 2`` is never so: a program may ask, and does the other thing."""
    if info.code is not COMPARISON_OVERLAP or Checker.path != file:
        return False
    places = [found for found in nodes(Checker.latest.tree, ComparisonExpr) if _place(found) == _place(info)]
    owners = [owner for found in places for operand in found.operands if (owner := compared(operand)) is not None]
    found = [type_of(Checker.latest, owner) for owner in owners]  # none yet of what mypy looks at a second time
    return bool(found) and all(typ is None or shape_of(typ) is not None for typ in found)


def _place(node: Context | ErrorInfo) -> tuple[int, int]:
    return node.line, node.column
