"""Annotations evaluated where they stand, also those that are texts or name what a function around them defines."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from types import FrameType, SimpleNamespace
from typing import Any, get_type_hints

from torchlean_typed.shapes.errors import ShapeError


def surroundings(function: Callable[..., Any], frame: FrameType | None) -> dict[str, Any]:
    """The local variables around a function's definition that its annotations, where they are texts, may name.

    Of a function that no module holds, a NamedTuple's constructor, also the module's.
    """
    texts = (getattr(text, "__forward_arg__", text) for text in function.__annotations__.values())
    wanted = set(re.findall(r"[A-Za-z_]\w*", " ".join(text for text in texts if isinstance(text, str))))
    found: dict[str, Any] = {}
    outer = frame.f_globals if frame is not None and function.__module__ not in sys.modules else {}
    for _ in range(function.__qualname__.count(".")):
        if frame is None or frame.f_locals is frame.f_globals or not wanted:
            break
        found = {**{name: value for name, value in frame.f_locals.items() if name in wanted}, **found}
        frame = frame.f_back
    return {**{name: value for name, value in outer.items() if name in wanted}, **found}


def evaluated(op: str, function: Callable[..., Any], local: Mapping[str, Any]) -> dict[str, Any]:
    """The function's annotations as types.

    Raises:
        NameError: for a name that is not defined, or not yet.
        ShapeError: for an annotation that cannot be read.
    """
    module = getattr(inspect.unwrap(function), "__globals__", None) or vars(sys.modules[function.__module__])
    hints: dict[str, Any] = {}
    for name, annotation in function.__annotations__.items():
        holder: Any = SimpleNamespace(__annotations__={name: annotation})
        try:
            hints[name] = get_type_hints(holder, dict(module), dict(local), include_extras=True)[name]
        except (NameError, ShapeError):
            raise
        except Exception as error:
            what = "the result" if name == "return" else f'"{name}"'
            text = str(annotation).replace("'", '"')
            problem = f"the annotation of {what}, {text}, cannot be read: {error}"
            raise ShapeError(op, problem, expected="an annotation", got=str(annotation)) from error
    return hints
