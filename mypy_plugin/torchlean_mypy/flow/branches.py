"""What a variable is after a branch in which sizes are known to be equal.

In ``if x.shape == y.shape: z = x + y`` the sum has the shape of either, and where the branch ends nobody knows that it
is one: of ``z = x`` in ``else``, and of what ``z`` was before, mypy would make two types. So a variable ends the branch
with what it is elsewhere, where that is the same by what is known in the branch: sizes do not change.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mypy.types import Type

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import replaced
from torchlean_mypy.types.facts import Facts, Learnt


class Branches:
    """What was known where a variable got its type in a branch, by the identity of mypy's note of it."""

    known: ClassVar[dict[int, tuple[object, Learnt]]] = {}


Checker.listeners.append(lambda api: Branches.known.clear())


def end(api: Any, level: int) -> None:
    """At the end of a branch, have what it leaves in variables be what other ways leave, as far as it is the same.

    ``level`` is that of the frame of mypy's binder around it.
    """
    binder, types = api.binder, Types(api)
    for key in {key for frame in binder.frames[level + 1 :] for key in frame.types}:
        before = binder._get(key, level)
        if before is not None and _are_one(before.type, binder._get(key).type, Facts.active, types):
            binder._put(key, before.type, True)
        for other in binder.options_on_return[level - 1]:  # the branches that ended before
            _meet(binder, key, other, types)
        if Facts.active:
            here = binder._get(key)
            Branches.known[id(here)] = here, Facts.active


def _meet(binder: Any, key: Any, other: Any, types: Types) -> None:
    """Have a variable be one thing in this branch and in another."""
    here, there = binder._get(key), other.types.get(key)
    if there is None:
        return
    _, known_there = Branches.known.get(id(there), (None, None))
    if _are_one(here.type, there.type, Facts.active, types):
        binder._put(key, there.type, True)
    elif _are_one(here.type, there.type, known_there, types):
        other.types[key] = here


def _are_one(one: Type, other: Type, known: Learnt | None, types: Types) -> bool:
    """Whether two types are the same by what is known, and not without that."""
    if known is None or one == other:
        return False
    return replaced(one, known.put_in, types) == replaced(other, known.put_in, types)
