"""A soft decision tree: a recursive dataclass, recursion over it, parameters in dictionaries, gradients of it all."""

from __future__ import annotations

from dataclasses import dataclass, field

from jaxtyping import Float64, Int64

import torchlean_typed as tl
from torchlean_typed import Dim, Tensor, autograd


@dataclass
class Leaf:
    """A distribution over classes."""

    logits: Float64[Tensor, "k"]

    def __call__(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b k"]:
        rows: Float64[Tensor, "b 1"] = tl.zeros((x.shape[0], 1))
        return rows + tl.softmax(self.logits)[None, :]


@dataclass
class Split:
    """Left where the score is high, right where it is low."""

    weight: Float64[Tensor, "d"]
    left: Leaf | Split
    right: Leaf | Split
    names: list[str] = field(default_factory=list)

    def gate(self, x: Float64[Tensor, "b d"]) -> Float64[Tensor, "b"]:
        """How much of each sample goes left."""
        return tl.sigmoid(x @ self.weight)


def probabilities(node: Leaf | Split, x: Float64[Tensor, "b d"], k: Dim["k"]) -> Float64[Tensor, "b k"]:
    """Of the classes, mixed along the tree."""
    if isinstance(node, Leaf):
        return tl.ensure(node(x), "b k")
    share: Float64[Tensor, "b 1"] = tl.ensure(node.gate(x), "b")[:, None]
    left: Float64[Tensor, "b k"] = probabilities(node.left, x, k)
    return share * left + (1.0 - share) * probabilities(node.right, x, k)


def purity(p: Float64[Tensor, "b k"], labels: Int64[Tensor, "b"]) -> Float64[Tensor, ""]:
    """The mean probability of the right class."""
    return tl.mean(tl.take_along_axis(p, labels[:, None], axis=1))


def mixture(
    weights: dict[str, Float64[Tensor, "d"]], leaves: list[Float64[Tensor, "k"]], x: Float64[Tensor, "b d"]
) -> Float64[Tensor, "b k"]:
    """A tree of one split, its parts given apart."""
    share: Float64[Tensor, "b"] = tl.sigmoid(x @ weights["root"])
    high, low = tl.softmax(leaves[0]), tl.softmax(leaves[1])
    return tl.outer(share, high) + tl.outer(1.0 - share, low)


def main(
    b: Dim["b"], d: Dim["d"], k: Dim["k"]
) -> tuple[Float64[Tensor, "b k"], Float64[Tensor, "d"], Float64[Tensor, "k"], Float64[Tensor, "b k"]]:
    x: Float64[Tensor, "b d"] = tl.random.normal((b, d), seed=0)
    weight: Float64[Tensor, "d"] = tl.random.normal((d,), seed=1)
    first: Float64[Tensor, "k"] = tl.random.normal((k,), seed=2)
    second: Float64[Tensor, "k"] = -first
    tree = Split(weight, Leaf(first), Split(-weight, Leaf(second), Leaf(first + second)))
    p: Float64[Tensor, "b k"] = probabilities(tree, x, k)
    labels: Int64[Tensor, "b"] = tl.argmax(p, axis=1)
    slope: Float64[Tensor, "d"] = autograd.fn.grad(
        lambda w: purity(probabilities(Split(w, Leaf(first), Leaf(second)), x, k), labels), weight
    )
    flow: Float64[Tensor, "k"] = autograd.fn.grad(
        lambda z: purity(mixture({"root": weight}, [z, second], x), labels), first
    )
    new = mixture({"root": weight + slope}, [first + flow, second], x)
    return p, slope, flow, new - p


if __name__ == "__main__":
    print(main(b=7, d=5, k=3)[1])
