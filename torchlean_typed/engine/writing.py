"""What a line of a program is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torchlean_typed.tensor import Tensor

Uses = Callable[[Tensor], int]


@dataclass(frozen=True)
class Write:
    """One way to compute a node: texts with places for operands, ``{0}``, static parameters, ``{s0}``, and ``{out}``.

    ``result`` is an expression for the result; ``into``, where there is one, a call that writes it into a buffer, which
    with ``inplace`` may be one of the operands, and which with ``zeroed`` has zeros wherever it does not write. A
    ``view`` shares the memory of its operand and always does; what is not ``fresh`` may. ``scope`` has what the texts
    name.
    """

    result: str
    operands: tuple[Tensor, ...]
    into: str | None = None
    statics: tuple[Any, ...] = ()
    inplace: bool = False
    zeroed: bool = False
    view: bool = False
    fresh: bool = True
    scope: dict[str, Any] = field(default_factory=dict)
