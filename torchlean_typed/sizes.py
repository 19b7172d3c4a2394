"""Dim: an int that is a dimension. ``n: Dim["n"]`` in an annotation; ``x.shape[0]`` is one to the checker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Generic, Never

from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.shape import parse_dim

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Size = TypeVar("Size", default=Any)
    Result = TypeVar("Result")
    Formals = TypeVar("Formals")

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
        def __neg__(self) -> Dim: ...

    class _Call(Generic[Result, Formals]):
        """What a call of a shape-annotated function gives while the plugin works on it: the result and the formals."""

else:

    class Dim:
        """An int that is the dimension it names: ``def rows(n: Dim["n"]) -> Float64[Tensor, "n 3"]``.

        Any int will do for it; what it equals is then the size ``n`` of the function's other arguments and its
        result. ``+ - * //`` of dimensions and ints stay dimensions.
        """

        def __new__(cls, *args: object) -> Never:
            """Dim is an annotation, not a constructor."""
            raise TypeError('Dim is not called: any int is one; annotate with Dim["n"]')

        def __class_getitem__(cls, text: str) -> Any:
            """The annotation for an int that is the dimension ``text``."""
            if not isinstance(text, str):
                raise TypeError(f'Dim takes the text of one dimension, as in Dim["n"], got {text!r}')
            return Annotated[int, DimText(text)]


class DimText:
    """The mark on ``int`` that ``Dim["n"]`` leaves in an annotation, for the run-time check to read."""

    __slots__ = ("dim", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.dim: Dimension = parse_dim(text)

    def __repr__(self) -> str:
        return f"Dim[{self.text!r}]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DimText) and self.dim == other.dim

    def __hash__(self) -> int:
        return hash(self.dim)
