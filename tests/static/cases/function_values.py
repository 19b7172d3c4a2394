"""Functions as values: in lists, returned, partial, as protocols, methods and callable objects."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd

Pairwise = Callable[[Float64[Tensor, "n"], Float64[Tensor, "n"]], Float64[Tensor, "n n"]]


@tl.checked
def outer(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]:
    return x[:, None] * y[None, :]


@tl.checked
def norm(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return tl.sum(x * x)


@tl.checked
def squares(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x * x


def chosen() -> Pairwise:
    return outer


functions: list[Pairwise] = [outer, lambda x, y: tl.outer(x, y)]
table: dict[str, Pairwise] = {"outer": outer}
reveal_type(functions[0](tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3 3"]
reveal_type(functions[1](tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3 3"]
reveal_type(table["outer"](tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3 3"]
reveal_type(chosen()(tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3 3"]
reveal_type((lambda x: x[None, :])(tl.zeros(3)))  # R: Float64[Tensor, "1 3"]
for function in functions:
    reveal_type(function(tl.zeros(2), tl.zeros(2)))  # R: Float64[Tensor, "2 2"]


def not_called() -> None:
    functions[0](tl.zeros(3), tl.zeros(4))  # E: shape: call: dimension "n" is 3 in argument 1 but 4 in argument 2
    functions[0](tl.zeros((3, 3)), tl.zeros(3))  # E: arg-type: call: argument 1 has shape [3, 3], expected [3]
    chosen()(tl.zeros(3), tl.zeros(4))  # E: shape: call: dimension "n" is 3 in argument 1 but 4 in argument 2
    table["outer"](tl.zeros(3), tl.zeros(4)) @ tl.zeros(3)  # E: misc: Cannot infer function type argument
    table["outer"](tl.zeros(3), tl.zeros(3)) @ tl.zeros(4)  # E: shape: matmul: inner dimensions differ: 3 (left: [3, 3]) and 4 (right: [4])


(lambda x: x @ tl.zeros(4))(tl.zeros(3))  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4])


@tl.checked
def product(x: Float64[Tensor, "b n"], w: Float64[Tensor, "n m"], scale: float = 1.0) -> Float64[Tensor, "b m"]:
    return scale * (x @ w)


by_weight = partial(product, w=tl.zeros((3, 4)))
by_rows = partial(product, tl.zeros((2, 3)), scale=2.0)
reveal_type(by_weight(tl.zeros((5, 3))))  # R: Float64[Tensor, "5 4"]
reveal_type(by_rows(tl.zeros((3, 4))))  # R: Float64[Tensor, "2 4"]
by_weight(tl.zeros((5, 4)))  # E: shape: product: dimension "n" is 4 in argument 1 ("x"), [b=5, n=4], but 3 in argument 2 ("w"), [n=3, m=4]; did you mean .mT on argument 2 ("w")?
by_rows(tl.zeros((4, 4)))  # E: shape: product: dimension "n" is 3 in argument 1 ("x"), [b=2, n=3], but 4 in argument 2 ("w"), [n=4, m=4]
by_rows(tl.zeros((3, 4))) @ tl.zeros(3)  # E: shape: matmul: inner dimensions differ: 4 (left: [2, 4]) and 3 (right: [3])


class Norm(Protocol):
    def __call__(self, x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]: ...


def gradient(f: Norm, x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return autograd.fn.grad(f, x)


@tl.checked
def gradient_of(
    f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, ""]], x: Float64[Tensor, "n"]
) -> Float64[Tensor, "n"]:
    return autograd.fn.grad(f, x)


reveal_type(gradient(norm, tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(gradient_of(norm, tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(gradient_of(lambda x: norm(x) + x @ x, tl.zeros(3)))  # R: Float64[Tensor, "3"]


def not_scalar(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return gradient(squares, x)  # E: arg-type: Argument 1 to "gradient" has incompatible type "Callable[[Float64[Tensor, 'n']], Float64[Tensor, 'n']]"; expected "Norm"


def not_scalar_either(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return gradient_of(squares, x)  # E: shape: gradient_of: the result of argument 1 ("f") has shape [n], expected []


def not_scalar_lambda(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return gradient_of(lambda y: y * x, x)  # E: shape: gradient_of: the result of argument 1 ("f") has shape [n], expected []


class Scaled:
    def __init__(self, by: Float64[Tensor, "n"]) -> None:
        self.by = by

    def __call__(self, x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
        return x * self.by[None, :]

    def method(self, x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
        return x @ self.by


scaled = Scaled(tl.zeros(3))
reveal_type(list(map(scaled, [tl.zeros((2, 3))]))[0])  # R: Float64[Tensor, "2 3"]
reveal_type(gradient_of(scaled.method, tl.zeros(3)))  # R: Float64[Tensor, "3"]
pack = TensorPack.named({"w": tl.zeros((3, 4)), "b": tl.zeros(4)})
pack[2]  # E: shape: TensorPack: has no entry 2; it has 2 entries: "w", "b"
pack["c"]  # E: shape: TensorPack: has no entry "c"; it has 2 entries: "w", "b"
pack[-3]  # E: shape: TensorPack: has no entry -3; it has 2 entries: "w", "b"


def squared(x: Float64[Tensor, "n m"], y: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    return x * y


# a function without a name, within an operator
tall, nameless = tl.ones((4, 3)), [tl.checked(squared)]
nameless[0](tall, tall.T)  # E: shape: squared: dimension "n" is 4 in argument 1 ("x"), [n=4, m=3], but 3 in argument 2 ("y"), [n=3, m=4]; did you mean .mT on argument 2 ("y")?
tall + nameless[0](tall, tall.T)  # E: shape: squared: dimension "n" is 4 in argument 1 ("x"), [n=4, m=3], but 3 in argument 2 ("y"), [n=3, m=4]; did you mean .mT on argument 2 ("y")?
-nameless[0](tall.T, tall)  # E: shape: squared: dimension "n" is 3 in argument 1 ("x"), [n=3, m=4], but 4 in argument 2 ("y"), [n=4, m=3]; did you mean .mT on argument 2 ("y")?
reveal_type(tall - nameless[0](tall, tall))  # R: Float64[Tensor, "4 3"]
