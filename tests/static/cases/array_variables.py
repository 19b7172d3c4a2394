"""NumPy arrays in variables, attributes and containers: what is bound again is what it is now."""

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

flag = bool(tl.tensor(1.0) > 0)

a = np.zeros(3)
a = a.reshape(1, 3)
reveal_type(tl.from_numpy(a))  # R: Float64[Tensor, "1 3"]
a = np.zeros((3, 4))
a = a.T
reveal_type(tl.from_numpy(a))  # R: Float64[Tensor, "4 3"]
a += np.ones(3)
reveal_type(tl.from_numpy(a))  # R: Float64[Tensor, "4 3"]
a = a[None, :]
reveal_type(tl.from_numpy(a))  # R: Float64[Tensor, "1 4 3"]

b = np.zeros(3) if flag else np.zeros((2, 3))
reveal_type(tl.from_numpy(b))  # R: Shaped[Tensor, "..."]
if flag:
    c = np.zeros(3)
else:
    c = np.zeros((2, 3))
reveal_type(tl.from_numpy(c))  # R: Shaped[Tensor, "..."]
d = np.zeros(3)
for _ in range(2):
    d = np.stack([d, d])
reveal_type(tl.from_numpy(d))  # R: Float64[Tensor, "..."]

p, q = np.zeros(3), np.zeros((2, 3))
p, q = q, p
reveal_type(tl.from_numpy(p))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.from_numpy(q))  # R: Float64[Tensor, "3"]
w = np.zeros(3)
if (w := np.zeros((2, 3))).sum() == 0:
    reveal_type(tl.from_numpy(w))  # R: Float64[Tensor, "2 3"]
first, *rest = np.zeros((2, 3)), np.zeros(3), np.zeros(3)
reveal_type(tl.from_numpy(first))  # R: Float64[Tensor, "2 3"]
reveal_type(tl.from_numpy(rest[0]))  # R: Float64[Tensor, "3"]

arrays = [np.zeros(3), np.zeros((2, 3))]
reveal_type(tl.from_numpy(arrays[1]))  # R: Float64[Tensor, "..."]
for array in arrays:
    reveal_type(tl.from_numpy(array))  # R: Float64[Tensor, "..."]
table = {"a": np.zeros(3), "b": np.zeros((2, 3))}
reveal_type(tl.from_numpy(table["b"]))  # R: Float64[Tensor, "..."]
several: list[np.ndarray] = [np.zeros(3)]
several.append(np.zeros((2, 3)))
reveal_type(tl.from_numpy(several[1]))  # R: Shaped[Tensor, "..."]

e = np.zeros((3, 4))
e.shape = (2, 6)
reveal_type(tl.from_numpy(e))  # R: Float64[Tensor, "..."]
f = np.zeros((3, 4))
f.resize(12)
reveal_type(tl.from_numpy(f))  # R: Float64[Tensor, "..."]


class Buffer:
    rows: Float64[np.ndarray, "2 3"]

    def __init__(self) -> None:
        self.rows = np.zeros((2, 3))
        self.free: np.ndarray = np.zeros(3)

    def grow(self) -> None:
        self.free = np.zeros((2, 3))
        self.rows = np.zeros((3, 3))  # E: assignment: assignment: the value has shape [3, 3], expected [2, 3]


buffer = Buffer()
buffer.grow()
reveal_type(tl.from_numpy(buffer.free))  # R: Shaped[Tensor, "..."]


@tl.checked
def steps(x: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "m n"]:
    x = x.T
    reveal_type(tl.from_numpy(x))  # R: Float64[Tensor, "m n"]
    y = x.copy()
    y = np.exp(y) + y.mean()
    reveal_type(y.shape)  # R: Any
    return y  # E: no-any-return: Returning Any from function declared to return "Float64[ndarray, 'm n']"


reveal_type(tl.from_numpy(steps(np.zeros((2, 3)))))  # R: Float64[Tensor, "3 2"]


@tl.checked
def unknown(x: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "n m"]:
    y: Float64[np.ndarray, "n m"] = np.asarray(x.tolist())
    y = np.argsort(y, axis=0) * 1.0
    return y.reshape(x.shape[0], -1)


reveal_type(tl.from_numpy(unknown(np.zeros((2, 3)))))  # R: Float64[Tensor, "2 3"]


def not_transposed(x: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "m n"]:
    return x  # E: return-value: not_transposed: the result has shape [n, m], expected [m, n]


def declared(x: Float64[np.ndarray, "n m"]) -> Float64[Tensor, "m n"]:
    y: Float64[np.ndarray, "m n"] = x  # E: assignment: assignment: the value has shape [n, m], expected [m, n]
    return tl.from_numpy(y)


def changed(x: Float64[np.ndarray, "n m"]) -> None:
    x.shape = (x.size,)  # E: shape: in-place: the array was declared to have the shape [n, m]; use reshape, which gives a new array


arrays_of_three = [np.zeros(3)]
arrays_of_three.append(np.zeros(4))  # E: arg-type: append: argument 1 has shape [4], expected [3]
tl.from_numpy(p) @ tl.from_numpy(a.reshape(3, 4))
tl.from_numpy(p) @ tl.from_numpy(p)  # E: shape: matmul: inner dimensions differ: 3 (left: [2, 3]) and 2 (right: [2, 3]); did you mean .mT on the right operand?
