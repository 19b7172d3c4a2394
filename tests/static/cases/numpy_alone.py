"""A file that knows jaxtyping and NumPy, and nothing of torchlean_typed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64


@dataclass
class Line:
    slope: Float64[np.ndarray, "n m"]
    bias: Float64[np.ndarray, "m"]


def intercepts(line: Line, x: Float64[np.ndarray, "n"]) -> Float64[np.ndarray, "n"]:
    return x


line = Line(np.zeros((2, 3)), np.zeros(3))
reveal_type(line.bias)  # R: Float64[np.ndarray, "3"]
reveal_type(intercepts(line, np.zeros(2)))  # R: Float64[np.ndarray, "2"]


def wrong(a: Float32[np.ndarray, "n"]) -> Float64[np.ndarray, "n"]:
    return a  # E: return-value: wrong: the result has dtype float32, expected float64
