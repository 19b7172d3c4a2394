"""A fresh process for one framework: seconds to import it, and of the first calls of some cases, which compile."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks import peers
from benchmarks.cases import CASES

PACKAGES = {"ours": "torchlean_typed", "jax": "jax.numpy", "torch": "torch", "hips": "autograd.numpy"}
STARTED = ("ours", "jax", "torch", "torch_compile", "hips")
FIRST_CALLS = {
    "small MLP, value and gradient": "value and gradient of the parameters: small MLP, tanh",
    "conv, value and gradient": "value and gradient of the parameters: conv",
    "small MLP, Hessian-vector product": "Hessian-vector product: small MLP",
    "Rosenbrock, n = 100, Hessian": "Hessian: Rosenbrock, n = 100",
}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, required=True)
    options.add_argument("--peer", required=True)
    given = options.parse_args()
    importlib.import_module("numpy")  # which every framework imports, and every user
    package = PACKAGES[given.peer.removesuffix("_compile")]
    tell(given.peer, "import", lambda: importlib.import_module(package))
    for what, start in FIRST_CALLS.items():
        (case, *_) = [case for case in CASES if f"{case.group}: {case.name}".startswith(start)]
        tell(given.peer, f"first call: {what}", peers.runs(case, [given.peer])[given.peer].call)


def tell(peer: str, what: str, call: Callable[[], Any]) -> None:
    start = perf_counter()
    call()
    seconds = perf_counter() - start
    print(json.dumps({"peer": peer, "what": what, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
