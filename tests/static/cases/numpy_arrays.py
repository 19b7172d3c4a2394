"""NumPy arrays on their way to tensors and back."""

import numpy as np
from jaxtyping import Float32, Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Tensor

Array = Float64[np.ndarray, "n 3"]


@tl.checked
def wrap(a: Float64[np.ndarray, "n m"], labels: Int64[np.ndarray, "n"]) -> Float64[Tensor, "n m"]:
    reveal_type(a)  # R: Float64[np.ndarray, "n m"]
    reveal_type(tl.from_numpy(a))  # R: Float64[Tensor, "n m"]
    reveal_type(tl.from_numpy(labels))  # R: Int64[Tensor, "n"]
    return tl.from_numpy(a)


@tl.checked
def three(a: Array) -> Float64[Tensor, "n 3"]:
    return tl.from_numpy(a)


@tl.checked
def mixed(a: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "m n"]:
    reveal_type(tl.from_numpy(a.T))  # R: Float64[Tensor, "m n"]
    reveal_type(tl.from_numpy(a * 2.0))  # R: Float64[Tensor, "n m"]
    reveal_type(tl.from_numpy(np.moveaxis(a, 0, 1)))  # R: Float64[Tensor, "m n"]
    rows, columns = a.shape
    reveal_type(tl.zeros((columns, rows)))  # R: Float64[Tensor, "m n"]
    b = np.exp(a) + a / 2
    b[0] = 1.0
    norms: Float64[np.ndarray, "n"] = np.linalg.norm(b, axis=1)
    return (b / norms[:, None]).T


x = tl.ones((2, 3))
reveal_type(mixed(x.numpy()).shape)  # R: tuple[Dim["3"], Dim["2"]]
reveal_type(x.numpy())  # R: Float64[np.ndarray, "2 3"]
reveal_type(tl.from_numpy(x.numpy()))  # R: Float64[Tensor, "2 3"]
reveal_type(wrap(x.numpy(), tl.arange(2).numpy()))  # R: Float64[Tensor, "2 3"]
reveal_type(three(x.numpy()))  # R: Float64[Tensor, "2 3"]
reveal_type(x.item if False else x.dtype)  # R: dtype[float64]

three(np.zeros((2, 4)))  # E: shape: three: argument 1 ("a") has shape [2, 4], expected [n, 3]
three(np.zeros(3))  # E: shape: three: argument 1 ("a") has shape [3], expected [n, 3]
three(np.zeros((2, 3), dtype=np.float32))  # E: shape: three: argument 1 ("a") has dtype float32, expected float64
wrap(x.numpy(), tl.arange(3).numpy())  # E: shape: wrap: dimension "n" is 2 in argument 1 ("a"), [n=2, m=3], but 3 in argument 2 ("labels")
three(x.T.numpy())  # E: shape: three: argument 1 ("a") has shape [3, 2], expected [n, 3]; did you mean .mT on argument 1 ("a")?
tl.from_numpy(x.numpy()) + tl.zeros((3, 2))  # E: shape: add: axis 0 differs: 2 and 3 (left: [2, 3], right: [3, 2]); did you mean .T on one of them?


def wrong(a: Float64[np.ndarray, "n m"]) -> Float64[Tensor, "m n"]:
    return tl.from_numpy(a)  # E: return-value: wrong: the result has shape [n, m], expected [m, n]; did you mean .mT?


def wrong_dtype(a: Float32[np.ndarray, "n"]) -> Float64[Tensor, "n"]:
    return tl.from_numpy(a)  # E: return-value: wrong_dtype: the result has dtype float32, expected float64


def stored(a: Float64[np.ndarray, "3 4"], b: Float64[np.ndarray, "n m"], k: int, unknown: np.ndarray) -> None:
    a[0] = np.ones(4)
    a[:, 0] = np.ones(3)
    a[:] = np.ones((1, 3, 4))
    a[1:] = a[:1]
    a[:k] = np.ones((2, 4))
    a[a > 0] = np.ones(3)
    a[0, 0], a[1, 0] = 1.0, np.float64(2.0)
    a[k] = unknown
    unknown[k] = a
    b[0] = b[1]
    a[0] = np.ones(3)  # E: shape: setitem: the shapes do not broadcast: axis -1 is 4 and 3 (left: [4], right: [3])
    a[:, 0] = a[0]  # E: shape: setitem: the shapes do not broadcast: axis -1 is 3 and 4 (left: [3], right: [4])
    a[0, 0] = np.ones(3)  # E: shape: setitem: the result does not fit the array, which keeps its shape (left: [], right: [3])
    a[1:] = a  # E: shape: setitem: the shapes do not broadcast: axis -2 is 2 and 3 (left: [2, 4], right: [3, 4])
    b[:, 0] = b[0]  # E: shape: setitem: the shapes do not broadcast: axis -1 is n and m (left: [n], right: [m])
