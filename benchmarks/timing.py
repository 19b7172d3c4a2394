"""Equal results first; then interleaved rounds, so that whatever slows the machine slows every framework."""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np

from benchmarks.case import Run

STATISTICS = Path("/proc/stat")


def difference(found: list[np.ndarray], expected: list[np.ndarray]) -> float:
    """The largest over the arrays of the largest difference relative to the largest element."""
    if [a.shape for a in found] != [a.shape for a in expected]:
        raise ValueError(f"shapes differ: {[a.shape for a in found]} and {[a.shape for a in expected]}")
    pairs = zip(found, expected, strict=True)
    return max(float(np.max(np.abs(a - b)) / (np.max(np.abs(b)) or 1.0)) for a, b in pairs)


def require_equal(runs: dict[str, Run], tolerance: float) -> None:
    """Every framework's result against the first one's.

    Raises:
        ValueError: where one differs by more than the tolerance.
    """
    results = {name: run.arrays(run.call()) for name, run in runs.items()}
    names = list(results)
    for name in names[1:]:
        off = difference(results[name], results[names[0]])
        if not off <= tolerance:
            raise ValueError(f"{name} differs from {names[0]} by {off:.1e}, more than {tolerance:.0e}")


def rest(most: float = 1.0) -> None:
    """Wait until the machine has had nothing to do for a twentieth of a second, at most so many seconds.

    Two threads that share a product wait for each other, so that anything else that runs costs them many times its
    share: other programs, and threads of another framework that have not come to rest. Only where the system says how
    busy it is.
    """
    end = perf_counter() + most
    while STATISTICS.exists() and perf_counter() < end:
        before = _busy()
        sleep(0.05)
        if _busy() - before <= 1:
            return


def _busy() -> int:
    """Hundredths of a second that all cores have worked; of the columns the fourth and fifth are idle."""
    counts = STATISTICS.read_text().partition("\n")[0].split()[1:9]
    return sum(map(int, [*counts[:3], *counts[5:]]))


def seconds(
    calls: dict[str, Callable[[], Any]], rounds: int, slice_seconds: float, between: Callable[[], None] | None = None
) -> dict[str, list[float]]:
    """Seconds a call, for each round. A call that is slow against the slice takes part in fewer rounds, at least 3.

    ``between`` is called before each round.
    """
    counts, most = {}, {}
    for name, call in calls.items():
        call()
        once = min(_timed(call, 1) for _ in range(3))
        counts[name] = max(1, round(slice_seconds / once))
        most[name] = max(3, min(rounds, round(10 * rounds * slice_seconds / once)))
    gc.collect()
    gc.freeze()  # what is set up by now is not looked at again
    found: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for number in range(rounds):
        first = number % len(names)
        if between is not None:
            between()
        for name in names[first:] + names[:first]:
            if number < most[name]:
                calls[name]()  # with its own data in the caches, and after the others' threads have come to rest
                found[name].append(_timed(calls[name], counts[name]))
    gc.unfreeze()
    return found


def _timed(call: Callable[[], Any], count: int) -> float:
    start = perf_counter()
    for _ in repeat(None, count):
        call()
    return (perf_counter() - start) / count


def ratios(theirs: list[float], ours: list[float]) -> list[float]:
    """Round by round, their time over ours."""
    return [a / b for a, b in zip(theirs, ours, strict=False)]
