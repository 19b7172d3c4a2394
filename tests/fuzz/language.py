"""The language around tensors: functions as values, star arguments, generics, decorators, loops that carry a state."""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.control import CHANGING, KEEPING
from tests.fuzz.functions import begun, finish, step
from tests.fuzz.helpers import HELPERS
from tests.fuzz.operands import new_tensor
from tests.fuzz.program import Line, Scope
from tests.fuzz.sizes import literal

# What binds {r}: {x} is a tensor, {y} another, {a} and {b} have the shape of {x}, {c} has another, {d} either.
FUNCTIONS = (
    "{r} = operator.matmul({x}, {y})",
    "{r} = operator.mul({a}, {d})",
    "{r} = operator.neg({c})",
    "{r} = operator.getitem({x}, 0)",
    "f_{r} = tl.tanh\n{r} = f_{r}({c})",
    "f_{r} = {{'add': tl.add, 'multiply': tl.multiply}}['multiply']\n{r} = f_{r}({x}, {d})",
    "{r} = (tl.add if {x}.ndim > 1 else tl.subtract)({a}, {d})",
    "{r} = sized({x}.shape[0])",
    "{r} = partial(tl.concat, axis=0)([{a}, {d}])",
    "{r} = partial(tl.sum, axis=-1)({x})",
    "{r} = partial(tl.add, {x})({d})",
    "f_{r} = partial(tl.matmul, {x})\n{r} = f_{r}({y})",
    "{r} = list(map(tl.tanh, [{a}, {b}]))[0]",
    "{r} = [*map(tl.add, ({a}, {b}), ({x}, {d}))][1]",
    "{r} = next(map(lambda u: u[None], [{c}]))",
    "{r} = reduce(operator.add, [{a}, {b}])",
    "{r} = reduce(lambda u, v: u + v, ({a}, {b}), {a})",
    "{r} = max([{a}, {b}], key=lambda u: float(tl.sum(u)))",
    "{r} = sorted([{a}, {b}], key=lambda u: u.ndim)[0]",
    "{r} = sum([{a}, {b}], start={x})",
    "{r} = applied(lambda u: u @ u.mT, {x})",
    "{r} = split_heads({x}, 1)",
    "{r} = joined_heads({x}[..., None])",
    "{r} = scaled({d}, by=2.0)",
    "{r} = traced({c})",
    "{r} = same({c})",
    "{r} = first({a}, {b})",
    "{r} = total({a}, {d})",
    "{r} = total(*[{a}, {b}])",
    "{r} = total(*({x}, {d}))",
    "{r} = named_total(a={a}, b={d})",
    "{r} = either({x})",
    "{r} = table() @ tl.ones((4, 2))",
    "{r} = table() @ {x}",
    "{r} = sized(3) + tl.ones(3)",
)
CONTAINERS = (
    "{r} = [u + v for u, v in zip([{a}, {b}], [{b}, {d}])][0]",
    "{r} = Shift.of({c}).w",
    "{r} = tl.concat([g({x}) for g in (tl.tanh, tl.exp)], axis=-1)",
    "{r} = tl.stack([u * 2.0 for u in ({a}, {d})])",
    "{r} = reduce(operator.add, [{a}, {d}])",
    "{r} = [u + v for u in ({a}, {b}) for v in ({x}, {d})][0]",
    "pair_{r} = ({a}, {d})\n{r} = tl.add(*pair_{r})",
    "pair_{r} = ({d}, {c})\n_, {r} = pair_{r}",
    "{r} = tl.stack([*map(tl.exp, ({a}, {b}))])",
    "{r} = tl.concat([*({a}, {b}), {d}])",
    "{r} = [*reversed([{a}, {b}])][0]",
    "{r} = dict(zip('ab', [{a}, {b}]))['a']",
    "{r} = {{k_{r}: u * 2.0 for k_{r}, u in {{'a': {a}, 'b': {b}}}.items()}}['b']",
    "d_{r} = {{'a': {a}, 'b': {b}}}\n{r} = d_{r}['a'] + d_{r}.get('b', {b})",
    "{r} = next(iter([{c}]))",
    "{r} = next(chain([{a}], [{b}]))",
    "{r} = [u @ v.mT for u, v in pairwise([{a}, {b}, {x}])][1]",
    "*_, {r} = accumulate([{a}, {b}], lambda u, v: u * v)",
    "{r} = tl.concat([w_{r} := {a}, w_{r} * 2.0], axis=-1)",
    "xs_{r} = [{a}]\nxs_{r}.append({b})\n{r} = xs_{r}[-1]",
    "xs_{r} = [{a}] * 3\n{r} = tl.stack(xs_{r})[0]",
    "{r} = copy.copy({c})",
    "{r} = copy.deepcopy(({a}, {c}))[1]",
    "{r} = Pair({a}, {d}).right",
    "p_{r} = Pair({a}, {b})\n{r} = p_{r}._replace(left={b}).left",
    "_, {r} = Pair({d}, {x})",
    "{r} = Pair({a}, {b})[1]",
    "{r} = tl.add(*Pair({a}, {b}))",
    "{r} = Box({c}).get()",
    "{r} = Box({x}).map(lambda u: u.mT).value",
    "{r} = Shift({x})({d})",
    "{r} = Scaled({x}, 2.0)({d})",
    "{r} = Scaled({x}, 2.0).doubled",
    "{r} = Shift.shifted({x}, {d})",
    "s_{r} = Shift({x})\n{r} = replace(s_{r}, w={a})({d})",
    "{r} = next(halves({c}))",
    "{r} = tl.stack([*halves({x})])",
)
STATEMENTS = (
    "{r} = {x}\nfor f_{r}, u_{r} in [(tl.add, {a}), (tl.multiply, {b})]:\n    {r} = f_{r}({r}, u_{r})",
    "{r} = {x}\nfor i_{r}, u_{r} in enumerate([{a}, {b}]):\n    {r} = {r} + u_{r} * i_{r}",
    "{r} = {x}\nfor u_{r} in ({a}, {d}):\n    {r} = {r} + u_{r}",
    "h_{r}, {r} = {x}, {a}\nfor _ in range(3):\n    h_{r}, {r} = {r}, h_{r} * 2.0",
    "{r} = {x}\nfor _ in range(2):\n    {r} = {r} * 0.5\n    if {r}.ndim > 5:\n        break\nelse:\n    {r} = {b}",
    "{r} = {x}\ni_{r} = 0\nwhile i_{r} < 2:\n    {r}, i_{r} = tl.tanh({r}), i_{r} + 1",
    "{r} = tl.zeros({x}.shape[1:])\nfor row_{r} in {x}:\n    {r} = {r} + row_{r}",
    "{r} = tl.zeros({x}.shape)\nfor i_{r} in range({x}.shape[0]):\n    {r} = {r} + {x}[i_{r}]",
    "try:\n    {r} = {a}\nexcept ShapeError:\n    {r} = {b}",
    "try:\n    {r} = {c}\nfinally:\n    pass",
    "match {x}.ndim:\n    case 1:\n        {r} = {a}\n    case _:\n        {r} = {b}",
    "match {x}.ndim:\n    case 1:\n        {r} = {a}\n    case _:\n        {r} = {b} + {d}",
    "match ({a}, {c}):\n    case (_, {r}):\n        pass",
    "match {x}.shape:\n    case (n_{r}, *_):\n        {r} = tl.ones((n_{r}, 2))",
    "if {x}.shape == {y}.shape:\n    {r} = {x} + {y}\nelse:\n    {r} = {x}",
    "if {x}.shape != {y}.shape:\n    {r} = {x}\nelse:\n    {r} = {x} * {y}",
    "if {x}.ndim > 1 and {x}.shape == {y}.shape:\n    {r} = {x} - {y}\nelse:\n    {r} = {a}",
    "if {x}.shape[0] == {y}.shape[0]:\n    {r} = {x} + tl.ones({x}.shape)\nelse:\n    {r} = {x}",
    "{r} = {d}\nassert {x}.shape == {a}.shape\n{r} = {r} + {x}",
    "{r} = {c}\nassert {r}.ndim >= 0",
    "{r} = {x}\n{r} += {d}",
    "{r} = {x}\n{r} *= 2.0\n{r} @= {y}",
    "n_{r} = {x}.shape[0]\n{r} = tl.zeros((n_{r}, n_{r} + 1))",
    "*_, n_{r} = {x}.shape\n{r} = {x} @ tl.eye(n_{r})",
    "with np.errstate(all='ignore'):\n    {r} = {c}",
    "with tl.eager():\n    {r} = {a} + {d}",
    'def inner_{r}(u: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:\n    return u * 2.0\n{r} = inner_{r}({c})',
    'def inner_{r}(u: Float64[Tensor, "p q"]) -> Float64[Tensor, "q p"]:\n    return u.T\n{r} = inner_{r}({x})',
    "{r} = {x}\nif isinstance({r}, Tensor):\n    {r} = {b}",
)
DERIVATIVES = (
    "{r} = autograd.fn.jacrev(lambda z: {cz}, {x}).tensor",
    "{r} = autograd.fn.jacrev(lambda z: {cz}, {x}).stacked",
    "{r} = autograd.fn.jacfwd(lambda z: {cz}, {x})[0] + {d}",
    "j_{r} = autograd.fn.jacrev(lambda z: tl.sum(z, axis=-1), {x})\n{r} = j_{r}.stacked @ {y}",
    "j_{r} = autograd.fn.jacrev(lambda z: {cz}, {x}).tensor\n{r} = j_{r}.mT @ {y}",
    "{r} = tl.stack([row[0] for row in autograd.fn.jacfwd(lambda z: {cz}, {x})])",
    "{r} = autograd.fn.hessian(lambda z: tl.sum(z ** 3), {x}).stacked",
    "{r} = autograd.fn.grad(lambda z: tl.sum(z * {d}), {x})",
    "g_{r} = partial(autograd.fn.grad, lambda z: tl.sum(z ** 2))\n{r} = g_{r}({c})",
    "{r} = autograd.fn.grad(lambda z: tl.sum(autograd.fn.grad(lambda u: tl.sum(u ** 3), z)), {x})",
    "{r} = autograd.fn.vjp(lambda z: {cz}, {x}, {y})",
    "{r} = autograd.fn.jvp(lambda z: {cz}, {x}, {d})",
    "{r} = autograd.fn.grad(squared_norm, {c})",
    "_, {r} = autograd.fn.value_and_grad(lambda z: squared_norm(z + {d}), {x})",
    "{r} = autograd.fn.grad(lambda w: tl.sum(Shift(w)({d})), {x})",
    "s_{r} = Shift({x})\n{r} = autograd.fn.grad(lambda w: tl.sum(replace(s_{r}, w=w)({d})), {x})",
)
GRADUAL = (  # an annotation leaves the shape open
    "{r} = doubled(tl.tanh)({c})",
    "{r} = doubled(lambda u: u[None])({x})",
    "xs_{r}: list[Tensor] = [{a}]\nxs_{r} += [{c}]\n{r} = xs_{r}[0]",
    "o_{r}: Options = {{'w': {a}, 'rate': 0.5}}\n{r} = o_{r}['w'] + {d}",
    "{r} = stepped({{'w': {x}, 'rate': 0.5}}, {d})",
    "f_{r}: Callable[[Tensor], Tensor] = tl.tanh\n{r} = f_{r}({x})",
    "{r}: Tensor = {c}",
    "n_{r}: int = {x}.shape[0]\n{r} = tl.ones((n_{r}, 2))",
)
WAYS = (FUNCTIONS, CONTAINERS, STATEMENTS, DERIVATIVES, GRADUAL)
OPEN = "left open"
NAME = re.compile(r"\b[A-Za-z_]\w*")


def helped(module: Scope, way: str) -> None:
    """Put the definitions that a way mentions into the module, once, with what they mention themselves."""
    for name in NAME.findall(way):
        definition = HELPERS.get(name)
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
    return way.format(r=name, **parts).splitlines()


def tried(scope: Scope, way: str, label: str) -> None:
    """The way on some of the tensors there are."""
    there = scope.tensors(lambda tensor: tensor.dtype.name == "float64" and tensor.ndim > 0 and tensor.size < 300)
    if there:
        x = scope.rng.choice(there)
        alike = [name for name in there if scope.shapes(name) == scope.shapes(x)]
        y = scope.rng.choice(alike if "shape ==" in way or "shape !=" in way else there)  # else mypy says: never equal
        name = scope.fresh()
        scope.statements(filled(scope.rng, way, name, x, y), name, label, keep_wrong=scope.rng.random() < 0.6)


def language(module: Scope, number: int) -> None:
    """Six ways, each in its turn, in a function or on tensors of concrete sizes."""
    rng = module.rng
    chosen = [(turn % len(WAYS), WAYS[turn % len(WAYS)]) for turn in range(number * 6, number * 6 + 6)]
    ways = [group[(number * 6 + index) // len(WAYS) % len(group)] for index, group in chosen]
    for way in ways:
        helped(module, way)
    if number % 3 == 0:
        for _ in range(3):
            shape = [literal(rng.randint(1, 4)) for _ in range(rng.choice((1, 2, 2, 3)))]
            module.attempt(new_tensor(rng, shape, "float64"), "made")
        for (index, _), way in zip(chosen, ways, strict=True):
            tried(module, way, LABELS[index])
        return
    function = begun(rng, module, "f", small=True, variadic=0.1)
    for (index, _), way in zip(chosen, ways, strict=True):
        tried(function.scope, way, LABELS[index])
    step(function)
    finish(function, module)


LABELS = ("functions as values", "containers", "statements", "derivatives in place", OPEN)
