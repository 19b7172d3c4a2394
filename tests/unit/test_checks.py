"""tl.checked: arguments and results against their annotations, in the words of the plugin."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, Optional, Protocol, Self, TypeVar

import numpy as np
import pytest
from jaxtyping import Bool, Float, Float32, Float64, Int, Shaped, UInt

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Params, Rows, Seq, ShapeError, Tensor, TensorPack, autograd, loss, nn

model = nn.Seq(nn.linear(64, 32), nn.relu(), nn.linear(32, 10))
params = model.init(seed=0)
P, In, Out = TypeVar("P"), TypeVar("In"), TypeVar("Out")


def refusal(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ShapeError) as raised:
        function(*args, **kwargs)
    return str(raised.value)


@tl.checked
def scaled(x: Float64[Tensor, "b 3"], y: Float64[Tensor, "b"]) -> Float64[Tensor, "b"]:
    return y


def test_a_call_that_fits_gives_what_the_function_gives() -> None:
    x, y = tl.ones((2, 3)), tl.ones(2)
    assert scaled(x, y) is y
    assert scaled(y=y, x=x) is y
    assert scaled(x, y=y) is y


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (
            tl.ones((2, 3)),
            tl.ones(4),
            'scaled: dimension "b" is 2 in argument 1 ("x"), [b=2, 3], but 4 in argument 2 ("y")',
        ),
        (tl.ones((2, 4)), tl.ones(2), 'scaled: argument 1 ("x") has shape [2, 4], expected [b, 3]'),
        (tl.ones(3), tl.ones(2), 'scaled: argument 1 ("x") has shape [3], expected [b, 3]'),
        (tl.ones((2, 3), np.float32), tl.ones(2), 'scaled: argument 1 ("x") has dtype float32, expected float64'),
        (
            np.ones((2, 3)),
            tl.ones(2),
            'scaled: argument 1 ("x") must be a Tensor, got ndarray; wrap arrays with tl.from_numpy',
        ),
        ([[1.0]], tl.ones(2), 'scaled: argument 1 ("x") must be a Tensor, got list; make a tensor with tl.tensor'),
        (None, tl.ones(2), 'scaled: argument 1 ("x") must be a Tensor, got None'),
        (
            params,
            tl.ones(2),
            'scaled: argument 1 ("x") must be a Tensor, got TensorPack; take one entry of the TensorPack',
        ),
    ],
)
def test_an_argument_that_does_not_fit(x: Any, y: Any, message: str) -> None:
    assert refusal(scaled, x, y) == message
    assert refusal(scaled, x, y=y) == message


def test_a_call_that_does_not_fit_the_signature_is_pythons_to_refuse() -> None:
    with pytest.raises(TypeError, match=r"scaled\(\) missing 1 required positional argument: 'y'"):
        scaled(tl.ones((2, 3)))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"scaled\(\) got an unexpected keyword argument 'z'"):
        scaled(tl.ones((2, 3)), z=1)  # type: ignore[call-arg]


def test_the_result_is_checked_with_the_sizes_of_the_arguments() -> None:
    @tl.checked
    def wrong_size(x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b"]:
        return tl.ones(7)

    @tl.checked
    def wrong_type(x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b"]:
        return x.numpy()  # type: ignore[return-value]

    @tl.checked
    def wrong_item(x: Float64[Tensor, "b 3"]) -> tuple[Float64[Tensor, "b"], int]:
        return x[:, 0], "a"  # type: ignore[return-value]

    x = tl.ones((2, 3))
    assert refusal(wrong_size, x) == 'wrong_size: dimension "b" is 2 in argument 1 ("x"), [b=2, 3], but 7 in the result'
    assert refusal(wrong_type, x) == (
        "wrong_type: the result must be a Tensor, got ndarray; wrap arrays with tl.from_numpy"
    )
    assert refusal(wrong_item, x) == (
        'wrong_item: the result must be tuple[Float64[Tensor, "b"], int]: '
        "tuple index 1 item str 'a' not instance of int"
    )


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_composite_dimensions_are_solved_in_any_order(order: tuple[str, ...]) -> None:
    texts = {"a": "2*k", "b": "k+1", "c": "k"}
    sizes = {"a": 6, "b": 4, "c": 3}

    source = f"def f({', '.join(order)}):\n    return tl.ones(7)"
    scope: dict[str, Any] = {"tl": tl}
    exec(source, scope)
    f = scope["f"]
    f.__annotations__ = {name: Float64[Tensor, texts[name]] for name in order} | {"return": Float64[Tensor, "2*k+1"]}
    checked = tl.checked(f)
    assert checked(*[tl.ones(sizes[name]) for name in order]).shape == (7,)
    place = order.index("a") + 1, order.index("c") + 1
    assert refusal(checked, *[tl.ones({**sizes, "c": 4, "b": 5}[name]) for name in order]) == (
        f'f: dimension "2*k" of argument {place[0]} ("a") is 6, expected 8, as k is 4 in argument {place[1]} ("c")'
    )


def test_a_composite_dimension_alone_is_solved_for_the_result() -> None:
    @tl.checked
    def halved(x: Float64[Tensor, "2*k"]) -> Float64[Tensor, "k"]:
        return x[:3]

    assert halved(tl.ones(6)).shape == (3,)
    assert refusal(halved, tl.ones(8)) == ('halved: dimension "k" is 4 in argument 1 ("x") but 3 in the result')
    assert refusal(halved, tl.ones(7)) == 'halved: dimension "2*k" of argument 1 ("x") is 7, which no k gives'


def test_a_product_that_cannot_be_solved_is_one_size_all_the_same() -> None:
    @tl.checked
    def flat(x: Float64[Tensor, "h*w"]) -> Float64[Tensor, "h*w"]:
        return x if x.shape[0] == 12 else tl.ones(1)

    assert flat(tl.ones(12)).shape == (12,)
    assert refusal(flat, tl.ones(13)) == 'flat: dimension "h*w" is 13 in argument 1 ("x") but 1 in the result'


def test_variadic_names() -> None:
    @tl.checked
    def both(x: Float64[Tensor, "*batch 3"], y: Float64[Tensor, "*batch"], z: Float64[Tensor, "... 2"]) -> None:
        assert isinstance(y, Float64[Tensor, "*batch"])

    both(tl.ones((4, 5, 3)), tl.ones((4, 5)), tl.ones(2))
    both(tl.ones(3), tl.ones(()), tl.ones((9, 2)))
    assert refusal(both, tl.ones((4, 3)), tl.ones(5), tl.ones(2)) == (
        'both: "*batch" is [4] in argument 1 ("x") but [5] in argument 2 ("y")'
    )


@pytest.mark.parametrize(
    ("annotation", "dtype", "expected"),
    [
        (Float64, "float32", "float64"),
        (Float, "int64", "floating"),
        (Int, "uint8", "signed integer"),
        (UInt, "int8", "unsigned integer"),
        (Bool, "float64", "bool"),
        (Float32, "bool", "float32"),
    ],
)
def test_dtypes(annotation: Any, dtype: str, expected: str) -> None:
    def f(x: Any) -> Any:
        return None

    f.__annotations__ = {"x": annotation[Tensor, "n"]}
    right = {"floating": "float16", "signed integer": "int8", "unsigned integer": "uint64"}.get(expected, expected)
    checked = tl.checked(f)
    checked(tl.zeros(2, dtype=right))
    assert refusal(checked, tl.zeros(2, dtype=dtype)) == (f'f: argument 1 ("x") has dtype {dtype}, expected {expected}')


def test_shaped_takes_any_dtype() -> None:
    @tl.checked
    def f(x: Shaped[Tensor, "n"]) -> Shaped[Tensor, "n"]:
        return x

    for dtype in ("bool", "int8", "float32"):
        f(tl.zeros(2, dtype=dtype))


@tl.checked
def rows_of(n: Dim["n"], x: Float[Tensor, "n"], m: Dim["2*n"] = 6) -> Float[Tensor, "n n"]:
    return tl.eye(n)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((4, tl.ones(3)), 'rows_of: dimension "n" is 4 in argument 1 ("n") but 3 in argument 2 ("x")'),
        ((3.0, tl.ones(3)), 'rows_of: argument 1 ("n") must be an int, got 3.0'),
        ((True, tl.ones(1)), 'rows_of: argument 1 ("n") must be an int, got True'),
        ((np.int64(3), tl.ones(3)), 'rows_of: argument 1 ("n") must be an int, got int64 3; convert it with int(...)'),
        ((tl.ones(3), 3), 'rows_of: argument 1 ("n") must be an int, got Tensor; the order is rows_of(n, x, m)'),
        (
            (3, tl.ones(3), 5),
            'rows_of: dimension "2*n" of argument 3 ("m") is 5, expected 6, as n is 3 in argument 1 ("n")',
        ),
    ],
)
def test_dims(args: tuple[Any, ...], message: str) -> None:
    assert rows_of(3, tl.ones(3)).shape == (3, 3)
    assert refusal(rows_of, *args) == message


@tl.checked
def step(params: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b 10"]) -> Params[model]:
    return params - 0.1 * autograd.model.grad_params(model, loss.mse(), params, x, y)


@pytest.mark.parametrize(
    ("pack", "message"),
    [
        (
            nn.linear(64, 10).init(seed=0),
            'step: argument 1 ("params") has 2 entries, expected 4; '
            "shapes: expected [32 64, 32, 10 32, 10], got [10 64, 10]",
        ),
        (
            TensorPack.of(*[params[i] for i in (1, 0, 2, 3)]),
            'step: entry 0 of argument 1 ("params") has shape [32], expected [32, 64]; '
            "are the entries in the right order?",
        ),
        (
            TensorPack.named(dict(zip("wxyz", params, strict=True))),
            'step: entry 0 of argument 1 ("params") is "w", expected "0.weight"; '
            "are the entries in the right order, of the right model?",
        ),
        (
            list(params),
            'step: argument 1 ("params") must be a TensorPack, got list; '
            'make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})',
        ),
    ],
)
def test_params_of_a_model(pack: Any, message: str) -> None:
    x, y = tl.ones((5, 64)), tl.ones((5, 10))
    assert step(params, x, y).shapes == params.shapes
    assert step(TensorPack.of(*params), x, y).shapes == params.shapes
    assert refusal(step, pack, x, y) == message


def test_arguments_in_each_others_place() -> None:
    assert refusal(step, tl.ones((5, 64)), params, tl.ones((5, 10))) == (
        'step: argument 1 ("params") must be a TensorPack, got Tensor; the order is step(params, x, y)'
    )


@tl.checked
def packed(p: TensorPack["n m, n"], x: Float64[Tensor, "m"]) -> TensorPack["n m, n"]:
    return p


def test_packs_share_names_with_tensors() -> None:
    w, b, x = tl.ones((2, 3)), tl.ones(2), tl.ones(3)
    packed(TensorPack.of(w, b), x)
    assert refusal(packed, TensorPack.of(w, b), tl.ones(4)) == (
        'packed: dimension "m" is 3 in entry 0 of argument 1 ("p"), [n=2, m=3], but 4 in argument 2 ("x")'
    )
    assert refusal(packed, TensorPack.named({"w": w, "b": x}), x) == (
        'packed: dimension "n" is 2 in entry 0 ("w") of argument 1 ("p"), [n=2, m=3], '
        'but 3 in entry 1 ("b") of argument 1 ("p")'
    )
    assert refusal(packed, TensorPack.of(w), x) == (
        'packed: argument 1 ("p") has 1 entry, expected 2; shapes: expected [n m, n], got [2 3]'
    )


@tl.checked
def applied(m: Seq["*b n", "*b k", "k n, k"], x: Float64[Tensor, "*batch n"]) -> Float64[Tensor, "*batch k"]:
    return m(m.init(seed=0), x)


@pytest.mark.parametrize(
    ("m", "x", "message"),
    [
        (
            nn.linear(4, 3),
            tl.ones(5),
            'applied: dimension "n" is 4 in the input of argument 1 ("m") but 5 in argument 2 ("x")',
        ),
        (
            nn.linear(4, 3) >> nn.linear(3, 2),
            tl.ones(4),
            'applied: the parameter pack of argument 1 ("m") has 4 entries, expected 2; '
            "shapes: expected [k n, k], got [3 4, 3, 2 3, 2]",
        ),
        (nn.relu, tl.ones(4), 'applied: argument 1 ("m") must be a Seq, got the function relu; call it: nn.relu()'),
        (
            len,
            tl.ones(4),
            'applied: argument 1 ("m") must be a Seq, got the function len; wrap a function with nn.layer',
        ),
    ],
)
def test_models_share_names_with_tensors(m: Any, x: Any, message: str) -> None:
    assert applied(nn.linear(4, 3), tl.ones((2, 5, 4))).shape == (2, 5, 3)
    assert refusal(applied, m, x) == message


def test_a_models_input_and_output() -> None:
    @tl.checked
    def f(m: Seq["*b 64", "*b 10"]) -> None: ...

    f(model)
    assert refusal(f, nn.linear(63, 10)) == ('f: the input of argument 1 ("m") has shape [*b, 63], expected [*b, 64]')
    assert refusal(f, nn.linear(64, 9)) == ('f: the output of argument 1 ("m") has shape [*b, 9], expected [*b, 10]')


def test_losses() -> None:
    @tl.checked
    def same(f: OutputLoss["b 10", "b 10"], y: Float64[Tensor, "b 10"]) -> Float64[Tensor, ""]:
        return f(y, y)

    @tl.checked
    def classes(f: OutputLoss["b 10", "b"], y: Float64[Tensor, "b"]) -> None: ...

    def own(output: Float64[Tensor, "k 10"], target: Float64[Tensor, "k"]) -> Float64[Tensor, ""]:
        return tl.sum(output)

    y = tl.ones((5, 10))
    same(loss.mse(), y)
    classes(OutputLoss(own), tl.ones(5))
    assert refusal(classes, loss.mse(), tl.ones(5)) == (
        'classes: the target of argument 1 ("f") has shape [b, 10], expected [b]'
    )
    assert refusal(same, OutputLoss(own), y) == ('same: the target of argument 1 ("f") has shape [k], expected [b, 10]')
    assert refusal(same, loss.mse, y) == (
        'same: argument 1 ("f") must be an OutputLoss, got the function mse; call it: loss.mse()'
    )


def test_rows() -> None:
    @tl.checked
    def f(r: Rows["10", Float64[Tensor, "n"]], x: Float64[Tensor, "n"]) -> Float64[Tensor, "10 n"]:
        return r.tensor

    @tl.checked
    def packs(r: Rows["n", TensorPack["n m, n"]]) -> None: ...

    w, x = tl.ones((10, 4)), tl.ones(4)
    rows = autograd.fn.jacrev(lambda x: w @ x, x)
    f(rows, x)
    packs(autograd.model.jacrev_params(nn.linear(4, 3), nn.linear(4, 3).init(seed=0), x))
    assert refusal(f, autograd.fn.jacrev(lambda x: x, x), x) == (
        'f: the number of rows of argument 1 ("r") is 4, expected 10'
    )
    assert refusal(f, rows, tl.ones(5)) == (
        'f: dimension "n" is 4 in a row of argument 1 ("r") but 5 in argument 2 ("x")'
    )
    assert refusal(f, w, x) == 'f: argument 1 ("r") must be Rows, got Tensor'


def test_type_variables_of_generic_code() -> None:
    @tl.checked
    def f(m: Seq[In, Out, P], p: TensorPack[P]) -> TensorPack[P]:
        return p

    f(model, params)
    f(nn.relu(), TensorPack.of())
    assert refusal(f, model, nn.linear(64, 10).init(seed=0)) == (
        'f: argument 2 ("p") has 2 entries, the parameter pack of argument 1 ("m") has 4; '
        'shapes: the parameter pack of argument 1 ("m") [32 64, 32, 10 32, 10], argument 2 ("p") [10 64, 10]'
    )


def test_tuples_lists_mappings_and_optionals() -> None:
    @tl.checked
    def f(
        pair: tuple[Float64[Tensor, "a"], Float64[Tensor, "a b"]],
        optional: Optional[Float64[Tensor, "b"]] = None,  # noqa: UP045
        many: list[Float64[Tensor, "b"]] | None = None,
        named: dict[str, Float64[Tensor, "b"]] | None = None,
    ) -> Float64[Tensor, "b"] | None:
        return optional

    x, y = tl.ones(2), tl.ones((2, 3))
    f((x, y))
    f((x, y), tl.ones(3), [tl.ones(3)] * 2, {"z": tl.ones(3)})
    assert refusal(f, (x, tl.ones((3, 3)))) == (
        'f: dimension "a" is 2 in item 0 of argument 1 ("pair") but 3 in item 1 of argument 1 ("pair"), [a=3, b=3]'
    )
    assert refusal(f, (x, y), tl.ones(4)) == (
        'f: dimension "b" is 3 in item 1 of argument 1 ("pair"), [a=2, b=3], but 4 in argument 2 ("optional")'
    )
    assert refusal(f, (x, y), None, [tl.ones(3), tl.ones(4)]) == (
        'f: dimension "b" is 3 in item 1 of argument 1 ("pair"), [a=2, b=3], but 4 in item 1 of argument 3 ("many")'
    )
    assert refusal(f, (x, y), None, None, {"z": tl.ones(4)}) == (
        'f: dimension "b" is 3 in item 1 of argument 1 ("pair"), [a=2, b=3], but 4 in item "z" of argument 4 ("named")'
    )
    assert refusal(f, (x,)) == 'f: argument 1 ("pair") has 1 item, expected 2'
    assert refusal(f, [x, y]) == 'f: argument 1 ("pair") must be a tuple of 2, got list'
    assert refusal(f, (x, y), None, (x,)) == 'f: argument 3 ("many") must be a list, got tuple'
    assert refusal(f, (x, y), None, None, {1: tl.ones(3)}) == (
        'f: argument 4 ("named") must be dict[str, Float64[Tensor, "b"]] or None: dict key int 1 not instance of str'
    )


def test_alternatives_of_several_shapes() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "b 3"] | Float32[Tensor, "b"] | int, y: Float64[Tensor, "b"]) -> None: ...

    f(tl.ones((2, 3)), tl.ones(2))
    f(tl.ones(2, np.float32), tl.ones(2))
    f(7, tl.ones(2))
    assert refusal(f, tl.ones(3, np.float32), tl.ones(2)) == (
        'f: dimension "b" is 3 in argument 1 ("x") but 2 in argument 2 ("y")'
    )
    assert refusal(f, "a", tl.ones(2)) == (
        'f: argument 1 ("x") must be Float64[Tensor, "b 3"], Float32[Tensor, "b"] or an int, got "a"'
    )


def test_each_of_many_arguments_is_numbered() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"], *rest: Float64[Tensor, "n"], **named: Float64[Tensor, "n"]) -> int:
        return len(rest) + len(named)

    x = tl.ones(2)
    assert f(x, x, x, y=x) == 3
    assert refusal(f, x, x, tl.ones(3)) == 'f: dimension "n" is 2 in argument 1 ("x") but 3 in argument 3 ("rest")'
    assert refusal(f, x, y=tl.ones(3)) == 'f: dimension "n" is 2 in argument 1 ("x") but 3 in argument 3 ("y")'


def test_arrays_of_numpy_share_the_names() -> None:
    @tl.checked
    def f(x: Float64[np.ndarray, "b 3"], y: Float64[Tensor, "b"]) -> Float64[np.ndarray, "b"]:
        return x[:, 0]

    x, y = np.ones((2, 3)), tl.ones(2)
    assert f(x, y).shape == (2,)
    assert refusal(f, x, tl.ones(3)) == 'f: dimension "b" is 2 in argument 1 ("x"), [b=2, 3], but 3 in argument 2 ("y")'
    assert refusal(f, tl.ones((2, 3)), y) == (
        'f: argument 1 ("x") must be a NumPy array, got Tensor; take its values with .numpy()'
    )
    assert refusal(f, x.astype(np.float32), y) == 'f: argument 1 ("x") has dtype float32, expected float64'


def test_forms_that_only_jaxtyping_knows_are_left_to_it() -> None:
    @tl.checked
    def f(x: Float64[np.ndarray, "#n"], y: Float64[np.ndarray, "#n"]) -> None: ...

    f(np.ones(1), np.ones(3))
    assert refusal(f, np.ones(2), np.ones((3, 1))) == (
        'f: argument 2 ("y") must be Float64[ndarray, "#n"], got ndarray'
    )


def test_ordinary_types_are_beartypes() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"], count: int, scale: float = 1.0, names: list[str] | None = None) -> str:
        return "a" if count else 3  # type: ignore[return-value]

    x = tl.ones(2)
    assert f(x, 1) == "a"
    assert f(x, 1, 2) == "a"  # an int is a float, as it is to mypy
    assert refusal(f, x, 1.5) == 'f: argument 2 ("count") must be an int, got 1.5'
    assert refusal(f, x, 1, "b") == 'f: argument 3 ("scale") must be a float, got "b"'
    assert refusal(f, x, 1, names=[3]) == (
        'f: argument 4 ("names") must be list[str] or None: list index 0 item int 3 not instance of str'
    )
    assert refusal(f, x, 0) == "f: the result must be a str, got 3"


def test_beartype_has_its_say_after_the_shapes_are_known() -> None:
    """A signature whose shapes were right before is still asked for its ordinary types."""

    @tl.checked
    def f(x: Float64[Tensor, "n"], count: int) -> int:
        return count if count < 5 else "a"  # type: ignore[return-value]

    x = tl.ones(2)
    for _ in range(2):
        assert f(x, 1) == 1
        assert refusal(f, x, "b") == 'f: argument 2 ("count") must be an int, got "b"'
        assert refusal(f, x, 7) == 'f: the result must be an int, got "a"'


def test_defaults_are_arguments_too() -> None:
    three = tl.ones(3)

    @tl.checked
    def f(x: Float64[Tensor, "n"], w: Float64[Tensor, "n"] = three, n: Dim["n"] | None = None) -> None: ...

    f(tl.ones(3))
    f(tl.ones(2), tl.ones(2), 2)
    assert refusal(f, tl.ones(2)) == 'f: dimension "n" is 2 in argument 1 ("x") but 3 in argument 2 ("w")'


def test_the_function_keeps_its_name_its_signature_and_its_text() -> None:
    def f(x: Float64[Tensor, "n"]) -> None:
        """Says what."""

    checked = tl.checked(f)
    assert (checked.__name__, checked.__doc__, checked.__wrapped__) == ("f", "Says what.", f)
    assert inspect.signature(checked) == inspect.signature(f)


def test_a_refused_call_does_not_run() -> None:
    ran = []

    @tl.checked
    def f(x: Float64[Tensor, "n n"]) -> None:
        ran.append(x)

    refusal(f, tl.ones((2, 3)))
    assert ran == []


def test_errors_of_the_body_are_the_bodys() -> None:
    @tl.checked
    def f(x: Float64[Tensor, "n"]) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        f(tl.ones(2))


def test_what_cannot_be_decorated() -> None:
    assert refusal(tl.checked, 3) == "checked: takes a function or a class, got int"


class Quacks(Protocol):
    def quack(self) -> int: ...


def test_what_no_run_time_can_check_is_for_type_checkers_alone() -> None:
    class Fluent:
        @tl.checked
        def add(self, x: Float64[Tensor, "n n"], duck: Quacks) -> Self:
            return self

    fluent = Fluent()
    assert fluent.add(tl.ones((2, 2)), 3) is fluent  # type: ignore[arg-type]
    assert refusal(fluent.add, tl.ones(2), 3) == 'add: argument 1 ("x") has shape [2], expected [n, n]'


def test_other_containers_and_arrays() -> None:
    @tl.checked
    def f(xs: Iterable[Float64[Tensor, "n"]], y: Float64[Any, "n"], z: Float64[Tensor, "n"]) -> None: ...

    x = tl.ones(2)
    f([x, x], np.ones(2), x)
    f(iter([x]), x, x)
    assert refusal(f, (x, tl.ones(3)), x, x) == (
        'f: dimension "n" is 2 in item 0 of argument 1 ("xs") but 3 in item 1 of argument 1 ("xs")'
    )
    assert refusal(f, [x], np.ones(3), x) == 'f: argument 2 ("y") must be Float64[Any, "n"], got ndarray'


def test_what_has_no_annotations_is_as_it_was() -> None:
    part = functools.partial(scaled, tl.ones((2, 3)))
    assert tl.checked(part) is part
    assert tl.checked(len) is len


def test_half_an_annotation() -> None:
    def f(x: Float64) -> None: ...  # type: ignore[valid-type]

    assert refusal(tl.checked, f) == 'Float64: takes an array type and a shape, as in Float64[Tensor, "b 3"]'
