"""From a recorded graph to one flat Python function over NumPy kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.graph import ancestors
from torchlean_typed.shapes.errors import TracingError, show
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make
from torchlean_typed.transform.simplify import simplify

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Program:
    """A function of arrays of fixed shapes and dtypes, generated from a graph.

    ``source`` is the generated text: one line an operation, each with the shape of its result.
    """

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
        outputs = simplify(outputs)
        self.source, self._scope = _generate(inputs, outputs)
        exec(compile(self.source, "<torchlean_typed program>", "exec"), self._scope)
        self._function: Callable[..., tuple[NDArray[Any], ...]] = self._scope["program"]

    def __call__(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        results = self._function(*[x._array for x in inputs])
        return [make(x if type(x) is np.ndarray else np.asarray(x)) for x in results]


def _generate(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> tuple[str, dict[str, Any]]:
    nodes = ancestors(outputs)
    names = {leaf._order: f"x{i}" for i, leaf in enumerate(inputs)}
    last_use = {x._order: node._order for node in nodes for x in node._operands if x._order}
    kept = {x._order for x in (*inputs, *outputs)}
    scope: dict[str, Any] = {}
    constants: dict[int, str] = {}

    def text(x: Tensor) -> str:
        if x._order:
            return names[x._order]
        if id(x) not in constants:
            constants[id(x)] = f"c{len(constants)}"
            scope[constants[id(x)]] = x._array
        return constants[id(x)]

    lines = []
    for node in nodes:
        if node._op is None:
            if node._order not in names:
                raise TracingError(
                    f"a function that is compiled uses a tensor of shape {show(node.shape)} of another function that is "
                    "being differentiated; pass it as an argument, or run in eager mode: `with tl.eager(): ...`"
                )
            continue
        names[node._order] = f"v{len(names) - len(inputs)}"
        lines.append(f"    {names[node._order]} = {_call(node, [text(x) for x in node._operands], scope)}")
        dead = {names[x._order] for x in node._operands if last_use.get(x._order) == node._order and x._order not in kept}
        if dead:
            lines.append(f"    del {', '.join(sorted(dead))}")
    results = "".join(f"{text(x)}, " for x in outputs)
    header = f"def program({', '.join(names[leaf._order] for leaf in inputs)}):"
    return "\n".join([header, *lines, f"    return ({results})\n"]), scope


def _call(node: Tensor, operands: list[str], scope: dict[str, Any]) -> str:
    op = node._op
    assert op is not None
    kernel = f"{op.name}_"
    scope[kernel] = op.kernel
    statics = []
    for value in node._statics:
        if _is_literal(value):
            statics.append(repr(value))
        else:
            name = f"s{len(scope)}"
            scope[name] = value
            statics.append(name)
    shown = [f"[{', '.join(operands)}]"] if op.sequence else operands
    return f"{kernel}({', '.join([*shown, *statics])})  # {node.dtype.name}{show(node.shape)}"


def _is_literal(value: object) -> bool:
    """Whether the value's repr is Python text for it."""
    if isinstance(value, tuple):
        return all(_is_literal(item) for item in value)
    return value is None or isinstance(value, (int, str, slice)) or (isinstance(value, float) and np.isfinite(value).item())
