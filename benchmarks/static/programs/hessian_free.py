"""Hessian-free optimisation: conjugate gradients on Hessian-vector products of a model's loss."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Seq, Tensor, TensorPack, autograd, nn


def huber(output: Float64[Tensor, "b o"], target: Float64[Tensor, "b o"]) -> Float64[Tensor, ""]:
    """A loss that is quadratic near the target and linear far from it."""
    distance: Float64[Tensor, "b o"] = tl.abs(output - target)
    return tl.mean(tl.where(distance < 1.0, 0.5 * distance**2, distance - 0.5))


def conjugate_gradients(
    model: Seq["*b i", "*b o", "h i, h, o h, o"],
    params: TensorPack["h i, h, o h, o"],
    x: Float64[Tensor, "b i"],
    y: Float64[Tensor, "b o"],
    gradient: TensorPack["h i, h, o h, o"],
) -> TensorPack["h i, h, o h, o"]:
    """An approximate solution of (H + damping) s = -gradient."""
    solution = gradient.zeros_like()
    residual = -1.0 * gradient
    direction = residual
    for _ in range(3):
        product = autograd.model.hvp_params(model, OutputLoss(huber), params, x, y, direction) + 0.1 * direction
        square = float(residual.dot(residual))
        rate = square / float(direction.dot(product))
        solution = solution + rate * direction
        residual = residual - rate * product
        direction = residual + (float(residual.dot(residual)) / square) * direction
    return solution


def main(
    b: Dim["b"], i: Dim["i"], h: Dim["h"], o: Dim["o"]
) -> tuple[float, Float64[Tensor, "h i"], Float64[Tensor, "b o"]]:
    model = nn.Seq(nn.linear(i, h), nn.softplus(), nn.linear(h, o))
    smaller = nn.Seq(nn.linear(i, o), nn.softplus(), nn.linear(o, o))
    params = model.init(seed=0)
    warm = smaller.init(seed=0)
    x: Float64[Tensor, "b i"] = tl.random.normal((b, i), seed=1)
    y: Float64[Tensor, "b o"] = tl.random.normal((b, o), seed=2)
    criterion = OutputLoss(huber)
    value, gradient = autograd.model.value_and_grad_params_scalar(model, criterion, params, x, y)
    update = conjugate_gradients(model, params, x, y, gradient)
    slope = autograd.model.jvp_params(model, criterion, params, x, y, update)
    after = params + update
    return value + slope, update[0], model(after, x) - smaller(warm, x)


if __name__ == "__main__":
    print(main(b=11, i=5, h=7, o=3)[0])
