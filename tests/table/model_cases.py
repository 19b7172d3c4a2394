"""Strategies for convolution, pooling, normalisation, attention and decompositions."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.table.drawing import (
    SEEDS,
    SIZES,
    Array,
    Case,
    Cases,
    away_from_zero,
    axis_of,
    between,
    bools,
    distinct,
    filled,
)

LEAD = st.sampled_from(((), (2,), (1,), (3, 1)))
SMALL = st.integers(1, 2)


def sized(draw: st.DrawFn, least: int) -> int:
    """A size that is not much more, and a product of 2, 3 and 5."""
    return draw(st.sampled_from([n for n in range(least, least + 5) if n % 7]))


def side(draw: st.DrawFn, count: int, values: st.SearchStrategy[int]) -> tuple[Any, tuple[int, ...]]:
    """A parameter as it is given, one size or one an axis, and its sizes."""
    if draw(st.booleans()):
        size = draw(values)
        return size, (size,) * count
    sizes = tuple(draw(values) for _ in range(count))
    return sizes, sizes


@st.composite
def convolving(draw: st.DrawFn, name: str) -> Case:
    count = 1 if name == "conv1d" else 2
    (stride, _), (padding, edges), (dilation, gaps) = (
        side(draw, count, values) for values in (st.integers(1, 3), st.integers(0, 2), SMALL)
    )
    groups, inner, outer = draw(SMALL), draw(SMALL), draw(SMALL)
    kernel = tuple(draw(st.integers(1, 3)) for _ in range(count))
    if draw(st.integers(0, 4)) == 0:
        stride, padding, edges = 1, draw(st.sampled_from(("same", "valid"))), (0,) * count
    least = (max(d * (k - 1) + 1 - 2 * p, 1) for d, k, p in zip(gaps, kernel, edges, strict=True))
    places = tuple(sized(draw, n) for n in least)
    shapes = [(*draw(LEAD), groups * inner, *places), (groups * outer, inner, *kernel), (groups * outer,)]
    shapes = shapes[: draw(st.integers(2, 3))]
    statics = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * len(shapes), **statics)


@st.composite
def transposing(draw: st.DrawFn, name: str) -> Case:
    (stride, steps), (padding, edges), (dilation, gaps) = (
        side(draw, 2, values) for values in (st.integers(1, 3), st.integers(0, 1), SMALL)
    )
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(steps, gaps, strict=True))
    groups, inner, outer = draw(SMALL), draw(SMALL), draw(SMALL)
    kernel = tuple(draw(st.integers(1, 3)) for _ in range(2))
    places = []
    for s, p, d, k, e in zip(steps, edges, gaps, kernel, extra, strict=True):
        least = next(n for n in range(1, 9) if (n - 1) * s - 2 * p + d * (k - 1) + e + 1 > 0)
        places.append(sized(draw, least))
    shapes = [(*draw(LEAD), groups * inner, *places), (groups * inner, outer, *kernel), (groups * outer,)]
    shapes = shapes[: draw(st.integers(2, 3))]
    statics = {"stride": stride, "padding": padding, "output_padding": extra, "groups": groups, "dilation": dilation}
    return filled(name, draw(SEEDS), shapes, [away_from_zero] * len(shapes), **statics)


@st.composite
def pooling(draw: st.DrawFn, name: str) -> Case:
    (kernel, windows), (stride, _) = (side(draw, 2, st.integers(1, 3)) for _ in range(2))
    dilation, gaps = side(draw, 2, SMALL) if name == "max_pool2d" else (1, (1, 1))
    extents = [d * (k - 1) + 1 for k, d in zip(windows, gaps, strict=True)]
    padding = tuple(draw(st.integers(0, k // 2)) for k in windows)
    # of at least the dilation's size, so that no window lies between the elements
    places = tuple(sized(draw, max(k - 2 * p, d)) for k, p, d in zip(extents, padding, gaps, strict=True))
    chosen = draw(st.sampled_from((None, stride)))
    statics = {"kernel": kernel, "stride": chosen, "padding": padding}
    if name == "max_pool2d":
        statics["dilation"] = dilation
    return filled(name, draw(SEEDS), [(*draw(LEAD), *places)], [distinct], **statics)


@st.composite
def normalising(draw: st.DrawFn, name: str) -> Case:
    shape = draw(st.lists(SIZES, min_size=2, max_size=3).map(tuple))
    axis = draw(axis_of(shape))
    channels = shape[axis : axis + 1] if axis >= 0 else (shape[axis],)
    statics = {"eps": draw(st.sampled_from((0.1, 1.0))), "axis": axis}
    fills = [away_from_zero] * 4 + [between(0.5, 2.0)]
    return filled(name, draw(SEEDS), [shape] + [channels] * 4, fills, **statics)


@st.composite
def attending(draw: st.DrawFn, name: str) -> Case:
    lead, n, m, d, v = draw(LEAD), draw(SIZES), draw(SIZES), draw(SIZES), draw(SIZES)
    shapes: list[tuple[int, ...]] = [(*lead, n, d), (*lead, m, d), (*lead, m, v)]
    ones = tuple(draw(st.sampled_from((1, size))) for size in lead)
    mask = draw(st.sampled_from((None, (n, m), (*ones, n, m), (*lead, 1, m))))
    fills = [away_from_zero] * 3
    if mask is not None:
        shapes.append(mask)
        fills.append(bools)
    statics = {"is_causal": draw(st.booleans()), "scale": draw(st.sampled_from((None, 0.5)))}
    return filled(name, draw(SEEDS), shapes, fills, **statics)


def positive_definite(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    factor = rng.uniform(-1, 1, shape)
    return factor @ np.swapaxes(factor, -1, -2) + 0.5 * np.eye(shape[-1])


def well_conditioned(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(-0.3, 0.3, shape) + np.diag(rng.uniform(1, 2, shape[-1]))


@st.composite
def square(draw: st.DrawFn, name: str) -> Case:
    n = draw(st.integers(1, 3))
    statics = {"upper": draw(st.booleans())} if name == "cholesky" else {}
    fill = positive_definite if name == "cholesky" else well_conditioned
    return filled(name, draw(SEEDS), [(*draw(LEAD), n, n)], [fill], **statics)


@st.composite
def solving(draw: st.DrawFn, name: str) -> Case:
    n, k, lead = draw(st.integers(1, 3)), draw(SIZES), draw(LEAD)
    ones = tuple(draw(st.sampled_from((1, size))) for size in lead)
    a = draw(st.sampled_from(((n, n), (*lead, n, n), (*ones, n, n))))
    b = draw(st.sampled_from(((n,), (n, k), (*lead, n, k))))
    statics = {"lower": draw(st.booleans())} if name == "triangular_solve" else {}
    return filled(name, draw(SEEDS), [a, b], [well_conditioned, away_from_zero], **statics)


BUILDERS: dict[str, Cases] = {
    **dict.fromkeys(("conv1d", "conv2d"), convolving),
    "conv_transpose2d": transposing,
    **dict.fromkeys(("max_pool2d", "avg_pool2d"), pooling),
    **dict.fromkeys(("batch_norm", "batch_norm_training"), normalising),
    "scaled_dot_product_attention": attending,
    **dict.fromkeys(("cholesky", "logdet"), square),
    **dict.fromkeys(("solve", "triangular_solve"), solving),
}
