"""An autoencoder of two models that are trained together, and what its input could be changed by."""

from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, OutputLoss, Params, Tensor, autograd, loss, nn


def sparsity(code: Float64[Tensor, "b z"], target: Float64[Tensor, "b z"]) -> Float64[Tensor, ""]:
    """The distance of the code from a sparse one."""
    return tl.mean(tl.abs(code - target)) + 0.01 * tl.sum(code**2) / float(code.shape[0])


def reconstruction(output: Float64[Tensor, "b i"], x: Float64[Tensor, "b i"]) -> Float64[Tensor, ""]:
    """The squared error, summed over features."""
    return tl.mean(tl.sum((output - x) ** 2, axis=1))


def main(
    b: Dim["b"], i: Dim["i"], h: Dim["h"], z: Dim["z"]
) -> tuple[Float64[Tensor, ""], Float64[Tensor, "b i"], Float64[Tensor, "b z"]]:
    encoder = nn.Seq(nn.linear(i, h), nn.relu(), nn.linear(h, z))
    decoder = nn.Seq(nn.linear(z, h), nn.relu(), nn.linear(h, i), nn.sigmoid())
    x: Float64[Tensor, "b i"] = tl.random.uniform((b, i), seed=0)

    def step(
        first: Params[encoder], second: Params[decoder]
    ) -> tuple[Params[encoder], Params[decoder], Float64[Tensor, ""]]:
        code: Float64[Tensor, "b z"] = encoder(first, x)
        out = autograd.model.value_and_grads(decoder, OutputLoss(reconstruction), second, code, x)
        pulled = autograd.model.vjp_params(encoder, first, x, out.dx)
        shrink = autograd.model.grad_params(encoder, OutputLoss(sparsity), first, x, tl.zeros(code.shape))
        return first - 0.1 * (pulled + 0.01 * shrink), second - 0.1 * out.dparams, out.value

    first = encoder.init(seed=1)
    second = decoder.init(seed=2)
    value: Float64[Tensor, ""] = tl.zeros(())
    for _ in range(3):
        first, second, value = step(first, second)
    code = encoder(first, x)
    dcode, dtarget = autograd.model.grad_inputs(decoder, loss.mse(), second, code, x)
    dx: Float64[Tensor, "b i"] = autograd.model.vjp_input(encoder, first, x, dcode)
    return value, dx + dtarget, code - dcode


if __name__ == "__main__":
    print(main(b=7, i=11, h=5, z=3)[0])
