"""Models of the layers of images, of sequences and of models, each with its counterpart written with HIPS autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp

from tests.values.models import ACTIVATIONS, Model, Weights, dense, normalised, softmax
from torchlean_typed import nn

Pair = tuple[int, int]


def windows(x: Any, kernel: Pair, stride: Pair, padding: Pair, fill: float = 0.0) -> list[list[Any]]:
    """The windows of the last two axes, row by row, cut out one by one."""
    widths = [(0, 0)] * (x.ndim - 2) + [(p, p) for p in padding]
    x = anp.pad(x, widths, "constant", constant_values=fill)
    rows = range(0, x.shape[-2] - kernel[0] + 1, stride[0])
    columns = range(0, x.shape[-1] - kernel[1] + 1, stride[1])
    return [[x[..., i : i + kernel[0], j : j + kernel[1]] for j in columns] for i in rows]


def stacked(rows: Sequence[Sequence[Any]]) -> Any:
    """Values of windows as the last two axes."""
    return anp.stack([anp.stack(list(row), axis=-1) for row in rows], axis=-2)


def conv(w: Any, x: Any, stride: Pair = (1, 1), padding: Pair = (0, 0)) -> Any:
    """Cross-correlation: the sum over channels and a window of products, for each place and output."""
    cut = windows(x, w.shape[2:], stride, padding)
    return stacked([[anp.einsum("...ckl,dckl->...d", window, w) for window in row] for row in cut])


def shifted(x: Any, b: Any) -> Any:
    """A bias for each channel."""
    return x + anp.reshape(b, (b.shape[0], 1, 1))


def max_pool(x: Any, kernel: Pair, stride: Pair, padding: Pair = (0, 0)) -> Any:
    """The largest value of each window."""
    return stacked([[anp.max(w, axis=(-2, -1)) for w in row] for row in windows(x, kernel, stride, padding, -1e300)])


def avg_pool(x: Any, kernel: Pair, stride: Pair, padding: Pair = (0, 0)) -> Any:
    """The mean of each window."""
    return stacked([[anp.mean(w, axis=(-2, -1)) for w in row] for row in windows(x, kernel, stride, padding)])


def flat(x: Any, axes: int) -> Any:
    """The last axes as one."""
    return anp.reshape(x, (*x.shape[:-axes], -1))


def attention(p: Weights, x: Any, heads: int, causal: bool = False) -> Any:
    """Head by head, from the rows of the weights that belong to it."""
    d, n = x.shape[-1], x.shape[-2]
    size = d // heads
    seen = []
    for head in range(heads):
        rows = slice(head * size, (head + 1) * size)
        query, key, value = (dense(p[i][rows], p[i + 1][rows], x) for i in (0, 2, 4))
        scores = anp.einsum("...nd,...md->...nm", query, key) / anp.sqrt(size)
        if causal:
            scores = scores + anp.where(anp.tri(n) > 0, 0.0, -1e30)
        seen.append(anp.einsum("...nm,...md->...nd", softmax(scores), value))
    return dense(p[6], p[7], anp.concatenate(seen, axis=-1))


def block(p: Weights, x: Any, heads: int, causal: bool = False) -> Any:
    """A transformer block with the norm first."""
    x = x + attention(p[2:10], normalised(p[0], p[1], x), heads, causal)
    hidden = ACTIVATIONS["gelu"](dense(p[12], p[13], normalised(p[10], p[11], x)))
    return x + dense(p[14], p[15], hidden)


CONV = Model(
    "conv2d",
    nn.input("2 4 5") >> nn.conv2d(2, 3, (2, 3), stride=(2, 1), padding=(1, 0)) >> nn.tanh() >> nn.flatten(3),
    lambda p, x: flat(anp.tanh(shifted(conv(p[0], x, (2, 1), (1, 0)), p[1])), 3),
    sample=(2, 4, 5),
    output=(27,),
)
NO_BIAS = Model(
    "conv2d-no-bias",
    nn.conv2d(1, 2, 3, padding=1, bias=False) >> nn.global_avg_pool(),
    lambda p, x: anp.mean(conv(p[0], x, padding=(1, 1)), axis=(-2, -1)),
    sample=(1, 3, 4),
)
MAX_POOL = Model(
    "max_pool2d",
    nn.conv2d(1, 2, 2) >> nn.max_pool2d(3, stride=2, padding=1) >> nn.global_avg_pool(),
    lambda p, x: anp.mean(max_pool(shifted(conv(p[0], x), p[1]), (3, 3), (2, 2), (1, 1)), axis=(-2, -1)),
    sample=(1, 5, 5),
)
AVG_POOL = Model(
    "avg_pool2d",
    nn.input("1 5 4") >> nn.avg_pool2d((3, 2), padding=1) >> nn.flatten(3) >> nn.linear(6, 2),
    lambda p, x: dense(p[0], p[1], flat(avg_pool(x, (3, 2), (3, 2), (1, 1)), 3)),
    sample=(1, 5, 4),
)
MLP = Model(
    "mlp",
    nn.mlp(3, 5, 4, 2, activation="sigmoid"),
    lambda p, x: dense(
        p[4],
        p[5],
        ACTIVATIONS["sigmoid"](dense(p[2], p[3], ACTIVATIONS["sigmoid"](dense(p[0], p[1], x)))),
    ),
)
ATTENTION = Model(
    "multi_head_attention",
    nn.multi_head_attention(4, heads=2) >> nn.linear(4, 2),
    lambda p, x: dense(p[8], p[9], attention(p, x, 2)),
    sample=(3, 4),
    output=(3, 2),
)
BLOCK = Model(
    "transformer_block",
    nn.transformer_block(4, heads=2, hidden=5, causal=True) >> nn.linear(4, 2),
    lambda p, x: dense(p[16], p[17], block(p, x, 2, causal=True)),
    sample=(3, 4),
    output=(3, 2),
)
ADD = Model(
    "add_branches",
    nn.add_branches(nn.linear(3, 2), nn.mlp(3, 4, 2, activation="tanh"), nn.linear(3, 2, bias=False)),
    lambda p, x: dense(p[0], p[1], x) + dense(p[4], p[5], anp.tanh(dense(p[2], p[3], x))) + dense(p[6], 0.0, x),
)
CONCAT = Model(
    "concat_branches",
    nn.concat_branches(nn.linear(3, 2), nn.tanh(), nn.linear(3, 1) >> nn.gelu()) >> nn.linear(6, 2),
    lambda p, x: dense(
        p[4],
        p[5],
        anp.concatenate([dense(p[0], p[1], x), anp.tanh(x), ACTIVATIONS["gelu"](dense(p[2], p[3], x))], axis=-1),
    ),
)
CHANNELS = Model(
    "concat_branches-channels",
    nn.concat_branches(nn.conv2d(1, 2, 3, padding=1), nn.avg_pool2d(3, stride=1, padding=1), axis=-3)
    >> nn.global_avg_pool(),
    lambda p, x: anp.mean(
        anp.concatenate([shifted(conv(p[0], x, padding=(1, 1)), p[1]), avg_pool(x, (3, 3), (1, 1), (1, 1))], axis=-3),
        axis=(-2, -1),
    ),
    sample=(1, 3, 4),
    output=(3,),
)
LAYER_MODELS = [CONV, NO_BIAS, MAX_POOL, AVG_POOL, MLP, ATTENTION, BLOCK, ADD, CONCAT, CHANNELS]
