# symbolic: names stand for any sizes
"""What a condition says by ``!=`` and ``not``: that two sizes are one is known where it is so, and nowhere else."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor



def unequal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if m != n:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def not_unequal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if not (m != n):
        x + y


def else_of_not_unequal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if not (m != n):
        pass
    else:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def not_equal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if not (m == n):
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def else_of_not_equal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if not (m == n):
        pass
    else:
        x + y


def else_of_equal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"]) -> None:
    if m == n:
        x + y
    else:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def unequal_and_more(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if m != n and flag:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def left_if_unequal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if m != n:
        return
    x + y


def in_what_is_left(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if m != n:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
        return
    x + y


def unequal_shapes(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if x.shape != y.shape:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches


def else_of_unequal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if x.shape[0] != y.shape[0]:
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
    else:
        x + y


def left_if_not_all_equal(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if not (x.shape[0] == y.shape[0] and flag):
        x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
        return
    x + y


def left_if_not_unequal_and_more(m: Dim["m"], n: Dim["n"], x: Float64[Tensor, "n"], y: Float64[Tensor, "m"], flag: bool) -> None:
    if not (x.shape[0] != y.shape[0] and flag):
        return
    x + y  # E: shape-broadcast: add: axis 0 differs: n and m (left: [n], right: [m]); broadcasting is explicit: only an axis of size 1 stretches
