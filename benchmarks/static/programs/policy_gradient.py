"""A policy gradient with a baseline: discounted returns, advantages, and the surrogate's gradient."""

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd, loss, nn


def returns(rewards: Float64[Tensor, "e t"], discount: float) -> Float64[Tensor, "e t"]:
    """Discounted sums of what is still to come."""
    weights: Float64[Tensor, "t"] = discount ** tl.arange(rewards.shape[1], dtype="float64")
    ahead: Float64[Tensor, "e t"] = tl.flip(
        tl.cumulative_sum(tl.flip(rewards * weights[None, :], axis=1), axis=1), axis=1
    )
    return ahead / weights[None, :]


def chosen(log_probabilities: Float64[Tensor, "e t a"], actions: Int64[Tensor, "e t"]) -> Float64[Tensor, "e t"]:
    """The log-probabilities of the actions taken."""
    picked: Float64[Tensor, "e t 1"] = tl.take_along_axis(log_probabilities, actions[:, :, None], axis=2)
    return tl.squeeze(picked, axis=2)


def surrogate(
    w: Float64[Tensor, "a s"],
    states: Float64[Tensor, "e t s"],
    actions: Int64[Tensor, "e t"],
    advantages: Float64[Tensor, "e t"],
) -> Float64[Tensor, ""]:
    """What the policy gradient ascends, with an entropy bonus."""
    log_probabilities: Float64[Tensor, "e t a"] = tl.log_softmax(states @ w.T, axis=2)
    bonus: Float64[Tensor, "e t"] = -tl.sum(tl.exp(log_probabilities) * log_probabilities, axis=2)
    return tl.mean(chosen(log_probabilities, actions) * advantages + 0.01 * bonus)


def normalised(x: Float64[Tensor, "e t"]) -> Float64[Tensor, "e t"]:
    """Over all episodes, at each time."""
    return (x - tl.mean(x, axis=0, keepdims=True)) / (tl.std(x, axis=0, keepdims=True) + 1e-6)


def main(
    e: Dim["e"], t: Dim["t"], s: Dim["s"], a: Dim["a"]
) -> tuple[Float64[Tensor, "a s"], Float64[Tensor, "e t"], TensorPack["1 s, 1"]]:
    critic = nn.Seq(nn.linear(s, 1))
    values = critic.init(seed=0)
    states: Float64[Tensor, "e t s"] = tl.random.normal((e, t, s), seed=1)
    rewards: Float64[Tensor, "e t"] = tl.random.normal((e, t), seed=2)
    w: Float64[Tensor, "a s"] = tl.random.normal((a, s), seed=3)
    actions: Int64[Tensor, "e t"] = tl.argmax(states @ w.T + tl.random.normal((e, t, a), seed=4), axis=2)
    gains: Float64[Tensor, "e t"] = returns(rewards, 0.9)
    baseline: Float64[Tensor, "e t"] = critic(values, states)[:, :, 0]
    slope: Float64[Tensor, "a s"] = autograd.fn.grad(
        lambda v: surrogate(v, states, actions, normalised(gains - baseline)), w
    )
    fitted = values - 0.1 * autograd.model.grad_params(critic, loss.mse(), values, states, gains[:, :, None])
    return w + 0.1 * slope, gains - baseline, fitted


if __name__ == "__main__":
    print(main(e=5, t=7, s=3, a=2)[0])
