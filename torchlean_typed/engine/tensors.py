"""The generated function around a program: from tensors to tensors, without a loop or a call more than it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torchlean_typed.tensor import Tensor

_new = object.__new__


def entry(
    inputs: int, outputs: Sequence[Tensor], workspaces: list[Any], take: Callable[[], Any] | None
) -> tuple[str, dict[str, Any]]:
    """The text of ``run(inputs)``, and the names in it besides ``program`` and ``enter``, which makes a workspace.

    A run has its workspace for itself, so that threads and interrupts do no harm.
    """
    scope: dict[str, Any] = {"new": _new, "Tensor": Tensor, "workspaces": workspaces, "take": take}
    made = []
    for i, x in enumerate(outputs):
        scope[f"d{i}"] = x.dtype
        made += [f"r{i} = new(Tensor)", f"r{i}._array = y{i}", f"r{i}._shape = {x.shape!r}", f"r{i}._dtype = d{i}"]
    given = ["w", *(["take()"] if take is not None else []), *(f"x{i}._array" for i in range(inputs))]
    lines = [
        "try:",
        "    w = workspaces.pop()",
        "except IndexError:",
        "    w = enter()",
        f"[{''.join(f'x{i}, ' for i in range(inputs))}] = inputs",
        f"[{''.join(f'y{i}, ' for i in range(len(outputs)))}] = program({', '.join(given)})",
        "workspaces.append(w)",
        *made,
        f"return [{', '.join(f'r{i}' for i in range(len(outputs)))}]",
    ]
    return "\n    ".join(["def run(inputs):", *lines]), scope
