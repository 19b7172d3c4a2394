"""What a variable is after a branch in which sizes are known to be equal.

In ``if x.shape == y.shape: z = x + y`` the sum has the shape of either, and where the branch ends nobody knows that it
is one: of ``z = x`` in ``else``, and of what ``z`` was before, mypy would make two types. So a variable ends the branch
with what it is elsewhere, where that is the same by what is known in the branch: sizes do not change.

Of a shape of unknown rank and one that mypy takes for the same, it would keep the one of the branch that ends first.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, ClassVar

from mypy.binder import CurrentType
from mypy.typeops import make_simplified_union
from mypy.types import Type

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import replaced
from torchlean_mypy.types.facts import Facts, Learnt
from torchlean_mypy.types.unions import are_one_to_mypy, open_in, opened


class Branches:
    """What was known where a variable got its type in a branch, by the identity of mypy's note of it."""

    known: ClassVar[dict[int, tuple[object, Learnt]]] = {}


Checker.listeners.append(lambda api: Branches.known.clear())


def end(api: Any, level: int, *, is_last: bool, may_be_left_out: bool, depth: int = 1) -> None:
    """At the end of a branch, have what it leaves in variables be what other ways leave, as far as it is the same.

    ``level`` is that of the frame of mypy's binder around it, ``depth`` that of the statement, in frames; it may be the
    last branch of its statement, after which there may be a way on which none is taken.
    """
    binder, types = api.binder, Types(api)
    _keep_unknown(binder, level, depth if is_last else 0, may_be_left_out=may_be_left_out)
    for key in {key for frame in binder.frames[level + 1 :] for key in frame.types}:
        before = binder._get(key, level)
        if before is not None and _are_one(before.type, binder._get(key).type, Facts.active, types):
            binder._put(key, before.type, True)
        for other in binder.options_on_return[level - 1]:  # the branches that ended before
            _meet(binder, key, other, types)
        if Facts.active:
            here = binder._get(key)
            Branches.known[id(here)] = here, Facts.active


def _keep_unknown(binder: Any, level: int, depth: int, *, may_be_left_out: bool) -> None:
    """Have mypy not take what is of unknown rank on one way for what it is on another, in as many frames around it."""
    ended = [frame for frame in chain(*binder.options_on_return[level - 1 : level + 1]) if not frame.unreachable]
    for key in {key for frame in (*binder.frames[level + 1 :], *ended) for key in frame.types}:
        here, before = binder._get(key), binder._get(key, level)
        ways = [(binder.frames[-1], here), *((frame, frame.types.get(key, before)) for frame in ended)]
        left = [known.type for _, known in ways if known is not None]
        left += [before.type] if may_be_left_out and before is not None else []
        open_ones = open_in(left)
        for frame, known in ways if open_ones else ():
            if known is not None and (typ := opened(known.type, open_ones)) is not known.type:
                frame.types[key] = CurrentType(typ, known.from_assignment)
        if depth and before is not None and open_in([before.type, here.type]):  # or mypy sees no difference
            after = make_simplified_union([opened(typ, open_ones) for typ in left])
            if after != before.type and are_one_to_mypy(after, before.type):
                for index in range(level - depth, level + 1):
                    binder._put(key, after, True, index)


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
