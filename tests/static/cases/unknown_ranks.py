# symbolic: an array of any rank stands for one that is read from a file
"""A shape of unknown rank beside one that mypy takes for the same: what has both is of unknown rank."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


def branches(v: Float64[Tensor, "..."], flag: bool) -> None:
    match v.ndim:
        case 1:
            x = v * 0.5
        case _:
            x = tl.softmax(v)
    reveal_type(x)  # R: Float64[Tensor, "..."]
    if flag:
        y = tl.zeros(())
    else:
        y = v
    reveal_type(y)  # R: Float64[Tensor, "..."]
    if flag:
        z = v
    else:
        z = tl.zeros(())
    reveal_type(z)  # R: Float64[Tensor, "..."]


def one_branch(v: Float64[Tensor, "..."], flag: bool, kind: int) -> None:
    x = tl.zeros(())
    if flag:
        x = v
    reveal_type(x)  # R: Float64[Tensor, "..."]
    x = v
    if flag:
        x = tl.zeros(())
    reveal_type(x)  # R: Float64[Tensor, "..."]
    match kind:
        case 1:
            x = tl.ones(())
        case 2:
            print(x)
    reveal_type(x)  # R: Float64[Tensor, "..."]


def always_bound(v: Float64[Tensor, "..."], u: Float64[Tensor, "..."], flag: bool) -> None:
    if flag:
        v = tl.zeros(())
    else:
        v = tl.ones(())
    reveal_type(v)  # R: Float64[Tensor, ""]
    x = tl.zeros(3)
    if flag:
        x = u
    else:
        x = tl.zeros(4)
    reveal_type(x)  # R: Float64[Tensor, "..."] | Float64[Tensor, "4"]


def loops(v: Float64[Tensor, "..."], flag: bool) -> None:
    x = tl.zeros(())
    for _ in range(4):
        x = v
    reveal_type(x)  # R: Float64[Tensor, "..."]
    y = tl.zeros(())
    while flag:
        if v.ndim == 2:
            y = v
            break
    reveal_type(y)  # R: Float64[Tensor, "_ _"] | Float64[Tensor, ""]
    while flag:
        if v.ndim == 2:
            v = tl.zeros(())
            continue
    reveal_type(v)  # R: Float64[Tensor, "..."]


def loops_of_a_vector(u: Float64[Tensor, "_"], v: Float64[Tensor, "..."], flag: bool) -> None:
    x = u
    for _ in range(4):
        x = v
    reveal_type(x)  # R: Float64[Tensor, "..."]
    x = u
    while flag:
        x = v
    reveal_type(x)  # R: Float64[Tensor, "..."]
    x = u
    while flag:
        x = v
        if len(x) == 2:
            continue
        print(x)
    reveal_type(x)  # R: Float64[Tensor, "_"]
    x, y = u, v
    for _ in range(4):
        x, y = y, x
    reveal_type(x)  # R: Float64[Tensor, "..."]
    reveal_type(y)  # R: Float64[Tensor, "..."]


def in_a_lambda(v: Float64[Tensor, "..."], u: Float64[Tensor, "_"], flag: bool) -> None:
    x = u * 0.5
    x = tl.softmax(v)
    reveal_type(x)  # R: Float64[Tensor, "..."]
    print(lambda: x)
    if flag:
        y = u * 0.5
    else:
        y = tl.softmax(v)
    reveal_type(y)  # R: Float64[Tensor, "..."]
    print(lambda: y)


def operations(x: Float64[Tensor, "3"] | Float64[Tensor, "4 3"] | Float64[Tensor, "1 ..."]) -> None:
    y = tl.sum(x, axis=0)
    reveal_type(y)  # R: Float64[Tensor, "..."] | Float64[Tensor, "3"]
    reveal_type(y * 2.0)  # R: Float64[Tensor, "..."] | Float64[Tensor, "3"]
    reveal_type(tl.flatten(x))  # R: Float64[Tensor, "3"] | Float64[Tensor, "12"] | Float64[Tensor, "_"]
