"""How each framework is used: as its documentation recommends, and in the form in which it is fastest."""

from __future__ import annotations

import importlib

from benchmarks.case import Case, Run

MODULES = {
    "ours": ("ours", {}),
    "jax": ("in_jax", {"placed": True}),
    "jax_numpy": ("in_jax", {"placed": False}),
    "torch": ("in_torch", {"compiled": False}),
    "torch_compile": ("in_torch", {"compiled": True}),
    "hips": ("in_hips", {}),
}
TITLES = {
    "ours": "torchlean_typed",
    "jax": "JAX",
    "jax_numpy": "JAX, NumPy in",
    "torch": "torch",
    "torch_compile": "torch.compile",
    "hips": "HIPS",
}


def runs(case: Case, peers: list[str]) -> dict[str, Run]:
    """A run for each of these frameworks that has the case."""
    found = {}
    for peer in peers:
        module, options = MODULES[peer]
        build = getattr(importlib.import_module(f"benchmarks.peers.{module}"), case.kind, None)
        run = build(case.problem, **options) if build is not None else None
        if run is not None:
            found[peer] = run
    return found


__all__ = ["MODULES", "TITLES", "runs"]
