"""Functions with shapes in their signatures: names are solved at each call."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor


@tl.checked
def product(x: Float64[Tensor, "b n"], w: Float64[Tensor, "n m"]) -> Float64[Tensor, "b m"]:
    reveal_type(x.T)  # R: Float64[Tensor, "n b"]
    return x @ w


@tl.checked
def square(x: Float64[Tensor, "n n"]) -> Float64[Tensor, "n"]:
    return tl.sum(x, axis=0)


@tl.checked
def shifted(x: Float64[Tensor, "n"], by: float = 1.0, *, twice: bool = False) -> Float64[Tensor, "n"]:
    return x + by * (2.0 if twice else 1.0)


@tl.checked
def grow(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n+1"]:
    return tl.concat([x, tl.zeros(1)])


@tl.checked
def halves(x: Float64[Tensor, "2*k"], y: Float64[Tensor, "k"]) -> Float64[Tensor, "k 2"]:
    return x.reshape((-1, 2)) + y[:, None]


@tl.checked
def neighbours(x: Float64[Tensor, "n+1"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x[1:] - y


@tl.checked
def fixed(x: Float64[Tensor, "3 4"]) -> Float64[Tensor, ""]:
    return x.sum()


@tl.checked
def maybe(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"] | None = None) -> Float64[Tensor, "n"]:
    return x if y is None else x + y


@tl.checked
def total(*parts: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


@tl.checked
def both(pair: tuple[Float64[Tensor, "n"], Float64[Tensor, "m"]]) -> Float64[Tensor, "n m"]:
    return pair[0][:, None] * pair[1][None, :]


@tl.checked
def many(parts: list[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return total(*parts)


@tl.checked
def named(parts: dict[str, Float64[Tensor, "n"]], **more: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return total(*parts.values(), *more.values())


@tl.checked
def halved(x: Float64[Tensor, "n"], depth: int) -> Float64[Tensor, "n"]:
    return x if depth == 0 else halved(x / 2.0, depth - 1)


a, b = tl.zeros((2, 3)), tl.zeros((3, 4))

reveal_type(product(a, b))  # R: Float64[Tensor, "2 4"]
reveal_type(product(w=b, x=a))  # R: Float64[Tensor, "2 4"]
reveal_type(square(tl.eye(5)))  # R: Float64[Tensor, "5"]
reveal_type(shifted(tl.zeros(3), twice=True))  # R: Float64[Tensor, "3"]
reveal_type(grow(grow(tl.zeros(3))))  # R: Float64[Tensor, "5"]
reveal_type(halves(tl.zeros(6), tl.zeros(3)))  # R: Float64[Tensor, "3 2"]
reveal_type(neighbours(tl.zeros(5), tl.zeros(4)))  # R: Float64[Tensor, "4"]
reveal_type(fixed(b))  # R: Float64[Tensor, ""]
reveal_type(maybe(tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(maybe(tl.zeros(3), tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(total(tl.zeros(2), tl.zeros(2), tl.zeros(2)))  # R: Float64[Tensor, "2"]
reveal_type(both((tl.zeros(2), tl.zeros(3))))  # R: Float64[Tensor, "2 3"]
reveal_type(many([tl.zeros(2), tl.zeros(2)]))  # R: Float64[Tensor, "2"]
reveal_type(product(product(a, b), tl.zeros((4, 1))))  # R: Float64[Tensor, "2 1"]

reveal_type(named({"a": tl.zeros(2)}, b=tl.zeros(2)))  # R: Float64[Tensor, "2"]
named({"a": tl.zeros(2), "b": tl.zeros(3)})  # E: shape: named: dimension "n" is 2 in item "a" of argument 1 ("parts") but 3 in item "b" of argument 1 ("parts")
named({"a": tl.zeros(2)}, b=tl.zeros(3))  # E: shape: named: dimension "n" is 2 in item "a" of argument 1 ("parts") but 3 in argument 2 ("b")
reveal_type(halved(tl.zeros(4), 3))  # R: Float64[Tensor, "4"]
product(a, a)  # E: shape: product: dimension "n" is 3 in argument 1 ("x"), [b=2, n=3], but 2 in argument 2 ("w"), [n=2, m=3]; did you mean .mT on argument 2 ("w")?
product(b, a)  # E: shape: product: dimension "n" is 4 in argument 1 ("x"), [b=3, n=4], but 2 in argument 2 ("w"), [n=2, m=3]
product(a, w=a)  # E: shape: product: dimension "n" is 3 in argument 1 ("x"), [b=2, n=3], but 2 in argument 2 ("w"), [n=2, m=3]; did you mean .mT on argument 2 ("w")?
product(a, tl.zeros(3))  # E: shape: product: argument 2 ("w") has shape [3], expected [n, m]
product(a.T, b)  # E: shape: product: dimension "n" is 2 in argument 1 ("x"), [b=3, n=2], but 3 in argument 2 ("w"), [n=3, m=4]
square(a)  # E: shape: square: argument 1 ("x") has shape [2, 3], expected [n, n]
shifted(a)  # E: shape: shifted: argument 1 ("x") has shape [2, 3], expected [n]
halves(tl.zeros(7), tl.zeros(3))  # E: shape: halves: dimension "2*k" of argument 1 ("x") is 7, expected 6, as k is 3 in argument 2 ("y")
halves(tl.zeros(6), tl.zeros(4))  # E: shape: halves: dimension "2*k" of argument 1 ("x") is 6, expected 8, as k is 4 in argument 2 ("y")
neighbours(tl.zeros(4), tl.zeros(4))  # E: shape: neighbours: dimension "n+1" of argument 1 ("x") is 4, expected 5, as n is 4 in argument 2 ("y")
fixed(a)  # E: shape: fixed: argument 1 ("x") has shape [2, 3], expected [3, 4]
maybe(tl.zeros(3), tl.zeros(4))  # E: shape: maybe: dimension "n" is 3 in argument 1 ("x") but 4 in argument 2 ("y")
total(tl.zeros(2), tl.zeros(3))  # E: shape: total: dimension "n" is 2 in argument 1 ("parts") but 3 in argument 2 ("parts")
both((tl.zeros(2), a))  # E: shape: both: item 1 of argument 1 ("pair") has shape [2, 3], expected [m]
many([tl.zeros(2), tl.zeros(3)])  # E: shape: many: dimension "n" is 2 in item 0 of argument 1 ("parts") but 3 in item 1 of argument 1 ("parts")
product(a, b) + product(a, tl.zeros((3, 5)))  # E: shape-broadcast: add: axis 1 differs: 4 and 5 (left: [2, 4], right: [2, 5]); broadcasting is explicit: only an axis of size 1 stretches
fixed(product(a, b))  # E: shape: fixed: argument 1 ("x") has shape [2, 4], expected [3, 4]


def wrong_result(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "n b"]:
    return x  # E: return-value: wrong_result: the result has shape [b, n], expected [n, b]; did you mean .mT?


def wrong_body(x: Float64[Tensor, "b n"], w: Float64[Tensor, "m n"]) -> Float64[Tensor, "b m"]:
    return x @ w  # E: shape: matmul: inner dimensions differ: n (left: [b, n]) and m (right: [m, n]); did you mean .mT on the right operand?


def wrong_names(x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> Float64[Tensor, "n"]:
    return x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def wrong_call(x: Float64[Tensor, "b n"]) -> Float64[Tensor, "b b"]:
    return product(x, x)  # E: shape: product: dimension "n" is the caller's n in argument 1 ("x"), [b, n], but b in argument 2 ("w"), [n=b, m=n]; did you mean .mT on argument 2 ("w")?


def right_call(n: Float64[Tensor, "m n"]) -> Float64[Tensor, "m m"]:
    return product(n, n.T)


def right_body(x: Float64[Tensor, "n m"], k: Float64[Tensor, "k"]) -> Float64[Tensor, "n*m+k"]:
    return tl.concat([x.flatten(), k])


def around(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    def within(y: Float64[Tensor, "k"]) -> Float64[Tensor, ""]:
        return y * y  # E: return-value: within: the result has shape [k], expected []

    return within(x)
