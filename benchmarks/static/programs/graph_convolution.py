"""Two graph convolutions by einsum: normalised adjacency, node features, a readout for each graph."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, TensorPack, autograd


def normalised(adjacency: Float64[Tensor, "g n n"]) -> Float64[Tensor, "g n n"]:
    """With self-loops, divided by the roots of the degrees at both ends."""
    n = adjacency.shape[1]
    looped: Float64[Tensor, "g n n"] = adjacency + tl.eye(n)[None, :, :]
    root: Float64[Tensor, "g n"] = tl.sqrt(tl.sum(looped, axis=2))
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
    edges: Float64[Tensor, "g n n"] = normalised(adjacency)
    hidden: Float64[Tensor, "g n h"] = tl.relu(convolve(edges, x, first))
    nodes: Float64[Tensor, "g n o"] = convolve(edges, hidden, second)
    return tl.mean(nodes, axis=1) + bias[None, :]


def attention_pool(nodes: Float64[Tensor, "g n h"], query: Float64[Tensor, "h"]) -> Float64[Tensor, "g h"]:
    """A weighted mean over nodes."""
    weights: Float64[Tensor, "g n"] = tl.softmax(tl.einsum("gnh,h->gn", nodes, query), axis=1)
    return tl.einsum("gn,gnh->gh", weights, nodes)


def main(
    g: Dim["g"], n: Dim["n"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[Float64[Tensor, "g o"], Float64[Tensor, "i h"], Float64[Tensor, "g i"]]:
    x: Float64[Tensor, "g n i"] = tl.random.normal((g, n, i), seed=0)
    links: Float64[Tensor, "g n n"] = tl.random.uniform((g, n, n), seed=1)
    adjacency: Float64[Tensor, "g n n"] = 0.5 * (links + tl.swapaxes(links, 1, 2))
    w1: Float64[Tensor, "i h"] = tl.random.normal((i, h), seed=2)
    w2: Float64[Tensor, "h o"] = tl.random.normal((h, o), seed=3)
    y: Float64[Tensor, "g o"] = tl.random.normal((g, o), seed=4)
    params: TensorPack["i h, h o, o"] = TensorPack.of(w1, w2, tl.zeros(o))
    dw: Float64[Tensor, "i h"] = autograd.fn.grad(
        lambda w: tl.mean((readout(TensorPack.of(w, w2, y[0]), adjacency, x) - y) ** 2), w1
    )
    return readout(params, adjacency, x) - y, dw, attention_pool(x, tl.ones(i))


if __name__ == "__main__":
    print(main(g=2, n=7, i=5, h=11, o=3)[0])
