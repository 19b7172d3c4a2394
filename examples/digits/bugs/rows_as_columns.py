# Planted: the Jacobian is [10, 64], a row for each output; the step multiplies by it and not by its transpose.
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

model = nn.Seq(nn.linear(64, 32), nn.gelu(), nn.linear(32, 10))
cross_entropy = loss.cross_entropy_one_hot()


def harder(params: Params[model], x: Float64[Tensor, "64"], y: Float64[Tensor, "10"]) -> Float64[Tensor, "64"]:
    """The image moved to where its scores are worse: along the gradient of the cross-entropy, by the chain rule."""
    rows = autograd.fn.jacrev(lambda image: model(params, image), x)
    slope = tl.softmax(model(params, x)) - y
    gradient = rows.tensor @ slope  # <- bug
    return x + 0.1 * gradient


def step(params: Params[model], x: Float64[Tensor, "64"], y: Float64[Tensor, "10"]) -> Params[model]:
    """One step down the gradient, on an image made harder."""
    return params - 0.1 * autograd.model.grad_params(model, cross_entropy, params, harder(params, x, y), y)


images, labels = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(images / 16.0), "1797 64")
y = tl.ensure(tl.from_numpy(np.eye(10)[labels]), "1797 10")
params = model.init(seed=2026)
for i in range(100):
    params = step(params, x[i], y[i])
