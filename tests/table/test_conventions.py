"""What the operations do at the edges of their domains: kinks, ties, zeros, infinities, extreme values, empty axes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import from_numpy, leaf
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

inf = np.inf


def leaves_at(*values: Any) -> list[Tensor]:
    arrays = [np.asarray(value, np.float64) for value in values]
    return [leaf(array.shape, array.dtype, array) for array in arrays]


def derivatives(f: Callable[..., Tensor], *values: Any) -> list[list[float]]:
    """The derivative of an elementwise function with respect to each argument; both modes must agree."""
    leaves = leaves_at(*values)
    output = f(*leaves)
    ones = [from_numpy(np.ones(x.shape)) for x in leaves]
    reverse = vjp([output], leaves, [from_numpy(np.ones(output.shape))])
    for i, x in enumerate(leaves):
        (forward,) = jvp([output], [x], [ones[i]])
        np.testing.assert_array_equal(forward.numpy(), reverse[i].numpy())
    return [x.numpy().tolist() for x in reverse]


@pytest.mark.parametrize(
    ("f", "at", "slope"),
    [
        (tl.relu, [-1.0, 0.0, 2.0], [0.0, 0.0, 1.0]),
        (tl.abs, [-1.0, 0.0, 2.0], [-1.0, 0.0, 1.0]),
        (tl.sign, [-1.0, 0.0, 2.0, inf], [0.0, 0.0, 0.0, 0.0]),
        (tl.sqrt, [-4.0, 0.0, 4.0], [0.0, 0.0, 0.25]),
        (lambda x: tl.clip(x, 0.0, 1.0), [-1.0, 0.0, 0.5, 1.0, 2.0], [0.0, 0.0, 1.0, 0.0, 0.0]),
        (lambda x: tl.clip(x, min=0.0), [-1.0, 0.0, 0.5], [0.0, 0.0, 1.0]),
        (lambda x: tl.clip(x, max=0.0), [-1.0, 0.0, 0.5], [1.0, 0.0, 0.0]),
        (tl.clip, [-1.0, 0.0], [1.0, 1.0]),
        (tl.square, [0.0, -2.0], [0.0, -4.0]),
        (tl.detach, [1.0, 2.0], [0.0, 0.0]),
    ],
)
def test_slope_at_a_kink(f: Callable[[Tensor], Tensor], at: list[float], slope: list[float]) -> None:
    assert derivatives(f, at) == [slope]


def test_second_derivative_of_sqrt_of_what_is_not_positive_is_0() -> None:
    (x,) = leaves_at([-1.0, 0.0, 4.0])
    (slope,) = vjp([tl.sqrt(x)], [x], [tl.ones(3)])
    (second,) = vjp([slope], [x], [tl.ones(3)])
    np.testing.assert_allclose(second.numpy(), [0.0, 0.0, -1 / 32])


@pytest.mark.parametrize("f", [tl.maximum, tl.minimum])
def test_a_tie_of_two_is_shared_equally(f: Callable[..., Tensor]) -> None:
    assert derivatives(f, [1.0, 3.0], [1.0, 3.0]) == [[0.5, 0.5], [0.5, 0.5]]


def test_the_larger_and_the_smaller_of_two() -> None:
    assert derivatives(tl.maximum, [1.0, 5.0], [2.0, 2.0]) == [[0.0, 1.0], [1.0, 0.0]]
    assert derivatives(tl.minimum, [1.0, 5.0], [2.0, 2.0]) == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(("f", "extreme"), [(tl.max, 7.0), (tl.min, -7.0)])
def test_a_tie_of_several_is_shared_equally(f: Callable[..., Tensor], extreme: float) -> None:
    (x,) = leaves_at([[extreme, 0.0, extreme], [0.0, extreme, 0.0]])
    (by_row,) = vjp([f(x, axis=1)], [x], [tl.ones(2)])
    assert by_row.numpy().tolist() == [[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]]
    (overall,) = vjp([f(x)], [x], [tl.tensor(3.0)])
    assert overall.numpy().tolist() == [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]


# --- powers ----------------------------------------------------------------------------------------------------------


def test_powers_of_zero_and_of_negative_numbers() -> None:
    base, exponent = [0.0, 0.0, 0.0, -2.0, -2.0, 2.0], [0.0, 1.0, 2.0, 2.0, 3.0, 0.0]
    assert tl.pow(tl.tensor(base), tl.tensor(exponent)).numpy().tolist() == [1.0, 0.0, 0.0, 4.0, -8.0, 1.0]
    of_base, of_exponent = derivatives(tl.pow, base, exponent)
    assert of_base == [0.0, 1.0, 0.0, -4.0, 12.0, 0.0]
    assert of_exponent == [0.0, 0.0, 0.0, 0.0, 0.0, np.log(2.0)]


@pytest.mark.parametrize("power", [1, 2, 3, 4.0])
def test_every_derivative_of_a_whole_power_exists_at_zero(power: float) -> None:
    (x,) = leaves_at([0.0, 2.0])
    slope, factor = tl.pow(x, power), 1.0
    for order in range(5):
        expected = [factor if order == power else 0.0, factor * 2.0 ** (power - order)]
        np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-12)
        (slope,) = vjp([slope], [x], [tl.ones(2)])
        factor *= power - order


def test_mixed_derivative_of_a_power_whose_exponent_is_zero() -> None:
    x, y = leaves_at([2.0], [0.0])
    (of_base,) = vjp([tl.pow(x, y)], [x], [tl.ones(1)])
    (mixed,) = vjp([of_base], [y], [tl.ones(1)])
    np.testing.assert_allclose(mixed.numpy(), [0.5])  # d/dy (y * x**(y - 1)) at y = 0 is 1/x


def test_whole_numbers_take_no_negative_power() -> None:
    with pytest.raises(tl.DomainError) as error:
        tl.arange(3) ** tl.tensor([1, 0, -2], np.int64)
    hint = "convert to a floating dtype with astype"
    assert str(error.value) == f"pow: needs exponents of at least 0 for whole numbers, got -2 at index 2; {hint}"


# --- where -----------------------------------------------------------------------------------------------------------


def test_what_where_does_not_choose_has_derivative_0_even_if_it_is_infinite() -> None:
    x, y = leaves_at([inf, 1.0], [1.0, inf])
    output = tl.where(tl.tensor([False, True], np.bool_), x, y)
    assert output.numpy().tolist() == [1.0, 1.0]
    reverse = vjp([output], [x, y], [tl.ones(2)])
    assert [t.numpy().tolist() for t in reverse] == [[0.0, 1.0], [1.0, 0.0]]
    (forward,) = jvp([output], [x, y], [tl.tensor([inf, 1.0]), tl.tensor([1.0, np.nan])])
    assert forward.numpy().tolist() == [1.0, 1.0]


def test_where_takes_numbers_and_the_dtype_of_the_tensors() -> None:
    condition = tl.tensor([True, False], np.bool_)
    assert tl.where(condition, 1.0, 0.0).dtype == np.float64
    assert tl.where(condition, 1, 0).dtype == np.int64
    assert tl.where(condition, tl.ones(2, np.float32), 0.0).dtype == np.float32
    assert tl.where(condition, True, tl.tensor([False, False], np.bool_)).dtype == np.bool_


@pytest.mark.parametrize("condition", [True, 1.0, tl.ones(2)])
def test_where_needs_a_bool_tensor_as_its_condition(condition: Any) -> None:
    with pytest.raises(tl.ShapeError, match="where: needs a bool tensor as condition, got"):
        tl.where(condition, tl.ones(2), 0.0)


# --- no derivative flows through what is not floating ----------------------------------------------------------------


def test_no_derivative_flows_through_whole_numbers_and_bools() -> None:
    assert derivatives(lambda x: x.astype(np.int64).astype(np.float64) * x, [2.5, 3.0]) == [[2.0, 3.0]]
    assert derivatives(lambda x: tl.where(x.astype(np.bool_), x, 2.0 * x), [2.5, 0.0]) == [[1.0, 2.0]]
    assert derivatives(lambda x: (x > 1.0).astype(np.float64) * x, [2.5, 0.0]) == [[1.0, 0.0]]


def test_joining_infinite_values_leaves_the_others_derivative_alone() -> None:
    x, y = leaves_at([1.0], [inf])
    (forward,) = jvp([tl.concat([x, y])], [x], [tl.tensor([2.0])])
    assert forward.numpy().tolist() == [2.0, 0.0]


# --- extreme values: no overflow, no warning (warnings are errors in these tests) -------------------------------------

EXTREME = [-1000.0, -50.0, 0.0, 50.0, 1000.0]


def test_sigmoid_of_extreme_values() -> None:
    np.testing.assert_allclose(tl.sigmoid(tl.tensor(EXTREME)).numpy(), [0, np.exp(-50), 0.5, 1, 1], rtol=1e-12)
    np.testing.assert_allclose(derivatives(tl.sigmoid, EXTREME), [[0, np.exp(-50), 0.25, 0, 0]], rtol=1e-12, atol=1e-15)


def test_softplus_of_extreme_values() -> None:
    expected = [0, np.exp(-50), np.log(2), 50, 1000]
    np.testing.assert_allclose(tl.softplus(tl.tensor(EXTREME)).numpy(), expected, rtol=1e-12)
    np.testing.assert_allclose(derivatives(tl.softplus, EXTREME), [[0, np.exp(-50), 0.5, 1, 1]], rtol=1e-12)


def test_safe_log_of_extreme_values() -> None:
    expected = [np.log(1e-6), np.log(1e-6 + np.exp(-50)), np.log(np.log(2) + 1e-6), np.log(50), np.log(1000)]
    np.testing.assert_allclose(tl.safe_log(tl.tensor(EXTREME), 1e-6).numpy(), expected, rtol=1e-6)
    assert np.isfinite(derivatives(lambda x: tl.safe_log(x, 1e-6), EXTREME)).all()


def test_gelu_and_tanh_of_extreme_values() -> None:
    np.testing.assert_allclose(tl.gelu(tl.tensor(EXTREME)).numpy(), [0, 0, 0, 50, 1000], atol=1e-300)
    np.testing.assert_allclose(derivatives(tl.gelu, EXTREME), [[0, 0, 0.5, 1, 1]])
    np.testing.assert_allclose(derivatives(tl.tanh, EXTREME), [[0, 0, 1, 0, 0]], atol=1e-15)


@pytest.mark.parametrize("offset", [1000.0, -1000.0])
def test_softmax_and_logsumexp_of_extreme_values(offset: float) -> None:
    x = tl.tensor([offset, offset + 1.0])
    e = np.exp([0.0, 1.0])
    np.testing.assert_allclose(tl.softmax(x).numpy(), e / e.sum())
    np.testing.assert_allclose(tl.log_softmax(x).numpy(), np.log(e / e.sum()))
    np.testing.assert_allclose(tl.logsumexp(x).numpy(), offset + np.log(e.sum()))
    (x,) = leaves_at(x.numpy())
    (reverse,) = vjp([tl.logsumexp(x)], [x], [tl.tensor(1.0)])
    np.testing.assert_allclose(reverse.numpy(), e / e.sum())
    (x,) = leaves_at([offset, -offset])
    (reverse,) = vjp([tl.log_softmax(x)[0]], [x], [tl.tensor(1.0)])
    assert np.isfinite(reverse.numpy()).all()


def test_logsumexp_of_infinities() -> None:
    assert tl.logsumexp(tl.tensor([-inf, 0.0])).item() == 0.0
    assert tl.logsumexp(tl.tensor([-inf, -inf])).item() == -inf
    assert tl.logsumexp(tl.tensor([inf, 0.0])).item() == inf
    assert np.isnan(tl.logsumexp(tl.tensor([np.nan, 0.0])).item())


def test_log_softmax_of_a_masked_entry() -> None:
    assert tl.softmax(tl.tensor([-inf, 0.0])).numpy().tolist() == [0.0, 1.0]
    assert tl.log_softmax(tl.tensor([-inf, 0.0])).numpy().tolist() == [-inf, 0.0]


# --- domains ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1.0, 0.0], "log: needs positive values, got 0.0 at index 1; use safe_log, or clip first"),
        (
            [[1.0, 2.0], [np.nan, 2.0]],
            "log: needs positive values, got nan at index (1, 0); use safe_log, or clip first",
        ),
        (-2.0, "log: needs positive values, got -2.0; use safe_log, or clip first"),
    ],
)
def test_log_names_the_first_offending_index(data: Any, message: str) -> None:
    with pytest.raises(tl.DomainError) as error:
        tl.log(tl.tensor(data))
    assert str(error.value) == message


def test_log1p_names_the_first_offending_index() -> None:
    with pytest.raises(tl.DomainError) as error:
        tl.log1p(tl.tensor([0.0, -1.0]))
    assert str(error.value) == "log1p: needs values above -1, got -1.0 at index 1; clip first"


def test_log_refuses_in_a_compiled_program_too() -> None:
    with tl.compiled(), pytest.raises(tl.DomainError, match="at index 1"):
        tl.autograd.fn.grad(lambda x: tl.sum(tl.log(x)), tl.tensor([1.0, -1.0]))


def test_division_by_zero_is_numpys() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert tl.divide(tl.tensor([1.0, -1.0]), 0.0).numpy().tolist() == [inf, -inf]


# --- empty axes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mean", "max", "min", "logsumexp"])
def test_nothing_has_no_extreme_and_no_mean(name: str) -> None:
    with pytest.raises(tl.ShapeError) as error:
        getattr(tl, name)(tl.zeros((2, 0)), axis=1)
    assert str(error.value) == f"{name}: axis 1 is empty (operand: [2, 0])"
    assert getattr(tl, name)(tl.zeros((0, 2)), axis=1).shape == (0,)


def test_sums_products_and_softmaxes_of_nothing() -> None:
    assert tl.sum(tl.zeros((2, 0)), axis=1).numpy().tolist() == [0.0, 0.0]
    assert (tl.zeros((2, 0)) @ tl.zeros((0, 3))).numpy().tolist() == [[0.0] * 3] * 2
    assert tl.softmax(tl.zeros((2, 0))).shape == (2, 0)
    assert tl.log_softmax(tl.zeros((2, 0))).shape == (2, 0)


def test_the_derivative_of_a_product_without_inner_elements() -> None:
    x, y = leaves_at(np.zeros((4, 2, 0)), np.zeros((0, 3)))
    reverse = vjp([x @ y], [x, y], [tl.ones((4, 2, 3))])
    assert [t.shape for t in reverse] == [(4, 2, 0), (0, 3)]
