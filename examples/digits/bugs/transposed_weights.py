# Planted: the weight of a layer is [out, in] and must be transposed.
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 10))
cross_entropy = loss.cross_entropy_one_hot()


def step(
    params: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b 10"]
) -> tuple[Params[model], Float64[Tensor, ""]]:
    """One step down the gradient, and how active the hidden layer was."""
    weight, bias = params[0], params[1]
    activity = tl.mean(tl.gelu(x @ weight + bias[None, :]))  # <- bug
    return params - 0.5 * autograd.model.grad_params(model, cross_entropy, params, x, y), activity


images, labels = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(images / 16.0), "1797 64")
y = tl.ensure(tl.from_numpy(np.eye(10)[labels]), "1797 10")
params = model.init(seed=2026)
for _ in range(100):
    params, activity = step(params, x, y)
