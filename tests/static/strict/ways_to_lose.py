# Ways to lose a shape. Of each line that a function executes, it is reported that its shape is lost, or revealed.
from __future__ import annotations

import asyncio
import copy
import functools
import json
import operator
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast, overload, reveal_type

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, autograd, nn

x, w, v = tl.ones((2, 3)), tl.ones((3, 2)), tl.ones(3)
array = np.ones((2, 3))
anything: Any = 2.0
matrix: Any = tl.ones((3, 2))
n: int = int("1")
yes: bool = n == 1
table: dict[str, Any] = {"w": w}
lists: list[Any] = [x, w]
Vector = Float64[Tensor, "2"] | Float64[Tensor, "3"]
parts: dict[str, Vector] = {"v": v}
vectors: list[Vector] = [v]
grouped: Sequence[tuple[Vector, Vector, Float64[Tensor, "2 3"] | Float64[Tensor, "3 3"]]] = [(v, v, tl.outer(v, v))]
same = [v, v]
same.append(v)
T = TypeVar("T")
U = TypeVar("U")


def unannotated(x, w):  # type: ignore[no-untyped-def]
    return x @ w


def bare(x: Tensor) -> Tensor:
    return x


def both(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    return x, y


def sized(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "_ m"]:
    return x[:1]


def starred(*xs: Any) -> Any:
    return xs[0] @ xs[1]


def first_of(xs: list[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"]:
    return xs[0]


def values_of(xs: dict[str, Float64[Tensor, "n"]]) -> None:
    print(sum(xs.values()))


def outer_of(parts: Sequence[tuple[Float64[Tensor, "n"], Float64[Tensor, "m"], Float64[Tensor, "n m"]]]) -> None:
    print(len(parts))


def all_of(*xs: Float64[Tensor, "n"], **more: Float64[Tensor, "n"]) -> None:
    print(len(xs), len(more))


def of_any(xs: Iterable[Float64[Tensor, "n"]]) -> None:
    print(xs)


def change(step: Step[Float64[Tensor, "n"], Float64[Tensor, "n"]]) -> None:
    print(step.after - step.before)


def by_name(**kwargs: Any) -> Any:
    return kwargs["x"] @ kwargs["w"]


def counted(function: Callable[[T], object], items: Iterable[T]) -> int:
    return sum(function(item) is not None for item in items)


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@logged
def product(x: Float64[Tensor, "a b"], w: Float64[Tensor, "b c"]) -> Float64[Tensor, "a c"]:
    return x @ w


@overload
def either(x: Float64[Tensor, "a"]) -> Float64[Tensor, "a a"]: ...
@overload
def either(x: Float64[Tensor, "a b"]) -> Float64[Tensor, "b"]: ...
def either(x: Tensor) -> Tensor:
    return tl.outer(x, x) if x.ndim == 1 else x[0]


@contextmanager
def held(x: Tensor) -> Iterator[Tensor]:
    yield x


async def later(x: Tensor) -> Tensor:
    return x


async def annotated_later(x: Float64[Tensor, "a b"]) -> Float64[Tensor, "a b"]:
    return x


class Unannotated:
    def __init__(self, w):  # type: ignore[no-untyped-def]
        self.w = w


class Undeclared:
    w = matrix


@dataclass
class Net:
    w: Float64[Tensor, "i o"]


class Both(NamedTuple):
    left: Float64[Tensor, "*s"]
    right: Float64[Tensor, "*s"]


@dataclass
class Step(Generic[T, U]):
    before: T
    after: U


class State(NamedTuple):
    position: Float64[Tensor, "n"]


class Pair:
    def __init__(self, x: Float64[Tensor, "n m"]) -> None:
        self.x = x
        self.total = self.x.sum

    def __iter__(self) -> Iterator[Tensor]:
        yield self.x

    def __enter__(self) -> Tensor:
        return self.x

    def __exit__(self, *error: object) -> None: ...


@functools.singledispatch
def dispatched(x: object) -> Tensor:
    return v


class Rows(list[Float64[Tensor, "n"]]): ...  # E: shape-unknown: names of sizes in the arguments of a base class stand for any: write numbers, or hold it in an attribute


class Numbered(list[Float64[Tensor, "3"]]): ...


pair = Pair(x)
step: Step[Vector, Vector] = Step(v, v)
doubled = (x + x).mean
act: Callable[..., Any] = starred
twice = np.vectorize(lambda a: 2.0 * a)


def of_net(net: Net) -> Tensor:
    return net.w + net.w  # E: shape-unknown: w: the annotation net: Net says nothing of its sizes i, o


def of_state(state: State) -> Tensor:
    return state.position + state.position  # E: shape-unknown: position: the annotation state: State says nothing of its size n


def items_of_state(state: State) -> None:
    (position,) = state  # E: shape-unknown: the items: the annotation state: State says nothing of its size n


def taken_out(state: State, rows: list[Float64[Tensor, "3"]]) -> None:
    match state:  # E: shape-unknown: position: the annotation state: State says nothing of its size n
        case State(position=position):
            print(position)
    match State(x[0]):
        case State(position=here) if here.ndim == 1:
            reveal_type(here)  # R: Float64[Tensor, "3"]
    match x[0]:
        case Tensor() as row:
            reveal_type(row)  # R: Float64[Tensor, "3"]
    match rows:  # E: shape-unknown: one: its shape is not known: leave Tensor() out of the pattern, take an attribute, or use tl.ensure
        case [Tensor() as one, *_]:
            print(one)
    match rows:
        case [one, *_]:
            print(one)
    match rows:  # E: shape-unknown: two: its shape is not known: leave Tensor() out of the pattern, take an attribute, or use tl.ensure
        case [Tensor() as two, *_]:
            pass
        case _:
            return
    print(two)
    match rows:
        case [Tensor() as two, *_]:
            pass
    two = tl.zeros(2)
    print(two)


def operators(
    either: Float64[Tensor, "2 3"] | Float64[Tensor, "3"], other: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
) -> None:
    r = x / anything  # E: shape-unknown: divide: the type of the right operand is Any, and so is that of the result: declare it
    r = x @ matrix  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it
    r = anything * x  # E: shape-unknown: multiply: the type of the left operand is Any, and so is that of the result: declare it
    reveal_type(either * tl.tanh(either))  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
    r = either + other  # E: shape-unknown: some of the operands' shapes do not go together: add: ranks differ (left: [2, 3], right: [3]); broadcasting is explicit: did you mean [None, :] on [3]?
    _, r = Both(either, other)  # E: shape-unknown: some of the arguments' shapes do not go together: Both: "*s" is [2, 3] in argument 1 ("left") but [3] in argument 2 ("right")
    r = autograd.fn.jvp(tl.tanh, either, other)  # E: shape-unknown: some of the arguments' shapes do not go together: jvp: v does not have the shape of x (x: [2, 3], v: [3])
    reveal_type(2.0 * either)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
    reveal_type(either * 2.0)  # R: Float64[Tensor, "2 3"] | Float64[Tensor, "3"]
    r = x if yes else matrix  # E: shape-unknown: if: the shapes of the two values differ, or one is not known
    r = x @ table["w"]  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it
    r = x @ Undeclared().w  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it
    r = x @ lists[1]  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it
    r = x @ vars(Net(w))["w"]  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it


def several() -> None:
    for item in pair:  # E: shape-unknown: pair: the shape of what it gives here is not declared
        pass
    r = [item for item in pair]  # E: shape-unknown: pair: the shape of what it gives here is not declared
    (one,) = pair  # E: shape-unknown: pair: the shape of what it gives here is not declared
    with pair as entered:  # E: shape-unknown: pair: the shape of what it gives here is not declared
        pass
    reveal_type([row for row in array][0])  # R: Float64[np.ndarray, "3"]
    r = first_of([x[0] if yes else x[:, 0], x[:, 0] if yes else x[0]])  # E: shape-unknown: first_of: the shapes of item 0 of argument 1 ("xs") and item 1 of argument 1 ("xs") may not go together
    values_of(parts)  # E: shape-unknown: values_of: the shapes of a value of argument 1 ("xs") and another value of argument 1 ("xs") may not go together
    outer_of(grouped)  # E: shape-unknown: outer_of: the shapes of item 1 of item 0 of argument 1 ("parts") and item 2 of item 0 of argument 1 ("parts") may not go together
    all_of(*vectors)  # E: shape-unknown: all_of: the shapes of argument 1 ("xs") and argument 2 ("xs") may not go together
    all_of(**parts)  # E: shape-unknown: all_of: the shapes of argument 2 ("more") and argument 3 ("more") may not go together
    of_any([*vectors])  # E: shape-unknown: of_any: the shapes of item 0 of argument 1 ("xs") and item 1 of argument 1 ("xs") may not go together
    of_any(one for one in vectors)  # E: shape-unknown: of_any: the shapes of item 0 of argument 1 ("xs") and item 1 of argument 1 ("xs") may not go together
    of_any({**parts}.values())  # E: shape-unknown: of_any: the shapes of item 0 of argument 1 ("xs") and item 1 of argument 1 ("xs") may not go together
    change(step)  # E: shape-unknown: change: the shapes of T of argument 1 ("step") and another T of argument 1 ("step") may not go together


def functions() -> None:
    reveal_type([total(axis=0) for total in (x.sum,)][0])  # R: Float64[Tensor, "3"]
    reveal_type({"sum": x.sum, "mean": x.mean}["sum"](axis=0))  # R: Float64[Tensor, "3"]
    r = (x.sum, x.mean)[0](axis=0)  # E: shape-unknown: it is not seen here which function this calls
    r = (x.sum if yes else x.mean)(axis=0)  # E: shape-unknown: it is not seen here which function this calls
    r = doubled()  # E: shape-unknown: it is not seen here which function this calls
    r = pair.total()  # E: shape-unknown: it is not seen here which function this calls
    r = dispatched(x)  # E: shape-unknown: the result of dispatched has no declared shape
    r = act(x, w)  # E: shape-unknown: act: the type of its result is Any: declare it
    r = counted(lambda item: item @ v, [x, v])  # E: shape-unknown: counted: mypy infers one type from arguments of several shapes
    r = twice(array)  # E: shape-unknown: twice: the type of its result is Any: declare it
    reveal_type(operator.itemgetter(0)(x))  # R: Float64[Tensor, "3"]
    reveal_type(operator.attrgetter("mT")(x))  # R: Float64[Tensor, "3 2"]
    reveal_type(operator.methodcaller("sum", axis=0)(x))  # R: Float64[Tensor, "3"]


def in_place(x: Float64[Tensor, "2 3"]) -> None:
    x *= anything  # E: shape-unknown: multiply: the type of the right operand is Any, and so is that of the result: declare it


def calls() -> None:
    r = unannotated(x, w)  # E: no-untyped-call: Call to untyped function "unannotated" in typed context # E: shape-unknown: unannotated: it is not annotated, so that mypy does not look into it: annotate it
    r = Unannotated(w)  # E: no-untyped-call: Call to untyped function "Unannotated" in typed context # E: shape-unknown: Unannotated: it is not annotated, so that mypy does not look into it: annotate it
    r = getattr(x, "mT")  # E: shape-unknown: getattr: the type of its result is Any: declare it
    reveal_type(operator.matmul(x, w))  # R: Float64[Tensor, "2 2"]
    r = bare(x)  # E: shape-unknown: the result of bare has no declared shape
    r = sized(x)  # E: shape-unknown: the result of sized is declared with a size that is not known
    r = starred(x, w)  # E: shape-unknown: starred: the type of its result is Any: declare it
    r = starred(*[x, w])  # E: shape-unknown: starred: the type of its result is Any: declare it
    r = by_name(x=x, w=w)  # E: shape-unknown: by_name: the type of its result is Any: declare it
    r = by_name(**{"x": x, "w": w})  # E: shape-unknown: by_name: the type of its result is Any: declare it
    r = product(x, w)  # E: shape-unknown: product: the type of its result is Any: declare it
    reveal_type((lambda p, q: p @ q)(x, w))  # R: Float64[Tensor, "2 2"]
    reveal_type(functools.partial(operator.matmul, x)(w))  # R: Float64[Tensor, "2 2"]
    reveal_type(functools.reduce(operator.matmul, [x, w]))  # R: Float64[Tensor, "2 2"]
    r = list(map(unannotated, [x], [w]))  # E: shape-unknown: map: the type of what its result holds is Any: declare it
    r = eval("x @ w", {"x": x, "w": w})  # E: shape-unknown: eval: the type of its result is Any: declare it


def values() -> None:
    r, *rest = TensorPack.of(x, w, v)  # E: shape-unknown: rest is a list of several shapes, of which mypy makes one: give each a name of its own
    r = autograd.fn.grad([lambda z: tl.sum(z @ w), lambda z: z][0], x)  # E: shape-unknown: grad: what f gives for this x is not seen: annotate it
    r = cast(Tensor, x)  # E: shape-unknown: cast: the type that it is given does not say the shape
    r = cast(Any, x)  # E: shape-unknown: cast: the type of its result is Any: declare it
    reveal_type(copy.deepcopy(x))  # R: Float64[Tensor, "2 3"]
    reveal_type(copy.copy(x))  # R: Float64[Tensor, "2 3"]
    r = x @ pickle.loads(pickle.dumps(w))  # E: shape-unknown: matmul: the type of the right operand is Any, and so is that of the result: declare it
    r = x[0] * json.loads("[1.0, 2.0, 3.0]")[0]  # E: shape-unknown: multiply: the type of the right operand is Any, and so is that of the result: declare it
    reveal_type(max([v, v], key=lambda row: row.sum().item()))  # R: Float64[Tensor, "3"]
    reveal_type(sorted([v, v], key=lambda row: row.sum().item()))  # R: list[Float64[Tensor, "3"]]
    r = [v, x][n]  # E: shape-unknown: the items have several shapes, of which mypy makes one: declare the type, list[Tensor]
    r = {"v": v, "x": x}["v"]  # E: shape-unknown: the items have several shapes, of which mypy makes one: declare the type, list[Tensor]
    reveal_type(next(iter([v, x])))  # R: Float64[Tensor, "3"] | Float64[Tensor, "2 3"]
    r = vars(Net(w))["w"] @ x  # E: shape-unknown: matmul: the type of the left operand is Any, and so is that of the result: declare it
    r = TensorPack.of(*same)  # E: shape-unknown: TensorPack.of: it is not known what * and ** stand for
    r = TensorPack.of(*list(same))  # E: shape-unknown: TensorPack.of: it is not known what * and ** stand for
    r = tl.stack(same)  # E: shape-unknown: stack: the number of tensors is not known
    r = of_net(Net(w))  # E: shape-unknown: the result of of_net has no declared shape
    r = of_state(State(v))  # E: shape-unknown: the result of of_state has no declared shape


def sizes() -> None:
    r = nn.linear(3, n)  # E: shape-unknown: linear: out_features is not known
    r = nn.mlp(3, n, 2)  # E: shape-unknown: mlp: item 1 of sizes is not known
    r = nn.Seq(nn.conv2d(n, 4, 3), nn.relu())  # E: shape-unknown: conv2d: in_channels is not known
    reveal_type(nn.batch_norm(3, momentum=1.0 / anything))  # R: Seq["*b 3", "*b 3", "3, 3, 3, 3"]
    r = tl.zeros(n)  # E: shape-unknown: zeros: a size of the result is not known: shape is not known
    r = x.reshape((n, -1))  # E: shape-unknown: reshape: a size of the result is not known: item 0 of shape is not known
    r = x[:n]  # E: shape-unknown: getitem: a size of the result is not known: item 0 of key: the bounds of the slice are not known
    r = x[:, :n]  # E: shape-unknown: getitem: a size of the result is not known: item 1 of key: the bounds of the slice are not known
    reveal_type(x[n])  # R: Float64[Tensor, "3"]
    r = tl.concat([v] * n)  # E: shape-unknown: concat: the number of tensors is not known
    reveal_type(tl.concat([part * 2.0 for part in (x, x[:1])]))  # R: Float64[Tensor, "3 3"]
    r = tl.arange(n)  # E: shape-unknown: arange: a size of the result is not known: start is not known


def loops(x: Float64[Tensor, "a"], y: Float64[Tensor, "a b"]) -> None:
    for _ in range(n):  # E: shape-unknown: for: x has another shape each time: declare it, if that is meant
        x = x[None]
    while n > 5:  # E: shape-unknown: while: x and y have other shapes each time: declare them, if that is meant
        x, y = tl.concat([y, y]), x
        if n == 7:
            continue
        if n == 8:
            break


def bound_again_in_loops(x: Float64[Tensor, "a b"], nets: list[Net]) -> None:
    pair, net = (x, x), Net(x)
    for each in nets:
        x = x @ each.w.T @ each.w  # E: shape-unknown: w: the type Net says nothing of its sizes i, o
    for _ in range(n):
        pair = both(*pair)  # E: shape-unknown: the result of both has no declared shape
    for _ in range(n):
        net = [*filter(None, (net, *nets))][0]
    y = net.w.mT  # E: shape-unknown: w: the type Net says nothing of its sizes i, o
    z = x
    while n > 5:
        z = tl.tanh(bare(z))  # E: shape-unknown: the result of bare has no declared shape


def matched(x: Float64[Tensor, "a b"]) -> None:
    match x * 2.0:
        case Tensor() as y:
            reveal_type(y)  # R: Float64[Tensor, "a b"]


def evaluated_later(w: Float64[Tensor, "3 2"], b: Float64[Tensor, "2"]) -> None:
    for p, g in zip((w, b), (w, b), strict=True):
        later: Callable[[], Tensor] = lambda: p - g  # E: shape-unknown: some of the operands' shapes do not go together: subtract: ranks differ (left: [3, 2], right: [2]); broadcasting is explicit: did you mean [None, :] on [2]?
        late = (p - g for _ in range(2))  # E: shape-unknown: some of the operands' shapes do not go together: subtract: ranks differ (left: [3, 2], right: [2]); broadcasting is explicit: did you mean [None, :] on [2]?
        g = w
        next(late)


def overloads(x: Float64[Tensor, "*s a"]) -> None:
    r = either(x)  # E: shape-unknown: either: which of its overloads it is depends on what is not known of the argument's shape


def numpy() -> None:
    reveal_type(np.linalg.pinv(array))  # R: Float64[np.ndarray, "3 2"]
    reveal_type(np.dot(array, array.T))  # R: Float64[np.ndarray, "2 2"]
    reveal_type(array.copy() / 2 - array[0])  # R: Float64[np.ndarray, "2 3"]
    reveal_type(array @ array.T)  # R: Float64[np.ndarray, "2 2"]
    r = x < anything  # E: shape-unknown: <: the type of an operand is Any, and so is that of the result: declare it
    r = array[array > 0.0]  # E: shape-unknown: getitem: what [2, 3] is indexed with is not known
    r = array[:n]  # E: shape-unknown: getitem: a size of the result is not known: NumPy cuts a slice that reaches beyond the axis short
    r = np.tril(array)  # E: shape-unknown: tril: no shape stub says what shape NumPy's result has
    r = tl.from_numpy(np.tril(array))  # E: shape-unknown: tril: no shape stub says what shape NumPy's result has
    reveal_type(np.asarray(x))  # R: Float64[np.ndarray, "2 3"]


async def gathered() -> None:
    with held(x) as entered:  # E: shape-unknown: the result of held has no declared shape
        pass
    r = await later(x)  # E: shape-unknown: the result of later has no declared shape
    r = await asyncio.gather(later(x), later(w))  # E: shape-unknown: the result of later has no declared shape
    reveal_type(await asyncio.gather(annotated_later(x), annotated_later(w)))  # R: tuple[Float64[Tensor, "2 3"], Float64[Tensor, "3 2"]]


if __name__ == "__main__":
    operators(v, v)
    several()
    functions()
    in_place(x)
    calls()
    values()
    sizes()
    overloads(x)
    loops(v, w)
    bound_again_in_loops(x, [])
    numpy()
    asyncio.run(gathered())
