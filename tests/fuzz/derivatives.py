"""Every function of ``autograd.fn``, on lambdas and functions, with concrete and with symbolic sizes."""

from __future__ import annotations

import inspect

from tests.fuzz.functions import begun, finish, step
from tests.fuzz.models import parts_of, public
from tests.fuzz.program import Scope
from torchlean_typed import autograd

STEPS = (
    *("tl.tanh({0})", "{0} * 2.0", "{0} + {0}", "tl.exp({0})", "{0}.mT", "{0} @ {0}.mT", "tl.flatten({0})", "{0}[0]"),
    *("{0}[1:]", "tl.mean({0}, axis=-1, keepdims=True)", "tl.concat([{0}, {0}])", "tl.softmax({0})", "{0} @ {1}"),
    *("{1} @ {0}", "{0} + {1}", "{0} * {1}", "tl.sum({0}, axis=0)", "{0}[None]", "{0}.reshape((-1,))", "{0} ** 2"),
    *("tl.where({0} > 0.0, {0}, 0.5)", "tl.stack([{0}, {0}], axis=-1)", "{0}[..., None]", "tl.cumulative_sum({0}, -1)"),
)
SCALARS = ("tl.sum({0})", "tl.mean({0})", "tl.sum({0} ** 2)", "tl.logsumexp({0})")
NEED_SCALAR = ("grad", "value_and_grad", "value_and_grad_scalar", "hvp", "hessian")


def body(scope: Scope, variable: str, scalar: bool) -> str:
    """An expression of a variable, and of tensors around."""
    rng = scope.rng
    others = scope.tensors(lambda tensor: tensor.dtype.name == "float64") or [variable]
    text = variable
    for _ in range(rng.randint(0, 2)):
        way = rng.choice(STEPS)
        text = way.format(f"({text})" if text != variable else text, rng.choice(others))
    return rng.choice(SCALARS).format(text) if scalar else text


def derivative(scope: Scope, function: str) -> None:
    """One call: most of the time with arguments that fit."""
    rng = scope.rng
    xs = [name for name in scope.tensors(lambda tensor: tensor.dtype.name == "float64" and tensor.size < 200)]
    if not xs:
        return
    for _ in range(4):
        x = rng.choice(xs)
        scalar = function in NEED_SCALAR and rng.random() < 0.85
        f = f"lambda z: {body(scope, 'z', scalar)}"
        if rng.random() < 0.15:
            f = rng.choice(("tl.tanh", "tl.sum", "tl.exp", "tl.softmax"))
        alone = not scope.runs(f"({f})({x})")  # one mistake a call: of two, either may be told
        seed = f"({f})({x})" if alone or rng.random() < 0.7 else rng.choice(xs)
        same = x if alone or rng.random() < 0.8 else rng.choice(xs)
        arguments = {"f": f, "x": x, "seed_out": seed, "v": same}
        parameters = inspect.signature(getattr(autograd.fn, function)).parameters
        text = f"autograd.fn.{function}({', '.join(arguments[name] for name in parameters if name in arguments)})"
        made = scope.attempt(text, f"fn.{function}", keep_wrong=rng.random() < 0.4)
        if made is not None:
            if len(scope.worlds) == 1 or function not in ("jacrev", "jacfwd", "hessian"):
                parts_of(scope, made)
            return


def of_numbers(scope: Scope, number: int) -> None:
    """Tensors of concrete sizes."""
    rng = scope.rng
    for _ in range(3):
        shape = [rng.randint(1, 4) for _ in range(rng.choice((0, 1, 1, 2, 2)))]
        scope.attempt(f"tl.ones(({''.join(f'{size}, ' for size in shape)}))", "made")
    functions = public(autograd.fn)
    for turn in range(4):
        derivative(scope, functions[(number * 4 + turn) % len(functions)])


def of_names(module: Scope, number: int) -> None:
    """In a function with symbolic dimensions."""
    function = begun(module.rng, module, "f", small=True, variadic=0)
    functions = public(autograd.fn)
    for turn in range(4):
        derivative(function.scope, functions[(number * 4 + turn) % len(functions)])
    step(function)
    finish(function, module)
