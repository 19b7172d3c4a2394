# symbolic: what a function makes of the one that it is given, it says in other words when it runs
"""The library's functions, models, losses and methods given to functions of the user's."""

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd, loss, nn

P = ParamSpec("P")
A = TypeVar("A")
R = TypeVar("R")
x, w, v = tl.ones((3, 4)), tl.ones((4, 5)), tl.ones(3)


def take(f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]], a: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return f(a)


def combine(
    f: Callable[[Float64[Tensor, "a b"], Float64[Tensor, "b c"]], Float64[Tensor, "a c"]],
    left: Float64[Tensor, "a b"],
    right: Float64[Tensor, "b c"],
) -> Float64[Tensor, "a c"]:
    return f(left, right)


def predict(f: Callable[[TensorPack["3 3, 3"], Float64[Tensor, "3"]], Float64[Tensor, "3"]]) -> None: ...


def score(f: Callable[[Float64[Tensor, "3"], Float64[Tensor, "3"]], Float64[Tensor, ""]]) -> None: ...


def energy(a: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    return tl.sum(a * a)


square, wide = nn.Seq(nn.linear(3, 3)), nn.Seq(nn.linear(3, 2))
reveal_type(take(tl.tanh, v))  # R: Float64[Tensor, "3"]
reveal_type(take(partial(autograd.fn.grad, energy), v))  # R: Float64[Tensor, "3"]
reveal_type(take(partial(square, square.init(seed=0)), v))  # R: Float64[Tensor, "3"]
reveal_type(take(partial(tl.matmul, tl.ones((3, 3))), v))  # R: Float64[Tensor, "3"]
reveal_type(combine(tl.matmul, x, w))  # R: Float64[Tensor, "3 5"]
predict(square)
score(loss.mse())
take(tl.sum, v)  # E: shape: take: the result of argument 1 ("f") has shape [], expected [n]
take(tl.transpose, v)  # E: shape: transpose: needs rank 2, got rank 1 (operand: [3]); use .mT or permute_dims
take(partial(wide, wide.init(seed=0)), v)  # E: shape: take: dimension "n" is 3 in argument 2 ("a") but 2 in the result of argument 1 ("f")
take(partial(tl.matmul, tl.ones((2, 3))), v)  # E: shape: take: dimension "n" is 3 in argument 2 ("a") but 2 in the result of argument 1 ("f")
combine(tl.add, x, w)  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3, 4], right: [4, 5]); broadcasting is explicit: only an axis of size 1 stretches
predict(wide)  # E: shape: Seq: params does not fit the model: entry 0 ("0.weight") is [2, 3] in the model, here [3, 3]; was it made by another model?
score(loss.mse(reduction="none"))  # E: shape: score: the result of argument 1 ("f") has shape [3], expected []


def call(f: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return f(*args, **kwargs)


def on_x(f: Callable[Concatenate[Float64[Tensor, "3 4"], P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    return f(x, *args, **kwargs)


def apply(f: Callable[[A], R], a: A) -> R:
    return f(a)


def timed(f: Callable[P, R]) -> Callable[P, R]:
    return f


def double(a: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return a * 2.0


def shorter(a: Float64[Tensor, "n+1"]) -> Float64[Tensor, "n"]:
    return a[1:]


reveal_type(call(tl.matmul, x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(call(tl.sum, x, axis=0))  # R: Float64[Tensor, "4"]
reveal_type(call(double, v))  # R: Float64[Tensor, "3"]
reveal_type(call(shorter, v))  # R: Float64[Tensor, "2"]
reveal_type(on_x(tl.matmul, w))  # R: Float64[Tensor, "3 5"]
reveal_type(apply(tl.tanh, x))  # R: Float64[Tensor, "3 4"]
reveal_type(apply(double, v))  # R: Float64[Tensor, "3"]
reveal_type(apply(shorter, v))  # R: Float64[Tensor, "2"]
reveal_type(apply(lambda a: a @ w, x))  # R: Float64[Tensor, "3 5"]
reveal_type(timed(tl.matmul)(x, w))  # R: Float64[Tensor, "3 5"]
reveal_type(timed(double)(v))  # R: Float64[Tensor, "3"]
product = timed(tl.matmul)
reveal_type(product(x, w))  # R: Float64[Tensor, "3 5"]
call(tl.matmul, x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
call(tl.sum, x, axis=5)  # E: shape: sum: axis 5 is out of range (operand: [3, 4])
on_x(tl.matmul, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
on_x(double)  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
apply(tl.transpose, v)  # E: shape: transpose: needs rank 2, got rank 1 (operand: [3]); use .mT or permute_dims
apply(lambda a: a @ x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
timed(tl.matmul)(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
product(x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?


class Activation(Protocol):
    def __call__(self, a: Float64[Tensor, "n"], /) -> Float64[Tensor, "n"]: ...


def activate(f: Activation, a: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return f(a)


def anything(f: Callable[..., Any]) -> None: ...


reveal_type(activate(double, v))  # R: Float64[Tensor, "3"]
reveal_type(activate(tl.tanh, v))  # R: Float64[Tensor, "3"]
anything(tl.matmul)
activate(tl.sum, v)  # E: shape: activate: the result of argument 1 ("f") has shape [], expected [n]
