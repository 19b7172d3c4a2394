"""What strategies of well-shaped arguments are drawn from: values, shapes that fit, axes and indices."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import torchlean_typed as tl
from tests.table.reference import REFERENCE
from torchlean_typed.ops.op import TABLE
from torchlean_typed.shapes.shape import Shapes
from torchlean_typed.tensor import Tensor

Array = np.ndarray[Any, Any]
Fill = Callable[[np.random.Generator, tuple[int, ...]], Array]

SIZES = st.sampled_from((2, 3, 5, 1))
SHAPES = st.lists(SIZES, max_size=3).map(tuple)
NONSCALAR = st.lists(SIZES, min_size=1, max_size=3).map(tuple)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Case:
    """Well-shaped arguments of one operation."""

    name: str
    arrays: tuple[Array, ...]
    statics: dict[str, Any]
    result: int = 0  # which one, of an operation with several

    def __repr__(self) -> str:
        shapes = ", ".join(f"{array.dtype}{list(array.shape)}" for array in self.arrays)
        return f"{self.name}({shapes}, {self.statics})"

    def __call__(self, *operands: Tensor) -> Tensor:
        function = getattr(tl, self.name, None) or getattr(tl.random, self.name)
        record = TABLE[self.name]
        if record.spread:
            return self.chosen(function(*self.statics.values(), *operands))
        return self.chosen(function(*([list(operands)] if record.sequence else operands), **self.statics))

    def chosen(self, results: Any) -> Any:
        return results[self.result] if isinstance(results, (Shapes, list)) or is_tuple_of_results(results) else results

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return [array.shape for array in self.arrays]

    def rule(self, shapes: Sequence[Any], sizes: Callable[[str, Any], Any] = lambda name, value: value) -> Any:
        """What the record's rule says of other shapes, the static parameters put through ``sizes``."""
        record = TABLE[self.name]
        values = {**dict(zip(record.statics, record.defaults, strict=True)), **self.statics}
        left_out = [] if record.sequence else [None] * (len(record.tensors) - len(shapes))
        statics = tuple(sizes(name, values[name]) for name in record.statics)
        return self.chosen(record.rule(self.name, *record.arguments([*shapes, *left_out], statics)))

    def reference(self) -> Any:
        """What NumPy makes of the arguments."""
        if TABLE[self.name].spread:
            return self.chosen(REFERENCE[self.name](*self.statics.values(), *self.arrays))
        return self.chosen(REFERENCE[self.name](*self.arrays, **self.statics))


def is_tuple_of_results(results: Any) -> bool:
    return isinstance(results, tuple) and any(isinstance(result, (Tensor, np.ndarray)) for result in results)


# --- values: spread out, so that finite differences meet no kink -----------------------------------------------------


def between(low: float, high: float) -> Fill:
    return lambda rng, shape: rng.uniform(low, high, shape)


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 2.0, shape)


def on_grid(offset: float) -> Fill:
    """Whole numbers plus an offset: values with two offsets never meet."""
    return lambda rng, shape: rng.integers(-3, 3, shape) + float(offset)


def distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    size = math.prod(shape)
    return (rng.permutation(size).reshape(shape) - size / 2) / 4


def bools(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.random(shape) < 0.5


def filled(name: str, seed: int, shapes: Sequence[tuple[int, ...]], fills: Sequence[Fill], **statics: Any) -> Case:
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(fill(rng, shape)) for fill, shape in zip(fills, shapes, strict=True)]
    return Case(name, tuple(arrays), statics)


# --- shapes that fit -------------------------------------------------------------------------------------------------


@st.composite
def broadcasting(
    draw: st.DrawFn, count: int, base: st.SearchStrategy[tuple[int, ...]] = SHAPES
) -> list[tuple[int, ...]]:
    """Shapes of one rank, of which some have axes of size 1, or that are scalars."""
    full = draw(base)
    shapes = []
    for _ in range(count):
        stretched = draw(st.lists(st.booleans(), min_size=len(full), max_size=len(full)))
        shape = tuple(1 if one else size for one, size in zip(stretched, full, strict=True))
        shapes.append(draw(st.sampled_from((full, shape, ()))))
    return shapes


def axis_of(shape: tuple[int, ...], extra: int = 0) -> st.SearchStrategy[int]:
    rank = len(shape) + extra
    return st.integers(-rank, rank - 1)


@st.composite
def axes_of(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """None, one axis or several, from either end."""
    rank = len(shape)
    positions = draw(st.lists(st.integers(0, rank - 1), unique=True)) if rank else []
    several = tuple(draw(st.sampled_from((position, position - rank))) for position in positions)
    return draw(st.sampled_from((None, several, *several[:1])))


@st.composite
def matrices(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Two vectors, matrices or stacks of matrices that can be multiplied."""
    n, k, m = draw(SIZES), draw(SIZES), draw(SIZES)
    left, right = draw(broadcasting(2, st.lists(SIZES, max_size=2).map(tuple)))
    return [draw(st.sampled_from(((k,), (*left, n, k)))), draw(st.sampled_from(((k,), (*right, k, m))))]


@st.composite
def slices(draw: st.DrawFn, size: int) -> slice:
    """A slice that starts within the axis and does not end before it starts; its bounds from either end."""
    start, stop = sorted(draw(st.integers(0, size)) for _ in range(2))
    bounds = [draw(st.sampled_from([bound, *[bound - size] * (bound < size)])) for bound in (start, stop)]
    step = draw(st.sampled_from((None, 1, 2, -1)))
    if step == -1:
        bounds.reverse()
    return slice(*(draw(st.sampled_from((bound, bound, None))) for bound in bounds), step)


@st.composite
def keys(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """A basic index: ints, slices, None and at most one ``...``."""
    items: list[Any] = []
    used = draw(st.integers(0, len(shape)))
    dots = draw(st.sampled_from((None, *range(used + 1))))
    for i in range(used):
        if i == dots:
            items.append(...)
        if draw(st.integers(0, 3)) == 0:
            items.append(None)
        size = shape[i] if dots is None or i < dots else shape[i - used]
        items.append(draw(st.integers(-size, size - 1) | slices(size)))
    if dots == used:
        items.append(...)
    return tuple(items) if len(items) != 1 or draw(st.booleans()) else items[0]


@st.composite
def factorised(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """Another shape with as many elements: neighbours merged, ones put in, maybe one -1."""
    sizes = list(draw(st.permutations(shape)))
    while len(sizes) > 1 and draw(st.booleans()):
        sizes[:2] = [sizes[0] * sizes[1]]
    if draw(st.booleans()):
        sizes.insert(draw(st.integers(0, len(sizes))), 1)
    if sizes and draw(st.booleans()):
        sizes[draw(st.integers(0, len(sizes) - 1))] = -1
    return sizes[0] if len(sizes) == 1 and draw(st.booleans()) else tuple(sizes)


# --- strategies of cases ---------------------------------------------------------------------------------------------

Cases = Callable[[str], st.SearchStrategy[Case]]


def pointwise(*fills: Fill, **statics: st.SearchStrategy[Any]) -> Cases:
    def strategy(name: str) -> st.SearchStrategy[Case]:
        return st.builds(
            lambda seed, shapes, chosen: filled(name, seed, shapes, fills, **chosen),
            SEEDS,
            broadcasting(len(fills)) if len(fills) > 1 else SHAPES.map(lambda shape: [shape]),
            st.fixed_dictionaries(statics),
        )

    return strategy


def of_one(
    shapes: st.SearchStrategy[tuple[int, ...]],
    statics: Callable[[tuple[int, ...]], dict[str, st.SearchStrategy[Any]]] = lambda shape: {},
    fill: Fill = away_from_zero,
) -> Cases:
    """One operand, and static parameters that depend on its shape."""

    @st.composite
    def strategy(draw: st.DrawFn, name: str) -> Case:
        shape = draw(shapes)
        chosen = {key: draw(values) for key, values in statics(shape).items()}
        return filled(name, draw(SEEDS), [shape], [fill], **chosen)

    return lambda name: strategy(name)


def reducing(fill: Fill = away_from_zero) -> Cases:
    return of_one(SHAPES, lambda shape: {"axis": axes_of(shape), "keepdims": st.booleans()}, fill)


def of_shapes(shapes: st.SearchStrategy[list[tuple[int, ...]]], fill: Fill = away_from_zero) -> Cases:
    return lambda name: st.builds(lambda seed, chosen: filled(name, seed, chosen, [fill] * len(chosen)), SEEDS, shapes)


def making(**statics: st.SearchStrategy[Any]) -> Cases:
    return lambda name: st.builds(lambda chosen: Case(name, (), chosen), st.fixed_dictionaries(statics))


@st.composite
def stretching(draw: st.DrawFn, name: str) -> Case:
    target = draw(SHAPES)
    ones = draw(st.lists(st.booleans(), min_size=len(target), max_size=len(target)))
    source = tuple(1 if one else size for one, size in zip(ones, target, strict=True))
    return filled(name, draw(SEEDS), [draw(st.sampled_from((source, ())))], [away_from_zero], shape=target)


@st.composite
def squeezing(draw: st.DrawFn, name: str) -> Case:
    shape = draw(NONSCALAR.filter(lambda shape: 1 in shape))
    ones = [index for index, size in enumerate(shape) if size == 1]
    chosen = draw(st.lists(st.sampled_from(ones), min_size=1, unique=True))
    axes = tuple(draw(st.sampled_from((index, index - len(shape)))) for index in chosen)
    axis = axes[0] if len(axes) == 1 and draw(st.booleans()) else axes
    return filled(name, draw(SEEDS), [shape], [away_from_zero], axis=axis)


@st.composite
def joining(draw: st.DrawFn, name: str, new: bool) -> Case:
    """Two or three tensors, equal but for the joined axis."""
    first = draw(SHAPES if new else NONSCALAR)
    axis = draw(axis_of(first, extra=int(new)))
    shapes = [first]
    for _ in range(draw(st.integers(0, 2))):
        other = list(first)
        if not new:
            other[axis] = draw(SIZES)
        shapes.append(tuple(other))
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * len(shapes), axis=axis)


@st.composite
def normalising(draw: st.DrawFn, name: str) -> Case:
    shape = draw(NONSCALAR)
    shapes = [shape, shape[-1:], shape[-1:]]
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * 3, eps=draw(st.sampled_from((0.01, 0.1, 1.0))))


def permuted(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    rank = len(shape)
    signs = st.lists(st.sampled_from((0, rank)), min_size=rank, max_size=rank)
    return st.builds(
        lambda axes, back: tuple(a - b for a, b in zip(axes, back, strict=True)), st.permutations(range(rank)), signs
    )
