"""The switch between running immediately and running compiled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Literal

Mode = Literal["auto", "eager", "compiled", "inspected"]
_mode: ContextVar[Mode] = ContextVar("mode", default="auto")


def current_mode() -> Mode:
    """``auto`` (models are compiled, plain functions run immediately) unless a ``with`` block says otherwise.

    In the mode ``inspected`` a call ends where its program is known.
    """
    return _mode.get()


@contextmanager
def use(mode: Mode) -> Iterator[None]:
    """Run what is in the block in this mode."""
    before = _mode.get()
    try:
        _mode.set(mode)  # in here, since Python may be interrupted as soon as it is set
        yield
    finally:
        _mode.set(before)


def eager() -> AbstractContextManager[None]:
    """Within ``with tl.eager():`` everything runs immediately: a function may look at values, and prints show them.

    >>> with tl.eager():
    ...     tl.autograd.fn.grad(lambda x: tl.sum(x * x), tl.tensor([1.0]))
    Tensor([2.], float64[1])
    """
    return use("eager")


def compiled() -> AbstractContextManager[None]:
    """Within ``with tl.compiled():`` everything is traced with shapes only and run as a flat program.

    A function that looks at a value raises ``TracingError``. A plain Python function is traced at every call, since
    what it closes over may have changed; ``tl.compile(f)`` traces it once.

    >>> with tl.compiled():
    ...     tl.autograd.fn.grad(lambda x: tl.sum(x * x), tl.tensor([1.0]))
    Tensor([2.], float64[1])
    """
    return use("compiled")
