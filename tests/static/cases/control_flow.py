"""Right programs with every kind of control flow, which keep shapes or bind names again: nothing is wrong in them."""

import contextlib
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, nn

x, w, square = tl.ones((2, 3)), tl.ones((3, 4)), tl.eye(3)


def two_loops(a: Float64[Tensor, "n m"], b: Tensor) -> Float64[Tensor, "m"]:
    total = tl.zeros(a.shape[1])
    for row in a:
        reveal_type(row)  # R: Float64[Tensor, "m"]
        total = total + row
    for row in b:
        reveal_type(row)  # R: Shaped[Tensor, "..."]
        total = total + row @ tl.ones((3, 5)) @ tl.ones((5, a.shape[1]))
    for row in a @ tl.ones((a.shape[1], 7)):
        total = total + row[:1] * total
    return total


def turned(v: Float64[Tensor, "_ m"], u: Float64[Tensor, "m n"]) -> Float64[Tensor, "_ n"]:
    y = v @ u
    v = v.mT
    reveal_type(v)  # R: Float64[Tensor, "m _"]
    z = v.mT @ u
    v = v.mT
    reveal_type(v)  # R: Float64[Tensor, "_ m"]
    return y + v @ u + z


def cut(v: Float64[Tensor, "n m"], count: int, flag: bool) -> Float64[Tensor, "_ _"]:
    v = v[:count]
    reveal_type(v)  # R: Float64[Tensor, "_ m"]
    if flag:
        v = v.mT
        reveal_type(v)  # R: Float64[Tensor, "m _"]
    reveal_type(v)  # R: Float64[Tensor, "m _"] | Float64[Tensor, "_ m"]
    return v


def of_any_rank(k: Tensor, u: Float64[Tensor, "_ _"]) -> None:
    k = u
    reveal_type(k)  # R: Float64[Tensor, "_ _"]
    k = u[0]
    reveal_type(k)  # R: Float64[Tensor, "_"]


def while_else(x: Float64[Tensor, "n n"], steps: int) -> Float64[Tensor, "n"]:
    while steps > 0:
        x = x @ x.T
        steps -= 1
        if steps == 5:
            break
        if steps == 7:
            continue
        x = x * 0.5
    else:
        return x[0]
    y = x
    x = y[0]
    return x


def nested(x: Float64[Tensor, "n m"], ws: Sequence[Float64[Tensor, "m m"]]) -> Float64[Tensor, "n"]:
    total = tl.zeros(x.shape[0])
    for w in ws:
        h = x
        for _ in range(2):
            h = tl.tanh(h @ w)
            for column in h.T:
                total = total + column
        h = h.sum(axis=1)
        total = total + h
    return total


def first_best(rows: Sequence[Float64[Tensor, "n"]]) -> Float64[Tensor, "n"] | None:
    best = None
    for row in rows:
        if best is None or row.sum().item() > best.sum().item():
            best = row
    return best


def caught(x: Float64[Tensor, "n m"], w: Tensor) -> Float64[Tensor, "n m"]:
    try:
        y = tl.ensure(x + w, "n m")
    except tl.ShapeError:
        y = x
    else:
        y = y * 2.0
    finally:
        x = x + 1.0
    return x + y


def guarded(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]:
    with contextlib.suppress(ValueError):
        y = x.sum(axis=0)
        y = y + x[0]
        return y
    y = x
    y = y[0]
    return y


def matched(x: Float64[Tensor, "n m"], mode: str) -> Float64[Tensor, "n m"]:
    match mode:
        case "T":
            y = x.T
            y = y.T
        case "sum" | "mean":
            y = x.sum(axis=0, keepdims=True)
            y = x - y
        case _:
            y = x
    return y


def walrus(x: Float64[Tensor, "n m"], steps: int) -> Float64[Tensor, "n m"]:
    while (norm := tl.sum(x * x)).item() > 1.0 and steps > 0:
        x = x / norm
        steps = steps - 1
    if (y := x.T).ndim == 2:
        y = y.T
        return y
    return x


def deleted(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
    y = x @ x.T
    del y
    y = x.T
    return y


def again(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]:
    def row_sum(y: Float64[Tensor, "k l"]) -> Float64[Tensor, "k"]:
        y = y * 2.0
        y = y.sum(axis=1)
        return y

    if x.shape[0] > 3:

        def combine(y: Float64[Tensor, "a"]) -> Float64[Tensor, "a"]:
            return y + 1.0

    else:

        def combine(y: Float64[Tensor, "a"]) -> Float64[Tensor, "a"]:
            return y

    return combine(row_sum(x))


def captured(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    h = x
    h = h * 2.0

    def use() -> Float64[Tensor, "n m"]:
        return h + x

    return use()


def lambdas(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
    h = x
    h = h * 2.0
    h = h.T
    turn: Callable[[Float64[Tensor, "m n"]], Float64[Tensor, "m n"]] = lambda y: y + h
    return turn(h)


def sent() -> Generator[Float64[Tensor, "3"], Float64[Tensor, "3"], None]:
    total = tl.zeros(3)
    while True:
        given = yield total
        total = total + given


def produced(x: Float64[Tensor, "n m"]) -> Iterator[Float64[Tensor, "m"]]:
    for row in x:
        yield row
    yield from x
    for row in x[::2]:
        row = row * 2.0
        yield row


async def awaited(rows: AsyncIterator[Float64[Tensor, "m"]], start: Float64[Tensor, "m"]) -> Float64[Tensor, "m"]:
    total = start
    async for row in rows:
        total = total + row
    return total


def over_pack(x: Float64[Tensor, "b 4"]) -> Float64[Tensor, ""]:
    model = nn.Seq(nn.linear(4, 5), nn.tanh(), nn.linear(5, 2))
    total = tl.zeros(())
    params = model.init(seed=0)
    for _ in range(3):
        for entry in params:
            total = total + tl.sum(entry * entry)
        params = params.map(lambda p: p * 0.5)
        y = model(params, x)
        total = total + tl.sum(y)
    return total


def collected(x: Float64[Tensor, "n m"], steps: int) -> Float64[Tensor, "_ n m"]:
    kept = []
    for _ in range(steps):
        x = x * 2.0
        kept.append(x)
    kept = kept[1:]
    parts = []
    for part in kept:
        parts.append(part)
    parts = [part for part in parts]
    return tl.stack(parts)


def list_then_tensor(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "_ m"]:
    for _ in range(2):
        rows = []
        for row in x:
            rows.append(row)
        rows = tl.stack(rows)
        x = rows
    return x


def shadowed(x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n"]:
    row = x.T
    sums = [row.sum() for row in x]
    pairs = {i: row * 2.0 for i, row in enumerate(x)}
    assert len(pairs) == len(sums)
    reveal_type(row)  # R: Float64[Tensor, "m n"]
    return row.sum(axis=0)


def by_index(x: Float64[Tensor, "n m"], k: Dim["k"]) -> Float64[Tensor, "k m"]:
    rows = [x[0] for _ in range(k)]
    for i, (row, other) in enumerate(zip(x, x[::-1], strict=True)):
        row, other = other, row
        if i < len(rows):
            rows[i] = row + other
    return tl.stack([x[0] for _ in range(k)])


def optional(x: Float64[Tensor, "n m"] | None, y: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
    if x is None:
        x = y
    x = x + y
    return x


def either(x: Float64[Tensor, "n"] | Float64[Tensor, "1 n"], flag: bool) -> Float64[Tensor, "n"]:
    if flag:
        x = x.reshape((-1,))
    else:
        x = x.reshape((-1,))
    y = x
    reveal_type(y)  # R: Float64[Tensor, "n"]
    return x


def tuples(x: Float64[Tensor, "n m"], steps: int) -> Float64[Tensor, "m n"]:
    state = (x, x.T)
    for _ in range(steps):
        state = (state[1].T, state[0].T)
    state = (state[1], state[0])
    return state[0]


def picked(x: Float64[Tensor, "n m"], f: Callable[[Float64[Tensor, "n m"]], Float64[Tensor, "n m"]]) -> Tensor:
    h = x
    for step in (f, tl.tanh, lambda y: y * 2.0):
        h = step(h)
    h = h.T if x.ndim == 2 else h
    return h


class Net:
    def __init__(self, w: Float64[Tensor, "m m"]) -> None:
        self.w = w

    def forward(self, x: Float64[Tensor, "n m"]) -> Float64[Tensor, "n m"]:
        for _ in range(3):
            x = tl.tanh(x @ tl.eye(x.shape[1]))
        return x

    def __call__(self, x: Float64[Tensor, "n m"]) -> Float64[Tensor, "m n"]:
        x = self.forward(x)
        x = x.T
        return x


counter = tl.zeros(3)


def count() -> None:
    global counter
    counter = counter + 1.0


count()
reveal_type(two_loops(x, tl.ones((2, 3))))  # R: Float64[Tensor, "3"]
reveal_type(turned(x, w))  # R: Float64[Tensor, "_ 4"]
reveal_type(cut(x, 1, True))  # R: Float64[Tensor, "_ _"]
of_any_rank(x, x)
reveal_type(while_else(square, 9))  # R: Float64[Tensor, "3"]
reveal_type(nested(x, [square, square]))  # R: Float64[Tensor, "2"]
first_best([tl.ones(3)])
reveal_type(caught(x, x))  # R: Float64[Tensor, "2 3"]
reveal_type(guarded(x))  # R: Float64[Tensor, "3"]
reveal_type(matched(x, "mean"))  # R: Float64[Tensor, "2 3"]
reveal_type(walrus(x, 3))  # R: Float64[Tensor, "2 3"]
reveal_type(deleted(x))  # R: Float64[Tensor, "3 2"]
reveal_type(again(x))  # R: Float64[Tensor, "2"]
reveal_type(captured(x))  # R: Float64[Tensor, "2 3"]
reveal_type(lambdas(x))  # R: Float64[Tensor, "3 2"]
generator = sent()
next(generator)
reveal_type(generator.send(tl.ones(3)))  # R: Float64[Tensor, "3"]
reveal_type([*produced(x)][0])  # R: Float64[Tensor, "3"]
reveal_type(over_pack(tl.ones((2, 4))))  # R: Float64[Tensor, ""]
reveal_type(collected(x, 3))  # R: Float64[Tensor, "_ 2 3"]
reveal_type(list_then_tensor(x))  # R: Float64[Tensor, "_ 3"]
reveal_type(shadowed(x))  # R: Float64[Tensor, "2"]
reveal_type(by_index(x, 2))  # R: Float64[Tensor, "2 3"]
reveal_type(optional(None, x))  # R: Float64[Tensor, "2 3"]
reveal_type(either(tl.ones(3), True))  # R: Float64[Tensor, "3"]
reveal_type(tuples(x, 2))  # R: Float64[Tensor, "3 2"]
picked(x, tl.exp)
reveal_type(Net(square)(x))  # R: Float64[Tensor, "3 2"]

# the same at the level of a module
h = x
for _ in range(3):
    h = tl.tanh(h)
h = h.T
reveal_type(h)  # R: Float64[Tensor, "3 2"]
for row in x:
    reveal_type(row)  # R: Float64[Tensor, "3"]
for row in h:
    reveal_type(row)  # R: Float64[Tensor, "2"]
v = x[: len("a")]
reveal_type(v)  # R: Float64[Tensor, "_ 3"]
v = v.mT
reveal_type(v)  # R: Float64[Tensor, "3 3"] | Float64[Tensor, "3 _"]
