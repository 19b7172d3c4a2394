"""Losses: values, reductions, the class axis, detaching, losses of one's own, and what they refuse."""

from __future__ import annotations

import copy
import functools
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float

import torchlean_typed as tl
from torchlean_typed import OutputLoss, ShapeError, Tensor, autograd, loss, nn

RNG = np.random.default_rng(0)
OUT, Y = RNG.normal(size=(4, 3)), RNG.dirichlet(np.ones(3), size=4)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def value(which: OutputLoss, output: Any = OUT, target: Any = Y) -> Any:
    return which(tl.from_numpy(np.asarray(output)), tl.from_numpy(np.asarray(target))).numpy()


def entropies(o: Any, y: Any, axis: int = -1) -> Any:
    return -np.sum(y * (o - np.log(np.exp(o).sum(axis, keepdims=True))), axis)


def test_mse_averages_over_all_elements() -> None:
    np.testing.assert_allclose(value(loss.mse()), np.mean((OUT - Y) ** 2), rtol=1e-12)
    np.testing.assert_allclose(value(loss.mse("mean")), np.mean((OUT - Y) ** 2), rtol=1e-12)
    np.testing.assert_allclose(value(loss.mse(reduction="sum")), np.sum((OUT - Y) ** 2), rtol=1e-12)
    np.testing.assert_allclose(value(loss.mse("none")), (OUT - Y) ** 2, rtol=1e-12)
    np.testing.assert_allclose(value(loss.mse(), OUT[0, 0], Y[0, 0]), (OUT[0, 0] - Y[0, 0]) ** 2, rtol=1e-12)


def test_cross_entropy_averages_over_samples() -> None:
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot()), np.mean(entropies(OUT, Y)), rtol=1e-12)
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot("sum")), np.sum(entropies(OUT, Y)), rtol=1e-12)
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot("none")), entropies(OUT, Y), rtol=1e-12)
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot(), OUT[0], Y[0]), entropies(OUT[0], Y[0]), rtol=1e-12)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_the_class_axis(axis: int) -> None:
    o, y = RNG.normal(size=(2, 4, 3)), RNG.uniform(size=(2, 4, 3))
    each = entropies(o, y, axis)
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot(axis=axis), o, y), each.mean(), rtol=1e-12)
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot("sum", axis=axis), o, y), each.sum(), rtol=1e-12)
    none = value(loss.cross_entropy_one_hot("none", axis=axis), o, y)
    assert none.shape == tuple(np.delete((2, 4, 3), axis))
    np.testing.assert_allclose(none, each, rtol=1e-12)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("dtype", [np.int64, np.uint8], ids=["int64", "uint8"])
def test_cross_entropy_of_numbers_of_classes_is_that_of_their_one_hot_rows(axis: int, dtype: Any) -> None:
    output = RNG.normal(size=(2, 4, 3))
    target = RNG.integers(0, output.shape[axis], np.delete(output.shape, axis)).astype(dtype)
    rows = np.moveaxis(np.eye(output.shape[axis])[target], -1, axis)
    for reduction in ("mean", "sum", "none"):
        which, one_hot = loss.cross_entropy(reduction, axis), loss.cross_entropy_one_hot(reduction, axis)
        np.testing.assert_allclose(value(which, output, target), value(one_hot, output, rows), rtol=1e-12)
    params = nn.input("2 4 3").init(seed=0)
    of_numbers, of_rows = (
        autograd.model.grad_x(nn.input("2 4 3"), which, params, tl.from_numpy(output), tl.from_numpy(y))
        for which, y in ((loss.cross_entropy(axis=axis), target), (loss.cross_entropy_one_hot(axis=axis), rows))
    )
    np.testing.assert_allclose(of_numbers.numpy(), of_rows.numpy(), rtol=1e-12, atol=1e-15)


def test_what_cross_entropy_of_numbers_of_classes_refuses() -> None:
    which, classes = loss.cross_entropy(), np.array([0, 2, 1, 3])
    with pytest.raises(tl.DomainError) as caught:
        value(which, OUT, classes)
    assert str(caught.value) == ("cross_entropy: needs indices from 0 to 2, got 3 at index 3; the axis has 3 elements")
    with pytest.raises(tl.DomainError, match="needs indices from 0 to 2, got -2"):
        value(which, OUT, -classes)
    assert refused(lambda: value(which)) == (
        "loss: cross_entropy: the target does not have the shape of the samples (output: [4, 3], target: [4, 3]); "
        "for one-hot targets use cross_entropy_one_hot"
    )
    assert refused(lambda: value(which, OUT, classes[:3])) == (
        "loss: cross_entropy: the target does not have the shape of the samples (output: [4, 3], target: [3]); "
        "it has the output's shape without the class axis"
    )
    floating = "the target holds numbers of classes, got float64; for one-hot targets and probabilities use"
    assert refused(lambda: value(which, OUT, classes / 2)) == f"loss: cross_entropy: {floating} cross_entropy_one_hot"
    model = nn.linear(3, 3)
    params, x = model.init(seed=0), tl.from_numpy(OUT)
    assert refused(lambda: autograd.model.grad_params(model, which, params, x, tl.ones(4))) == (
        f"grad_params: cross_entropy: {floating} cross_entropy_one_hot"
    )
    assert refused(lambda: autograd.model.grad_target(model, which, params, x, tl.from_numpy(classes))) == (
        "grad_target: cannot differentiate with respect to target of dtype int64; convert it with astype"
    )


def test_cross_entropy_is_stable() -> None:
    np.testing.assert_allclose(value(loss.cross_entropy_one_hot(), [[1e4, 0.0]], [[0.0, 1.0]]), 1e4)
    np.testing.assert_allclose(value(loss.cross_entropy(), [[1e4, 0.0]], [1]), 1e4)


def test_detach_keeps_the_value_and_the_gradient_of_the_target() -> None:
    model = nn.linear(3, 3)
    params, x, y = model.init(seed=0), tl.from_numpy(OUT), tl.from_numpy(Y)
    for which in (loss.mse(), loss.cross_entropy_one_hot("sum")):
        attached = autograd.model.value_and_grads(model, which, params, x, y)
        detached = autograd.model.value_and_grads(model, loss.detach(which), params, x, y)
        assert tl.allclose(detached.value, attached.value, rtol=1e-12)
        assert tl.allclose(detached.dtarget, attached.dtarget, rtol=1e-12)
        assert not detached.dx.numpy().any()
        assert detached.dparams.norm().item() == 0.0
        assert attached.dx.numpy().any()
        np.testing.assert_allclose(value(loss.detach(which)), value(which), rtol=1e-12)


def test_a_loss_of_ones_own() -> None:
    def huber(output: Tensor, target: Tensor) -> Tensor:
        error = tl.abs(output - target)
        return tl.mean(tl.where(error < 1.0, 0.5 * error**2, error - 0.5))

    error = np.abs(OUT - Y)
    expected = np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))
    np.testing.assert_allclose(value(OutputLoss(huber)), expected, rtol=1e-12)
    assert repr(OutputLoss(huber)) == "OutputLoss(huber)"
    assert repr(OutputLoss(lambda o, y: tl.sum(o - y))) == "OutputLoss(the loss)"


def test_output_and_target_may_have_different_shapes() -> None:
    def picked(output: Float[Tensor, "b c"], target: Float[Tensor, "b"]) -> Float[Tensor, ""]:
        return tl.mean(output[:, 0] * target)

    own = OutputLoss(picked)
    np.testing.assert_allclose(value(own, OUT, Y[:, 0]), np.mean(OUT[:, 0] * Y[:, 0]), rtol=1e-12)
    assert refused(lambda: value(own, OUT, Y[:3, 0])) == (
        'loss: dimension "b" is 4 in the output given to picked, [b=4, c=3], but 3 in the target of picked'
    )
    assert refused(lambda: value(own, OUT[0], Y[:, 0])).startswith("loss: the output given to picked has shape [3]")
    model = nn.linear(3, 2)
    gradient = autograd.model.grad_target(model, own, model.init(seed=0), tl.from_numpy(OUT), tl.ones(4))
    assert gradient.shape == (4,)
    assert refused(lambda: autograd.model.grad_x(model, own, model.init(seed=0), tl.from_numpy(OUT), tl.ones(3))) == (
        'grad_x: dimension "b" is 4 in the output given to picked, [b=4, c=2], but 3 in the target of picked'
    )


def own_sum(output: Tensor, target: Tensor) -> Tensor:
    return tl.sum(output - target)


def test_losses_that_compute_the_same_are_equal() -> None:
    assert loss.mse() == loss.mse("mean") != loss.mse("sum")
    assert loss.cross_entropy_one_hot() == loss.cross_entropy_one_hot(axis=-1) != loss.cross_entropy_one_hot(axis=1)
    assert OutputLoss(own_sum) == OutputLoss(own_sum) != loss.mse()
    assert loss.detach(loss.mse()) == loss.detach(loss.mse()) != loss.mse()
    assert loss.detach(loss.mse()) != loss.detach(loss.mse("sum"))
    assert len({loss.mse(), loss.mse(), loss.mse("sum"), OutputLoss(own_sum), OutputLoss(own_sum)}) == 3
    assert loss.mse() != "mse"


def test_any_callable_of_two_arguments_will_do() -> None:
    class Scaled:
        def __init__(self, scale: float) -> None:
            self.scale = scale

        def __call__(self, output: Tensor, target: Tensor) -> Tensor:
            return tl.sum(output - target) * self.scale

        def method(self, output: Tensor, target: Tensor) -> Tensor:
            return self(output, target)

    scaled = Scaled(2.0)
    expected = 2 * np.sum(OUT - Y)
    for fn in (scaled, scaled.method, functools.partial(Scaled.method, scaled), lambda *both: scaled(*both)):
        np.testing.assert_allclose(value(OutputLoss(fn)), expected, rtol=1e-12)
    assert repr(OutputLoss(scaled)) == "OutputLoss(Scaled)"


@pytest.mark.parametrize(
    "one",
    [
        loss.mse("sum"),
        loss.cross_entropy_one_hot(axis=0),
        loss.cross_entropy("none", axis=1),
        loss.detach(loss.mse()),
        OutputLoss(own_sum),
    ],
)
def test_pickling_and_copying(one: OutputLoss) -> None:
    assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == copy.deepcopy(one) == one


def test_a_loss_never_changes() -> None:
    which: Any = loss.mse()
    with pytest.raises(AttributeError, match="OutputLoss is immutable: kind cannot be set"):
        which.kind = None
    assert copy.deepcopy(which) is which


def test_shapes_that_do_not_fit() -> None:
    head = "loss: mse: the target does not have the shape of the model's output"
    assert refused(lambda: value(loss.mse(), np.ones((2, 1)), np.ones(2))) == (
        f"{head} (output: [2, 1], target: [2]); did you mean target[:, None], or a one-hot target?"
    )
    assert refused(lambda: value(loss.mse(), np.ones(2), np.ones((2, 1)))) == (
        f"{head} (output: [2], target: [2, 1]); did you mean to squeeze the target's last axis?"
    )
    assert refused(lambda: value(loss.mse(), np.ones((2, 3)), np.ones((3, 2)))) == (
        f"{head} (output: [2, 3], target: [3, 2])"
    )
    assert refused(lambda: value(loss.cross_entropy_one_hot(), np.ones((4, 2, 3)), np.ones((4, 2)))) == (
        "loss: cross_entropy_one_hot: the target does not have the shape of the model's output "
        "(output: [4, 2, 3], target: [4, 2]); a one-hot target has the class axis too; "
        "for numbers of classes use cross_entropy"
    )


def test_dtypes_that_do_not_fit() -> None:
    head, tail = "loss: dtypes differ: the output is float64", "dtypes are not promoted: convert one with astype"
    for one in (loss.mse(), loss.cross_entropy_one_hot(), loss.detach(loss.mse())):
        assert (
            refused(lambda one=one: value(one, OUT, Y.astype(np.float32))) == f"{head}, the target is float32; {tail}"
        )
        assert (
            refused(lambda one=one: value(one, OUT, np.ones((4, 3), np.int64)))
            == f"{head}, the target is int64; {tail}"
        )


def test_arguments_that_no_loss_has() -> None:
    assert refused(lambda: loss.mse("avg")).startswith("mse: ")  # type: ignore[arg-type]
    assert refused(lambda: loss.cross_entropy_one_hot("")).startswith("cross_entropy_one_hot: ")  # type: ignore[arg-type]
    assert refused(lambda: loss.cross_entropy_one_hot(axis="last")).startswith(  # type: ignore[arg-type]
        "cross_entropy_one_hot: "
    )
    assert refused(lambda: value(loss.cross_entropy_one_hot(axis=2))) == (
        "loss: axis 2 is out of range (operand: [4, 3])"
    )
    assert refused(lambda: value(loss.cross_entropy_one_hot(), 1.0, 1.0)) == (
        "loss: axis -1 is out of range (operand: [])"
    )
    assert refused(lambda: loss.detach(own_sum)).startswith("detach: ")  # type: ignore[arg-type]
    assert refused(lambda: OutputLoss(3)).startswith("OutputLoss: ")  # type: ignore[arg-type]
    assert refused(lambda: OutputLoss(lambda output: tl.sum(output))) == (  # type: ignore[arg-type, call-arg]
        "OutputLoss: the function must take (output, target); <lambda> takes (output)"
    )
    assert refused(lambda: value(OutputLoss(lambda o, y: 3.0))) == (  # type: ignore[arg-type, return-value]
        "loss: <lambda> returns float, not a Tensor; return a Tensor, for example tl.sum(...)"
    )


def test_a_loss_that_is_differentiated_is_one_number() -> None:
    model, x, y = nn.linear(3, 3), tl.from_numpy(OUT), tl.from_numpy(Y)
    params = model.init(seed=0)
    assert refused(lambda: autograd.model.grad_params(model, loss.cross_entropy_one_hot("none"), params, x, y)) == (
        'grad_params: cross_entropy_one_hot gives shape [4], a scalar is needed; use reduction="mean" or "sum"'
    )
    rows = OutputLoss(lambda o, y: tl.sum(o - y, axis=1))
    for _ in range(2):
        assert refused(lambda: autograd.model.grad_params(model, rows, params, x, y)) == (
            "grad_params: the loss gives shape [4], a scalar is needed; sum it, or average it"
        )
