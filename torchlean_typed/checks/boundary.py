"""The boundary of the library's own functions: the types of all arguments, before any work."""

from __future__ import annotations

import builtins
import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, ParamSpec, TypeVar, TypeVarTuple, Union, get_args, get_origin

from torchlean_typed.checks.libraries import Violation, accepts, compiled_check, reason
from torchlean_typed.checks.words import advice, described, found
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError

Function = TypeVar("Function", bound=Callable[..., Any])


def boundary(function: Function) -> Function:
    """Make the function check its arguments against its annotations, as far as they are classes, before it runs.

    Shapes are checked by the function itself, by its rules. The check is compiled at the first call.

    Raises:
        ShapeError: at a call, for an argument of another type; the message says which, and what to do.
    """
    check: Callable[..., None] | None = None

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        nonlocal check
        __tracebackhide__ = True
        if check is None:
            check = compiled_check(function.__name__, signature_of(function), hints_of(function))
        try:
            check(*args, **kwargs)
        except Violation:
            raise violation(name_of(function), signature_of(function), hints_of(function), args, kwargs) from None
        return function(*args, **kwargs)

    return checked  # type: ignore[return-value]


def name_of(function: Callable[..., Any]) -> str:
    """The function's name in messages: a constructor has its class's, a static method its class's before its own."""
    parts = function.__qualname__.rpartition("<locals>.")[2].split(".")
    if function.__name__ in ("__init__", "__call__", "__new__") and len(parts) > 1:
        return parts[-2]
    if len(parts) > 1 and not takes_self(signature_of(function)):
        return ".".join(parts[-2:])
    return function.__name__


@functools.lru_cache(maxsize=1024)
def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The function's signature."""
    return inspect.signature(function)


def takes_self(signature: inspect.Signature) -> bool:
    """Whether the first parameter is a method's ``self`` or ``cls``, which messages do not count."""
    return next(iter(signature.parameters), "") in ("self", "cls", "mcs")


class _Names(dict[str, Any]):
    """The names an annotation of ours may use; one that exists for type checkers alone is not checked."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(vars(builtins))
        self.update(vars(sys.modules[function.__module__]))

    def __missing__(self, name: str) -> Any:
        return Any


@functools.lru_cache(maxsize=1024)
def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The classes that the function's annotations come down to, but for the result's."""
    names = _Names(function)
    found: dict[str, Any] = {}
    for name, annotation in function.__annotations__.items():
        hint = eval(annotation, {}, names) if isinstance(annotation, str) else annotation
        if name != "return":
            found[name] = _class_of(hint)
    return found


def _class_of(hint: Any) -> Any:
    """The hint without the type parameters of our classes: what they are is for the checker and the rules."""
    if isinstance(hint, (ParamSpec, TypeVarTuple)):
        return Any
    if isinstance(hint, TypeVar):
        return Any if hint.__bound__ is None else _class_of(hint.__bound__)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return Union[tuple(_class_of(part) for part in get_args(hint))]  # noqa: UP007
    module = getattr(origin, "__module__", "")
    if module.startswith("torchlean_typed."):
        return origin
    return Callable if origin is not None and issubclass_of_callable(origin) else hint


def issubclass_of_callable(origin: Any) -> bool:
    """Whether the origin of a hint is ``Callable``."""
    return origin is get_origin(Callable[..., Any])


def violation(
    op: str, signature: inspect.Signature, hints: Mapping[str, Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> ShapeError:
    """The error for the argument that beartype refuses, in our words."""
    arguments = signature.bind(*args, **kwargs).arguments
    names = [name for name in signature.parameters if name not in ("self", "cls", "mcs")]
    for number, name in enumerate(names, 1):
        if name not in hints or name not in arguments:
            continue
        kind = signature.parameters[name].kind
        values = arguments[name] if kind is inspect.Parameter.VAR_POSITIONAL else (arguments[name],)
        if kind is inspect.Parameter.VAR_KEYWORD:
            values = tuple(arguments[name].values())
        for index, value in enumerate(values):
            if not accepts(value, hints[name]):
                offset = index if kind is inspect.Parameter.VAR_POSITIONAL else 0
                hint = _order(op, arguments, hints, name, value) or advice(value, hints[name])
                return refusal(op, value, hints[name], place_of(number + offset, name), hint)
    return ShapeError(op, "the arguments do not go together")  # never seen: beartype is sure of one of them


def refusal(op: str, value: object, hint: Any, place: str, advice: str | None = None) -> ShapeError:
    """The error for a value that is not what the hint says."""
    expected, got = described(hint), found(value)
    origin = get_origin(hint)
    because = reason(value, hint) if isinstance(origin, type) and isinstance(value, origin) else ""
    problem = f"{place} must be {expected}" + (f": {because}" if because else f", got {got}")
    return ShapeError(op, problem, expected=expected, got=got, hint=advice)


def _order(op: str, arguments: Mapping[str, Any], hints: Mapping[str, Any], name: str, value: object) -> str | None:
    """The order of the parameters, where the value belongs to another one, which was given something wrong too."""
    for other, given in arguments.items():
        hint = hints.get(other, Any)
        if other != name and hint not in (Any, object) and accepts(value, hint) and not accepts(given, hint):
            return f"the order is {op}({', '.join(n for n in arguments if n not in ('self', 'cls', 'mcs'))})"
    return None
