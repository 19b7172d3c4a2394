"""Lists, tuples and dicts that are given: each of their items has to fit, also of what is put in by ``*`` and ``**``."""

from collections.abc import Iterable, Mapping, Sequence

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack

Three = Float64[Tensor, "3"]
Four = Float64[Tensor, "4"]


@tl.checked
def sequence(xs: Sequence[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return tl.sum(tl.stack([*xs]), axis=0)


@tl.checked
def iterable(xs: Iterable[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return sequence([*xs])


@tl.checked
def nested(xs: Sequence[Sequence[Float64[Tensor, "n"]]]) -> Float64[Tensor, "n"]:
    return sequence(xs[0])


@tl.checked
def mapping(xs: Mapping[str, Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return sequence([*xs.values()])


@tl.checked
def all_of(*xs: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return sequence(xs)


def of_one_shape(x: Three, xs: list[Three], ys: dict[str, Three], name: str) -> None:
    reveal_type(sequence([x, *xs]))  # R: Float64[Tensor, "3"]
    reveal_type(sequence([*xs, *ys.values()]))  # R: Float64[Tensor, "3"]
    reveal_type(sequence(xs + [x] * 2))  # R: Float64[Tensor, "3"]
    reveal_type(nested([xs, [x, *xs], *[xs]]))  # R: Float64[Tensor, "3"]
    reveal_type(nested([[one * 2.0 for one in xs] for _ in range(3)]))  # R: Float64[Tensor, "3"]
    reveal_type(iterable((x, *xs)))  # R: Float64[Tensor, "3"]
    reveal_type(mapping({**ys, "a": x, name: x}))  # R: Float64[Tensor, "3"]
    reveal_type(all_of(x, *[x, *xs]))  # R: Float64[Tensor, "3"]


def of_two(x: Three, y: Four, ys: list[Four], pair: tuple[Four, Four], held: dict[str, Four], name: str) -> None:
    sequence([x, *ys])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence([x, *pair])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence([x, *[y, y]])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence([x, *held.values()])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence([x] + ys)  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence((x, *ys))  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    iterable([*ys, x])  # E: shape: iterable: dimension "n" is 4 in item 0 of argument 1 ("xs") but 3 in item 1 of argument 1 ("xs")
    iterable(one for one in (x, y))  # E: shape: iterable: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    nested([[x], [one * 2.0 for one in ys]])  # E: shape: nested: dimension "n" is 3 in item 0 of item 0 of argument 1 ("xs") but 4 in item 0 of item 1 of argument 1 ("xs")
    nested([[x, *ys] for _ in range(3)])  # E: shape: nested: dimension "n" is 3 in item 0 of item 0 of argument 1 ("xs") but 4 in item 1 of item 0 of argument 1 ("xs")
    all_of(*[x, *ys])  # E: shape: all_of: dimension "n" is 3 in argument 1 ("xs") but 4 in argument 2 ("xs")
    mapping({**held, "a": x})  # E: shape: mapping: dimension "n" is 4 in a value of argument 1 ("xs") but 3 in item "a" of argument 1 ("xs")
    mapping({name: x, "b": y})  # E: shape: mapping: dimension "n" is 3 in value 0 of argument 1 ("xs") but 4 in item "b" of argument 1 ("xs")


def of_several(
    x: Three, one: Three | Four, several: list[Three | Four], pack: TensorPack["3, 4"], same: TensorPack["3, 3"]
) -> None:
    reveal_type(sequence([one] * 3))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(sequence([one for _ in range(3)]))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(sequence([one, one * 2.0]))  # R: Float64[Tensor, "3"] | Float64[Tensor, "4"]
    reveal_type(iterable(same))  # R: Float64[Tensor, "3"]
    reveal_type(sequence([p * 2.0 for p in same]))  # R: Float64[Tensor, "3"]
    sequence([p * 2.0 for p in pack])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    iterable(p * 2.0 for p in pack)  # E: shape: iterable: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
    sequence([x, *several])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")


v = tl.zeros(3)
of_one_shape(v, [v], {"a": v}, "b")
reveal_type(sequence([v, *[v, v]]))  # R: Float64[Tensor, "3"]
sequence([v, *[tl.zeros(4)]])  # E: shape: sequence: dimension "n" is 3 in item 0 of argument 1 ("xs") but 4 in item 1 of argument 1 ("xs")
mapping({**{"a": v}, "b": tl.zeros(4)})  # E: shape: mapping: dimension "n" is 3 in item "a" of argument 1 ("xs") but 4 in item "b" of argument 1 ("xs")
