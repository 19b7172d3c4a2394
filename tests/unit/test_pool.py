"""Memory of results: never handed out while somebody holds it, whatever the hold is, and used again afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor
from torchlean_typed.engine.plan import POOLED_BYTES
from torchlean_typed.engine.pool import Pool
from torchlean_typed.engine.run import trace

N = POOLED_BYTES // 8
HOLDS: dict[str, Callable[[Tensor], Any]] = {
    "the tensor": lambda x: x,
    "a NumPy view": lambda x: x.numpy(),
    "a slice of one": lambda x: np.asarray(x)[5:7],
    "a tensor that is a view": lambda x: x[5:7],
    "a memoryview": lambda x: memoryview(x.numpy()),
    "a pack": lambda x: tl.TensorPack.of(x),
    "an iterator": lambda x: iter(x.numpy()),
}


def twice() -> Any:
    program = trace(lambda x: [x * 2.0], [tl.ones(N)])
    return lambda value: program([tl.full(N, value)])[0]


def address(x: Tensor) -> int:
    return int(x.numpy().ctypes.data)


@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
def test_what_is_held_is_not_written_to(hold: Callable[[Tensor], Any]) -> None:
    run = twice()
    first = run(1.0)
    where = address(first)
    held = hold(first)
    del first
    later = [run(float(i)) for i in range(2, 9)]
    assert where not in {address(x) for x in later}
    del held
    for i, x in enumerate(later, 2):
        assert (x.numpy() == 2.0 * i).all()


def test_what_nobody_holds_is_used_again() -> None:
    run = twice()
    seen = {address(run(float(i))) for i in range(20)}
    assert len(seen) == 1
    previous, addresses = run(0.0), set()
    for i in range(1, 20):  # the last result is held while the next one is computed
        latest = run(float(i))
        assert (previous.numpy() == 2.0 * (i - 1)).all()
        previous = latest
        addresses.add(address(latest))
    assert len(addresses) == 2


def test_small_results_come_from_no_pool() -> None:
    assert trace(lambda x: [x * 2.0], [tl.ones(N - 1)])._pool is None


def test_a_pool_keeps_a_few_arrays_however_many_are_held() -> None:
    pool = Pool([((4,), np.dtype(float), False)])
    held = [pool.take()[0] for _ in range(10)]
    assert len({id(x) for x in held}) == 10
    assert len(pool._arrays[0][0]) == 3


def test_threads_never_get_the_same_memory() -> None:
    run = twice()

    def work(number: int) -> bool:
        results = [run(float(number)) for _ in range(3)]
        return all((x.numpy() == 2.0 * number).all() for x in results)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(200)))


def test_zeros_stay_zeros_between_calls() -> None:
    """Of a sparse result only the nonzeros are written, into memory that held an earlier result."""
    run = tl.compile(lambda x: tl.sum(x**3))
    n = 64
    for i in range(5):
        x = tl.full(n, float(i))
        assert np.array_equal(tl.autograd.fn.hessian(run, x).tensor.numpy(), np.diag(np.full(n, 6.0 * i)))
