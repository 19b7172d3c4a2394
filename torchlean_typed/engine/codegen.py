"""From a plan to one flat Python function over NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from weakref import ref

import numpy as np

from torchlean_typed.engine.diagram import as_mermaid, as_text, described
from torchlean_typed.engine.lower import lower
from torchlean_typed.engine.memory import hold
from torchlean_typed.engine.plan import Plan, Step, plan
from torchlean_typed.engine.pool import Pool
from torchlean_typed.engine.tensors import entry
from torchlean_typed.engine.text import is_literal
from torchlean_typed.graph import ancestors
from torchlean_typed.shapes.errors import TracingError, show
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.simplify import simplify

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Program:
    """A function of tensors of fixed shapes and dtypes, generated from a graph.

    Intermediate results are written into buffers that are reused from call to call, results into arrays that nobody
    else holds.
    """

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
        outputs = simplify(outputs)
        _check_leaves(inputs, outputs)
        self._inputs, self._outputs = inputs, outputs
        outputs = lower(outputs)
        chosen = plan(inputs, outputs)
        self._source, scope = _Writer(inputs, chosen).source(outputs)
        exec(compile(self._source, "<torchlean_typed program>", "exec"), scope)
        self._workspace: Callable[[], tuple[NDArray[Any], ...]] = scope["workspace"]
        self._workspaces: list[tuple[NDArray[Any], ...]] = []
        self._pool = Pool(chosen.pooled) if chosen.pooled else None
        text, names = entry(len(inputs), outputs, self._workspaces, None if self._pool is None else self._pool.take)
        scope.update(names, enter=partial(Program._enter, ref(self)))
        exec(compile(text, "<torchlean_typed program>", "exec"), scope)
        self.run: Callable[[Sequence[Tensor]], list[Tensor]] = scope["run"]
        self.used = 0
        self.is_current: Callable[[], bool] | None = None  # whether what it closes over is what it was
        self.nbytes = 0

    def __call__(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The outputs for inputs of the shapes and dtypes that the program was made for."""
        return self.run(inputs)

    @staticmethod
    def _enter(reference: ref[Program]) -> tuple[NDArray[Any], ...]:
        """A workspace for one run more at the same time."""
        self = reference()
        assert self is not None
        buffers = self._workspace()
        own = sum(buffer.nbytes for buffer in buffers if buffer.base is None)
        self.nbytes = own + (self._pool.size if self._pool is not None else 0)
        hold(self, self.nbytes)
        return buffers

    def __del__(self) -> None:
        # what is generated refers to itself, so that it waits for the garbage collector; memory goes at once
        if hasattr(self, "run"):
            self.release()

    def source(self) -> str:
        """The generated text of the program: NumPy, one line an operation, each with the shape of its result."""
        return self._source

    def graph(self, form: Literal["text", "mermaid"] = "text") -> str:
        """What is computed, before it is planned: a line a node, or a Mermaid diagram with the shapes on the edges.

        Raises:
            ValueError: for another form.
        """
        if form not in ("text", "mermaid"):
            raise ValueError(f'graph: form must be "text" or "mermaid", got {form!r}')
        draw = as_text if form == "text" else as_mermaid
        return draw(self._inputs, self._outputs)

    def release(self) -> None:
        """Keep no memory, until the next call."""
        self.nbytes = 0
        self._workspaces.clear()
        if self._pool is not None:
            self._pool.release()


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

    def __init__(self, inputs: Sequence[Tensor], chosen: Plan) -> None:
        self.inputs, self.plan = inputs, chosen
        self.names = {leaf._order: f"x{i}" for i, leaf in enumerate(inputs)}
        self.scope: dict[str, Any] = {"asarray": np.asarray, "empty": np.empty, "zeros": np.zeros}
        self._constants: dict[int, str] = {}
        self._fixed: dict[str, str] = {}
        self._values = 0

    def source(self, outputs: Sequence[Tensor]) -> tuple[str, dict[str, Any]]:
        """The program's text and the names in it."""
        lines = [line for step in self.plan.steps for line in self._lines(step)]
        # a product of numbers gives a number, not an array
        results = ", ".join(self._text(x) if x.shape else f"asarray({self._text(x)})" for x in outputs)
        owned = [f"b{i}" for i in range(len(self.plan.buffers))] + list(self._fixed.values())
        pooled = [f"o{i}" for i in range(len(self.plan.pooled))]
        arguments = ["w", *(["o"] if pooled else []), *(self.names[leaf._order] for leaf in self.inputs)]
        unpacked = [f"{', '.join(names)}, = {of}" for names, of in ((owned, "w"), (pooled, "o")) if names]
        signature = [f"# {self.names[x._order]}: {described(x)}" for x in self.inputs]
        body = [*signature, *unpacked, *lines, f"return [{results}]"]
        return "\n".join([*_function("program", arguments, body), "", *self._workspace(owned)]).rstrip(), self.scope

    def _workspace(self, owned: Sequence[str]) -> list[str]:
        """The function that makes the buffers of a run, and the views of them that are the same at every run."""
        pieces: dict[int, str] = {}
        lines = []
        for number, (shape, dtype, piece) in enumerate(self.plan.buffers):
            made = f"{pieces[piece]}.reshape({shape!r})" if piece in pieces else f"empty({shape!r}, {dtype.name!r})"
            pieces.setdefault(piece, f"b{number}")
            lines.append(f"b{number} = {made}")
        lines += [f"{name} = {text}" for text, name in self._fixed.items()]
        return _function("workspace", [], [*lines, f"return ({''.join(f'{name}, ' for name in owned)})"])

    def _lines(self, step: Step) -> list[str]:
        node, how = step.node, step.write
        self.scope.update(how.scope)
        places = {f"s{i}": self._static(value) for i, value in enumerate(how.statics)}
        operands = [self._text(x) for x in how.operands]
        if step.fixed:
            text = how.result.format(*operands, **places)
            self.names[node._order] = self._fixed.setdefault(text, f"t{len(self._fixed)}")
            return []
        first: list[str] = []
        if step.buffer is not None or step.output is not None:
            assert how.into is not None
            name = self.names[node._order] = f"b{step.buffer}" if step.buffer is not None else f"o{step.output}"
            text = how.into.format(*operands, out=name, **places)
        else:
            name = self.names[node._order] = f"v{self._values}"
            self._values += 1
            if how.zeroed and how.into is not None:
                first = [f"{name} = zeros({node.shape!r}, {self._static(node.dtype)})"]
                text = how.into.format(*operands, out=name, **places)
            else:
                text = f"{name} = {how.result.format(*operands, **places)}"
        *before, last = [*first, *text.splitlines()]
        dead = [f"del {', '.join(sorted(self.names[x._order] for x in step.dead))}"] if step.dead else []
        return [*before, f"{last}  # {described(node)}", *dead]

    def _static(self, value: object) -> str:
        if is_literal(value):
            return repr(value)
        if isinstance(value, np.dtype):
            self.scope[value.name] = value  # an object, as NumPy takes 50 ns to read a text
            return value.name
        name = f"s{len(self.scope)}"
        self.scope[name] = value
        return name

    def _text(self, x: Tensor) -> str:
        if x._order:
            return self.names[x._order]
        if id(x) not in self._constants:
            self._constants[id(x)] = f"c{len(self._constants)}"
            array = x._array
            assert array is not None
            # a number that was stretched is slow in products
            self.scope[self._constants[id(x)]] = array if all(array.strides) else np.ascontiguousarray(array)
        return self._constants[id(x)]


def _function(name: str, arguments: Sequence[str], body: Sequence[str]) -> list[str]:
    return [f"def {name}({', '.join(arguments)}):", *(f"    {line}" for line in body), ""]
