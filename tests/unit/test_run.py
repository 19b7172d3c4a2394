"""Running immediately or compiled: one program a signature, fresh results, threads, and the text of a program."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import autograd, nn
from torchlean_typed.engine import memory, run
from torchlean_typed.engine.run import execute, trace
from torchlean_typed.tensor import Tensor

calls = 0


def counted(x: Tensor) -> list[Tensor]:
    """Twice the tensor; how often Python ran it is counted."""
    global calls
    calls += 1
    return [2.0 * x]


@pytest.fixture(autouse=True)
def fresh() -> None:
    global calls
    calls = 0
    tl.clear_cache()


def test_a_key_is_compiled_once_for_each_signature() -> None:
    for _ in range(3):
        for x in (tl.ones(2), tl.ones((2, 1)), tl.ones(2, np.float32)):
            (result,) = execute(counted, [x], "twice")
            assert (result.shape, result.dtype) == (x.shape, x.dtype)
            assert result.numpy().ravel().tolist() == [2.0, 2.0]
    assert calls == 3
    execute(counted, [tl.ones(2)], "another key")
    assert calls == 4
    tl.clear_cache()
    execute(counted, [tl.ones(2)], "twice")
    assert calls == 5


def test_without_a_key_a_function_runs_each_time() -> None:
    for mode in (tl.eager, tl.compiled):
        with mode():
            for _ in range(2):
                assert execute(counted, [tl.ones(1)])[0].item() == 2.0
    assert calls == 4


def test_eager_mode_compiles_nothing() -> None:
    with tl.eager():
        for _ in range(2):
            execute(counted, [tl.ones(1)], "twice")
    assert calls == 2
    assert not run._programs


def test_within_a_recording_everything_becomes_part_of_it() -> None:
    def outer(x: Tensor) -> list[Tensor]:
        (y,) = execute(counted, [x], "twice")
        return [y * x]

    assert execute(outer, [tl.tensor(3.0)], "outer")[0].item() == 18.0
    assert [key[0] for key in run._programs] == ["outer"]


def test_a_function_that_fails_leaves_nothing_behind() -> None:
    def fails(x: Tensor) -> list[Tensor]:
        raise RuntimeError("no")

    for _ in range(2):
        with pytest.raises(RuntimeError):
            execute(fails, [tl.ones(1)], "fails")
    assert not run._programs
    assert execute(counted, [tl.ones(1)])[0]._order == 0  # nothing is still being recorded


def test_results_are_fresh_and_stay_what_they_are() -> None:
    results = [execute(lambda x: [x.T, x, x * 2.0, (x * 2.0).T], [tl.full((2, 3), float(i))], "k") for i in range(3)]
    for i, (transposed, same, double, double_transposed) in enumerate(results):
        assert (transposed.numpy() == i).all() and (same.numpy() == i).all()
        assert (double.numpy() == 2 * i).all() and (double_transposed.numpy() == 2 * i).all()


def test_threads_share_programs_and_nothing_else() -> None:
    def work(i: int) -> bool:
        x = tl.full((50, 50), float(i))
        (y, z) = execute(lambda x: [tl.tanh(x) @ tl.sin(x), tl.sum(tl.exp(-x) * x, axis=0)], [x], "threads")
        product = np.tanh(x.numpy()) @ np.sin(x.numpy())
        total = (np.exp(-x.numpy()) * x.numpy()).sum(axis=0)
        return bool(np.allclose(y.numpy(), product) and np.allclose(z.numpy(), total))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(100)))


@pytest.mark.parametrize("mode", [tl.eager, tl.compiled])
def test_a_thread_started_in_a_derivative_takes_part_in_it(
    mode: Callable[[], AbstractContextManager[None]],
) -> None:
    """A new thread does not know of the recording; what it is given does."""
    model, grad = nn.layer(lambda x: x**3, input="", output=""), tl.autograd.fn.grad

    def inner(x: Tensor) -> Tensor:
        return grad(lambda y: y**3, x) + model(model.init(seed=0), x)

    def outer(x: Tensor) -> Tensor:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(inner, x).result()

    with mode():
        assert grad(outer, tl.tensor(2.0)).item() == 6 * 2.0 + 3 * 4.0


def test_the_mode_of_one_thread_is_not_anothers() -> None:
    from torchlean_typed.engine.mode import current_mode

    with tl.eager(), ThreadPoolExecutor(1) as pool:
        assert current_mode() == "eager"
        assert pool.submit(current_mode).result() == "auto"
    assert current_mode() == "auto"


def test_a_program_is_readable() -> None:
    program = trace(lambda x, w: [tl.tanh(x @ w)], [tl.ones((2, 3)), tl.ones((3, 4))])
    lines = program.source().splitlines()
    assert lines[0].startswith("def program(")
    assert any("tanh" in line and "float64[2, 4]" in line for line in lines)
    assert any("x0.dot(x1" in line and "float64[2, 4]" in line for line in lines)
    assert "    # x1: float64[3, 4]" in lines


def test_a_program_does_nothing_twice_and_nothing_for_nothing() -> None:
    def build(x: Tensor) -> list[Tensor]:
        tl.cos(x)
        return [tl.sin(x) * tl.sin(x) * 1.0 + 0.0]

    source = trace(build, [tl.ones(2)]).source()
    assert source.count("sin(") == 1
    assert "cos" not in source
    assert "add" not in source


def test_parameters_that_are_no_literals_are_kept() -> None:
    program = trace(
        lambda x: [x.astype(np.float32), x[..., None, ::-1], tl.clip(x, -np.inf, 1.0), x + float("nan")], [tl.ones(2)]
    )
    narrow, turned, clipped, nan = program([tl.tensor([1.0, 2.0])])
    assert (narrow.dtype, turned.numpy().tolist()) == (np.float32, [[2.0, 1.0]])
    assert clipped.numpy().tolist() == [1.0, 1.0]
    assert np.isnan(nan.numpy()).all()


def test_outputs_may_be_inputs_and_constants() -> None:
    constant = tl.ones(3)
    program = trace(lambda x: [x, constant, x, constant * 2.0], [tl.ones(2)])
    x = tl.tensor([5.0, 6.0])
    assert [y.numpy().tolist() for y in program([x])] == [[5.0, 6.0], [1.0] * 3, [5.0, 6.0], [2.0] * 3]


def test_programs_keep_no_more_memory_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of another size is another program, and each keeps what it works in."""
    monkeypatch.setattr(memory, "MEMORY_LIMIT", 2**20)
    sizes = [*range(1000, 1040), 1000, 1039]

    def work(size: int) -> float:
        x = tl.ones((size, 64))
        return execute(lambda x: [tl.sum(tl.exp(x) @ tl.exp(x.T)[:, :1])], [x], "work")[0].item()  # type: ignore[return-value]

    def kept() -> int:
        tracemalloc.start()
        try:
            assert [work(size) for size in sizes] == pytest.approx([64 * np.e**2 * size for size in sizes])
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    work(1)
    assert kept() < 8 * 2**20  # each of the 40 keeps more than 2**20


def test_looking_at_a_value_while_it_is_traced_names_eager_mode() -> None:
    message = (
        "the value of a tensor of shape [] was asked for while the function that makes it is traced for compilation, "
        "where only shapes are known; run it in eager mode: `with tl.eager(): ...`"
    )
    with pytest.raises(tl.TracingError) as error:
        trace(lambda x: [x if x.sum() > 0 else -x], [tl.ones(2)])
    assert str(error.value) == message
    with tl.eager():
        (result,) = execute(lambda x: [x if x.sum() > 0 else -x], [tl.tensor([-1.0])], "branch")
    assert result.item() == 1.0


def test_a_tensor_of_another_recording_cannot_be_compiled_in() -> None:
    kept: list[Tensor] = []
    trace(lambda x: [kept.append(x) or x], [tl.ones(2)])
    with pytest.raises(tl.TracingError) as error:
        trace(lambda y: [y + kept[0]], [tl.ones(2)])
    assert str(error.value) == (
        "a function that is compiled uses a tensor of shape [2] of another function that is being differentiated; "
        "pass it as an argument, or run in eager mode: `with tl.eager(): ...`"
    )


def test_eager_arguments_are_checked_at_every_signature_and_again_after_an_error() -> None:
    model = nn.linear(3, 2)
    params, x = model.init(seed=0), tl.ones((4, 3))
    with tl.eager():
        for _ in range(2):
            autograd.model.vjp_input(model, params, x, tl.ones((4, 2)))
            for wrong in (tl.ones((4, 3)), tl.ones((3, 2)), tl.ones((4, 2), np.float32)):
                with pytest.raises(tl.ShapeError, match="vjp_input"):
                    autograd.model.vjp_input(model, params, x, wrong)
    assert run._checked
    tl.clear_cache()
    assert not run._checked


def test_a_program_that_goes_gives_its_memory_back_at_once() -> None:
    program = trace(lambda x: [tl.exp(tl.sin(x)) * 2.0], [tl.ones(1 << 18)])
    tracemalloc.start()
    try:
        program([tl.ones(1 << 18)])
        held = tracemalloc.get_traced_memory()[0]
        del program
        assert tracemalloc.get_traced_memory()[0] < held - (1 << 20)
    finally:
        tracemalloc.stop()
