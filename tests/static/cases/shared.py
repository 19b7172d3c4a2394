"""What other cases import."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Tensor

Batch = Float64[Tensor, "b 3"]
Weights = Float64[Tensor, "3 n"]


@tl.checked
def shared_function(x: Batch) -> Float64[Tensor, "b"]:
    return x.sum(axis=1)
