"""Two graph convolutions by einsum: normalised adjacency, node features, a readout for each graph."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd


def normalised(adjacency: Float64[Tensor, "g n n"]) -> Float64[Tensor, "g n n"]:
    """With self-loops, divided by the roots of the degrees at both ends."""
    n = adjacency.shape[1]
    looped = adjacency + tl.eye(n)[None, :, :]
    root = tl.sqrt(tl.sum(looped, axis=2))
    return looped / (root[:, :, None] * root[:, None, :])


def convolve(
    adjacency: Float64[Tensor, "g n n"], x: Float64[Tensor, "g n i"], w: Float64[Tensor, "i o"]
) -> Float64[Tensor, "g n o"]:
    """Features of the neighbours, mixed."""
    return tl.einsum("gnm,gmi,io->gno", adjacency, x, w)


def readout(
    params: TensorPack["i h, h o, o"], adjacency: Float64[Tensor, "g n n"], x: Float64[Tensor, "g n i"]
) -> Float64[Tensor, "g o"]:
    """The mean over nodes after two convolutions."""
    first, second, bias = params
    edges = normalised(adjacency)
    hidden = tl.relu(convolve(edges, x, first))
    nodes = convolve(edges, hidden, second)
    return tl.mean(nodes, axis=1) + bias[None, :]


def attention_pool(nodes: Float64[Tensor, "g n h"], query: Float64[Tensor, "h"]) -> Float64[Tensor, "g h"]:
    """A weighted mean over nodes."""
    weights = tl.softmax(tl.einsum("gnh,h->gn", nodes, query), axis=1)
    return tl.einsum("gn,gnh->gh", weights, nodes)


def main(
    g: Dim["g"], n: Dim["n"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[Float64[Tensor, "g o"], Float64[Tensor, "i h"], Float64[Tensor, "g i"]]:
    x = tl.random.normal((g, n, i), seed=0)
    links = tl.random.uniform((g, n, n), seed=1)
    adjacency = 0.5 * (links + tl.swapaxes(links, 1, 2))
    w1, w2 = tl.random.normal((i, h), seed=2), tl.random.normal((h, o), seed=3)
    y = tl.random.normal((g, o), seed=4)
    params = TensorPack.of(w1, w2, tl.zeros(o))
    dw = autograd.fn.grad(lambda w: tl.mean((readout(TensorPack.of(w, w2, y[0]), adjacency, x) - y) ** 2), w1)
    return readout(params, adjacency, x) - y, dw, attention_pool(x, tl.ones(i))


if __name__ == "__main__":
    print(main(g=2, n=7, i=5, h=11, o=3)[0])
