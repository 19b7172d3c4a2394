"""Hooks for calls that mypy has a hook of its own for, ``options.get("rate")`` of a TypedDict: it asks ours alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mypy.types import Type


def refining(mypys: Callable[[Any], Type], hook: Callable[..., Type]) -> Callable[..., Type]:
    """Our hook, which starts from what mypy's own makes of the call."""
    return lambda ctx, name: hook(ctx._replace(default_return_type=mypys(ctx)), name=name)
