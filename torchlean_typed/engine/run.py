"""Running a function of tensors, and keeping the programs that were compiled."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from torchlean_typed.engine.closures import Captured, observing, unchanged
from torchlean_typed.engine.codegen import Program
from torchlean_typed.engine.mode import _mode, current_mode
from torchlean_typed.graph import signature
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import _depth, is_tracing, leaf, leaf_of, make, tracing

Build = Callable[..., Sequence[Tensor]]

PROGRAM_LIMIT = 512
_programs: dict[Hashable, Program] = {}
_checked: set[Hashable] = set()  # keys whose arguments have been found right: eager mode keeps no programs
_tick = itertools.count(1).__next__
_counts = {"compiled": 0, "evicted": 0}
_lock = threading.Lock()
_PROGRAMS_USED = ("auto", "compiled")


def execute(
    build: Build, inputs: Sequence[Tensor], key: Hashable | None = None, check: Callable[[], None] | None = None
) -> list[Tensor]:
    """The outputs of ``build(*leaves)``, where the leaves stand for ``inputs`` and derivatives may be taken.

    ``key`` names what ``build`` computes, for good: with a key a program is compiled once for each signature of the
    inputs and reused. Inside another function that is being recorded, everything becomes part of that recording.
    ``check`` looks at the inputs first; the signature of a program that is kept has passed it.
    """
    whole = None if key is None else (key, *signature(inputs))
    program = kept(whole) if whole is not None and not _are_recorded(inputs) else None
    return program.run(inputs) if program is not None else prepare(build, inputs, whole, check)


def kept(key: Hashable) -> Program | None:
    """The program for a key that has the signature in it, unless it is not known or programs are not used now."""
    if _depth.get() or _mode.get() not in _PROGRAMS_USED:
        return None
    program = _programs.get(key)
    if program is None or (program.is_current is not None and not program.is_current()):
        return None
    program.used = _tick()
    return program


def prepare(
    build: Build, inputs: Sequence[Tensor], key: Hashable | None, check: Callable[[], None] | None = None
) -> list[Tensor]:
    """As ``execute``, for a key that has the signature in it and of which no program is kept."""
    mode, is_recorded = current_mode(), _are_recorded(inputs)
    if check is not None and key not in _checked:
        check()
        if key is not None and not is_recorded:
            with _lock:
                if len(_checked) >= PROGRAM_LIMIT:
                    _checked.clear()
                _checked.add(key)
    if is_tracing() or mode == "eager" or (mode == "auto" and key is None) or is_recorded:
        return _immediately(build, inputs)
    program = _programs.get(key)
    if program is None or (program.is_current is not None and not program.is_current()):
        observed: dict[int, Captured] = {}
        with observing(observed if key is not None else None):
            program = trace(build, inputs)
        program.is_current = unchanged(observed.values())
        if key is not None:
            _keep(key, program)
    if mode == "inspected":
        raise Inspected(program)
    return program.run(inputs)


def _are_recorded(inputs: Sequence[Tensor]) -> bool:
    """Whether an input belongs to a recording, which a thread that was started in it does not know of."""
    return any([x._order for x in inputs])


def trace(build: Build, inputs: Sequence[Tensor]) -> Program:
    """Record ``build`` with shapes only, and compile it for inputs of these shapes and dtypes."""
    with tracing():
        leaves = [leaf(x.shape, x.dtype) for x in inputs]
        return Program(leaves, build(*leaves))


def _immediately(build: Build, inputs: Sequence[Tensor]) -> list[Tensor]:
    with tracing(within=_are_recorded(inputs)) as outermost:
        outputs = build(*[leaf_of(x) for x in inputs])
    if outermost:  # nobody differentiates further: forget how the values came about
        return [make(x._array) if x._order and x._array is not None else x for x in outputs]
    return list(outputs)


class Inspected(Exception):
    """Ends a call of which only the program is wanted."""

    def __init__(self, program: Program) -> None:
        self.program = program


def _keep(key: Hashable, program: Program) -> None:
    """Put a new program among the others, of which the one that was used least recently may have to go."""
    with _lock:
        _counts["compiled"] += 1
        _programs[key] = program
        program.used = _tick()
        while len(_programs) > PROGRAM_LIMIT:
            del _programs[min(_programs, key=lambda other: _programs[other].used)]
            _counts["evicted"] += 1


class CacheInfo(NamedTuple):
    """What is kept: programs, their limit, how many were ever compiled and had to go, and the bytes they work in."""

    programs: int
    limit: int
    compiled: int
    evicted: int
    nbytes: int


def cache_info() -> CacheInfo:
    """How many compiled programs are kept, and how much memory they keep to work in.

    >>> tl.clear_cache()
    >>> tl.cache_info().programs
    0
    """
    with _lock:
        nbytes = sum(program.nbytes for program in _programs.values())
        return CacheInfo(len(_programs), PROGRAM_LIMIT, _counts["compiled"], _counts["evicted"], nbytes)


def clear_cache() -> None:
    """Forget every compiled program, and give its memory back.

    >>> tl.clear_cache()
    """
    with _lock:
        _programs.clear()
        _checked.clear()
        _counts.update(compiled=0, evicted=0)
