"""Calls of checked functions: how arguments and results are checked, and what is remembered of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from torchlean_typed.checks.annotations import known_sizes, plain_sizes
from torchlean_typed.checks.boundary import name_of, refusal, takes_self, violation
from torchlean_typed.checks.class_links import linked
from torchlean_typed.checks.containers import ItemsReader, UnionReader
from torchlean_typed.checks.fields import Fields, facts_of, fields_of, state_fields
from torchlean_typed.checks.hints import reader_of
from torchlean_typed.checks.libraries import (
    Bound,
    Violation,
    accepts,
    bind,
    compiled_check,
    is_checkable,
    jaxtyping,
    to_bind,
)
from torchlean_typed.checks.model_variables import with_shapes
from torchlean_typed.checks.namespaces import evaluated
from torchlean_typed.checks.readers import ArrayReader, Reader, Statements, wrong_type
from torchlean_typed.checks.words import a
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Shape
from torchlean_typed.shapes.unify import Unifier, require_possible

RESULT = "the result"
_KNOWN_LIMIT = 1024
_ABSENT = object()


@dataclass(eq=False)
class Solved:
    """What the arguments of a call said, and what they were found to be: kept for calls with the same facts."""

    said: Statements
    bound: Bound
    results: set[Any] = field(default_factory=set)
    ensured: set[tuple[str, Shape]] = field(default_factory=set)


@dataclass(eq=False)
class Frame:
    """One call of a checked function that is running. ``said`` is what has been said since, by ``ensure``."""

    plan: Plan
    solved: Solved
    said: Statements | None = None

    @property
    def statements(self) -> Statements:
        """All that is known of the names of this call."""
        return self.said or self.solved.said


current: ContextVar[Frame | None] = ContextVar("current", default=None)


@contextmanager
def running(frame: Frame) -> Iterator[None]:
    """While a call runs, ``ensure`` and nested checked functions know its sizes."""
    before = current.get()
    try:
        current.set(frame)  # in here, since Python may be interrupted as soon as it is set
        yield
    finally:
        current.set(before)


class Plan:
    """How the calls of one function are checked. Made when it is decorated; jaxtyping and beartype come at a call."""

    def __init__(self, function: Callable[..., Any], local: Mapping[str, Any], outer: Frame | None) -> None:
        self.function, self.local, self.outer = function, local, outer
        self.op = name_of(function, False)
        self.signature = inspect.signature(function)
        # by identity: two functions of equal code are two functions, and hashing code is slow
        self.codes = frozenset(map(id, _codes(getattr(inspect.unwrap(function), "__code__", None))))
        self.known: dict[Any, Solved] = {}
        self.ready = self.compiled = False
        self.has_self = takes_self(self.signature)
        self.is_constructor = function.__name__ == "__init__"
        parameters = list(self.signature.parameters.values())
        self.simple = all(p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD, p.POSITIONAL_ONLY) for p in parameters)
        self.order = [(p.name, p.default) for p in parameters]
        self.positional = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)

    def prepare(self, values: tuple[Any, ...] = ()) -> None:
        """Read the annotations, those of a method that mention classes with sizes at a call: they depend on its class.

        Raises:
            NameError: for a name that is not defined, or not yet.
            ShapeError: for an annotation that is no shape.
        """
        hints = evaluated(self.op, self.function, self.local)
        said = linked(self.function, self.signature, hints, values)
        if said is None:
            return
        said = with_shapes(said)
        self.result_hint = hints.pop("return", inspect.Signature.empty)
        self.hints = hints
        self.result = None if self.result_hint is inspect.Signature.empty else reader_of(said["return"])
        self.readers: list[tuple[int, Reader, str]] = []
        for index, parameter in enumerate(self.signature.parameters.values()):
            reader = reader_of(said[parameter.name]) if parameter.name in hints else None
            if reader is None:
                continue
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                base = tuple if parameter.kind is parameter.VAR_POSITIONAL else dict
                reader = Repeated(base, reader, reader.whole, parameter.name, index + 1 - self.has_self)
            elif parameter.default is None and not reader.takes(None):
                reader = UnionReader((reader,), True, reader.whole)
            shown = None if _is_operator(self.function) else parameter.name
            self.readers.append((index, reader, place_of(index + 1 - self.has_self, shown)))
        every = [reader for _, reader, _ in self.readers] + ([self.result] if self.result else [])
        self.names = frozenset(name for reader in every for name in reader.names())
        self.rest = {name: hint for name, hint in hints.items() if name not in self._read_whole()}
        self.ready = True

    def _read_whole(self) -> set[str]:
        names = list(self.signature.parameters)
        return {names[index] for index, reader, _ in self.readers if reader.whole}

    def compile(self) -> None:
        """Let beartype compile what is left to it; ``full`` has everything, for signatures seen for the first time."""
        name = self.function.__name__ if self.function.__name__.isidentifier() else "function"
        self.config = jaxtyping().config
        # what no run time can check, such as a Protocol, is for type checkers alone
        self.hints = {name: hint for name, hint in self.hints.items() if is_checkable(hint)}
        self.rest = {name: hint for name, hint in self.rest.items() if name in self.hints}
        self.check_full = compiled_check(name, self.signature, self.hints)
        self.check_rest = compiled_check(name, self.signature, self.rest) if self.rest else None
        has_result = self.result_hint is not inspect.Signature.empty and self.result_hint is not Any
        self.result_full = has_result and is_checkable(self.result_hint)
        self.result_rest = self.result_full and not (self.result is not None and self.result.whole)
        self.compiled = True

    def values(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The argument of each parameter, in order; None for a call that does not fit the signature."""
        if self.simple and len(args) <= self.positional:
            if not kwargs and len(args) == len(self.order):
                return args
            values, used = list(args), 0
            for name, default in self.order[len(args) :]:
                value = kwargs.get(name, _ABSENT)
                used += value is not _ABSENT
                values.append(default if value is _ABSENT else value)
            missing = any(value is inspect.Parameter.empty for value in values)
            return None if missing or used != len(kwargs) else tuple(values)
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError:
            return None
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], values: tuple[Any, ...]) -> Frame:
        """Check the arguments, in a jaxtyping context that has been entered: its names are bound here.

        Raises:
            ShapeError: for arguments that do not fit.
        """
        cls: Any = type(values[0]) if values else None
        fields: Fields = fields_of(cls) if self.has_self and values else ()
        key: Any = tuple([reader.facts(values[index]) for index, reader, _ in self.readers])
        if fields:
            key = (cls, facts_of(fields, values[0]), key)
        if self.outer is not None:
            key = (self.outer.said, key)
        solved = self.known.get(key)
        if solved is not None:
            bind(solved.bound)
            self.check(self.check_rest, args, kwargs)
            return Frame(self, solved)
        solved = self.solved(values, fields)
        bind(solved.bound)
        # what is still unknown jaxtyping cannot evaluate, and takes for an error
        self.check(self.check_rest if solved.said.unifier.unsolved else self.check_full, args, kwargs)
        if len(self.known) >= _KNOWN_LIMIT:
            self.known.clear()
        self.known[key] = solved
        return Frame(self, solved)

    def check(self, check: Callable[..., None] | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Let beartype check, and tell what it finds in our words."""
        if check is None:
            return
        try:
            check(*args, **kwargs)
        except Violation as told:
            raise violation(self.op, self.signature, self.hints, args, kwargs, told) from None

    def solved(self, values: tuple[Any, ...], fields: Fields) -> Solved:
        """What the arguments say, solved."""
        said = self.outer.statements.resumed(self.op) if self.outer is not None else Statements(Unifier(self.op))
        if fields:
            own = Statements(Unifier(self.op))
            state_fields(own, fields, values[0])
            own.unifier.solve()
            said.unifier.given(known_sizes(own.unifier.bindings))
        self.check_order(values)
        for index, reader, place in self.readers:
            _state(reader, said, values[index], place)
        said.unifier.solve()
        if isinstance(self.result, ArrayReader):
            require_possible(self.op, self.result.shape, said.unifier.sizes)
        return Solved(said, to_bind(plain_sizes(said.unifier.sizes)))

    def check_order(self, values: tuple[Any, ...]) -> None:
        """Tell arguments that were given in each other's place."""
        typed = [(values[i], reader.wanted, place) for i, reader, place in self.readers if reader.wanted]
        for value, wanted, place in typed:
            if isinstance(value, wanted):
                continue
            if any(isinstance(value, other) and not isinstance(given, other) for given, other, _ in typed):
                hint = f"the order is {self.op}({', '.join(list(self.signature.parameters)[self.has_self :])})"
                raise wrong_type(self.op, value, a(wanted.__name__), place, hint)

    def check_result(self, frame: Frame, result: Any) -> None:
        """Check the result against its annotation and the sizes of the call."""
        if self.result is None and not self.result_full:
            return
        whole = not self.result_rest
        facts = self.result.facts(result) if self.result is not None else None
        if frame.said is None and facts in frame.solved.results:
            full = False
        else:
            full = True
            said = frame.statements.resumed(self.op)
            if self.result is not None:
                _state(self.result, said, result, RESULT)
                said.unifier.solve()
                bind(to_bind(plain_sizes(said.unifier.sizes)))
                full = not said.unifier.unsolved
            if frame.said is None:
                frame.solved.results.add(facts)
        if self.result_full and (full or not whole) and not accepts(result, self.result_hint):
            raise refusal(self.op, result, self.result_hint, RESULT)


@dataclass(frozen=True)
class Repeated(ItemsReader):
    """``*args: A`` and ``**kwargs: A``: each is an argument of its own."""

    name: str
    number: int

    def state(self, to: Statements, value: Any, place: str) -> None:
        """Each says what it says."""
        named = value.items() if isinstance(value, Mapping) else ((self.name, item) for item in value)
        for offset, (name, item) in enumerate(named):
            self.item.state(to, item, place_of(self.number + offset, name))


def _state(reader: Reader, to: Statements, value: Any, place: str) -> None:
    with suppress(Undetermined):  # a model that leaves open how its own names are to be solved
        reader.state(to, value, place)


def _codes(code: CodeType | None) -> Iterator[CodeType]:
    """The code of a function and of all functions in it."""
    if code is not None:
        yield code
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                yield from _codes(constant)


def fields_checked(op: str, instance: object) -> None:
    """Check a new object's fields against their annotations.

    Raises:
        ShapeError: for fields that do not fit.
    """
    cls: Any = type(instance)
    fields = fields_of(cls)
    if fields:
        said = Statements(Unifier(op))
        state_fields(said, fields, instance)
        said.unifier.solve()


__all__ = ["Frame", "Plan", "ShapeError", "current", "fields_checked", "running"]


def _is_operator(function: Callable[..., Any]) -> bool:
    """Whether a function is a method such as ``__matmul__``, whose parameters nobody names."""
    name = getattr(function, "__name__", "")
    return name.startswith("__") and name.endswith("__") and name not in ("__init__", "__new__", "__call__")
