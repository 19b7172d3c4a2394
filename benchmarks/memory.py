"""A fresh process for one framework: how far the loss and all gradients of the large MLP drive the memory up.

The peak of the resident memory over three calls, above what is resident before them, when the weights and the data are
there. Linux resets the peak on request; elsewhere nothing is measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.cases.networks import LARGE
from benchmarks.problems import Net

PEERS = ("ours", "jax", "torch", "hips")


def ours(net: Net) -> Callable[[], Any]:
    from benchmarks.peers.ours import arguments
    from torchlean_typed import autograd

    given = arguments(net)
    return lambda: autograd.model.value_and_grads(*given)


def jax(net: Net) -> Callable[[], Any]:
    import jax

    from benchmarks.peers.in_jax import loss, placed_weights

    given = jax.device_put((placed_weights(net), net.x(), net.y()))
    function = jax.jit(jax.value_and_grad(loss(net), (0, 1, 2)))
    return lambda: jax.block_until_ready(function(*given))


def torch(net: Net) -> Callable[[], Any]:
    import torch

    from benchmarks.peers.in_torch import criterion, model_of

    model, loss = model_of(net), criterion(net)
    x, y = (torch.from_numpy(array).requires_grad_() for array in (net.x(), net.y()))
    leaves = [*model.parameters(), x, y]

    def call() -> Any:
        value = loss(model(x), y)
        return value, torch.autograd.grad(value, leaves)

    return call


def hips(net: Net) -> Callable[[], Any]:
    from autograd import value_and_grad

    from benchmarks.peers.in_hips import loss

    given = (net.weights(), net.x(), net.y())
    function = value_and_grad(lambda all_of_them: loss(net)(*all_of_them))
    return lambda: function(given)


def resident(what: str) -> float:
    """``VmRSS``, the memory that is resident, or ``VmHWM``, its peak, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(what))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.add_argument("--peer", required=True)
    options.add_argument("--dtype", required=True)
    given = options.parse_args()
    small = globals()[given.peer](replace(LARGE, widths=(4, 4, 2), batch=2, dtype=given.dtype))
    small()  # what the framework loads at its first call is none of the large network's
    call = globals()[given.peer](replace(LARGE, dtype=given.dtype))
    if not Path("/proc/self/clear_refs").exists():
        return
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    for _ in range(3):
        call()
    line = {"part": "memory", "peer": given.peer, "dtype": given.dtype, "peak": resident("VmHWM") - before}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
