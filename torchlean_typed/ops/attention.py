"""Attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops import choice, comparison, linalg, neural, structure
from torchlean_typed.ops.op import Evaluator, composite
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes import normalization as rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

__all__ = ["scaled_dot_product_attention"]


@composite(rules.attention, dtypes.masked)
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """``softmax(scale * query @ key.mT) @ value``, where the mask is True; ``scale`` is ``1/sqrt(d)`` if not given.

    With ``is_causal`` query i looks at the keys 0 to i alone. A query that may look at nothing gives zeros, and
    derivatives 0.

    Source: Vaswani and others 2017, arXiv:1706.03762.

    Shapes: ``*b n d, *b m d, *b m v, *b n m -> *b n v``; the mask, of dtype bool, may be one ``n m`` for all.

    >>> x = tl.eye(2)
    >>> tl.scaled_dot_product_attention(x, x, x, is_causal=True).numpy().round(3)
    array([[1.  , 0.  ],
           [0.33, 0.67]])
    """
    factor = max(query.shape[-1], 1) ** -0.5 if scale is None else scale
    scores = linalg.matmul(query * factor, structure.matrix_transpose(key))
    if mask is not None and mask.ndim > scores.ndim:  # the values have the batch axes
        scores = structure.reshape(scores, (*(1,) * (mask.ndim - scores.ndim), *scores.shape))
    allowed = _allowed(scores, mask, is_causal)
    if allowed is None:
        return linalg.matmul(neural.softmax(scores), value)
    # lower than any score, and finite: where a whole row is masked the softmax is still a number, and its zeros exact
    scores = choice.where(allowed, scores, float(np.finfo(scores.dtype).min) / 2)
    return linalg.matmul(choice.where(allowed, neural.softmax(scores), 0.0), value)


def _allowed(scores: Tensor, mask: Tensor | None, is_causal: bool) -> Tensor | None:
    """Where a query may look, in the rank of the scores."""
    if mask is not None:
        mask = structure.reshape(mask, (*(1,) * (scores.ndim - mask.ndim), *mask.shape))
    if is_causal:
        triangle = np.tri(*scores.shape[-2:], dtype=np.bool_).reshape((1,) * (scores.ndim - 2) + scores.shape[-2:])
        causal = Evaluator.constant(triangle)
        mask = causal if mask is None else comparison.logical_and(mask, causal)
    return mask
