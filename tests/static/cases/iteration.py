"""How many tensors a comprehension makes, what rows of tensors are called, and packs of other packs' entries."""

from typing import Literal

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd, nn


@tl.checked
def column(row: Float64[Tensor, "n"]) -> Float64[Tensor, "n 2"]:
    return tl.ones((row.shape[0], 2))


x = tl.ones((3, 4))
reveal_type(tl.stack([column(row) for row in x]))  # R: Float64[Tensor, "3 4 2"]
reveal_type(tl.stack([row * 2.0 for row in x], axis=1))  # R: Float64[Tensor, "4 3"]
reveal_type(tl.concat([column(row) for row in x]))  # R: Float64[Tensor, "12 2"]
reveal_type(tl.concat([column(row) for row in x], axis=1))  # R: Float64[Tensor, "4 6"]
reveal_type(tl.stack([x[i] for i in range(3)]))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.stack([x[0] for _ in range(1, 9, 3)]))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.stack([column(row) for _, row in enumerate(x)]))  # R: Float64[Tensor, "3 4 2"]
reveal_type(tl.stack([first * second for first, second in zip(x, x * 2.0)]))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.stack([first[:2] for first, _ in zip(x, range(2))]))  # R: Float64[Tensor, "2 2"]
reveal_type(tl.stack([part for part in (x[0], x[1])]))  # R: Float64[Tensor, "2 4"]
reveal_type(tl.stack(tuple(column(row) for row in x)))  # R: Float64[Tensor, "3 4 2"]
reveal_type(tl.stack(list(reversed([row for row in x]))))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.stack([row * scale for row in x for scale in (1.0, 2.0)]))  # R: Float64[Tensor, "6 4"]
reveal_type(tl.tensor([[float(i * j) for i in range(3)] for j in range(4)]))  # R: Float64[Tensor, "4 3"]
tl.stack([column(row) for row in x]) @ x  # E: shape: matmul: inner dimensions differ: 2 (left: [3, 4, 2]) and 3 (right: [3, 4]); did you mean the operands the other way round?
tl.concat([column(row) for row in x]) + column(x[0])  # E: shape-broadcast: add: axis 0 differs: 12 and 4 (left: [12, 2], right: [4, 2]); broadcasting is explicit: only an axis of size 1 stretches
tl.concat([row for row in x], axis=1)  # E: shape: concat: axis 1 is out of range (operand: [4])
tl.stack([row for row in x[:, :0].T])  # E: shape: stack: needs at least one tensor

reveal_type(list(x))  # R: list[Float64[Tensor, "4"]]
reveal_type(tuple(x)[0])  # R: Float64[Tensor, "4"]
reveal_type(next(iter(x)))  # R: Float64[Tensor, "4"]
reveal_type([first @ second for first, second in zip(x, 2.0 * x)][0])  # R: Float64[Tensor, ""]
reveal_type(tl.stack(list(map(column, x))))  # R: Float64[Tensor, "3 4 2"]
reveal_type(tl.stack(list(map(tl.matmul, x, x))))  # R: Float64[Tensor, "3"]
reveal_type(tl.stack([row.sum() for row in map(tl.tanh, x)]))  # R: Float64[Tensor, "3"]
reveal_type(list(map(lambda row, number: row * number, x, [1.0, 2.0, 3.0])))  # R: list[Float64[Tensor, "4"]]
list(x)[0] @ tl.ones(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3])
list(map(tl.matmul, x, [tl.ones(3)]))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3])
list(map(lambda row: row @ tl.ones(3), x))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3])


@tl.checked
def windows(u: Float64[Tensor, "n d"], steps: Dim["k"], count: int, five: Literal[5]) -> Float64[Tensor, "k d"]:
    reveal_type(tl.stack([column(row) for row in u]))  # R: Float64[Tensor, "n d 2"]
    reveal_type(tl.stack([u[i] for i in range(u.shape[0])]))  # R: Float64[Tensor, "n d"]
    reveal_type(tl.stack([u[:, j] for j in range(u.shape[1])], axis=1))  # R: Float64[Tensor, "n d"]
    reveal_type(tl.stack([u[0] for _ in range(five)]))  # R: Float64[Tensor, "5 d"]
    reveal_type(tl.stack([u[0] for _ in range(count)]))  # R: Float64[Tensor, "_ d"]
    reveal_type(tl.stack([row for row in u if count]))  # R: Float64[Tensor, "_ d"]
    reveal_type(tl.concat([u for _ in range(steps)]))  # R: Float64[Tensor, "k*n d"]
    return tl.stack([u[0] for _ in range(steps)])


reveal_type(windows(x, 5, 2, 5))  # R: Float64[Tensor, "5 4"]

model = nn.Seq(nn.linear(4, 2), nn.relu())
params = model.init(seed=0)
reveal_type(TensorPack.of(*params).shapes)  # R: tuple[tuple[Dim["2"], Dim["4"]], tuple[Dim["2"]]]
reveal_type(TensorPack.of(x, *params, tl.ones(3)).shapes)  # R: tuple[tuple[Dim["3"], Dim["4"]], tuple[Dim["2"], Dim["4"]], tuple[Dim["2"]], tuple[Dim["3"]]]
pair = (tl.ones(3), tl.ones(2))
reveal_type(TensorPack.of(*pair, *pair).shapes)  # R: tuple[tuple[Dim["3"]], tuple[Dim["2"]], tuple[Dim["3"]], tuple[Dim["2"]]]
TensorPack.of(*params) - params
TensorPack.of(*pair) + params  # E: shape: add: the right pack does not fit the left: entry 0 is [3] in the left, here [2, 4]; was it made by another model?

same, unlike = TensorPack.of(tl.ones(3), tl.zeros(3)), TensorPack.of(tl.ones((2, 3)), tl.ones(2))
for entry in same:
    reveal_type(entry)  # R: Float64[Tensor, "3"]
    entry.sum()
for entry in unlike:
    reveal_type(entry * entry)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "2"]
    entry - 0.1 * entry
for entry in same:
    entry + tl.ones(4)  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
[entry + tl.ones(4) for entry in same]  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
[entry @ tl.ones((3, 3, 3)) for _, entry in enumerate(same)]
list(map(lambda entry: entry + tl.ones(4), same))  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3], right: [4]); broadcasting is explicit: only an axis of size 1 stretches
reveal_type([entry.sum() for entry in unlike])  # R: list[Float64[Tensor, ""]]
reveal_type([2.0 * entry for entry in same])  # R: list[Float64[Tensor, "3"]]
reveal_type([old - 0.1 * new for old, new in zip(same, same)])  # R: list[Float64[Tensor, "3"]]
reveal_type([(old * new).sum() for old, new in zip(unlike, unlike)])  # R: list[Float64[Tensor, ""]]
reveal_type(list(same))  # R: list[Float64[Tensor, "3"]]
reveal_type(next(iter(same)))  # R: Float64[Tensor, "3"]
total = tl.tensor(0.0)
for first, second in zip(params, params):
    total = total + (first * second).sum() + (tl.tanh(first) * first).sum()
reveal_type(total)  # R: Float64[Tensor, ""]
reveal_type(TensorPack.of(*[2.0 * entry for entry in same]))  # R: TensorPack["3, 3"]
reveal_type(TensorPack.of(*map(tl.tanh, same), x))  # R: TensorPack["3, 3, 3 4"]
reveal_type(TensorPack.of(*[column(row) for row in x]))  # R: TensorPack["4 2, 4 2, 4 2"]
TensorPack.of(*[2.0 * entry for entry in unlike]) + unlike
TensorPack.of(*[2.0 * entry for entry in same]) + unlike  # E: shape: add: the right pack does not fit the left: entry 0 is [3] in the left, here [2, 3]; was it made by another model?


@tl.checked
def of_entries(known: TensorPack["n, n"], whatever: TensorPack, part: TensorPack["n, ..."]) -> Float64[Tensor, ""]:
    for one in known:
        reveal_type(one)  # R: Shaped[Tensor, "n"]
    for unknown in whatever:
        unknown + tl.ones(3)
    reveal_type([one for one in part])  # R: list[Shaped[Tensor, "..."]]
    return tl.stack([one.sum() for one in known]).sum().astype(np.float64)


reveal_type(of_entries(same, same, TensorPack.of(tl.ones(3), x)))  # R: Float64[Tensor, ""]


def unpacked(p: Float64[Tensor, "3 5"], pairs: Float64[Tensor, "n 2"], none: Float64[Tensor, "0 5"]) -> None:
    for first, second in p:  # E: shape: unpack: axis 0 has size 5, expected 2 (operand: [5])
        print(first, second)
    print([first + second for first, second in p])  # E: shape: unpack: axis 0 has size 5, expected 2 (operand: [5])
    print({float(first): second for first, second in p})  # E: shape: unpack: axis 0 has size 5, expected 2 (operand: [5])
    one, two, three, four, *rest = p  # E: shape: unpack: axis 0 has size 3, expected at least 4 (operand: [3, 5])
    (first, second), two, three = p  # E: shape: unpack: axis 0 has size 5, expected 2 (operand: [5])
    one, two, *rest = p
    one, *rest = p
    for first, second in pairs:
        print(first * second)
    for first, second in none:
        print(first, second)
    for first, *rest in p:
        print(first, rest)


def unpacked_variadic(x: Float64[Tensor, "*s 2"], y: Float64[Tensor, "n *s"], z: Tensor) -> None:
    for first, second in x:
        print(first, second)
    for first, second in y:
        print(first, second)
    for first, second in z:
        print(first, second)
    first, second = y  # E: shape: unpack: axis 0 has size n, expected 2 (operand: [n, *s])
    first, second = z


def unpacked_names(x: Float64[Tensor, "n d"], y: Float64[Tensor, "n+2"]) -> None:
    first, second = x  # E: shape: unpack: axis 0 has size n, expected 2 (operand: [n, d])
    first, *rest = x
    first, *rest, last = y
    for one, two in x:  # E: shape: unpack: axis 0 has size d, expected 2 (operand: [d])
        pass
    if x.shape[0] == 2:
        first, second = x
    assert y.shape[0] == 3
    a, b, c = y


def unpacked_rows(x: Float64[Tensor, "n"]) -> None:
    rows = autograd.fn.jacrev(lambda v: v**2, x)
    first, second = rows  # E: shape: unpack: there are n rows, expected 2
    first, *others = rows
    assert x.shape[0] == 2
    first, second = rows
