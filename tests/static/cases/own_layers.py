"""``nn.layer`` of functions whose first parameter is, or is not, a pack."""

from typing import Any

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, TensorPack, nn


def scaled(p: TensorPack["3 3"], x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 3"]:
    return x @ p[0]


def loose(p: Any, x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 3"]:
    return x * float(p[0][0, 0])


def of_tensor(p: Float64[Tensor, "3 3"], x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 3"]:
    return x @ p


def alone(x: Float64[Tensor, "b 3"]) -> Float64[Tensor, "b 3"]:
    return x * 2.0


reveal_type(nn.layer(scaled, params="3 3"))  # R: Seq["b 3", "b 3", "3 3"]
reveal_type(nn.layer(loose, params="3 3"))  # R: Seq["b 3", "b 3", "3 3"]
reveal_type(nn.layer(alone))  # R: Seq["b 3", "b 3", ""]
nn.layer(of_tensor, params="3 3")  # E: shape: layer: the function must take (params, x), a TensorPack and a Tensor; of_tensor annotates its first parameter as a Tensor, "3 3"; annotate it TensorPack["3 3"]
nn.layer(alone, params="3 3")  # E: shape: layer: the function must take (params, x), a TensorPack and a Tensor; alone takes (x)
nn.layer(scaled, params="3 4")  # E: shape: layer: entry 0 of params has shape [3, 4], expected [3, 3]

model = nn.Seq(nn.layer(lambda p, x: x * p["scale"], params={"scale": ""}, input="*b 4", output="*b 4"), nn.linear(4, 2))


@tl.checked
def first(p: Params[model]) -> Float64[Tensor, ""]:
    reveal_type(p[0])  # R: Shaped[Tensor, ""]
    return p[0]


reveal_type(first(model.init(seed=0)))  # R: Float64[Tensor, ""]
first(nn.linear(4, 2).init(seed=0))  # E: shape: first: argument 1 ("p") has 2 entries, expected 3; shapes: expected [(), 2 4, 2], got [2 4, 2]
