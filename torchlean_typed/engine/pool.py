"""Memory for results: arrays that come back into use when nobody holds them any more."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from sys import getrefcount
from typing import Any

import numpy as np

Kind = tuple[tuple[int, ...], np.dtype[Any], bool]
_PER_RESULT = 3
# Without a global lock two threads could see one array free.
_CAN_COUNT = getattr(sys, "_is_gil_enabled", lambda: True)()


class Pool:
    """For each result of a program a few arrays. One is handed out again only when nothing else refers to it.

    Every view of an array, and so every tensor, row and NumPy array that shows it, refers to it. Touching memory for
    the first time costs as much as computing what is put there: reuse is worth the memory of the last results.
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = kinds
        self._arrays: list[tuple[list[np.ndarray], Kind]] = [([], kind) for kind in kinds]

    def take(self) -> list[np.ndarray]:
        """An array for each result, with anything in it, or what the program wrote before among zeros."""
        return [_unheld(arrays, kind) for arrays, kind in self._arrays]

    @property
    def size(self) -> int:
        """The bytes of all arrays that it may keep."""
        return _PER_RESULT * sum(math.prod(kind[0]) * kind[1].itemsize for kind in self._kinds)

    def release(self) -> None:
        """Keep no array."""
        self._arrays = [([], kind) for kind in self._kinds]


def _unheld(arrays: list[np.ndarray], kind: Kind) -> np.ndarray:
    if _CAN_COUNT:
        for array in arrays:
            if getrefcount(array) == _COUNT:
                return array
    shape, dtype, zeroed = kind
    array = np.zeros(shape, dtype) if zeroed else np.empty(shape, dtype)
    if len(arrays) >= _PER_RESULT:
        del arrays[0]
    arrays.append(array)
    return array


def _count_of_unheld() -> int:
    """What ``getrefcount`` says in a loop like that above of an array that only the list holds."""
    for array in [np.empty(0)]:
        return getrefcount(array)
    raise AssertionError


_COUNT = _count_of_unheld()
