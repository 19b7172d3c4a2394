"""Strategies for contractions, rearrangements, indexing and statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.table.drawing import (
    NONSCALAR,
    SEEDS,
    SHAPES,
    SIZES,
    Array,
    Case,
    Cases,
    Fill,
    away_from_zero,
    axes_of,
    axis_of,
    broadcasting,
    distinct,
    filled,
    of_one,
    reducing,
)

MATRICES = st.lists(SIZES, min_size=2, max_size=3).map(tuple)


def from_zero_to(size: int, negative: bool = True) -> Fill:
    return lambda rng, shape: rng.integers(-size if negative else 0, size, shape)


@st.composite
def subscripts(draw: st.DrawFn, name: str) -> Case:
    """One to three operands, indices that repeat, axes without one, an output that may be left out."""
    sizes = dict(zip("ijkA", draw(st.lists(st.sampled_from((2, 3, 1)), min_size=4, max_size=4)), strict=True))
    count = draw(st.integers(1, 3))
    terms = ["".join(draw(st.lists(st.sampled_from(sorted(sizes)), max_size=3))) for _ in range(count)]
    rests = draw(broadcasting(count, st.lists(st.sampled_from((2, 3)), max_size=2).map(tuple)))
    shapes = []
    for number, rest in enumerate(rests):
        at = draw(st.integers(0, len(terms[number])))
        before, after = terms[number][:at], terms[number][at:]
        shapes.append((*map(sizes.get, before), *rest, *map(sizes.get, after)))
        terms[number] = f"{before}...{after}" if rest or draw(st.booleans()) else terms[number]
    text = ",".join(terms)
    if draw(st.booleans()):
        output = draw(
            st.lists(st.sampled_from(sorted({*text} - {*",."}) or ["i"]), unique=True).filter(set(text).issuperset)
        )
        if any(rests) or ("..." in text and draw(st.booleans())):
            output.insert(draw(st.integers(0, len(output))), "...")
        text += " -> " + "".join(output)
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * count, subscripts=text)


@st.composite
def dotting(draw: st.DrawFn, name: str) -> Case:
    """tensordot: the last and the first axes, or any axes of each."""
    inner, left, right = (draw(st.lists(SIZES, max_size=2)) for _ in range(3))
    if draw(st.booleans()):
        shapes: list[Any] = [(*left, *inner), (*inner, *right)]
        axes: Any = len(inner)
    else:
        pairs = []
        for own in (left, right):
            order = draw(st.permutations(range(len(own) + len(inner))))
            mixed = [(own + inner)[i] for i in order]
            pairs.append((tuple(mixed), tuple(order.index(len(own) + i) for i in range(len(inner)))))
        shapes, axes = [shape for shape, _ in pairs], [list(at) for _, at in pairs]
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * 2, axes=axes)


@st.composite
def vectors_along(draw: st.DrawFn, name: str) -> Case:
    full = draw(NONSCALAR)
    axis = draw(axis_of(full))
    shapes = []
    for _ in range(2):
        ones = draw(st.lists(st.booleans(), min_size=len(full), max_size=len(full)))
        shapes.append(
            tuple(1 if one and i != axis % len(full) else n for i, (one, n) in enumerate(zip(ones, full, strict=True)))
        )
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * 2, axis=axis)


@st.composite
def moving(draw: st.DrawFn, name: str) -> Case:
    shape = draw(NONSCALAR)
    count = draw(st.integers(0, len(shape)))
    places = [draw(st.permutations(range(len(shape))))[:count] for _ in range(2)]
    signed = [tuple(draw(st.sampled_from((i, i - len(shape)))) for i in part) for part in places]
    if count == 1 and draw(st.booleans()):
        signed = [part[0] for part in signed]  # type: ignore[misc]
    source, destination = signed
    return filled(name, draw(SEEDS), [shape], [away_from_zero], source=source, destination=destination)


@st.composite
def cutting(draw: st.DrawFn, name: str) -> Case:
    shape = draw(NONSCALAR)
    axis = draw(axis_of(shape))
    size = shape[axis]
    equal = st.sampled_from([count for count in range(1, size + 1) if size % count == 0])
    sections = draw(equal | st.lists(st.integers(0, size), max_size=3).map(sorted).map(tuple))
    parts = len(sections) + 1 if isinstance(sections, tuple) else sections
    case = filled(name, draw(SEEDS), [shape], [away_from_zero], indices_or_sections=sections, axis=axis)
    return Case(name, case.arrays, case.statics, draw(st.integers(0, parts - 1)))


@st.composite
def rolling(draw: st.DrawFn, name: str) -> Case:
    shape = draw(SHAPES)
    axis = draw(axes_of(shape).filter(lambda axis: axis != ()))  # NumPy takes no axes at all for an error
    shift: Any = draw(st.integers(-7, 7))
    if isinstance(axis, tuple) and draw(st.booleans()):
        shift = tuple(draw(st.integers(-7, 7)) for _ in axis)
    return filled(name, draw(SEEDS), [shape], [away_from_zero], shift=shift, axis=axis)


def widths(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    width = st.integers(0, 2)
    pair = st.tuples(width, width)
    if not shape:
        return width
    return width | pair | st.lists(pair, min_size=len(shape), max_size=len(shape)).map(tuple)


@st.composite
def taking(draw: st.DrawFn, name: str) -> Case:
    shape = draw(NONSCALAR)
    axis = draw(st.none() | axis_of(shape)) if len(shape) == 1 and name == "take" else draw(axis_of(shape))
    position = (axis or 0) % len(shape)
    indices = draw(st.lists(SIZES, max_size=2).map(tuple))
    if name == "take_along_axis":
        indices = (*shape[:position], draw(SIZES), *shape[position + 1 :])
    fills: list[Fill] = [away_from_zero, from_zero_to(shape[position])]
    shapes = [shape, indices]
    if name == "scatter_add":
        fills.append(away_from_zero)
        shapes.append((*shape[:position], *indices, *shape[position + 1 :]))
    return filled(name, draw(SEEDS), shapes, fills, axis=axis)


@st.composite
def classes(draw: st.DrawFn, name: str) -> Case:
    count = draw(SIZES)
    shape = draw(SHAPES)
    dtype = draw(st.sampled_from((np.float64, np.int64)))
    return filled(name, draw(SEEDS), [shape], [from_zero_to(count, False)], num_classes=count, dtype=dtype)


def offsets(shape: tuple[int, ...]) -> st.SearchStrategy[int]:
    return st.integers(-shape[-2], shape[-1])


def index_reducing(fill: Fill) -> Cases:
    return of_one(
        SHAPES,
        lambda shape: {"axis": st.none() | axis_of(shape) if shape else st.none(), "keepdims": st.booleans()},
        fill,
    )


@st.composite
def spreading(draw: st.DrawFn, name: str) -> Case:
    shape = draw(SHAPES)
    statics = {
        "axis": draw(axes_of(shape)),
        "correction": draw(st.sampled_from((0.0, 0.5))),
        "keepdims": draw(st.booleans()),
    }
    return filled(name, draw(SEEDS), [shape], [distinct_values], **statics)


def distinct_values(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return distinct(rng, shape) + rng.uniform(-0.1, 0.1, shape)


def running(shape: tuple[int, ...]) -> dict[str, st.SearchStrategy[Any]]:
    axis = axis_of(shape) if len(shape) > 1 else st.none() | axis_of(shape)
    return {"axis": axis, "include_initial": st.booleans()}


BUILDERS: dict[str, Cases] = {
    "einsum": subscripts,
    "tensordot": dotting,
    "vecdot": vectors_along,
    "outer": lambda name: st.builds(
        lambda seed, n, m: filled(name, seed, [(n,), (m,)], [away_from_zero] * 2), SEEDS, SIZES, SIZES
    ),
    "moveaxis": moving,
    "split": cutting,
    "flip": of_one(SHAPES, lambda shape: {"axis": axes_of(shape)}),
    "roll": rolling,
    "pad": of_one(SHAPES, lambda shape: {"pad_width": widths(shape), "constant_values": st.sampled_from((0, 2))}),
    **dict.fromkeys(("tril", "triu"), of_one(MATRICES, lambda shape: {"k": st.integers(-6, 6)})),
    **dict.fromkeys(("diagonal", "trace"), of_one(MATRICES, lambda shape: {"offset": offsets(shape)})),
    **dict.fromkeys(("take", "take_along_axis", "scatter_add"), taking),
    "one_hot": classes,
    "prod": reducing(),
    **dict.fromkeys(("var", "std"), spreading),
    **dict.fromkeys(("argmax", "argmin"), index_reducing(distinct)),
    "cumulative_sum": of_one(NONSCALAR, running),
}
