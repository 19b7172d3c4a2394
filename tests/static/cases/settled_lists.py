"""A variable that is a list is what it is bound to, where nothing in its file may change it."""

from __future__ import annotations

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


def grow(xs: list[Float64[Tensor, "n"]]) -> None:
    xs.append(xs[0])


def first(xs: list[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return xs[0]


@tl.checked
def read(x: Float64[Tensor, "n"]) -> Float64[Tensor, "3 n"]:
    xs = [x, x * 2, x * 3]
    reveal_type(tl.stack(xs))  # R: Float64[Tensor, "3 n"]
    made = [x * i for i in range(4)]
    for one in made:
        x = x + one
    reveal_type(tl.stack(made))  # R: Float64[Tensor, "4 n"]
    again = [x] * 2
    total = again[0] + again[1] + len(again)
    for index, one in enumerate(again):
        total = total + one * index
    reveal_type(tl.stack(again))  # R: Float64[Tensor, "2 n"]
    print(*again)
    return tl.stack(xs)


@tl.checked
def joined() -> Float64[Tensor, "6 3"]:
    parts = [tl.ones((2, 3)), tl.ones((4, 3))]
    return tl.concat(parts)


@tl.checked
def of_numbers() -> Float64[Tensor, "2"]:
    matrix, vector = tl.eye(2), [1.0, 2.0]
    rows = [[1.0, 2.0], [3.0, 4.0]]
    reveal_type(tl.tensor(rows))  # R: Float64[Tensor, "2 2"]
    return (matrix + tl.tensor(rows)) @ tl.tensor(vector)


@tl.checked
def changed(x: Float64[Tensor, "n"]) -> Tensor:
    appended = [x]
    appended.append(x)
    reveal_type(tl.stack(appended))  # R: Float64[Tensor, "_ n"]
    given = [x]
    grow(given)
    reveal_type(tl.stack(given))  # R: Float64[Tensor, "_ n"]
    named = [x]
    other = named
    other.append(x)
    reveal_type(tl.stack(named))  # R: Float64[Tensor, "_ n"]
    popped = [x, x]
    popped.pop()
    reveal_type(tl.stack(popped))  # R: Float64[Tensor, "_ n"]
    rows = [[1.0, 2.0], [3.0, 4.0]]
    for row in rows:
        row.append(5.0)
    reveal_type(tl.tensor(rows))  # R: Float64[Tensor, "_ _"]
    captured = [x]

    def add() -> None:
        captured.append(x)

    add()
    reveal_type(tl.stack(captured))  # R: Float64[Tensor, "_ n"]
    bound = [x]
    for _ in range(3):
        bound = [x, x]
    return tl.stack(bound)


x = tl.ones(3)
rows = [x, x]
reveal_type(tl.stack(rows))  # R: Float64[Tensor, "2 3"]
reveal_type(first([x] * 2))  # R: Float64[Tensor, "3"]
read(x)
joined()
of_numbers()
changed(x)


def of_module() -> Tensor:
    return tl.stack(rows) @ tl.ones(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [?, 3]) and 4 (right: [4])


def wrong(x: Float64[Tensor, "n"]) -> Float64[Tensor, "2 n"]:
    xs = [x, x, x]
    return tl.stack(xs)  # E: return-value: wrong: the result has shape [3, n], expected [2, n]


def ragged() -> Tensor:
    data = [[1.0, 2.0], [3.0]]
    return tl.tensor(data)  # E: shape: tensor: ragged data: the item at index [1] has shape [1], the first has [2]; make all rows equally long


def wrong_product() -> Tensor:
    data = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    return tl.tensor(data) @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 2 (left: [3, 2]) and 3 (right: [3]); did you mean .mT on the left operand?
