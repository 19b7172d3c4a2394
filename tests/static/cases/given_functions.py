"""The library's functions given to a user's functions: for a Callable, a protocol, in displays, and as partials."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor

Activation = Callable[[Float64[Tensor, "b d"]], Float64[Tensor, "b d"]]


class Layer(Protocol):
    def __call__(self, x: Float64[Tensor, "b d"], /) -> Float64[Tensor, "b d"]: ...


@tl.checked
def held(x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    return x


def by_protocol(f: Layer) -> None:
    held(f(tl.ones((2, 3))))


def by_callable(f: Callable[[Float64[Tensor, "b d"]], Float64[Tensor, "b d"]]) -> None: ...


def of_list(fs: list[Layer]) -> None:
    for f in fs:
        held(f(tl.ones((2, 3))))


def of_dict(fs: dict[str, Activation]) -> None: ...


def of_tuple(fs: tuple[Layer, Activation | None]) -> None:
    held(fs[0](tl.ones((2, 3))))


def compose(
    g: Callable[[Float64[Tensor, "b"]], Float64[Tensor, "c"]],
    f: Callable[[Float64[Tensor, "a"]], Float64[Tensor, "b"]],
    x: Float64[Tensor, "a"],
) -> Float64[Tensor, "c"]:
    return g(f(x))


@tl.checked
def beside(x: Float64[Tensor, "b d"], f: Activation) -> Float64[Tensor, "b d"]:
    return f(x)


@tl.checked
def elsewhere(x: Float64[Tensor, "n"], f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "m"]]) -> Float64[Tensor, "m"]:
    return f(x)


x, softmax = tl.ones((2, 3)), partial(tl.softmax, axis=-1)
by_protocol(softmax)
by_callable(softmax)
by_protocol(tl.tanh)
by_protocol(partial(tl.softmax, axis=-1))
by_callable(tl.tanh)
of_list([tl.tanh, tl.relu, softmax, lambda x: x * 2.0])
of_dict({"tanh": tl.tanh, "softmax": softmax})
of_tuple((tl.tanh, tl.relu))
of_tuple((tl.tanh, None))
reveal_type(beside(x, tl.tanh))  # R: Float64[Tensor, "2 3"]
reveal_type(beside(x, partial(tl.add, x)))  # R: Float64[Tensor, "2 3"]
reveal_type(elsewhere(tl.ones(3), partial(tl.matmul, tl.ones((4, 3)))))  # R: Float64[Tensor, "4"]
reveal_type(compose(partial(tl.matmul, tl.ones((4, 7))), partial(tl.matmul, tl.ones((7, 3))), tl.ones(3)))  # R: Float64[Tensor, "4"]


def unknown(x: Tensor) -> None:
    beside(x, partial(tl.add, tl.ones((2, 3))))


def names_apart(b: Float64[Tensor, "b d"]) -> None:
    by_callable(partial(tl.multiply, 2.0))
    by_protocol(partial(tl.add, b))  # E: shape-broadcast: add: axis 0 differs: b and Layer_b (left: [b, d], right: [Layer_b, Layer_d]); broadcasting is explicit: only an axis of size 1 stretches
    by_callable(partial(tl.add, b))


def wrong() -> None:
    by_protocol(tl.sum)  # E: shape: by_protocol: the result of argument 1 ("f") has shape [], expected [b, d]
    by_protocol(partial(tl.sum, axis=-1))  # E: shape: by_protocol: the result of argument 1 ("f") has shape [b], expected [b, d]
    by_protocol(lambda x: tl.sum(x))  # E: return-value: <lambda>: the result has shape [], expected [b, d]
    by_callable(tl.matrix_transpose)  # E: shape: by_callable: the result of argument 1 ("f") has shape [d, b], expected [b, d]
    of_list([tl.tanh, tl.sum])  # E: shape: of_list: the result of argument 1 ("fs") has shape [], expected [b, d]
    of_dict({"tanh": tl.tanh, "sum": tl.sum})  # E: shape: of_dict: the result of argument 1 ("fs") has shape [], expected [b, d]
    of_tuple((tl.sum, tl.tanh))  # E: shape: of_tuple: the result of argument 1 ("fs") has shape [], expected [b, d]
    beside(x, tl.matrix_transpose)  # E: shape: beside: dimension "b" is 2 in argument 1 ("x"), [b=2, d=3], but 3 in the result of argument 2 ("f"), [b=3, d=2]; did you mean .mT on the result of argument 2 ("f")?
    beside(x, partial(tl.add, x.mT))  # E: shape: add: axis 0 differs: 3 and 2 (left: [3, 2], right: [2, 3]); did you mean .T on one of them?
    compose(partial(tl.matmul, tl.ones((4, 5))), partial(tl.matmul, tl.ones((7, 3))), tl.ones(3))
