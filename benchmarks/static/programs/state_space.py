"""A diagonal state-space layer: a scan over time, and the same output by its convolution kernel."""

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor


def scan(
    u: Float64[Tensor, "t c"], decay: Float64[Tensor, "c n"], b: Float64[Tensor, "c n"], readout: Float64[Tensor, "c n"]
) -> Float64[Tensor, "t c"]:
    """The recurrence, step by step: a state of n numbers a channel."""
    state: Float64[Tensor, "c n"] = tl.zeros(decay.shape)
    outputs: Float64[Tensor, "t c"] = tl.zeros((u.shape[0], u.shape[1]))
    for step in range(len(u)):
        state = decay * state + b * u[step][:, None]
        row = tl.sum(readout * state, axis=1)
        at = tl.one_hot(tl.tensor(step, dtype="int64"), u.shape[0])
        outputs = outputs + at[:, None] * row[None, :]
    return outputs


def kernel(
    decay: Float64[Tensor, "c n"], b: Float64[Tensor, "c n"], readout: Float64[Tensor, "c n"], t: Dim["t"]
) -> Float64[Tensor, "c t"]:
    """The response to an impulse."""
    powers: Float64[Tensor, "c n t"] = decay[:, :, None] ** tl.arange(t, dtype="float64")[None, None, :]
    return tl.einsum("cn,cnt->ct", b * readout, powers)


def convolved(u: Float64[Tensor, "t c"], response: Float64[Tensor, "c t"]) -> Float64[Tensor, "t c"]:
    """Causal convolution of each channel, as a product with a Toeplitz matrix."""
    t = u.shape[0]
    lags: Int64[Tensor, "t t"] = tl.arange(t)[:, None] - tl.arange(t)[None, :]
    toeplitz: Float64[Tensor, "c t t"] = tl.take(response, tl.clip(lags, 0, None), axis=1)
    causal: Float64[Tensor, "t t"] = tl.where(lags >= 0, tl.ones((t, t)), tl.zeros((t, t)))
    return tl.einsum("cts,sc->tc", toeplitz * causal[None, :, :], u)


def main(t: Dim["t"], c: Dim["c"], n: Dim["n"]) -> tuple[Float64[Tensor, "t c"], Float64[Tensor, "c"]]:
    u: Float64[Tensor, "t c"] = tl.random.normal((t, c), seed=0)
    decay: Float64[Tensor, "c n"] = tl.random.uniform((c, n), seed=1)
    b: Float64[Tensor, "c n"] = tl.random.normal((c, n), seed=2)
    readout: Float64[Tensor, "c n"] = tl.random.normal((c, n), seed=3)
    direct: Float64[Tensor, "t c"] = scan(u, decay, b, readout)
    fast: Float64[Tensor, "t c"] = convolved(u, kernel(decay, b, readout, t))
    return fast, tl.max(tl.abs(direct - fast), axis=0)


if __name__ == "__main__":
    print(main(t=7, c=3, n=5)[1])
