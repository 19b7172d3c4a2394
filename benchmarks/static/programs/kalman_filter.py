"""A Kalman filter: prediction, update, and the log-likelihood of the observations."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


def predict(
    mean: Float64[Tensor, "n"],
    cov: Float64[Tensor, "n n"],
    transition: Float64[Tensor, "n n"],
    noise: Float64[Tensor, "n n"],
) -> tuple[Float64[Tensor, "n"], Float64[Tensor, "n n"]]:
    """The state one step later."""
    return transition @ mean, transition @ cov @ transition.T + noise


def update(
    mean: Float64[Tensor, "n"],
    cov: Float64[Tensor, "n n"],
    y: Float64[Tensor, "m"],
    observe: Float64[Tensor, "m n"],
    noise: Float64[Tensor, "m m"],
) -> tuple[Float64[Tensor, "n"], Float64[Tensor, "n n"], Float64[Tensor, ""]]:
    """The state after an observation, and the observation's log-likelihood, but for a constant."""
    innovation: Float64[Tensor, "m"] = y - observe @ mean
    spread: Float64[Tensor, "m m"] = observe @ cov @ observe.T + noise
    gain: Float64[Tensor, "n m"] = tl.solve(spread, observe @ cov).T
    n = mean.shape[0]
    shrink: Float64[Tensor, "n n"] = tl.eye(n) - gain @ observe
    likelihood: Float64[Tensor, ""] = -0.5 * (tl.vecdot(innovation, tl.solve(spread, innovation)) + tl.logdet(spread))
    return mean + gain @ innovation, shrink @ cov, likelihood


def evidence(
    transition: Float64[Tensor, "n n"], observe: Float64[Tensor, "m n"], ys: Float64[Tensor, "t m"]
) -> Float64[Tensor, ""]:
    """Log-likelihood of a sequence."""
    n = transition.shape[0]
    m = observe.shape[0]
    mean: Float64[Tensor, "n"] = tl.zeros(n)
    cov: Float64[Tensor, "n n"] = tl.eye(n)
    total: Float64[Tensor, ""] = tl.zeros(())
    for y in ys:
        mean, cov = predict(mean, cov, transition, 0.1 * tl.eye(n))
        mean, cov, gained = update(mean, cov, y, observe, 0.5 * tl.eye(m))
        total = total + gained
    return total


def main(t: Dim["t"], n: Dim["n"], m: Dim["m"]) -> tuple[Float64[Tensor, ""], Float64[Tensor, "n n"]]:
    transition: Float64[Tensor, "n n"] = 0.3 * tl.random.normal((n, n), seed=0)
    observe: Float64[Tensor, "m n"] = tl.random.normal((m, n), seed=1)
    ys: Float64[Tensor, "t m"] = tl.random.normal((t, m), seed=2)
    value, slope = autograd.fn.value_and_grad(lambda a: evidence(a, observe, ys), transition)
    return value, transition + 0.1 * slope


if __name__ == "__main__":
    print(main(t=7, n=5, m=3)[0])
