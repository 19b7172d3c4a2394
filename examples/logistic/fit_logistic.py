"""Logistic regression by Newton's method: the Hessian is 31 by 31 because mypy says so, and a few steps are enough.

    torchlean-typed check examples/logistic/fit_logistic.py -- --strict
    python examples/logistic/fit_logistic.py

Tells benign from malignant tumours by 30 measurements of 569 (the breast cancer data that scikit-learn ships).
"""

import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_breast_cancer

import torchlean_typed as tl
from torchlean_typed import Tensor, autograd

PENALTY = 0.01  # of half the squared weights; the intercept has none
TOLERANCE = 1e-10


def measurements() -> tuple[Float64[Tensor, "569 30"], Float64[Tensor, "569"]]:
    """The measurements, each with mean 0 and variance 1, and 1 for benign, -1 for malignant."""
    given, benign = load_breast_cancer(return_X_y=True)
    x, labels = tl.ensure(tl.from_numpy(given), "569 30"), tl.ensure(tl.from_numpy(2.0 * benign - 1.0), "569")
    return (x - tl.mean(x, axis=0, keepdims=True)) / tl.std(x, axis=0, keepdims=True), labels


def scores(w: Float64[Tensor, "31"], x: Float64[Tensor, "n 30"]) -> Float64[Tensor, "n"]:
    """Above 0 for benign: the weights come first, the intercept last."""
    return x @ w[:-1] + w[-1]


def penalised(w: Float64[Tensor, "31"], x: Float64[Tensor, "n 30"], y: Float64[Tensor, "n"]) -> Float64[Tensor, ""]:
    """The mean of the negative log likelihoods, and the penalty."""
    return tl.mean(tl.softplus(-y * scores(w, x))) + 0.5 * PENALTY * tl.sum(w[:-1] ** 2)


def newton(x: Float64[Tensor, "n 30"], y: Float64[Tensor, "n"]) -> tuple[Float64[Tensor, "31"], list[float]]:
    """The best weights, and the norms of the gradient on the way. The function is convex: steps are halved at most."""

    @tl.compile
    def objective(w: Float64[Tensor, "31"]) -> Float64[Tensor, ""]:
        return penalised(w, x, y)

    w = tl.zeros(31)
    norms: list[float] = []
    for _ in range(50):
        value, gradient = autograd.fn.value_and_grad(objective, w)
        norms.append(float(tl.sqrt(tl.vecdot(gradient, gradient))))
        if norms[-1] < TOLERANCE:
            break
        direction = tl.solve(autograd.fn.hessian(objective, w).tensor, gradient)
        length = 1.0
        while float(objective(w - length * direction)) > float(value) and length > 1e-6:
            length /= 2
        w = w - length * direction
    return w, norms


def main() -> None:
    """Fit, and print how it went."""
    x, y = measurements()
    w, norms = newton(x, y)
    print("norm of the gradient:", ", ".join(f"{norm:.0e}" for norm in norms))
    right = tl.mean((scores(w, x) * y > 0).astype(np.float64))
    print(f"right: {float(right):.1%} of 569, after {len(norms) - 1} steps")


if __name__ == "__main__":
    main()
