"""Variables that are bound again to another shape: what they are is what they were bound to last."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

p, q = tl.zeros(3), tl.zeros((2, 3))
p, q = q, p
reveal_type(p)  # R: Float64[Tensor, "2 3"]
reveal_type(q)  # R: Float64[Tensor, "3"]
q, (p, r) = p.T, (q[None, :], p)
reveal_type(q)  # R: Float64[Tensor, "3 2"]
reveal_type(p)  # R: Float64[Tensor, "1 3"]
reveal_type(r)  # R: Float64[Tensor, "2 3"]
if (w := tl.zeros((2, 3))).ndim == 2:
    reveal_type(w)  # R: Float64[Tensor, "2 3"]
w = w.T
reveal_type(w)  # R: Float64[Tensor, "3 2"]
for w in [tl.zeros(3), tl.zeros(3)]:
    reveal_type(w)  # R: Float64[Tensor, "3"]
try:
    v = tl.zeros(4)
    v = tl.zeros(5)
except ValueError:
    v = tl.zeros(6)
reveal_type(v)  # R: Float64[Tensor, "6"] | Float64[Tensor, "5"]
match p.ndim:
    case 1:
        v = tl.zeros(1)
    case _:
        v = tl.zeros(2)
reveal_type(v)  # R: Float64[Tensor, "2"]


def kept(x: Float64[Tensor, "n 3"], steps: int) -> Float64[Tensor, "n 3"]:
    h = x
    for _ in range(steps):
        h = tl.tanh(h @ tl.eye(3))
    while steps > 0:
        h, steps = h * 2.0, steps - 1
    return h


def swapped(x: Float64[Tensor, "n m"], y: Float64[Tensor, "m n"]) -> Float64[Tensor, "n m"]:
    x, y = y, x
    return y


def grown(x: Float64[Tensor, "n"], steps: int) -> Float64[Tensor, "n"]:
    h = x
    for _ in range(steps):
        h = tl.concat([h, x])
    return h  # E: return-value: grown: the result has shape [n] or [2*n] or [3*n] or ..., expected [n]


def not_swapped(x: Float64[Tensor, "n m"], y: Float64[Tensor, "m n"]) -> Float64[Tensor, "n m"]:
    x, y = y, x
    return x  # E: return-value: not_swapped: the result has shape [m, n], expected [n, m]; did you mean .mT?


def shared(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    total = x

    def add(y: Float64[Tensor, "n"]) -> None:
        nonlocal total
        total = total + y

    def stack(y: Float64[Tensor, "n"]) -> None:
        nonlocal total
        total = tl.stack([total, y])  # E: assignment: assignment: the value has shape [2, n], expected [n]

    add(x)
    stack(x)
    return total


def perhaps(x: Float64[Tensor, "n"], flag: bool) -> Float64[Tensor, "n"]:
    y = x
    if flag and (y := x + 1.0).ndim == 1:
        x = y
    if flag and (y := x[None, :]).ndim == 2:  # E: assignment: assignment: the value has shape [1, n], expected [n]
        x = x + 1.0
    return y


reveal_type(kept(tl.zeros((2, 3)), 2))  # R: Float64[Tensor, "2 3"]
reveal_type(swapped(tl.zeros((2, 3)), tl.zeros((3, 2))))  # R: Float64[Tensor, "2 3"]
p @ p  # E: shape: matmul: inner dimensions differ: 3 (left: [1, 3]) and 1 (right: [1, 3]); did you mean .mT on the right operand?
q + r  # E: shape: add: axis 0 differs: 3 and 2 (left: [3, 2], right: [2, 3]); did you mean .T on one of them?


# ``:=`` where it may not be reached, or more than once, keeps the shape
at_module = tl.zeros(3)
rows = [(at_module := row) for row in tl.ones((2, 3))]
reveal_type(at_module)  # R: Float64[Tensor, "3"]
rows = [(at_module := row[None, :])[0] for row in tl.ones((2, 3))]  # E: assignment: assignment: the value has shape [1, 3], expected [3]
either = (at_module := tl.ones((1, 3))) if len(rows) > 5 else None  # E: assignment: assignment: the value has shape [1, 3], expected [3]
both = len(rows) > 5 and (at_module := tl.ones((1, 3))).ndim == 2  # E: assignment: assignment: the value has shape [1, 3], expected [3]


def walruses(x: Float64[Tensor, "n m"], flag: bool) -> Float64[Tensor, "k"]:
    first = tl.zeros(3)
    some = [first := row for row in x]  # E: assignment: assignment: the value has shape [m], expected [3]
    by_number = {number: (first := x) for number in range(3)}  # E: assignment: assignment: the value has shape [n, m], expected [3]
    any((first := row).item() for row in x)  # E: shape: item: needs one element, got m (operand: [m]) # E: assignment: assignment: the value has shape [m], expected [3]
    assert flag or (first := x).ndim == 2  # E: assignment: assignment: the value has shape [n, m], expected [3]
    last = (first := x) if flag else first  # E: assignment: assignment: the value has shape [n, m], expected [3]
    fresh = [(made := row * 2.0) + made for row in x]
    reveal_type(fresh)  # R: list[Float64[Tensor, "m"]]
    return first  # E: return-value: walruses: the result has shape [3], expected [k]
