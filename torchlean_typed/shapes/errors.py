"""ShapeError and the one renderer of shapes that the run time and the mypy plugin share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ShapeError(TypeError):
    """A shape (or the dtype of a shaped value) does not fit.

    The message is built from the fields, so a tool can read the fields and a person the text: ``op`` is the operation
    or function, ``operands`` its shaped arguments as ``(label, shape)``, ``axis`` the axis at fault where there is one,
    ``expected`` and ``got`` the two facts that disagree, ``hint`` the likely fix, ``position`` the number of the
    argument at fault among arguments of one kind (the layers of a Seq).

    >>> print(ShapeError("matmul", "inner dimensions differ", operands=[("left", (2, 3)), ("right", (4, 5))]))
    matmul: inner dimensions differ (left: [2, 3], right: [4, 5])
    """

    def __init__(
        self,
        op: str,
        problem: str,
        *,
        operands: Sequence[tuple[str, Any]] = (),
        axis: int | None = None,
        expected: object = None,
        got: object = None,
        hint: str | None = None,
        position: int | None = None,
    ) -> None:
        self.op, self.problem, self.operands, self.axis = op, problem, tuple(operands), axis
        self.expected, self.got, self.hint, self.position = expected, got, hint, position
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What mypy prints and what the exception says."""
        shown = ", ".join(f"{label}: {show(shape)}" for label, shape in self.operands)
        text = f"{self.op}: {self.problem}" + (f" ({shown})" if shown else "")
        return f"{text}; {self.hint}" if self.hint else text

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.op, self.problem, {name: getattr(self, name) for name in _FIELDS})


_FIELDS = ("operands", "axis", "expected", "got", "hint", "position")


def _rebuild(op: str, problem: str, fields: dict[str, Any]) -> ShapeError:
    return ShapeError(op, problem, **fields)


class DomainError(ValueError):
    """A value lies outside an operation's domain; the message names the first offending index."""


class TracingError(TypeError):
    """A value was asked for while a function was being traced for compilation, where only shapes are known."""


class Undetermined(Exception):
    """A rule could not decide: the result's shape is unknown. Raised with symbols only, never with integers."""


def show(shape: object) -> str:
    """A shape as it stands in every message: ``[b, 3]``; anything else as its own text."""
    return f"[{', '.join(map(str, shape))}]" if isinstance(shape, tuple) else str(shape)
