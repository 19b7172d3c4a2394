"""The generated function around a program: from tensors to tensors, without a loop or a call more than it takes."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.tensor import Tensor

_new = object.__new__


def entry(inputs: int, outputs: Sequence[Tensor], is_pooled: bool) -> tuple[str, dict[str, object]]:
    """The text of ``run(w, inputs)``, or ``run(w, o, inputs)``, and the names in it besides ``program``."""
    scope: dict[str, object] = {"new": _new, "Tensor": Tensor}
    made = []
    for i, x in enumerate(outputs):
        scope[f"d{i}"] = x.dtype
        made += [f"r{i} = new(Tensor)", f"r{i}._array = y{i}", f"r{i}._shape = {x.shape!r}", f"r{i}._dtype = d{i}"]
    given = ["w", *(["o"] if is_pooled else [])]
    arrays = [f"x{i}._array" for i in range(inputs)]
    lines = [
        f"[{''.join(f'x{i}, ' for i in range(inputs))}] = inputs",
        f"[{''.join(f'y{i}, ' for i in range(len(outputs)))}] = program({', '.join([*given, *arrays])})",
        *made,
        f"return [{', '.join(f'r{i}' for i in range(len(outputs)))}]",
    ]
    return "\n    ".join([f"def run({', '.join([*given, 'inputs'])}):", *lines]), scope
