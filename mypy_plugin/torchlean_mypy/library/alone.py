"""A variable of several shapes that stands more than once: ``x * tl.tanh(x)`` has to go for each of its shapes."""

from __future__ import annotations

from typing import Any

from mypy.errors import ErrorInfo, ErrorWatcher
from mypy.nodes import Context, Expression, NameExpr, Node, SymbolNode, Var
from mypy.types import Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.reports.codes import WRONG, report_again
from torchlean_mypy.syntax.expressions import within
from torchlean_mypy.types.contained import alternatives_in


def for_each_shape(api: Any, expression: Context) -> Type | None:
    """What an expression is for each shape of the one variable in it that has several; what is wrong is reported.

    None where there are more such variables, or none, and where something else in it has several shapes, as ``xs[0]``
    may: then it is not seen which of them come together.
    """
    if not isinstance(expression, Expression):
        return None
    several = [
        part for part in within(expression) if isinstance(part, Expression) and alternatives_in(type_of(api, part))
    ]
    found = [part for part in several if isinstance(part, NameExpr) and isinstance(part.node, Var)]
    variables = {part.node for part in found}
    if len(variables) != 1 or not all(_variables(part) & variables for part in several):
        return None
    binder = api.binder
    results: list[Type] = []
    for item in alternatives_in(type_of(api, found[0])):
        with (
            binder.frame_context(can_skip=False, discard=True),
            api.msg.filter_errors(save_filtered_errors=True) as errors,
            api.local_type_map,
        ):
            binder.put(found[0], item)
            if isinstance(get_proper_type(api.expr_checker.accept(found[0])), UnionType):
                return None
            results.append(api.expr_checker.accept(expression, allow_none_return=True))
        binder.version += 1  # nothing that mypy remembers of expressions holds any longer
        if (error := first_error(errors)) is not None:
            if error.code not in WRONG:
                return None
            report_again(api, error, expression)
    return UnionType.make_union([*dict.fromkeys(results)])


def first_error(errors: ErrorWatcher) -> ErrorInfo | None:
    """The first error that was held back."""
    return next((error for error in errors.filtered_errors() if error.severity == "error"), None)


def _variables(expression: Node) -> set[SymbolNode | None]:
    return {part.node for part in within(expression) if isinstance(part, NameExpr)}
