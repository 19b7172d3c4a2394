"""Variables that one loop binds together have at each step the shapes of one place; so has what is made of them."""

from collections.abc import Callable
from typing import reveal_type

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, TensorPack, nn

model = nn.Seq(nn.linear(4, 3), nn.tanh(), nn.linear(3, 2))
params, grads = model.init(seed=0), model.init(seed=1)
w, b = tl.ones((2, 3)), tl.ones(2)

for p, g in zip(params, grads, strict=True):
    reveal_type(p - 0.1 * g)  # R: Float64[Tensor, "3 4"] | Float64[Tensor, "3"] | Float64[Tensor, "2 3"] | Float64[Tensor, "2"]
    reveal_type(tl.sum(p * g))  # R: Float64[Tensor, ""]
for i, (p, g) in enumerate(zip(params, grads, strict=True)):
    reveal_type(p * g + 1.0)  # R: Float64[Tensor, "3 4"] | Float64[Tensor, "3"] | Float64[Tensor, "2 3"] | Float64[Tensor, "2"]
for part, other in zip((w, b), (w.mT, b), strict=True):
    reveal_type(other @ part)  # R: Float64[Tensor, "3 3"] | Float64[Tensor, "3"] | Float64[Tensor, ""]

for p in (w, b):
    squared = p * p
    if p.ndim > 1:
        reveal_type(p - squared)  # R: Float64[Tensor, "2 3"]
    reveal_type(tl.sqrt(squared) / p)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "2"]

reveal_type(TensorPack.of(*[p - 0.1 * g for p, g in zip(params, grads, strict=True)]))  # R: TensorPack["3 4, 3, 2 3, 2"]
reveal_type(TensorPack.of(*(tl.zeros_like(p) for p in params)))  # R: TensorPack["3 4, 3, 2 3, 2"]
reveal_type(tl.concat([p.flatten() for p in params]))  # R: Float64[Tensor, "23"]
reveal_type(tl.stack([tl.sum(p * g) for p, g in zip(params, grads, strict=True)]))  # R: Float64[Tensor, "4"]


def decayed(params: Params[model], grads: Params[model]) -> None:
    for p, g in zip(params, grads, strict=True):
        if p.ndim > 1:
            g = g + 0.1 * p
            p + g
        else:
            reveal_type(p + g)  # R: Shaped[Tensor, "3"] | Shaped[Tensor, "2"]
        reveal_type(tl.sum(p * g))  # R: Shaped[Tensor, ""]


def adam(params: Params[model], grads: Params[model], ms: Params[model], vs: Params[model]) -> list[Tensor]:
    new: list[Tensor] = []
    for p, g, m, v in zip(params, grads, ms, vs, strict=True):
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        unbiased = m / (1.0 - 0.9)
        step = unbiased / (tl.sqrt(v) + 1e-8)
        new.append(p - 0.1 * step)
    return new


def sgd(params: Params[model], grads: Params[model]) -> Params[model]:
    return TensorPack.of(*[p - 0.1 * g for p, g in zip(params, grads, strict=True)])


deep = nn.Seq(nn.linear(4, 3), nn.linear(3, 2), nn.linear(2, 5))
for p, g in zip(deep.init(seed=0), deep.init(seed=1), strict=True):
    reveal_type(tl.sum(p * g))  # R: Float64[Tensor, ""]
    reveal_type(tl.allclose(p, g))  # R: bool
adam(params, grads, params, params)
decayed(params, params)
sgd(params, grads)

for p, g in zip((w, b), (b, w), strict=True):
    p - g  # E: shape-broadcast: subtract: ranks differ (left: [2, 3], right: [2]); broadcasting is explicit: did you mean [:, None] on [2], or keepdims=True where it was reduced?
for p, g in zip((w, b), (w, b), strict=True):
    p = g.sum(axis=0)
    p - g  # E: shape-broadcast: subtract: ranks differ (left: [3], right: [2, 3]); broadcasting is explicit: did you mean [None, :] on [3]?
TensorPack.of(*[tl.sum(p, axis=0) + g for p, g in zip((w, b), (b, b), strict=True)])  # E: shape-broadcast: add: axis 0 differs: 3 and 2 (left: [3], right: [2]); broadcasting is explicit: only an axis of size 1 stretches


def called(function: Callable[[], Tensor]) -> Tensor:
    return function()


for p, g in zip((w, b), (w, b), strict=True):
    reveal_type(called(lambda: p - g))  # R: Shaped[Tensor, "..."]
    reveal_type([p - g for _ in range(2)][0])  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "2"]
