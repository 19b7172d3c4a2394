"""Operations of NumPy's on arrays: operators, indices, methods and functions, with its own broadcasting.

{a} is an array, {b} another, {i} an axis of {a}, {n} a size; where NumPy raises, the line is kept as one that is wrong.
"""

from __future__ import annotations

import re

import numpy as np

from tests.fuzz.program import Outcome, Refused, Scope
from tests.fuzz.quiet import quiet
from torchlean_typed.shapes.errors import ShapeError

OPERATORS = (
    *("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}", "{a} ** 2", "{a} // 2", "{a} % 2", "2.0 * {a}", "1 - {a}"),
    *("-{a}", "abs({a})", "{a} > 0", "{a} == {b}", "({a} > 0) & ({b} > 0)", "{a} @ {b}", "{a}.T @ {b}", "{a} @ {b}.T"),
)
ELEMENTWISE = (
    *("np.exp({a})", "np.sqrt(np.abs({a}))", "np.maximum({a}, {b})", "np.minimum({a}, 0)", "np.sign({a})"),
    *("np.where({a} > 0, {a}, {b})", "np.where({a} > 0, {a}, 0.0)", "np.clip({a}, 0, 1)", "{a}.clip(0.0, 1.0)"),
    *("np.isnan({a})", "np.arctan2({a}, {b})", "np.logical_and({a} > 0, {b} > 0)", "np.square({a})", "{a}.round(2)"),
)
REDUCTIONS = (
    *("np.sum({a}, axis={i})", "{a}.sum(axis={i}, keepdims=True)", "{a}.mean({i})", "{a}.max(axis={i})"),
    *(
        "np.mean({a}, axis={i}, keepdims=True)",
        "np.std({a}, axis={i})",
        "{a}.var({i}, ddof=1)",
        "{a}.sum(axis=(0, -1))",
    ),
    *("np.median({a}, axis={i})", "np.any({a} > 0, axis={i})", "({a} > 0).all(axis={i})", "np.argmax({a}, axis={i})"),
    *("{a}.argmin(axis={i})", "np.prod({a}, axis={i})", "np.cumsum({a}, axis={i})", "np.cumsum({a})"),
    *("{a}.cumprod(axis={i})", "np.linalg.norm({a}, axis={i})", "np.linalg.norm({a}, axis={i}, keepdims=True)"),
)
FORMS = (
    *("{a}.reshape(-1)", "{a}.reshape({n}, -1)", "np.reshape({a}, (-1, {n}))", "{a}.ravel()", "{a}.flatten()", "{a}.T"),
    *("{a}.transpose()", "np.transpose({a}, (1, 0))", "np.swapaxes({a}, 0, {i})", "np.moveaxis({a}, 0, {i})"),
    *("np.expand_dims({a}, {i})", "np.squeeze({a}, axis={i})", "np.broadcast_to({a}, (2, *{a}.shape))"),
    *("np.broadcast_to({a}, {b}.shape)", "np.zeros_like({a})", "np.ones_like({a}, dtype=np.float32)", "{a}.copy()"),
    *("np.full_like({a}, 2)", "{a}.astype(np.float32)", "{a}.astype(int)", "np.sort({a}, axis={i})", "np.argsort({a})"),
    *("np.diff({a}, axis={i})", "{a}.reshape(*{a}.shape, 1)", "{a}.reshape({b}.shape)"),
)
INDICES = (
    *("{a}[None]", "{a}[:, None]", "{a}[..., None]", "{a}[0]", "{a}[-1]", "{a}[1:]", "{a}[..., 0]", "{a}[:, 0]"),
    *("{a}[::-1]", "{a}[:2]", "{a}[{a} > 0]", "{a}[[0, 0]]", "{a}[{n}]", "{a}[:-1]", "{a}[0, ...]"),
)
JOINED = (
    *("np.concatenate([{a}, {b}])", "np.concatenate([{a}, {b}], axis={i})", "np.stack([{a}, {b}], axis={i})"),
    *(
        "np.stack([{a}, {a}], axis={i})",
        "np.vstack([{a}, {b}])",
        "np.hstack(({a}, {b}))",
        "np.column_stack(({a}, {b}))",
    ),
)
PRODUCTS = (
    "np.matmul({a}, {b})",
    "np.dot({a}, {b})",
    "np.outer({a}, {b})",
    "{a}.dot({b})",
    "np.linalg.pinv(np.isfinite({a}) * 1.0)",
)
WAYS = (OPERATORS, ELEMENTWISE, REDUCTIONS, FORMS, INDICES, JOINED, PRODUCTS)
LABEL = "numpy"
EMPTY = re.compile(r"zero-size|out of bounds|size 0|empty|Zero-sized")  # what raises where there are no elements


def step(scope: Scope, turn: int) -> str | None:
    """One more operation on the arrays there are; gives the variable it is bound to."""
    there = [name for name in scope.variables if _is_array(scope, name)]
    if not there:
        return None
    rng, group = scope.rng, WAYS[turn % len(WAYS)]
    way = group[turn // len(WAYS) % len(group)]
    if "[{n}]" in way and len(scope.worlds) > 1:  # what it takes may not be there in a call
        return None
    a, b = rng.choice(there), rng.choice(there)
    if rng.random() < 0.5:  # else most would be wrong
        b = rng.choice([name for name in there if scope.shapes(name) == scope.shapes(a)])
    ranks = {len(shape) for shape in scope.shapes(a)}
    text = way.format(a=a, b=b, i=rng.randint(-min(ranks), min(ranks) - 1), n=rng.randint(1, 3))
    try:
        outcomes = evaluated(scope, text)
    except Refused:
        return None
    return scope.claim(text, LABEL, outcomes, keep_wrong=rng.random() < 0.5)


def _is_array(scope: Scope, name: str) -> bool:
    values = [world.values[name] for world in scope.worlds]
    return all(isinstance(value, np.ndarray) and value.ndim and value.size < 300 for value in values)


def evaluated(scope: Scope, text: str) -> list[Outcome]:
    """What an expression gives in every world; what NumPy says of shapes is an error of shapes."""
    code, outcomes = compile(text, "<program>", "eval"), []
    for world in scope.worlds:
        try:
            with quiet():
                value = eval(code, world.values)
        except (ValueError, IndexError) as error:
            if not world.is_generic and EMPTY.search(str(error)):
                continue
            value = ShapeError(LABEL, str(error))
        except TypeError as error:
            raise Refused(str(error)) from None
        if not isinstance(value, ShapeError) and not (isinstance(value, np.ndarray) and value.ndim):
            raise Refused(f"{text} is a number")
        outcomes.append(Outcome(world, value))
    return outcomes
