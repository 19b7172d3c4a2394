"""Functions with symbolic dimensions: the body in several worlds, then calls with concrete tensors, right and wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace

import torchlean_typed as tl
from tests.fuzz.calls import operation
from tests.fuzz.operands import cut_short, new_tensor, with_arithmetic
from tests.fuzz.program import Line, Outcome, Scope, Sizes, indented
from tests.fuzz.quiet import quiet
from tests.fuzz.sizes import NAMES, Size, annotation_of, formal_sizes, literal, named, worlds_of
from torchlean_typed.shapes.dim import substitute
from torchlean_typed.shapes.shape import Variadic, parse_shape

ANNOTATIONS = {"float64": "Float64", "float32": "Float32", "int64": "Int64", "bool": "Bool"}


TRIALS = 5  # of a guess
# The text of an argument for these sizes: one that fits, or one that does not; without text it is left out.
Given = Callable[[Random, Sizes, bool], str]


@dataclass
class Parameter:
    """A parameter of a function: its name, its annotation, and of a tensor the shape and dtype.

    One that is neither a tensor nor a size has the text of its annotation and says itself what it is given.
    """

    name: str
    shape: str
    dtype: str | None
    annotation: str = ""
    given: Given | None = None

    @property
    def is_optional(self) -> bool:
        return self.annotation.endswith("= None")

    @property
    def is_union(self) -> bool:
        """Whether it may have one of several shapes."""
        return "] | " in self.annotation and not self.is_optional

    @property
    def text(self) -> str:
        if self.annotation:
            return f"{self.name}: {self.annotation}"
        if self.dtype is None:
            return f'{self.name}: Dim["{self.shape}"]'
        return f'{self.name}: {ANNOTATIONS[self.dtype]}[Tensor, "{self.shape}"]'


@dataclass
class Function:
    """A function that grows: its parameters come as its body needs them."""

    name: str
    scope: Scope
    sizes: list[Size]
    names: list[str]
    variadic: bool
    parameters: list[Parameter] = field(default_factory=list)
    fields: list[Parameter] = field(default_factory=list)  # of a method's object
    result: str = "None"

    def source(self, scope: Scope, shape: Sequence[Size], dtype: str) -> str:
        """A tensor that is made of sizes, or a new parameter of this shape."""
        if all(size.text is not None for size in shape) and scope.rng.random() < 0.3:
            made = scope.attempt(new_tensor(scope.rng, shape, dtype), "made", keep_wrong=False)
            if made is not None:
                return made
        lead = "*b " if self.variadic and scope.rng.random() < 0.5 else ""
        return self.parameter(lead + " ".join(size.annotation or "1" for size in shape), dtype)

    def parameter(self, shape: str, dtype: str | None) -> str:
        """A new parameter; without dtype, a size."""
        name = f"x{len(self.parameters) + 1}" if dtype is not None else shape
        self.parameters.append(Parameter(name, shape.strip(), dtype))
        self.parameters.sort(key=lambda parameter: parameter.is_optional)
        worlds = self.scope.worlds
        made = [world.sizes[shape] if dtype is None else made_of(shape, dtype, world.sizes) for world in worlds]
        self.scope.bind(name, [Outcome(world, value) for world, value in zip(worlds, made, strict=True)])
        return name

    def special(self, annotation: str, values: Sequence[object], given: Given, name: str = "") -> str:
        """A new parameter that is neither a tensor nor a size, with its value in each world."""
        name = name or f"x{len(self.parameters) + 1}"
        self.parameters.append(Parameter(name, "", None, annotation, given))
        self.parameters.sort(key=lambda parameter: parameter.is_optional)
        self.scope.bind(name, [Outcome(world, value) for world, value in zip(self.scope.worlds, values, strict=True)])
        return name

    def pool(self) -> list[Size]:
        """Sizes that the body can write: numbers, parameters that are dimensions, axes of tensors."""
        scope = self.scope
        pool = [literal(2), *(size for size in self.formal() if size.text is not None)]
        for name in scope.tensors()[:4]:
            ranks = {len(shape) for shape in scope.shapes(name)}
            pool += [Size(f"{name}.shape[{index}]", None) for index in range(min(ranks)) if len(ranks) == 1]
        return with_arithmetic(scope, pool)

    def formal(self) -> list[Size]:
        """Sizes for new operands: what the signature says; Python can write the names that parameters have."""
        names = [named(size.annotation, self.scope) for size in self.sizes if size.annotation in self.names]
        return [*names, *(size for size in self.sizes if size.annotation not in self.names)]

    def given(self, rng: Random, sizes: Sizes) -> dict[str, object]:
        """A value for each parameter at these sizes."""
        fields = {field.name: made_of(field.shape, "float64", sizes) for field in self.fields}
        values: dict[str, object] = {"self": SimpleNamespace(**fields)}
        for one in self.parameters:
            if one.given is not None:
                text = one.given(rng, sizes, False)
                values[one.name] = eval(text or "None", self.scope.worlds[0].values)
            else:
                values[one.name] = sizes[one.shape] if one.dtype is None else made_of(one.shape, one.dtype, sizes)
        return values

    def define(self, decorator: str | None) -> list[Line]:
        """The definition, as lines."""
        head = [Line(decorator)] if decorator else []
        signature = ", ".join(parameter.text for parameter in self.parameters)
        return [*head, Line(f"def {self.name}({signature}) -> {self.result}:"), *indented(self.scope.lines)]


def made_of(text: str, dtype: str, sizes: Sizes) -> object:
    """A tensor in the shape of an annotation."""
    shape = concrete(text, sizes)
    return tl.ones(shape) if dtype == "float64" else tl.zeros(shape, dtype=dtype)


def concrete(text: str, sizes: Sizes) -> tuple[int, ...]:
    shape: list[int] = []
    for axis in parse_shape(text):
        if isinstance(axis, Variadic):
            shape += sizes[str(axis)]
        else:
            shape.append(int(str(substitute(axis, sizes))))
    return tuple(shape)


def shape_text(function: Function, longest: int = 2) -> str:
    """The text of a random shape over a function's names."""
    rng = function.scope.rng
    return " ".join(str(rng.choice(function.formal()).annotation) for _ in range(rng.randint(0, longest)))


def ones(shape: str, sizes: Sizes, rng: Random | None = None) -> str:
    """The text of a tensor of the shape that a text is for these sizes; of another with ``rng``."""
    axes = [*concrete(shape, sizes)]
    if rng is not None:
        axes = [*axes, 2] if not axes or rng.random() < 0.5 else [*axes[:-1], axes[-1] + 1]
    return new_tensor(rng or Random(0), [literal(axis) for axis in axes], "float64")


def begun(
    rng: Random, module: Scope, name: str, *, owner: str = "", small: bool = False, variadic: float = 0.25
) -> Function:
    """A function, of a class where it has an owner, with names, sizes and a first parameter or two."""
    names = list(NAMES[: rng.randint(1, 3)])
    has_variadic = rng.random() < variadic
    worlds = worlds_of(rng, names, has_variadic, small, module.worlds[0].values)
    scope = Scope(rng, worlds, guard="if WRONG: ", strange=module.strange, owner=owner or name)
    function = Function(name, scope, formal_sizes(rng, names, scope), names, has_variadic)
    for dim in names:
        if rng.random() < 0.4:
            function.parameter(dim, None)
    for _ in range(rng.randint(1, 2)):
        shape = [rng.choice(function.formal()) for _ in range(rng.choice((1, 2, 2, 3)))]
        function.source(scope, cut_short(shape, scope), "float64")
    return function


def returned(function: Function) -> bool:
    """End the body: with the last variable or, now and then, the last two, where their shapes can be said."""
    scope, rng = function.scope, function.scope.rng
    names = [name for name in reversed(scope.tensors()) if name.startswith("v")][: rng.choice((1, 1, 1, 2))]
    shapes = {name: annotation_of(name, scope) for name in names}
    if not names or None in shapes.values() or not holds_elsewhere(function, shapes):
        if not scope.lines:
            scope.add("pass")
        return False
    dtypes = [scope.worlds[0].values[name].dtype.name for name in names]
    texts = [f'{ANNOTATIONS[dtype]}[Tensor, "{shape}"]' for dtype, shape in zip(dtypes, shapes.values(), strict=True)]
    function.result = texts[0] if len(texts) == 1 else f"tuple[{', '.join(texts)}]"
    scope.add(f"return {', '.join(names)}")
    return True


def holds_elsewhere(function: Function, shapes: Mapping[str, str | None]) -> bool:
    """Whether the variables of a body have these shapes at other sizes too, where it runs.

    A guess may be right by chance at the sizes it was made from: ``k//2`` where it is ``n//3``.
    """
    scope, rng = function.scope, Random(0)
    code = compile("\n".join(line.text for line in scope.lines), "<program>", "exec")
    for _ in range(TRIALS):
        sizes: Sizes = {name: rng.randint(2, 20) for name in function.names} | {"*b": (2, 3)}
        try:
            values = {**scope.worlds[0].values, **function.given(rng, sizes)}
            with quiet():
                exec(code, values)
        except Exception:  # too small or too large, which the calls will tell
            continue
        if any(values[name].shape != concrete(str(shape), sizes) for name, shape in shapes.items()):
            return False
    return True


def finish(function: Function, module: Scope) -> None:
    """Return what can be annotated; define the function; call it, and differentiate it."""
    has_result = returned(function)
    checked = function.scope.rng.random() < 0.7
    lines = function.define("@tl.checked" if checked else None)
    module.lines += lines
    exec("\n".join(line.text for line in lines), module.worlds[0].values)
    for _ in range(3 if has_result else 0):
        call(function, module, checked)


def call(
    function: Function, module: Scope, checked: bool, called: str | None = None, given: Sizes | None = None
) -> None:
    """A call with concrete tensors; of a checked function also one whose arguments do not fit."""
    rng = module.rng
    is_differentiated = rng.random() < 0.2
    made = arguments(function, rng, checked and not is_differentiated, given)  # of two mistakes either may be told
    if made is None:
        return
    name, label = called or function.name, f"call {function.scope.owner}"
    text = f"{name}({', '.join(filter(None, made))})"
    differentiable = [i for i, parameter in enumerate(function.parameters) if parameter.dtype == "float64" and made[i]]
    if differentiable and is_differentiated:
        index = rng.choice(differentiable)
        inner = f"{name}({', '.join(filter(None, [*made[:index], 'z', *made[index + 1 :]]))})"
        way = rng.choice(
            ("grad(lambda z: tl.sum({0}), {1})", "jacrev(lambda z: {0}, {1})", "jvp(lambda z: {0}, {1}, {1})")
        )
        text = f"autograd.fn.{way.format(inner, made[index])}"
    module.attempt(text, label)


def arguments(function: Function, rng: Random, checked: bool, given: Sizes | None) -> list[str] | None:
    """The arguments of a call, as texts; of a checked function one may not fit."""
    sizes: Sizes = {**(given or {name: rng.randint(1, 5) for name in function.names})}
    sizes["*b"] = tuple(rng.randint(1, 3) for _ in range(rng.randint(0, 2)))
    made = []
    wrong = rng.randrange(len(function.parameters)) if checked and function.parameters and rng.random() < 0.4 else -1
    if wrong >= 0:  # beside a union, what does not fit may be told of either
        wrong = next((index for index, one in enumerate(function.parameters) if one.is_union), wrong)
    for index, parameter in enumerate(function.parameters):
        if parameter.given is not None:
            made.append(parameter.given(rng, sizes, index == wrong))
            continue
        try:
            shape = list(concrete(parameter.shape, sizes))
        except ValueError:
            return None
        if any(size < 0 for size in shape):
            return None
        if index == wrong:
            shape = spoiled(rng, shape, parameter.dtype is None)
        sized = [literal(size) for size in shape]
        made.append(sized[0].written if parameter.dtype is None else new_tensor(rng, sized, parameter.dtype))
    return made


def spoiled(rng: Random, shape: list[int], is_size: bool) -> list[int]:
    kind = rng.random()
    if is_size or (shape and kind < 0.6):
        index = rng.randrange(len(shape))
        return [*shape[:index], shape[index] + rng.randint(1, 2), *shape[index + 1 :]]
    return [*shape, 2] if kind < 0.8 else shape[1:]


def symbolic(module: Scope, number: int) -> None:
    """A function of operations."""
    function = begun(module.rng, module, "f")
    for _ in range(7):
        step(function)
    finish(function, module)


def step(function: Function, name: str | None = None) -> str | None:
    """One more operation in the body."""
    for _ in range(3):
        made = operation(function.scope, function.formal(), function.pool(), function.source, name)
        if made is not None:
            return made
    return None
