"""Random tensors: the seed is always given, and the same seed gives the same values on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.op import Evaluator, composite
from torchlean_typed.shapes import creation as rules
from torchlean_typed.shapes import dtypes

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from torchlean_typed.tensor import Tensor


@composite(rules.random, dtypes.created_floating)
def normal(shape: int | Sequence[int], seed: int, dtype: DTypeLike = "float64") -> Tensor:
    """Draws from the normal distribution with mean 0 and standard deviation 1.

    Shapes: ``-> *shape``.

    >>> tl.random.normal((2, 3), seed=0).shape
    (2, 3)
    """
    return Evaluator.constant(np.random.default_rng(seed).standard_normal(shape).astype(dtype))


@composite(rules.random, dtypes.created_floating)
def uniform(shape: int | Sequence[int], seed: int, dtype: DTypeLike = "float64") -> Tensor:
    """Draws from the uniform distribution on [0, 1).

    Shapes: ``-> *shape``.

    >>> tl.random.uniform((2, 3), seed=0).shape
    (2, 3)
    """
    return Evaluator.constant(np.random.default_rng(seed).random(shape).astype(dtype))
