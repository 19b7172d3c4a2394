"""No bug of ours may crash mypy: a hook that fails falls back to what mypy would have found without it.

With ``strict_shapes`` that is reported: what the hook would have checked is not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar

from mypy.checker import TypeChecker
from mypy.errors import CompileError
from mypy.nodes import Context
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import AnyType, Instance, TypeOfAny, UnionType

from torchlean_mypy.calls.contexts import by_themselves
from torchlean_mypy.calls.redefinition import Redefinition
from torchlean_mypy.reports.codes import report_unknown
from torchlean_mypy.syntax.names import CALL
from torchlean_mypy.types.facts import Facts
from torchlean_mypy.types.unions import open_first

# Set while the plugin is worked on and tested, so that a bug shows.
RAISES = bool(os.environ.get("TORCHLEAN_MYPY_RAISES"))
CALLS = (FunctionContext, MethodContext)


class Checker:
    """The type checker that asked last: it is at the place where an error is found."""

    latest: Any = None
    path: str | None = None
    listeners: ClassVar[list[Callable[[Any], None]]] = []  # called with each new one
    ask_again: Callable[[Any], None] | None = None  # what wants to be asked when all is checked

    @classmethod
    def asks(cls, api: Any) -> None:
        """Note who asks; it may be a semantic analyzer too."""
        if api is not cls.latest:
            cls.latest, cls.path = api, api.path if isinstance(api, TypeChecker) else None
            if cls.path is not None:
                Redefinition.allow(api)
                for listener in cls.listeners:
                    listener(api)
        if cls.path is not None:
            if cls.ask_again is not None:
                cls.ask_again(api)
            api.binder.bind_all = api.options.allow_redefinition  # mypy makes a new one for each function


class Guarded:
    """A hook, called with the last part of the name it answers for."""

    def __init__(self, hook: Callable[..., Any], name: str) -> None:
        self.hook, self.name = hook, name

    def __call__(self, ctx: Any) -> Any:
        Checker.asks(ctx.api)
        if Facts.active or Checker.path in Facts.files:
            Facts.at(Checker.path, ctx.context.line if Checker.path is not None else 0)
        try:
            if isinstance(ctx, CALLS):
                ctx = by_themselves(ctx)
            found = self.hook(ctx, name=self.name)
            return open_first(found) if type(found) is UnionType else found
        except CompileError:
            raise
        except Exception as error:
            if RAISES:
                raise
            report_failure(ctx.api, error, ctx.context)
            return without_hook(ctx)


def report_failure(api: Any, error: Exception, context: Context) -> None:
    """Report, where ``strict_shapes`` is on, that there is a bug of ours."""
    problem = f"the checker failed here, which is a bug of torchlean_typed: {type(error).__name__}: {error}"
    report_unknown(api, problem, context)


def without_hook(ctx: Any) -> Any:
    """What a context offers where a hook has nothing to say."""
    for field in ("default_return_type", "default_attr_type", "default_signature"):
        if hasattr(ctx, field):
            default = getattr(ctx, field)
            carries = isinstance(default, Instance) and default.type.fullname == CALL
            return AnyType(TypeOfAny.from_error) if carries else default
    return AnyType(TypeOfAny.from_error) if hasattr(ctx, "type") else None
