"""What a program does when it is executed: the judge of which mutants are bugs.

Nothing here knows of annotations. A program runs on the engine, its sizes distinct primes, the checks of annotations
off. Recorded are: what it raises; the shapes that each of its functions gives back; its result; and every
elementwise operation that stretches all of its operands, as [b, 1] with [1, b].
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from types import FrameType, ModuleType
from typing import Any

import numpy as np

import torchlean_typed as tl
from torchlean_typed.ops.op import Evaluator, Op
from torchlean_typed.shapes import rules

# Errors that are not of shapes: the logarithm of something else, a variable that is not there yet.
OF_VALUES = (NameError, tl.DomainError, ZeroDivisionError, OverflowError, np.linalg.LinAlgError)
Names = dict[tuple[str, int], dict[str, str]]


@dataclass
class Run:
    """What was seen of one execution."""

    error: Exception | None = None
    value: Any = None
    returned: dict[str, list[object]] = field(default_factory=dict)
    stretched: set[object] = field(default_factory=set)
    names: Names = field(default_factory=dict)  # the kind of each variable of each function


def execute(text: str, sizes: dict[str, int], file: str = "<program>", checks: bool = False) -> Run:
    """Execute a program's ``main`` with these sizes; with ``checks``, those of its annotations as well."""
    run = Run()
    sys.modules["program"] = program = ModuleType("program")  # a dataclass looks for its module
    module = program.__dict__
    with tl.set_checks(checks), tl.eager(), _outer_products(run), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        sys.setprofile(_profile(run, file))
        try:
            exec(compile(text, file, "exec"), module)
            run.value = flat(module["main"](**sizes))
        except Exception as error:
            run.error = error
        finally:
            sys.setprofile(None)
            del sys.modules["program"]
    run.names["<module>", 0] = {name: kind(value) for name, value in module.items()}
    return run


def verdict(original: Run, mutant: Run) -> str:
    """``raises``, ``shape`` or ``broadcast`` for a bug of shapes; otherwise ``values`` or ``same``: none."""
    if isinstance(mutant.error, OF_VALUES):
        return "values"
    if mutant.error is not None:
        return "raises"
    if any(shape not in original.returned[name] for name, shapes in mutant.returned.items() for shape in shapes):
        return "shape"
    if same_values(original.value, mutant.value):
        return "same"
    return "broadcast" if mutant.stretched - original.stretched else "values"


def shape_of(value: object) -> object:
    """The shapes in a value, whatever it is."""
    if isinstance(value, (tl.Tensor, np.ndarray)):
        return tuple(value.shape)
    if isinstance(value, tl.TensorPack):
        return ("pack", value.shapes)
    if isinstance(value, tl.Rows):
        return ("rows", len(value), shape_of(value[0]) if len(value) else None)
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, *map(shape_of, value))
    if isinstance(value, dict):
        return {key: shape_of(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: shape_of(getattr(value, one.name)) for one in fields(value)}
    return type(value).__name__


def flat(value: object) -> list[Any]:
    """All numbers in a value."""
    if isinstance(value, (tl.Tensor, np.ndarray, float, int, bool)):
        return [np.asarray(value)]
    if isinstance(value, dict):
        return flat(list(value.values()))
    if isinstance(value, (tuple, list, tl.TensorPack, tl.Rows)):
        return [number for item in value for number in flat(item)]
    if is_dataclass(value) and not isinstance(value, type):
        return [number for one in fields(value) for number in flat(getattr(value, one.name))]
    return []


def same_values(left: list[Any], right: list[Any]) -> bool:
    """Whether the numbers are the same."""
    return len(left) == len(right) and all(
        a.shape == b.shape and np.allclose(a, b, equal_nan=True) for a, b in zip(left, right, strict=True)
    )


def kind(value: object) -> str:
    """What a variable holds, so that a wrong one is one of the same kind."""
    kinds = {tl.Tensor: "tensor", tl.TensorPack: "pack", tl.Seq: "model", tl.OutputLoss: "loss"}
    for one, name in kinds.items():
        if isinstance(value, one):
            return name
    return type(value).__name__


def _profile(run: Run, file: str) -> Any:
    def profile(frame: FrameType, event: str, value: object) -> None:
        code = frame.f_code
        if event != "return" or code.co_filename != file or code.co_name == "<module>":
            return
        variables = run.names.setdefault((code.co_name, code.co_firstlineno), {})
        variables.update({name: kind(item) for name, item in frame.f_locals.items()})
        if code.co_name.startswith("<") and code.co_name != "<lambda>":
            return
        shapes = run.returned.setdefault(code.co_qualname, [])
        if shape_of(value) not in shapes:
            shapes.append(shape_of(value))

    return profile


@contextmanager
def _outer_products(run: Run) -> Iterator[None]:
    """Note each operation whose result has another shape than any of its operands: one that stretches them all."""
    apply = Evaluator.apply

    def noted(op: Op, operands: tuple[Any, ...], statics: tuple[Any, ...]) -> Any:
        result = apply(op, operands, statics)
        if op.rule in (rules.elementwise, rules.where):
            shapes = [operand.shape for operand in operands if isinstance(operand, tl.Tensor)]
            if result.shape not in shapes:
                run.stretched.add((op.name, *shapes))
        return result

    Evaluator.apply = staticmethod(noted)
    try:
        yield
    finally:
        Evaluator.apply = staticmethod(apply)
