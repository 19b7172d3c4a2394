"""Records as parameters: NamedTuples, dataclasses and TypedDicts, of the function's names."""

from __future__ import annotations

from random import Random

from tests.fuzz.functions import Function, made_of, ones, shape_text
from tests.fuzz.program import Line, Scope, Sizes

HEADS = {
    "NamedTuple": ("class {0}(NamedTuple):",),
    "dataclass": ("@dataclass(frozen=True)", "class {0}:"),
    "TypedDict": ("class {0}(TypedDict):",),
}
WAYS = {
    "NamedTuple": (
        *("{0}.a", "{0}[0]", "{0}._replace(a={0}.a * 2.0).a", "{0}.a + {0}.b"),
        *("{0}.total({0}.a)", "tl.sum({0}.b)", "{0}[-1]", "[*{0}][0]", "{0}.a @ {0}.b"),
    ),
    "dataclass": (
        *("{0}.a", "replace({0}, a={0}.a * 2.0).a", "{0}.total({0}.a)", "{0}.a + {0}.b", "{0}.twice().b"),
        *("tl.sum({0}.b)", "{0}.norm", "{0}.a @ {0}.b", "{0}.total({0}.b)"),
        "autograd.fn.grad(lambda w: tl.sum(replace({0}, a=w).total({0}.a)), {0}.a)",
    ),
    "TypedDict": ("{0}['a']", "{0}['b'] * 2.0", "tl.sum({0}['a'])", "{0}['a'] + {0}['b']", "{0}['a'] @ {0}['b']"),
}
METHODS = (
    'def total(self, x: Float64[Tensor, "{a}"]) -> Float64[Tensor, "{a}"]:',
    "    return x + self.a",
)
OF_DATACLASS = (
    'def twice(self) -> "{name}":',
    "    return replace(self, a=self.a * 2.0)",
    "@property",
    'def norm(self) -> Float64[Tensor, ""]:',
    "    return tl.sum(self.b * self.b)",
)


def of_records(function: Function, module: Scope) -> None:
    """A class of two or three fields, a parameter of it, and what is done with one."""
    scope, kind = function.scope, function.scope.rng.choice(sorted(HEADS))
    name = f"Record{len(function.parameters) + 1}"
    shapes = {field: shape_text(function) for field in ("a", "b", "c")[: scope.rng.randint(2, 3)]}
    lines = [head.format(name) for head in HEADS[kind]]
    lines += [f'    {field}: Float64[Tensor, "{shape}"]' for field, shape in shapes.items()]
    methods = {"NamedTuple": METHODS, "dataclass": METHODS + OF_DATACLASS, "TypedDict": ()}[kind]
    lines += [f"    {line.format(a=shapes['a'], name=name)}" for line in methods]
    if kind != "TypedDict":  # which nothing checks when it is made
        lines.insert(0, "@tl.checked")
    exec("\n".join(lines), module.worlds[0].values)
    module.lines += map(Line, lines)

    def given(rng: Random, sizes: Sizes, wrong: bool) -> str:
        bad = rng.choice(sorted(shapes)) if wrong else ""
        parts = {field: ones(shape, sizes, rng if field == bad else None) for field, shape in shapes.items()}
        return f"{name}({', '.join(f'{field}={text}' for field, text in parts.items())})"

    record = module.worlds[0].values[name]
    values = [
        record(**{field: made_of(shape, "float64", world.sizes) for field, shape in shapes.items()})
        for world in scope.worlds
    ]
    parameter = function.special(name, values, given)
    for world in scope.worlds:
        world.values.setdefault(name, record)
    for way in scope.rng.sample(WAYS[kind], 3):
        scope.attempt(way.format(parameter), "record", keep_wrong=scope.rng.random() < 0.5)
