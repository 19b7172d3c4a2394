"""The language around tensors: functions as values, star arguments, generics, decorators, loops that carry a state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random

from tests.fuzz.control import CHANGING, KEEPING, flag
from tests.fuzz.flow_ways import FLOW
from tests.fuzz.functions import begun, finish, step
from tests.fuzz.helpers import HELPERS
from tests.fuzz.object_helpers import OBJECT_HELPERS
from tests.fuzz.object_ways import OBJECT
from tests.fuzz.operands import new_tensor
from tests.fuzz.program import Line, Scope
from tests.fuzz.sizes import literal
from tests.fuzz.ways import BASIC, OF_NAMED_SIZES

DEFINITIONS = {**HELPERS, **OBJECT_HELPERS}
FLAG = "{flag}"
NAME = re.compile(r"\b[A-Za-z_]\w*")
Shapes = list[tuple[int, ...]]


def helped(module: Scope, way: str) -> None:
    """Put the definitions that a way mentions into the module, once, with what they mention themselves."""
    for name in NAME.findall(way):
        definition = DEFINITIONS.get(name)
        if definition is None or name in module.worlds[0].values:
            continue
        helped(module, re.sub(rf"\b{name}\b", "", definition))
        exec(definition, module.worlds[0].values)
        module.lines += [Line(line) for line in definition.splitlines()]


def filled(rng: Random, way: str, name: str, x: str, y: str) -> list[str]:
    """The statements of a way, with expressions of these tensors."""

    def one(ways: tuple[str, ...], of: str = x) -> str:
        text = rng.choice(ways).format(of)
        return f"({text})" if " " in text and not text.startswith("tl.") else text

    parts = {"a": one(KEEPING), "b": one(KEEPING), "c": one(CHANGING), "cz": one(CHANGING, "z"), "x": x, "y": y}
    parts["d"] = one(CHANGING if rng.random() < 0.2 else KEEPING)
    return way.format(r=name, flag="flag", **parts).splitlines()


def may_be_alike(one: Shapes, other: Shapes) -> bool:
    """Whether two tensors have one rank everywhere, and somewhere one shape, that is not of no elements."""
    return [*map(len, one)] == [*map(len, other)] and any(
        a == b and 0 not in a for a, b in zip(one, other, strict=True)
    )


def has_named_sizes(scope: Scope, name: str) -> bool:
    """Whether the first and the last size of a tensor are names: of others a condition may never be true."""
    shapes, names = scope.shapes(name), [*zip(*(world.sizes.values() for world in scope.worlds), strict=True)]
    return all(tuple(shape[axis] for shape in shapes) in names for axis in (0, -1))


def tried(scope: Scope, way: str, label: str) -> None:
    """The way on some of the tensors there are."""
    there = scope.tensors(lambda tensor: tensor.dtype.name == "float64" and tensor.ndim > 0 and tensor.size < 300)
    if label == OF_NAMED_SIZES:
        there = [name for name in there if has_named_sizes(scope, name)]
    if there:
        x = scope.rng.choice(there)
        alike = [name for name in there if name == x or may_be_alike(scope.shapes(name), scope.shapes(x))]
        y = scope.rng.choice(alike if "shape ==" in way or "shape !=" in way else there)  # else mypy says: never equal
        name = scope.fresh()
        scope.statements(filled(scope.rng, way, name, x, y), name, label, keep_wrong=scope.rng.random() < 0.6)


def language(module: Scope, number: int, kinds: Mapping[str, Sequence[str]] = BASIC) -> None:
    """Six ways, each in its turn, in a function or on tensors of concrete sizes."""
    rng = module.rng
    turns = [divmod(turn, len(kinds)) for turn in range(number * 6, number * 6 + 6)]
    labels = [[*kinds][index] for _, index in turns]
    ways = [kinds[label][turn % len(kinds[label])] for label, (turn, _) in zip(labels, turns, strict=True)]
    for way in ways:
        helped(module, way)
    if number % 3 == 0:
        for _ in range(3):
            shape = [literal(rng.randint(1, 4)) for _ in range(rng.choice((1, 2, 2, 3)))]
            module.attempt(new_tensor(rng, shape, "float64"), "made")
        for label, way in zip(labels, ways, strict=True):
            if FLAG not in way:  # of numbers there is one world
                tried(module, way, label)
        return
    function = begun(rng, module, "f", small=True, variadic=0.1)
    for label, way in zip(labels, ways, strict=True):
        if FLAG in way:
            flag(function)
        tried(function.scope, way, label)
    step(function)
    finish(function, module)


flow, objects = partial(language, kinds=FLOW), partial(language, kinds=OBJECT)
