# symbolic: no machine holds them
"""Numbers that no machine counts to."""

import numpy as np

import torchlean_typed as tl
from torchlean_typed import Params, nn

array = np.zeros(99999999999999999999)
array[2:] = 1.0
reveal_type(array[5:])  # R: Float64[np.ndarray, "99999999999999999994"]
reveal_type(tl.ones(99999999999999999999)[2:])  # R: Float64[Tensor, "99999999999999999997"]
reveal_type(tl.stack([tl.ones(3)] * 5000))  # R: Float64[Tensor, "5000 3"]
reveal_type(tl.stack([tl.ones(3)] * 99999999999999999999))  # R: Float64[Tensor, "99999999999999999999 3"]
reveal_type(tl.stack([tl.ones(3) for _ in range(2, 99999999999999999999)]))  # R: Float64[Tensor, "99999999999999999997 3"]
model = nn.Seq(*[nn.linear(3, 3)] * 99999999999999999999)


def of_model(params: Params[model]) -> None:  # E: shape: Params: which model "model" is cannot be seen here; write the shapes, TensorPack["32 64, 32"], or assign the model to a variable of the module
    print(params)
