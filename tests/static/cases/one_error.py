# symbolic
"""One bug is one error, wherever the wrong expression stands."""

from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Vector = Float64[Tensor, "n"]
Jacobian = Float64[Tensor, "n m"]


def right_operand(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return x + j @ s  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def left_operand(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return j @ s + x  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def deep(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return x * 2.0 + (x - (j @ s))  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def scaled(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return -(2.0 * (j @ s))  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def called(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return x + tl.exp(j @ s)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def indexed(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return x + (j @ s)[0]  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def assigned(x: Vector, j: Jacobian, s: Vector) -> Vector:
    y = x + j @ s  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?
    return y


def augmented(x: Vector, j: Jacobian, s: Vector) -> Vector:
    x += j @ s  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?
    return x


def compared(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return tl.where(x > j @ s, x, x)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def chosen(x: Vector, j: Jacobian, s: Vector, flag: bool) -> Vector:
    return x + j @ s if flag else x  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def passed(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return left_operand(x + j @ s, j, s)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def in_tuple(x: Vector, j: Jacobian, s: Vector) -> tuple[Vector, Vector]:
    return x, x + j @ s  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def in_list(x: Vector, j: Jacobian, s: Vector) -> list[Vector]:
    return [x, x + j @ s]  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def in_dict(x: Vector, j: Jacobian, s: Vector) -> dict[str, Vector]:
    return {"x": x, "y": x + j @ s}  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def in_lambda(x: Vector, j: Jacobian, s: Vector) -> Vector:
    return tl.autograd.fn.grad(lambda z: (z + j @ s).sum(), x)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def in_comprehension(x: Vector, j: Jacobian, s: Vector) -> list[Vector]:
    return [x + j @ s for _ in range(3)]  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand?


def two_bugs(x: Vector, j: Jacobian, s: Vector) -> Float64[Tensor, ""]:
    return (x + j @ s) @ (x + s @ j)  # E: shape: matmul: inner dimensions differ: m (left: [n, m]) and n (right: [n]); did you mean .mT on the left operand? # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def ensured(x: Vector, j: Jacobian, s: Vector) -> Jacobian:
    tl.ensure(j, "m n")  # E: shape: ensure: x has shape [n, m], expected [m, n]
    return tl.ensure(j, "n m k")  # E: shape: ensure: x has shape [n, m], expected [n, m, k]


@dataclass
class Weights:
    w: Float64[Tensor, "o i"]

    def loss(self, x: Float64[Tensor, "b i"], y: Float64[Tensor, "b o"]) -> Float64[Tensor, ""]:
        return tl.mean((x @ self.w.mT - y) ** 2)

    def moved(self, rate: float) -> "Weights":
        return Weights(self.w - rate * self.w)


def trained() -> None:
    net = Weights(tl.ones((2, 3)))
    for _ in range(2):
        net.loss(tl.ones((40, 3)), tl.ones((2, 40)))  # E: shape: loss: dimension "b" is 40 in argument 1 ("x"), [b=40, 3], but 2 in argument 2 ("y"), [b=2, 40]; did you mean .mT on argument 2 ("y")?
        net = net.moved(0.1)


def trained_first() -> None:
    net = Weights(tl.ones((2, 3)))
    for _ in range(2):
        net = net.moved(0.1)
        net.loss(tl.ones((40, 3)), tl.ones((2, 40)))  # E: shape: loss: dimension "b" is 40 in argument 1 ("x"), [b=40, 3], but 2 in argument 2 ("y"), [b=2, 40]; did you mean .mT on argument 2 ("y")?


left, right = tl.ones((2, 3)), tl.ones(3)


def in_one_function() -> None:
    left + right  # E: shape-broadcast: add: ranks differ (left: [2, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
    left * right


def in_another() -> None:
    left + right  # E: shape-broadcast: add: ranks differ (left: [2, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?


def too_many(x: Vector, j: Jacobian) -> Jacobian:
    y = ensured(x, x, j, x)  # E: call-arg: Too many arguments for "ensured"
    return j + y


def too_few(x: Vector, j: Jacobian) -> None:
    ensured(j, x)  # E: call-arg: Missing positional argument "s" in call to "ensured"
    tl.matmul(2.0)  # E: call-arg: Missing positional argument "y" in call to "matmul"


class Layer:
    def apply(self, x: Float64[Tensor, "b 5"]) -> Float64[Tensor, "b 7"]:
        return x @ tl.ones((5, 7))


class Doubled(Layer):
    def apply(self, x: Float64[Tensor, "b 5"]) -> Float64[Tensor, "b 7"]:
        return super().apply(x.T) * 2.0  # E: arg-type: apply: argument 1 has shape [5, b], expected [5, 5]

    def first(self, x: Float64[Tensor, "b 5"]) -> Float64[Tensor, "b 7"]:
        return super().apply(x[0])[None]  # E: arg-type: apply: argument 1 has shape [5], expected [_, 5]

    def right(self, x: Float64[Tensor, "b 5"]) -> Float64[Tensor, "b"]:
        return super().apply(x) * 2.0  # E: return-value: right: the result has shape [b, 7], expected [b]


def bound_again(x: Float64[Tensor, "t b d"]) -> Float64[Tensor, "b d"]:
    h = tl.zeros((x.shape[0], x.shape[2]))
    for t in range(x.shape[0]):
        h = h + x[t]  # E: shape-broadcast: add: axis 0 differs: t and b (left: [t, d], right: [b, d]); broadcasting is explicit: only an axis of size 1 stretches
    return h
