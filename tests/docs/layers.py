"""The page of the layers, read off their docstrings; ``python -m tests.docs.layers`` rewrites it."""

from __future__ import annotations

import inspect
from pathlib import Path

from tests.docs.operations import parameters, shapes_in
from torchlean_typed import nn

PAGE = Path(__file__).parents[2] / "docs" / "layers.md"
HEAD = """\
# The layers

Each function of `nn` gives a `Seq`; `nn.Seq(first, second, ...)` chains them and checks that they fit. `*b` is any
number of batch axes. This page is read off the functions.

| layer | shapes | what it is |
|---|---|---|
"""


def page() -> str:
    """The whole text."""
    functions = {name: getattr(nn, name) for name in nn.__all__}
    layers = {name: f for name, f in functions.items() if inspect.signature(f).return_annotation == "Seq"}
    return HEAD + "".join(row(name, inspect.getdoc(function) or "") for name, function in sorted(layers.items()))


def row(name: str, doc: str) -> str:
    """The line of one layer: its call, its shapes, and the first paragraph of its docstring."""
    about = " ".join(doc.partition("\n\n")[0].split()).replace("``", "`")
    call = f"{name}({parameters(getattr(nn, name))})"
    return f"| `{call}` | {shapes_in(doc, name)} | {about} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
