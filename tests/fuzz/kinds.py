"""The kinds of programs, and the program of a number."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.arguments import arguments
from tests.fuzz.arrays import arrays
from tests.fuzz.calls import made_here, operation
from tests.fuzz.classes import classes
from tests.fuzz.control import control
from tests.fuzz.derivatives import of_names, of_numbers
from tests.fuzz.functions import symbolic
from tests.fuzz.language import flow, language, objects
from tests.fuzz.models import models, packs
from tests.fuzz.operands import with_arithmetic
from tests.fuzz.program import Program, Scope, World, namespace
from tests.fuzz.sizes import LITERALS, literal
from torchlean_typed.ops.op import TABLE


def straight(scope: Scope, number: int) -> None:
    """Operations one after the other on tensors of concrete sizes; each operation of the table has its turn."""
    names = sorted(TABLE)
    pool = with_arithmetic(scope, [literal(scope.rng.choice(LITERALS)) for _ in range(4)])
    for step in range(7):
        for _ in range(3):
            if operation(scope, pool, pool, made_here, names[(number * 3 + step) % len(names)] if step < 3 else None):
                break


KINDS: dict[str, Callable[[Scope, int], None]] = {
    "arguments": arguments,
    "arrays": arrays,
    "classes": classes,
    "control": control,
    "derivatives of names": of_names,
    "derivatives of numbers": of_numbers,
    "flow": flow,
    "language": language,
    "models": models,
    "objects": objects,
    "packs": packs,
    "straight": straight,
    "symbolic": symbolic,
}


def program(number: int) -> Program:
    """The program of a number."""
    rng = Random(number)
    kind = sorted(KINDS)[number % len(KINDS)]
    scope = Scope(rng, [World({}, namespace())])
    KINDS[kind](scope, number // len(KINDS))
    return Program(number, rng, kind, scope)
