"""The switch between eager and compiled, and ``tl.compile``."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd, nn
from torchlean_typed.engine.mode import current_mode

X = tl.tensor([1.0, 2.0])


def traced(call: Callable[[Callable[[Tensor], Tensor]], Any]) -> list[bool]:
    """Whether the function that ``call`` runs was given a tensor without a value, for each run."""
    seen: list[bool] = []

    def watched(x: Tensor) -> Tensor:
        seen.append(x._array is None)
        return tl.sum(x * x)

    call(watched)
    return seen


def test_by_default_plain_functions_run_at_once_and_models_are_compiled() -> None:
    assert current_mode() == "auto"
    assert traced(lambda f: autograd.fn.grad(f, X)) == [False]
    assert traced(lambda f: autograd.fn.grad(tl.compile(f), X)) == [True]
    assert traced(lambda f: tl.compile(f)(X)) == [True]
    assert traced(lambda f: nn.layer(f)(tl.TensorPack.of(), X)) == [True]
    assert traced(lambda f: autograd.model.vjp_input(nn.layer(f), tl.TensorPack.of(), X, tl.tensor(1.0))) == [True]


def test_within_eager_everything_runs_at_once() -> None:
    with tl.eager():
        assert current_mode() == "eager"
        assert traced(lambda f: autograd.fn.grad(f, X)) == [False]
        assert traced(lambda f: autograd.fn.grad(tl.compile(f), X)) == [False]
        assert traced(lambda f: nn.layer(f)(tl.TensorPack.of(), X)) == [False]
    assert current_mode() == "auto"


def test_within_compiled_everything_is_traced() -> None:
    with tl.compiled():
        assert current_mode() == "compiled"
        assert traced(lambda f: autograd.fn.grad(f, X)) == [True]
        assert traced(lambda f: [autograd.fn.grad(f, X), autograd.fn.grad(f, X)]) == [True, True]
        assert traced(lambda f: nn.layer(f)(tl.TensorPack.of(), X)) == [True]
    assert current_mode() == "auto"


def test_a_compiled_function_is_traced_once_for_each_signature() -> None:
    def calls(f: Callable[[Tensor], Tensor]) -> None:
        g = tl.compile(f)
        for x in (X, X, X + 1.0, tl.ones(3), tl.ones(2, dtype=np.float32), tl.ones(3), X):
            autograd.fn.grad(g, x)

    assert traced(calls) == [True] * 3


def test_modes_nest_and_end_with_an_error_too() -> None:
    with tl.eager():
        with tl.compiled():
            assert current_mode() == "compiled"
        assert current_mode() == "eager"
        with pytest.raises(ZeroDivisionError), tl.compiled():
            _ = 1 / 0
        assert current_mode() == "eager"
    assert current_mode() == "auto"


def test_a_thread_and_a_task_have_modes_of_their_own() -> None:
    seen: list[str] = []
    with tl.eager():
        thread = threading.Thread(target=lambda: seen.append(current_mode()))
        thread.start()
        thread.join()

    async def task(switch: Callable[[], Any], expected: str) -> None:
        with switch():
            await asyncio.sleep(0)
            seen.append(current_mode())
            assert current_mode() == expected

    async def both() -> None:
        await asyncio.gather(task(tl.eager, "eager"), task(tl.compiled, "compiled"))

    asyncio.run(both())
    assert seen == ["auto", "eager", "compiled"]


def test_compile_keeps_the_functions_name_and_text() -> None:
    def energy(x: Tensor) -> Tensor:
        """Of a spring."""
        return tl.sum(x * x)

    compiled: Any = tl.compile(energy)
    assert (compiled.__name__, compiled.__doc__) == ("energy", "Of a spring.")
    assert compiled(X).item() == energy(X).item() == 5.0


def test_a_compiled_function_takes_several_tensors_and_nothing_else() -> None:
    area = tl.compile(lambda x, y: x * y)
    np.testing.assert_array_equal(area(X, X).numpy(), [1.0, 4.0])
    with pytest.raises(tl.ShapeError) as caught:
        area(X, 2.0)  # type: ignore[arg-type]
    assert str(caught.value).startswith("compile: ")
    with pytest.raises(tl.ShapeError) as caught:
        tl.compile(lambda x: [x])(X)  # type: ignore[arg-type, return-value, list-item]
    assert str(caught.value) == (
        "compile: <lambda> returns list, not a Tensor; return a Tensor, for example tl.sum(...)"
    )


def test_a_compiled_function_within_another() -> None:
    inner = tl.compile(lambda x: x * x)
    outer = tl.compile(lambda x: tl.sum(inner(x) * inner(x)))
    np.testing.assert_allclose(autograd.fn.grad(outer, X).numpy(), 4 * X.numpy() ** 3)
    np.testing.assert_allclose(autograd.fn.grad(lambda x: tl.sum(inner(x)), X).numpy(), 2 * X.numpy())
