"""Conventions and numerical care of the operations on arrays: ties, zeros, masks, extreme values, domains, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor

fn = tl.autograd.fn
ints = np.int64


def message(call: Callable[[], Any], kind: type[Exception] = tl.ShapeError) -> str:
    with pytest.raises(kind) as error:
        call()
    return str(error.value)


# --- variance, products, extremes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_variance_of_large_values_is_not_cancelled(dtype: Any) -> None:
    offset = 1e9 if dtype is np.float64 else 3e4
    values = np.random.default_rng(0).normal(size=1000) + offset
    exact = values.astype(dtype).astype(np.longdouble)
    expected = float(np.mean((exact - exact.mean()) ** 2))
    found = tl.var(tl.from_numpy(values.astype(dtype)))
    assert found.dtype == dtype
    assert found.item() == pytest.approx(expected, rel=1e3 * float(np.finfo(dtype).eps))


def test_the_derivative_of_std_where_nothing_varies_is_0() -> None:
    for x in (tl.ones(3), tl.ones(1)):
        assert fn.grad(tl.std, x).numpy().tolist() == [0.0] * len(x)
        assert np.isfinite(fn.hessian(tl.std, x).tensor.numpy()).all()


def test_a_correction_needs_elements() -> None:
    problem = "var: needs more than 1.0 elements, the correction, got 1"
    assert message(lambda: tl.var(tl.ones((1, 3)), axis=0, correction=1.0), tl.DomainError) == problem


def test_derivatives_of_a_product_with_zeros() -> None:
    x = tl.tensor([2.0, 0.0, 3.0, 0.0, 5.0])
    assert fn.grad(tl.prod, x).numpy().tolist() == [0.0] * 5
    expected = np.zeros((5, 5))
    expected[1, 3] = expected[3, 1] = 30.0
    np.testing.assert_array_equal(fn.hessian(tl.prod, x).tensor.numpy(), expected)
    assert tl.prod(tl.zeros((2, 0)), axis=1).numpy().tolist() == [1.0, 1.0]


def test_the_first_of_several_is_the_largest_and_the_smallest() -> None:
    assert tl.argmax(tl.tensor([1.0, 7.0, 7.0])).item() == 1
    assert tl.argmin(tl.tensor([[3.0, 0.0], [0.0, 0.0]]), axis=0).numpy().tolist() == [1, 0]
    assert tl.argmax(tl.zeros((2, 3)), keepdims=True).shape == (1, 1)
    assert message(lambda: tl.argmax(tl.zeros((2, 0)), axis=1)) == "argmax: axis 1 is empty (operand: [2, 0])"


def test_the_first_of_ties_has_the_derivative_of_a_pooled_maximum() -> None:
    x = tl.tensor([[1.0, 3.0, 3.0], [3.0, 3.0, 0.0]])
    gradient = fn.grad(lambda x: tl.sum(tl.max_pool2d(x, 2, 1)), x)
    assert gradient.numpy().tolist() == [[0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]
    assert not fn.hessian(lambda x: tl.sum(tl.max_pool2d(x, 2, 1)), x).tensor.numpy().any()


def test_padding_is_never_the_largest() -> None:
    assert tl.max_pool2d(tl.full((2, 2), -5.0), 2, 1, 1).numpy().max() == -5.0
    assert tl.max_pool2d(tl.full((2, 2), -5, ints), 2, 1, 1).numpy().tolist() == [[-5] * 3] * 3
    assert tl.avg_pool2d(tl.ones((1, 1)), 2, 1, 1).numpy().tolist() == [[0.25, 0.25], [0.25, 0.25]]


# --- attention -------------------------------------------------------------------------------------------------------


def test_a_query_that_may_look_at_nothing_gives_zeros_and_derivatives_0() -> None:
    q, k, v = (tl.random.normal((3, 2), seed=seed) for seed in range(3))
    mask = tl.tensor([[True, True, False], [False, False, False], [True, False, False]], np.bool_)
    assert tl.scaled_dot_product_attention(q, k, v, mask).numpy()[1].tolist() == [0.0, 0.0]
    gradient = fn.grad(lambda q: tl.sum(tl.scaled_dot_product_attention(q, k, v, mask)), q).numpy()
    assert np.isfinite(gradient).all()
    assert gradient[1].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_attention_to_extreme_scores(dtype: Any) -> None:
    x = tl.tensor([[100.0], [-100.0]], dtype)
    mask = tl.tensor([[True, False], [True, True]], np.bool_)
    result = tl.scaled_dot_product_attention(x, x, tl.tensor([[1.0], [2.0]], dtype), mask)
    assert result.dtype == dtype
    assert result.numpy().tolist() == [[1.0], [2.0]]


def test_the_mask_and_the_values_of_attention_may_have_batch_axes_of_their_own() -> None:
    q, k, v = tl.ones((5, 2)), tl.ones((3, 2)), tl.random.uniform((7, 3, 4), seed=0)
    mask = tl.random.uniform((7, 5, 3), seed=1) > 0.5
    found = tl.scaled_dot_product_attention(q, k, v, mask)
    each = [tl.scaled_dot_product_attention(q, k, v[i], mask[i]) for i in range(7)]
    assert tl.allclose(found, tl.stack(each))


def test_a_mask_is_of_bools_and_fits_the_scores() -> None:
    x, attention = tl.ones((2, 3, 4)), tl.scaled_dot_product_attention
    assert attention(x, x, x, tl.ones((3, 3)) > 0).shape == (2, 3, 4)
    hint = "needs a mask of dtype bool, got float64; compare: x > 0"
    assert message(lambda: attention(x, x, x, tl.ones((3, 3)))) == f"scaled_dot_product_attention: {hint}"
    assert "axis 1 differs" in message(lambda: attention(x, x, x, tl.ones((3, 2)) > 0))


# --- batch normalisation ---------------------------------------------------------------------------------------------


def test_the_state_of_batch_norm_has_no_derivative() -> None:
    one, zero = tl.ones(2), tl.zeros(2)
    x = tl.random.normal((4, 2), seed=0)
    for index in (1, 2):
        gradient = fn.grad(lambda x, index=index: tl.sum(tl.batch_norm_training(x, one, zero, zero, one)[index]), x)
        assert not gradient.numpy().any()


def test_batch_norm_of_large_values_is_not_cancelled() -> None:
    x = tl.tensor([[1e9 + 1.0], [1e9 + 3.0]])
    one, zero = tl.ones(1), tl.zeros(1)
    assert tl.batch_norm_training(x, one, zero, zero, one, eps=0.0)[0].numpy().tolist() == [[-1.0], [1.0]]


# --- indices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (
            lambda i: tl.take(tl.ones(3), i),
            "take: needs indices from -3 to 2, got 3 at index 1; the axis has 3 elements",
        ),
        (
            lambda i: tl.scatter_add(tl.ones(3), i, tl.ones(2)),
            "scatter_add: needs indices from -3 to 2, got 3 at index 1; the axis has 3 elements",
        ),
        (lambda i: tl.one_hot(i, 3), "one_hot: needs indices from 0 to 2, got 3 at index 1; the axis has 3 elements"),
    ],
)
def test_indices_lie_within_the_axis(call: Callable[[Tensor], Tensor], problem: str) -> None:
    assert message(lambda: call(tl.tensor([0, 3], ints)), tl.DomainError) == problem
    with tl.compiled():  # values are known only when the program runs
        assert message(lambda: call(tl.tensor([0, 3], ints)), tl.DomainError) == problem


def test_an_index_is_a_tensor_of_whole_numbers() -> None:
    hint = "make them with tl.tensor(..., np.int64)"
    assert (
        message(lambda: tl.take(tl.ones(3), tl.ones(2)))
        == f"take: needs indices of an integer dtype, got float64; {hint}"
    )
    assert "got a Python int" in message(lambda: tl.take(tl.ones(3), 1))  # type: ignore[arg-type]


def test_what_is_taken_several_times_is_added_several_times() -> None:
    index = tl.tensor([[1, -1], [1, 1]], ints)
    gradient = fn.grad(lambda x: tl.sum(tl.take(x, index)), tl.ones(3))
    assert gradient.numpy().tolist() == [0.0, 3.0, 1.0]


@pytest.mark.parametrize("count", [3, 500])
def test_scattering_few_and_many(count: int) -> None:
    rng = np.random.default_rng(0)
    indices, updates = rng.integers(0, 7, count), rng.normal(size=(count, 2)).astype(np.float32)
    expected = np.zeros((7, 2))
    np.add.at(expected, indices, updates.astype(np.float64))
    found = tl.scatter_add(tl.zeros((7, 2), np.float32), tl.from_numpy(indices), tl.from_numpy(updates))
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6, atol=1e-6)


def test_whole_numbers_and_bools_are_rearranged_too() -> None:
    x = tl.tensor([[1, 2], [3, 4]], ints)
    results = [
        x.flip(),
        x.roll(1),
        x.pad(1, 7),
        x.tril(),
        x.trace(),
        x.cumulative_sum(0),
        x.prod(),
        tl.einsum("ij->j", x),
    ]
    assert {result.dtype for result in results} == {np.dtype(ints)}
    assert x.pad(1, 7).numpy().sum() == 10 + 12 * 7
    assert tl.triu(x > 2).numpy().tolist() == [[False, False], [False, True]]
    assert tl.take(x > 2, tl.tensor([0], ints), axis=0).dtype == np.bool_


# --- several results -------------------------------------------------------------------------------------------------


def test_parts_of_a_tensor_and_their_derivatives() -> None:
    first, second, third = tl.split(tl.arange(6), 3)
    assert [x.numpy().tolist() for x in (first, second, third)] == [[0, 1], [2, 3], [4, 5]]

    def energy(x: Tensor) -> Tensor:
        low, high = tl.split(x, [1])
        return tl.sum(low) * tl.sum(high * high)

    assert fn.grad(energy, tl.tensor([2.0, 3.0, 4.0])).numpy().tolist() == [25.0, 12.0, 16.0]
    assert message(lambda: tl.split(tl.zeros((2, 5)), 2, axis=1)) == (
        "split: axis 1 of size 5 has no 2 equal parts (operand: [2, 5])"
    )
    assert message(lambda: tl.split(tl.zeros(5), [3, 2])) == (
        "split: the indices [3, 2] do not rise from 0 to 5 (operand: [5])"
    )


# --- einsum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subscripts", "shapes", "problem"),
    [
        ("ij,jk", [(2, 3), (4, 5)], "the sizes of index j differ: 3 and 4 (operand 0: [2, 3], operand 1: [4, 5])"),
        ("ij", [(2, 3, 4)], "'ij' names 2 axes of a tensor of rank 3 (operand 0: [2, 3, 4])"),
        ("i->j", [(2,)], "index j of the result is in no operand of 'i->j'"),
        ("ij->ii", [(2, 2)], "index i occurs twice in the result of 'ij->ii'"),
        ("i,j", [(2,)], "'i,j' has subscripts for 2 tensors, got 1"),
        ("i+j", [(2,)], "'+' in 'i+j' is no index"),
    ],
)
def test_subscripts_that_are_none_or_do_not_fit(subscripts: str, shapes: list[Any], problem: str) -> None:
    assert message(lambda: tl.einsum(subscripts, *map(tl.zeros, shapes))) == f"einsum: {problem}"


def test_a_chain_of_products_in_a_good_order() -> None:
    """From the left this chain needs 8e9 multiplications, from the right 9e4."""
    rng = np.random.default_rng(0)
    wide, tall, vector = rng.normal(size=(300, 1)), rng.normal(size=(1, 300)), rng.normal(size=300)
    found = tl.einsum("ij,jk,kl,l->i", *map(tl.from_numpy, (wide, tall, wide @ tall, vector)))
    np.testing.assert_allclose(found.numpy(), wide @ (tall @ (wide @ (tall @ vector))), rtol=1e-10)


def test_hessian_of_a_quadratic_form() -> None:
    a = np.random.default_rng(0).normal(size=(3, 3))
    hessian = fn.hessian(lambda x: tl.einsum("i,ij,j", x, tl.from_numpy(a), x), tl.ones(3)).tensor
    np.testing.assert_allclose(hessian.numpy(), a + a.T)


# --- square matrices -------------------------------------------------------------------------------------------------


def stack(*matrices: list[list[float]]) -> Tensor:
    return tl.tensor(list(matrices))


IDENTITY, SINGULAR = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (tl.cholesky, "cholesky: the matrix at index 1 is not positive definite"),
        (tl.logdet, "logdet: the matrix at index 1 has no positive determinant"),
        (lambda a: tl.solve(a, tl.ones(2)), "solve: the matrix at index 1 is singular"),
        (
            lambda a: tl.triangular_solve(a, tl.ones(2)),
            "triangular_solve: the matrix at index 1 is singular: its diagonal has a 0",
        ),
    ],
)
def test_matrices_outside_the_domain(call: Callable[[Tensor], Tensor], problem: str) -> None:
    assert message(lambda: call(stack(IDENTITY, SINGULAR)), tl.DomainError) == problem
    assert message(lambda: call(tl.tensor(SINGULAR)), tl.DomainError) == problem.replace(" at index 1", "")


def test_determinants_beyond_the_largest_number() -> None:
    assert tl.logdet(1e3 * tl.eye(200)).item() == pytest.approx(200 * np.log(1e3))


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_substitution_of_a_large_triangular_system(lower: bool, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(100, 100)) / 10 + 3 * np.eye(100)
    x = rng.normal(size=(100, 2))
    triangle = (np.tril(a) if lower else np.triu(a)).astype(dtype)
    right = (triangle.astype(np.longdouble) @ x.astype(np.longdouble)).astype(dtype)
    found = tl.triangular_solve(tl.from_numpy(a.astype(dtype)), tl.from_numpy(right), lower)
    assert found.dtype == dtype
    np.testing.assert_allclose(found.numpy(), x, rtol=1e4 * np.finfo(dtype).eps, atol=1e3 * np.finfo(dtype).eps)


def test_the_second_derivative_of_logdet() -> None:
    """d2 log det X [A, B] = -tr(X^-1 A X^-1 B)."""
    rng = np.random.default_rng(0)
    x = np.eye(3) * 2 + rng.normal(size=(3, 3)) / 5
    inverse = np.linalg.inv(x)
    found = fn.hessian(tl.logdet, tl.from_numpy(x)).tensor.numpy()
    np.testing.assert_allclose(found, -np.einsum("li,jk->ijkl", inverse, inverse), rtol=1e-10)


def test_likelihood_of_a_gaussian_process() -> None:
    """Its gradient in the scale of the kernel, against the closed form tr((K^-1 - a a^T) dK)/2."""
    rng = np.random.default_rng(0)
    places, y = rng.uniform(size=6), rng.normal(size=6)
    distance = (places[:, None] - places[None, :]) ** 2

    def loss(scale: Tensor) -> Tensor:
        kernel = tl.exp(tl.from_numpy(-distance) * scale) + 0.1 * tl.eye(6)
        lower = tl.cholesky(kernel)
        z = tl.triangular_solve(lower, tl.from_numpy(y))
        return 0.5 * tl.sum(z * z) + tl.sum(tl.log(tl.diagonal(lower)))

    kernel = np.exp(-distance * 2.0) + 0.1 * np.eye(6)
    a = np.linalg.solve(kernel, y)
    slope = -distance * np.exp(-distance * 2.0)
    expected = 0.5 * np.trace((np.linalg.inv(kernel) - np.outer(a, a)) @ slope)
    assert fn.grad(loss, tl.tensor(2.0)).item() == pytest.approx(expected, rel=1e-10)


# --- convolution -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (
            lambda x: tl.conv2d(x, tl.zeros((4, 2, 3, 3))),
            "conv2d: the channels of x and of the weight differ: 3 and 2 (x: [3, 8, 8], weight: [4, 2, 3, 3])",
        ),
        (
            lambda x: tl.conv2d(x, tl.zeros((4, 3, 9, 3))),
            "conv2d: a window of 9 does not fit axis -2, which has 8 elements with its padding "
            "(x: [3, 8, 8], weight: [4, 3, 9, 3])",
        ),
        (
            lambda x: tl.conv2d(x, tl.zeros((4, 3, 3, 3)), tl.zeros(3)),
            "conv2d: axis 0 of bias differs: 4 and 3 (x: [3, 8, 8], weight: [4, 3, 3, 3], bias: [3])",
        ),
        (lambda x: tl.conv2d(x, tl.zeros((4, 3, 3, 3)), stride=0), "conv2d: stride 0 is less than 1"),
        (
            lambda x: tl.max_pool2d(x, 2, padding=2),
            "max_pool2d: padding 2 is more than half of the kernel 2 (operand: [3, 8, 8]); "
            "a window must not lie in the padding",
        ),
    ],
)
def test_windows_that_do_not_fit(call: Callable[[Tensor], Tensor], problem: str) -> None:
    assert message(lambda: call(tl.zeros((3, 8, 8)))) == problem


def test_convolution_and_its_transpose_are_adjoint() -> None:
    """<conv(x), y> = <x, conv_transpose(y)> for one weight."""
    x, y, weight = (tl.random.normal(shape, seed=1) for shape in ((3, 9, 8), (4, 4, 7), (4, 3, 3, 2)))
    left = tl.sum(tl.conv2d(x, weight, stride=(2, 1)) * y)
    right = tl.sum(x * tl.conv_transpose2d(y, weight, stride=(2, 1)))
    assert left.item() == pytest.approx(right.item(), rel=1e-12)


def test_a_transposed_convolution_needs_something_to_convolve() -> None:
    problem = "axis -1 is empty (x: [1, 3, 5, 0], weight: [3, 2, 3, 3])"
    assert message(lambda: tl.conv_transpose2d(tl.ones((1, 3, 5, 0)), tl.ones((3, 2, 3, 3)))) == (
        f"conv_transpose2d: {problem}"
    )
