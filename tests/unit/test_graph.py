"""Walking the recorded graph: what is an ancestor, what depends on a leaf, and what a program is compiled for."""

from __future__ import annotations

import numpy as np

import torchlean_typed as tl
from torchlean_typed.graph import ancestors, dependents, signature
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf
from torchlean_typed.transform.batch import batch
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp


def a_leaf(*values: float) -> Tensor:
    array = np.array(values)
    return leaf(array.shape, array.dtype, array)


def test_what_is_computed_from_constants_alone_is_not_recorded() -> None:
    x = tl.ones(2) * 2.0 + 1.0
    assert (x._order, x._op, x._operands) == (0, None, ())
    assert ancestors([x]) == []


def test_ancestors_come_before_what_they_make() -> None:
    x, y = a_leaf(1.0), a_leaf(2.0)
    z = tl.sin(x) * y
    w = z + z
    found = ancestors([w])
    assert [node._op.name if node._op else "leaf" for node in found] == ["leaf", "leaf", "sin", "multiply", "add"]
    assert ancestors([w, z, w]) == found
    assert ancestors([w], since=z._order) == [z, w]


def test_dependents_lie_between_the_leaves_and_the_outputs() -> None:
    x, y = a_leaf(1.0), a_leaf(2.0)
    s, t = tl.sin(x), tl.cos(y)
    z = s * t
    tl.exp(s)  # leads nowhere
    assert dependents([z], [x]) == [s, z]
    assert dependents([z], [y]) == [t, z]
    assert dependents([z], [x, y]) == [s, t, z]
    assert dependents([z], [z]) == []
    assert dependents([t], [x]) == []
    assert dependents([x], [x]) == []


def test_a_path_without_derivative_counts_only_for_batching() -> None:
    x = a_leaf(1.0, -1.0)
    mask = x > 0
    z = tl.where(mask, tl.detach(x), 0.0)
    assert dependents([z], [x]) == []
    assert [node._op.name for node in dependents([z], [x], differentiable=False) if node._op] == [
        "greater",
        "detach",
        "where",
    ]
    (batched,) = batch([z], x, tl.tensor([[1.0, -1.0], [-2.0, 2.0]]))
    assert batched.numpy().tolist() == [[1.0, 0.0], [0.0, 2.0]]


def test_outputs_that_are_constants_leaves_or_the_same_twice() -> None:
    x = a_leaf(1.0, 2.0)
    constant, double = tl.ones(2), x * 2.0
    ones = tl.ones(2)
    assert vjp([constant], [x], [ones])[0].numpy().tolist() == [0.0, 0.0]
    assert vjp([x], [x], [ones])[0].numpy().tolist() == [1.0, 1.0]
    assert vjp([double, double, x], [x], [ones, ones, ones])[0].numpy().tolist() == [5.0, 5.0]
    assert [t.numpy().tolist() for t in jvp([constant, x, double], [x], [ones])] == [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    assert [t.shape for t in batch([constant, x, double], x, tl.ones((3, 2)))] == [(3, 2)] * 3


def test_an_output_that_others_are_computed_from() -> None:
    x = a_leaf(3.0)
    y = x * x
    z = y * x
    (reverse,) = vjp([y, z], [x], [tl.ones(1), tl.ones(1)])
    assert reverse.item() == 2 * 3.0 + 3 * 9.0


def test_a_batch_of_no_values() -> None:
    x = a_leaf(1.0, 2.0)
    (batched,) = batch([tl.sum(x * 2.0)], x, tl.zeros((0, 2)))
    assert batched.shape == (0,)


def test_a_long_chain_needs_no_recursion() -> None:
    x = a_leaf(1.0)
    y = x
    for _ in range(5000):
        y = y + x
    assert vjp([y], [x], [tl.ones(1)])[0].item() == 5001.0


def test_a_signature_tells_shapes_and_dtypes_apart() -> None:
    tensors = [tl.ones(2), tl.ones((2, 1)), tl.ones(2, np.float32), tl.ones(2, np.int64)]
    assert len({signature([x]) for x in tensors}) == 4
    assert signature([tl.ones(2)]) == signature([tl.zeros(2)])
