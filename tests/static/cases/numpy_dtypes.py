"""Dtypes of annotated NumPy arrays: compared where they are certain; NumPy's stubs know many results only roughly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Tensor


def narrowed(a: Float32[np.ndarray, "n"]) -> Float64[np.ndarray, "n"]:
    return a  # E: return-value: narrowed: the result has dtype float32, expected float64


def of_a_function(n: int) -> Float64[np.ndarray, "3"]:
    return np.zeros(3, dtype=np.float32)  # E: return-value: of_a_function: the result has dtype float32, expected float64


def of_a_variable(a: Float64[np.ndarray, "n"]) -> tuple[Float64[np.ndarray, "n"], Int64[np.ndarray, "n"]]:
    b = a.astype(np.int32)
    return a, b  # E: return-value: of_a_variable: item 1 of the result has dtype int32, expected int64


def counted(a: Float64[np.ndarray, "n"]) -> Int64[np.ndarray, "n"]:
    counts: Int64[np.ndarray, "n"] = a  # E: assignment: assignment: the value has dtype float64, expected int64
    return np.sort(a)  # E: return-value: counted: the result has dtype float64, expected int64


def yielded(a: Float32[np.ndarray, "n"]) -> Iterator[Float64[np.ndarray, "n"]]:
    yield a  # E: misc: yielded: what is yielded has dtype float32, expected float64


def of_any_float(a: Float[np.ndarray, "n"]) -> Float64[np.ndarray, "n"]:
    reveal_type(a)  # R: Float[np.ndarray, "n"]
    return a


# what NumPy's stubs call ``floating[Any]`` or ``float64`` is what it is


def scaled(a: Float32[np.ndarray, "n"]) -> Float32[np.ndarray, "n"]:
    half = a / 2
    half = 2.0 * half - (1 - a) / 3
    half += a
    half /= 2
    return half - half.mean()  # E: no-any-return: Returning Any from function declared to return "Float32[ndarray, 'n']"


def tracked(a: Float32[np.ndarray, "n"], mask: Bool[np.ndarray, "n"]) -> dict[str, Float32[np.ndarray, "n"]]:
    held: list[Float32[np.ndarray, "n"]] = [a, a / 2]
    held.append(a * 2.0)
    a[mask] = 0
    both: tuple[Float32[np.ndarray, "n"], ...] = (a, 1 / a)
    return {"a": both[0], "b": np.abs(held[1]) - held[0]}


def applied(f: Callable[[Float64[np.ndarray, "3"]], Float64[np.ndarray, "3"]], n: int) -> Float64[np.ndarray, "3"]:
    return f(np.linspace(0, 1, 3) * n)


@dataclass
class Line:
    slope: Float64[np.ndarray, "n m"]
    bias: Float64[np.ndarray, "m"]

    def step(self, change: "Line", rate: float) -> "Line":
        self.bias = self.bias - rate * change.bias
        self.slope -= rate * change.slope
        return Line(self.slope - rate * change.slope, np.zeros_like(self.bias))


def on_tensors(a: Float32[np.ndarray, "n"]) -> Float64[Tensor, "n"]:
    return tl.from_numpy(a)  # E: return-value: on_tensors: the result has dtype float32, expected float64


applied(lambda v: v / v.sum(), 2)
applied(np.tanh, 2)
tl.checked(narrowed)(np.zeros(3, dtype=np.float64))  # E: arg-type: narrowed: argument 1 has dtype float64, expected float32

# of arrays of two dtypes NumPy makes one: which, is not for mypy's join of the two to say
whole = np.arange(4)
reveal_type(np.concatenate([whole, np.ones(3)]) * 2.0)  # R: Float64[np.ndarray, "7"]
reveal_type(np.hstack((np.ones((2, 3), dtype=np.float32), np.ones((2, 3)) > 0.0)))  # R: Shaped[np.ndarray, "2 6"]
