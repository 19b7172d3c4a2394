"""dataclasses.replace: the fields given and those kept are matched together, as the constructor's arguments are."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import torchlean_typed as tl
from jaxtyping import Float64
from torchlean_typed import Tensor, TensorPack
from torchlean_typed.autograd import fn


@tl.checked
@dataclass(frozen=True)
class Fixed:
    w: Float64[Tensor, "4 3"]
    rate: float = 0.1


fixed = Fixed(tl.ones((4, 3)))
reveal_type(replace(fixed, w=tl.zeros((4, 3))))  # R: Fixed
replace(fixed, w=tl.ones((3, 4)))  # E: shape: Fixed: argument 1 ("w") has shape [3, 4], expected [4, 3]; did you mean .mT on argument 1 ("w")?
replace(fixed, w="text")  # E: arg-type: Argument "w" to "replace" of "Fixed" has incompatible type "str"; expected "Tensor"
reveal_type(replace(fixed, rate=0.5))  # R: Fixed


@tl.checked
@dataclass(frozen=True)
class Net:
    w1: Float64[Tensor, "h i"]
    b: Float64[Tensor, "h"]
    w2: Float64[Tensor, "o h"] = field(kw_only=True)

    def loss(self, x: Float64[Tensor, "n i"], y: Float64[Tensor, "n o"]) -> Float64[Tensor, ""]:
        return tl.mean(tl.square(tl.tanh(x @ self.w1.mT + self.b[None, :]) @ self.w2.mT - y))

    def moved(self, x: Float64[Tensor, "n i"], y: Float64[Tensor, "n o"]) -> "Net":
        dw = fn.grad(lambda w: replace(self, w1=w).loss(x, y), self.w1)
        reveal_type(replace(self, w1=self.w1 - dw))  # R: Net[h, i, o]
        return replace(self, w1=self.w1 - dw)

    def wrong(self) -> "Net":
        return replace(self, w1=self.b)  # E: shape: Net: argument 1 ("w1") has shape [h], expected [h, i]

    def turned(self) -> "Net":
        return replace(self, w1=self.w1.mT)  # E: shape: Net: dimension "h" is i in argument 1 ("w1"), [h=i, i=h], but the caller's h in argument 2 ("b")

    def itself(self, b: Float64[Tensor, "h"], c: Float64[Tensor, "o"]) -> Self:
        replace(self, b=c)  # E: shape: Net: argument 2 ("b") has shape [o], expected [h]
        return replace(self, b=b)


net = Net(tl.ones((4, 3)), tl.ones(4), w2=tl.ones((2, 4)))
reveal_type(replace(net, w1=tl.ones((4, 7))))  # R: Net[4, 7, 2]
reveal_type(replace(net, w2=tl.ones((5, 4))))  # R: Net[4, 3, 5]
reveal_type(replace(net, w1=tl.ones((5, 3)), b=tl.ones(5), w2=tl.ones((2, 5))))  # R: Net[5, 3, 2]
replace(net, b=tl.ones(5))  # E: shape: Net: dimension "h" is 4 in argument 1 ("w1"), [h=4, i=3], but 5 in argument 2 ("b")
replace(net, w1=tl.ones((5, 3)), b=tl.ones(5))  # E: shape: Net: dimension "h" is 5 in argument 1 ("w1"), [h=5, i=3], but 4 in argument 3 ("w2"), [o=2, h=4]
replace(net, w1=tl.ones(4))  # E: shape: Net: argument 1 ("w1") has shape [4], expected [h, i]
replace(net, w1=tl.ones((4, 7))).loss(tl.ones((10, 3)), tl.ones((10, 2)))  # E: shape: loss: argument 1 ("x") has shape [10, 3], expected [n, 7]


@tl.checked
@dataclass
class Shifted:
    edges: Float64[Tensor, "n+1"]
    centres: Float64[Tensor, "n"]
    params: TensorPack["n 2, n"]


shifted = Shifted(tl.zeros(5), tl.zeros(4), TensorPack.of(tl.zeros((4, 2)), tl.zeros(4)))
reveal_type(replace(shifted, edges=tl.ones(5)))  # R: Shifted[4]
replace(shifted, edges=tl.ones(6))  # E: shape: Shifted: dimension "n+1" of argument 1 ("edges") is 6, expected 5, as n is 4 in argument 2 ("centres")
replace(shifted, params=TensorPack.of(tl.zeros((3, 2)), tl.zeros(3)))  # E: shape: Shifted: dimension "n" is 4 in argument 2 ("centres") but 3 in entry 0 of argument 3 ("params"), [n=3, 2]


def unknown(changes: dict[str, Any], some: Any) -> None:
    reveal_type(replace(net, **changes))  # R: Net[Any, Any, Any]
    reveal_type(replace(net, w1=some))  # R: Net[4, Any, 2]
