# symbolic: names stand for any sizes
"""Branches that are never taken, as far as sizes tell: nothing is said of them, and all of what follows them."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


def sizes(m: Dim["m"], n: Dim["n"]) -> None:
    if m == 2 * m + 2:
        tl.ones(3) + tl.ones(4)
    if m != m + 1:
        tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
    else:
        tl.ones(3) + tl.ones(4)
    if n == m + 1:
        if n == m:
            tl.ones(3) + tl.ones(4)
        elif m == 2 * n:
            tl.ones(3) + tl.ones(4)
        else:
            tl.ones(3) + tl.ones(6)  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches
    if n == m - 1:
        tl.ones(3) + tl.ones(7)  # E: shape-broadcast: add: axis 0 differs: 3 and 7 (left: [3], right: [7]); broadcasting is explicit: only an axis of size 1 stretches
    if n == 3:
        if n == 4:
            tl.ones(3) + tl.ones(4)
        elif n == 3:
            tl.ones(3) + tl.ones(8)  # E: shape-broadcast: add: axis 0 differs: 3 and 8 (left: [3], right: [8]); broadcasting is explicit: only an axis of size 1 stretches
    if n > 1 and n // 2 == n + 1:
        tl.ones(3) + tl.ones(4)
    if n // 2 == n:
        tl.ones(3) + tl.ones(9)  # E: shape-broadcast: add: axis 0 differs: 3 and 9 (left: [3], right: [9]); broadcasting is explicit: only an axis of size 1 stretches
    if n - 5 == -3:
        tl.ones(3) + tl.ones(10)  # E: shape-broadcast: add: axis 0 differs: 3 and 10 (left: [3], right: [10]); broadcasting is explicit: only an axis of size 1 stretches
    if n * n == n + 2:
        tl.ones(3) + tl.ones(11)  # E: shape-broadcast: add: axis 0 differs: 3 and 11 (left: [3], right: [11]); broadcasting is explicit: only an axis of size 1 stretches


def bound_in_it(m: Dim["m"], x: Float64[Tensor, "m"]) -> Float64[Tensor, "m"]:
    y = x
    if m == m + 2:
        y = x[None]
    if m != m + 2:
        return y
    return x[None]


def behind_it(m: Dim["m"], x: Float64[Tensor, "m"]) -> Float64[Tensor, "m"]:
    if m == m + 2:
        return x[None]
    for _ in range(3):
        if m == m + 1:
            x = x[None]
    return x @ tl.ones((3, 3))  # E: shape: matmul: inner dimensions differ: m (left: [m]) and 3 (right: [3, 3])


def shapes(x: Float64[Tensor, "*b 1 m"], y: Float64[Tensor, "*c"], z: Float64[Tensor, "n m"]) -> None:
    if z.shape == (3,):
        tl.ones(3) + tl.ones(4)
    if z.shape == (3, 4):
        tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
        if z.shape == (3, 5):
            tl.ones(3) + tl.ones(4)
    if len(x.shape) == 1:
        tl.ones(3) + tl.ones(4)
    if len(x.shape) == 2:
        tl.ones(3) + tl.ones(6)  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches
    if x.shape == (3,):
        tl.ones(3) + tl.ones(4)
    if x.shape == (1, 3):
        tl.ones(3) + tl.ones(7)  # E: shape-broadcast: add: axis 0 differs: 3 and 7 (left: [3], right: [7]); broadcasting is explicit: only an axis of size 1 stretches
    if x.shape == y.shape:
        tl.ones(3) + tl.ones(8)  # E: shape-broadcast: add: axis 0 differs: 3 and 8 (left: [3], right: [8]); broadcasting is explicit: only an axis of size 1 stretches
    if y.shape == ():
        tl.ones(3) + tl.ones(9)  # E: shape-broadcast: add: axis 0 differs: 3 and 9 (left: [3], right: [9]); broadcasting is explicit: only an axis of size 1 stretches


def in_loops() -> None:
    x = tl.ones(3)
    for _ in range(2):
        if len(x.shape) == 2:
            tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
        if x.shape == (1, 3):
            tl.ones(3) + tl.ones(6)  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches
        match x.shape:
            case (n,):
                x = x[None]
            case (n, m):
                tl.ones(3) + tl.ones(7)  # E: shape-broadcast: add: axis 0 differs: 3 and 7 (left: [3], right: [7]); broadcasting is explicit: only an axis of size 1 stretches


def cases(x: Float64[Tensor, "*b 1 m"], y: Float64[Tensor, "1"], z: Float64[Tensor, "n m"]) -> None:
    match x.shape:
        case (n,):
            tl.ones(3) + tl.ones(4)
        case ():
            tl.ones(3) + tl.ones(4)
        case (n, 1, m):
            tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
        case (n, *_):
            tl.ones(3) + tl.ones(6)  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(4)
    match y.shape:
        case (1, *_):
            tl.ones(3) + tl.ones(7)  # E: shape-broadcast: add: axis 0 differs: 3 and 7 (left: [3], right: [7]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(4)
    match y.shape:
        case (2,):
            tl.ones(3) + tl.ones(4)
        case (n,) if n == 1:
            tl.ones(3) + tl.ones(8)  # E: shape-broadcast: add: axis 0 differs: 3 and 8 (left: [3], right: [8]); broadcasting is explicit: only an axis of size 1 stretches
        case (1,) | (2,):
            tl.ones(3) + tl.ones(9)  # E: shape-broadcast: add: axis 0 differs: 3 and 9 (left: [3], right: [9]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(4)
    match z.shape:
        case (3, *_):
            tl.ones(3) + tl.ones(10)  # E: shape-broadcast: add: axis 0 differs: 3 and 10 (left: [3], right: [10]); broadcasting is explicit: only an axis of size 1 stretches
        case (_, 3):
            tl.ones(3) + tl.ones(11)  # E: shape-broadcast: add: axis 0 differs: 3 and 11 (left: [3], right: [11]); broadcasting is explicit: only an axis of size 1 stretches
        case (a, b, c):
            tl.ones(3) + tl.ones(4)
        case (a, *rest, b):
            tl.ones(3) + tl.ones(12)  # E: shape-broadcast: add: axis 0 differs: 3 and 12 (left: [3], right: [12]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(4)


def of_several(u: Float64[Tensor, "n"] | Float64[Tensor, "1 m"], w: Float64[Tensor, "..."]) -> None:
    match u.shape:
        case (2, m):
            tl.ones(3) + tl.ones(4)
        case (_, m):
            tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
        case (n,):
            tl.ones(3) + tl.ones(6)  # E: shape-broadcast: add: axis 0 differs: 3 and 6 (left: [3], right: [6]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(4)
    match w.shape:
        case (3, *_):
            tl.ones(3) + tl.ones(7)  # E: shape-broadcast: add: axis 0 differs: 3 and 7 (left: [3], right: [7]); broadcasting is explicit: only an axis of size 1 stretches
        case ():
            tl.ones(3) + tl.ones(8)  # E: shape-broadcast: add: axis 0 differs: 3 and 8 (left: [3], right: [8]); broadcasting is explicit: only an axis of size 1 stretches
        case (n, *_):
            tl.ones(3) + tl.ones(9)  # E: shape-broadcast: add: axis 0 differs: 3 and 9 (left: [3], right: [9]); broadcasting is explicit: only an axis of size 1 stretches
        case _:
            tl.ones(3) + tl.ones(10)  # E: shape-broadcast: add: axis 0 differs: 3 and 10 (left: [3], right: [10]); broadcasting is explicit: only an axis of size 1 stretches


def asserted(x: Float64[Tensor, "3"]) -> None:
    assert x.shape[0] == 4
    tl.ones(3) + tl.ones(5)  # E: shape-broadcast: add: axis 0 differs: 3 and 5 (left: [3], right: [5]); broadcasting is explicit: only an axis of size 1 stretches
