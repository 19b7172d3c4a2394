"""A case: what is computed, on which problem, and the bars that the engine is held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np


class Run(NamedTuple):
    """One framework's way through a case: a call, and what its result is as arrays in the common order and layout."""

    call: Callable[[], Any]
    arrays: Callable[[Any], list[np.ndarray]]


@dataclass(frozen=True)
class Case:
    """``kind`` is the function of the peers' modules that builds the run for ``problem``.

    ``bars`` says, for float64 and one thread, how many times as long as ours a peer's time should be at least.
    """

    name: str
    kind: str
    problem: Any
    bars: dict[str, float] = field(default_factory=dict)
    group: str = ""

    @property
    def dtype(self) -> str:
        return str(self.problem.dtype)

    @property
    def tolerance(self) -> float:
        """The largest difference between two frameworks' results, relative to the largest element of each array."""
        return 1e-9 if self.dtype == "float64" else 2e-4


def bars(jax: float | None = None, torch: float | None = None, hips: float | None = None) -> dict[str, float]:
    """The bars by peer, of those that have one."""
    return {name: bar for name, bar in (("jax", jax), ("torch", torch), ("hips", hips)) if bar is not None}
