"""Ridge regression: the closed form, its residuals, and the gradient it is a zero of."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def gram(x: Float64[Tensor, "n d"], penalty: float) -> Float64[Tensor, "d d"]:
    """The regularised normal matrix."""
    d = x.shape[1]
    return x.T @ x + penalty * tl.eye(d)


def fit(x: Float64[Tensor, "n d"], y: Float64[Tensor, "n k"], penalty: float) -> Float64[Tensor, "d k"]:
    """The weights of least penalised squared error."""
    return tl.solve(gram(x, penalty), x.T @ y)


def standardised(x: Float64[Tensor, "n d"]) -> Float64[Tensor, "n d"]:
    """Columns of mean 0 and deviation 1."""
    centred: Float64[Tensor, "n d"] = x - tl.mean(x, axis=0, keepdims=True)
    return centred / tl.std(centred, axis=0, keepdims=True)


def objective(
    w: Float64[Tensor, "d k"], x: Float64[Tensor, "n d"], y: Float64[Tensor, "n k"], penalty: float
) -> Float64[Tensor, ""]:
    """The penalised squared error."""
    residual: Float64[Tensor, "n k"] = x @ w - y
    return tl.sum(residual**2) + penalty * tl.sum(w * w)


def leverage(x: Float64[Tensor, "n d"], penalty: float) -> Float64[Tensor, "n"]:
    """The diagonal of the hat matrix."""
    hat: Float64[Tensor, "n n"] = x @ tl.solve(gram(x, penalty), x.T)
    return tl.diagonal(hat)


def main(n: Dim["n"], d: Dim["d"], k: Dim["k"]) -> tuple[Float64[Tensor, "d k"], Float64[Tensor, "n k"]]:
    x: Float64[Tensor, "n d"] = standardised(tl.random.normal((n, d), seed=0))
    y: Float64[Tensor, "n k"] = tl.random.normal((n, k), seed=1)
    w: Float64[Tensor, "d k"] = fit(x, y, 0.1)
    gradient: Float64[Tensor, "d k"] = autograd.fn.grad(lambda v: objective(v, x, y, 0.1), w)
    residual: Float64[Tensor, "n k"] = y - x @ (w - gradient)
    return w, residual / (1.0 - leverage(x, 0.1))[:, None]


if __name__ == "__main__":
    print(main(n=11, d=5, k=3))
