"""For every operation of the table, a strategy of well-shaped arguments: the one place to add when one is added."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tests.table import array_cases, model_cases
from tests.table.drawing import (
    NONSCALAR,
    SEEDS,
    SHAPES,
    SIZES,
    Array,
    Case,
    Cases,
    away_from_zero,
    axis_of,
    between,
    bools,
    distinct,
    factorised,
    joining,
    keys,
    making,
    matrices,
    normalising,
    of_one,
    of_shapes,
    on_grid,
    permuted,
    pointwise,
    reducing,
    squeezing,
    stretching,
)
from torchlean_typed.ops.op import TABLE

__all__ = ["DIFFERENTIABLE", "STRATEGIES", "WITH_OPERANDS", "Array", "Case"]

BOUND = st.none() | st.integers(-2, 2) | st.sampled_from((-1.5, 0.5, np.float64(1.0)))
NEW_SHAPE = SHAPES | SIZES
FLOATS = st.sampled_from((np.float32, np.float64))
ANY_DTYPE = st.sampled_from((np.float32, np.float64, np.int32, np.int64))

BUILDERS: dict[str, Cases] = {
    **dict.fromkeys(("add", "subtract", "multiply"), pointwise(between(-2, 2), between(-2, 2))),
    **dict.fromkeys(("negative", "square", "exp", "expm1", "sin", "cos", "tanh"), pointwise(between(-2, 2))),
    **dict.fromkeys(("sigmoid", "gelu", "softplus", "detach"), pointwise(between(-3, 3))),
    **dict.fromkeys(("abs", "sign", "relu", "reciprocal"), pointwise(away_from_zero)),
    **dict.fromkeys(("log", "sqrt"), pointwise(between(0.2, 3))),
    **dict.fromkeys(("maximum", "minimum"), pointwise(on_grid(0.25), on_grid(0.75))),
    **dict.fromkeys(
        ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"), pointwise(on_grid(0), on_grid(0))
    ),
    **dict.fromkeys(("logical_and", "logical_or"), pointwise(bools, bools)),
    "logical_not": pointwise(bools),
    "divide": pointwise(between(-2, 2), away_from_zero),
    "pow": pointwise(between(0.3, 2), between(-2, 2)),
    "log1p": pointwise(between(-0.7, 2)),
    "safe_log": pointwise(between(-3, 3), eps=st.sampled_from((1e-12, 1e-3))),
    "clip": pointwise(on_grid(0.3), min=BOUND, max=BOUND),
    "where": pointwise(bools, between(-2, 2), between(-2, 2)),
    "astype": pointwise(between(-2, 2), dtype=st.just(np.float64)),
    "sum": reducing(),
    "mean": reducing(),
    "logsumexp": reducing(),
    **dict.fromkeys(("max", "min"), reducing(distinct)),
    **dict.fromkeys(("softmax", "log_softmax"), of_one(NONSCALAR, lambda shape: {"axis": axis_of(shape)})),
    "layer_norm": normalising,
    "matmul": of_shapes(matrices()),
    "reshape": of_one(SHAPES, lambda shape: {"shape": factorised(shape)}),
    "flatten": of_one(SHAPES),
    "permute_dims": of_one(SHAPES, lambda shape: {"axes": permuted(shape)}),
    "swapaxes": of_one(NONSCALAR, lambda shape: {"axis1": axis_of(shape), "axis2": axis_of(shape)}),
    "matrix_transpose": of_one(st.lists(SIZES, min_size=2, max_size=4).map(tuple)),
    "transpose": of_one(st.tuples(SIZES, SIZES)),
    "expand_dims": of_one(SHAPES, lambda shape: {"axis": axis_of(shape, extra=1)}),
    "squeeze": squeezing,
    "broadcast_to": stretching,
    "concat": lambda name: joining(name, new=False),
    "stack": lambda name: joining(name, new=True),
    "getitem": of_one(SHAPES, lambda shape: {"key": keys(shape)}),
    **dict.fromkeys(("zeros", "ones"), making(shape=NEW_SHAPE, dtype=ANY_DTYPE)),
    "full": making(shape=NEW_SHAPE, fill_value=st.integers(-2, 2), dtype=ANY_DTYPE),
    **dict.fromkeys(("zeros_like", "ones_like"), pointwise(between(-2, 2), dtype=st.none() | ANY_DTYPE)),
    "full_like": pointwise(between(-2, 2), fill_value=st.integers(-2, 2), dtype=st.none() | ANY_DTYPE),
    "eye": making(n_rows=SIZES, n_cols=st.none() | SIZES, dtype=ANY_DTYPE),
    "arange": making(
        start=SIZES, stop=st.none() | SIZES, step=st.sampled_from((1, 2, -1)), dtype=st.none() | ANY_DTYPE
    ),
    "linspace": making(start=st.just(0.0), stop=st.just(2.0), num=SIZES, dtype=FLOATS),
    **dict.fromkeys(("normal", "uniform"), making(shape=NEW_SHAPE, seed=SEEDS, dtype=FLOATS)),
    **array_cases.BUILDERS,
    **model_cases.BUILDERS,
}

STRATEGIES: dict[str, st.SearchStrategy[Case]] = {name: build(name) for name, build in BUILDERS.items()}
DIFFERENTIABLE = sorted(name for name, op in TABLE.items() if op.differentiable and op.tensors)
WITH_OPERANDS = sorted(name for name, op in TABLE.items() if op.tensors)
