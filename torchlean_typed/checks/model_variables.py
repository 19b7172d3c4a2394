"""Inputs and outputs in code for any model, ``def predict(model: Seq[I, O, P], params: TensorPack[P], x: I) -> O``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

from torchlean_typed.checks.annotations import class_of
from torchlean_typed.checks.readers import ArrayReader
from torchlean_typed.shapes.shape import Variadic
from torchlean_typed.shapes.unify import flexible
from torchlean_typed.tensor import Tensor


def with_shapes(hints: Mapping[str, Any]) -> dict[str, Any]:
    """The hints in which a type variable over what models take or give stands for a shape, where it is a tensor's too.

    ``model: Seq[I, O, P], x: I`` is ``model: Seq["*I", "*O", P], x: Shaped[Tensor, "*I"]``.
    """
    over = {one for hint in hints.values() for one in _inputs_and_outputs(hint)}
    if not any(hint in over for hint in hints.values() if isinstance(hint, TypeVar)):
        return dict(hints)
    shapes = {variable: _tensors(variable.__name__) for variable in over}
    return {name: _substituted(hint, shapes) for name, hint in hints.items()}


def _inputs_and_outputs(hint: Any) -> list[Any]:
    if getattr(get_origin(hint), "__name__", "") == "Seq":
        return [argument for argument in get_args(hint)[:2] if isinstance(argument, TypeVar)]
    return [variable for argument in get_args(hint) for variable in _inputs_and_outputs(argument)]


def _substituted(hint: Any, shapes: Mapping[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return shapes.get(hint, hint)
    variables = getattr(hint, "__parameters__", ())
    if isinstance(hint, type) or not set(variables) & set(shapes):
        return hint
    return hint[tuple(shapes.get(variable, variable) for variable in variables)]


def _tensors(name: str) -> type:
    """The annotation of tensors of the shape that a variable stands for."""
    reader = ArrayReader(Tensor, flexible((Variadic(name),)), None, "any dtype", True)
    return class_of(f'Shaped[Tensor, "*{name}"]', reader)
