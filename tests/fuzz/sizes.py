"""Sizes: in a concrete scope numbers, in a symbolic one expressions of names, each with its value in every world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.program import Scope, Sizes, World
from torchlean_typed.shapes.dim import substitute
from torchlean_typed.shapes.shape import parse_dim

NAMES = ("n", "m", "k")
# What agrees by chance in one world does not in another: of the first two sizes of a name, no two names have the same
# difference in both; with the third, which is drawn, some are even and some odd, and all remainders by 3 are there. The
# last axes of the variadics are no literal, and no two alike.
PAIRS, THIRD = ((5, 6), (7, 9), (11, 16), (13, 21)), range(8, 21)
SMALL_PAIRS, SMALL_THIRD = ((3, 4), (5, 10), (7, 15)), range(6, 15)
LEADS: tuple[tuple[int, ...], ...] = ((7,), (2, 5), (3,), (), (0,), (1, 2))
LITERALS = (1, 1, 2, 2, 3, 3, 4, 5, 6)


@dataclass(frozen=True)
class Size:
    """A size as an expression of Python and as the text of an annotation; where it has only one of them, so."""

    text: str | None
    annotation: str | None

    def values(self, scope: Scope) -> tuple[int, ...]:
        """What it is in each world."""
        if self.annotation is not None:
            dim = parse_dim(self.annotation)
            return tuple(int(str(substitute(dim, world.sizes))) for world in scope.worlds)
        return tuple(eval(str(self.text), world.values) for world in scope.worlds)

    @property
    def written(self) -> str:
        """As Python, where it is known to have that."""
        assert self.text is not None
        return self.text


def worlds_of(rng: Random, names: Sequence[str], variadic: bool, small: bool, base: dict[str, Any]) -> list[World]:
    """Three worlds of generic sizes; one of ones, one of zeros, one of small sizes."""
    generic = generic_sizes(rng, len(names), *((SMALL_PAIRS, SMALL_THIRD) if small else (PAIRS, THIRD)))
    chosen: list[tuple[Sizes, bool]] = [(dict(zip(names, sizes, strict=True)), True) for sizes in generic]
    chosen += [(dict.fromkeys(names, size), False) for size in (1, 0)]
    chosen.append(({name: rng.randint(0, 4) for name in names}, False))
    if variadic:
        for (sizes, _), lead in zip(chosen, LEADS, strict=True):
            sizes["*b"] = lead
    return [World(sizes, dict(base), is_generic) for sizes, is_generic in chosen]


def generic_sizes(rng: Random, count: int, pairs: Sequence[tuple[int, int]], third: Sequence[int]) -> list[list[int]]:
    """For each of three worlds as many sizes."""
    triples: list[tuple[int, int, int]] = []
    for a, b in rng.sample(pairs, count):
        fits = [c for c in third if len({a % 2, b % 2, c % 2}) == 2 and len({a % 3, b % 3, c % 3}) == 3]
        triples.append((a, b, rng.choice([c for c in fits if c not in {last for *_, last in triples}])))
    return [list(sizes) for sizes in zip(*triples, strict=True)]


def literal(size: int) -> Size:
    return Size(str(size), str(size))


def named(name: str, scope: Scope) -> Size:
    """A name; Python can write it where a parameter has it."""
    return Size(name if name in scope.variables else None, name)


def combined(a: Size, sign: str, b: Size, scope: Scope) -> Size | None:
    """A sum, difference, product or quotient; not one that is negative anywhere."""
    left, right = a.values(scope), b.values(scope)
    if sign == "//" and 0 in right:
        return None
    operator = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "//": int.__floordiv__}[sign]
    if any(operator(x, y) < 0 for x, y in zip(left, right, strict=True)):
        return None
    texts = [_joined(a.text, f" {sign} ", b.text), _joined(a.annotation, sign, b.annotation)]
    return Size(*texts) if any(texts) else None


def _joined(a: str | None, sign: str, b: str | None) -> str | None:
    if a is None or b is None:
        return None
    first = f"({a})" if set(a) & set("+-*/") and sign.strip() in ("*", "//") else a
    second = f"({b})" if set(b) & set("+-*/") else b
    return f"{first}{sign}{second}"


def formal_sizes(rng: Random, names: Sequence[str], scope: Scope) -> list[Size]:
    """Sizes as a signature has them: the names, some arithmetic of them, a number."""
    sizes = [named(name, scope) for name in names]
    for _ in range(rng.randint(0, 2)):
        a = named(rng.choice(names), scope)
        b = rng.choice([literal(rng.choice((1, 2, 3))), named(rng.choice(names), scope)])
        made = combined(b, "*", a, scope) if rng.random() < 0.5 else combined(a, "+", b, scope)
        sizes += [made] if made and max(made.values(scope)) < 60 else []
    return [*sizes, literal(rng.choice(LITERALS))]


def described(values: tuple[int, ...], scope: Scope) -> str | None:
    """An annotation for a size that has these values in the worlds there are."""
    names = sorted({name for world in scope.worlds for name in world.sizes if not name.startswith("*")})
    simple = [literal(values[0]), *(named(name, scope) for name in names)]
    for size in simple:
        if size.values(scope) == values:
            return size.annotation
    numbers = [literal(number) for number in (1, 2, 3, 4, 6)]
    for a in simple[1:]:
        for b in [*numbers, *simple[1:]]:
            for sign, left, right in (("+", a, b), ("-", a, b), ("*", b, a), ("//", a, literal(2))):
                made = combined(left, sign, right, scope)
                if made is not None and made.values(scope) == values:
                    return made.annotation
    return None


def annotation_of(name: str, scope: Scope) -> str | None:
    """The shape of a variable as the text of an annotation, as far as its sizes tell it."""
    shapes = scope.shapes(name)
    leads = [world.sizes.get("*b", ()) for world in scope.worlds]
    rest = [shape[len(lead) :] for shape, lead in zip(shapes, leads, strict=True)]
    text = []
    if any(leads) and all(shape[: len(lead)] == lead for shape, lead in zip(shapes, leads, strict=True)):
        text = ["*b"]
    else:
        rest = shapes
    if len({len(shape) for shape in rest}) != 1:
        return None
    for values in zip(*rest, strict=True):
        size = described(values, scope)
        if size is None:
            return None
        text.append(size)
    return " ".join(text)
