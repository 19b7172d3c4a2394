"""What other cases import."""

from typing import TypeAlias

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor, TensorPack

Batch = Float64[Tensor, "b 3"]
Weights = Float64[Tensor, "3 n"]
Matrix: TypeAlias = Float64[Tensor, "n m"]
Bias = TensorPack["2"]


@tl.checked
def shared_function(x: Batch) -> Float64[Tensor, "b"]:
    return x.sum(axis=1)
