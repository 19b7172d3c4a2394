"""The one way in which the plugin reports an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import takewhile
from typing import Any, ClassVar, Protocol, Self

from mypy.checker import TypeChecker
from mypy.errorcodes import ARG_TYPE, CALL_ARG, NO_ANY_RETURN, NO_UNTYPED_CALL, REDUNDANT_CAST, ErrorCode
from mypy.errors import ErrorInfo, Errors, ErrorWatcher
from mypy.nodes import ComparisonExpr, Context, Expression, OpExpr, Statement
from mypy.plugin import AttributeContext, FunctionContext, MethodContext

from torchlean_mypy.reports.error_codes import SHAPE, SHAPE_BROADCAST, SHAPE_UNKNOWN
from torchlean_mypy.reports.following import Following
from torchlean_mypy.reports.told import Told, take_back
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.vocabulary import BROADCAST_HINT


class Reporter(Protocol):
    """What every hook's ``ctx.api`` can do."""

    def fail(self, msg: str, ctx: Context, /, *, code: ErrorCode | None = None) -> object: ...


Hooked = AttributeContext | FunctionContext | MethodContext


class Strictness:
    """Whether unknown shapes are reported, set from the configuration when the plugin is made, or only counted."""

    reports_unknown = False
    is_asked_for = False
    lost: ClassVar[dict[str | None, dict[tuple[int, int], list[str]]]] = {}  # by file, and line and column: why

    @classmethod
    def reasons(cls, path: str | None, place: Context) -> list[str]:
        """What was said of a place."""
        return cls.lost.get(path, {}).get((place.line, place.column), [])


def past_operator(api: Any, context: Context, depth: int = 2) -> AbstractContextManager[None]:
    """Within this, an error of an operation called as an operator is reported at once.

    mypy tries ``x + y`` as ``x.__add__(y)``, and after an error as ``y.__radd__(x)``, with errors held back; where both
    fail, the result is Any, and errors follow from that. The operation is the same both times: one try says all. Nor
    does a try fail for what is wrong within ``y``, which mypy has told already.
    """
    watchers: list[ErrorWatcher] = api.msg.errors._watchers
    held = []  # one around both variants, one around each; of an overloaded method up to ``depth``
    if isinstance(context, OpExpr | ComparisonExpr):
        held = [*takewhile(lambda watcher: watcher._filter is True, reversed(watchers[-depth:]))][::-1]
    return _NO_OPERATOR if len(held) < 2 else _without(watchers, held, api)


def settle(api: Any, context: Context) -> None:
    """Have a try of an operator not fail, in which nothing is wrong but what mypy has told already."""
    is_operator = isinstance(context, OpExpr | ComparisonExpr)
    if is_operator and any([watcher._filtered for watcher in api.msg.errors._watchers]):
        with past_operator(api, context):
            pass


_NO_OPERATOR = nullcontext()


@contextmanager
def _without(watchers: list[ErrorWatcher], held: list[ErrorWatcher], api: Any) -> Iterator[None]:
    del watchers[-len(held) :]
    variant = held[1]
    if variant._filtered and {*map(_place, variant._filtered)} <= {*map(_place, reported(api))}:
        variant._filtered.clear()
        variant._has_new_errors = False
    try:
        yield
    finally:
        watchers.extend(held)


@contextmanager
def told_at_once(api: Any) -> Iterator[None]:
    """Within this, an error is reported whichever variant of an overloaded function mypy is trying."""
    watchers: list[ErrorWatcher] = api.msg.errors._watchers
    held = [*watchers]
    watchers.clear()
    try:
        yield
    finally:
        watchers.extend(held)


def refused(
    api: Any,
    context: Context,
    rule: Callable[[], object],
    depth: int = 2,
    about: Iterable[Iterable[Expression]] | None = None,
) -> bool:
    """Whether the rule refuses what it is about, which is reported."""
    with past_operator(api, context, depth):
        try:
            rule()
        except ShapeError as error:
            report(api, error, context, about)
            return True
    return False


class Reporting:
    """Within this, what our rules raise is reported: an error of shapes, or that something cannot be told.

    After it, ``refused`` says whether there was an error.
    """

    refused = False

    def __init__(self, ctx: Hooked, about: Iterable[Iterable[Expression]] | None = None) -> None:
        self.ctx, self.about = ctx, about

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, ShapeError):
            report(self.ctx.api, error, self.ctx.context, self.about)
            self.refused = True
        elif isinstance(error, Undetermined):
            report_unknown(self.ctx.api, str(error), self.ctx.context)
        return isinstance(error, ShapeError | Undetermined)


def code_of(error: ShapeError) -> ErrorCode:
    """``shape-broadcast`` for a broadcast that would have been implicit, else ``shape``."""
    return SHAPE_BROADCAST if (error.hint or "").startswith(f"{BROADCAST_HINT}:") else SHAPE


def report(
    api: Reporter, error: ShapeError, context: Context, about: Iterable[Iterable[Expression]] | None = None
) -> None:
    """Report an error in the words of the run time, once: mypy looks at the operand of an operator more than once.

    Of the arguments that it is ``about`` mypy is to say nothing then.
    """
    told = [*map(_place, reported(api))]
    if (context.line, context.column, error.message) in told or has_error(api, context, WRONG):
        return
    if is_miscounted(api, context):
        return
    if isinstance(api, TypeChecker):
        if Following.is_repeated(api, error, context, told) or is_made_of_wrong(api, context):
            return
        lost_by_error(api, context)
    api.fail(error.message, context, code=code_of(error))
    if about is not None:
        Told.instead_of(api, error.message, context, [argument for given in about for argument in given])


def report_again(api: Any, error: ErrorInfo, context: Context) -> None:
    """Report an error of an expression that mypy was made to hold back, where it is."""
    if not has_error(api, context, WRONG):
        lost_by_error(api, context)
        api.msg.add_errors([error])


def is_made_of_wrong(api: Any, where: Context | ErrorInfo) -> bool:
    """Whether what an error is about is made of something of which we have told an error."""
    return Following.is_made_of_wrong(api, where, [_place(info) for info in reported(api) if info.code in _OURS])


def _place(info: ErrorInfo) -> tuple[int, int, str]:
    return info.line, info.column, info.message


def reported(api: Any) -> list[ErrorInfo]:
    """The errors of the file, also those that mypy holds back until it knows which way to read an expression."""
    errors: Errors | None = getattr(getattr(api, "msg", None), "errors", None)
    if errors is None:
        return []
    found = [*errors.error_info_map.get(errors.file, ())]
    for watcher in errors._watchers:
        if watcher._filtered:
            found += watcher._filtered
    return found


WRONG = (SHAPE, SHAPE_BROADCAST)
_OURS = (*WRONG, ARG_TYPE)


def is_miscounted(api: Any, call: Context) -> bool:
    """Whether it was said that a call has too many arguments, or too few: what they are is not told then."""
    place = (call.line, call.column)
    return any(info.code is CALL_ARG and (info.line, info.column) == place for info in reported(api))


def error_count(api: Any) -> int:
    """How many errors about shapes the file has so far."""
    return sum(info.code in _OURS for info in reported(api))


def has_error(api: Any, expression: Context | ErrorInfo, codes: tuple[ErrorCode, ...] = _OURS) -> bool:
    """Whether an error about shapes was reported within an expression."""
    return any(info.code in codes and _is_within(info, expression) for info in reported(api))


def comes_of_error(api: Any, info: ErrorInfo, got: str) -> bool:
    """Whether what mypy refuses is, or is made of, something of which an error is told."""
    return has_error(api, info) or is_made_of_wrong(api, info) or is_left_over(api, info, got)


def is_told_behind(api: Any, info: ErrorInfo, codes: tuple[ErrorCode, ...]) -> bool:
    """Whether an error was reported behind the beginning of another: mypy before 2.4 has no end of a lambda."""
    start, last = (info.line, info.column), info.end_line or info.line
    return any(one.code in codes and start <= (one.line, one.column) and one.line <= last for one in reported(api))


def is_left_over(api: Any, info: ErrorInfo, got: str) -> bool:
    """Whether what is refused has one shape or one that is not known, as a loop leaves it, for an error before it."""
    first, *others = got.split(" or ")
    if "[...]" not in (first, *others) or not others or info.local_ctx[1] is None:
        return False
    return any(one.code in WRONG and one.local_ctx == info.local_ctx for one in reported(api))


def is_mistyped(api: Any, arguments: Iterable[Iterable[Expression]], words: str = "") -> bool:
    """Whether it was said of one of a call's arguments, in these words, that its type is wrong: then all is said."""
    infos = reported(api)
    if not infos:
        return False
    told = {(info.line, info.column) for info in infos if info.code is ARG_TYPE and words in info.message}
    return bool(told) and any((argument.line, argument.column) in told for given in arguments for argument in given)


def report_unknown(api: Reporter, reason: str, context: Context) -> None:
    """Report, where ``strict_shapes`` is on, that a shape is lost; by an error, where one is told of the expression."""
    if has_error(api, context):
        return
    path = getattr(getattr(api, "tree", None), "path", None)
    reasons = Strictness.lost.setdefault(path, {}).setdefault((context.line, context.column), [])
    if reason not in reasons:
        reasons.append(reason)
    if Strictness.reports_unknown:
        api.fail(reason, context, code=SHAPE_UNKNOWN)


_OF_ANY = (NO_ANY_RETURN, NO_UNTYPED_CALL, REDUNDANT_CAST)  # which --strict says of what stays as it is


def was_reported(api: Any, place: Expression | Statement) -> bool:
    """Whether an error explains that it is not known what an expression is, or is ignored: one for one mistake."""
    errors: Errors = api.msg.errors
    start, end = (place.line, place.column), (place.end_line or place.line, place.end_column or place.column)
    ignored = errors.used_ignored_lines.get(errors.file, {})
    if any(ignored.get(line) for line in range(start[0], end[0] + 1)):
        return True
    if Following.explains(errors.file, start, end, map(_place, reported(api))):
        return True
    return any(
        start <= (info.line, info.column) <= end and info.severity == "error" and info.code not in _OF_ANY
        for info in reported(api)
    )


def found_again(api: Any, expression: Expression) -> None:
    """Take back that the shape of an expression is lost: it is said what it is."""
    place = (expression.line, expression.column)
    take_back(api, lambda info: info.code is SHAPE_UNKNOWN and (info.line, info.column) == place)


def lost_by_error(api: Any, expression: Context | ErrorInfo) -> None:
    """Take back that shapes are lost within an expression: an error is told of it."""
    if Strictness.reports_unknown:
        take_back(api, lambda info: info.code is SHAPE_UNKNOWN and _is_within(info, expression))


def _is_within(info: ErrorInfo, expression: Context | ErrorInfo) -> bool:
    """Whether an error is one of an expression, or of a part of it."""
    start, end = (expression.line, expression.column), (expression.end_line or 0, expression.end_column or 0)
    return start <= (info.line, info.column) <= end
