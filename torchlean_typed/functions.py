"""What is asked of a user's function, be it a layer, a loss or an Fn, and what its annotations tell."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.user_functions import require_arguments
from torchlean_typed.tensor import Tensor


def require_function(op: str, fn: object, arguments: str, count: int) -> None:
    """Something that can be called with ``count`` arguments, which ``arguments`` describes.

    Raises:
        ShapeError: for what is no function, and for one that takes others.
    """
    if not callable(fn):
        got = type(fn).__name__
        raise ShapeError(op, f"needs a function, got {got}", expected="a function", got=got)
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):  # one written in C says nothing
        return
    require_arguments(op, name_of(fn), signature, arguments, count)


def require_tensor(op: str, fn: Callable[..., object], result: object) -> Tensor:
    """What a user's function gives must be a tensor."""
    if not isinstance(result, Tensor):
        got = type(result).__name__
        hint = "return a Tensor, for example tl.sum(...)"
        raise ShapeError(op, f"{name_of(fn)} returns {got}, not a Tensor", expected="Tensor", got=got, hint=hint)
    return result


def name_of(fn: object) -> str:
    """How messages call a function."""
    return getattr(fn, "__name__", type(fn).__name__)


def annotated_shapes(fn: Callable[..., Any]) -> tuple[list[str | None], str | None]:
    """The texts of the jaxtyping annotations of the parameters, in order, and of the result; None for no annotation."""
    try:
        signature = inspect.signature(fn, eval_str=True)
    except (TypeError, ValueError, NameError):
        return [], None
    texts = [getattr(parameter.annotation, "dim_str", None) for parameter in signature.parameters.values()]
    return texts, getattr(signature.return_annotation, "dim_str", None)


def annotated_pack(fn: Callable[..., Any]) -> PackKind | None:
    """The shapes in the annotation of the first parameter, where that is of a TensorPack."""
    try:
        first, *_ = inspect.signature(fn, eval_str=True).parameters.values()
    except (TypeError, ValueError, NameError):
        return None
    kind = getattr(getattr(first.annotation, "reader", None), "pack", None)
    return kind if isinstance(kind, PackKind) else None
