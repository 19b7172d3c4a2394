"""NumPy's own operators, methods and functions on arrays: by our rules, and with NumPy's broadcasting and dtypes."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64
from numpy import ndarray

import torchlean_typed as tl
from torchlean_typed import Dim

x, v, a = np.ones((3, 4)), np.ones(4), np.zeros((2, 1, 4))
f, i = np.ones((3, 4), dtype=np.float32), np.arange(4)
square, rng = np.eye(4), np.random.default_rng(0)

reveal_type(x + v)  # R: Float64[np.ndarray, "3 4"]
reveal_type(x[:, :, None] - v)  # R: Float64[np.ndarray, "3 4 4"]
reveal_type(2.0 * x)  # R: Float64[np.ndarray, "3 4"]
reveal_type(1 / x)  # R: Float64[np.ndarray, "3 4"]
reveal_type(tl.from_numpy(f * 2.0))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.from_numpy(f / 2))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.from_numpy(f + x))  # R: Float64[Tensor, "3 4"]
reveal_type(tl.from_numpy(i * 2))  # R: Int64[Tensor, "4"]
reveal_type(tl.from_numpy(i / 2))  # R: Float64[Tensor, "4"]
reveal_type(tl.from_numpy(i * 2.0))  # R: Float64[Tensor, "4"]
reveal_type(tl.from_numpy(i // 2))  # R: Int64[Tensor, "4"]
reveal_type(x**2)  # R: Float64[np.ndarray, "3 4"]
reveal_type(-x)  # R: Float64[np.ndarray, "3 4"]
reveal_type(x > 0.0)  # R: Bool[np.ndarray, "3 4"]
reveal_type(x == v)  # R: Bool[np.ndarray, "3 4"]
reveal_type((x > 0.0) & (x < 1.0))  # R: Bool[np.ndarray, "3 4"]
reveal_type(x @ v)  # R: Float64[np.ndarray, "3"]
reveal_type(x @ square)  # R: Float64[np.ndarray, "3 4"]
reveal_type(v @ square)  # R: Float64[np.ndarray, "4"]
reveal_type(a @ square)  # R: Float64[np.ndarray, "2 1 4"]

reveal_type(tl.from_numpy(x.astype(np.float32)))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.from_numpy(x.astype(int)))  # R: Int64[Tensor, "3 4"]
reveal_type(x.copy())  # R: Float64[np.ndarray, "3 4"]
reveal_type(x.reshape(4, 3))  # R: Float64[np.ndarray, "4 3"]
reveal_type(x.reshape((2, -1)))  # R: Float64[np.ndarray, "2 6"]
reveal_type(x.reshape(-1))  # R: Float64[np.ndarray, "12"]
reveal_type(x.ravel())  # R: Float64[np.ndarray, "12"]
reveal_type(a.squeeze(axis=1))  # R: Float64[np.ndarray, "2 4"]
reveal_type(a.transpose(2, 0, 1))  # R: Float64[np.ndarray, "4 2 1"]
reveal_type(a.transpose())  # R: Float64[np.ndarray, "4 1 2"]
reveal_type(a.swapaxes(0, 2))  # R: Float64[np.ndarray, "4 1 2"]
reveal_type(x.sum(axis=0))  # R: Float64[np.ndarray, "4"]
reveal_type(x.mean(axis=1, keepdims=True))  # R: Float64[np.ndarray, "3 1"]
reveal_type(tl.from_numpy(f.mean(axis=1)))  # R: Float32[Tensor, "3"]
reveal_type(i.reshape(2, 2).mean(axis=1))  # R: Float64[np.ndarray, "2"]
reveal_type(x.max(0))  # R: Float64[np.ndarray, "4"]
reveal_type(tl.from_numpy(x.argmax(axis=1)))  # R: Int64[Tensor, "3"]
reveal_type(x.std(axis=0, ddof=1))  # R: Float64[np.ndarray, "4"]
reveal_type((x > 0.0).all(axis=0))  # R: Bool[np.ndarray, "4"]
reveal_type(x.cumsum(axis=0))  # R: Float64[np.ndarray, "3 4"]
reveal_type(x.cumsum())  # R: Float64[np.ndarray, "12"]
reveal_type(x.clip(0.0, 1.0))  # R: Float64[np.ndarray, "3 4"]
reveal_type(tl.from_numpy((x > 0.0).clip(0, 1)))  # R: Int64[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.clip(x > 0.0, 0, 1)))  # R: Int64[Tensor, "3 4"]
reveal_type(x.dot(square))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.dot(a, square))  # R: Float64[np.ndarray, "2 1 4"]
reveal_type(np.dot(a, np.ones((5, 4, 2))))  # R: Float64[np.ndarray, "2 1 5 2"]
reveal_type(tl.from_numpy(np.cumsum(x > 0.0, axis=0)))  # R: Int64[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.cumsum(np.zeros((3, 4), dtype=np.int32))))  # R: Int64[Tensor, "12"]
reveal_type(tl.from_numpy(x.argsort()))  # R: Int64[Tensor, "3 4"]

reveal_type(np.exp(x))  # R: Float64[np.ndarray, "3 4"]
reveal_type(tl.from_numpy(np.sqrt(f)))  # R: Float32[Tensor, "3 4"]
reveal_type(tl.from_numpy(np.exp(i)))  # R: Float64[Tensor, "4"]
reveal_type(tl.from_numpy(np.abs(i)))  # R: Int64[Tensor, "4"]
reveal_type(np.isnan(x))  # R: Bool[np.ndarray, "3 4"]
reveal_type(np.maximum(x, v))  # R: Float64[np.ndarray, "3 4"]
reveal_type(tl.from_numpy(np.maximum(f, 0.0)))  # R: Float32[Tensor, "3 4"]
reveal_type(np.where(x > 0.0, x, 0.0))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.sum(a, axis=(0, 2)))  # R: Float64[np.ndarray, "1"]
reveal_type(np.concatenate([x, x]))  # R: Float64[np.ndarray, "6 4"]
reveal_type(np.concatenate((x, x[:, :1]), axis=1))  # R: Float64[np.ndarray, "3 5"]
reveal_type(np.stack([x, x], axis=-1))  # R: Float64[np.ndarray, "3 4 2"]
reveal_type(np.vstack([x, v]))  # R: Float64[np.ndarray, "4 4"]
reveal_type(np.hstack([v, v]))  # R: Float64[np.ndarray, "8"]
reveal_type(np.column_stack([v, v]))  # R: Float64[np.ndarray, "4 2"]
reveal_type(np.zeros_like(x))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.full_like(x, 2.0))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.expand_dims(v, 0))  # R: Float64[np.ndarray, "1 4"]
reveal_type(np.outer(v, v))  # R: Float64[np.ndarray, "4 4"]
reveal_type(np.dot(x, v))  # R: Float64[np.ndarray, "3"]
reveal_type(np.diff(x))  # R: Float64[np.ndarray, "3 3"]
reveal_type(np.sort(x, axis=0))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.median(x, axis=0))  # R: Float64[np.ndarray, "4"]
reveal_type(np.broadcast_to(v, (3, 4)))  # R: Float64[np.ndarray, "3 4"]
reveal_type(np.linalg.norm(x, axis=1))  # R: Float64[np.ndarray, "3"]
reveal_type(np.linalg.inv(square))  # R: Float64[np.ndarray, "4 4"]
reveal_type(np.linalg.solve(square, v))  # R: Float64[np.ndarray, "4"]
reveal_type(np.linalg.cholesky(square))  # R: Float64[np.ndarray, "4 4"]
reveal_type(tl.from_numpy(rng.integers(0, 3, size=(2, 5))))  # R: Int64[Tensor, "2 5"]
reveal_type(tl.from_numpy(rng.permutation(5)))  # R: Int64[Tensor, "5"]

reveal_type(x[0])  # R: Float64[np.ndarray, "4"]
reveal_type(x[-1, :2])  # R: Float64[np.ndarray, "2"]
reveal_type(x[5:])  # R: Float64[np.ndarray, "0 4"]
reveal_type(x[::-1, ::3])  # R: Float64[np.ndarray, "3 2"]
reveal_type(a[..., 0, None])  # R: Float64[np.ndarray, "2 1 1"]
reveal_type(square[np.array([[0, 1], [2, 3]])])  # R: Float64[np.ndarray, "2 2 4"]
reveal_type([row for row in x])  # R: list[Float64[np.ndarray, "4"]]
for row, number in zip(x, range(3)):
    reveal_type(row)  # R: Float64[np.ndarray, "4"]
first, second, third = x
reveal_type(third)  # R: Float64[np.ndarray, "4"]
x += v
x *= 2.0
reveal_type(x)  # R: Float64[np.ndarray, "3 4"]
reveal_type(tl.from_numpy(x - x.mean(axis=0)) @ tl.from_numpy(square))  # R: Float64[Tensor, "3 4"]


@tl.checked
def standardised(data: Float64[ndarray, "n d"], k: Dim["k"]) -> Float64[ndarray, "n d"]:
    reveal_type(data[1:])  # R: Float64[np.ndarray, "_ d"]
    reveal_type(data[:, :-1])  # R: Float64[np.ndarray, "n _"]
    reveal_type(data[data > 0.0])  # R: Float64[np.ndarray, "..."]
    reveal_type(np.concatenate([data, data], axis=1))  # R: Float64[np.ndarray, "n 2*d"]
    reveal_type(data.T @ data)  # R: Float64[np.ndarray, "d d"]
    reveal_type(data[:, None, :] - data[None, :, :])  # R: Float64[np.ndarray, "n n d"]
    reveal_type(np.argmax(data, axis=-1))  # R: Shaped[np.ndarray, "n"]
    return (data - data.mean(axis=0)) / (data.std(axis=0) + 1e-8)


reveal_type(standardised(np.ones((5, 3)), 2))  # R: Float64[np.ndarray, "5 3"]


def not_called(data: Float64[ndarray, "n d"], other: Float64[ndarray, "m d"], anything: Any) -> Float64[ndarray, "d"]:
    data + data.T  # E: shape: add: the shapes do not broadcast: axis -2 is n and d (left: [n, d], right: [d, n])
    data + np.ones(3)  # E: shape: add: the shapes do not broadcast: axis -1 is d and 3 (left: [n, d], right: [3])
    data @ other  # E: shape: matmul: inner dimensions differ: d (left: [n, d]) and m (right: [m, d]); did you mean .mT on the right operand?
    np.dot(data, np.ones((4, 3, 2)))  # E: shape: dot: axis -1 of the left operand is d, axis -2 of the right is 3 (left: [n, d], right: [4, 3, 2])
    data.sum(axis=2)  # E: shape: sum: axis 2 is out of range (operand: [n, d])
    np.maximum(data, other)  # E: shape: maximum: the shapes do not broadcast: axis -2 is n and m (left: [n, d], right: [m, d])
    np.concatenate([data, other], axis=1)  # E: shape: concatenate: axis 0 differs: n and m (item 0: [n, d], item 1: [m, d]); did you mean axis=0?
    data[0:0] @ other.T[0]  # E: shape: matmul: inner dimensions differ: d (left: [0, d]) and m (right: [m])
    total = np.zeros(3)
    total += np.ones((2, 3))  # E: shape: add: the result does not fit the array, which keeps its shape (left: [3], right: [2, 3])
    one, two = np.ones((3, 2))  # E: shape: unpack: axis 0 has size 3, expected 2 (operand: [3, 2])
    np.linalg.inv(np.ones((3, 2)))  # E: shape: inv: the matrix is not square: 3 and 2 (operand: [3, 2])
    reveal_type(data * anything)  # R: Any
    reveal_type(np.sum(data, axis=anything))  # R: Any
    reveal_type(data.sum(axis=0, out=anything))  # R: Any
    return data.mean(axis=1)  # E: return-value: not_called: the result has shape [n], expected [d]
