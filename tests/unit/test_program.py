"""What is compiled can be looked at, is counted and bounded, and survives an interrupt."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import autograd, loss, nn
from torchlean_typed.checks import calls
from torchlean_typed.engine import closures, diagram, mode, run
from torchlean_typed.engine.codegen import Program
from torchlean_typed.nn import statistics
from torchlean_typed.trace import tracing

ROOT = Path(__file__).parents[2]
MODEL = nn.linear(2, 3) >> nn.relu() >> nn.linear(3, 1)
PARAMS, X, Y = MODEL.init(seed=0), tl.ones((4, 2)), tl.zeros((4, 1))
ARGUMENTS = (MODEL, loss.mse(), PARAMS, X, Y)
grads = autograd.model.value_and_grad_params


@pytest.fixture(autouse=True)
def fresh() -> None:
    tl.clear_cache()


def test_the_source_is_numpy_text_with_a_shape_a_line() -> None:
    source = tl.program(grads, *ARGUMENTS).source()
    compile(source, "<a program>", "exec")
    assert "# x4: float64[4, 2]" in source
    assert re.search(r"maximum\(.*\)  # float64\[4, 3\]\n", source)
    lines = [line for line in source.partition("def workspace")[0].splitlines() if "  # " in line]
    assert all(re.search(r"  # \w+\[[\d, ]*\]$", line) or line.startswith("    # x") for line in lines)


def test_the_graph_names_every_node_before_it_is_used() -> None:
    text = tl.program(grads, *ARGUMENTS).graph()
    known: set[str] = set()
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        used = rest.partition("=")[2] if rest else line
        assert set(re.findall(r"\b[xn]\d+\b", used)) <= known
        known.add(name)
    assert "= relu(n" in text
    assert text.splitlines()[-1].count("n") >= 5


NODE = re.compile(r' +(\w+)(?:\["([^"<>]*)"\]|\(\["([^"<>]*)"\]\))')
EDGE = re.compile(r' +(\w+) -- "(\w+\[[\d, ]*\])" --> (\w+)')
DRAWN: dict[str, Callable[[], Program]] = {
    "a model": lambda: tl.program(grads, *ARGUMENTS),
    "constants": lambda: tl.program(autograd.fn.jacrev, lambda x: tl.concat([x, tl.ones(3)]), tl.ones(3)),
    "nothing else": lambda: tl.program(tl.compile(lambda x: tl.ones(3)), tl.ones(2)),
    "indices and dtypes": lambda: tl.program(tl.compile(lambda x: x[1:, ::2].astype(np.float32)), tl.ones((3, 4))),
    "objects": lambda: tl.program(autograd.model.vjp_input, autograd.checkpoint(nn.relu()), EMPTY, ONES, ONES),
}
EMPTY, ONES = tl.TensorPack.of(), tl.ones(3)


@pytest.mark.parametrize("program", DRAWN.values(), ids=DRAWN.keys())
def test_the_diagram_has_the_shapes_on_its_edges(program: Callable[[], Program]) -> None:
    first, *lines = program().graph("mermaid").splitlines()
    assert first == "flowchart TD"
    nodes = [match[1] for line in lines if (match := NODE.fullmatch(line))]
    edges = [match for line in lines if (match := EDGE.fullmatch(line))]
    assert len(nodes) + len(edges) == len(lines)
    assert len(set(nodes)) == len(nodes)
    assert {edge[end] for edge in edges for end in (1, 3)} <= set(nodes)
    assert {edge[3] for edge in edges} >= {name for name in nodes if name.startswith(("n", "out"))}


def test_parameters_are_shown_as_they_are_written() -> None:
    text = DRAWN["indices and dtypes"]().graph()
    assert "getitem[key=1:, ::2](x0)" in text
    assert "astype[dtype=float32](n0)" in text
    assert "return full(1, float64[3])" in DRAWN["nothing else"]().graph()
    assert diagram._escaped('a "b" <c> #') == "a #quot;b#quot; #lt;c#gt; #35;"


def test_the_diagram_of_the_docs_is_the_program_s() -> None:
    shown = re.search(r"```mermaid\n(.*?)\n```", (ROOT / "docs" / "engine.md").read_text(), re.DOTALL)
    energy = tl.compile(lambda x: tl.sum(tl.sin(x) ** 2))
    assert shown is not None
    assert shown[1] == tl.program(autograd.fn.value_and_grad, energy, tl.zeros(3)).graph("mermaid")


def test_another_form_is_refused() -> None:
    program = tl.program(grads, *ARGUMENTS)
    with pytest.raises(ValueError, match=r'must be "text" or "mermaid", got .dot.'):
        program.graph("dot")  # type: ignore[arg-type]


def test_a_program_is_had_of_whatever_runs_one_and_of_nothing_else() -> None:
    def double(x: tl.Tensor) -> tl.Tensor:
        return x * 2.0

    assert "x0 * 2.0" in tl.program(tl.compile(double), tl.tensor(1.0)).source()
    assert "multiply" in tl.program(autograd.fn.hessian, lambda x: tl.sum(x**3), X).graph()
    assert "matrix_product" in tl.program(lambda: grads(*ARGUMENTS)).graph()
    with tl.compiled():
        assert "matrix_product" in tl.program(MODEL, PARAMS, X).graph()
    with pytest.raises(TypeError, match="the call of double runs no program"):
        tl.program(double, X)
    assert double(X).shape == (4, 2)  # the mode is as before


def test_it_is_the_program_that_the_call_runs() -> None:
    grads(*ARGUMENTS)
    assert tl.cache_info().programs == 1
    assert tl.program(grads, *ARGUMENTS) is next(iter(run._programs.values()))
    assert tl.cache_info().compiled == 1


def test_the_cache_tells_what_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PROGRAM_LIMIT", 3)
    assert tl.cache_info() == (0, 3, 0, 0, 0)
    f = tl.compile(tl.sin)
    for n in range(1, 6):
        f(tl.ones(n))
        f(tl.ones(1))  # the one that is used again and again stays
    info = tl.cache_info()
    assert (info.programs, info.limit, info.compiled, info.evicted) == (3, 3, 5, 2)
    f(tl.ones(1))
    assert tl.cache_info().compiled == 5
    grads(*ARGUMENTS)
    assert tl.cache_info().nbytes > 0
    tl.clear_cache()
    assert tl.cache_info() == (0, 3, 0, 0, 0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_leaves_everything_usable() -> None:
    """It may come while a function is traced, a program generated or run; within a finaliser Python drops it."""
    model = nn.linear(64, 64) >> nn.tanh() >> nn.linear(64, 8)
    params, y = model.init(seed=0), tl.zeros((32, 8))

    def compute(scale: float) -> np.ndarray:
        out = autograd.model.value_and_grads(model, loss.mse(), params, tl.full((32, 64), scale), y)
        return np.concatenate([out.dparams.flatten().numpy(), out.dx.numpy().ravel()])

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    wanted = {scale: compute(scale) for scale in (0.5, -1.0)}
    before = signal.signal(signal.SIGALRM, stop)
    interrupted = 0
    try:
        start = time.monotonic()
        while time.monotonic() < start + 1.5 or interrupted <= 10:
            assert time.monotonic() < start + 60
            tl.clear_cache()
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.006 * np.random.default_rng(interrupted).random())
                last = time.monotonic() + 0.1
                while time.monotonic() < last:
                    compute(0.5)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                interrupted += 1
            for scale, expected in wanted.items():
                np.testing.assert_array_equal(compute(scale), expected)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Interrupted:
    """A context variable that is interrupted as soon as it is set."""

    def __init__(self, variable: ContextVar[Any]) -> None:
        self.variable, self.get = variable, variable.get
        self.rings = True

    def set(self, value: object) -> None:
        self.variable.set(value)
        if self.rings:
            self.rings = False
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("module", "name", "block"),
    [
        (sys.modules[tracing.__module__], "_depth", tracing),
        (mode, "_mode", tl.eager),
        (closures, "_observed", lambda: closures.observing({})),
        (statistics, "_renewed", statistics._of_the_batch),
        (calls, "current", lambda: calls.running(object())),
    ],
)
def test_an_interrupt_as_a_block_begins_leaves_nothing_switched_on(
    module: Any, name: str, block: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = getattr(module, name)
    before = variable.get()
    monkeypatch.setattr(module, name, Interrupted(variable))
    with pytest.raises(KeyboardInterrupt), block():
        pass
    assert variable.get() is before


@pytest.mark.parametrize("shape", [(40, 5), (40, 1), (16, 32), (15, 5), (40, 33)])
@pytest.mark.parametrize("keepdims", [True, False])
def test_the_largest_of_short_rows_is_the_largest(shape: tuple[int, int], keepdims: bool) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    values[3, 0] = np.nan
    values[5] = -np.inf
    compiled = tl.compile(lambda x: tl.max(x, axis=-1, keepdims=keepdims))
    used = tl.compile(lambda x: tl.max(x + 0.0, axis=-1, keepdims=keepdims) + 0.0)
    for function in (compiled, used):
        found = function(tl.from_numpy(values)).numpy()
        np.testing.assert_array_equal(found, values.max(axis=-1, keepdims=keepdims))


def test_a_buffer_into_which_a_large_value_was_stretched_is_used_again() -> None:
    def function(x: tl.Tensor) -> tl.Tensor:
        mean = tl.mean(x, axis=-1, keepdims=True)
        scaled = x / tl.broadcast_to(tl.sqrt(mean), x.shape)
        return tl.exp(scaled) * tl.broadcast_to(mean, x.shape) + tl.tanh(scaled)

    x = tl.random.uniform((3000, 4), seed=0) + 1.0
    with tl.eager():
        expected = function(x).numpy()
    np.testing.assert_allclose(tl.compile(function)(x).numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("times", [lambda p, c: p * c, lambda p, c: c * p])
def test_a_softmax_times_a_column_divides_the_column(times: Callable[[tl.Tensor, tl.Tensor], tl.Tensor]) -> None:
    scaled = tl.compile(lambda x, c: times(tl.softmax(x), c))
    x, column = tl.tensor([[0.0, 800.0, -1.0], [3.0, 3.0, -800.0]]), tl.tensor([[2.0], [-6.0]])
    divisions = [line for line in tl.program(scaled, x, column).source().splitlines() if "divide" in line]
    assert len(divisions) == 1
    assert divisions[0].endswith("# float64[2, 1]")
    assert tl.allclose(scaled(x, column), tl.tensor([[0.0, 2.0, 0.0], [-3.0, -3.0, 0.0]]), rtol=1e-15)
