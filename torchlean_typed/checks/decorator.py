"""``tl.checked``: the decorator for users' functions and classes."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, TypeVar, cast

from torchlean_typed.checks.calls import Plan, current, fields_checked, running
from torchlean_typed.checks.libraries import jaxtyping
from torchlean_typed.checks.namespaces import surroundings
from torchlean_typed.checks.switch import Switch
from torchlean_typed.shapes.errors import ShapeError

Checked = TypeVar("Checked", bound=Callable[..., Any])


def checked(function: Checked) -> Checked:
    """Check the arguments and the result of every call against their annotations.

    A name in the shapes, such as ``b``, is one size in all arguments and the result; conflicts are told as the mypy
    plugin tells them. Within the body, ``isinstance`` with jaxtyping's annotations and ``tl.ensure`` mean the same
    sizes. Everything else in the annotations beartype checks. A class gets all its annotated methods checked; names
    in the shapes of its fields are sizes of the object. ``tl.set_checks(False)`` turns the checks off.

    Raises:
        ShapeError: at a call that does not fit; when decorating, for an annotation that is no shape.

    >>> from jaxtyping import Float64
    >>> @tl.checked
    ... def centred(x: Float64[tl.Tensor, "b n"]) -> Float64[tl.Tensor, "b n"]:
    ...     return x - tl.mean(x, axis=0, keepdims=True)
    >>> centred(tl.ones((4, 3))).shape
    (4, 3)
    """
    return cast("Checked", _decorated(function, sys._getframe(1)))


def _decorated(target: Any, frame: FrameType | None) -> Any:
    if isinstance(target, type):
        return _class(target, frame)
    if isinstance(target, (classmethod, staticmethod)):
        return type(target)(_decorated(target.__func__, frame))
    if isinstance(target, property):
        get, put, delete = (f and _decorated(f, frame) for f in (target.fget, target.fset, target.fdel))
        return property(get, put, delete, target.__doc__)
    if not callable(target):
        got = type(target).__name__
        raise ShapeError("checked", f"takes a function or a class, got {got}", expected="a function", got=got)
    has_signature = hasattr(target, "__annotations__") and hasattr(target, "__qualname__")
    if not has_signature or getattr(target, "__no_type_check__", False):
        return target  # a builtin, a partial: nothing is annotated
    return _function(target, frame)


def _class(cls: type, frame: FrameType | None) -> type:
    for name, member in list(vars(cls).items()):
        inner = getattr(member, "__func__", getattr(member, "fget", member))
        if inspect.isfunction(inner) and inner.__annotations__ and not hasattr(inner, "__checked__"):
            setattr(cls, name, _decorated(member, frame))
    return cls


def _function(function: Callable[..., Any], frame: FrameType | None) -> Callable[..., Any]:
    outer = current.get()
    if outer is not None and id(getattr(function, "__code__", None)) not in outer.plan.codes:
        outer = None
    plan = Plan(function, surroundings(function, frame), outer)
    with suppress(NameError):  # defined further down: the annotations are read at the first call
        plan.prepare()
    if inspect.iscoroutinefunction(function):
        return _coroutine(function, plan)
    suspended = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not Switch.on or not _is_ready(plan, args):
            return function(*args, **kwargs)
        values = plan.values(args, kwargs)
        if values is None:
            return function(*args, **kwargs)  # Python says what is wrong with the call
        with jaxtyping().jaxtyped("context"):
            frame = plan.arguments(args, kwargs, values)
            if suspended:  # a generator runs later, piece by piece: only its arguments are checked
                return function(*args, **kwargs)
            with running(frame):
                result = function(*args, **kwargs)
            if plan.is_constructor:
                fields_checked(plan.op, values[0])
            plan.check_result(frame, result)
        return result

    call.__checked__ = plan  # type: ignore[attr-defined]
    return call


def _coroutine(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    @functools.wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not Switch.on or not _is_ready(plan, args):
            return await function(*args, **kwargs)
        values = plan.values(args, kwargs)
        if values is None:
            return await function(*args, **kwargs)
        # jaxtyping keeps its sizes by thread, not by task: nothing may be awaited while they are known to it
        with jaxtyping().jaxtyped("context"):
            frame = plan.arguments(args, kwargs, values)
        with running(frame):
            result = await function(*args, **kwargs)
        with jaxtyping().jaxtyped("context"):
            plan.check_result(frame, result)
        return result

    call.__checked__ = plan  # type: ignore[attr-defined]
    return call


def _is_ready(plan: Plan, args: tuple[Any, ...]) -> bool:
    """Make the plan ready; False where jaxtyping's own checks are turned off."""
    if not plan.compiled:
        if not plan.ready:
            try:
                plan.prepare(args)
            except NameError as error:
                hint = "define or import it where the function is, not for type checkers alone"
                raise ShapeError(plan.op, f"an annotation cannot be read: {error}", hint=hint) from None
        plan.compile()
    return not plan.config.jaxtyping_disable
