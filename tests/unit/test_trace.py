"""Tensors: how they are made, that they never change, what they refuse, and what they are to Python and NumPy."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed.shapes.errors import ShapeError


def refusal(run: Any, *arguments: Any, **parameters: Any) -> str:
    with pytest.raises(ShapeError) as error:
        run(*arguments, **parameters)
    return str(error.value)


# --- from lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (3, ()),
        (2.5, ()),
        (True, ()),
        ([], (0,)),
        ([[], []], (2, 0)),
        ([1, 2.5, True], (3,)),
        (((1, 2), [3, 4]), (2, 2)),
        ([[[1]]], (1, 1, 1)),
        (np.ones((2, 3), np.int32), (2, 3)),
        ([np.ones(2), [1, 2]], (2, 2)),
        ([np.float32(1), np.int64(2)], (2,)),
        ([float("nan"), float("inf")], (2,)),
    ],
)
def test_numbers_and_regular_lists(data: Any, shape: tuple[int, ...]) -> None:
    x = tl.tensor(data)
    assert (x.shape, x.dtype) == (shape, np.float64)
    np.testing.assert_array_equal(x.numpy(), np.asarray(data, np.float64))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            [[1, 2], [3]],
            "ragged data: the item at index [1] has shape [1], the first has [2]; make all rows equally long",
        ),
        ([1, [2]], "ragged data: the item at index [1] has shape [1], the first has []; make all rows equally long"),
        (
            [[[1], [2]], [[1], [2, 3]]],
            "ragged data: the item at index [1, 1] has shape [2], the first has [1]; make all rows equally long",
        ),
        ([1, "2"], "needs numbers, got str '2' at index [1]"),
        ("abc", "needs numbers, got str 'abc' at the top"),
        (None, "needs numbers, got NoneType at the top"),
        ([[1, None]], "needs numbers, got NoneType at index [0, 1]"),
        ({1: 2}, "needs numbers, got dict at the top"),
        (range(3), "needs numbers, got range at the top"),
        (1 + 2j, "needs numbers, got complex (1+2j) at the top"),
        (np.complex128(1), "needs a bool, integer or floating dtype, got complex128"),
        (np.array(["a"]), "needs a bool, integer or floating dtype, got str32"),
        (np.array([None]), "needs a bool, integer or floating dtype, got object"),
    ],
)
def test_what_is_no_regular_list_of_numbers(data: Any, message: str) -> None:
    assert refusal(tl.tensor, data) == f"tensor: {message}"


def test_a_list_of_tensors_is_stacked_instead() -> None:
    message = refusal(tl.tensor, [tl.ones(2), tl.ones(2)])
    assert message.startswith("tensor: needs numbers, got Tensor ")
    assert message.endswith("at index [0]; join tensors with tl.stack")


@pytest.mark.parametrize(
    ("data", "dtype", "message"),
    [
        (
            [1, 2.5],
            np.int64,
            "a Python float does not go with int64; dtypes are not promoted: convert the tensor with astype",
        ),
        (1, np.bool_, "a Python int does not go with bool; dtypes are not promoted: convert the tensor with astype"),
        ([300], np.int8, "300 is no int8"),
        ([-1], np.uint16, "-1 is no uint16"),
        (np.array([1.5]), np.int64, "float64 does not go into int64"),
        (np.array([300]), np.int8, "int64 does not go into int8"),
        ([1], complex, "needs a bool, integer or floating dtype, got complex128"),
        ([1], "U5", "needs a bool, integer or floating dtype, got str160"),
    ],
)
def test_no_value_is_cut_off_on_its_way_into_a_dtype(data: Any, dtype: Any, message: str) -> None:
    assert refusal(tl.tensor, data, dtype) == f"tensor: {message}"


def test_dtypes_that_values_go_into() -> None:
    assert tl.tensor([1, 2], np.int8).dtype == np.int8
    assert tl.tensor([True], np.int64).numpy().tolist() == [1]
    assert tl.tensor(np.array([1, 2]), np.int8).dtype == np.int8
    assert tl.tensor([0.1], np.float32).item() == np.float32(0.1)
    assert tl.tensor([True, False], bool).dtype == np.bool_


# --- from NumPy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.uint64, np.bool_])
def test_an_array_keeps_its_shape_and_dtype(dtype: type) -> None:
    array = np.ones((2, 0, 3), dtype)
    x = tl.from_numpy(array)
    assert (x.shape, x.dtype) == ((2, 0, 3), dtype)
    assert tl.from_numpy(np.ones((), dtype)).shape == ()
    assert tl.from_numpy(dtype(1)).shape == ()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones(2, complex), "needs a bool, integer or floating dtype, got complex128"),
        (np.array(["a"]), "needs a bool, integer or floating dtype, got str32"),
        (np.array([None]), "needs a bool, integer or floating dtype, got object"),
        (np.array(["2020-01-01"], "datetime64[D]"), "needs a bool, integer or floating dtype, got datetime64[D]"),
        ([1.0, 2.0], "needs a NumPy array, got list; use tl.tensor for lists"),
        (1.0, "needs a NumPy array, got float; use tl.tensor for lists"),
        (None, "needs a NumPy array, got NoneType; use tl.tensor for lists"),
        (
            np.ma.masked_array([1.0, 2.0], [True, False]),
            "a masked array has no value where it is masked; fill it first: array.filled(...)",
        ),
    ],
)
def test_arrays_that_are_refused(array: Any, message: str) -> None:
    assert refusal(tl.from_numpy, array) == f"from_numpy: {message}"


def test_an_extended_float_is_refused() -> None:
    if np.dtype(np.longdouble) != np.dtype(np.float64):
        assert "needs a bool, integer or floating dtype" in refusal(tl.from_numpy, np.ones(2, np.longdouble))


def test_another_byte_order_becomes_the_machines() -> None:
    swapped = np.array([1.0, 2.0]).astype(np.dtype(np.float64).newbyteorder())
    x = tl.from_numpy(swapped)
    assert x.numpy().dtype == np.float64
    assert x.numpy().dtype.isnative
    assert tl.zeros(2, swapped.dtype).numpy().dtype.isnative
    np.testing.assert_array_equal((x * 2.0).numpy(), [2.0, 4.0])


class Subclass(np.ndarray):
    pass


def test_strided_and_subclassed_arrays_become_plain_ones() -> None:
    array = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(tl.from_numpy(array.T[::-1, ::2]).numpy(), array.T[::-1, ::2])
    assert type(tl.from_numpy(np.ones(2).view(Subclass)).numpy()) is np.ndarray


# --- a tensor never changes ------------------------------------------------------------------------------------------


def test_later_writes_to_the_array_do_not_show() -> None:
    array = np.zeros(3)
    x, y = tl.from_numpy(array), tl.tensor(array)
    array[:] = 7.0
    assert x.numpy().tolist() == y.numpy().tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("view", [lambda x: x.numpy(), np.asarray, lambda x: np.asarray(x)[1:], lambda x: x.T.numpy()])
def test_what_numpy_gets_cannot_be_written_to(view: Any) -> None:
    x = tl.ones((2, 2))
    with pytest.raises(ValueError, match="read-only"):
        view(x)[...] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        np.add(x.numpy(), 1.0, out=x.numpy())


def test_a_copy_can_be_written_to() -> None:
    x = tl.ones(2)
    array = np.array(x)
    array[0] = 5.0
    assert x.numpy().tolist() == [1.0, 1.0]
    assert np.asarray(x, np.float32).dtype == np.float32


@pytest.mark.parametrize("attribute", ["shape", "dtype", "size", "T", "something"])
def test_attributes_cannot_be_set(attribute: str) -> None:
    x = tl.ones((2, 3))
    with pytest.raises(AttributeError):
        setattr(x, attribute, (3, 2))
    assert (x.shape, x.dtype) == ((2, 3), np.float64)


def test_items_cannot_be_set_and_augmented_assignment_makes_a_new_tensor() -> None:
    x = y = tl.ones(2)
    with pytest.raises(TypeError):
        x[0] = 5.0  # type: ignore[index]
    x += 1.0
    assert (x.numpy().tolist(), y.numpy().tolist()) == ([2.0, 2.0], [1.0, 1.0])


def test_copies_are_the_tensor_itself_and_pickles_its_equal() -> None:
    x = tl.tensor([[1.0, 2.0]], np.float32)
    assert copy.copy(x) is copy.deepcopy(x) is x
    other = pickle.loads(pickle.dumps(x))
    assert (other.dtype, other.numpy().tolist()) == (np.float32, [[1.0, 2.0]])


def test_a_tensor_is_not_made_by_its_class() -> None:
    with pytest.raises(TypeError, match=r"Tensor\(\) is not called directly: use tl.tensor"):
        tl.Tensor()


# --- to Python -------------------------------------------------------------------------------------------------------


def test_a_tensor_of_one_element_is_a_number() -> None:
    x = tl.tensor([[2.5]])
    assert (x.item(), float(x), int(x), bool(x)) == (2.5, 2.5, 2, True)
    assert type(x.item()) is float
    assert type(tl.tensor(1, np.int64).item()) is int
    assert type((tl.tensor(1.0) > 0).item()) is bool
    assert f"{x:.3f} {tl.tensor(2, np.int64):03d}" == "2.500 002"


def test_more_elements_are_no_number() -> None:
    x = tl.ones((2, 3))
    assert refusal(x.item) == "item: needs one element, got 6 (operand: [2, 3])"
    assert refusal(float, x) == "item: needs one element, got 6 (operand: [2, 3])"
    assert refusal(format, x, ".2f") == "item: needs one element, got 6 (operand: [2, 3])"
    hint = "reduce it first, or use tl.allclose"
    assert refusal(bool, x == x) == f"bool: the truth of 6 elements is ambiguous (operand: [2, 3]); {hint}"
    assert refusal(len, tl.tensor(1.0)) == "len: a scalar has no length (operand: [])"
    assert refusal(iter, tl.tensor(1.0)) == "len: a scalar has no length (operand: [])"


def test_a_tensor_as_text() -> None:
    assert repr(tl.tensor([[1.0, 2.0]], np.float32)) == "Tensor([[1., 2.]], float32[1, 2])"
    assert repr(tl.tensor(1.5)) == str(tl.tensor(1.5)) == f"{tl.tensor(1.5)}" == "Tensor(1.5, float64[])"
    assert repr(tl.zeros((0, 3))) == "Tensor([], float64[0, 3])"
    assert len(repr(tl.zeros((100, 100)))) < 1000


def test_length_iteration_and_unpacking() -> None:
    x = tl.tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    assert len(x) == 2
    assert (first.numpy().tolist(), second.numpy().tolist()) == ([1.0, 2.0], [3.0, 4.0])


# --- operands --------------------------------------------------------------------------------------------------------


def test_python_numbers_on_either_side() -> None:
    x = tl.tensor([1.0, 2.0])
    results = [x + 1, 1 + x, x - 1, 1 - x, x * 2, 2 * x, x / 2, 2 / x, x**2, 2**x, -x, abs(-x)]
    expected = [[2, 3], [2, 3], [0, 1], [0, -1], [2, 4], [2, 4], [0.5, 1], [2, 1], [1, 4], [2, 4], [-1, -2], [1, 2]]
    assert [y.numpy().tolist() for y in results] == expected
    comparisons = [x < 2, 2 > x, x <= 1, 1 >= x, x > 1, 1 < x, x >= 2, 2 <= x, x == 1, 1 == x, x != 1, 1 != x]  # noqa: SIM300
    assert [y.numpy().tolist() for y in comparisons] == [[True, False]] * 4 + [[False, True]] * 4 + [
        [True, False],
        [True, False],
        [False, True],
        [False, True],
    ]


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**", "@", "<", "=="])
def test_arrays_are_no_operands_on_either_side(sign: str) -> None:
    x, array = tl.ones(2), np.ones(2)
    for text in (f"x {sign} array", f"array {sign} x"):
        with pytest.raises(ShapeError) as error:
            eval(text, {"x": x, "array": array})
        assert "needs tensors or Python numbers, got ndarray; wrap it with tl.from_numpy" in str(error.value)


@pytest.mark.parametrize("other", ["1", None, [1.0, 2.0], 1j, object()])
def test_nothing_else_is_an_operand(other: Any) -> None:
    message = refusal(lambda: tl.ones(2) + other)
    got = type(other).__name__
    assert message == f"add: needs tensors or Python numbers, got {got}; wrap it with tl.tensor"


def test_functions_of_the_table_take_python_numbers_too() -> None:
    assert tl.exp(0.0).item() == 1.0
    assert tl.mean(3.0).item() == 3.0
    assert tl.expand_dims(3.0, 0).shape == (1,)
    assert tl.stack([1.0, 2.0]).numpy().tolist() == [1.0, 2.0]
    assert refusal(tl.exp, 1) == "exp: needs a floating dtype, got int64; convert with astype"


def test_numpys_functions_do_not_take_over() -> None:
    with pytest.raises(TypeError):
        np.add(tl.ones(2), tl.ones(2))


# --- parameters ------------------------------------------------------------------------------------------------------


def test_numbers_of_numpy_are_parameters() -> None:
    x = tl.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert tl.sum(x, axis=np.int64(1), keepdims=np.True_).shape == (2, 1)
    assert tl.sum(x, axis=[0, np.int32(1)]).shape == ()
    assert x[np.int64(0), np.int64(1) :].numpy().tolist() == [2.0]
    assert tl.zeros((np.int64(2), 3)).shape == (2, 3)
    assert all(type(size) is int for size in tl.zeros((np.int64(2), 3)).shape)
    assert tl.clip(tl.ones(2, np.float32), np.float64(0.0), np.float64(0.5)).dtype == np.float32


def test_tensors_and_arrays_are_no_parameters() -> None:
    x = tl.ones((2, 2))
    for array in (np.array([0, 1]), tl.arange(2)):
        got = type(array).__name__
        assert got in refusal(lambda array=array: x[array])
        assert got in refusal(tl.sum, x, axis=array)


def test_a_list_is_no_index() -> None:
    assert refusal(lambda: tl.ones((2, 2))[[0, 1]]) == "getitem: cannot index with [0, 1] (operand: [2, 2])"
    assert refusal(lambda: tl.ones((2, 2))[0, [0, 1]]) == "getitem: cannot index with [0, 1] (operand: [2, 2])"


def test_a_flag_remembered_as_right_does_not_let_a_wrong_one_pass() -> None:
    x = tl.ones((2, 3))
    assert tl.sum(x, axis=1).shape == (2,)
    for axis in (True, 1.0):
        with pytest.raises(ShapeError):
            tl.sum(x, axis=axis)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tl.sum(), "sum(): argument 'x' is missing"),
        (lambda: tl.sum(tl.ones(2), 0, False, 1), "sum() takes 3 arguments, got 4"),
        (lambda: tl.sum(tl.ones(2), axes=0), "sum(): argument 'axes' is unexpected"),
        (lambda: tl.sum(tl.ones(2), 0, axis=0), "sum(): argument 'axis' is got twice"),
        (lambda: tl.reshape(tl.ones(2)), "reshape(): argument 'shape' is missing"),
        (lambda: tl.add(tl.ones(2)), "add(): argument 'y' is missing"),
    ],
)
def test_calls_that_do_not_fit_the_signature(call: Any, message: str) -> None:
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == message


# --- constructors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: tl.zeros(2), [0.0, 0.0]),
        (lambda: tl.ones((1, 2), np.int8), [[1, 1]]),
        (lambda: tl.full(2, 7.0), [7.0, 7.0]),
        (lambda: tl.full((), 7), 7.0),
        (lambda: tl.zeros_like(tl.ones((1, 2), np.int8)), [[0, 0]]),
        (lambda: tl.ones_like(tl.zeros(2), dtype=bool), [True, True]),
        (lambda: tl.full_like(tl.zeros(()), 7), 7.0),
        (lambda: tl.eye(2, 3), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        (lambda: tl.arange(3), [0, 1, 2]),
        (lambda: tl.arange(5, step=2), [0, 2, 4]),
        (lambda: tl.arange(5, 0, -2), [5, 3, 1]),
        (lambda: tl.arange(3, 1), []),
        (lambda: tl.arange(0.0, 1.0, 0.25), [0.0, 0.25, 0.5, 0.75]),
        (lambda: tl.linspace(0, 1, 3), [0.0, 0.5, 1.0]),
        (lambda: tl.linspace(0.0, 1.0, 0), []),
    ],
)
def test_constructors(make: Any, expected: Any) -> None:
    assert make().numpy().tolist() == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tl.zeros((2, -1)), "zeros: size -1 is negative (shape: [2, -1])"),
        (lambda: tl.full(2, 0.5, np.int64), "full: a Python float does not go with int64"),
        (
            lambda: tl.zeros_like((2, 3)),
            "zeros_like: needs tensors or Python numbers, got tuple",
        ),
        (lambda: tl.ones_like(tl.ones(2), complex), "ones_like: needs a bool, integer or floating dtype, got complex"),
        (lambda: tl.full_like(tl.ones(2, np.int64), 0.5), "full_like: a Python float does not go with int64"),
        (lambda: tl.full_like(tl.ones(2, np.int8), 300), "full_like: 300 is no int8"),
        (lambda: tl.arange(0, 1, 0.25, np.int64), "arange: a Python float does not go with int64"),
        (lambda: tl.linspace(0.0, 1.0, 3, np.int64), "linspace: needs a floating dtype, got int64"),
        (lambda: tl.zeros(3, complex), "zeros: needs a bool, integer or floating dtype, got complex"),
        (lambda: tl.random.normal(3, seed=-1), "normal: seed must be 0 or more, got -1"),
        (lambda: tl.random.normal(3, seed=0, dtype=np.int64), "normal: needs a floating dtype, got int64"),
        (lambda: tl.allclose(tl.ones(2), tl.ones(3)), "allclose: shapes differ (left: [2], right: [3])"),
        (lambda: tl.allclose(tl.ones(2), 1.0), 'allclose: argument 2 ("b") must be a Tensor, got 1.0'),
    ],
)
def test_constructors_refuse(make: Any, message: str) -> None:
    assert refusal(make).startswith(message)


def test_a_seed_gives_the_same_values_again() -> None:
    for draw in (tl.random.normal, tl.random.uniform):
        assert tl.allclose(draw((3, 2), seed=5), draw((3, 2), seed=5))
        assert not tl.allclose(draw((3, 2), seed=5), draw((3, 2), seed=6))
        assert tl.allclose(draw(4, seed=5).astype(np.float32), draw(4, seed=5, dtype=np.float32))
    assert tl.random.normal(2, seed=0).numpy().tolist() == pytest.approx([0.1257302210933933, -0.1321048632913019])


def test_a_number_that_is_kept_is_that_number() -> None:
    x = tl.tensor([1.0])
    for _ in range(2):  # the second time it is looked up, among numbers that are equal to it
        assert np.signbit((x * -0.0).numpy()).all() and not np.signbit((x * 0.0).numpy()).any()
        assert (x * 1).dtype == (x * 1.0).dtype == np.float64
        assert (tl.tensor([1], dtype=np.int64) * 1).dtype == np.int64
        assert (tl.tensor([1.0], dtype=np.float32) * 1.0).dtype == np.float32
