"""tl.checked where names come from around the function: bodies, methods, classes, nested functions, tasks."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, ShapeError, Tensor, TensorPack, nn

if TYPE_CHECKING:
    from decimal import Decimal as OnlyForCheckers


def refusal(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ShapeError) as raised:
        function(*args, **kwargs)
    return str(raised.value)


def test_in_the_body_isinstance_means_the_sizes_of_the_call() -> None:
    @tl.checked
    def f(a: Float64[Tensor, "2*k"], p: TensorPack["n m"], d: Dim["d"], b: Float64[Tensor, "*b 1"]) -> None:
        assert isinstance(tl.ones(3), Float64[Tensor, "k"])
        assert not isinstance(tl.ones(4), Float64[Tensor, "k"])
        assert isinstance(tl.ones((4, 5)), Float64[Tensor, "n m"])
        assert isinstance(tl.ones((8, 7, 3)), Float64[Tensor, "d *b"])
        assert not isinstance(tl.ones((8, 7, 4)), Float64[Tensor, "d *b"])
        assert not isinstance(TensorPack.of(tl.ones(5)), TensorPack["n"])
        assert isinstance(7, Dim["2*k+1"])

    for _ in range(2):
        f(tl.ones(6), TensorPack.of(tl.ones((4, 5))), 8, tl.ones((7, 3, 1)))


def test_sizes_end_with_the_call() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"], error: bool) -> None:
        if error:
            raise KeyError

    f(tl.ones(2), False)
    assert isinstance(tl.ones(3), Float64[Tensor, "n"])
    with pytest.raises(KeyError):
        f(tl.ones(2), True)
    refusal(f, tl.ones((2, 2)), True)
    assert isinstance(tl.ones(3), Float64[Tensor, "n"])


def test_a_call_within_a_call_has_names_of_its_own() -> None:
    @tl.checked
    def outer(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        other(tl.ones(9))
        assert isinstance(x, Float64[Tensor, "n"])
        return x

    outer(tl.ones(2))


@tl.checked
def other(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return tl.ensure(x, "n")


def test_a_nested_function_shares_the_names_of_the_one_around_it() -> None:
    @tl.checked
    def outer(x: Float64[Tensor, "n"], wrong: bool) -> None:
        @tl.checked
        def inner(z: Float64[Tensor, "n"], w: Float64[Tensor, "k"]) -> Float64[Tensor, "n"]:
            return z

        inner(x, tl.ones(5))
        inner(x, tl.ones(6))
        if wrong:
            inner(tl.ones(9), x)

    outer(tl.ones(2), False)
    outer(tl.ones(3), False)
    assert refusal(outer, tl.ones(2), True) == (
        'inner: dimension "n" is 2 in argument 1 ("x") of outer but 9 in argument 1 ("z")'
    )


class Net:
    w: Float64[Tensor, "n m"]
    b: Float64[Tensor, "n"]
    name: str

    def __init__(self, w: Tensor, b: Tensor) -> None:
        self.w, self.b = w, b

    @tl.checked
    def forward(self, x: Float64[Tensor, "*batch m"]) -> Float64[Tensor, "*batch n"]:
        assert isinstance(self.b, Float64[Tensor, "n"])
        tl.ensure(self.b, "n")
        return x @ self.w.T

    @tl.checked
    def wrong(self, x: Float64[Tensor, "m"]) -> Float64[Tensor, "n"]:
        return x

    @property
    @tl.checked
    def bias(self) -> Float64[Tensor, "n"]:
        return self.w


def test_the_names_of_fields_are_sizes_of_the_object() -> None:
    net = Net(tl.ones((2, 3)), tl.ones(2))
    assert net.forward(tl.ones((5, 3))).shape == (5, 2)
    assert refusal(net.forward, tl.ones((5, 4))) == ('forward: argument 1 ("x") has shape [5, 4], expected [*batch, 3]')
    assert refusal(net.wrong, tl.ones(3)) == "wrong: the result has shape [3], expected [2]"
    assert refusal(lambda: net.bias) == "bias: the result has shape [2, 3], expected [2]"
    other = Net(tl.ones((4, 5)), tl.ones(4))
    assert other.forward(tl.ones(5)).shape == (4,)
    broken = Net(tl.ones((2, 3)), tl.ones(4))
    assert refusal(broken.forward, tl.ones(3)) == 'forward: dimension "n" is 2 in self.w, [n=2, m=3], but 4 in self.b'


@tl.checked
@dataclasses.dataclass
class Data:
    x: Float64[Tensor, "n m"]
    y: Float64[Tensor, "n"]
    name: str = "data"

    def first(self, k: Dim["k"]) -> Float64[Tensor, "k m"]:
        return self.x[:k]

    @classmethod
    def empty(cls, m: int) -> Data:
        return cls(tl.ones((0, m)), tl.ones(0))

    @staticmethod
    def twice(y: Float64[Tensor, "k"]) -> Float64[Tensor, "2*k"]:
        return tl.concat([y, y])

    @property
    def size(self) -> int:
        return "many"  # type: ignore[return-value]


def test_a_class_has_its_fields_and_its_methods_checked() -> None:
    data = Data(tl.ones((4, 3)), tl.ones(4))
    assert data.first(2).shape == (2, 3)
    assert Data.empty(3).x.shape == (0, 3)
    assert Data.twice(tl.ones(2)).shape == (4,)
    assert refusal(Data, tl.ones((4, 3)), tl.ones(5)) == (
        'Data: dimension "n" is 4 in argument 1 ("x"), [n=4, m=3], but 5 in argument 2 ("y")'
    )
    assert refusal(Data, tl.ones((4, 3)), tl.ones(4), 3) == 'Data: argument 3 ("name") must be a str, got 3'
    assert refusal(data.first, 9) == 'first: dimension "k" is 9 in argument 1 ("k") but 4 in the result, [k=4, 3]'
    assert refusal(Data.empty, "a") == 'empty: argument 1 ("m") must be an int, got "a"'
    assert refusal(Data.twice, 3) == 'twice: argument 1 ("y") must be a Tensor, got 3; make a tensor with tl.tensor'
    assert refusal(lambda: data.size) == 'size: the result must be an int, got "many"'


def test_a_constructor_has_the_fields_it_sets_checked() -> None:
    class Plain:
        w: Float64[Tensor, "n m"]

        @tl.checked
        def __init__(self, n: int, right: bool) -> None:
            self.w = tl.ones((n, 3)) if right else tl.ones(n)

    Plain(2, True)
    assert refusal(Plain, 2, False) == "Plain: self.w has shape [2], expected [n, m]"


def test_annotations_may_name_what_the_function_around_defines() -> None:
    model = nn.linear(3, 2)

    @tl.checked
    def f(p: Params[model]) -> Params[model]:
        return p

    class Inner:
        @tl.checked
        def method(self, p: Params[model]) -> None: ...

    right, wrong = model.init(seed=0), nn.linear(2, 3).init(seed=0)
    f(right)
    Inner().method(right)
    message = 'entry 0 ("0.weight") of argument 1 ("p") has shape [3, 2], expected [2, 3]'
    assert refusal(f, wrong) == f"f: {message}"
    assert refusal(Inner().method, wrong) == f"method: {message}"


def test_annotations_may_name_what_comes_later() -> None:
    assert uses_later(Later()) is None
    assert refusal(uses_later, 3) == 'uses_later: argument 1 ("x") must be a Later, got 3'


@tl.checked
def uses_later(x: Later) -> None: ...


class Later:
    pass


def test_a_name_that_only_checkers_know_is_told() -> None:
    @tl.checked
    def f(x: OnlyForCheckers) -> None: ...

    assert refusal(f, 1) == (
        "f: an annotation cannot be read: name 'OnlyForCheckers' is not defined; "
        "define or import it where the function is, not for type checkers alone"
    )


def test_malformed_texts_are_told_when_decorating() -> None:
    def broadcast(x: Float64[Tensor, "#n"]) -> None: ...

    def malformed(x: Float64[Tensor, "2n"]) -> None: ...

    def variadics(x: Float64[Tensor, "*a *b"]) -> None: ...

    def pack(x: TensorPack["*a *b"]) -> None: ...

    assert refusal(tl.checked, broadcast) == (
        'Float64: "#n" marks a broadcast, which Tensor does not have; '
        "broadcasting is explicit here: write the sizes as they are"
    )
    assert refusal(tl.checked, malformed) == (
        'Float64: "2n" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //'
    )
    assert refusal(tl.checked, variadics) == (
        'variadics: the annotation of "x", Float64[Tensor, "*a *b"], cannot be read: '
        "Cannot use variadic specifiers (`*name` or `...`) more than once."
    )
    assert refusal(tl.checked, pack) == (
        'TensorPack: "*a *b" has two variadic parts; a shape may have at most one of *name and ...'
    )


def test_coroutines_are_checked_each_with_its_own_sizes() -> None:
    @tl.checked
    async def f(x: Float64[Tensor, "n"], y: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        await asyncio.sleep(0.001)
        tl.ensure(y, "n")
        return y if y.shape[0] < 5 else tl.ones(1)

    async def run() -> list[Any]:
        sizes = [(2, 2), (3, 3), (5, 5), (2, 3)]
        calls = [f(tl.ones(a), tl.ones(b)) for a, b in sizes]
        return await asyncio.gather(*calls, return_exceptions=True)

    first, second, third, fourth = asyncio.run(run())
    assert (first.shape, second.shape) == ((2,), (3,))
    assert str(third) == 'f: dimension "n" is 5 in argument 1 ("x") but 1 in the result'
    assert str(fourth) == 'f: dimension "n" is 2 in argument 1 ("x") but 3 in argument 2 ("y")'
    assert asyncio.iscoroutinefunction(f)


def test_a_generator_has_its_arguments_checked_at_the_call() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"], count: int) -> Iterator[Float64[Tensor, "n"]]:
        for _ in range(count):
            yield x

    assert len(list(f(tl.ones(2), 3))) == 3
    assert refusal(f, tl.ones((2, 2)), 3) == 'f: argument 1 ("x") has shape [2, 2], expected [n]'
    assert refusal(f, tl.ones(2), "a") == 'f: argument 2 ("count") must be an int, got "a"'


def test_recursion() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
        if x.shape[0] > 1:
            f(x[1:])
        return tl.ensure(x, "n")

    assert f(tl.ones(4)).shape == (4,)


def test_derivatives_of_checked_functions() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
        return tl.sum(x**2)

    x = tl.tensor([1.0, 2.0])
    for mode in (tl.eager, tl.compiled):
        with mode():
            assert tl.autograd.fn.grad(f, x).numpy().tolist() == [2.0, 4.0]
            assert tl.autograd.fn.hessian(f, x).tensor.shape == (2, 2)
    assert refusal(tl.autograd.fn.grad, f, tl.ones((2, 2))) == ('f: argument 1 ("x") has shape [2, 2], expected [n]')
