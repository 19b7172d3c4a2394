# Planted: logsumexp runs over the batch (axis 0) and not over the classes (axis 1).
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Params, Tensor, autograd, nn

model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 10))


def cross_entropy(scores: Float64[Tensor, "b 10"], y: Float64[Tensor, "b 10"]) -> Float64[Tensor, ""]:
    """The mean over the batch of logsumexp(scores) less the score of the right digit."""
    return tl.mean(tl.logsumexp(scores, axis=0) - tl.sum(scores * y, axis=1))  # <- bug


def step(params: Params[model], x: Float64[Tensor, "b 64"], y: Float64[Tensor, "b 10"]) -> Params[model]:
    """One step down the gradient."""
    return params - 0.5 * autograd.model.grad_params(model, OutputLoss(cross_entropy), params, x, y)


images, labels = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(images / 16.0), "1797 64")
y = tl.ensure(tl.from_numpy(np.eye(10)[labels]), "1797 10")
params = model.init(seed=2026)
for _ in range(100):
    params = step(params, x, y)
