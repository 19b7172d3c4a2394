"""Limited-memory BFGS: the two-loop recursion over a history of steps and gradient differences."""

from collections.abc import Callable

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def direction(
    gradient: Float64[Tensor, "n"], steps: Float64[Tensor, "k n"], differences: Float64[Tensor, "k n"]
) -> Float64[Tensor, "n"]:
    """The inverse Hessian's approximation times the gradient, negated."""
    rho: Float64[Tensor, "k"] = 1.0 / tl.vecdot(steps, differences)
    alphas = []
    q: Float64[Tensor, "n"] = gradient
    for index in range(len(steps)):
        alpha = rho[index] * tl.vecdot(steps[index], q)
        q = q - alpha * differences[index]
        alphas.append(alpha)
    scale: Float64[Tensor, ""] = tl.vecdot(steps[0], differences[0]) / tl.vecdot(differences[0], differences[0])
    r: Float64[Tensor, "n"] = scale * q
    for index in range(len(steps)):
        beta = rho[index] * tl.vecdot(differences[index], r)
        r = r + (alphas[index] - beta) * steps[index]
    return -r


def history(
    f: Callable[[Float64[Tensor, "k+1 n"]], Float64[Tensor, "k+1"]], points: Float64[Tensor, "k+1 n"]
) -> tuple[Float64[Tensor, "k n"], Float64[Tensor, "k n"]]:
    """Steps between points and the differences of the gradients."""
    gradients: Float64[Tensor, "k+1 n"] = autograd.fn.grad(lambda rows: tl.sum(f(rows)), points)
    return points[1:] - points[:-1], gradients[1:] - gradients[:-1]


def quadratic(rows: Float64[Tensor, "m n"], a: Float64[Tensor, "n n"], b: Float64[Tensor, "n"]) -> Float64[Tensor, "m"]:
    """The objective at each row."""
    return 0.5 * tl.vecdot(rows, rows @ a) - rows @ b


def main(n: Dim["n"], k: Dim["k"]) -> tuple[Float64[Tensor, "n"], Float64[Tensor, "k"]]:
    root: Float64[Tensor, "n n"] = tl.random.normal((n, n), seed=0)
    a: Float64[Tensor, "n n"] = root @ root.T + tl.eye(n)
    b: Float64[Tensor, "n"] = tl.random.normal(n, seed=1)
    points: Float64[Tensor, "k+1 n"] = tl.cumulative_sum(0.1 * tl.random.normal((k + 1, n), seed=2), axis=0)
    steps, differences = history(lambda rows: quadratic(rows, a, b), points)
    x: Float64[Tensor, "n"] = points[-1]
    gradient: Float64[Tensor, "n"] = autograd.fn.grad(lambda z: tl.sum(quadratic(z[None, :], a, b)), x)
    new: Float64[Tensor, "n"] = x + direction(gradient, steps, differences)
    return new, steps @ (a @ new - b)


if __name__ == "__main__":
    print(main(n=5, k=3))
