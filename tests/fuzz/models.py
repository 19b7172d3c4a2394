"""Models of random layers, their parameters, and every function of ``autograd.model`` on them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from random import Random
from typing import Any

import torchlean_typed as tl
from tests.fuzz.program import Scope
from torchlean_typed import autograd, nn

# What gives a model; `layer` takes a function, and is drawn from OWN_LAYERS.
LAYERS = [name for name in nn.__all__ if name not in ("Seq", "layer", "update_statistics")]
SIZES = (2, 3, 4, 5)
ENTRIES: dict[str, tuple[str, ...]] = {
    "TensorPack": (
        "{0}[0]",
        "{0}[-1]",
        '{0}["0.weight"]',
        "{0}.flatten()",
        "{0} - 0.1 * {0}",
        "-{0}",
        "{0}.dot({0})",
        "{0}.norm()",
    ),
    "Rows": ("{0}[0]", "{0}.stacked", "{0}.tensor", "len({0})"),
    "ValueAndGrads": ("{0}.value", "{0}.dparams", "{0}.dx", "{0}.dtarget"),
}
LOSSES = ("loss.mse()", 'loss.mse("sum")', "loss.cross_entropy_one_hot()", "loss.detach(loss.mse())")
RARE_LOSSES = ('loss.mse("none")', 'loss.cross_entropy_one_hot("none")', "loss.cross_entropy_one_hot(axis=0)")


# Losses of one's own: the shapes of the output, of the target and of the result, and the body.
OWN_LOSSES = (
    ("*s", "*s", "", "tl.mean((output - target) ** 2)"),
    ("*s", "*s", "*s", "tl.abs(output - target)"),
    ("*b n", "*b n", "", "tl.sum(tl.softmax(output) * target)"),
    ("*b n", "*b n", "*b", "tl.sum((output - target) ** 2, axis=-1)"),
    ("b n", "b n", "", "tl.mean(tl.logsumexp(output, axis=1) - tl.sum(target, axis=1))"),
    ("b n", "b", "", "tl.mean(tl.sum(output, axis=1) * target)"),
    ("n n", "n n", "", "tl.trace(output @ target)"),
)
LAMBDAS = ("lambda o, t: tl.mean(tl.abs(o - t))", "lambda o, t: tl.sum(o * t)")


def own_loss(scope: Scope, is_general: bool | None = None) -> str:
    """The text of a loss of one's own; the function is put in before.

    ``is_general`` asks for one that takes all shapes and gives a scalar, or for one that does not.
    """
    rng = scope.rng
    if is_general is not False and rng.random() < 0.3:
        return f"OutputLoss({rng.choice(LAMBDAS)})"
    ways = {True: OWN_LOSSES[:1], False: OWN_LOSSES[1:2], None: OWN_LOSSES}
    output, target, result, body = rng.choice(ways[is_general])
    name = f"own{scope.fresh()}"
    given = ", ".join(f'{what}: Float64[Tensor, "{shape}"]' for what, shape in (("output", output), ("target", target)))
    lines = [f'def {name}({given}) -> Float64[Tensor, "{result}"]:', f"    return {body}"]
    lines = ["@tl.checked", *lines] if rng.random() < 0.5 else lines
    exec("\n".join(lines), scope.worlds[0].values)
    for line in lines:
        scope.add(line)
    return f"OutputLoss({name})"


def size(rng: Random) -> str:
    return str(rng.choice(SIZES))


PARAMETERS: dict[str, Callable[[Random], str]] = {
    **dict.fromkeys(("in_features", "out_features", "features", "hidden", "in_channels", "out_channels"), size),
    **dict.fromkeys(("vocab", "length"), size),
    "heads": lambda rng: rng.choice(("1", "2")),
    "kernel": lambda rng: rng.choice(("1", "2", "3", "(2, 1)")),
    "stride": lambda rng: rng.choice(("1", "2", "(1, 2)")),
    "padding": lambda rng: rng.choice(("0", "1")),
    "dilation": lambda rng: rng.choice(("1", "2")),
    "groups": lambda rng: rng.choice(("1", "1", "2")),
    "output_padding": lambda rng: rng.choice(("0", "1")),
    "momentum": lambda rng: "0.5",
    "model": lambda rng: layer(rng, rng.choice(("batch_norm", "dropout"))),
    "axis": lambda rng: rng.choice(("-1", "-2")),
    "axes": lambda rng: rng.choice(("1", "2", "3")),
    "rate": lambda rng: "0.5",
    "seed": lambda rng: "1",
    "eps": lambda rng: "0.1",
    "bias": lambda rng: rng.choice(("True", "False")),
    "causal": lambda rng: rng.choice(("True", "False")),
    "activation": lambda rng: rng.choice(('"tanh"', '"relu"')),
    "shape": lambda rng: rng.choice(('"1 6 6"', '"2 5 5"', '"3"', '"4 5"')),
    "sizes": lambda rng: ", ".join(size(rng) for _ in range(rng.randint(2, 3))),
    "inner": lambda rng: layer(rng, "linear"),
    "models": lambda rng: ", ".join(layer(rng, "linear") for _ in range(2)),
}


OWN_LAYERS = (
    'nn.layer(lambda x: tl.tanh(x), input="*b {n}", output="*b {n}")',
    'nn.layer(lambda x: x[..., None], input="*b {n}", output="*b {n} 1")',
    'nn.layer(lambda x: tl.sum(x, axis=-1), input="*b {m} {n}", output="*b {m}")',
    'nn.layer(lambda p, x: x @ p[0], params="{n} {m}", input="*b {n}", output="*b {m}")',
    'nn.layer(lambda p, x: x * p["scale"], params={{"scale": ""}}, input="*b {n}", output="*b {n}")',
)


def layer(rng: Random, name: str | None = None) -> str:
    """The text of a layer: its parameters are drawn by their names."""
    if name is None and rng.random() < 0.08:
        return rng.choice(OWN_LAYERS).format(n=size(rng), m=size(rng))
    chosen = name or rng.choice(LAYERS)
    arguments = []
    for parameter in inspect.signature(getattr(nn, chosen)).parameters.values():
        text = PARAMETERS[parameter.name](rng)
        if parameter.kind is parameter.VAR_POSITIONAL or parameter.default is parameter.empty:
            arguments.append(text)
        elif rng.random() < 0.3:
            arguments.append(f"{parameter.name}={text}")
    return f"nn.{chosen}({', '.join(arguments)})"


def chain(scope: Scope, name: str | None = None) -> str | None:
    """A model whose layers fit; one that does not is written down now and then."""
    rng = scope.rng
    parts = [rng.choice(('nn.input("1 6 6")', 'nn.input("2 5 7")')) if rng.random() < 0.3 else layer(rng)]
    for _ in range(12):
        if len(parts) == 4:
            break
        text = f"nn.Seq({', '.join([*parts, layer(rng)])})"
        if "nn.layer(" in text and "nn.embedding(" in text:  # whether such a layer gives integers, only a run can tell
            continue
        if scope.runs(text):
            parts.append(text.removeprefix(f"nn.Seq({', '.join(parts)}, ").removesuffix(")"))
        elif rng.random() < 0.12:
            scope.attempt(text, "nn.Seq")
    joined = " >> ".join(parts) if len(parts) > 1 and rng.random() < 0.2 else f"nn.Seq({', '.join(parts)})"
    return scope.attempt(joined, "nn.Seq", name=name)


def features(scope: Scope, name: str) -> list[int]:
    """The input axes of a model, its open ones of some size."""
    model = scope.worlds[0].values[name]
    return [axis if isinstance(axis, int) else scope.rng.choice((4, 5)) for axis in model.in_shape]


def tensor(scope: Scope, shape: list[int], integers: bool = False) -> str:
    text = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    return f"tl.zeros({text}, dtype=np.int64)" if integers else f"tl.ones({text})"


def models(scope: Scope, number: int) -> None:
    """A model, what it gives, and derivatives; each function of ``autograd.model`` has its turn."""
    rng = scope.rng
    name = chain(scope)
    if name is None:
        return
    params = scope.attempt(f"{name}.init(seed={number % 3})", "init", name="params")
    lead = [rng.randint(1, 3) for _ in range(rng.choice((1, 1, 2)))]
    shape = [*lead, *features(scope, name)]
    integers = "nn.embedding" in scope.lines[-4].text.partition(",")[0]
    x = scope.attempt(tensor(scope, shape, integers), "made", name="x")
    if x is None:
        return
    if rng.random() < 0.4:
        wrong = [*shape[:-1], shape[-1] + 1] if rng.random() < 0.5 else shape[1:]
        scope.attempt(f"{name}(params, {tensor(scope, wrong, integers)})", "model")
    y = scope.attempt(f"{name}(params, x)", "model", name="y")
    if params is None or y is None:
        return
    held = scope.worlds[0].values["y"]
    if isinstance(held, tl.Tensor):
        scope.attempt(tensor(scope, list(held.shape)), "made", name="target")
    functions = public(autograd.model)
    for step in range(4):
        derivative(scope, functions[(number * 4 + step) % len(functions)], name)


def public(module: Any) -> list[str]:
    """The functions that a module defines."""
    return [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
        and inspect.isfunction(value)
        and not name.startswith("_")
    ]


def derivative(scope: Scope, function: str, model: str) -> None:
    """A call of a function of ``autograd.model``; now and then with an argument that does not fit."""
    rng = scope.rng
    arguments: dict[str, str] = {
        "model": model,
        "loss": rng.choice(LOSSES if rng.random() < 0.75 else RARE_LOSSES) if rng.random() < 0.7 else own_loss(scope),
        **{name: name for name in ("params", "x", "target")},
        "seed_out": "y",
        "vparams": "params",
        "w": tensor(scope, [3, 2]),
        "b": tensor(scope, [3]),
    }
    if rng.random() < 0.35:
        spoiled = rng.choice(("x", "target", "seed_out", "params", "vparams", "w", "b"))
        arguments[spoiled] = wrong_argument(scope, spoiled, arguments[spoiled])
    parameters = inspect.signature(getattr(autograd.model, function)).parameters
    text = ", ".join(arguments[name] for name in parameters if name in arguments)
    made = scope.attempt(f"autograd.model.{function}({text})", f"model.{function}")
    if made is not None:
        parts_of(scope, made)


def wrong_argument(scope: Scope, name: str, text: str) -> str:
    if name in ("params", "vparams"):
        return scope.rng.choice(
            ("TensorPack.of(tl.ones(3))", f"{text} * 2.0", f"TensorPack.of(tl.ones(2), {text}.flatten())")
        )
    value = scope.worlds[0].values.get(text)
    shape = list(value.shape) if isinstance(value, tl.Tensor) else [2]
    return tensor(scope, scope.rng.choice(([*shape, 1], shape[1:], [*shape[:-1], 7])))


def parts_of(scope: Scope, name: str) -> None:
    """What a pack, rows, a record or a tuple consist of."""
    value = scope.worlds[0].values[name]
    ways = ENTRIES.get(type(value).__name__, ())
    if isinstance(value, tuple) and not ways:
        ways = tuple(f"{{0}}[{index}]" for index in range(len(value)))
    for way in scope.rng.sample(ways, min(2, len(ways))):
        scope.attempt(way.format(name), f"{type(value).__name__} part")


def packs(scope: Scope, number: int) -> None:
    """Packs of tensors: entries, arithmetic, and what does not go together."""
    rng = scope.rng
    made: list[str] = []
    for _ in range(3):
        shapes = [[rng.randint(1, 3) for _ in range(rng.randint(0, 2))] for _ in range(rng.randint(0, 3))]
        tensors = [tensor(scope, shape) for shape in shapes]
        named = ", ".join(f'"{letter}": {text}' for letter, text in zip("abc", tensors, strict=False))
        text = f"TensorPack.of({', '.join(tensors)})" if rng.random() < 0.6 else f"TensorPack.named({{{named}}})"
        name = scope.attempt(text, "TensorPack")
        made += [name] if name else []
    for _ in range(6):
        a, b = rng.choice(made), rng.choice(made)
        way = rng.choice(
            (
                "{0} + {1}",
                "{0} - {1}",
                "{0} * {1}",
                "{0}.dot({1})",
                "{0} * 2.0",
                "{0} / 2.0",
                "{0}[{2}]",
                '{0}["a"]',
                '{0}["b"]',
                '({0} * 2.0)["a"]',
                '{0}["{2}"]',
                "{0}.names",
                "{0}.map(tl.tanh)",
                "{0}.flatten()",
                "{0}.zeros_like()",
                "len({0})",
                "TensorPack.unflatten({0}.flatten(), like={1})",
                "TensorPack.unflatten(tl.ones({2}), like={0})",
                "{0}.shapes",
                "{0}[1:]",
            )
        )
        scope.attempt(way.format(a, b, rng.randint(0, 3)), "pack operation")
