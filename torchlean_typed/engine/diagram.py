"""A program's graph as text, and as a Mermaid diagram with the shapes on the edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from torchlean_typed.engine.text import index_text
from torchlean_typed.graph import ancestors
from torchlean_typed.shapes.errors import show
from torchlean_typed.tensor import Tensor


def as_text(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> str:
    """One line a node: its name, dtype and shape, the operation and what it is applied to."""
    nodes = _Nodes(inputs, outputs)
    lines = [f"{nodes.names[x._order]}: {described(x)}" for x in inputs]
    for node in nodes.computed:
        operands = ", ".join(map(nodes.shown, node._operands))
        lines.append(f"{nodes.names[node._order]}: {described(node)} = {_operation(node)}({operands})")
    return "\n".join([*lines, f"return {', '.join(map(nodes.shown, outputs))}"])


def as_mermaid(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> str:
    """A flowchart in Mermaid's language, which GitHub and most notebooks draw."""
    nodes = _Nodes(inputs, outputs)
    lines = ["flowchart TD"]
    constants = 0

    def draw(name: str, label: str, operands: Sequence[Tensor], brackets: str = "[]") -> None:
        """A node, and an edge from each operand, of which a constant is drawn first."""
        nonlocal constants
        lines.append(f'    {name}{brackets[: len(brackets) // 2]}"{_escaped(label)}"{brackets[len(brackets) // 2 :]}')
        for x in operands:
            source = nodes.names.get(x._order)
            if source is None:
                source, constants = f"c{constants}", constants + 1
                draw(source, nodes.shown(x), (), "([])")
            lines.append(f'    {source} -- "{described(x)}" --> {name}')

    for x in inputs:
        draw(nodes.names[x._order], nodes.names[x._order], (), "([])")
    for node in nodes.computed:
        draw(nodes.names[node._order], _operation(node), node._operands)
    for number, x in enumerate(outputs):
        draw(f"out{number}", f"result {number}", [x], "([])")
    return "\n".join(lines)


def _escaped(label: str) -> str:
    """Text within quotes: what Mermaid would take for the end, or for HTML, as an entity."""
    return label.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def described(x: Tensor) -> str:
    """Such as ``float64[2, 3]``."""
    return f"{x.dtype.name}{show(x.shape)}"


class _Nodes:
    """What the nodes are called."""

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
        self.computed = [node for node in ancestors(outputs) if node._op is not None]
        self.names = {x._order: f"x{i}" for i, x in enumerate(inputs)}
        self.names |= {node._order: f"n{i}" for i, node in enumerate(self.computed)}

    def shown(self, x: Tensor) -> str:
        """A node's name; of a constant, the number, or its shape."""
        if x._order:
            return self.names[x._order]
        assert x._array is not None
        first = x._array.flat[0] if x.size else None
        same = first is not None and bool(np.all(x._array == first))
        if not same:
            return f"constant {described(x)}"
        return f"full({first:.6g}, {described(x)})" if x.shape else f"{first:.6g}"


def _operation(node: Tensor) -> str:
    assert node._op is not None
    given = zip(node._op.statics, node._statics, node._op.defaults, strict=True)
    shown = [f"{name}={_static(value)}" for name, value, default in given if value != default]
    return f"{node._op.name}[{', '.join(shown)}]" if shown else node._op.name


def _static(value: object) -> str:
    """A static parameter: an index as it stands in brackets, a dtype by its name, an object by its class."""
    items = value if isinstance(value, tuple) else (value,)
    if any(isinstance(item, slice) for item in items):
        return index_text(value)
    if isinstance(value, (type, np.dtype)):
        return np.dtype(value).name
    text = str(value)
    return type(value).__name__ if text.startswith("<") else text
