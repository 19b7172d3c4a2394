"""The memory that programs keep from call to call: no more of it than a limit, whatever the number of programs."""

from __future__ import annotations

import threading
from typing import Protocol
from weakref import WeakKeyDictionary

MEMORY_LIMIT = 2**29  # bytes
_lock = threading.Lock()


class Holder(Protocol):
    """What keeps memory that it can do without."""

    def release(self) -> None:
        """Keep none, until the next call."""


_holders: WeakKeyDictionary[Holder, int] = WeakKeyDictionary()


def hold(holder: Holder, size: int) -> None:
    """Note that the holder keeps so many bytes now; over the limit, those that took theirs first release it."""
    with _lock:
        _holders.pop(holder, None)
        _holders[holder] = size  # the last one
        excess = sum(_holders.values()) - MEMORY_LIMIT
        for other in list(_holders):
            if excess <= 0 or other is holder:
                return
            excess -= _holders.pop(other)
            other.release()
