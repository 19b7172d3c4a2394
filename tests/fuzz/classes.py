"""Classes whose fields have symbolic dimensions: methods, objects of concrete sizes, and calls of their methods."""

from __future__ import annotations

from types import SimpleNamespace

from tests.fuzz.functions import Function, Parameter, begun, call, concrete, made_of, returned, step
from tests.fuzz.operands import new_tensor
from tests.fuzz.program import Line, Outcome, Scope, indented
from tests.fuzz.sizes import literal


def classes(module: Scope, number: int) -> None:
    """A dataclass with fields, a method of operations, an object, and calls of the method, right and wrong."""
    rng = module.rng
    function = begun(rng, module, "__call__", owner="Net", small=True)
    add_fields(function, rng.randint(1, 3))
    for _ in range(5):
        step(function)
    if not returned(function) or any(not parameter.name.isidentifier() for parameter in function.parameters):
        return
    method = function.define(None)
    method[0] = Line(method[0].text.replace("(", "(self, ", 1))
    lines = [
        Line("@tl.checked"),
        *map(Line, rng.choice((["@dataclass"], ["@dataclass(frozen=True)"], []))),
        Line("class Net:"),
        *(Line(f"    {field.text}") for field in function.fields),
        *indented(method),
    ]
    if not lines[1].text.startswith("@"):
        lines[1] = Line("class Net(NamedTuple):")
    module.lines += lines
    exec("\n".join(line.text for line in lines), module.worlds[0].values)
    objects(function, module)


def add_fields(function: Function, count: int) -> None:
    """Give the class fields, which the method's body has as ``self.w1``."""
    scope = function.scope
    for world in scope.worlds:
        world.values["self"] = SimpleNamespace()
    for number in range(count):
        shape = " ".join(str(scope.rng.choice(function.formal()).annotation) for _ in range(scope.rng.randint(1, 2)))
        name = f"self.w{number + 1}"
        function.fields.append(Parameter(f"w{number + 1}", shape, "float64"))
        made = [Outcome(world, made_of(shape, "float64", world.sizes)) for world in scope.worlds]
        for outcome in made:
            setattr(outcome.world.values["self"], f"w{number + 1}", outcome.value)
        scope.bind(name, made)


def objects(function: Function, module: Scope) -> None:
    """Objects of concrete sizes; one whose fields do not go together now and then; and calls."""
    rng = module.rng
    for _ in range(2):
        sizes = {name: rng.randint(1, 5) for name in function.names}
        shapes = [list(concrete(field.shape, sizes)) for field in function.fields]
        if rng.random() < 0.25:
            shapes[rng.randrange(len(shapes))].append(2)
        arguments = [new_tensor(rng, [literal(size) for size in shape], "float64") for shape in shapes]
        name = module.attempt(f"Net({', '.join(arguments)})", "class")
        if name is None:
            continue
        module.attempt(f"{name}.{rng.choice(function.fields).name}", "field")
        for _ in range(2):
            call(function, module, True, name, sizes)
