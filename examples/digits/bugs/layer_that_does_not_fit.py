# Planted: the last layer takes 32 features and gets 48.
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

model = nn.Seq(
    nn.linear(64, 48),
    nn.gelu(),
    nn.linear(32, 10),  # <- bug
)
cross_entropy = loss.cross_entropy_one_hot()


def step(params: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b 10"]) -> Params[model]:
    """One step down the gradient."""
    return params - 0.5 * autograd.model.grad_params(model, cross_entropy, params, x, y)


images, labels = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(images / 16.0), "1797 64")
y = tl.ensure(tl.from_numpy(np.eye(10)[labels]), "1797 10")
params = model.init(seed=2026)
for _ in range(100):
    params = step(params, x, y)
