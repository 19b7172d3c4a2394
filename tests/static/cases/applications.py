"""Functions that the standard library is given to call, and tensors and packs that it goes through."""

import asyncio
import functools
import itertools
import operator
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial, reduce

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack, nn

x, w, v, square = tl.ones((3, 4)), tl.ones((4, 5)), tl.ones(3), tl.ones((3, 3))
pool = ThreadPoolExecutor()


@tl.checked
def double(a: Float64[Tensor, "n"]) -> Float64[Tensor, "n"]:
    return a * 2.0


@tl.checked
def shorter(a: Float64[Tensor, "n+1"]) -> Float64[Tensor, "n"]:
    return a[1:]


@tl.checked
async def first(a: Float64[Tensor, "n m"]) -> Float64[Tensor, "m"]:
    return a[0]


reveal_type(reduce(tl.matmul, [x, w]))  # R: Float64[Tensor, "3 5"]
reveal_type(reduce(operator.matmul, (x, w)))  # R: Float64[Tensor, "3 5"]
reveal_type(reduce(lambda a, b: a @ b, [x, w]))  # R: Float64[Tensor, "3 5"]
reveal_type(reduce(tl.matmul, [square for _ in range(3)]))  # R: Float64[Tensor, "3 3"]
reveal_type(reduce(tl.add, [v, v], tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(functools.reduce(operator.add, x))  # R: Float64[Tensor, "4"]
reveal_type(list(itertools.accumulate([square, square], tl.matmul)))  # R: list[Float64[Tensor, "3 3"]]
reveal_type(list(itertools.accumulate(x)))  # R: list[Float64[Tensor, "4"]]
reveal_type(sum(x))  # R: Float64[Tensor, "4"]
reveal_type(sum([v, v]))  # R: Float64[Tensor, "3"]
reveal_type(sum([v, v], start=tl.zeros(3)))  # R: Float64[Tensor, "3"]
reveal_type(sum([1, 2]))  # R: int
reduce(tl.matmul, [w, x])  # E: shape: matmul: inner dimensions differ: 5 (left: [4, 5]) and 3 (right: [3, 4]); did you mean the operands the other way round?
reduce(operator.add, [v, v], tl.zeros(4))  # E: shape-broadcast: add: axis 0 differs: 4 and 3 (left: [4], right: [3]); broadcasting is explicit: only an axis of size 1 stretches
reduce(lambda a, b: a @ b, [x, x])  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
list(itertools.accumulate([x, x], tl.matmul))  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
sum([v, v], tl.zeros(4))  # E: shape-broadcast: add: axis 0 differs: 4 and 3 (left: [4], right: [3]); broadcasting is explicit: only an axis of size 1 stretches
sum([x, w])  # E: shape-broadcast: add: axis 0 differs: 3 and 4 (left: [3, 4], right: [4, 5]); broadcasting is explicit: only an axis of size 1 stretches

reveal_type(list(map(shorter, [v, tl.ones(7)])))  # R: list[Float64[Tensor, "2"] | Float64[Tensor, "6"]]
reveal_type(list(map(operator.mul, x, x)))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(map(partial(tl.sum, axis=0), [x, w])))  # R: list[Float64[Tensor, "4"] | Float64[Tensor, "5"]]
reveal_type(list(itertools.starmap(tl.matmul, [(x, w)])))  # R: list[Float64[Tensor, "3 5"]]
reveal_type(list(itertools.starmap(tl.matmul, zip([x], [w]))))  # R: list[Float64[Tensor, "3 5"]]
reveal_type(list(filter(lambda row: bool(row.sum() > 0.0), x)))  # R: list[Float64[Tensor, "4"]]
reveal_type(sorted(x, key=lambda row: float(row.sum())))  # R: list[Float64[Tensor, "4"]]
reveal_type(max(x, key=lambda row: float(row.sum())))  # R: Float64[Tensor, "4"]
reveal_type(min(v, v, key=lambda row: float(row.sum())))  # R: Float64[Tensor, "3"]
reveal_type(list(itertools.takewhile(lambda row: bool(row.sum() > 0.0), x)))  # R: list[Float64[Tensor, "4"]]
list(map(double, [x]))  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
list(map(lambda row: float((row @ x).sum()), x))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
list(itertools.starmap(tl.matmul, [(x, x)]))  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
list(filter(lambda row: bool((row @ x).sum() > 0.0), x))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
sorted(x, key=lambda row: float((row @ x).sum()))  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
max([v, v], key=lambda row: float((row @ w).sum()))  # E: shape: matmul: inner dimensions differ: 3 (left: [3]) and 4 (right: [4, 5])

reveal_type(list(itertools.pairwise(x)))  # R: list[tuple[Float64[Tensor, "4"], Float64[Tensor, "4"]]]
reveal_type(list(itertools.islice(x, 2)))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(itertools.chain(x, x)))  # R: list[Float64[Tensor, "4"]]
reveal_type(list(itertools.product(x, w)))  # R: list[tuple[Float64[Tensor, "4"], Float64[Tensor, "5"]]]
reveal_type(list(itertools.zip_longest(x, x.T[:3])))  # R: list[tuple[Float64[Tensor, "4"] | Any, Float64[Tensor, "3"] | Any]]
reveal_type(list(itertools.repeat(x, 2)))  # R: list[Float64[Tensor, "3 4"]]
reveal_type(list(itertools.chain(TensorPack.of(v, v))))  # R: list[Float64[Tensor, "3"]]
[one @ other for one, other in itertools.product(x, w)]  # E: shape: matmul: inner dimensions differ: 4 (left: [4]) and 5 (right: [5])

reveal_type(pool.submit(double, v).result())  # R: Float64[Tensor, "3"]
reveal_type(pool.submit(tl.matmul, x, w).result())  # R: Float64[Tensor, "3 5"]
reveal_type(pool.submit(tl.sum, x, axis=0).result())  # R: Float64[Tensor, "4"]
reveal_type(pool.submit(lambda a: a @ w, x).result())  # R: Float64[Tensor, "3 5"]
reveal_type(list(pool.map(shorter, [v, v])))  # R: list[Float64[Tensor, "2"]]
reveal_type(list(pool.map(tl.tanh, x)))  # R: list[Float64[Tensor, "4"]]
list(pool.map(double, [x]))  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
pool.submit(tl.matmul, x, x).result()  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
pool.submit(double, x).result()  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
model = nn.Seq(nn.linear(4, 2))
params = model.init(seed=0)
reveal_type(pool.submit(model, params, x).result())  # R: Float64[Tensor, "3 2"]
pool.submit(model, params, w).result()  # E: shape: Seq: x has shape [4, 5], the model takes [*b, 4]; did you mean .mT?


async def main() -> None:
    reveal_type(await asyncio.to_thread(double, v))  # R: Float64[Tensor, "3"]
    reveal_type(await asyncio.to_thread(tl.matmul, x, w))  # R: Float64[Tensor, "3 5"]
    one, other = await asyncio.gather(first(x), first(w))
    reveal_type(one)  # R: Float64[Tensor, "4"]
    reveal_type(other)  # R: Float64[Tensor, "5"]
    loop = asyncio.get_running_loop()
    reveal_type(await loop.run_in_executor(None, shorter, v))  # R: Float64[Tensor, "2"]


async def wrong() -> None:
    await asyncio.to_thread(tl.matmul, x, x)  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
    await asyncio.to_thread(double, x)  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
    await asyncio.gather(first(v))  # E: shape: first: argument 1 ("a") has shape [3], expected [n, m]
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, double, x)  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]


asyncio.run(main())
threading.Thread(target=double, args=(v,), kwargs={}).start()


def not_started() -> None:
    threading.Thread(target=double, args=(x,))  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]
    threading.Thread(target=tl.matmul, args=[x], kwargs={"y": x})  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
    threading.Thread(target=tl.matmul, args=(x, w))
    threading.Timer(1.0, tl.matmul, (x, w))
    threading.Timer(1.0, tl.matmul, args=[x, x])  # E: shape: matmul: inner dimensions differ: 4 (left: [3, 4]) and 3 (right: [3, 4]); did you mean .mT on the right operand?
    threading.Timer(1.0, double, (x,))  # E: shape: double: argument 1 ("a") has shape [3, 4], expected [n]


def grown(xs: list[Float64[Tensor, "n"]]) -> Tensor:
    return reduce(lambda a, b: tl.concat([a, b], axis=0), xs)
