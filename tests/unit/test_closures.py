"""What a compiled function closes over: a change is noticed, and what could change unseen is refused."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Tensor, autograd, loss, nn

X = tl.ones(2)
outer = 2.0
traces = 0


def slope(function: Callable[[Tensor], Tensor]) -> float:
    return float(autograd.fn.grad(function, X)[0])


def counted(x: Tensor) -> Tensor:
    """Does nothing but count how often it is traced."""
    global traces
    traces += 1
    return x


@pytest.fixture(autouse=True)
def fresh() -> None:
    global traces, outer
    traces, outer = 0, 2.0
    tl.clear_cache()


def test_a_name_that_stands_for_something_else_is_noticed() -> None:
    global outer
    factor = 2.0
    local = tl.compile(lambda x: tl.sum(counted(x) * factor))
    of_module = tl.compile(lambda x: tl.sum(counted(x) * outer))
    assert (slope(local), slope(of_module)) == (2.0, 2.0)
    factor = outer = 5.0
    assert (slope(local), slope(of_module)) == (5.0, 5.0)
    assert (slope(local), slope(of_module)) == (5.0, 5.0)
    assert traces == 4


def helper(x: Tensor) -> Tensor:
    return x * outer


def test_so_it_is_in_the_functions_that_are_called() -> None:
    global outer
    compiled = tl.compile(lambda x: tl.sum(tl.compile(helper)(x) + functools.partial(helper)(x)))
    assert slope(compiled) == 4.0
    outer = 3.0
    assert slope(compiled) == 6.0


class Model:
    scales: tuple[float, ...] = (1.0,)

    def __init__(self) -> None:
        self.scale = 2.0

    def run(self, x: Tensor) -> Tensor:
        return tl.sum(x * self.scale)

    def __call__(self, x: Tensor) -> Tensor:
        return self.run(x)


def changed(change: Callable[[], None], function: Callable[[Tensor], Tensor]) -> tuple[float, float]:
    compiled = tl.compile(function)
    before = slope(compiled), slope(compiled)
    assert before[0] == before[1]
    change()
    return before[0], slope(compiled)


def test_containers_and_objects_are_watched() -> None:
    numbers, named, model = [2.0], {"scale": 2.0}, Model()
    assert changed(lambda: numbers.append(3.0), lambda x: tl.sum(x * sum(numbers))) == (2.0, 5.0)
    assert changed(lambda: named.update(scale=7.0), lambda x: tl.sum(x * named["scale"])) == (2.0, 7.0)
    assert changed(lambda: setattr(model, "scale", 9.0), model.run) == (2.0, 9.0)
    assert changed(lambda: setattr(model, "scale", 4.0), model) == (9.0, 4.0)
    nested = {"deep": [{"scale": 1.0}]}
    assert changed(lambda: nested["deep"][0].update(scale=3.0), lambda x: tl.sum(x * nested["deep"][0]["scale"])) == (
        1,
        3,
    )


class Slotless:
    """An object whose attributes the test changes."""


def retraced(change: Callable[[], Any], held: Any) -> bool:
    """Whether a function that refers to ``held`` is traced again after the change, and once more after no change."""
    global traces
    traces = 0
    compiled = tl.compile(lambda x: [held, tl.sum(counted(x) * 2.0)][1])
    slope(compiled)
    slope(compiled)
    assert traces == 1
    change()
    slope(compiled)
    slope(compiled)
    assert traces in (1, 2)
    return traces == 2


def test_a_change_is_noticed_whatever_it_is() -> None:
    few, many, keys, several = [1.0, 2.0], list(range(20)), {1: "a", 2: "b"}, {f"k{i}": i for i in range(20)}
    one, other, empty, large, chosen = Slotless(), Slotless(), Slotless(), Slotless(), {1, 2}
    one.a = other.a = 1.0  # type: ignore[attr-defined]
    vars(large).update(several)
    assert retraced(lambda: few.__setitem__(1, 2.5), few)
    assert retraced(lambda: few.reverse(), few)
    assert retraced(lambda: many.__setitem__(19, 7), many)
    assert retraced(lambda: many.append(1), many)
    assert retraced(lambda: few.clear(), few)
    assert retraced(lambda: [keys.pop(1), keys.update({True: "a"})], keys)  # True == 1, and not the same
    assert retraced(lambda: several.update(k3=99), several)
    assert retraced(lambda: chosen.add(3), chosen)
    assert retraced(lambda: delattr(one, "a"), one)
    assert retraced(lambda: vars(other).update(b=vars(other).pop("a")), other)
    assert retraced(lambda: setattr(empty, "late", 1), empty)
    assert retraced(lambda: setattr(large, "k3", 99), large)
    assert retraced(lambda: setattr(large, "__dict__", {}), large)
    assert not retraced(lambda: few.extend([]), few)
    equal = [1.0]
    assert retraced(lambda: equal.__setitem__(0, True), equal)


def test_a_name_that_is_gone_is_noticed() -> None:
    global outer
    compiled = tl.compile(lambda x: tl.sum(x * outer))
    assert slope(compiled) == 2.0
    del outer
    with pytest.raises(NameError):
        slope(compiled)
    factor = 3.0
    local = tl.compile(lambda x: tl.sum(x * factor))
    assert slope(local) == 3.0
    del factor
    with pytest.raises(NameError):
        slope(local)


def test_losses_and_layers_are_watched_wherever_they_are() -> None:
    global outer
    own = OutputLoss(lambda output, target: tl.sum(output * outer) + 0.0 * tl.sum(target))
    layer = nn.layer(lambda x: x * outer, input="*b", output="*b")
    models = (layer, nn.residual(layer), autograd.checkpoint(layer), nn.add_branches(layer, layer))
    expected = {2.0: (4.0, 6.0, 4.0, 8.0), 3.0: (9.0, 12.0, 9.0, 18.0)}
    for factor, wanted in expected.items():
        outer = factor
        for model, value in zip(models, wanted, strict=True):
            gradient = autograd.model.grad_x(model, own, model.init(seed=0), X, X)
            assert float(gradient[0]) == value
            metric = autograd.model.value_and_grad_target(model, loss.detach(own), model.init(seed=0), X, X)[0]
            assert float(metric) == 2 * value


@dataclass(frozen=True)
class Frozen:
    scale: float


def test_what_cannot_change_is_traced_once() -> None:
    fixed, weights = Frozen(2.0), tl.full(2, 3.0)
    settings = {"activation": tl.sin, "sizes": (1, 2)}
    names = [counted, np.pi, "text", None]

    def run(x: Tensor) -> Tensor:
        assert names
        return tl.sum(settings["activation"](counted(x)) * weights * fixed.scale)

    compiled = tl.compile(run)
    for _ in range(5):
        slope(compiled)
    assert traces == 1


def test_what_a_function_changes_itself_is_a_log() -> None:
    log: list[str] = []
    compiled = tl.compile(lambda x: [log.append("traced"), tl.sum(x * x)][1])
    for _ in range(3):
        slope(compiled)
    assert log == ["traced"]


def refused(function: Callable[[Tensor], Tensor]) -> str:
    with pytest.raises(tl.TracingError) as error:
        autograd.fn.grad(tl.compile(function), X)
    with tl.eager():
        autograd.fn.grad(tl.compile(function), X)
    return str(error.value)


def test_what_may_change_unseen_is_refused() -> None:
    array, long = np.ones(2), list(range(101))

    def energy(x: Tensor) -> Tensor:
        return tl.sum(x * tl.from_numpy(array))

    assert refused(energy) == (
        "energy is compiled once and closes over array, a NumPy array, which may change; pass it as an argument, make "
        "it a tensor or a tuple, or run in eager mode: `with tl.eager(): ...`"
    )
    assert "closes over long, a list of more than 100 items" in refused(lambda x: tl.sum(x * long[0]))
    held: Any = {"a": [array]}
    assert "closes over held, a NumPy array" in refused(lambda x: tl.sum(x * float(held["a"][0][0])))
    with pytest.raises(tl.TracingError, match="closes over array"):
        layer = nn.layer(lambda x: x * float(array[0]), input="*b", output="*b")
        autograd.model.grad_x(layer, loss.mse(), layer.init(seed=0), X, X)


def test_a_function_that_is_traced_each_time_may_close_over_anything() -> None:
    array = np.ones(2)
    with tl.compiled():
        for factor in (1.0, 2.0):
            array[:] = factor
            assert slope(lambda x: tl.sum(x * tl.from_numpy(array))) == factor
