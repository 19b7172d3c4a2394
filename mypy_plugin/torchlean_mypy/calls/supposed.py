"""What an expression is where variables have certain types, which they may have one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mypy.errors import ErrorInfo, ErrorWatcher
from mypy.nodes import Expression, NameExpr
from mypy.types import Type, UnionType, get_proper_type


def type_where(
    api: Any, expression: Expression, types: Iterable[tuple[NameExpr, Type]]
) -> tuple[Type | None, ErrorInfo | None]:
    """The type of the expression, and the first error in it, which is not told; None where they cannot be that."""
    binder = api.binder
    with (
        binder.frame_context(can_skip=False, discard=True),
        api.msg.filter_errors(save_filtered_errors=True) as errors,
        api.local_type_map,
    ):
        pairs = [*types]
        for name, typ in pairs:
            binder.put(name, typ)
        if any(isinstance(get_proper_type(api.expr_checker.accept(name)), UnionType) for name, _ in pairs):
            return None, None
        result: Type = api.expr_checker.accept(expression, allow_none_return=True)
    binder.version += 1  # nothing that mypy remembers of expressions holds any longer
    return result, first_error(errors)


def first_error(errors: ErrorWatcher) -> ErrorInfo | None:
    """The first error that was held back."""
    return next((error for error in errors.filtered_errors() if error.severity == "error"), None)
