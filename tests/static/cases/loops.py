"""Loops that give a variable another shape each time: what it is after few of them, and that it is not known after many."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def longer(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n+1"]:
    return tl.concat([x, tl.zeros((1,))])


@tl.checked
def padded(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "1 _ n"]:
    while x.ndim < 3:
        x = x[None]
    reveal_type(x)  # R: Float64[Tensor, "1 b n"] | Float64[Tensor, "1 1 n"]
    return x


@tl.checked
def of_four_shapes(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], flag: bool) -> Tensor:
    z = x if flag else tl.concat([x, x]) * 0.5
    while z.ndim < 3:
        z = z[None]
    reveal_type(z)  # R: Float64[Tensor, "1 b n"] | Float64[Tensor, "1 2*b n"] | Float64[Tensor, "1 1 n"] | Float64[Tensor, "1 1 2*n"]
    return z


@tl.checked
def all_summed(x: Float64[Tensor, "a b c n"]) -> Float64[Tensor, "n"]:
    while x.ndim > 1:
        x = x.sum(axis=0)
    return x


@tl.checked
def through_many_ranks(x: Float64[Tensor, "a b c d n"]) -> Float64[Tensor, "n"]:
    while x.ndim > 1:
        x = x.sum(axis=0)
    tl.ones((2, 3)) @ tl.ones((2, 3))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
    return x


@tl.checked
def to_a_high_rank(x: Float64[Tensor, "n"]) -> Float64[Tensor, "1 1 1 1 1 n"]:
    while x.ndim < 6:
        x = x[None]
    return x


@tl.checked
def one_more_each_time(x: Float64[Tensor, "n"], count: int) -> Float64[Tensor, "n"]:
    y = x
    for _ in range(count):
        y = longer(y)
        if y.shape[0] > 7:
            break
    x + y  # E: shape-broadcast: add: axis 0 differs: n and n+1 (left: [n], right: [n+1]); broadcasting is explicit: only an axis of size 1 stretches
    return x


@tl.checked
def growing(x: Float64[Tensor, "n"], count: int) -> Float64[Tensor, "n"]:
    for _ in range(count):
        x = x[None]
    return x  # E: return-value: growing: the result has shape [n] or [1, n] or [1, 1, n] or ..., expected [n]


@tl.checked
def doubled(x: Float64[Tensor, "n"], count: int) -> Float64[Tensor, "_ n"]:
    size = x.shape[0]
    for _ in range(count):
        size = size * 2
    return tl.zeros((size, 1)) * x[None, :]


@tl.checked
def copied(x: Float64[Tensor, "n"], count: int) -> Tensor:
    grows: Tensor = x
    for _ in range(count):
        grows = grows[None]
    return grows


@tl.checked
def summed_rows(x: Float64[Tensor, "n m"], count: int) -> Float64[Tensor, "m"]:
    total = tl.zeros(x.shape[1])
    for row in x:
        parts = row[None]
        for _ in range(count):
            parts = tl.concat([parts, parts])
            if parts.shape[0] > 5:
                continue
            total = total + parts.sum(axis=0)
    return total


@tl.checked
def of_one_item(x: Float64[Tensor, "1"]) -> Float64[Tensor, "1 1 1 1 1 1 1"]:
    while x.ndim < 7:
        x = x[None]
    return x + tl.ones((1, 1, 1, 1, 1, 1, 1))


@tl.checked
def handed_on(x: Float64[Tensor, "n"], count: int) -> Tensor:
    a, b, c, d, e = x, x, x, x, x
    for _ in range(count):
        a, b, c, d, e = b, c, d, e, longer(e)
    reveal_type(a)  # R: Float64[Tensor, "n"] | Float64[Tensor, "_"]
    return a


reveal_type(padded(tl.ones(3)))  # R: Float64[Tensor, "1 _ 3"]
reveal_type(padded(tl.ones((2, 3))))  # R: Float64[Tensor, "1 _ 3"]
of_four_shapes(tl.ones(3), True)
of_four_shapes(tl.ones((2, 3)), False)
reveal_type(all_summed(tl.ones((2, 3, 4, 5))))  # R: Float64[Tensor, "5"]
reveal_type(to_a_high_rank(tl.ones(3)))  # R: Float64[Tensor, "1 1 1 1 1 3"]
reveal_type(growing(tl.ones(3), 0))  # R: Float64[Tensor, "3"]
reveal_type(doubled(tl.ones(3), 2))  # R: Float64[Tensor, "_ 3"]
reveal_type(copied(tl.ones(3), 2))  # R: Shaped[Tensor, "..."]
reveal_type(summed_rows(tl.ones((2, 3)), 2))  # R: Float64[Tensor, "3"]
of_one_item(tl.ones(1))
handed_on(tl.ones(2), 7)
