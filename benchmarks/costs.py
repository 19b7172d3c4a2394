"""What our own layers cost: the public call over its program, and the run-time checks on and off."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
from beartype import beartype
from jaxtyping import Float64, jaxtyped

import torchlean_typed as tl
from benchmarks import timing
from benchmarks.cases.networks import SMALL, TINY
from benchmarks.peers.ours import arguments
from benchmarks.problems import Net
from torchlean_typed import Params, Tensor, autograd
from torchlean_typed.engine import run as engine


def layer(net: Net) -> dict[str, Callable[[], Any]]:
    """A public call, and the program that it comes down to, called directly."""
    given = arguments(net)
    engine.clear_cache()
    autograd.model.value_and_grad_params(*given)
    (program,) = engine._programs.values()
    _, _, params, x, y = given
    inputs = [*params.tensors, x, y]
    return {
        "the public call": lambda: autograd.model.value_and_grad_params(*given),
        "its program": lambda: program(inputs),
    }


def nothing() -> dict[str, Callable[[], Any]]:
    """A function of two annotated tensors that does nothing."""
    x = tl.ones((4, 3))

    def first(x: Float64[Tensor, "b 3"], y: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 3"]:
        return x

    decorated = tl.checked(first)
    return {"a function of two tensors, @tl.checked": lambda: decorated(x, x), "undecorated": lambda: first(x, x)}


def jaxtypings_own() -> dict[str, Callable[[], Any]]:
    """The same function of two NumPy arrays, as jaxtyping's documentation has it."""
    x = np.ones((4, 3))

    def first(x: Float64[np.ndarray, "b 3"], y: Float64[np.ndarray, "b 3"]) -> Float64[np.ndarray, "b 3"]:
        return x

    decorated = jaxtyped(typechecker=beartype)(first)
    return {
        "of two arrays, @jaxtyped(typechecker=beartype)": lambda: decorated(x, x),
        "undecorated": lambda: first(x, x),
    }


def step() -> dict[str, Callable[[], Any]]:
    """A step of gradient descent on the small MLP."""
    model, loss, params, x, y = arguments(SMALL)

    def descend(params: Params[model], x: Float64[Tensor, "b 10"], y: Float64[Tensor, "b 5"]) -> Params[model]:
        return params - 0.1 * autograd.model.grad_params(model, loss, params, x, y)

    decorated = tl.checked(descend)
    return {
        "a training step of the small MLP, @tl.checked": lambda: decorated(params, x, y),
        "undecorated": lambda: descend(params, x, y),
    }


COSTS: dict[str, tuple[Callable[[], dict[str, Callable[[], Any]]], bool]] = {
    "API, tiny MLP": (lambda: layer(TINY), True),
    "API, small MLP": (lambda: layer(SMALL), True),
    "checks on": (nothing, True),
    "checks off": (nothing, False),
    "jaxtyping's own checks": (jaxtypings_own, True),
    "checks on, training step": (step, True),
    "checks off, training step": (step, False),
}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.parse_args()
    for group, (calls, checked) in COSTS.items():
        tl.set_checks(checked)
        times = timing.seconds(calls(), rounds=41, slice_seconds=0.005)
        medians = {name: statistics.median(values) for name, values in times.items()}
        difference = statistics.median(a - b for a, b in zip(*times.values(), strict=True))
        print(json.dumps({"part": "costs", "group": group, "seconds": medians, "difference": difference}), flush=True)


if __name__ == "__main__":
    main()
