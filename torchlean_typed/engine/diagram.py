"""A program's graph as text, and as a Mermaid diagram with the shapes on the edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
    lines += [f'    {nodes.names[x._order]}(["{nodes.names[x._order]}"])' for x in inputs]
    constants = 0
    for node in nodes.computed:
        name = nodes.names[node._order]
        lines.append(f'    {name}["{_operation(node)}"]')
        for x in node._operands:
            source = nodes.names.get(x._order)
            if source is None:
                source, constants = f"c{constants}", constants + 1
                lines.append(f'    {source}(["{nodes.shown(x)}"])')
            lines.append(f'    {source} -- "{described(x)}" --> {name}')
    for number, x in enumerate(outputs):
        lines.append(f'    out{number}(["result {number}"])')
        lines.append(f'    {nodes.names.get(x._order, "constant")} -- "{described(x)}" --> out{number}')
    return "\n".join(lines)


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
        return f"{first:.6g}" if same else f"constant {described(x)}"


def _operation(node: Tensor) -> str:
    assert node._op is not None
    given = zip(node._op.statics, node._statics, node._op.defaults, strict=True)
    shown = [f"{name}={value}" for name, value, default in given if value != default]
    return f"{node._op.name}[{', '.join(shown)}]" if shown else node._op.name
