"""One error for one mistake: what mypy says of an argument is not said beside what our rules say of the whole call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from mypy.errorcodes import ARG_TYPE, CALL_OVERLOAD, LIST_ITEM, OPERATOR
from mypy.errors import ErrorInfo
from mypy.nodes import Context, Expression, ListExpr, OpExpr, TupleExpr

from torchlean_mypy.syntax.notes import Notes

CODES = (ARG_TYPE, CALL_OVERLOAD, LIST_ITEM, OPERATOR)
Place = tuple[int, int]


class Told:
    """The errors of our rules, and the places where mypy need say nothing while they stand."""

    places: ClassVar[Notes[tuple[str, Place], set[Place]]] = Notes()  # by message and place

    @classmethod
    def instead_of(cls, api: Any, message: str, context: Context, arguments: Iterable[Expression]) -> None:
        """Note that this error is about these arguments, and take back what mypy has said of them."""
        file = api.msg.errors.file
        places = {(part.line, part.column) for argument in arguments for part in _parts(argument)}
        if isinstance(context, OpExpr):
            places |= {(part.line, part.column) for part in (context, context.left, context.right)}
        cls.places[file][message, (context.line, context.column)] = places
        take_back(api, lambda info: info.code in CODES and (info.line, info.column) in places)

    @classmethod
    def covers(cls, file: str, info: ErrorInfo, reported: Iterable[ErrorInfo]) -> bool:
        """Whether an error of mypy's is about something that one of ours, which still stands, has said."""
        known = cls.places[file]
        if info.code not in CODES or not known:
            return False
        here = (info.line, info.column)
        return any(here in known.get((one.message, (one.line, one.column)), ()) for one in reported)


def take_back(api: Any, is_meant: Callable[[ErrorInfo], bool]) -> None:
    """Take back the errors of the file that are meant, also those that mypy holds back."""
    errors = api.msg.errors
    for infos in [errors.error_info_map.get(errors.file), *(watcher._filtered for watcher in errors._watchers)]:
        for info in [*(infos or ())]:
            if is_meant(info):
                infos.remove(info)


def _parts(argument: Expression) -> Iterator[Expression]:
    yield argument
    if isinstance(argument, ListExpr | TupleExpr):
        yield from argument.items
