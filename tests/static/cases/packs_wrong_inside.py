# symbolic
"""Functions on packs whose bodies are wrong."""

from typing import Any

from jaxtyping import Float64

from torchlean_typed import Tensor, TensorPack


def not_swapped(p: TensorPack["n, m"]) -> TensorPack["m, n"]:
    x, y = p
    return TensorPack.of(x, y)  # E: return-value: Incompatible return value type (got "TensorPack[tuple[tuple[n], tuple[m]], Any]", expected "TensorPack[tuple[tuple[m], tuple[n]], Any]")


def too_few(p: TensorPack["n, m"]) -> TensorPack["n, m"]:
    return TensorPack.of(p[0])  # E: return-value: Incompatible return value type (got "TensorPack[tuple[tuple[n]], Any]", expected "TensorPack[tuple[tuple[n], tuple[m]], Any]")


def mixed(p: TensorPack["n, m"], q: TensorPack["m, n"]) -> TensorPack["n, m"]:
    return p + q  # E: shape: add: the right pack does not fit the left: entry 0 has shape [n], here [m]; the same shapes in another order


def out_of_range(p: TensorPack["n, m"]) -> Float64[Tensor, "n"]:
    return p["2"]  # E: return-value: Incompatible return value type (got "Tensor[Any, n] | Tensor[Any, m]", expected "Tensor[float64, n]")


def loaded() -> TensorPack:
    return any_pack()  # E: no-any-return: Returning Any from function declared to return "TensorPack[Any, Any]"


def any_pack() -> Any: ...


def unknown_is_fine(p: TensorPack, q: TensorPack["n, m"]) -> TensorPack["n, m"]:
    a, b = p
    reveal_type(a)  # R: Shaped[Tensor, "..."]
    reveal_type(p["weight"])  # R: Shaped[Tensor, "..."]
    reveal_type(p + q)  # R: TensorPack["n, m"]
    for name in q.names:
        p = p + q[name].sum() * p
    return loaded()
