"""TensorPack: an ordered, named, immutable pack of tensors."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import ShapeError, Tensor, TensorPack, autograd

W, B = np.arange(6.0).reshape(2, 3), np.array([10.0, 20.0])


def numbered() -> TensorPack:
    return TensorPack.of(tl.from_numpy(W), tl.from_numpy(B))


def named() -> TensorPack:
    return TensorPack.named({"weight": tl.from_numpy(W), "bias": tl.from_numpy(B)})


def check(pack: TensorPack, *expected: Any) -> None:
    assert len(pack) == len(expected)
    for tensor, array in zip(pack, expected, strict=True):
        np.testing.assert_array_equal(tensor.numpy(), array)


def test_entries_are_ordered_numbered_and_named() -> None:
    pack = named()
    check(pack, W, B)
    assert len(pack) == 2
    assert pack.names == ("weight", "bias")
    assert pack.shapes == ((2, 3), (2,))
    for key, array in ((0, W), (1, B), (-1, B), (-2, W), ("weight", W), ("bias", B)):
        np.testing.assert_array_equal(pack[key].numpy(), array)
    w, b = pack
    assert (w.shape, b.shape) == ((2, 3), (2,))
    assert next(iter(pack)) is w is pack[0] is pack["weight"]


def test_without_names_an_entry_is_named_by_its_number() -> None:
    assert numbered().names == ("0", "1")
    np.testing.assert_array_equal(numbered()["1"].numpy(), B)


def test_named_takes_pairs_too_and_keeps_their_order() -> None:
    assert TensorPack.named([("b", tl.zeros(1)), ("a", tl.zeros(2))]).names == ("b", "a")
    assert TensorPack.named({}).names == TensorPack.of().names == ()


def test_repr_shows_names_dtypes_and_shapes() -> None:
    assert repr(named()) == "TensorPack(weight: float64[2, 3], bias: float64[2])"
    assert repr(TensorPack.of(tl.arange(2), tl.tensor(1.0))) == "TensorPack(0: int64[2], 1: float64[])"
    assert repr(TensorPack.of()) == "TensorPack()"


def test_arithmetic_with_packs_and_scalars_goes_entry_by_entry() -> None:
    p, q = named(), named().map(lambda x: x * 2.0 + 1.0)
    check(p + q, W + (2 * W + 1), B + (2 * B + 1))
    check(p - q, W - (2 * W + 1), B - (2 * B + 1))
    check(p * q, W * (2 * W + 1), B * (2 * B + 1))
    check(p / q, W / (2 * W + 1), B / (2 * B + 1))
    check(-p, -W, -B)
    check(p + 1, W + 1, B + 1)
    check(p - 1.5, W - 1.5, B - 1.5)
    check(p * 2.0, W * 2, B * 2)
    check(p / 4.0, W / 4, B / 4)
    check(1 + p, W + 1, B + 1)
    check(1.5 - p, 1.5 - W, 1.5 - B)
    check(2.0 * p, W * 2, B * 2)
    check(p - 0.1 * q, W - 0.1 * (2 * W + 1), B - 0.1 * (2 * B + 1))


@pytest.mark.parametrize("two", [tl.tensor(2.0), np.float64(2.0)], ids=["Tensor", "float64"])
def test_a_scalar_tensor_goes_on_either_side(two: Any) -> None:
    p = named()
    check(p + two, W + 2, B + 2)
    check(two + p, W + 2, B + 2)
    check(p - two, W - 2, B - 2)
    check(two - p, 2 - W, 2 - B)
    check(p * two, W * 2, B * 2)
    check(two * p, W * 2, B * 2)
    check(p / two, W / 2, B / 2)


def test_names_stay_with_what_has_them() -> None:
    p, q = named(), numbered()
    for result in (
        p + q,
        p * 2.0,
        2.0 * p,
        -p,
        p.map(tl.exp),
        p.zeros_like(),
        TensorPack.unflatten(p.flatten(), like=p),
    ):
        assert result.names == ("weight", "bias")
    assert (q + q).names == ("0", "1")


def test_dot_norm_and_zeros() -> None:
    p, q = named(), 2.0 * named()
    assert p.dot(q).item() == 2 * (np.sum(W**2) + np.sum(B**2))
    assert p.dot(q).shape == p.norm().shape == ()
    np.testing.assert_allclose(p.norm().numpy(), np.sqrt(np.sum(W**2) + np.sum(B**2)), rtol=1e-15)
    check(p.zeros_like(), 0 * W, 0 * B)
    check(TensorPack.zeros_like(p), 0 * W, 0 * B)
    single = p.map(lambda x: x.astype(np.float32))
    assert {x.dtype.name for x in (*single, *single.zeros_like(), single.norm(), single.flatten())} == {"float32"}


def test_flatten_and_unflatten_are_inverse() -> None:
    p = named()
    vector = p.flatten()
    np.testing.assert_array_equal(vector.numpy(), [0, 1, 2, 3, 4, 5, 10, 20])
    check(TensorPack.unflatten(vector, like=p), W, B)
    scalars = TensorPack.of(tl.tensor(1.0), tl.zeros((0, 3)), tl.ones((1, 1)))
    assert scalars.flatten().shape == (2,)
    assert TensorPack.unflatten(scalars.flatten(), like=scalars).shapes == scalars.shapes


def test_a_pack_without_entries() -> None:
    empty = TensorPack.of()
    assert (len(empty), empty.shapes, list(empty)) == (0, (), [])
    assert len(empty + 2.0 * empty) == 0
    assert empty.dot(empty).item() == empty.norm().item() == 0.0
    assert empty.flatten().shape == (0,)
    assert len(TensorPack.unflatten(tl.zeros(0), like=empty)) == 0


def test_map_gets_each_entry_in_order() -> None:
    seen: list[tuple[int, ...]] = []

    def twice(x: Tensor) -> Tensor:
        seen.append(x.shape)
        return tl.concat([x, x])

    assert named().map(twice).shapes == ((4, 3), (4,))
    assert seen == [(2, 3), (2,)]


def test_a_pack_is_immutable() -> None:
    pack = named()
    with pytest.raises(AttributeError, match="TensorPack is immutable: names cannot be set"):
        pack.names = ("a", "b")  # type: ignore[misc]
    with pytest.raises(AttributeError, match="TensorPack is immutable: tensors cannot be set"):
        pack.tensors = ()  # type: ignore[misc]
    with pytest.raises(AttributeError, match="TensorPack is immutable: extra cannot be set"):
        pack.extra = 1  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="TensorPack is immutable: names cannot be deleted"):
        del pack.names  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        pack[0] = tl.zeros((2, 3))  # type: ignore[index]
    with pytest.raises(TypeError, match=r"use TensorPack\.of\(w, b\) or TensorPack\.named"):
        TensorPack()
    before = pack
    pack += 1.0
    check(before, W, B)


@pytest.mark.parametrize("through", [lambda p: pickle.loads(pickle.dumps(p)), copy.copy, copy.deepcopy])
def test_pickling_and_copying(through: Callable[[TensorPack], TensorPack]) -> None:
    for pack in (named(), numbered(), TensorPack.of()):
        again = through(pack)
        assert repr(again) == repr(pack)
        assert again.kind == pack.kind
        check(again, *[x.numpy() for x in pack])


def test_derivatives_flow_through_packs() -> None:
    p = named()
    gradient = autograd.fn.grad(lambda v: TensorPack.unflatten(v, like=p).map(tl.sin).dot(p), p.flatten())
    np.testing.assert_allclose(gradient.numpy(), np.cos(p.flatten().numpy()) * p.flatten().numpy(), rtol=1e-12)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ShapeError) as caught:
        call()
    return str(caught.value)


def test_packs_of_other_shapes_or_order_are_refused_by_the_first_entry_that_differs() -> None:
    p = named()
    other = TensorPack.of(tl.zeros((2, 4)), tl.zeros(2))
    assert refused(lambda: p + other) == (
        'add: the right pack does not fit the left: entry 0 ("weight") is [2, 3] in the left, here [2, 4]; '
        "was it made by another model?"
    )
    swapped = TensorPack.of(tl.zeros(2), tl.zeros((2, 3)))
    assert refused(lambda: numbered() - swapped) == (
        "subtract: the right pack does not fit the left: entry 0 is [2, 3] in the left, here [2]; "
        "the same shapes in another order"
    )
    assert refused(lambda: p * TensorPack.of(tl.zeros((2, 3)))) == (
        "multiply: the right pack has 1 entry, the left has 2; shapes: the left [2 3, 2], the right pack [2 3]"
    )
    assert refused(lambda: p / TensorPack.of()) == (
        "divide: the right pack has 0 entries, the left has 2; shapes: the left [2 3, 2], the right pack []"
    )
    assert refused(lambda: p.dot(swapped)).startswith("dot: the right pack does not fit the left: entry 0")


def test_packs_of_the_same_shapes_but_other_names_are_refused() -> None:
    p = TensorPack.named({"a": tl.zeros(2), "b": tl.zeros(2)})
    q = TensorPack.named({"b": tl.zeros(2), "a": tl.zeros(2)})
    assert refused(lambda: p + q) == (
        'add: the right pack does not fit the left: entry 0 is "a" in the left, here "b"; '
        "the entries have the same shapes but other names: are they in the right order?"
    )
    check(p + TensorPack.of(*q), [0.0, 0.0], [0.0, 0.0])


def test_what_is_no_pack_and_no_scalar_is_refused() -> None:
    p = named()
    assert refused(lambda: p + tl.zeros(2)) == "add: a pack goes with packs and scalars (tensor: [2])"
    assert refused(lambda: tl.zeros((2, 3)) * p) == "multiply: a pack goes with packs and scalars (tensor: [2, 3])"
    assert refused(lambda: p * "2") == "multiply: a pack goes with packs and scalars, got str"  # type: ignore[operator]
    assert refused(lambda: p - None) == "subtract: a pack goes with packs and scalars, got NoneType"  # type: ignore[operator]
    assert refused(lambda: np.ones(2) * p) == "multiply: a pack goes with packs and scalars, got ndarray"
    assert refused(lambda: p * True) == "multiply: a pack goes with packs and scalars, got bool"


def test_dtypes_of_packs_are_not_promoted() -> None:
    single = named().map(lambda x: x.astype(np.float32))
    assert refused(lambda: named() + single) == (
        "add: dtypes differ: float64 and float32; dtypes are not promoted: convert one with astype"
    )
    assert {x.dtype.name for x in 2.0 * single} == {"float32"}


def test_entries_that_are_not_there() -> None:
    p = named()
    tail = 'it has 2 entries: "weight", "bias"'
    assert refused(lambda: p[2]) == f"TensorPack: has no entry 2; {tail}"
    assert refused(lambda: p[-3]) == f"TensorPack: has no entry -3; {tail}"
    assert refused(lambda: p["Weight"]) == f'TensorPack: has no entry "Weight"; {tail}'
    assert refused(lambda: p[True]) == f"TensorPack: has no entry True; {tail}"
    assert refused(lambda: p[0.0]).startswith("TensorPack: has no entry 0.0; ")  # type: ignore[index]
    assert refused(lambda: TensorPack.of()[0]) == "TensorPack: has no entry 0; it is empty"


def test_what_is_no_tensor_is_no_entry() -> None:
    hint = "wrap arrays with tl.from_numpy"
    assert refused(lambda: TensorPack.of(tl.zeros(2), np.zeros(2))) == (  # type: ignore[arg-type]
        f"TensorPack.of: entry 1 must be a Tensor, got ndarray; {hint}"
    )
    assert refused(lambda: TensorPack.named({"a": [1.0]})) == (  # type: ignore[dict-item]
        "TensorPack.named: entry 0 must be a Tensor, got list; make a tensor with tl.tensor"
    )
    assert refused(lambda: named().map(lambda x: x.numpy())) == (  # type: ignore[arg-type, return-value]
        f"map: entry 0 must be a Tensor, got ndarray; {hint}"
    )


def test_names_are_given_once() -> None:
    pairs = [("a", tl.zeros(1)), ("b", tl.zeros(1)), ("a", tl.zeros(2))]
    assert refused(lambda: TensorPack.named(pairs)) == (
        'TensorPack.named: entries 0 and 2 are both named "a"; give each entry a name of its own'
    )


def test_a_vector_of_another_length_does_not_fit() -> None:
    assert refused(lambda: TensorPack.unflatten(tl.zeros(7), like=named())) == (
        "unflatten: the vector does not fit (vector: [7], like.flatten(): [8])"
    )
    assert refused(lambda: TensorPack.unflatten(tl.zeros((2, 4)), like=named())) == (
        "unflatten: the vector does not fit (vector: [2, 4], like.flatten(): [8])"
    )
