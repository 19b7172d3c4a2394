"""Arguments at random for the static parameters, and what NumPy accepts that we refuse, by design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.table.drawing import Case

AXIS = st.integers(-4, 4)
WIDTH = st.integers(-1, 2)
SIDES = st.integers(0, 3) | st.tuples(st.integers(1, 2), st.integers(1, 2))
SUBSCRIPTS = (
    "ij,jk->ik",
    "ii",
    "i...,...i",
    "ij->",
    "...",
    "i,i->i",
    "ij->ji",
    "...ij,...jk->...ik",
    "i->ij",
    "i2",
    "->",
)

# Static parameters that mean something else elsewhere, or that take only some of the values others do.
ARBITRARY: dict[str, st.SearchStrategy[Any]] = {
    "subscripts": st.sampled_from(SUBSCRIPTS),
    "source": AXIS | st.lists(AXIS, max_size=2).map(tuple),
    "destination": AXIS | st.lists(AXIS, max_size=2).map(tuple),
    "indices_or_sections": AXIS | st.lists(AXIS, max_size=2).map(tuple),
    "shift": AXIS | st.lists(AXIS, max_size=2).map(tuple),
    "pad_width": WIDTH | st.lists(WIDTH | st.tuples(WIDTH, WIDTH), min_size=1, max_size=3).map(tuple),
    "constant_values": st.just(1.0),
    "k": AXIS,
    "offset": AXIS,
    "correction": st.just(0.0),
    "num_classes": st.integers(-1, 3),
    "include_initial": st.booleans(),
    "kernel": SIDES,
    "stride": st.none() | SIDES,
    "padding": st.integers(-1, 2),
    "dilation": st.integers(0, 2),
    "groups": st.integers(0, 2),
    "output_padding": st.just(0),
    "momentum": st.just(0.1),
    "is_causal": st.booleans(),
    "scale": st.none(),
    "upper": st.booleans(),
    "lower": st.booleans(),
}
ONE_AXIS = (
    *("softmax", "log_softmax", "concat", "stack", "expand_dims", "roll", "take", "take_along_axis", "scatter_add"),
    *("vecdot", "split", "batch_norm", "batch_norm_training"),
)
# Operations of which nothing is said here of empty axes.
NOT_EMPTY = (
    *("conv1d", "conv2d", "conv_transpose2d", "max_pool2d", "avg_pool2d", "batch_norm", "batch_norm_training"),
    *("scaled_dot_product_attention", "cholesky", "logdet", "solve", "triangular_solve"),
)


def pads(shapes: list[tuple[int, ...]]) -> bool:
    """Whether NumPy would pad a shape with axes: ranks differ, and no scalar is the reason."""
    return len({len(shape) for shape in shapes if shape}) > 1


def is_axis_of_scalar(case: Case) -> bool:
    return case.shapes == [()] and case.statics["axis"] != ()


def is_empty(case: Case) -> bool:
    return 0 in case.shapes[0]


def is_outside(case: Case) -> bool:
    rows, columns = case.shapes[0][-2:]
    return not -rows <= case.statics["offset"] <= columns


def cuts_short(case: Case) -> bool:
    """Whether a slice is empty, or of an empty axis: some of these we take for mistakes."""
    key = case.statics["key"]
    items = [item for item in (key if isinstance(key, tuple) else (key,)) if item is not None]
    after = items[::-1][: items[::-1].index(...)] if ... in items else []
    pairs = [*zip(case.shapes[0], items, strict=False), *zip(case.shapes[0][::-1], after, strict=False)]
    return any(isinstance(item, slice) and not range(size)[item] for size, item in pairs)


STRICTER: dict[str, Callable[[Case], bool]] = {
    "getitem": cuts_short,
    # one index has one size, and what ... stands for is broadcast as operands are
    "einsum": lambda case: pads(case.shapes) or any(1 in shape for shape in case.shapes),
    "tensordot": lambda case: isinstance(case.statics["axes"], int) and case.statics["axes"] < 0,
    "split": lambda case: isinstance(case.statics["indices_or_sections"], tuple),
    "roll": lambda case: isinstance(case.statics["shift"], tuple),
    "pad": lambda case: isinstance(case.statics["pad_width"], tuple),
    **dict.fromkeys(("diagonal", "trace"), is_outside),
    "take": lambda case: case.shapes[0] == () or is_empty(case),  # NumPy does not look where the result is empty
    "take_along_axis": lambda case: case.shapes[0] != case.shapes[1],
    **dict.fromkeys(("prod", "cumulative_sum"), is_axis_of_scalar),
    **dict.fromkeys(("var", "std", "argmax", "argmin"), lambda case: is_axis_of_scalar(case) or is_empty(case)),
    **dict.fromkeys(("solve", "triangular_solve"), lambda case: pads([s[:-2] for s in case.shapes])),
    "scaled_dot_product_attention": lambda case: (
        pads([s[:-2] for s in case.shapes]) or any(len(shape) < 2 for shape in case.shapes)
    ),
}


def values(name: str, tensor: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Indices that are in range, masks and conditions, matrices that are positive definite, and ones."""
    if name.startswith("logical") or tensor in ("condition", "mask"):
        return np.zeros(shape, bool)
    if tensor == "indices":
        return np.zeros(shape, np.int64)
    if name in NOT_EMPTY and len(shape) > 1:
        return np.ones(shape) + 3 * np.eye(*shape[-2:])
    return np.ones(shape)
