# symbolic
"""Functions on packs whose bodies are wrong."""

from typing import Any

from jaxtyping import Float64

from torchlean_typed import Tensor, TensorPack


def not_swapped(p: TensorPack["n, m"]) -> TensorPack["m, n"]:
    x, y = p
    return TensorPack.of(x, y)  # E: return-value: not_swapped: entry 0 of the result has shape [n], expected [m]


def too_few(p: TensorPack["n, m"]) -> TensorPack["n, m"]:
    return TensorPack.of(p[0])  # E: return-value: too_few: the result has 1 entry, expected 2


def mixed(p: TensorPack["n, m"], q: TensorPack["m, n"]) -> TensorPack["n, m"]:
    return p + q  # E: shape: add: the right pack does not fit the left: entry 0 is [n] in the left, here [m]; the same shapes in another order


def out_of_range(p: TensorPack["n, m"]) -> Float64[Tensor, "n"]:
    return p["2"]  # E: return-value: out_of_range: the result has shape [n] or [m], expected [n]


def loaded() -> TensorPack:
    return any_pack()  # E: no-any-return: Returning Any from function declared to return "TensorPack"


def any_pack() -> Any: ...


def unknown_is_fine(p: TensorPack, q: TensorPack["n, m"]) -> TensorPack["n, m"]:
    a, b = p
    reveal_type(a)  # R: Shaped[Tensor, "..."]
    reveal_type(p["weight"])  # R: Shaped[Tensor, "..."]
    reveal_type(p + q)  # R: TensorPack["n, m"]
    for name in q.names:
        p = p + q[name].sum() * p
    return loaded()
