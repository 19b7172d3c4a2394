"""From a plan to one flat Python function over NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.engine.plan import Plan, Step, plan, workspace
from torchlean_typed.graph import ancestors
from torchlean_typed.shapes.errors import TracingError, show
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make
from torchlean_typed.transform.simplify import simplify

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Program:
    """A function of arrays of fixed shapes and dtypes, generated from a graph.

    ``source`` is the generated text: one line an operation, each with the shape of its result. Intermediate results are
    written into buffers that are reused from call to call, results into fresh arrays.
    """

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
        outputs = simplify(outputs)
        _check_leaves(inputs, outputs)
        self._plan = plan(inputs, outputs)
        self.source, scope = _Writer(inputs).source(self._plan, outputs)
        exec(compile(self.source, "<torchlean_typed program>", "exec"), scope)
        self._function: Callable[..., list[Tensor]] = scope["program"]
        self.recent = True
        self._workspaces: list[tuple[NDArray[Any], ...]] = []

    def __call__(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The outputs for inputs of the shapes and dtypes that the program was made for."""
        # a run has its workspace for itself, so that threads and interrupts do no harm
        buffers = self._workspaces.pop() if self._workspaces else workspace(self._plan.buffers)
        results = self._function(buffers, *[x._array for x in inputs])
        self._workspaces.append(buffers)
        return results


def _check_leaves(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    known = {leaf._order for leaf in inputs}
    for node in ancestors(outputs):
        if node._op is None and node._order not in known:
            raise TracingError(
                f"a function that is compiled uses a tensor of shape {show(node.shape)} of another function that is "
                "being differentiated; pass it as an argument, or run in eager mode: `with tl.eager(): ...`"
            )


class _Writer:
    """Writes the lines, and keeps what they refer to."""

    def __init__(self, inputs: Sequence[Tensor]) -> None:
        self.inputs = inputs
        self.names = {leaf._order: f"x{i}" for i, leaf in enumerate(inputs)}
        self.scope: dict[str, Any] = {}
        self._constants: dict[int, str] = {}

    def source(self, plan: Plan, outputs: Sequence[Tensor]) -> tuple[str, dict[str, Any]]:
        """The program's text and the names in it."""
        lines = [line for step in plan.steps for line in self._lines(step)]
        self.scope["tensor"], self.scope["asarray"] = make, np.asarray
        # a ufunc or a product of scalars gives a number, not an array
        results = ", ".join(f"tensor({self._text(x) if x.shape else f'asarray({self._text(x)})'})" for x in outputs)
        arguments = ", ".join(["w", *(self.names[leaf._order] for leaf in self.inputs)])
        buffers = [f"    {''.join(f'b{i}, ' for i in range(len(plan.buffers)))}= w"] if plan.buffers else []
        text = "\n".join([f"def program({arguments}):", *buffers, *lines, f"    return [{results}]\n"])
        return text, self.scope

    def _lines(self, step: Step) -> list[str]:
        node = step.node
        name = self.names[node._order] = f"v{len(self.names) - len(self.inputs)}"
        if step.buffer is not None:
            name = self.names[node._order] = f"b{step.buffer}"
        described = f"  # {node.dtype.name}{show(node.shape)}"
        call = self._call(step)
        lines = [f"    {call}{described}" if step.buffer is not None else f"    {name} = {call}{described}"]
        if step.dead:
            lines.append(f"    del {', '.join(sorted(self.names[x._order] for x in step.dead))}")
        return lines

    def _call(self, step: Step) -> str:
        how = step.write
        operands = [self._text(x) for x in how.operands]
        if how.name == "T":
            return f"{operands[0]}.T"
        self.scope[how.name] = how.function
        statics = [self._static(value) for value in how.statics]
        shown = [f"[{', '.join(operands)}]"] if how.sequence else operands
        out = []
        if step.buffer is not None:
            out = [f"out=b{step.buffer}" if how.name in _OUT_BY_NAME else f"b{step.buffer}"]
        elif how.name == "logistic" or (how.name in _BOOL_RESULT and step.node.dtype.kind == "f"):
            out = [f"out=empty({step.node.shape!r}, {self._static(step.node.dtype)})"]
            self.scope["empty"] = np.empty
        return f"{how.name}({', '.join([*shown, *statics, *out])})"

    def _static(self, value: object) -> str:
        if _is_literal(value):
            return repr(value)
        name = f"s{len(self.scope)}"
        self.scope[name] = value
        return name

    def _text(self, x: Tensor) -> str:
        if x._order:
            return self.names[x._order]
        if id(x) not in self._constants:
            self._constants[id(x)] = f"c{len(self._constants)}"
            self.scope[self._constants[id(x)]] = x._array
        return self._constants[id(x)]


_OUT_BY_NAME = ("dot", "maximum", "minimum")
_BOOL_RESULT = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")


def _is_literal(value: object) -> bool:
    """Whether the value's repr is Python text for it."""
    if isinstance(value, tuple):
        return all(_is_literal(item) for item in value)
    if isinstance(value, slice):
        return _is_literal((value.start, value.stop, value.step))
    return type(value) in (int, bool, str, type(None)) or (type(value) is float and bool(np.isfinite(value)))
