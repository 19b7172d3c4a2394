"""Lambdas within an argument: their parameters are known, and what they give is checked, as of one that is an argument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Stage = Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "c n"]]


@tl.checked
def soft(x: Float64[Tensor, "c n"]) -> Float64[Tensor, "c n"]:
    return tl.softmax(x, axis=1)


def compose(
    stages: list[Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "c n"]]], x: Float64[Tensor, "c n"]
) -> Float64[Tensor, "c n"]:
    for stage in stages:
        x = stage(x)
    return x


def chosen(
    x: Float64[Tensor, "c n"], stages: dict[str, Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "c n"]]], name: str
) -> Float64[Tensor, "c n"]:
    return stages[name](x)


def optional(
    x: Float64[Tensor, "c n"], stage: Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "c n"]] | None
) -> Float64[Tensor, "c n"]:
    return x if stage is None else stage(x)


def apart(
    x: Float64[Tensor, "c n"], stages: Sequence[Callable[[Float64[Tensor, "c n"]], Float64[Tensor, "k"]]]
) -> list[Float64[Tensor, "k"]]:
    return [stage(x) for stage in stages]


@dataclass
class Net:
    weight: Float64[Tensor, "c n"]
    stages: tuple[Stage, Stage]

    def __call__(self) -> Float64[Tensor, "c n"]:
        return self.stages[1](self.stages[0](self.weight))


x = tl.ones((3, 4))
reveal_type(compose([soft, tl.tanh, lambda y: y - soft(y)], x))  # R: Float64[Tensor, "3 4"]
reveal_type(compose([lambda y: y * float(k) for k in range(3)], x))  # R: Float64[Tensor, "3 4"]
reveal_type(chosen(x, {"soft": soft, "half": lambda y: 0.5 * y}, "half"))  # R: Float64[Tensor, "3 4"]
reveal_type(optional(x, (lambda y: y + soft(y)) if x.ndim else None))  # R: Float64[Tensor, "3 4"]
reveal_type(apart(x, [lambda y: y[0], lambda y: tl.sum(y, axis=0)]))  # R: list[Float64[Tensor, "4"]]
reveal_type(Net(x, (lambda y: y.mT.mT, soft))())  # R: Float64[Tensor, "3 4"]

compose([lambda y: soft(y[:, None])[:, 0]], x)  # E: shape: soft: argument 1 ("x") has shape [3, 1, 4], expected [c, n]
compose([lambda y: soft(y[:, None])[:, 0] for _ in range(3)], x)  # E: shape: soft: argument 1 ("x") has shape [3, 1, 4], expected [c, n]
chosen(x, {"half": lambda y: soft(y[0])}, "half")  # E: shape: soft: argument 1 ("x") has shape [4], expected [c, n]
optional(x, (lambda y: soft(y[:, None])) if x.ndim else None)  # E: shape: soft: argument 1 ("x") has shape [3, 1, 4], expected [c, n]
Net(x, (lambda y: soft(y[0]), soft))()  # E: shape: soft: argument 1 ("x") has shape [4], expected [c, n]


def wrong_results(x: Float64[Tensor, "c n"]) -> None:
    compose([soft, lambda y: y.mT], x)  # E: shape: compose: dimension "c" is the caller's c in a parameter of item 0 of argument 1 ("stages"), [c, n], but n in the result of item 1 of argument 1 ("stages"), [c=n, n=c]; did you mean .mT on the result of item 1 of argument 1 ("stages")?
    compose([lambda y: y.mT for _ in range(3)], x)  # E: shape: compose: dimension "c" is the caller's c in a parameter of item 0 of argument 1 ("stages"), [c, n], but n in the result of item 0 of argument 1 ("stages"), [c=n, n=c]; did you mean .mT on the result of item 0 of argument 1 ("stages")?
    chosen(x, {"turned": lambda y: y.mT}, "turned")  # E: shape: chosen: dimension "c" is the caller's c in argument 1 ("x"), [c, n], but n in the result of item "turned" of argument 2 ("stages"), [c=n, n=c]; did you mean .mT on the result of item "turned" of argument 2 ("stages")?
    optional(x, (lambda y: y.mT) if x.ndim else None)  # E: shape: optional: dimension "c" is the caller's c in argument 1 ("x"), [c, n], but n in the result of argument 2 ("stage"), [c=n, n=c]; did you mean .mT on the result of argument 2 ("stage")?
    apart(x, [lambda y: y[0], lambda y: tl.sum(y, axis=1)])  # E: shape: apart: dimension "k" is n in the result of item 0 of argument 2 ("stages") but c in the result of item 1 of argument 2 ("stages")


def wrong_beside(f: Callable[[Float64[Tensor, "5 6"]], Float64[Tensor, "5 6"]], x: Float64[Tensor, "3 4"]) -> None:
    compose([f, lambda y: y], x)  # E: shape: compose: dimension "c" is 5 in a parameter of item 0 of argument 1 ("stages"), [c=5, n=6], but 3 in a parameter of item 1 of argument 1 ("stages"), [c=3, n=4]
