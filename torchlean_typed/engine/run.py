"""Running a function of tensors, and keeping the programs that were compiled."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

from torchlean_typed.engine.codegen import Program
from torchlean_typed.engine.mode import _mode, current_mode
from torchlean_typed.graph import signature
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import _depth, is_tracing, leaf, leaf_of, make, tracing

Build = Callable[..., Sequence[Tensor]]

PROGRAM_LIMIT = 512
_programs: OrderedDict[Hashable, Program] = OrderedDict()
_lock = threading.Lock()


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
    return program(inputs) if program is not None else prepare(build, inputs, whole, check)


def kept(key: Hashable) -> Program | None:
    """The program for a key that has the signature in it, unless it is not known or programs are not used now."""
    if _mode.get() == "eager" or _depth.get():
        return None
    program = _programs.get(key)
    if program is not None:
        program.recent = True
    return program


def prepare(
    build: Build, inputs: Sequence[Tensor], key: Hashable | None, check: Callable[[], None] | None = None
) -> list[Tensor]:
    """As ``execute``, for a key that has the signature in it and of which no program is kept."""
    if check is not None:
        check()
    mode = current_mode()
    if is_tracing() or mode == "eager" or (mode == "auto" and key is None) or _are_recorded(inputs):
        return _immediately(build, inputs)
    program = trace(build, inputs)
    if key is not None:
        _keep(key, program)
    return program(inputs)


def _are_recorded(inputs: Sequence[Tensor]) -> bool:
    """Whether an input belongs to a recording, which a thread that was started in it does not know of."""
    return any([x._order for x in inputs])


def trace(build: Build, inputs: Sequence[Tensor]) -> Program:
    """Record ``build`` with shapes only, and compile it for inputs of these shapes and dtypes."""
    with tracing():
        leaves = [leaf(x.shape, x.dtype) for x in inputs]
        return Program(leaves, build(*leaves))


def _immediately(build: Build, inputs: Sequence[Tensor]) -> list[Tensor]:
    with tracing() as outermost:
        outputs = build(*[leaf_of(x) for x in inputs])
    if outermost and not _are_recorded(inputs):  # nobody differentiates further: forget how the values came about
        return [make(x._array) if x._order and x._array is not None else x for x in outputs]
    return list(outputs)


def _keep(key: Hashable, program: Program) -> None:
    """Put a new program among the others, of which the one that was used least recently may have to go."""
    with _lock:
        _programs[key] = program
        while len(_programs) > PROGRAM_LIMIT:
            oldest, candidate = next(iter(_programs.items()))
            _programs.move_to_end(oldest)
            if not candidate.recent:
                del _programs[oldest]
            candidate.recent = False  # a second chance: used once more before its next turn, it stays


def clear_cache() -> None:
    """Forget every compiled program."""
    with _lock:
        _programs.clear()
