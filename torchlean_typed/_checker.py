"""Classes that exist for the mypy plugin alone: they stand in the types it makes, and never at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

if TYPE_CHECKING:
    from typing_extensions import TypeVar, TypeVarTuple

    Size = TypeVar("Size", default=Any, covariant=True)  # so that different dimensions join to int
    Axes = TypeVarTuple("Axes")
    Result = TypeVar("Result")
    Formals = TypeVar("Formals")

    class AnyTensor:
        """A base of Tensor: what a variable is declared to be that is bound to tensors of several shapes in turn."""

    class Dim(int, Generic[Size]):
        """An int that is the dimension it names. The plugin computes what the operators give."""

        def __add__(self, other: int) -> Dim: ...
        def __radd__(self, other: int) -> Dim: ...
        def __sub__(self, other: int) -> Dim: ...
        def __rsub__(self, other: int) -> Dim: ...
        def __mul__(self, other: int) -> Dim: ...
        def __rmul__(self, other: int) -> Dim: ...
        def __floordiv__(self, other: int) -> Dim: ...
        def __rfloordiv__(self, other: int) -> Dim: ...

    class Shape(tuple[int, ...], Generic[*Axes]):
        """The value of ``x.shape`` where the number of axes is not known; the plugin computes its items and slices."""

    class Call(Generic[Result, Formals]):
        """What a call of a shape-annotated function gives while the plugin works on it: the result and the formals."""
