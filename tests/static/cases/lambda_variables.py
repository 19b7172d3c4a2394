"""Lambdas with a name, and for a protocol: what they give is checked where they are used, with the shapes they get there."""

from collections.abc import Callable, Sequence
from typing import Protocol

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Tensor, autograd, nn

x, basis = tl.ones(3), tl.ones((7, 3))
model = nn.linear(4, 3)
params, data, target = model.init(seed=0), tl.ones((5, 4)), tl.ones((5, 3))

energy = lambda q: tl.sum(basis @ q)
residual = lambda q: basis @ q
rows = lambda q: q @ basis
reveal_type(autograd.fn.grad(energy, x))  # R: Float64[Tensor, "3"]
reveal_type(autograd.fn.jacrev(residual, x).tensor)  # R: Float64[Tensor, "7 3"]
reveal_type(autograd.fn.jvp(residual, x, x))  # R: Float64[Tensor, "7"]
autograd.fn.grad(residual, x)  # E: shape: grad: f(x) does not have the shape of a scalar (a scalar: [], f(x): [7]); sum it first, or use jacrev for a function with many outputs
autograd.fn.vjp(residual, x, x)  # E: shape: vjp: seed_out does not have the shape of f(x) (f(x): [7], seed_out: [3]); a seed is like the output; it is a tangent that is like x
reveal_type(autograd.fn.vjp(rows, tl.ones(7), x))  # R: Float64[Tensor, "7"]

squared = OutputLoss(lambda o, t: tl.mean((o - t) ** 2))
difference = lambda o, t: tl.mean(tl.abs(o - t))
apart = lambda o, t: tl.abs(o - t)
autograd.model.grad_params(model, OutputLoss(difference), params, data, target)
autograd.model.grad_params(model, OutputLoss(apart), params, data, target)  # E: shape: grad_params: the loss gives shape [5, 3], a scalar is needed; sum it, or average it
named = OutputLoss(apart)
autograd.model.grad_params(model, named, params, data, target)  # E: shape: grad_params: the loss gives shape [5, 3], a scalar is needed; sum it, or average it

first = lambda entry: entry[:1]
reveal_type(params.map(first))  # R: TensorPack["1 4, 1"]
params.map(first) + params  # E: shape: add: the right pack does not fit the left: entry 0 ("0.weight") is [1, 4] in the left, here [3, 4]; was it made by another model?


class Stage(Protocol):
    def __call__(self, x: Float64[Tensor, "b d"], /) -> Float64[Tensor, "b d"]: ...


def once(stage: Stage, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    return stage(x)


def in_turn(stages: list[Stage], x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b d"]:
    for stage in stages:
        x = stage(x)
    return x


def scored(
    f: Callable[[Float64[Tensor, "n"]], Float64[Tensor, "m"]], x: Float64[Tensor, "n"], w: Float64[Tensor, "m"]
) -> Float64[Tensor, ""]:
    return f(x) @ w


def each(fs: Sequence[Callable[[Float64[Tensor, "n"]], Float64[Tensor, "n"]]], x: Float64[Tensor, "n"]) -> None: ...


once(lambda z: z * 2, data)
in_turn([tl.tanh, lambda z: z - tl.mean(z, axis=0, keepdims=True)], data)
scored(residual, x, tl.ones(7))


def wrong() -> None:
    once(lambda z: z.T, data)  # E: return-value: <lambda>: the result has shape [d, b], expected [b, d]; did you mean .mT?
    in_turn([tl.tanh, lambda z: tl.mean(z, axis=0)], data)  # E: return-value: <lambda>: the result has shape [d], expected [b, d]
    each([residual], x)  # E: shape: each: dimension "n" is 3 in argument 2 ("x") but 7 in the result of item 0 of argument 1 ("fs")
    scored(residual, x, x)  # E: shape: scored: dimension "m" is 3 in argument 3 ("w") but 7 in the result of argument 1 ("f")
