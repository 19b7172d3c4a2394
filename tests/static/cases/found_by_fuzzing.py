"""What random programs, good and malformed ones, found missing, a case each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypedDict, overload

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Params, Rows, Tensor, TensorPack, autograd, loss, nn

Tree = dict[str, "Tree"] | None  # mypy analyses the file twice
Square = Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n n"]]


def outer_product(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n n"]:
    return x[:, None] * x[None, :]


def doubled(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return x + x


chosen: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n n"]] = outer_product
named: Square = outer_product
several: list[tuple[Square, Callable[[Float64[Tensor, "m"]], Float64[Tensor, ""]]]] = [(outer_product, tl.sum)]
reveal_type(chosen(tl.zeros(4)))  # R: Float64[Tensor, "4 4"]
reveal_type(named(tl.zeros(5)))  # R: Float64[Tensor, "5 5"]
reveal_type(several[0][0](tl.zeros(6)))  # R: Float64[Tensor, "6 6"]


@dataclass
class Holder:
    w: Float64[Tensor, "n"]
    f: Callable[[Float64[Tensor, "m"]], Float64[Tensor, "m m"]]

    def __call__(self) -> Float64[Tensor, "n n"]:
        own: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n n"]] = outer_product
        reveal_type(own(self.w))  # R: Float64[Tensor, "n n"]
        own(tl.zeros(3))  # E: shape: own: argument 1 has shape [3], expected [n]
        return self.f(self.w)


reveal_type(Holder(tl.zeros(3), outer_product)())  # R: Float64[Tensor, "3 3"]


def not_called() -> None:
    chosen(tl.zeros((4, 4)))  # E: shape: chosen: argument 1 has shape [4, 4], expected [n]
    Holder(tl.zeros(3), doubled)  # E: shape: Holder: the result of argument 2 ("f") has shape [n], expected [m, m]


@overload
def either(x: int) -> int: ...
@overload
def either(x: str) -> str: ...
def either(x: int | str) -> int | str:
    return x


# the file has an overloaded function, which is no property
pack = TensorPack.named({"a": tl.zeros(2), "b": tl.zeros((2, 3))})
reveal_type(pack["b"])  # R: Float64[Tensor, "2 3"]
tl.autograd.fn.grad(tl.zeros(3), tl.sum)  # E: arg-type: grad: argument 1 ("f") must be a function, got Tensor; the order is grad(f, x)


def half_written() -> None:
    half = nn.linear(3)  # E: call-arg: Missing positional argument "out_features" in call to "linear"
    around = nn.residual()  # E: call-arg: Missing positional argument "inner" in call to "residual"
    own = nn.layer(tl.tanh, "", "*b 3", "*b 3", "")  # E: call-arg: Too many arguments for "layer"

    def needing(a: Params[half], b: Params[around], c: Params[own]) -> None: ...


normalised = nn.batch_norm(3)
trained = nn.training(normalised)
windows = nn.conv2d(2, 4, (3, 5))


@tl.checked
def of_both(a: Params[trained], b: Params[windows]) -> None:
    reveal_type(a[0])  # R: Shaped[Tensor, "3"]
    reveal_type(b[0])  # R: Shaped[Tensor, "4 2 3 5"]


of_both(normalised.init(seed=0), windows.init(seed=0))


@tl.checked
class Layer(NamedTuple):
    w: Float64[Tensor, "i o"]
    b: Float64[Tensor, "o"]


Layer(tl.zeros((2, 3)), tl.zeros(4))  # E: shape: Layer: dimension "o" is 3 in argument 1 ("w"), [i=2, o=3], but 4 in argument 2 ("b")

rows = Rows(tl.ones((6, 4, 5)), (2, 3))
reveal_type(rows)  # R: Rows["6", Float64[Tensor, "4 5"]]
reveal_type(rows[0])  # R: Float64[Tensor, "4 5"]
reveal_type(rows.tensor)  # R: Float64[Tensor, "2 3 4 5"]
reveal_type(Rows(TensorPack.of(tl.ones((2, 4)), tl.ones(2)), (2,))[1])  # R: TensorPack["4, ()"]
Rows(tl.ones((6, 4)), (3, 3))  # E: shape: Rows: needs 9 rows along the leading axis, got [6, 4]
Rows(tl.ones(()), ())  # E: shape: Rows: needs 1 rows along the leading axis, got []


def of_unknown(x: Float64[Tensor, "*b n"], y: Tensor, n: int) -> None:
    reveal_type(Rows(x, (3,)))  # R: Rows["_", Any]
    reveal_type(Rows(y, (3,)))  # R: Rows["_", Any]
    reveal_type(Rows(tl.ones((n, 2)), (n,)))  # R: Rows["_", Float64[Tensor, "2"]]


numbered = TensorPack.of(tl.ones(2), tl.ones((2, 3)))
numbered["a"]  # E: shape: TensorPack: has no entry "a"; it has 2 entries: "0", "1"
reveal_type(numbered["1"])  # R: Float64[Tensor, "2 3"]
reveal_type((-numbered.map(tl.exp) * 2.0)["0"])  # R: Float64[Tensor, "2"]
(numbered + pack)["a"]  # E: shape: TensorPack: has no entry "a"; it has 2 entries: "0", "1"
numbered = pack
reveal_type(numbered["b"])  # R: Float64[Tensor, "2 3"]


@tl.checked
def absolute(output: Float64[Tensor, "*s"], target: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
    return tl.abs(output - target)


@tl.checked
def a_sample(output: Float64[Tensor, "*b n"], target: Float64[Tensor, "*b n"]) -> Float64[Tensor, "*b"]:
    return tl.sum(tl.abs(output - target), axis=-1)


@tl.checked
def judged(criterion: OutputLoss["b n", "b n"], any_loss: OutputLoss, x: Float64[Tensor, "b n"]) -> None:
    reveal_type(criterion(x, x))  # R: Float64[Tensor, ""]
    reveal_type(any_loss(x, x))  # R: Float64[Tensor, "..."]


@tl.checked
def of_one_sample(criterion: OutputLoss["n", "n"]) -> None: ...


judged(loss.mse(), loss.mse("none"), tl.ones((2, 3)))
judged(loss.mse("none"), loss.mse(), tl.ones((2, 3)))  # E: shape: judged: argument 1 ("criterion") gives shape [b, n], a scalar is needed; use reduction="mean" or "sum"
judged(OutputLoss(absolute), loss.mse(), tl.ones((2, 3)))  # E: shape: judged: argument 1 ("criterion") gives shape [b, n], a scalar is needed; sum it, or average it
judged(loss.cross_entropy_one_hot("none"), loss.mse(), tl.ones((2, 3)))  # E: shape: judged: argument 1 ("criterion") gives shape [b], a scalar is needed; use reduction="mean" or "sum"
of_one_sample(OutputLoss(a_sample))
of_one_sample(loss.cross_entropy_one_hot("none"))
of_one_sample(OutputLoss(absolute))  # E: shape: of_one_sample: argument 1 ("criterion") gives shape [n], a scalar is needed; sum it, or average it


class Doubled(NamedTuple):
    w: Float64[Tensor, "n"]
    v: Float64[Tensor, "2*n"]

    def __call__(self) -> Float64[Tensor, "3*n"]:
        return tl.concat([self.w, self.v])


two = Doubled(tl.zeros(5), tl.zeros(10))
reveal_type(two.v)  # R: Float64[Tensor, "10"]
reveal_type(two[1])  # R: Float64[Tensor, "10"]
reveal_type(two())  # R: Float64[Tensor, "15"]
TensorPack.of()["a"]  # E: shape: TensorPack: has no entry "a"; it is empty
words = nn.embedding(7, 3)
tokens = tl.zeros((5,), dtype="int64")
of_lambda = OutputLoss(lambda output, target: tl.mean(tl.abs(output - target)))
autograd.model.grad_params(words, of_lambda, words.init(seed=0), tokens, tl.ones((5, 3)))
autograd.model.grad_params(
    words, OutputLoss(lambda output, target: tl.mean(output - target)), words.init(seed=0), tokens, tl.ones((5, 3))
)


@tl.checked
@dataclass(frozen=True)
class Shift:
    w: Float64[Tensor, "*s"]

    def __call__(self, x: Float64[Tensor, "*s"]) -> Float64[Tensor, "*s"]:
        return x + self.w


shift = Shift(tl.ones((2, 3)))
reveal_type(replace(shift, w=tl.ones((4, 5, 6))).w)  # R: Float64[Tensor, "4 5 6"]
reveal_type(autograd.fn.grad(lambda w: tl.sum(replace(shift, w=w)(w)), tl.ones(3)))  # R: Float64[Tensor, "3"]
replace(shift, w=tl.ones(3))(tl.ones(4))  # E: shape: Shift: argument 1 ("x") has shape [4], expected [3]

tl.tensor([tl.ones(3), tl.zeros(3)])  # E: shape: tensor: needs numbers, got Tensor at index [0]; join tensors with tl.stack


def of_scalar(x: Float64[np.ndarray, ""]) -> Float64[Tensor, ""]:
    return tl.tensor(x)


of_scalar(np.ones(()))


class Options(TypedDict):
    w: Float64[Tensor, "n m"]
    rate: float


@tl.checked
def stepped(options: Options, x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    return x - options["rate"] * x


reveal_type(stepped({"w": tl.ones((2, 3)), "rate": 0.5}, tl.ones((2, 3))))  # R: Float64[Tensor, "2 3"]

bound_again = tl.ones((2, 2))
bound_again = tl.ones(3)
reveal_type(autograd.fn.grad(lambda w: tl.sum(w) * tl.sum(bound_again - 1.0), tl.ones((4, 5))))  # R: Float64[Tensor, "4 5"]

scale = nn.layer(lambda p, x: x * p["scale"], params={"scale": ""}, input="*b 4", output="*b 4")


def rescaled(params: Params[scale]) -> Float64[Tensor, ""]:
    return params[0] * 2.0


rescaled(scale.init(seed=0))


@tl.checked
def last_axis(x: Float64[Tensor, "n"], y: Float64[Tensor, "*b m"]) -> Float64[Tensor, "n m"]:
    *lead, n = x.shape
    *_, m = y.shape
    assert not lead
    return tl.ones((n, m))


reveal_type(last_axis(tl.ones(3), tl.ones((2, 4))))  # R: Float64[Tensor, "3 4"]
*_, width = tl.ones(3).shape
reveal_type(tl.zeros(width))  # R: Float64[Tensor, "3"]

three = [tl.ones((2, 2)), tl.ones((3, 3)), tl.ones((4, 6))]
reveal_type(three)  # R: list[Float64[Tensor, "_ _"]]
of_three: Float64[Tensor, "2 2"] = three[0]
no_rows = tl.ones((1, 2, 3))[1:]
for no_row in no_rows:
    reveal_type(no_row)  # R: Float64[Tensor, "2 3"]


@tl.checked
def of_one_shape(x: Float64[Tensor, "*b 2 n"], y: Float64[Tensor, "*b 2 n"]) -> Float64[Tensor, "*b 2 n"]:
    if x.ndim > 1 and x.shape == y.shape:
        reveal_type(x)  # R: Float64[Tensor, "*b 2 n"]
        y = x - y
    return y


reveal_type(of_one_shape(tl.ones((4, 5, 2, 3)), tl.ones((4, 5, 2, 3))))  # R: Float64[Tensor, "4 5 2 3"]


def of_its_shape(x: Tensor, y: Float64[Tensor, "*b n"]) -> None:
    assert x.shape == y.shape
    reveal_type(x)  # R: Shaped[Tensor, "*b n"]


of_its_shape(tl.ones((2, 3)), tl.ones((2, 3)))
