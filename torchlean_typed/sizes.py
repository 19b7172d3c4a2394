"""Sizes: ``Dim``, the annotation of an int that is a dimension, ``n: Dim["n"]``, and what is asserted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never, Protocol

from torchlean_typed.brackets import MYPY
from torchlean_typed.shapes.vocabulary import exact_quotient

__all__ = ["Dim", "divides"]

if MYPY:
    # Of all of typing's forms, mypy takes only a Literal's text for a text and not for the name of a type. The plugin
    # makes of Dim["n"] what is declared in _checker.py.
    from typing import Literal as Dim
elif TYPE_CHECKING:

    class Dim(Any, Protocol):
        """An int goes for it, since it has an int's index, and it for an int, or anything."""

        def __index__(self) -> int: ...
        def __class_getitem__(cls, text: str) -> Any: ...

else:

    class Dim:
        """An int that is the dimension it names: ``def rows(n: Dim["n"]) -> Float64[Tensor, "n 3"]``.

        Any int will do for it; what it equals is then the size ``n`` of the function's other arguments and of its
        result. ``x.shape[0]`` is one to the checker, and ``+ - * //`` of dimensions and ints stay dimensions.
        """

        def __new__(cls, *args: object) -> Never:
            """Dim is an annotation, not a constructor."""
            raise TypeError('Dim is not called: any int is one; annotate with Dim["n"]')

        def __class_getitem__(cls, text: str) -> Any:
            """The annotation for an int that is the dimension ``text``."""
            from torchlean_typed.checks.annotations import dim_annotation

            return dim_annotation(text)


def divides(divisor: int, size: int) -> None:
    """Assert that a size is a multiple of another: from here on, the checker knows that ``h*(d//h)`` is ``d``.

    Raises:
        ShapeError: where it does not.

    >>> tl.divides(4, 64)
    >>> tl.divides(3, 64)
    Traceback (most recent call last):
        ...
    torchlean_typed.shapes.errors.ShapeError: divides: 3 does not divide 64
    """
    exact_quotient(size, divisor, "divides", f"{divisor} does not divide {size}", ())
