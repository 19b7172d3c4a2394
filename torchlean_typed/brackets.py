"""Classes that take texts in brackets, ``TensorPack["32 64, 32"]``, as checkers without a plugin are to see them.

mypy has the plugin. Pyright leaves the brackets of a class alone where the class has a ``__class_getitem__`` of its own
and is not generic: so to it, none of ours is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["MYPY", "Generic", "Sequence"]

MYPY = False  # mypy takes it to be True

if MYPY or not TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Generic
else:
    import collections.abc
    from typing import Any

    class Generic:
        """No generic class."""

        def __class_getitem__(cls, given: Any) -> Any: ...

    class Sequence(collections.abc.Sequence[Any]):
        """A sequence of anything."""

        def __class_getitem__(cls, given: Any) -> Any: ...
