"""What a compiled function refers to besides its arguments: constant by construction, or an error.

A program is made once, with the values that its function's outer names have then. When a name stands for something else
later, or a list, a dict, a set or an object of the user's own holds something else, the next call notices, and the
function is traced again. Arrays, which can change unseen, are refused.
"""

from __future__ import annotations

import dis
import functools
import operator
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from torchlean_typed.checks.words import a
from torchlean_typed.immutable import Immutable
from torchlean_typed.shapes.errors import TracingError
from torchlean_typed.tensor import Tensor

_UNSEEN = (np.ndarray, bytearray)
_CONTAINERS = (list, dict, set, deque)
_MOST_ITEMS = 100
_MOST_ALONE = 8  # items that are compared one by one, which is faster for few
_OURS = __name__.partition(".")[0]
Named = Callable[[Any], str]
_observed: ContextVar[dict[int, Captured] | None] = ContextVar("observed", default=None)


@contextmanager
def observing(observed: dict[int, Captured] | None) -> Iterator[None]:
    """While a program is traced that will be kept, ``observe`` puts what it depends on there."""
    before = _observed.get()
    try:
        _observed.set(observed)  # in here, since Python may be interrupted as soon as it is set
        yield
    finally:
        _observed.set(before)


def observe(function: Callable[..., Any]) -> None:
    """Note that a user's function is being traced.

    Raises:
        TracingError: where it closes over something that may change, and the program would be kept.
    """
    observed = _observed.get()
    if observed is not None and id(function) not in observed:
        observed[id(function)] = Captured(function)


def unchanged(observed: Iterable[Captured]) -> Callable[[], bool] | None:
    """What tells at each call whether all this is what it was: one expression. None where nothing may change."""
    scope: dict[str, Any] = {"all": all, "map": map, "len": len, "is_": operator.is_}
    names: dict[int, str] = {}

    def named(value: Any) -> str:
        name = names.setdefault(id(value), f"v{len(names)}")
        scope[name] = value
        return name

    texts = dict.fromkeys(text for captured in observed for text in captured.conditions(named))
    if not texts:
        return None
    text = f"""\
def unchanged():
    try:
        return {" and ".join(texts)}
    except (KeyError, ValueError, AttributeError, IndexError):  # a name, or what a cell held, is gone
        return False
"""
    exec(compile(text, "<torchlean_typed closure>", "exec"), scope)
    return scope["unchanged"]  # type: ignore[no-any-return]


class Captured:
    """The values of the outer names that a function and the functions it calls refer to, as they were."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self._cells: list[tuple[CellType, Any]] = []
        self._globals: list[tuple[dict[str, Any], str, Any]] = []
        self._held: list[tuple[Any, list[Any]]] = []
        self._seen: set[int] = set()
        self._package = _package(function)
        self._visit(function, "")
        self._seen.clear()

    def conditions(self, named: Named) -> list[str]:
        """Texts that say that the names still stand for the same values, and these hold the same.

        After the function was traced: what it changed itself, such as a log, it does not depend on.
        """
        texts = [
            f"{named(names)}[{name!r}] is {named(value)}"
            for names, name, value in self._globals
            if names.get(name) is value
        ]
        texts += [
            f"{named(cell)}.cell_contents is {named(value)}" for cell, value in self._cells if _is_in_cell(cell, value)
        ]
        return texts + [_same_items(holder, items, named) for holder, items in self._held if _is_held(holder, items)]

    def _visit(self, value: Any, name: str) -> None:
        if isinstance(value, _UNSEEN):
            self._refuse(name, a(type(value).__name__))
        if isinstance(value, _CONTAINERS) and len(value) > _MOST_ITEMS:
            self._refuse(name, f"{a(type(value).__name__)} of more than {_MOST_ITEMS} items")
        if id(value) in self._seen:
            return
        self._seen.add(id(value))
        if isinstance(value, functools.partial):
            for part in (value.func, *value.args, *value.keywords.values()):
                self._visit(part, name)
        elif isinstance(value, MethodType):
            self._visit(value.__self__, name or "self")
            self._visit(value.__func__, name)
        elif isinstance(value, FunctionType):
            self._visit_function(value)
        elif isinstance(value, (tuple, frozenset)):
            for item in value:
                self._visit(item, name)
        elif isinstance(value, _CONTAINERS):
            self._hold(value, name)
        elif not isinstance(value, (type, Tensor, Immutable)):
            self._visit_object(value, name)

    def _visit_function(self, function: FunctionType) -> None:
        if _package(function) == _OURS:  # one of our decorators, or a function of this library
            wrapped = getattr(function, "__wrapped__", None)
            if wrapped is not None:
                self._visit(wrapped, "")
            return
        if _package(function) != self._package:
            return
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self._visit(default, "a default")
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                value = cell.cell_contents
            except ValueError:  # not defined yet: using it is an error of Python's
                continue
            self._cells.append((cell, value))
            self._visit(value, name)
        for name in sorted(_global_names(function.__code__)):
            value = function.__globals__.get(name)
            if name in function.__globals__ and not isinstance(value, (ModuleType, type)):
                self._globals.append((function.__globals__, name, value))
                self._visit(value, name)

    def _visit_object(self, value: Any, name: str) -> None:
        kind = type(value)
        if kind.__module__.partition(".")[0] == _OURS:
            wrapped = getattr(value, "function", None)  # a compiled function
            if wrapped is not None:
                self._visit(wrapped, name)
            return
        if kind.__module__.partition(".")[0] != self._package:
            return
        if hasattr(value, "__dict__"):
            self._hold(value, name)
        if callable(value) and isinstance(kind.__call__, FunctionType):
            self._visit_function(kind.__call__)

    def _hold(self, holder: Any, name: str) -> None:
        items = _items(holder)
        self._held.append((holder, items))
        for item in items:
            self._visit(item, name)

    def _refuse(self, name: str, what: str) -> None:
        own = getattr(self.function, "__name__", type(self.function).__name__)
        raise TracingError(
            f"{own} is compiled once and closes over {name}, {what}, which may change; pass it as an argument, make it "
            "a tensor or a tuple, or run in eager mode: `with tl.eager(): ...`"
        )


def _items(holder: Any) -> list[Any]:
    """What a container or an object holds, in order."""
    if isinstance(holder, (list, set, deque)):
        return list(holder)
    names = holder if isinstance(holder, dict) else vars(holder)
    return [*names.keys(), *names.values()]


def _is_in_cell(cell: CellType, value: Any) -> bool:
    try:
        return cell.cell_contents is value
    except ValueError:  # a cell that was emptied
        return False


def _is_held(holder: Any, items: list[Any]) -> bool:
    found = _items(holder)
    return len(found) == len(items) and all(map(operator.is_, found, items))


def _same_items(holder: Any, items: list[Any], named: Named) -> str:
    """The text that says that a container holds these items in this order, or an object these attributes."""
    name = named(holder)
    if isinstance(holder, list) and len(items) <= _MOST_ALONE:
        return " and ".join([f"len({name}) == {len(items)}", *_same_values(name, range(len(items)), items, named)])
    if isinstance(holder, (list, set, deque)):
        return f"len({name}) == {len(items)} and all(map(is_, list({name}), {named(items)}))"
    keys, values = items[: len(items) // 2], items[len(items) // 2 :]
    if isinstance(holder, dict) or len(keys) > _MOST_ALONE:
        holds = name if isinstance(holder, dict) else f"{name}.__dict__"
        return f"len({holds}) == {len(keys)} and all(map(is_, [*{holds}, *{holds}.values()], {named(items)}))"
    # as many attributes as then, and each of those then: so they have the same names
    return " and ".join([f"len(a := {name}.__dict__) == {len(keys)}", *_same_values("a", keys, values, named)])


def _same_values(name: str, keys: Iterable[Any], values: list[Any], named: Named) -> list[str]:
    return [f"{name}[{key!r}] is {named(value)}" for key, value in zip(keys, values, strict=True)]


def _package(function: Callable[..., Any]) -> str:
    function = getattr(function, "__func__", function)
    names = getattr(function, "__globals__", None)
    module = names.get("__name__", "") if names is not None else type(function).__module__
    return str(module).partition(".")[0]


def _global_names(code: CodeType) -> set[str]:
    """The global names that the code, and the code of functions in it, reads."""
    names = {str(line.argval) for line in dis.get_instructions(code) if line.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return names.union(*(_global_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)))
