"""The switch of the user-side checks."""

from __future__ import annotations

import os
from types import TracebackType

VARIABLE = "TORCHLEAN_TYPED_CHECKS"
_VALUES = {"1": True, "on": True, "true": True, "": True, "0": False, "off": False, "false": False}


def _from_environment() -> bool:
    value = os.environ.get(VARIABLE, "1").strip().lower()
    if value not in _VALUES:
        raise ValueError(f"{VARIABLE} must be 0 or 1, got {value!r}")
    return _VALUES[value]


class Switch:
    """Whether ``tl.checked`` checks: one for the process."""

    on: bool = _from_environment()


class set_checks:
    """Turn the checks of ``tl.checked`` functions off or on, for the whole process; as a context manager, within it.

    Off, a checked function is called as it is. The library's own checks stay on: they are its guarantee. The
    environment variable ``TORCHLEAN_TYPED_CHECKS=0`` turns the checks off from the start; jaxtyping's
    ``JAXTYPING_DISABLE=1`` does so too.

    >>> with tl.set_checks(False):
    ...     pass  # checked functions run unchecked here
    """

    def __init__(self, enabled: bool) -> None:
        if not isinstance(enabled, bool):
            raise TypeError(f"set_checks: takes True or False, got {enabled!r}")
        self._before, Switch.on = Switch.on, enabled

    def __enter__(self) -> None:
        """The checks are as they were set."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """The checks are as they were before."""
        Switch.on = self._before
