"""The operands of an operation: shapes as its record documents them, and variables or new tensors that have them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from random import Random

from tests.fuzz.program import LARGEST, Scope
from tests.fuzz.sizes import LITERALS, Size, combined, literal
from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.dim import names_of
from torchlean_typed.shapes.shape import parse_dim

SIGNATURE = re.compile(r"``([^\"`]*?)\s*->")
DTYPES = {"condition": "bool", "mask": "bool", "indices": "int64"}
BOOLEAN = ("logical_and", "logical_or", "logical_not")


@cache
def documented(name: str) -> tuple[tuple[str, ...], ...]:
    """The operands' axes as the ``Shapes:`` line of the record has them; none where it has only words."""
    match = SIGNATURE.search(TABLE[name].doc.partition("Shapes:")[2])
    return tuple(tuple(shape.split()) for shape in match[1].partition(", ...")[0].split(",")) if match else ()


def dtype_of(name: str, label: str) -> str:
    """What an operand holds."""
    return "bool" if name in BOOLEAN else DTYPES.get(label, "float64")


class Sizing:
    """One size for each name of a signature, and some axes for each variadic."""

    def __init__(self, scope: Scope, pool: Sequence[Size]) -> None:
        self.scope, self.pool = scope, pool
        self.known: dict[str, list[Size]] = {}

    def axes(self, tokens: Sequence[str]) -> list[Size]:
        made: list[Size] = []
        for token in tokens:
            if token.startswith("*"):
                rng = self.scope.rng
                if token not in self.known:
                    self.known[token] = [rng.choice(self.pool) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
                made += self.known[token]
            elif token.isdigit():
                made.append(literal(int(token)))
            else:
                made.append(self.size(token))
        return made

    def size(self, token: str) -> Size:
        """Of an expression (``c//groups``) the size of its first name: right where the rest is 1."""
        name = min(names_of(parse_dim(token)))
        if name not in self.known:
            self.known[name] = [self.scope.rng.choice(self.pool)]
        return self.known[name][0]


def drawn_shapes(name: str, count: int, scope: Scope, pool: Sequence[Size]) -> list[list[Size]]:
    """Shapes for the operands: as documented, or random ones that have much in common."""
    rng, sizing = scope.rng, Sizing(scope, pool)
    signature = documented(name)
    if signature and rng.random() < 0.9:
        while len(signature) < count:
            signature = (*signature, signature[-1])
        shapes = [sizing.axes(shape) for shape in signature[:count]]
    else:
        first = [rng.choice(pool) for _ in range(rng.choice((0, 1, 2, 2, 3)))]
        shapes = [list(first) for _ in range(count)]
    shapes = [stretched(rng, shape) if count > 1 and rng.random() < 0.15 else shape for shape in shapes]
    return [cut_short(shape, scope) for shape in shapes]


def cut_short(shape: list[Size], scope: Scope) -> list[Size]:
    """The shape, its last axes made short where the tensor would be large."""
    for end in range(len(shape), -1, -1):
        short = [*shape[:end], *[literal(2)] * (len(shape) - end)]
        if math.prod(max(size.values(scope)) for size in short) <= LARGEST:
            return short
    return []


def stretched(rng: Random, shape: list[Size]) -> list[Size]:
    """The shape with some axes of size 1, of another size, or fewer axes, or none."""
    kind = rng.random()
    if kind < 0.4:
        return [literal(1) if rng.random() < 0.5 else size for size in shape]
    if kind < 0.6:
        return []
    if kind < 0.8 and shape:
        return shape[1:]
    changed = list(shape)
    if changed:
        changed[rng.randrange(len(changed))] = literal(rng.choice(LITERALS))
    return changed


def text_of_shape(shape: Sequence[Size]) -> str:
    """A shape as Python writes it."""
    return "(" + ", ".join(size.written for size in shape) + ("," if len(shape) == 1 else "") + ")"


def fitting(scope: Scope, shape: Sequence[Size], dtype: str) -> list[str]:
    """Variables of this shape and dtype."""
    want = list(zip(*(size.values(scope) for size in shape), strict=True)) if shape else [()] * len(scope.worlds)
    return [name for name in scope.tensors(lambda tensor: tensor.dtype.name == dtype) if scope.shapes(name) == want]


def new_tensor(rng: Random, shape: Sequence[Size], dtype: str) -> str:
    """An expression that makes a tensor of this shape."""
    text = text_of_shape(shape)
    if dtype != "float64":
        return f"tl.zeros({text}, dtype=np.{dtype if dtype != 'bool' else 'bool_'})"
    makers = ["tl.ones({0})", "tl.full({0}, 0.5)", "tl.random.uniform({0}, seed=1)", "tl.from_numpy(np.ones({0}))"]
    return rng.choice(makers[:2] if any(not size.written.isdigit() for size in shape) else makers).format(text)


def with_arithmetic(scope: Scope, pool: Sequence[Size]) -> list[Size]:
    """The pool with a sum and a product of its sizes, unless they are large."""
    made = [combined(scope.rng.choice(pool), sign, scope.rng.choice(pool), scope) for sign in ("+", "*")]
    return [*pool, *(size for size in made if size is not None and max(size.values(scope)) < 60)]
