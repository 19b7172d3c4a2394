# symbolic
"""Models of which only an annotation is known, in chains: it does not tell their layers, so each counts as one "model"."""

from torchlean_typed import Dim, Seq, Tensor, nn


def body(i: Dim["i"], o: Dim["o"]) -> Seq["*b i", "*b o", "o i, o"]:
    return nn.linear(i, o)


reveal_type(nn.Seq(nn.linear(3, 12), body(12, 4)))  # R: Seq["*b 3", "*b 4", "12 3, 12, 4 12, 4"]
reveal_type(body(12, 4) >> nn.relu() >> body(4, 2))  # R: Seq["*b 12", "*b 2", "4 12, 4, 2 4, 2"]
nn.Seq(nn.linear(3, 11), body(12, 4))  # E: shape: Seq: layer 1 (model) expects input [*b, 12], got [*b, 11] from layer 0 (linear)
nn.Seq(body(12, 4), nn.linear(5, 2))  # E: shape: Seq: layer 1 (linear) expects input [*b, 5], got [*b, 4] from layer 0 (model)
nn.Seq(body(12, 4), nn.relu(), body(5, 2))  # E: shape: Seq: layer 2 (model) expects input [*b, 5], got [*b, 4] from layer 1 (relu)
nn.linear(3, 11) >> body(12, 4)  # E: shape: Seq: layer 1 (model) expects input [*b, 12], got [*b, 11] from layer 0 (linear)
nn.Seq(nn.flatten(2), body(12, 4))  # E: shape: Seq: which sizes layer 1 (model) gets cannot be inferred: it expects [*b, 12], got [*b, n0*n1]; state the input shape: nn.input("1 28 28") first


def given(a: Seq["*b 12", "*b 4", "4 12, 4"], b: Seq["*b 12", "*b 3"], c: Seq["*b 4", "*b 4", ""], x: Tensor) -> None:
    a >> b  # E: shape: Seq: layer 1 (model) expects input [*b, 12], got [*b, 4] from layer 0 (model)
    nn.Seq(a, c, b)  # E: shape: Seq: layer 2 (model) expects input [*b, 12], got [*b, 4] from layer 1 (model)
    reveal_type(a >> c)  # R: Seq["*b 12", "*b 4", "4 12, 4"]
    reveal_type(nn.linear(2, 4) >> c >> nn.embedding(9, 4))  # R: Seq["*b 2", "*b 4 4", "4 2, 4, 9 4"]
    known = c >> nn.linear(4, 2)
    reveal_type(known.init(0)["3.weight"])  # R: Float64[Tensor, "2 4"] | Float64[Tensor, "2"]
    nn.Seq(known, nn.Seq(), nn.linear(3, 1))  # E: shape: Seq: layer 2 (linear) expects input [*b, 3], got [*b, 2] from layer 1 (linear)
