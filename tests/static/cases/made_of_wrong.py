"""Of what is made of what is wrong, nothing is told: the mistake stands where the error is."""

from typing import NamedTuple

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd


class State(NamedTuple):
    h: Float64[Tensor, "b 3"]
    c: Float64[Tensor, "b 3"]


def likelihood(z: Float64[Tensor, "s d"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "s"]:
    logits = x @ z.T
    fit = tl.sum(
        y[None, :] * logits - tl.softplus(logits), axis=-1  # E: shape-broadcast: multiply: axis 1 differs: n and s (left: [1, n], right: [n, s]); broadcasting is explicit: only an axis of size 1 stretches
    )
    prior = tl.sum(z**2, axis=1)
    return fit + prior


def summed(xs: Float64[Tensor, "t b"], other: Float64[Tensor, "b"]) -> Float64[Tensor, "b"]:
    total = tl.zeros(3)
    for x in xs:
        total = (
            total + x  # E: shape-broadcast: add: axis 0 differs: 3 and b (left: [3], right: [b]); broadcasting is explicit: only an axis of size 1 stretches
        )
    return total + other


def swapped(xs: Float64[Tensor, "t b"], ys: Float64[Tensor, "b t"]) -> Float64[Tensor, "b"]:
    total = tl.sum(
        xs + ys  # E: shape: add: axis 0 differs: t and b (left: [t, b], right: [b, t]); did you mean .T on one of them?
    )
    rest = total + xs[0]
    return rest


def cell(z: Float64[Tensor, "b 12"], out: Float64[Tensor, "4 3"], c: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 4"]:
    i, f, g, o = tl.split(z, 4, axis=0)
    c = (
        tl.sigmoid(f) * c + i * g  # E: shape-broadcast: multiply: axis 0 differs: b//4 and b (left: [b//4, 12], right: [b, 3]); broadcasting is explicit: only an axis of size 1 stretches
    )
    h = tl.sigmoid(o) * tl.tanh(c)
    return State(h, c).h @ out.T


def halves(x: Float64[Tensor, "b 3"]) -> tuple[Float64[Tensor, "b 3"], Float64[Tensor, "b 3"]]:
    return x, 2.0 * x


def inverse(y: Float64[Tensor, "b 6"]) -> Float64[Tensor, "b 6"]:
    left, right = tl.split(y, 2, axis=0)
    log_s, t = halves(left)  # E: shape: halves: argument 1 ("x") has shape [b//2, 6], expected [b, 3]
    right = (right - t) * tl.exp(-log_s)
    return tl.concat([left, right], axis=1)


def bound_again(x: Float64[Tensor, "n m"], w: Float64[Tensor, "n"]) -> Float64[Tensor, "m"]:
    y = (
        x @ w  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?
    )
    y = x.T @ w
    return (
        y + w  # E: shape-broadcast: add: axis 0 differs: m and n (left: [m], right: [n]); broadcasting is explicit: only an axis of size 1 stretches
    )


def descend(pack: TensorPack["4 2, 4"], steps: int) -> TensorPack["4 2, 4"]:
    flat = pack.flatten()
    for _ in range(steps):
        slope = autograd.fn.grad(lambda v: tl.sum(TensorPack.unflatten(v, like=pack).flatten() ** 2), flat)
        flat = (
            flat - 0.01 * slope[None, :]  # E: shape-broadcast: subtract: ranks differ (left: [12], right: [1, 12]); broadcasting is explicit: did you mean [None, :] on [12]?
        )
    return TensorPack.unflatten(flat, like=pack)


def items(codes: Float64[Tensor, "n 4"], w: Float64[Tensor, "4"]) -> list[Float64[Tensor, ""]]:
    for _ in range(3):
        codes = (
            codes - 0.1 * codes[0]  # E: shape-broadcast: subtract: ranks differ (left: [n, 4], right: [4]); broadcasting is explicit: did you mean [None, :] on [4]?
        )
    return [code @ w for code in codes]
