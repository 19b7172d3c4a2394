"""Params: of models that are imported, of this module, of a function, of a class."""

from collections.abc import Callable

from jaxtyping import Float64

import torchlean_typed as tl
import zoo
from torchlean_typed import Params, Tensor, TensorPack, autograd, loss, nn
from zoo import classifier, made
from zoo import stated as renamed

x, y = tl.ones((5, 3)), tl.ones((5, 2))


@tl.checked
def step(params: Params[classifier], x: Float64[Tensor, "b 3"], y: Float64[Tensor, "b 2"]) -> Params[classifier]:
    out = autograd.model.value_and_grads(classifier, loss.mse(), params, x, y)
    reveal_type(out.dparams)  # R: TensorPack["7 3, 7, 2 7, 2"]
    return params - 0.1 * out.dparams


reveal_type(step(classifier.init(seed=0), x, y))  # R: TensorPack["7 3, 7, 2 7, 2"]
step(nn.linear(3, 2).init(seed=0), x, y)  # E: shape: step: argument 1 ("params") has 2 entries, expected 4; shapes: expected [7 3, 7, 2 7, 2], got [2 3, 2]
step(classifier.init(seed=0), x, x)  # E: shape: step: argument 3 ("y") has shape [5, 3], expected [b, 2]


@tl.checked
def imported(a: Params[zoo.classifier], b: Params[made], c: Params[renamed]) -> None:
    reveal_type(a)  # R: TensorPack["7 3, 7, 2 7, 2"]
    reveal_type(b)  # R: TensorPack["4 4, 4"]
    reveal_type(c)  # R: TensorPack["2 3, 2"]


imported(classifier.init(seed=0), made.init(seed=0), renamed.init(seed=0))
imported(classifier.init(seed=0), nn.linear(3, 2).init(seed=0), made.init(seed=0))  # E: shape: imported: entry 0 ("0.weight") of argument 2 ("b") has shape [2, 3], expected [4, 4]

here = nn.Seq(nn.linear(3, 2 * zoo.WIDTH), nn.tanh())
longer = here >> nn.residual(nn.linear(14, 14)) >> nn.linear(14, 1, bias=False)
one, two = nn.linear(1, 2), nn.linear(2, 3)
called = zoo.square(6)
own = nn.layer(lambda p, x: x * p["scale"], params={"scale": "3"}, input="3", output="3")


@tl.checked
def local(a: Params[here], b: "Params[longer]", c: Params[two], d: Params[called], e: Params[own]) -> None:
    reveal_type(a)  # R: TensorPack["14 3, 14"]
    reveal_type(b)  # R: TensorPack["14 3, 14, 14 14, 14, 1 14"]
    reveal_type(c)  # R: TensorPack["3 2, 3"]
    reveal_type(d)  # R: TensorPack["6 6, 6"]
    reveal_type(e)  # R: TensorPack["3"]
    inside = nn.linear(5, 6)

    @tl.checked
    def inner(p: Params[inside]) -> None:
        reveal_type(p)  # R: TensorPack["6 5, 6"]

    inner(inside.init(seed=0))


parts = here.init(seed=0), longer.init(seed=0), two.init(seed=0), called.init(seed=0), own.init(seed=0)
local(*parts)
local(here.init(seed=0), longer.init(seed=0), one.init(seed=0), called.init(seed=0), own.init(seed=0))  # E: shape: local: entry 0 ("0.weight") of argument 3 ("c") has shape [2, 1], expected [3, 2]


class Trainer:
    model = nn.linear(3, 4)

    def __init__(self, params: Params[classifier]) -> None:
        self.params = params

    @tl.checked
    def step(self, gradient: Params[classifier]) -> None:
        self.params = self.params - 0.1 * gradient

    @tl.checked
    def own(self, params: Params[model]) -> Params[model]:
        return params


trainer = Trainer(classifier.init(seed=0))
trainer.step(classifier.init(seed=0))
reveal_type(trainer.params)  # R: TensorPack["7 3, 7, 2 7, 2"]
reveal_type(trainer.own(Trainer.model.init(seed=0)))  # R: TensorPack["4 3, 4"]
trainer.step(nn.linear(3, 2).init(seed=0))  # E: shape: step: argument 1 ("gradient") has 2 entries, expected 4; shapes: expected [7 3, 7, 2 7, 2], got [2 3, 2]
trainer.own(classifier.init(seed=0))  # E: shape: own: argument 1 ("params") has 4 entries, expected 2; shapes: expected [4 3, 4], got [7 3, 7, 2 7, 2]

State = Params[classifier]


@tl.checked
def run(state: State, update: Callable[[Params[classifier]], Params[classifier]]) -> State:
    return update(state)


reveal_type(run(classifier.init(seed=0), lambda p: p * 2.0))  # R: TensorPack["7 3, 7, 2 7, 2"]
later: Params[classifier] | None = None
history: list[Params[classifier]] = [classifier.init(seed=0)]
reveal_type(history[0])  # R: TensorPack["7 3, 7, 2 7, 2"]

# of layers in a list that is written out
repeated = nn.Seq(nn.linear(2, 4), *[nn.linear(4, 4) for _ in range(2)], *[nn.linear(4, 4)] * 2, nn.linear(4, 1))


@tl.checked
def of_repeated(params: Params[repeated], x: Float64[Tensor, "b 2"]) -> Float64[Tensor, "b 1"]:
    reveal_type(params[4].shape)  # R: tuple[Dim["4"], Dim["4"]]
    return repeated(params, x)


of_repeated(repeated.init(seed=0), tl.ones((3, 2)))
of_repeated(nn.linear(2, 1).init(seed=0), tl.ones((3, 2)))  # E: shape: of_repeated: argument 1 ("params") has 2 entries, expected 12; shapes: expected [4 2, 4, 4 4, 4, 4 4, 4, 4 4, 4, 4 4, 4, 1 4, 1], got [1 2, 1]

# of a list that has a name, and is not changed
middle = [nn.linear(4, 4), nn.tanh()]
named = nn.Seq(nn.linear(2, 4), *middle, *middle, nn.linear(4, 1))


@tl.checked
def of_named(params: Params[named], x: Float64[Tensor, "b 2"]) -> Float64[Tensor, "b 1"]:
    reveal_type(params[2].shape)  # R: tuple[Dim["4"], Dim["4"]]
    return named(params, x)


of_named(named.init(seed=0), tl.ones((3, 2)))
of_named(repeated.init(seed=0), tl.ones((3, 2)))  # E: shape: of_named: argument 1 ("params") has 12 entries, expected 8; shapes: expected [4 2, 4, 4 4, 4, 4 4, 4, 1 4, 1], got [4 2, 4, 4 4, 4, 4 4, 4, 4 4, 4, 4 4, 4, 1 4, 1]
