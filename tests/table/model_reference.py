"""Convolution, pooling, normalisation, attention and decompositions, element by element in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np


def _sides(value: Any, count: int = 2) -> tuple[int, ...]:
    sizes = (value,) * count if isinstance(value, int) else tuple(value)
    assert len(sizes) == count
    return sizes


def _conv(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """One output element after the other."""
    count = weight.ndim - 2
    steps, gaps = _sides(stride, count), _sides(dilation, count)
    lead, places, kernel = x.shape[: -count - 1], x.shape[-count:], weight.shape[2:]
    if padding == "same":
        assert set(steps) == {1}
        borders = [((d * (k - 1)) // 2, (d * (k - 1) + 1) // 2) for d, k in zip(gaps, kernel, strict=True)]
    else:
        borders = [(p, p) for p in _sides(0 if padding == "valid" else padding, count)]
    x = x.reshape(-1, *x.shape[-count - 1 :])
    assert x.shape[1] == weight.shape[1] * groups
    assert weight.shape[0] % groups == 0
    x = np.pad(x, [(0, 0), (0, 0), *borders])
    sizes = [
        (n + sum(b) - d * (k - 1) - 1) // s + 1
        for n, b, d, k, s in zip(places, borders, gaps, kernel, steps, strict=True)
    ]
    assert min(sizes) > 0
    result = np.zeros((len(x), len(weight), *sizes), x.dtype)
    inner, outer = weight.shape[1], len(weight) // groups
    for channel in range(len(weight)):
        group = channel // outer
        part = x[:, group * inner : (group + 1) * inner]
        for place in np.ndindex(*sizes):
            window = [
                slice(i * s, i * s + d * (k - 1) + 1, d) for i, s, d, k in zip(place, steps, gaps, kernel, strict=True)
            ]
            result[(slice(None), channel, *place)] = np.sum(
                part[(..., *window)] * weight[channel], tuple(range(1, count + 2))
            )
        if bias is not None:
            assert bias.shape == (len(weight),)
            result[:, channel] += bias[channel]
    return result.reshape(*lead, *result.shape[1:])


def _conv_nd(count: int) -> Any:
    def reference(x: Any, weight: Any, *args: Any, **statics: Any) -> Any:
        assert weight.ndim == count + 2
        assert x.ndim > count
        return _conv(x, weight, *args, **statics)

    return reference


def _conv_transpose(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """Every element spreads over its window."""
    steps, edges, extras, gaps = map(_sides, (stride, padding, output_padding, dilation))
    assert weight.ndim == 4
    lead, (h, w), (k, m) = x.shape[:-3], x.shape[-2:], weight.shape[2:]
    x = x.reshape(-1, *x.shape[-3:])
    assert x.shape[1] == weight.shape[0]
    inner, outer = weight.shape[0] // groups, weight.shape[1]
    sizes = [
        (n - 1) * s + d * (t - 1) + e + 1 for n, s, d, t, e in zip((h, w), steps, gaps, (k, m), extras, strict=True)
    ]
    full = np.zeros((len(x), outer * groups, *sizes), x.dtype)
    for c, i, j, a, b in np.ndindex(weight.shape[0], h, w, k, m):
        group = c // inner
        rows, columns = i * steps[0] + a * gaps[0], j * steps[1] + b * gaps[1]
        full[:, group * outer : (group + 1) * outer, rows, columns] += x[:, c, i, j, None] * weight[c, :, a, b]
    result = full[:, :, edges[0] : sizes[0] - edges[0], edges[1] : sizes[1] - edges[1]]
    result = result if bias is None else result + bias[:, None, None]
    return result.reshape(*lead, *result.shape[1:])


def _pool(combine: Any, border: float) -> Any:
    def reference(x: Any, kernel: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1) -> Any:
        (p, q), (d, e) = _sides(padding), _sides(dilation)
        s, t = _sides(kernel if stride is None else stride)
        k, m = (g * (size - 1) + 1 for size, g in zip(_sides(kernel), (d, e), strict=True))
        assert min(*_sides(kernel), s, t, d, e) > 0
        assert 0 <= 2 * p <= k
        assert 0 <= 2 * q <= m
        assert x.ndim > 1
        x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p), (q, q)], constant_values=border)
        h, w = (x.shape[-2] - k) // s + 1, (x.shape[-1] - m) // t + 1
        assert min(h, w) > 0
        rows = [
            [combine(x[..., i * s : i * s + k : d, j * t : j * t + m : e], axis=(-2, -1)) for j in range(w)]
            for i in range(h)
        ]
        return np.moveaxis(np.array(rows), (0, 1), (-2, -1))

    return reference


def _batch_norm(x: Any, weight: Any, bias: Any, mean: Any, variance: Any, eps: float = 1e-5, axis: int = 1) -> Any:
    moved = np.moveaxis(x, axis, -1)
    for part in (weight, bias, mean, variance):
        assert part.shape == moved.shape[-1:]
    return np.moveaxis((moved - mean) / np.sqrt(variance + eps) * weight + bias, -1, axis)


def _batch_norm_training(
    x: Any, weight: Any, bias: Any, mean: Any, variance: Any, momentum: float = 0.1, eps: float = 1e-5, axis: int = 1
) -> Any:
    flat = np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])
    assert len(flat)
    result = _batch_norm(x, weight, bias, flat.mean(0), flat.var(0), eps, axis)
    assert mean.shape == variance.shape == weight.shape
    unbiased = flat.var(0) * len(flat) / max(len(flat) - 1, 1)
    return result, (1 - momentum) * mean + momentum * flat.mean(0), (1 - momentum) * variance + momentum * unbiased


def _attention(query: Any, key: Any, value: Any, mask: Any = None, is_causal: bool = False, scale: Any = None) -> Any:
    """The weights are exp(scores) over their sum, where the mask allows; zeros where it allows nothing."""
    scores = query @ np.swapaxes(key, -1, -2) * (1 / np.sqrt(query.shape[-1]) if scale is None else scale)
    e = np.exp(scores)
    if mask is not None:
        # the leading axes of the values count too: a mask may differ along them where the scores do not
        whole = np.broadcast_shapes(scores.shape[:-2], value.shape[:-2]) + scores.shape[-2:]
        assert mask.ndim in (2, len(whole))
        assert np.broadcast_shapes(mask.shape, whole) == whole
        e = np.where(mask, e, 0.0)
    if is_causal:
        e = e * np.tri(*scores.shape[-2:])
    total = e.sum(-1, keepdims=True)
    return np.where(total > 0, e / np.where(total > 0, total, 1), 0.0) @ value


def _cholesky(x: Any, upper: bool = False) -> Any:
    lower = np.linalg.cholesky((x + np.swapaxes(x, -1, -2)) / 2)
    return np.swapaxes(lower, -1, -2) if upper else lower


def _triangular_solve(a: Any, b: Any, lower: bool = True) -> Any:
    assert a.ndim > 1
    return np.linalg.inv(np.tril(a) if lower else np.triu(a)) @ b


MODELS: dict[str, Any] = {
    "conv1d": _conv_nd(1),
    "conv2d": _conv_nd(2),
    "conv_transpose2d": _conv_transpose,
    "max_pool2d": _pool(np.max, -np.inf),
    "avg_pool2d": _pool(np.mean, 0.0),
    "batch_norm": _batch_norm,
    "batch_norm_training": _batch_norm_training,
    "scaled_dot_product_attention": _attention,
    "cholesky": _cholesky,
    "logdet": lambda x: np.log(np.linalg.det(x)),
    "solve": np.linalg.solve,
    "triangular_solve": _triangular_solve,
}
