"""A value that may have one of several shapes: an operation must go with each, but not with each beside each other."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd, nn

flag = bool(tl.tensor(1.0) > 0)

either = tl.zeros((2, 3)) if flag else tl.zeros((4, 3))
reveal_type(either)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4 3"]
reveal_type(either + 1.0)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4 3"]
reveal_type(tl.exp(either))  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4 3"]
reveal_type(either @ tl.zeros((3, 5)))  # R: Float64[Tensor, "2 5"] | Float64[Tensor, "4 5"]
reveal_type(tl.sum(either, axis=0))  # R: Float64[Tensor, "3"]
reveal_type(either.T)  # R: Float64[Tensor, "3 2"] | Float64[Tensor, "3 4"]

if flag:
    x = tl.zeros((2, 3))
    w = tl.zeros((3, 4))
else:
    x = tl.zeros((5, 6))
    w = tl.zeros((6, 4))
reveal_type(x @ w)  # R: Float64[Tensor, "2 4"] | Float64[Tensor, "5 4"]
reveal_type(tl.matmul(x, w))  # R: Float64[Tensor, "2 4"] | Float64[Tensor, "5 4"]

h = tl.zeros((2, 3))
for _ in range(2):
    h = tl.concat([h, h])
reveal_type(h)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "4 3"] | Float64[Tensor, "8 3"] | Float64[Tensor, "16 3"] | Float64[Tensor, "32 3"] | Float64[Tensor, "_ 3"] | Float64[Tensor, "64 3"] | Float64[Tensor, "128 3"]


@tl.checked
def joined_to_itself(x: Float64[Tensor, "n"] | Float64[Tensor, "m"]) -> Float64[Tensor, "2 _"]:
    y = tl.concat([x, x])
    reveal_type(y)  # R: Float64[Tensor, "2*n"] | Float64[Tensor, "2*m"]
    reveal_type(tl.outer(x, x))  # R: Float64[Tensor, "n n"] | Float64[Tensor, "m m"]
    return y.reshape((2, -1))


def maybe(y: Tensor | None) -> Tensor:
    return tl.zeros(3) if y is None else y


reveal_type(maybe(None) + 1.0)  # R: Shaped[Tensor, "..."]
number = 2.0 if flag else tl.ones(3)
reveal_type(tl.zeros(3) * number)  # R: Float64[Tensor, "3"]

some = tl.ones((2, 3)) if flag else tl.ones(3)
reveal_type(2.0 * some)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
reveal_type(2 - some)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
reveal_type(1.0 / some)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
reveal_type(0 < some)  # R: Bool[Tensor, "2 3"] | Bool[Tensor, "3"]
reveal_type(abs(some))  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
reveal_type(len(some))  # R: Dim["2"] | Dim["3"]
reveal_type(len(either))  # R: Dim["2"] | Dim["4"]
reveal_type(some.ndim)  # R: Literal[2] | Literal[1]
reveal_type(some.size)  # R: Dim["6"] | Dim["3"]
reveal_type(3 + 2 * some.ndim)  # R: int
reveal_type(autograd.fn.grad(lambda z: tl.sum(z**3), some))  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
reveal_type(autograd.fn.hessian(tl.sum, some).stacked)  # R: Float64[Tensor, "6 2 3"] | Float64[Tensor, "3 3"]
reveal_type(autograd.fn.jacrev(lambda z: z**3, some).tensor)  # R: Float64[Tensor, "2 3 2 3"] | Float64[Tensor, "3 3"]
reveal_type(autograd.fn.jacfwd(tl.tanh, some).tensor)  # R: Float64[Tensor, "2 3 2 3"] | Float64[Tensor, "3 3"]
reveal_type(autograd.fn.jvp(lambda z: tl.sum(z, axis=-1), some, some))  # R: Float64[Tensor, "2"] | Float64[Tensor, ""]
reveal_type(autograd.fn.value_and_grad(tl.mean, tl.ones(3) if flag else tl.ones((2, 3))))  # R: tuple[Float64[Tensor, ""], Float64[Tensor, "3"]] | tuple[Float64[Tensor, ""], Float64[Tensor, "2 3"]]
autograd.fn.grad(lambda z: z * 2.0, some)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [2, 3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(tl.tanh, some)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [2, 3]); sum it first, or use jacrev for a function with many outputs
autograd.fn.grad(lambda z: tl.sum(z @ tl.ones((2, 4))), some)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 4]); did you mean .mT on the left operand?
2.0 * some @ tl.ones((4, 3))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?
either + tl.zeros((7, 3))  # E: shape-broadcast: add: axis 0 differs: 2 and 7 (left: [2, 3], right: [7, 3]); broadcasting is explicit: only an axis of size 1 stretches
tl.matmul(either, tl.zeros((2, 2)))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 2]); did you mean .mT on the left operand?
either @ tl.zeros((4, 4))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 4])
either.sum(axis=2)  # E: shape: sum: axis 2 is out of range (operand: [2, 3])


def wrong(flag: bool) -> None:
    ranks = tl.zeros((2, 3)) if flag else tl.zeros(3)
    ranks.T  # E: shape: transpose: needs rank 2, got rank 1 (operand: [3]); use .mT or permute_dims
    tl.zeros((2, 3)) @ (tl.zeros((3, 4)) if flag else tl.zeros((4, 3)))  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 4 (right: [4, 3]); did you mean .mT on the right operand?


def models(h: Float64[Tensor, "b 5"], some: Float64[Tensor, "b 5"] | Float64[Tensor, "5"], flag: bool) -> None:
    linear = nn.linear(5, 7)
    params = linear.init(seed=0)
    reveal_type(linear(params, some))  # R: Float64[Tensor, "b 7"] | Float64[Tensor, "7"]
    linear(params, h if flag else tl.ones((2, 4)))  # E: shape: Seq: x has shape [2, 4], the model takes [*b, 5]
    for layer in (nn.linear(5, 7), nn.linear(5, 3)):
        h = layer(layer.init(seed=0), h)  # E: shape: Seq: x has shape [b, 7], the model takes [*b, 5]


def same_sizes(h: Float64[Tensor, "b 5"], flag: bool) -> Float64[Tensor, "b 5"]:
    for layer in (nn.linear(5, 5), nn.Seq(nn.linear(5, 7), nn.linear(7, 5))):
        h = layer(layer.init(seed=0), h)
    last = nn.linear(5, 5) if flag else nn.linear(5, 3)
    reveal_type(last(last.init(seed=0), h))  # R: Float64[Tensor, "b 5"] | Float64[Tensor, "b 3"]
    return h


def summed(x: Float64[Tensor, "n 5"]) -> Float64[Tensor, "n"]:
    return tl.sum(x, axis=1)


class Linear:
    w: Float64[Tensor, "o i"]

    def __init__(self, w: Float64[Tensor, "o i"]) -> None:
        self.w = w

    def __call__(self, x: Float64[Tensor, "n i"]) -> Float64[Tensor, "n o"]:
        return x @ self.w.T


def calls(x: Float64[Tensor, "b 5"], flag: bool) -> None:
    summed(x if flag else tl.ones((3, 5)))
    some = x if flag else tl.ones((3, 7))
    summed(some)  # E: shape: summed: argument 1 ("x") has shape [3, 7], expected [n, 5]
    for layer in (Linear(tl.ones((7, 5))), Linear(tl.ones((3, 5)))):
        x = layer(x)  # E: shape: Linear: argument 1 ("x") has shape [b, 7], expected [n, 5]


@tl.checked
def of_two_ranks(x: Float64[Tensor, "n"] | Float64[Tensor, "m n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return y


@tl.checked
def of_many_ranks(x: Float64[Tensor, "n"] | Float64[Tensor, "*b m n"] | float | None) -> None: ...


@tl.checked
def of_any_rank(x: Float64[Tensor, "n"] | Float64[Tensor, "m n"] | Tensor) -> None: ...


of_two_ranks(tl.ones((2, 4)), tl.ones(4))
of_two_ranks(tl.ones((2, 3, 4)), tl.ones(4))  # E: shape: of_two_ranks: argument 1 ("x") has shape [2, 3, 4], expected [m, n]
of_many_ranks(tl.ones((2, 3, 4)))
of_many_ranks(2.0)
of_many_ranks(tl.tensor(1.0))  # E: shape: of_many_ranks: argument 1 ("x") has shape [], expected [*b, m, n]
of_any_rank(tl.ones((2, 3, 4)))


def zipped(pairs: Float64[Tensor, "3 2"], x: Float64[Tensor, "3 4"] | Float64[Tensor, "3"]) -> None:
    for pair, _ in zip(pairs, x):  # mypy tries the members of the union, and forgot that it did
        reveal_type(pair)  # R: Float64[Tensor, "2"]


zipped(tl.ones((3, 2)), tl.ones((3, 4)))


@tl.checked
def ensured(x: Float64[Tensor, "n"] | Float64[Tensor, "b n"]) -> Float64[Tensor, "b n"]:
    y = tl.ensure(x, "b n")
    reveal_type(y)  # R: Float64[Tensor, "b n"]
    return y


ensured(tl.ones((2, 3)))


def ensured_of_none(x: Float64[Tensor, "3"] | Float64[Tensor, "5"]) -> Tensor:
    return tl.ensure(x, "4")  # E: shape: ensure: x has shape [3], expected [4]


@tl.checked
def known_or_any(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"] | Tensor) -> Float64[Tensor, "n"]:
    return x


known_or_any(tl.ones(3), tl.ones((2, 3)))
known_or_any(tl.ones(3), tl.ones(4))
known_or_any(tl.ones(3), tl.ones(3, dtype="float32"))
reveal_type(known_or_any(tl.ones(3), tl.ones(3)))  # R: Float64[Tensor, "3"]


@tl.checked
def of_any_batch(
    x: Float64[Tensor, "*b n"] | Float64[Tensor, "n"], w: Float64[Tensor, "n m"]
) -> Float64[Tensor, "m"]:
    return w[0]


@tl.checked
def of_either_side(x: Float64[Tensor, "n m"] | Float64[Tensor, "m n"] | None, y: Float64[Tensor, "n"]) -> None: ...


# which member it is may be told by the names of other arguments, of which one must fit
of_any_batch(tl.ones(4), tl.ones((4, 5)))
of_any_batch(tl.ones((2, 4)), tl.ones((4, 5)))
of_either_side(tl.ones((2, 3)), tl.ones(2))
of_either_side(None, tl.ones(2))
of_two_ranks(some, tl.ones(3))


def no_member_fits(unknown: Tensor, x: Float64[Tensor, "*s"]) -> None:
    of_any_batch(tl.ones(3), tl.ones((4, 5)))  # E: shape: of_any_batch: dimension "n" is 4 in argument 2 ("w"), [n=4, m=5], but 3 in argument 1 ("x")
    of_either_side(tl.ones((2, 3)), tl.ones(4))  # E: shape: of_either_side: dimension "n" is 4 in argument 2 ("y") but 2 in argument 1 ("x"), [n=2, m=3]
    of_either_side(either, tl.ones(4))  # E: shape: of_either_side: dimension "n" is 4 in argument 2 ("y") but 2 in argument 1 ("x"), [n=2, m=3]
    of_either_side(either, tl.ones(2))  # E: shape: of_either_side: dimension "n" is 2 in argument 2 ("y") but 4 in argument 1 ("x"), [n=4, m=3]
    of_two_ranks(some, tl.ones(2))  # E: shape: of_two_ranks: dimension "n" is 3 in argument 1 ("x"), [m=2, n=3], but 2 in argument 2 ("y")
    of_either_side(some if flag else None, tl.ones(2))  # E: shape: of_either_side: argument 1 ("x") has shape [3], expected [m, n]
    of_either_side(tl.ones((2, 3)), tl.ones(3))  # at run time the first member that fits x by itself is taken
    of_any_batch(unknown, tl.ones((4, 5)))
    of_any_batch(x, tl.ones((4, 5)))
    of_any_rank(some)


@tl.checked
def of_rows(rows: list[Float64[Tensor, "n"]], y: Float64[Tensor, "n"]) -> None: ...


@tl.checked
def of_either_rows(rows: list[Float64[Tensor, "n"] | Float64[Tensor, "n m"]], y: Float64[Tensor, "n"]) -> None: ...


three_or_four = tl.ones(3) if flag else tl.ones(4)
matrix_or_vector = tl.ones((3, 2)) if flag else tl.ones(3)
of_either_rows([matrix_or_vector], tl.ones(3))


def items_of_several_shapes(held: list[Float64[Tensor, "3"] | Float64[Tensor, "4"]]) -> None:
    of_rows([three_or_four], tl.ones(3))  # E: shape: of_rows: dimension "n" is 3 in argument 2 ("y") but 4 in item 0 of argument 1 ("rows")
    of_rows(held, tl.ones(3))  # E: shape: of_rows: dimension "n" is 3 in argument 2 ("y") but 4 in item 0 of argument 1 ("rows")
    of_either_rows([three_or_four], tl.ones(3))  # E: shape: of_either_rows: dimension "n" is 3 in argument 2 ("y") but 4 in item 0 of argument 1 ("rows")
    of_either_rows(held, tl.ones(3))  # E: shape: of_either_rows: dimension "n" is 3 in argument 2 ("y") but 4 in item 0 of argument 1 ("rows")
    of_either_rows([matrix_or_vector], tl.ones(4))  # E: shape: of_either_rows: dimension "n" is 4 in argument 2 ("y") but 3 in item 0 of argument 1 ("rows"), [n=3, m=2]
