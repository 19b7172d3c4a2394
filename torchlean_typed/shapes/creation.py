"""The shape rules of constructors: from sizes and values to a new tensor's shape."""

from __future__ import annotations

import math

from torchlean_typed.shapes.bounds import at_least
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr
from torchlean_typed.shapes.shape import Shape
from torchlean_typed.shapes.vocabulary import fail, require_int, require_number, require_sizes


def creation(op: str, shape: object, *parameters: object) -> Shape:
    """``-> *shape``."""
    return require_sizes(shape, op)


def random(op: str, shape: object, seed: object, *parameters: object) -> Shape:
    """``-> *shape``, from a seed of 0 or more."""
    if isinstance(seed, (int, float, str, tuple)) or seed is None:
        if require_int(seed, op, "seed") < 0:
            fail(op, f"seed must be 0 or more, got {seed}", expected="0 or more", got=seed)
    return require_sizes(shape, op)


def eye(op: str, n_rows: object, n_cols: object = None, *parameters: object) -> Shape:
    """``-> n m``, m = n where it is not given."""
    return creation(op, (n_rows, n_rows if n_cols is None else n_cols))


def arange(op: str, start: object, stop: object = None, step: object = 1, *parameters: object) -> Shape:
    """``-> ceil((stop - start)/step)`` elements."""
    if stop is None:
        start, stop = 0, start
    for what, value in (("start", start), ("stop", stop), ("step", step)):
        require_number(value, op, what)
    if isinstance(step, (int, float)):
        if step == 0:
            fail(op, "step is 0", expected="a step other than 0", got=0)
        if isinstance(start, (int, float)) and isinstance(stop, (int, float)):
            return (_count(op, start, stop, step),)
        if (
            isinstance(step, int)
            and step > 0
            and isinstance(start, (int, DimExpr))
            and isinstance(stop, (int, DimExpr))
        ):
            span = stop - start
            return ((span + step - 1) // step if at_least(span, 0) else UNKNOWN,)  # from back to front there is nothing
    return (UNKNOWN,)


def _count(op: str, start: float, stop: float, step: float) -> int:
    """How many values lie from ``start`` to ``stop``, without it; as NumPy counts them."""
    if all(isinstance(value, int) for value in (start, stop, step)):
        return max(0, -int((start - stop) // step))
    steps = (stop - start) / step
    if not math.isfinite(steps):
        fail(op, f"the values from {start} to {stop} by {step} cannot be counted", got=steps)
    return max(0, math.ceil(steps))


def linspace(op: str, start: object, stop: object, num: object, *parameters: object) -> Shape:
    """``-> num``."""
    require_number(start, op, "start")
    require_number(stop, op, "stop")
    return require_sizes((num,), op)
