"""Subscription at run time: classes for texts, generics for type variables, and what isinstance says of values."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args, get_origin

import pytest
from beartype import beartype
from jaxtyping import Float64, TypeCheckError, jaxtyped

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Params, Rows, Seq, ShapeError, Tensor, TensorPack, autograd, loss, nn

A, B, C = TypeVar("A"), TypeVar("B"), TypeVar("C")
PACK = TensorPack.of(tl.ones((2, 3)), tl.ones(2))
MODEL = nn.linear(3, 2)
ROWS = autograd.fn.jacrev(lambda x: tl.ones((5, 3)) @ x, tl.ones(3))


@pytest.mark.parametrize(
    ("value", "right", "wrong"),
    [
        (PACK, TensorPack["n m, n"], TensorPack["n m, m"]),
        (PACK, TensorPack["2 3, 2"], TensorPack["2 3"]),
        (PACK, TensorPack["n+1 2*m+1, 2*m"], TensorPack["2*n 3, 2*n+1"]),
        (PACK, TensorPack["..., *a"], TensorPack["*a, *a"]),
        (TensorPack.of(), TensorPack[""], TensorPack["3"]),
        (TensorPack.of(tl.ones(())), TensorPack["()"], TensorPack["1"]),
        (MODEL, Seq["*b 3", "*b 2"], Seq["*b 2", "*b 3"]),
        (MODEL, Seq["*b n", "*b m", "m n, m"], Seq["*b n", "*b m", "n m, m"]),
        (MODEL, Seq["5 3", "5 2"], Seq["5 3", "4 2"]),
        (nn.relu(), Seq["*b 3", "*b 3"], Seq["*b 3", "*b 4"]),
        (loss.mse(), OutputLoss["b 10", "b 10"], OutputLoss["b 10", "b 9"]),
        (ROWS, Rows["5", Float64[Tensor, "3"]], Rows["4", Float64[Tensor, "3"]]),
        (ROWS, Rows["n", Float64[Tensor, "n-2"]], Rows["n", Float64[Tensor, "n"]]),
        (MODEL.init(seed=0), Params[MODEL], Params[nn.linear(2, 3)]),
        (4, Dim["4"], Dim["5"]),
        (4, Dim["2*k"], Dim["2*k+1"]),
        (4, Dim["n"], TensorPack["n"]),
    ],
)
def test_isinstance(value: object, right: Any, wrong: Any) -> None:
    assert isinstance(value, right)
    assert not isinstance(value, wrong)
    assert not isinstance(None, right)
    assert not isinstance(tl.ones(3), right)


def test_one_annotation_is_one_class() -> None:
    assert TensorPack["2 3, 2"] is TensorPack["2 3, 2"]
    assert Rows["n", Float64[Tensor, "3"]] is not Rows["m", Float64[Tensor, "3"]]
    assert repr(TensorPack["2 3, 2"]) == "<class 'torchlean_typed.TensorPack[\"2 3, 2\"]'>"
    assert Params[MODEL].__name__ == 'TensorPack["2 3, 2"]'


def test_type_variables_make_generics() -> None:
    for generic, origin, given in [
        (Seq[A, B, C], Seq, (A, B, C)),
        (TensorPack[A], TensorPack, (A,)),
        (Rows[A, B], Rows, (A, B)),
        (OutputLoss[A, B], OutputLoss, (A, B)),
        (Rows[A, TensorPack["2"]], Rows, (A, TensorPack["2"])),
    ]:
        assert get_origin(generic) is origin
        assert get_args(generic)[: len(given)] == given
    assert list[TensorPack["2"]] != list[TensorPack["3"]]

    class Own(TensorPack[A]):
        pass

    assert issubclass(Own, TensorPack)


@pytest.mark.parametrize(
    ("subscribe", "message"),
    [
        (
            lambda: TensorPack["*a *b"],
            'TensorPack: "*a *b" has two variadic parts; a shape may have at most one of *name and ...',
        ),
        (
            lambda: TensorPack["n, #m"],
            'TensorPack: "#m" marks a broadcast, which Tensor does not have; '
            "broadcasting is explicit here: write the sizes as they are",
        ),
        (
            lambda: TensorPack["b, 2n"],
            'TensorPack: "2n" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //',
        ),
        (
            lambda: Seq["*b 3", "b)"],
            'Seq: "b)" is not a dimension; a dimension is a size, a name, or names and sizes with + - * //',
        ),
        (lambda: Seq["*b 3"], "Seq: takes 2 or 3 texts of shapes, got 1"),
        (lambda: OutputLoss["b"], "OutputLoss: takes 2 texts of shapes, got 1"),
        (lambda: TensorPack["b", "c"], "TensorPack: takes 1 text of shapes, got 2"),
        (lambda: TensorPack["b", A], "TensorPack: takes texts of shapes or type variables, not both"),
        (lambda: Rows["10"], 'Rows: takes a dimension and a row, as in Rows["10", Float64[Tensor, "64"]]'),
        (lambda: Rows["10", "64"], 'Rows: takes a dimension and a row, as in Rows["10", Float64[Tensor, "64"]]'),
        (lambda: Rows["10 2", Tensor], 'Rows: "10 2" is not one dimension'),
        (lambda: Dim["n m"], 'Dim: "n m" is not one dimension'),
        (lambda: Dim["*n"], 'Dim: "*n" is not one dimension'),
        (lambda: Dim["-3"], 'Dim: dimension "-3" is negative; a size is 0 or more'),
        (lambda: Dim[3], 'Dim: takes the text of one dimension, as in Dim["n"], got 3'),
        (lambda: Params["model"], 'Params: takes a variable that is a model, as in Params[model], got "model"'),
        (
            lambda: Params[nn.linear],
            "Params: takes a variable that is a model, as in Params[model], got the function linear",
        ),
    ],
)
def test_malformed_annotations(subscribe: Callable[[], Any], message: str) -> None:
    with pytest.raises(ShapeError) as raised:
        subscribe()
    assert str(raised.value) == message


def test_annotations_are_not_called() -> None:
    with pytest.raises(TypeError, match="Dim is not called: any int is one"):
        Dim(3)  # type: ignore[operator]
    with pytest.raises(TypeError, match=r"Params is not called: parameters are made by model.init\(seed\)"):
        Params(3)


@jaxtyped(typechecker=beartype)
def plain(p: TensorPack["n m, n"], x: Float64[Tensor, "m"], n: Dim["n"]) -> Float64[Tensor, "n"]:
    assert isinstance(tl.ones((2, 3)), Float64[Tensor, "n m"])
    return tl.ones(n)


def test_plain_jaxtyped_functions_share_the_names() -> None:
    assert plain(PACK, tl.ones(3), 2).shape == (2,)
    for args in [(PACK, tl.ones(4), 2), (PACK, tl.ones(3), 3), (TensorPack.of(tl.ones(2)), tl.ones(3), 2)]:
        with pytest.raises(TypeCheckError):
            plain(*args)


@jaxtyped(typechecker=beartype)
def plain_models(
    m: Seq["*b k", "*b n"], f: OutputLoss["b n", "b n"], r: Rows["r", Float64[Tensor, "k"]], x: Float64[Tensor, "b n r"]
) -> None: ...


def test_plain_jaxtyped_functions_with_models_losses_and_rows() -> None:
    plain_models(MODEL, loss.mse(), ROWS, tl.ones((7, 2, 5)))
    for shape in [(7, 3, 5), (7, 2, 4)]:
        with pytest.raises(TypeCheckError):
            plain_models(MODEL, loss.mse(), ROWS, tl.ones(shape))


def test_jaxtyping_alone() -> None:
    @jaxtyped(typechecker=beartype)
    def f(x: Float64[Tensor, "b 3"], y: Float64[Tensor, "b"]) -> Float64[Tensor, "b"]:
        return y

    assert f(tl.ones((2, 3)), tl.ones(2)).shape == (2,)
    with pytest.raises(TypeCheckError):
        f(tl.ones((2, 3)), tl.ones(3))
    assert isinstance(tl.ones((2, 3)), Float64[Tensor, "b 3"])
    assert not isinstance(tl.ones((2, 3)), Float64[Tensor, "b 4"])


def test_beartype_tells_what_is_wrong() -> None:
    @beartype
    def f(p: TensorPack["n n"]) -> None: ...

    with pytest.raises(Exception, match="entry 0 of the value has shape"):
        f(TensorPack.of(tl.ones((2, 3))))
