"""mypy's messages about shaped types, said in shapes."""

from __future__ import annotations

import pytest

from torchlean_mypy.words.type_text import TypeText, readable_signature
from torchlean_mypy.words.wording import mismatch, readable

RETURN = 'Incompatible return value type (got "{}", expected "{}")'
PACK = "TensorPack[tuple[tuple[32, 64], tuple[32]], Any]"


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        ("Tensor[float64, n, m]", "Tensor[float64, m, n]", "shape [n, m], expected [m, n]; did you mean .mT?"),
        ("Tensor[float64, n]", "Tensor[float64]", "shape [n], expected []"),
        ("Tensor[float64, *tuple[Any, ...], 3]", "Tensor[float32, 3]", "dtype float64, expected float32"),
        ("Tensor[float64, int, 4]", "Tensor[float64, 3, 5]", "shape [_, 4], expected [3, 5]"),
        ("Tensor[float64, 2*n, *b]", "Tensor[float64, *b] | None", "shape [2*n, *b], expected [*b]"),
        ("Tensor[float64, n] | Tensor[float64, m]", "Tensor[float64, n]", "shape [n] or [m], expected [n]"),
        ("ndarray[tuple[n, m], dtype[Any]]", "ndarray[tuple[n], dtype[Any]]", "shape [n, m], expected [n]"),
    ],
)
def test_a_wrong_result_is_said_in_shapes(got: str, expected: str, said: str) -> None:
    error = mismatch(RETURN.format(got, expected), "f")
    assert error is not None
    assert error.message == f"f: the result has {said}"


def test_what_is_wrong_within_a_tuple_or_a_pack_is_named() -> None:
    pair = mismatch(RETURN.format("tuple[Tensor[float64, n], int]", "tuple[Tensor[float64, m], int]"), "f")
    entry = mismatch(RETURN.format(PACK, PACK.replace("tuple[32]", "tuple[64]")), "f")
    count = mismatch(RETURN.format(PACK, "TensorPack[tuple[tuple[32, 64]], Any]"), "f")
    assert [str(error) for error in (pair, entry, count)] == [
        "f: item 0 of the result has shape [n], expected [m]",
        "f: entry 1 of the result has shape [32], expected [64]",
        "f: the result has 2 entries, expected 1",
    ]


@pytest.mark.parametrize(
    ("got", "expected"),
    [("Tensor[float64, n] | None", "Tensor[float64, n]"), ("int", "Tensor[float64]"), ("Any", "str")],
)
def test_what_is_not_about_shapes_is_left_to_mypy(got: str, expected: str) -> None:
    assert mismatch(RETURN.format(got, expected), "f") is None


def test_a_function_in_a_note_is_said_as_it_is_written() -> None:
    printed = "def [b: int] __call__(self, x: Tensor[float64, b, 5]) -> Tensor[float64, b, 3]"
    written = "def __call__(self, x: Float64[Tensor, 'b 5']) -> Float64[Tensor, 'b 3']"
    assert readable(f'"Net.__call__" has type "{printed}"') == f'"Net.__call__" has type "{written}"'


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("Tensor[float64, n, *tuple[Any, ...]]", "Float64[Tensor, 'n ...']"),
        ("Tensor[Any, *tuple[Any, ...]]", "Tensor"),
        ("Callable[[Tensor[float32, *?b, 3]], Dim[n]]", "Callable[[Float32[Tensor, '*b 3']], Dim['n']]"),
        (f"list[{PACK}] | None", "list[TensorPack['32 64, 32']] | None"),
        ("Seq[tuple[*?b, 4], tuple[*?b, 3], tuple[tuple[3, 4], tuple[3]], Any, Any]", "Seq['*b 4', '*b 3', '3 4, 3']"),
        ("str", "str"),
    ],
)
def test_types_stand_as_in_annotations(printed: str, written: str) -> None:
    assert TypeText(printed).readable == written
    assert TypeText(written).readable == written


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (
            "    def [b: int, n: int] call(self, x: Tensor[float64, b, n]) -> Tensor[float32, n, b]",
            "    def call(self, x: Float64[Tensor, 'b n']) -> Float32[Tensor, 'n b']",
        ),
        (
            "def [T, *s, n: int] of(x: T, *y: list[Tensor[float64, *s, n]], z: int = ...) -> None",
            "def [T] of(x: T, *y: list[Float64[Tensor, '*s n']], z: int = ...) -> None",
        ),
        ("This violates the Liskov substitution principle", "This violates the Liskov substitution principle"),
    ],
)
def test_a_signature_in_a_note_is_said_as_it_is_written(printed: str, said: str) -> None:
    assert readable_signature(printed) == said
