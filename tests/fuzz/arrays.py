"""NumPy arrays: where they come from, what they are as parameters, and what tensors are made of them."""

from __future__ import annotations

from random import Random

from tests.fuzz import numpy_ways
from tests.fuzz.calls import made_here, operation
from tests.fuzz.functions import Function, begun, concrete, finish, shape_text, step
from tests.fuzz.program import Scope, Sizes
from tests.fuzz.sizes import literal

SOURCES = (
    *("np.zeros({s})", "np.ones({s}, dtype=np.float32)", "np.full({s}, 0.5)", "np.full({s}, 1, dtype=np.float64)"),
    *("np.empty({s})", "np.eye({n})", "np.eye({n}, {m})", "np.identity({n})", "np.zeros({s}, np.int64)"),
    *("np.arange({n})", "np.arange({n}, {m} + {n})", "np.arange(0, {n}, 2)", "np.linspace(0.0, 1.0, {n})"),
    *("np.arange({n}, dtype=np.float64)", "np.zeros({s}).T", "np.zeros({n}, dtype=bool)", "np.ones({n})"),
    *("np.random.default_rng(0).normal(size={s})", "np.random.default_rng(0).uniform(0.0, 1.0, {s})"),
    *("np.random.default_rng(0).standard_normal({s})", "np.random.default_rng(0).random({s})"),
    *("np.array({nested})", "np.asarray({nested})", "np.array({nested}, dtype=np.float32)", "np.asarray({row})"),
    *("np.array([np.zeros({n}), np.ones({n})])", "np.array([[i * 0.5 for i in range({m})] for _ in range({n})])"),
)
# What is done with an array {a}: mypy knows little of NumPy's own functions.
USES = (
    *("tl.from_numpy({a})", "tl.from_numpy({a})", "tl.tensor({a})", "tl.from_numpy({a}.T)", "tl.from_numpy({a} * 2.0)"),
    *("tl.from_numpy({a}).numpy()", "tl.from_numpy(np.exp({a}))", "tl.from_numpy({a}.astype(np.float64))"),
    *("tl.ensure(tl.from_numpy({a} + {a}), '{text}')", "tl.from_numpy({a}[None])", "tl.from_numpy(np.copy({a}))"),
    *("tl.from_numpy(np.sum({a}, axis=0))", "tl.from_numpy({a}.reshape(-1))", "tl.from_numpy(np.stack([{a}, {a}]))"),
)
DATA = ("tl.tensor({nested})", "tl.tensor({row})", "tl.tensor([tl.ones({n}), tl.zeros({n})])", "tl.tensor(0.5)")


def filled(rng: Random, way: str) -> str:
    """A source with sizes put in."""
    n, m = rng.randint(1, 4), rng.randint(1, 4)
    shape = [rng.randint(1, 4) for _ in range(rng.choice((1, 2, 2, 3)))]
    row = ", ".join(rng.choice(("0.5", "1.0", "2.5")) for _ in range(m))
    nested = f"[{', '.join([f'[{row}]'] * n)}]"
    text = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    return way.format(n=n, m=m, s=text, row=f"[{row}]", nested=nested)


def used(scope: Scope, name: str, way: str) -> None:
    """Something made of an array."""
    text = " ".join(map(str, scope.worlds[0].values[name].shape))
    if len(scope.worlds) == 1 or "{text}" not in way:
        scope.attempt(way.format(a=name, text=text), "array", keep_wrong=False)


def of_arrays(function: Function, module: Scope) -> None:
    """A parameter that is an array, and what is made of it."""
    scope, shape = function.scope, shape_text(function, 3)

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        axes = concrete(shape, sizes)
        return f"np.{rng.choice(('ones', 'zeros'))}({(*axes, 2) if wrong else axes})"

    values = [eval(given(Random(0), world.sizes, False), world.values) for world in scope.worlds]
    name = function.special(f'Float64[np.ndarray, "{shape}"]', values, given)
    for way in scope.rng.sample(USES, 4):
        used(scope, name, way)


def numpys(scope: Scope, number: int) -> None:
    """Five operations of NumPy's, each in its turn, and a tensor of the last result."""
    made = [name for turn in range(number * 5, number * 5 + 5) if (name := numpy_ways.step(scope, turn)) is not None]
    if made:
        used(scope, made[-1], USES[0])


def arrays(module: Scope, number: int) -> None:
    """Arrays of numbers, or of the names of a function; operations on the tensors made of them."""
    rng = module.rng
    if number % 3 == 2:
        function = begun(rng, module, "f", small=True, variadic=0)
        for _ in range(2):
            of_arrays(function, module)
        numpys(function.scope, number)
        for _ in range(3):
            step(function)
        finish(function, module)
        return
    for turn in range(3):
        name = module.attempt(filled(rng, SOURCES[(number * 3 + turn) % len(SOURCES)]), "array")
        if name is not None:
            used(module, name, USES[0])
            used(module, name, rng.choice(USES))
    numpys(module, number)
    module.attempt(filled(rng, DATA[number % len(DATA)]), "made")
    pool = [literal(rng.randint(1, 4)) for _ in range(4)]
    for _ in range(3):
        operation(module, pool, pool, made_here)
