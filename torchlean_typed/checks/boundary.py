"""The boundary of the library's own functions: the types of all arguments, before any work."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from torchlean_typed.checks.libraries import Violation, accepts, compiled_check, reason, specific
from torchlean_typed.checks.words import advice, described, found
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.words import order_hint, wrong_class

Function = TypeVar("Function", bound=Callable[..., Any])
_ACCEPTED_LIMIT = 256
SELVES = ("self", "cls", "mcs", "_cls")  # the last is a NamedTuple's


def boundary(function: Function) -> Function:
    """Make the function check its arguments against its annotations, as far as they are classes, before it runs.

    Shapes are checked by the function itself, by its rules. The check is compiled at the first call.

    Raises:
        ShapeError: at a call, for an argument of another type; the message says which, and what to do.
    """
    check: Callable[..., None] | None = None
    accepted: set[tuple[type, ...]] = set()  # the types of arguments that were found right

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        nonlocal check
        __tracebackhide__ = True
        types = tuple(map(type, args))
        if types in accepted and not kwargs:
            return function(*args)
        if check is None:
            check = compiled_check(function.__name__, signature_of(function), hints_of(function))
        try:
            check(*args, **kwargs)
        except Violation as told:
            signature, hints = signature_of(function), hints_of(function)
            raise violation(name_of(function), signature, hints, args, kwargs, told) from None
        if not kwargs and len(accepted) < _ACCEPTED_LIMIT and _looks_at_types_alone(function):
            accepted.add(types)
        return function(*args, **kwargs)

    result = _with_parameters(function, checked, accepted)
    result.__boundary__ = True  # type: ignore[attr-defined]
    return result  # type: ignore[return-value]


def _with_parameters(
    function: Callable[..., Any], checked: Callable[..., Any], accepted: set[tuple[type, ...]]
) -> Callable[..., Any]:
    """``checked`` with the function's own parameters, which takes half the time; as it is, where some are not plain."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    if (
        code.co_posonlyargcount
        or code.co_kwonlyargcount
        or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    ):
        return checked
    given = ", ".join(names)
    text = f"""\
def with_parameters({given}):
    __tracebackhide__ = True
    if ({"".join(f"type({name}), " for name in names)}) in _accepted:
        return _function({given})
    return _checked({given})
"""
    scope: dict[str, Any] = {"_accepted": accepted, "_function": function, "_checked": checked}
    exec(compile(text, "<torchlean_typed boundary>", "exec"), scope)
    result = functools.wraps(function)(scope["with_parameters"])
    result.__defaults__ = function.__defaults__  # type: ignore[attr-defined]
    return result


@functools.lru_cache(maxsize=1024)
def _looks_at_types_alone(function: Callable[..., Any]) -> bool:
    """Whether arguments of types that were right once are always right: no hint lists the values that it takes."""
    return all(
        get_origin(part) is not Literal for hint in hints_of(function).values() for part in (hint, *get_args(hint))
    )


def name_of(function: Callable[..., Any], with_class: bool = True) -> str:
    """The function's name in messages: a constructor has its class's, a static method its class's before its own."""
    parts = function.__qualname__.rpartition("<locals>.")[2].split(".")
    if function.__name__ in ("__init__", "__call__", "__new__") and len(parts) > 1:
        return parts[-2]
    if with_class and len(parts) > 1 and not takes_self(signature_of(function)):
        return ".".join(parts[-2:])
    return function.__name__


@functools.lru_cache(maxsize=1024)
def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The function's signature."""
    return inspect.signature(function)


def takes_self(signature: inspect.Signature) -> bool:
    """Whether the first parameter is a method's ``self`` or ``cls``, which messages do not count."""
    return next(iter(signature.parameters), "") in SELVES


@functools.lru_cache(maxsize=1024)
def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The classes that the parameters' annotations come down to: texts, as all annotations of this package are.

    What stands in brackets is for the checker and the rules; what exists for type checkers alone is not checked.
    """
    names = {**vars(builtins), **vars(sys.modules[function.__module__])}
    texts = {name: text for name, text in function.__annotations__.items() if name != "return"}
    return {name: _class_in(ast.parse(text, mode="eval").body, names) for name, text in texts.items()}


def _class_in(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            parts = _class_in(left, names), _class_in(right, names)
            return Any if Any in parts else Union[parts]  # noqa: UP007
        case ast.Subscript(value=ast.Name(id="Literal")):
            return eval(compile(ast.Expression(node), "<annotation>", "eval"), dict(names))
        case ast.Subscript(value=head):
            return _class_in(head, names)
        case ast.Constant(value=None):
            return None
        case ast.Name(id=name):
            found = names.get(name, Any)
            return (found.__bound__ or Any) if isinstance(found, TypeVar) else found
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return getattr(names.get(module), name, Any)
    return Any


def violation(
    op: str,
    signature: inspect.Signature,
    hints: Mapping[str, Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    told: Violation,
) -> ShapeError:
    """The error for the argument that beartype refuses, in our words."""
    arguments = signature.bind(*args, **kwargs).arguments
    for place, name, value in places(signature, arguments):
        if name in hints and not accepts(value, hints[name]):
            hint = _order(op, arguments, hints, name, value) or advice(value, hints[name])
            return refusal(op, value, hints[name], place, hint)
    # of a long list beartype looks at some items only, and now it has looked at others
    named = re.search(r"parameter (\w+)", str(told))
    for place, name, value in places(signature, arguments):
        if named is not None and name == named[1]:
            return refusal(op, value, hints[name], place, because=specific(told))
    return ShapeError(op, str(told))


def places(signature: inspect.Signature, arguments: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """How messages call each argument, with its parameter's name and its value; ``self`` is not counted."""
    number = 0
    for name, parameter in signature.parameters.items():
        if name in SELVES:
            continue
        number += 1
        if name not in arguments:
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            yield from ((place_of(number + i, name), name, value) for i, value in enumerate(arguments[name]))
        elif parameter.kind is parameter.VAR_KEYWORD:
            pairs = enumerate(arguments[name].items())
            yield from ((place_of(number + i, key), name, value) for i, (key, value) in pairs)
        else:
            yield place_of(number, name), name, arguments[name]


def refusal(
    op: str, value: object, hint: Any, place: str, advice: str | None = None, because: str | None = None
) -> ShapeError:
    """The error for a value that is not what the hint says."""
    expected, got = described(hint), found(value)
    because = because or _because(value, hint)
    if not because:
        return wrong_class(op, place, expected, got, advice)
    return ShapeError(op, f"{place} must be {expected}: {because}", expected=expected, got=got, hint=advice)


def _because(value: object, hint: Any) -> str:
    """What is wrong inside of a value that is of the right class."""
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    for alternative in alternatives:
        origin = get_origin(alternative)
        if isinstance(origin, type) and isinstance(value, origin):
            return reason(value, alternative)
    return ""


def _order(op: str, arguments: Mapping[str, Any], hints: Mapping[str, Any], name: str, value: object) -> str | None:
    """The order of the parameters, where the value belongs to another one, which was given something wrong too."""
    for other, given in arguments.items():
        hint = hints.get(other, Any)
        if other != name and hint not in (Any, object) and accepts(value, hint) and not accepts(given, hint):
            return order_hint(op, (n for n in arguments if n not in SELVES))
    return None
