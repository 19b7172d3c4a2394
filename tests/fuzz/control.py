"""Control flow in functions: conditions, loops that keep a shape, closures, optional arguments, lists and tuples."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.functions import Function, begun, finish, step
from tests.fuzz.program import Scope

KEEPING = ("tl.tanh({0})", "{0} * 0.5", "{0} + {0}", "tl.softmax({0})", "{0} - tl.mean({0}, axis=-1, keepdims=True)")
CHANGING = (
    "{0}[None]",
    "{0}.mT",
    "tl.flatten({0})",
    "{0}[0]",
    "tl.concat([{0}, {0}])",
    "{0}[1:]",
    "tl.sum({0}, axis=0)",
)


def _float(scope: Scope) -> str | None:
    there = scope.tensors(lambda tensor: tensor.dtype.name == "float64" and tensor.ndim > 0)
    return scope.rng.choice(there) if there else None


def flag(function: Function) -> str:
    """A parameter that is true in every other world."""
    if "flag" not in function.scope.variables:
        turns = [index % 2 == 0 for index, _ in enumerate(function.scope.worlds)]
        function.special("bool", turns, lambda rng, sizes, wrong: "True", "flag")
    return "flag"


def condition(function: Function, x: str) -> None:
    """``a if flag else b``: one of two."""
    scope, rng = function.scope, function.scope.rng
    flag(function)
    ways = (*KEEPING, *CHANGING)
    a, b = (rng.choice(ways).format(x) for _ in range(2))
    if all(scope.runs(text) for text in (a, b)):
        scope.attempt(f"{a} if flag else {b}", "condition")


def loop(function: Function, x: str) -> None:
    """A loop that keeps the shape of what it works on."""
    scope = function.scope
    name = scope.fresh()
    way = scope.rng.choice(KEEPING)
    heads = ["range(3)", "[1, 2]"]
    if all(world.values[x].shape[0] > 0 for world in scope.worlds if world.is_generic):  # else the body never ran
        heads.append(f"range({x}.shape[0])")
    head = scope.rng.choice(heads)
    head = f"for i_{name} in {head}:"
    scope.statements([f"{name} = {x}", head, f"    {name} = {way.format(name)}"], name, "loop")


def rebound(function: Function, x: str) -> None:
    """A variable that is bound again to another shape."""
    scope = function.scope
    name = scope.fresh()
    lines = [f"{name} = {x}", *(f"{name} = {scope.rng.choice((*KEEPING, *CHANGING)).format(name)}" for _ in range(2))]
    scope.statements(lines, name, "bound again")


def closure(function: Function, x: str) -> None:
    """A function within, which uses what is around it."""
    scope = function.scope
    name = scope.fresh()
    body = scope.rng.choice((*KEEPING, *CHANGING)).format("u")
    scope.statements([f"{name} = next(map(lambda u: {body}, [{x}]))"], name, "closure")


def items(function: Function, x: str) -> None:
    """Tuples and lists of tensors, unpacked or joined."""
    scope, rng = function.scope, function.scope.rng
    a, b = (rng.choice(KEEPING).format(x) for _ in range(2))
    name = scope.fresh()
    ways = (
        [f"{name}, _ = {a}, {b}"],
        [f"{name} = ({a}, {rng.choice(CHANGING).format(x)})[1]"],
        [f"{name} = tl.concat([{a}, {b}], axis=0)"],
        [f"{name} = tl.stack([{a} for _ in range(2)])"],
        [f"{name} = tl.stack([tl.tanh(row) for row in {x}])"],
        [f"{name} = tl.concat([row[None] for row in {x}])"],
        [f"{name} = {{'a': {a}, 'b': {b}}}['b']"],
        [f"_, *rest_{name} = [{a}, {b}, {a}]", f"{name} = rest_{name}[0]"],
        [f"for {name}, _ in zip([{a}], [{b}]):", "    pass"],
        [f"n_{name}, *_ = {x}.shape", f"{name} = tl.zeros((n_{name}, 2))"],
        [f"if {x}.ndim > 0:", f"    {name} = {a}", "else:", f"    {name} = {b}"],
        [f"if ({name} := {a}).ndim > 4:", f"    {name} = {b}"],
    )
    scope.statements(rng.choice(ways), name, "items")


WAYS: tuple[Callable[[Function, str], None], ...] = (condition, loop, rebound, closure, items)


def control(module: Scope, number: int) -> None:
    """A function with control flow between operations."""
    function = begun(module.rng, module, "f", small=True)
    for turn in range(4):
        x = _float(function.scope)
        if x is not None:
            WAYS[(number + turn) % len(WAYS)](function, x)
        if module.rng.random() < 0.5:
            step(function)
    finish(function, module)
