"""Programs are compiled once for each model, loss and signature, and what they give is nobody else's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from tests.values.close import SAME, arrays_of, assert_close
from torchlean_typed import OutputLoss, Seq, Tensor, autograd, loss, nn
from torchlean_typed.engine import run

m, f = autograd.model, autograd.fn


@pytest.fixture(autouse=True)
def no_programs() -> Iterator[None]:
    """Each test starts with an empty cache."""
    tl.clear_cache()
    yield
    tl.clear_cache()


def counted() -> tuple[Seq, list[tuple[int, ...]]]:
    """A model, and the shapes that its layer was run with: once a trace, where it is compiled."""
    seen: list[tuple[int, ...]] = []

    def forward(params: Any, x: Tensor) -> Tensor:
        seen.append(x.shape)
        return x * params["scale"].reshape((*(1,) * (x.ndim - 1), 3))

    return nn.layer(forward, params={"scale": "3"}, input="*b 3", output="*b 3"), seen


def test_a_model_is_traced_once_for_each_signature() -> None:
    model, seen = counted()
    params = model.init(seed=0) + 1.0
    for scale in (1.0, 2.0, 3.0):
        x = tl.full((2, 3), scale)
        assert_close(m.grad_params(model, loss.mse("sum"), params, x, tl.zeros((2, 3))), [np.full(3, 4 * scale**2)])
    assert seen == [(2, 3)]
    m.grad_params(model, loss.mse("sum"), params, tl.ones((4, 3)), tl.zeros((4, 3)))
    assert seen == [(2, 3), (4, 3)]
    m.grad_params(model, loss.mse("sum"), params.map(lambda p: p.astype(np.float32)), *single((2, 3)))
    assert seen == [(2, 3), (4, 3), (2, 3)]
    m.grad_params(model, loss.mse("sum"), params, tl.zeros((2, 3)), tl.zeros((2, 3)))
    assert len(seen) == 3
    m.grad_params(model, loss.mse("mean"), params, tl.ones((2, 3)), tl.zeros((2, 3)))
    m.grad_x(model, loss.mse("sum"), params, tl.ones((2, 3)), tl.zeros((2, 3)))
    assert len(seen) == 5


def single(shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    return tl.ones(shape, dtype=np.float32), tl.zeros(shape, dtype=np.float32)


def own(output: Tensor, target: Tensor) -> Tensor:
    return tl.sum((output - target) ** 4)


@pytest.mark.parametrize(
    "make",
    [
        loss.mse,
        lambda: loss.cross_entropy_one_hot("sum", axis=0),
        lambda: loss.detach(loss.mse()),
        lambda: loss.detach(loss.detach(OutputLoss(own))),
        lambda: OutputLoss(own),
    ],
)
def test_a_loss_made_anew_at_each_step_is_not_traced_anew(make: Callable[[], OutputLoss]) -> None:
    model, seen = counted()
    params = model.init(seed=0) + 1.0
    for _ in range(3):
        m.value_and_grads(model, make(), params, tl.ones((2, 3)), tl.ones((2, 3)))
    assert len(seen) == 1
    assert len(run._programs) == 1


def test_losses_that_differ_are_told_apart() -> None:
    model, x, y = nn.Seq(), tl.tensor([[0.2, 0.8]]), tl.tensor([[0.0, 1.0]])
    losses = [loss.mse(), loss.mse("sum"), loss.cross_entropy_one_hot(), loss.cross_entropy_one_hot(axis=0)]
    losses += [
        loss.detach(loss.mse()),
        OutputLoss(own),
        OutputLoss(lambda o, y: own(o, y)),
        loss.detach(OutputLoss(own)),
    ]
    gradients = [m.grad_x(model, which, model.init(seed=0), x, y).numpy().tolist() for which in losses]
    assert len(set(losses)) == len(losses)
    assert len(run._programs) == len(losses)
    assert gradients[0] == [[0.2, -0.19999999999999996]]
    assert gradients[1] != gradients[0] != gradients[2] != gradients[3]
    assert gradients[4] == gradients[7] == [[0.0, 0.0]]
    assert gradients[5] == gradients[6]


def test_a_loss_may_be_an_object_without_a_hash() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]

        def __init__(self, scale: float) -> None:
            self.scale = scale

        def __call__(self, output: Tensor, target: Tensor) -> Tensor:
            return tl.sum(output - target) * self.scale

    model, x = nn.Seq(), tl.ones(2)
    for scale in (1.0, 2.0, 3.0):
        assert_close(m.grad_x(model, OutputLoss(Unhashable(scale)), model.init(seed=0), x, x), np.full(2, scale))


def test_two_models_of_one_form_do_not_share_a_program() -> None:
    def scaled(factor: float) -> Seq:
        return nn.layer(lambda x: x * factor, input="*b", output="*b")

    x = tl.ones(2)
    models = [scaled(2.0), scaled(3.0)]
    for _ in range(2):
        for model, factor in zip(models, (2.0, 3.0), strict=True):
            assert_close(m.vjp_input(model, model.init(seed=0), x, x), np.full(2, factor))


def test_models_that_come_and_go_are_not_mistaken_for_each_other() -> None:
    x = tl.ones(2)
    for factor in range(20):
        model = nn.layer(lambda x, factor=factor: x * float(factor), input="*b", output="*b")
        assert_close(m.vjp_input(model, model.init(seed=0), x, x), np.full(2, factor))
        del model


def test_a_plain_function_sees_what_it_closes_over_as_it_is_now() -> None:
    factor = 2.0

    def scaled(x: Tensor) -> Tensor:
        return tl.sum(x * factor)

    for mode in (tl.eager, tl.compiled):
        with mode():
            for value in (2.0, 5.0):
                factor = value
                assert_close(f.grad(scaled, tl.ones(2)), np.full(2, factor))


def test_results_stay_what_they_were() -> None:
    model = nn.linear(3, 4) >> nn.gelu() >> nn.linear(4, 2)
    params = model.init(seed=0)
    results, copies = [], []
    for step in range(5):
        x, y = tl.full((2, 3), float(step)), tl.full((2, 2), 0.5)
        out = m.value_and_grads(model, loss.mse(), params, x, y)
        rows = m.jacrev_params(model, params, x)
        product = m.hvp_params(model, loss.mse(), params, x, y, params)
        now = [out, rows, product, model(params, x), m.vjp_params(model, params, x, y)]
        results.append(now)
        copies.append([a.copy() for a in arrays_of(now)])
        params = params - 0.1 * out.dparams
    for result, copy in zip(results, copies, strict=True):
        assert_close(result, copy, 0.0)


def test_results_do_not_share_memory_with_arguments() -> None:
    a = np.ones((2, 3))
    x = tl.from_numpy(a)
    model = nn.Seq()
    gradient = m.vjp_input(model, model.init(seed=0), x, x)
    jacobian = f.jacrev(lambda x: x, x)
    a[:] = 7.0
    assert_close(gradient, np.ones((2, 3)), 0.0)
    assert_close(jacobian.tensor, np.eye(6).reshape(2, 3, 2, 3), 0.0)
    with pytest.raises(ValueError, match="read-only"):
        gradient.numpy()[0, 0] = 5.0


def test_the_cache_is_bounded_and_can_be_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PROGRAM_LIMIT", 4)
    model, seen = counted()
    params = model.init(seed=0)
    for size in range(1, 10):
        m.vjp_input(model, params, tl.ones((size, 3)), tl.ones((size, 3)))
    assert len(run._programs) == 4
    assert len(seen) == 9
    m.vjp_input(model, params, tl.ones((9, 3)), tl.ones((9, 3)))
    assert len(seen) == 9
    m.vjp_input(model, params, tl.ones((1, 3)), tl.ones((1, 3)))
    assert len(seen) == 10
    tl.clear_cache()
    assert len(run._programs) == 0


def test_a_wrong_call_is_refused_also_after_a_right_one_of_the_same_shapes() -> None:
    model = nn.linear(3, 2)
    params, x, y = model.init(seed=0), tl.ones(3), tl.ones(2)
    unnamed = tl.TensorPack.of(*params)
    misnamed = tl.TensorPack.named({"0": params[0], "1": params[1]})
    m.grad_params(model, loss.mse(), unnamed, x, y)
    with pytest.raises(tl.ShapeError, match=r'entry 0 is "0\.weight" in the model, here "0"'):
        m.grad_params(model, loss.mse(), misnamed, x, y)
    with pytest.raises(tl.ShapeError, match=r'entry 0 is "0\.weight" in the model, here "0"'):
        model(misnamed, x)


def test_threads_do_not_disturb_each_other() -> None:
    model = nn.linear(3, 4) >> nn.tanh() >> nn.linear(4, 2)
    params, y = model.init(seed=0), tl.zeros((2, 2))
    inputs = [tl.full((2, 3), float(i)) for i in range(8)]
    expected = [m.value_and_grads(model, loss.mse(), params, x, y) for x in inputs]
    tl.clear_cache()
    results: list[Any] = [None] * len(inputs)

    def work(number: int) -> None:
        with tl.eager() if number % 2 else tl.compiled():
            for _ in range(5):
                results[number] = m.value_and_grads(model, loss.mse(), params, inputs[number], y)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for got, wanted in zip(results, expected, strict=True):
        assert_close(got, wanted, SAME)
