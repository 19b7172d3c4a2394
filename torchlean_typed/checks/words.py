"""Types and values as they stand in messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np

from torchlean_typed.shapes.words import a as a
from torchlean_typed.shapes.words import made_from
from torchlean_typed.tensor import Tensor


def described(hint: Any) -> str:
    """What a hint asks for: ``a Tensor``, ``an int or None``, ``"mean", "sum" or "none"``."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is None or hint is NoneType:
        return "None"
    if origin is Literal:
        return _listed([f'"{value}"' if isinstance(value, str) else repr(value) for value in arguments])
    if origin in (Union, UnionType):
        return _listed([described(part) for part in arguments])
    if hint is Callable or origin is Callable or getattr(origin, "__name__", "") == "Callable":
        return "a function"
    if origin is Annotated:
        return described(arguments[0])
    if isinstance(hint, TypeVar):
        return described(hint.__bound__) if hint.__bound__ is not None else "anything"
    if isinstance(hint, type) and not arguments:
        return a(hint.__name__) if hint.__name__.isidentifier() else hint.__name__.replace("'", '"')
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])", "", str(hint)).replace("'", '"')


def found(value: object) -> str:
    """What a value is: ``ndarray``, ``None``, ``the function mse``, ``"abc"``, ``2.5``."""
    if value is None or isinstance(value, (bool, int, float, complex, np.generic)):
        return f"{type(value).__name__} {value}" if isinstance(value, np.generic) else repr(value)
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:37]}..."'
    if isinstance(value, type):
        return f"the class {value.__name__}"
    name = getattr(value, "__name__", None)
    if callable(value) and isinstance(name, str) and not isinstance(value, Tensor):
        return "a lambda" if name == "<lambda>" else f"the function {name}"
    return type(value).__name__


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def advice(value: object, hint: Any) -> str | None:
    """How to make of the value what the hint says, where that can be guessed."""
    wanted = getattr(hint, "__name__", "")
    classes = {np.generic: "generic", Tensor: "Tensor"}
    got = next((name for one, name in classes.items() if isinstance(value, one)), type(value).__name__)
    if (made := made_from(wanted, got)) is not None:
        return made
    if wanted in ("Seq", "OutputLoss") and callable(value) and type(value).__name__ not in ("Seq", "OutputLoss"):
        maker = f"{'nn' if wanted == 'Seq' else 'loss'}.{getattr(value, '__name__', '')}"
        if getattr(value, "__module__", "").startswith(f"torchlean_typed.{maker.partition('.')[0]}"):
            return f"call it: {maker}({'...' if isinstance(value, type) else ''})"
        return "wrap a function with nn.layer" if wanted == "Seq" else "wrap a function with OutputLoss"
    if hint is int and isinstance(value, np.integer):
        return "convert it with int(...)"
    return None
