# Planted: targets [b] against outputs [b, 1]: NumPy would average over [b, b].
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Params, Tensor, autograd, nn

model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 1))


def squared_error(output: Float64[Tensor, "b 1"], target: Float64[Tensor, "b"]) -> Float64[Tensor, ""]:
    """The mean squared error of the digit, seen as a number."""
    return tl.mean((output - target) ** 2)  # <- bug


def step(params: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b"]) -> Params[model]:
    """One step down the gradient."""
    return params - 0.01 * autograd.model.grad_params(model, OutputLoss(squared_error), params, x, y)


images, labels = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(images / 16.0), "1797 64")
y = tl.ensure(tl.from_numpy(labels.astype(np.float64)), "1797")
params = model.init(seed=2026)
for _ in range(100):
    params = step(params, x, y)
