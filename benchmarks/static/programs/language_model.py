"""A bigram language model with embeddings: gathered rows, one-hot targets, perplexity, and scattered gradients."""

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, autograd, loss, nn


def embedded(table: Float64[Tensor, "v d"], tokens: Int64[Tensor, "b t"]) -> Float64[Tensor, "b t d"]:
    """The rows of the tokens."""
    return tl.take(table, tokens, axis=0)


def next_token(
    table: Float64[Tensor, "v d"], head: Float64[Tensor, "v d"], tokens: Int64[Tensor, "b t"]
) -> Float64[Tensor, "b t v"]:
    """Log-probabilities of what follows each token."""
    states: Float64[Tensor, "b t d"] = embedded(table, tokens)
    running: Float64[Tensor, "b t d"] = tl.cumulative_sum(states, axis=1)
    return tl.log_softmax(running @ head.T, axis=2)


def surprise(
    table: Float64[Tensor, "v d"], head: Float64[Tensor, "v d"], tokens: Int64[Tensor, "b t+1"]
) -> Float64[Tensor, "b t"]:
    """Of each token that follows."""
    scores: Float64[Tensor, "b t v"] = next_token(table, head, tokens[:, :-1])
    following: Int64[Tensor, "b t"] = tokens[:, 1:]
    return -tl.take_along_axis(scores, following[:, :, None], axis=2)[:, :, 0]


def counts(tokens: Int64[Tensor, "b t"], v: Dim["v"]) -> Float64[Tensor, "v"]:
    """How often each token occurs."""
    return tl.sum(tl.one_hot(tokens, v), axis=(0, 1))


def main(
    b: Dim["b"], t: Dim["t"], v: Dim["v"], d: Dim["d"]
) -> tuple[Float64[Tensor, "b t"], Float64[Tensor, "v d"], Float64[Tensor, "v"], Float64[Tensor, ""]]:
    model = nn.Seq(nn.embedding(v, d), nn.layer_norm(d), nn.linear(d, v))
    noise: Float64[Tensor, "b t+1 v"] = tl.random.normal((b, t + 1, v), seed=0)
    tokens: Int64[Tensor, "b t+1"] = tl.argmax(noise, axis=2)
    table: Float64[Tensor, "v d"] = tl.random.normal((v, d), seed=1)
    head: Float64[Tensor, "v d"] = tl.random.normal((v, d), seed=2)
    slope: Float64[Tensor, "v d"] = autograd.fn.grad(lambda e: tl.mean(surprise(e, head, tokens)), table)
    target: Float64[Tensor, "b t v"] = tl.one_hot(tokens[:, 1:], v)

    def trained(params: Params[model]) -> Params[model]:
        gradient = autograd.model.grad_params(model, loss.cross_entropy_one_hot(), params, tokens[:, :-1], target)
        return params - 0.1 * gradient

    value = loss.cross_entropy_one_hot()(model(trained(model.init(seed=3)), tokens[:, :-1]), target)
    return tl.exp(surprise(table, head, tokens)), table - slope, counts(tokens, v), value


if __name__ == "__main__":
    print(main(b=2, t=7, v=11, d=5)[0])
