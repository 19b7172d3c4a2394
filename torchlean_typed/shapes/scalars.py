"""What asks a tensor for its one element, for its truth and for its rows."""

from __future__ import annotations

from torchlean_typed.shapes.dim import same
from torchlean_typed.shapes.shape import Shape, size_of
from torchlean_typed.shapes.vocabulary import fail


def item(shape: Shape) -> None:
    """``x.item()``, ``float(x)`` and ``int(x)``: of one element."""
    count = size_of(shape)
    if same(count, 1) is False:
        fail("item", f"needs one element, got {count}", [("operand", shape)], expected=1, got=count)


def truth(shape: Shape) -> None:
    """``bool(x)``: of one element."""
    count = size_of(shape)
    if same(count, 1) is False:
        hint = "reduce it first, or use tl.allclose"
        fail("bool", f"the truth of {count} elements is ambiguous", [("operand", shape)], got=count, hint=hint)


def length(shape: Shape) -> None:
    """``len(x)`` and iteration: of one axis or more."""
    if shape == ():
        fail("len", "a scalar has no length", [("operand", shape)])
