"""Objects of classes with sizes as arguments and results of checked functions, and who else reads the annotations."""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import pytest
from beartype import beartype
from beartype.roar import BeartypeCallHintViolation
from jaxtyping import Float64, jaxtyped

import torchlean_typed as tl
from torchlean_typed import ShapeError, Tensor
from torchlean_typed.shapes.class_names import Mention, shared_names, sizes_of
from torchlean_typed.shapes.dim import symbol


class State(NamedTuple):
    pos: Float64[Tensor, "n 3"]
    vel: Float64[Tensor, "n 3"]


@dataclass
class Image:
    pixels: Float64[Tensor, "*batch h w"]


FOUR, FIVE = (State(tl.zeros((n, 3)), tl.zeros((n, 3))) for n in (4, 5))


@tl.checked
def first(s: State) -> State:
    return State(s.pos[1:], s.vel[1:])


@tl.checked
def several(
    some: list[Annotated[State, "k"]],
    named: dict[str, Annotated[State, "k"]],
    last: Annotated[State, "k"] | None = None,
) -> None: ...


def test_a_result_is_compared_with_the_arguments() -> None:
    with pytest.raises(ShapeError, match=r'^first: dimension "n" is 4 in argument 1 \("s"\) but 3 in the result$'):
        first(FOUR)


def test_an_object_that_is_at_odds_with_itself_is_told_by_its_fields() -> None:
    with pytest.raises(ShapeError, match=r'is 4 in argument 1 \("s"\)\.pos, .* but 5 in argument 1 \("s"\)\.vel'):
        first(State(FOUR.pos, FIVE.vel))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (([FOUR, FIVE], {}), '"n" of item 0 of argument 1 ("some") but 5 in "n" of item 1 of argument 1 ("some")'),
        (([FOUR], {"a": FIVE}), 'but 5 in "n" of item "a" of argument 2 ("named")'),
        (([FOUR], {}, FIVE), 'but 5 in "n" of argument 3 ("last")'),
        (([FOUR], {}, 3), 'argument 3 ("last") must be a State or None, got 3'),
    ],
)
def test_sizes_that_are_said_hold_within_containers(arguments: tuple[Any, ...], problem: str) -> None:
    several([FOUR, FOUR], {"a": FOUR}, FOUR)
    several([], {})
    with pytest.raises(ShapeError) as told:
        several(*arguments)
    assert problem in str(told.value)


def test_another_number_of_sizes_is_told_when_decorating() -> None:
    with pytest.raises(ShapeError, match=r'^State: has 1 size, "n", in this order; got \[a, b\]$'):

        @tl.checked
        def wrong(s: Annotated[State, "a b"]) -> None: ...


def test_texts_of_others_are_theirs() -> None:
    @tl.checked
    def counted(count: Annotated[int, "how many there are"], s: State) -> int:
        return count

    assert counted(3, FOUR) == 3


def test_beartype_and_jaxtyping_see_the_class() -> None:
    @beartype
    def plain(s: Annotated[State, "2*m"]) -> Annotated[State, "m"]:
        return s

    @jaxtyped(typechecker=beartype)
    def both(s: list[Annotated[State, "m"]]) -> Annotated[State, "m//2"]:
        return s[0]

    assert plain(FOUR) is both([FOUR]) is FOUR
    with pytest.raises(BeartypeCallHintViolation):
        plain(3)  # type: ignore[arg-type]


def test_a_variadic_takes_as_many_sizes_as_there_are() -> None:
    h, w = symbol("h"), symbol("w")
    assert sizes_of("Image", ["*batch", "h", "w"], "2 3 h w") == [(2, 3), (h,), (w,)]
    assert sizes_of("Image", ["*batch", "h", "w"], "h w") == [(), (h,), (w,)]
    with pytest.raises(ShapeError, match=r'has 3 sizes, "\*batch" "h" "w"'):
        sizes_of("Image", ["*batch", "h", "w"], "w")


def mention(names: str, cls: str, is_layer: bool = False, is_repeated: bool = False) -> Mention:
    return Mention(frozenset(names.split()), frozenset({cls}), is_layer, is_repeated)


@pytest.mark.parametrize(
    ("parameters", "results", "taken", "given", "expected"),
    [
        ([mention("n", "A")], [], "", "", [""]),
        ([mention("n", "A")], [], "n", "", ["n"]),
        ([mention("n m", "A")], [], "", "m", ["n m"]),
        ([mention("n", "A")], [mention("n", "A")], "", "", ["n", "n"]),
        ([mention("n", "A"), mention("n", "A")], [mention("n", "A")], "n", "", ["", "", ""]),
        ([mention("n", "A", is_repeated=True)], [], "n", "", [""]),
        ([mention("n m", "A"), mention("n", "B")], [], "", "", ["n m", "n"]),
        ([mention("n m", "A"), mention("n k", "B")], [], "n", "", ["", ""]),
        ([mention("n m", "A"), mention("n k", "B")], [], "m", "", ["m", ""]),
        ([mention("i o", "A", True), mention("i o", "B", True)], [], "i", "o", ["", ""]),
        ([mention("h i", "A", True), mention("i o", "B", True)], [], "b i", "b o", ["", "o"]),
        ([], [mention("n m", "A")], "n", "", ["n"]),
        ([mention("n", "A")], [mention("n", "A"), mention("n", "A")], "", "", ["", "", ""]),
    ],
)
def test_which_names_are_the_signatures(
    parameters: list[Mention], results: list[Mention], taken: str, given: str, expected: list[str]
) -> None:
    shared, returned = shared_names(parameters, results, frozenset(taken.split()), frozenset(given.split()))
    assert [*shared, *returned] == [frozenset(names.split()) for names in expected]
