"""A program that grows by being executed: each statement is tried in every world before it is written down.

A *world* gives the names of a scope their sizes. A concrete scope has one world without names; the body of a function
with symbolic dimensions has several: three of *generic* sizes, large and all different, and some of small ones, 0 and 1
among them. What a statement did in each world is its claim, which the verdict compares with what mypy says of its line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from types import ModuleType
from typing import Any

import torchlean_typed as tl
from tests.fuzz.quiet import quiet
from torchlean_typed.shapes.errors import ShapeError

HEAD = """\
import copy
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial, reduce, wraps
from itertools import accumulate, chain, pairwise
from typing import Annotated, Generic, NamedTuple, ParamSpec, Protocol, Self, TypedDict, TypeVar
from typing import overload, runtime_checkable

import numpy as np
from jaxtyping import Float, Float32, Float64, Int64, Bool, Shaped

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Params, Rows, Seq, ShapeError, Tensor, TensorPack, autograd, loss, nn

WRONG: bool = False
"""
LARGEST = 4_000  # elements: of two such tensors the outer product still fits
# What no type can rule out while a name stands for any size: that it is too small, or does not divide into parts.
TOO_SMALL = re.compile(
    r"index -?\d+ is out of range for an axis of size|a window of -?\d+ does not fit axis|size -\d+ is negative|"
    r"axis -?\d+ is empty|leaves nothing of the result|there is no mean|do not rise from 0 to|"
    r"(starts beyond its end|ends before it starts|takes what is not there) \(|"
    r"has no row -?\d+|offset -?\d+ lies outside of the matrix|has no \d+ equal parts|"
    r"do not divide (by 0|into \d+ groups)|needs at least one tensor"
)
NAME = re.compile(r"[^\W\d]\w*")
Sizes = dict[str, Any]


@dataclass
class World:
    """Sizes for the names of a scope, and what its variables hold with these sizes."""

    sizes: Sizes
    values: dict[str, Any]
    is_generic: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a statement did in one world: its value, or the ShapeError that it raised."""

    world: World
    value: Any

    @property
    def raised(self) -> bool:
        return isinstance(self.value, ShapeError)


@dataclass(frozen=True)
class Claim:
    """What a line did when it ran. ``label`` names the operation, for the counts; ``text`` is what was executed.

    ``owner`` is the function or the class in whose body the line stands, ``binds`` the variable that it binds, and
    ``lines`` how many belong to what was executed, this the last: if that raises, any of them may be reported.

    Of a library operation on concrete sizes mypy must know all, ``is_exact``; in the body of a function it cannot know
    whether a size is large enough, nor whether the windows within a model fit an input whose size it leaves open.
    """

    label: str
    outcomes: tuple[Outcome, ...]
    is_exact: bool = False
    text: str = ""
    owner: str = ""
    binds: str = ""
    lines: int = 1

    @property
    def is_of_tensors(self) -> bool:
        """Whether its value has shapes."""
        return any(hasattr(outcome.value, "shape") or hasattr(outcome.value, "shapes") for outcome in self.outcomes)

    @property
    def reads(self) -> set[tuple[str, str]]:
        """The names in what was executed, with the scope that they are looked up in: of a body's, also the module's."""
        names = NAME.findall(self.text)
        return {(owner, name) for name in names for owner in (self.owner, "")}

    @property
    def called(self) -> str:
        """The function, or the class of the object, that the line calls; empty where it calls the library."""
        return self.label.removeprefix("call ") if self.label.startswith("call ") else ""

    def is_excused(self, outcome: Outcome) -> bool:
        """Whether what was raised is about a size that is too small for what was asked of it."""
        return not self.is_exact and TOO_SMALL.search(str(outcome.value)) is not None

    @property
    def fails(self) -> bool:
        """Whether it raised where no size is small."""
        return any(outcome.raised for outcome in self.outcomes if outcome.world.is_generic)


@dataclass(frozen=True)
class Line:
    """A line of the program, with what it must show or report."""

    text: str
    claim: Claim | None = None


class Refused(Exception):
    """A statement that is no use: it raised something that is not about shapes."""


@dataclass
class Scope:
    """Statements one after the other that share variables: a module, or the body of a function."""

    rng: Random
    worlds: list[World]
    lines: list[Line] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    guard: str = ""
    count: int = 0
    owner: str = ""

    def evaluate(self, text: str) -> list[Outcome]:
        """What an expression gives in every world."""
        code = compile(text, "<program>", "eval")
        outcomes = []
        for world in self.worlds:
            try:
                with quiet():
                    value = eval(code, world.values)
            except ShapeError as error:
                value = error
            except tl.DomainError as error:
                raise Refused(str(error)) from None
            except Exception as error:
                sizes = f" with {world.sizes}" if world.sizes else ""
                self.strange.append(f"{text}{sizes}\n    raised {type(error).__name__}: {error}")
                raise Refused(str(error)) from None
            if getattr(value, "size", 0) > LARGEST:
                raise Refused(f"{text} has {value.size} elements")
            outcomes.append(Outcome(world, value))
        return outcomes

    def runs(self, text: str) -> bool:
        """Whether an expression raises nothing where no size is small."""
        try:
            return not any(outcome.raised for outcome in self.evaluate(text) if outcome.world.is_generic)
        except Refused:
            return False

    def attempt(self, text: str, label: str, *, keep_wrong: bool = True, name: str | None = None) -> str | None:
        """Try an expression: bind its value to a new variable; where it raises, write it down as one that does."""
        try:
            return self.claim(text, label, self.evaluate(text), keep_wrong=keep_wrong, name=name)
        except Refused:
            return None

    def claim(
        self, text: str, label: str, outcomes: list[Outcome], *, keep_wrong: bool, name: str | None = None
    ) -> str | None:
        """Write down an expression that gave this."""
        is_exact = len(self.worlds) == 1 and not label.startswith(("call", "model"))
        claim = Claim(label, tuple(outcomes), is_exact, text, self.owner)
        if claim.fails:
            if keep_wrong:
                self.add(f"{self.guard}reveal_type({text})", claim)
            return None
        name = name or self.fresh()
        claim = replace(claim, binds=name, lines=2)
        self.add(f"{name} = {text}")
        self.add(f"reveal_type({name})", claim)
        self.bind(name, claim.outcomes)
        return name

    def statements(self, lines: list[str], name: str, label: str, *, keep_wrong: bool = False) -> str | None:
        """Try statements that end with a variable bound; where they raise, they are written down where nothing runs."""
        code = compile("\n".join(lines), "<program>", "exec")
        outcomes = []
        for world in self.worlds:
            values = dict(world.values)
            try:
                with quiet():
                    exec(code, values)
            except ShapeError as error:
                outcomes.append(Outcome(world, error))
            except (IndexError, StopIteration, AssertionError):  # the first of no rows; an assertion that does not hold
                return None
            except Exception as error:
                self.strange.append(f"{lines}\n    raised {type(error).__name__}: {error}")
                return None
            else:
                if getattr(values[name], "size", 0) > LARGEST:
                    return None
                world.values.update(values)
                outcomes.append(Outcome(world, values[name]))
        claim = Claim(label, tuple(outcomes), False, "\n".join(lines), self.owner, name, len(lines) + 1)
        if claim.fails:
            if keep_wrong:
                self.add("if WRONG:")
                for line in lines:
                    self.add(f"    {line}")
                self.add(f"    reveal_type({name})", replace(claim, lines=len(lines) + 2))
            return None
        for line in lines:
            self.add(line)
        self.add(f"reveal_type({name})", claim)
        self.bind(name, outcomes)
        return name

    def bind(self, name: str, outcomes: Sequence[Outcome]) -> None:
        """A new variable; a world of small sizes in which it has no value ends here."""
        self.worlds = [outcome.world for outcome in outcomes if not outcome.raised]
        for outcome in outcomes:
            outcome.world.values[name] = outcome.value
        self.variables.append(name)

    def add(self, text: str, claim: Claim | None = None) -> None:
        self.lines.append(Line(text, claim))

    def fresh(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def shapes(self, name: str) -> list[tuple[int, ...]]:
        """The shape of a variable in each world."""
        return [world.values[name].shape for world in self.worlds]

    def tensors(self, accept: Callable[[Any], bool] = lambda tensor: True) -> list[str]:
        """The variables that hold tensors, in every world such as are accepted."""
        return [
            name
            for name in self.variables
            if all(isinstance(w.values.get(name), tl.Tensor) and accept(w.values[name]) for w in self.worlds)
        ]


@dataclass
class Program:
    """A program: a function of its number."""

    number: int
    rng: Random
    kind: str
    scope: Scope

    @property
    def name(self) -> str:
        return f"p{self.number:08d}"

    @property
    def lines(self) -> list[Line]:
        return [*(Line(text) for text in HEAD.splitlines()), *self.scope.lines]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines) + "\n"

    @property
    def claims(self) -> dict[int, Claim]:
        """What each line must show or report."""
        return {number: line.claim for number, line in enumerate(self.lines, 1) if line.claim is not None}


_HEAD = compile(HEAD, "<head>", "exec")


def namespace() -> dict[str, Any]:
    """The names that every program begins with."""
    module = ModuleType("fuzzed")
    sys.modules[module.__name__] = module  # where annotations of classes are read
    values = vars(module)
    values["reveal_type"] = lambda value: value
    exec(_HEAD, values)
    return values


def indented(lines: Sequence[Line], depth: int = 1) -> list[Line]:
    return [Line("    " * depth + line.text, line.claim) for line in lines]
