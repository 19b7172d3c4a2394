"""tl.ensure: from unknown shapes into annotated code."""

from typing import Any

import numpy as np
import pytest
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import ShapeError, Tensor


def refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(ShapeError) as raised:
        tl.ensure(*args, **kwargs)
    return str(raised.value)


@pytest.mark.parametrize("text", ["4 3", "b 3", "n m", "n+1 n", "*b 3", "... 3", "_ _", "...", "batch=4 3"])
def test_it_is_the_tensor_itself(text: str) -> None:
    x = tl.ones((4, 3))
    assert tl.ensure(x, text) is x
    assert tl.ensure(x, text) is x


@pytest.mark.parametrize(
    ("shape", "text", "message"),
    [
        ((4, 2), "b 3", "ensure: x has shape [4, 2], expected [b, 3]"),
        ((4,), "b 3", "ensure: x has shape [4], expected [b, 3]"),
        ((), "n", "ensure: x has shape [], expected [n]"),
        ((4, 3), "", "ensure: x has shape [4, 3], expected []"),
        ((4, 3), "n n", "ensure: x has shape [4, 3], expected [n, n]"),
        ((4, 3), "n n+1", "ensure: x has shape [4, 3], expected [n, n+1]"),
        ((7,), "2*k", 'ensure: dimension "2*k" of x is 7, which no k gives'),
        ((3,), "*b 4 5", "ensure: x has shape [3], expected [*b, 4, 5]"),
        (
            (12,),
            "n*m",
            'ensure: what "m*n" is cannot be told; '
            "name each of its sizes alone somewhere in the text, or write the size",
        ),
        (
            (4, 3),
            "b, 3",
            'ensure: "b," is not a dimension; a dimension is a size, a name, or names and sizes with + - * //',
        ),
        (
            (4, 3),
            "b x.shape",
            'ensure: "x.shape" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //',
        ),
        (
            (4, 3),
            "*a *b",
            'ensure: "*a *b" has two variadic parts; a shape may have at most one of *name and ...',
        ),
        (
            (4, 3),
            "#b 3",
            'ensure: "#b" marks a broadcast, which Tensor does not have; '
            "broadcasting is explicit here: write the sizes as they are",
        ),
    ],
)
def test_what_does_not_fit(shape: tuple[int, ...], text: str, message: str) -> None:
    assert refusal(tl.ones(shape), text) == message


def test_arguments_of_other_types() -> None:
    assert refusal(np.ones(3), "b") == (
        'ensure: argument 1 ("x") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy'
    )
    assert refusal([1.0], "b") == 'ensure: argument 1 ("x") must be a Tensor, got list; make a tensor with tl.tensor'
    assert refusal(tl.ones(3), (3,)) == (
        'ensure: argument 2 ("shape") must be a str, got tuple; write the shape as a text, such as "b 3"'
    )


def test_dtype() -> None:
    x = tl.ones(3, np.float32)
    for dtype in ("float32", np.float32, np.dtype(np.float32), "f4"):
        assert tl.ensure(x, "n", dtype) is x
    assert refusal(x, "n", np.float64) == "ensure: x has dtype float32, expected float64"
    assert refusal(x, "n", float) == "ensure: x has dtype float32, expected float64"
    assert refusal(x, "n", "nonsense") == 'ensure: "nonsense" is not a dtype'


def test_names_are_the_sizes_of_the_checked_function_around() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "b 3"], other: Tensor) -> None:
        tl.ensure(other, "b 2")
        (lambda: tl.ensure(other, "b 2"))()

    for _ in range(2):
        f(tl.ones((4, 3)), tl.ones((4, 2)))
        with pytest.raises(ShapeError) as raised:
            f(tl.ones((4, 3)), tl.ones((9, 2)))
        assert (
            str(raised.value) == 'ensure: dimension "b" is 4 in argument 1 ("x") of f, [b=4, 3], but 9 in x, [b=9, 2]'
        )


def test_a_name_of_the_result_is_bound_by_it() -> None:
    @tl.checked
    def load(x: Tensor, y: Tensor) -> Float64[Tensor, "n 3"]:
        tl.ensure(x, "n 3")
        assert isinstance(tl.ones(x.shape[0]), Float64[Tensor, "n"])
        tl.ensure(y, "n")
        return x if y.shape[0] < 9 else tl.ones((5, 3))

    def message(x: Tensor, y: Tensor) -> str:
        with pytest.raises(ShapeError) as raised:
            load(x, y)
        return str(raised.value)

    for _ in range(2):
        assert load(tl.ones((4, 3)), tl.ones(4)).shape == (4, 3)
        assert load(tl.ones((2, 3)), tl.ones(2)).shape == (2, 3)
        assert message(tl.ones((4, 3)), tl.ones(5)) == (
            'ensure: dimension "n" is 4 in an ensured tensor of load but 5 in x'
        )
        assert message(tl.ones((9, 3)), tl.ones(9)) == (
            'load: dimension "n" is 9 in an ensured tensor but 5 in the result, [n=5, 3]'
        )


def test_other_names_are_free_at_each_call() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "b"]) -> None:
        for k in (2, 3):
            tl.ensure(tl.ones((k, x.shape[0], k)), "k b k")

    f(tl.ones(5))


def test_a_function_that_is_called_has_no_part_in_the_names() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "b"]) -> None:
        helper()

    f(tl.ones(5))


def helper() -> None:
    tl.ensure(tl.ones(7), "b")
