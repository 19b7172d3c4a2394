"""Functions of more than tensors: of packs, rows, a model's parameters, losses, functions, and of what may be None."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import torchlean_typed as tl
from tests.fuzz.functions import Function, begun, concrete, finish, made_of, ones, shape_text, step
from tests.fuzz.models import LOSSES, chain, features, own_loss
from tests.fuzz.program import Scope, Sizes
from tests.fuzz.records import of_records
from torchlean_typed import loss

MAPS: dict[str, tuple[str, ...]] = {  # of functions of [n, m]: by what they give
    "n m": ("tl.tanh", "tl.exp", "lambda z: z * 2.0", "lambda z: z - tl.mean(z, axis=0, keepdims=True)"),
    "m n": ("lambda z: z.mT", "lambda z: tl.swapaxes(z, 0, 1)"),
    "n": ("lambda z: tl.sum(z, axis=1)", "lambda z: tl.logsumexp(z, axis=-1)"),
    "": ("tl.sum", "tl.mean", "lambda z: tl.sum(z ** 2)"),
}
NARROWED = (  # {r} of an {x} that has one or two axes
    "{r} = {x} if {x}.ndim == 1 else tl.sum({x}, axis=0)",
    "{r} = {x}.mT if {x}.ndim > 1 else {x}",
    "{r} = {x}[None] if {x}.ndim < 2 else {x}",
    "{r} = {x}.mT",
    "{r} = {x} * 2.0",
    "{r} = tl.tanh({x})[0]",
    "{r} = {x} + {x}",
    "{r} = tl.sum({x}, axis=-1)",
    "if {x}.ndim == 1:\n    {r} = tl.outer({x}, {x})\nelse:\n    {r} = {x}.mT @ {x}",
    "if {x}.ndim != 2:\n    {r} = {x}\nelse:\n    {r} = {x}[0]",
    "match {x}.ndim:\n    case 1:\n        {r} = {x}\n    case _:\n        {r} = tl.mean({x}, axis=0)",
    "match {x}.shape:\n    case (n_{r},):\n        {r} = tl.ones(n_{r})\n"
    "    case (_, n_{r}):\n        {r} = tl.ones(n_{r})",
    "if {x}.ndim not in (1, 3):\n    {r} = {x}[0]\nelse:\n    {r} = {x}",
    "{r} = autograd.fn.grad(lambda z: tl.sum(z ** 2), {x})",
    "{r} = autograd.fn.jacrev(tl.tanh, {x}).stacked",
    "{r} = autograd.fn.jvp(lambda z: tl.sum(z, axis=-1), {x}, {x})",
    "u_{r} = {x}\nif u_{r}.ndim == 1:\n    u_{r} = u_{r}[None, :]\n{r} = tl.sum(u_{r}, axis=0)",
    "u_{r} = {x}\nwhile u_{r}.ndim < 2:\n    u_{r} = u_{r}[None]\n{r} = u_{r}",
)


def try_each(function: Function, name: str, ways: tuple[str, ...], count: int = 3) -> None:
    """Some of the expressions that a parameter is good for."""
    scope = function.scope
    for way in scope.rng.sample(ways, min(count, len(ways))):
        scope.attempt(way.format(name), "special", keep_wrong=scope.rng.random() < 0.5)


def of_rows(function: Function, module: Scope) -> None:
    count, shape = function.scope.rng.choice(function.formal()).annotation or "1", shape_text(function)

    def made(sizes: Sizes) -> tl.Rows:
        (n,) = concrete(count, sizes)
        return tl.Rows(tl.ones((n, *concrete(shape, sizes))), (n,))

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        (n,) = concrete(count, sizes)
        if rng.random() < 0.5:
            return (
                f"autograd.fn.jacrev(lambda z: tl.ones({n}) * tl.sum(z), {ones(shape, sizes, rng if wrong else None)})"
            )
        return f"Rows({ones(f'{n} {shape}', sizes, rng if wrong else None)}, ({n},))"

    annotation = f'Rows["{count}", Float64[Tensor, "{shape}"]]'
    name = function.special(annotation, [made(world.sizes) for world in function.scope.worlds], given)
    ways = ("{0}[0]", "{0}[-1]", "{0}[1]", "{0}.stacked", "{0}.tensor", "len({0})", "tl.sum({0}.stacked, axis=0)")
    try_each(function, name, (*ways, "tl.stack([tl.tanh(row) for row in {0}])", "{0}.stacked[0] + {0}[0]"))


def of_packs(function: Function, module: Scope) -> None:
    shapes = [shape_text(function) for _ in range(function.scope.rng.randint(1, 3))]

    def made(sizes: Sizes) -> tl.TensorPack:
        return tl.TensorPack.of(*(tl.ones(concrete(shape, sizes)) for shape in shapes))

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        bad = rng.randrange(len(shapes)) if wrong else -1
        entries = [ones(shape, sizes, rng if index == bad else None) for index, shape in enumerate(shapes)]
        if rng.random() < 0.5:
            return f"TensorPack.of({', '.join(entries)})"
        named = ", ".join(f'"{letter}": {entry}' for letter, entry in zip("abc", entries, strict=False))
        return f"TensorPack.named({{{named}}})"

    annotation = f'TensorPack["{", ".join(shape or "()" for shape in shapes)}"]'
    name = function.special(annotation, [made(world.sizes) for world in function.scope.worlds], given)
    try_each(function, name, ("{0}[0]", "{0}[-1]", "{0} * 2.0", "{0}.flatten()", "{0}.dot({0})", "{0}.map(tl.tanh)"))
    parts = ", ".join(["first", *("_" for _ in shapes[1:])])
    function.scope.statements([f"{parts}, = {name}", "last = tl.tanh(first)"], "last", "unpacked")


def of_params(function: Function, module: Scope) -> None:
    scope = function.scope
    params, wrong_ones = module.worlds[0].values["params"], ("TensorPack.of(tl.ones(3))", "TensorPack.of()")

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        return rng.choice(wrong_ones if wrong else ("params", "params * 2.0", "model.init(seed=3)"))

    name = function.special("Params[model]", [params] * len(scope.worlds), given)
    try_each(function, name, ("{0} - 0.1 * {0}", "{0}[0]", "{0}.flatten()", "{0}.norm()"), 2)
    lead = scope.rng.choice([size.annotation or "1" for size in function.formal()])
    x = function.parameter(" ".join([lead, *map(str, features(module, "model"))]), "float64")
    y = scope.attempt(f"model({name}, {x})", "model")
    if y is not None and isinstance(scope.worlds[0].values[y], tl.Tensor):
        way = scope.rng.choice(("grad_params", "value_and_grad_params", "grad_x"))
        scope.attempt(f"autograd.model.{way}(model, {scope.rng.choice(LOSSES)}, {name}, {x}, {y})", f"model.{way}")


def of_optional(function: Function, module: Scope) -> None:
    scope, shape = function.scope, shape_text(function, 3)
    if any(parameter.is_optional for parameter in function.parameters):
        return

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        return ones(shape, sizes, rng) if wrong else rng.choice(("", "None", ones(shape, sizes)))

    values = [made_of(shape, "float64", w.sizes) if i % 2 else None for i, w in enumerate(scope.worlds)]
    name = function.special(f'Float64[Tensor, "{shape}"] | None = None', values, given)
    other = function.parameter(shape, "float64")
    result = scope.fresh()
    ways = (
        [f"{result} = {other} if {name} is None else {name} + {other}"],
        [f"if {name} is None:", f"    {result} = tl.tanh({other})", "else:", f"    {result} = {name} * {other}"],
        [f"{result} = {other}", f"if {name} is not None:", f"    {result} = {result} @ {name}.mT @ {other}"],
        [f"{result} = tl.stack([u for u in ({name}, {other}) if u is not None])[0]"],
        [f"{result} = ({name} if {name} is not None else {other} * 0.5)[None]"],
    )
    scope.statements(list(scope.rng.choice(ways)), result, "optional")


def of_losses(function: Function, module: Scope) -> None:
    scope, shape = function.scope, f"{shape_text(function, 1)} {function.names[0]}".strip()
    fits, is_no_scalar = own_loss(module, True), own_loss(module, False)

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        if wrong:
            return rng.choice(('loss.mse("none")', 'loss.cross_entropy_one_hot("none")', is_no_scalar))
        return rng.choice(("loss.mse()", 'loss.mse("sum")', "loss.cross_entropy_one_hot()", fits))

    name = function.special(f'OutputLoss["{shape}", "{shape}"]', [loss.mse()] * len(scope.worlds), given)
    x, y = (function.parameter(shape, "float64") for _ in range(2))
    try_each(function, name, (f"{{0}}({x}, {y})", f"{{0}}({x}, {x}[None])", f"{{0}}({x} * 2.0, {x})"))


def of_functions(function: Function, module: Scope) -> None:
    scope, names = function.scope, [size.annotation for size in function.formal()]
    n, m = (scope.rng.choice(names) for _ in range(2))
    result = scope.rng.choice(sorted(MAPS))
    shown = " ".join({"n": str(n), "m": str(m)}[axis] for axis in result.split())

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        return rng.choice(MAPS[result])

    value: Any = eval(MAPS[result][0], {"tl": tl})
    annotation = f'Callable[[Float64[Tensor, "{n} {m}"]], Float64[Tensor, "{shown}"]]'
    name = function.special(annotation, [value] * len(scope.worlds), given)
    x = function.parameter(f"{n} {m}", "float64")
    ways = [f"{{0}}({x})", f"{{0}}(tl.tanh({x}))", f"autograd.fn.vjp({{0}}, {x}, {{0}}({x}))"]
    ways += [f"autograd.fn.jvp({{0}}, {x}, {x})", f"autograd.fn.jacrev({{0}}, {x})"]
    ways += [f"autograd.fn.{way}({{0}}, {x})" for way in ("grad", "value_and_grad", "hessian")] if not result else []
    try_each(function, name, tuple(ways))


def of_unions(function: Function, module: Scope) -> None:
    """A tensor of one of two ranks, which its body tells apart."""
    scope, names = function.scope, [size.annotation for size in function.formal()]
    n, m = (str(scope.rng.choice(names)) for _ in range(2))
    shapes = (n, f"{m} {n}")

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        return ones(f"2 {shapes[1]}", sizes) if wrong else ones(rng.choice(shapes), sizes)

    values = [made_of(shapes[i % 2], "float64", world.sizes) for i, world in enumerate(scope.worlds)]
    name = function.special(" | ".join(f'Float64[Tensor, "{shape}"]' for shape in shapes), values, given)
    for way in scope.rng.sample(NARROWED, 3):
        result = scope.fresh()
        keep_wrong = scope.rng.random() < 0.5
        scope.statements(way.format(x=name, r=result).splitlines(), result, "narrowed", keep_wrong=keep_wrong)


WAYS: tuple[Callable[[Function, Scope], None], ...] = (
    of_rows,
    of_packs,
    of_params,
    of_optional,
    of_losses,
    of_functions,
    of_records,
    of_unions,
)


def arguments(module: Scope, number: int) -> None:
    """A function of two such parameters, and of what else its operations take."""
    first, second = number % len(WAYS), number // len(WAYS) % len(WAYS)
    chosen = [WAYS[first], *([WAYS[second]] if first != second else [])]
    if of_params in chosen:
        model = chain(module, "model")
        if model is None or module.attempt("model.init(seed=1)", "init", name="params") is None:
            return
    function = begun(module.rng, module, "f", small=True, variadic=0)
    for way in chosen:
        way(function, module)
    for _ in range(2):
        step(function)
    finish(function, module)
