"""The neural tangent kernel and a Gauss-Newton step, from the Jacobian rows of a model's parameters."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Seq, Tensor, TensorPack, autograd, nn


def flat_jacobian(
    model: Seq["*b i", "*b 1", "h i, h, 1 h, 1"], params: TensorPack["h i, h, 1 h, 1"], x: Float64[Tensor, "n i"]
) -> Float64[Tensor, "n h*i+2*h+1"]:
    """One row a sample, all parameters side by side."""
    n = x.shape[0]
    w1, b1, w2, b2 = autograd.model.jacrev_params(model, params, x).stacked
    return tl.concat([w1.reshape((n, -1)), b1, w2.reshape((n, -1)), b2], axis=1)


def kernel(jacobian: Float64[Tensor, "n p"], other: Float64[Tensor, "m p"]) -> Float64[Tensor, "n m"]:
    """Inner products of gradients."""
    return jacobian @ other.T


def gauss_newton(
    jacobian: Float64[Tensor, "n p"], residual: Float64[Tensor, "n 1"], damping: float
) -> Float64[Tensor, "p"]:
    """The damped step, solved in the space of samples."""
    n = jacobian.shape[0]
    dual: Float64[Tensor, "n 1"] = tl.solve(kernel(jacobian, jacobian) + damping * tl.eye(n), residual)
    return jacobian.T @ dual[:, 0]


def main(
    n: Dim["n"], m: Dim["m"], i: Dim["i"], h: Dim["h"]
) -> tuple[Float64[Tensor, "n 1"], Float64[Tensor, "m n"], Float64[Tensor, "m 1"]]:
    model = nn.Seq(nn.linear(i, h), nn.tanh(), nn.linear(h, 1))
    params = model.init(seed=0)
    x: Float64[Tensor, "n i"] = tl.random.normal((n, i), seed=1)
    new: Float64[Tensor, "m i"] = tl.random.normal((m, i), seed=2)
    y: Float64[Tensor, "n 1"] = tl.sin(tl.sum(x, axis=1, keepdims=True))
    jacobian: Float64[Tensor, "n h*i+2*h+1"] = flat_jacobian(model, params, x)
    residual: Float64[Tensor, "n 1"] = model(params, x) - y
    step: Float64[Tensor, "h*i+2*h+1"] = gauss_newton(jacobian, residual, 0.1)
    after = TensorPack.unflatten(params.flatten() - step, like=params)
    between: Float64[Tensor, "m n"] = kernel(flat_jacobian(model, params, new), jacobian)
    linearised: Float64[Tensor, "m 1"] = model(params, new) - between @ tl.solve(
        kernel(jacobian, jacobian) + 0.1 * tl.eye(n), residual
    )
    return model(after, x) - y, between, linearised


if __name__ == "__main__":
    print(main(n=7, m=2, i=5, h=3)[0])
