"""A comparison of a rank narrows a tensor wherever it stands: in expressions, by order, of a variadic shape."""

from __future__ import annotations

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd


@tl.checked
def turned(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
    return x.mT


class Held:
    def __init__(self, x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> None:
        self.x = x
        self.rank = x.ndim
        self.rank += 1

    def columns(self) -> Tensor:
        return self.x.mT if self.x.ndim == 2 else self.x

    def rows(self) -> Tensor:
        return self.x.sum(axis=1) if self.x.ndim > 1 else self.x


@tl.checked
def of_a_batch(x: Float64[Tensor, "*batch n"]) -> Tensor:
    return turned(x) if x.ndim == 2 else turned(x[None]) if x.ndim == 1 else x


@tl.checked
def of_any_rank(x: Tensor) -> Tensor:
    y = x.sum(axis=2) if x.ndim == 3 else x
    reveal_type(y)  # R: Shaped[Tensor, "..."]
    return y


@tl.checked
def of_either(x: Float64[Tensor, "n"] | Float64[Tensor, "*b n m"]) -> Tensor:
    y = x.sum(axis=2) if x.ndim == 3 else x
    if x.ndim == 3:
        reveal_type(x)  # R: Float64[Tensor, "_ n m"]
    if x.ndim == 1:
        reveal_type(x)  # R: Float64[Tensor, "n"]
    if x.ndim >= 2:
        reveal_type(x)  # R: Float64[Tensor, "*b n m"]
        return x.mT
    reveal_type(x)  # R: Float64[Tensor, "n"]
    return y


@tl.checked
def of_known_or_bare(x: Float64[Tensor, "n"] | Tensor) -> Tensor:
    return x.sum(axis=2) if x.ndim == 3 else x.mT if x.ndim == 2 else x


@tl.checked
def by_order(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ _"]:
    if x.ndim < 2:
        reveal_type(x)  # R: Float64[Tensor, "n"]
        x = x[None, :]
    return x.mT


@tl.checked
def by_other_orders(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], y: Tensor) -> Tensor:
    if 1 < x.ndim <= 3:
        reveal_type(x)  # R: Float64[Tensor, "b n"]
    if x.ndim not in (1, 3):
        return x.mT
    reveal_type(x)  # R: Float64[Tensor, "n"]
    while y.ndim < 3:
        y = y[None]
    return x if x.ndim >= y.ndim else y


@tl.checked
def left_by_order(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "_ _"]:
    if 2 > x.ndim:
        return x[None, :]
    reveal_type(x)  # R: Float64[Tensor, "b n"]
    return x.mT


@tl.checked
def asserted(x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "_ _ n"]:
    assert x.ndim == 3
    return x


@tl.checked
def refused(x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "n _"]:
    if x.ndim != 2:
        return x.sum(axis=0)[..., None] if x.ndim == 2 else tl.ones((x.shape[-1], 1))
    reveal_type(x)  # R: Float64[Tensor, "_ n"]
    return turned(x)


@tl.checked
def in_displays(xs: list[Float64[Tensor, "n"] | Float64[Tensor, "b n"]]) -> list[Tensor]:
    for x in xs:
        if x.ndim < 2:
            continue
        reveal_type(x)  # R: Float64[Tensor, "b n"]
    found: list[Tensor] = [x.mT for x in xs if x.ndim > 1]
    return found + [x.mT if x.ndim != 1 else x for x in xs]


x, row = tl.ones((2, 3)), tl.ones(3)
for held in (Held(x), Held(row)):
    held.columns()
    held.rows()
for change in (of_a_batch, of_any_rank, of_known_or_bare, refused):
    change(x)
    change(row)
    change(tl.ones((1, 2, 3)))
of_either(row)
of_either(x)
of_either(tl.ones((1, 2, 3)))
for narrow in (by_order, left_by_order):
    narrow(x)
    narrow(row)
by_other_orders(x, row)
by_other_orders(row, x)
asserted(tl.ones((1, 2, 3)))
in_displays([x, row])


def wrong(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"], y: Float64[Tensor, "*batch n"]) -> None:
    x.mT if x.ndim < 2 else x  # E: shape: matrix_transpose: needs at least two axes (operand: [n])
    if x.ndim > 1:
        x @ tl.ones((3, 4))  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and 3 (right: [3, 4])
    y.sum(axis=2) if y.ndim == 2 else y  # E: shape: sum: axis 2 is out of range (operand: [?, n])


def never_so(x: Float64[Tensor, "a b c"], y: Float64[Tensor, "a b c"]) -> bool:
    assert x.ndim != 2
    if y.ndim == 4 or y.shape == (2, 2):
        return True
    return x.shape[0] == x.shape[-1] and x.ndim in (1, 2)


# a lambda that is called with each of several tensors: what is for another rank never happens
mixed = TensorPack.of(tl.ones((3, 4)), tl.ones(3))
reveal_type(mixed.map(lambda w: w.mT if w.ndim == 2 else w))  # R: TensorPack["4 3, 3"]
reveal_type(mixed.map(lambda w: w if w.ndim != 2 else w.mT @ w))  # R: TensorPack["4 4, 3"]
reveal_type(mixed.map(lambda w: w / w.sum(axis=1, keepdims=True) if w.ndim > 1 else w))  # R: TensorPack["3 4, 3"]
reveal_type(autograd.fn.grad(lambda w: tl.sum(w.mT @ w) if 2 == w.ndim else w @ w, tl.ones((2, 2))))  # R: Float64[Tensor, "2 2"]
mixed.map(lambda w: w.mT if w.ndim == 1 else w)  # E: shape: matrix_transpose: needs at least two axes (operand: [3])
