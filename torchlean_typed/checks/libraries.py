"""jaxtyping and beartype, imported when a check first needs them: both take longer to import than this package."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np


class Violation(TypeError):
    """What beartype raises here, before it is told in our words."""


@cache
def jaxtyping() -> ModuleType:
    """The module."""
    import jaxtyping

    return jaxtyping


@cache
def _configuration() -> Any:
    from beartype import BeartypeConf

    # an int is a float to mypy; no colours, since the message becomes part of ours
    return BeartypeConf(violation_type=Violation, is_pep484_tower=True, is_color=False)


def accepts(value: object, hint: Any) -> bool:
    """Whether beartype finds that the value is what the hint says."""
    from beartype.door import is_bearable

    return is_bearable(value, hint, conf=_configuration())


def is_checkable(hint: Any) -> bool:
    """Whether beartype can check values against the hint."""
    try:
        accepts(None, hint)
    except Exception:
        return False
    return True


def reason(value: object, hint: Any) -> str:
    """What beartype says of a value that is not what the hint says, from where it becomes specific."""
    from beartype.door import die_if_unbearable

    try:
        die_if_unbearable(value, hint, conf=_configuration())
    except Violation as violation:
        return specific(violation)
    return ""


def specific(violation: Violation) -> str:
    """The end of what beartype says, where it names the item at fault."""
    return str(violation).strip().rstrip(".").partition(", as ")[2]


def compiled_check(name: str, signature: inspect.Signature, hints: Mapping[str, Any]) -> Callable[..., None]:
    """A function with this signature that does nothing but let beartype check its arguments against the hints.

    It raises ``Violation``, and Python's own TypeError for a call that does not fit the signature.
    """
    from beartype import beartype

    scope: dict[str, Any] = {}
    pieces: list[str] = []
    parameters = list(signature.parameters.values())
    for index, parameter in enumerate(parameters):
        before = parameters[index - 1].kind if index else parameter.POSITIONAL_ONLY
        if before is parameter.POSITIONAL_ONLY and parameter.kind is not before and index:
            pieces.append("/")
        if parameter.kind is parameter.KEYWORD_ONLY and before not in (
            parameter.KEYWORD_ONLY,
            parameter.VAR_POSITIONAL,
        ):
            pieces.append("*")
        star = (
            "*"
            if parameter.kind is parameter.VAR_POSITIONAL
            else "**"
            if parameter.kind is parameter.VAR_KEYWORD
            else ""
        )
        default = ""
        if parameter.default is not parameter.empty:
            scope[f"_default_{index}"] = parameter.default
            default = f"=_default_{index}"
        pieces.append(f"{star}{parameter.name}{default}")
        if parameter.kind is parameter.POSITIONAL_ONLY and index + 1 == len(parameters):
            pieces.append("/")
    exec(f"def {name}({', '.join(pieces)}): pass", scope)
    function: Callable[..., None] = scope[name]
    function.__annotations__ = dict(hints)
    return beartype(conf=_configuration())(function)


class Sizes:
    """Stands for an array: jaxtyping binds names to its shape."""

    __slots__ = ("shape",)
    dtype = np.dtype(np.bool_)

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


@cache
def sizes_annotation(text: str) -> Any:
    """``Shaped[Sizes, text]``; jaxtyping makes a new class at every subscription."""
    return jaxtyping().Shaped[Sizes, text]


Bound = list[tuple[Sizes, Any]]


def to_bind(sizes: Mapping[str, object]) -> Bound:
    """What to show jaxtyping so that it knows the sizes: names as ``n``, variadic ones as ``*n`` with a tuple."""
    single = {name: size for name, size in sizes.items() if isinstance(size, int)}
    spread = {name: size for name, size in sizes.items() if isinstance(size, tuple)}
    texts, shape = list(single), tuple(single.values())
    first, *others = list(spread.items()) or [("", ())]
    result = [(Sizes(shape + first[1]), sizes_annotation(" ".join([*texts, first[0]])))] if single or spread else []
    return result + [(Sizes(size), sizes_annotation(name)) for name, size in others]


def bind(bound: Bound) -> str:
    """Tell jaxtyping the sizes, in the call that it is now checking; what it has against them, if anything."""
    for sizes, annotation in bound:
        if not isinstance(sizes, annotation):
            return str(annotation.__instancecheck_str__(sizes)) or "the sizes differ"
    return ""
