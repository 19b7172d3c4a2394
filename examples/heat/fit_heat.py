"""The heat equation solved by a network that knows no data, only the equation: a physics-informed fit.

    torchlean-typed check examples/heat/fit_heat.py -- --strict
    python examples/heat/fit_heat.py

A rod of length 1 cools: u_t = u_xx / pi^2, its ends are kept at 0 and it starts at sin(pi x). The network u(t, x) is
differentiated with respect to its inputs, once in t and twice in x; what is left of the equation, at points within and
on the border, is differentiated once more with respect to all parameters. Its squares are made small by the method of
Levenberg and Marquardt. The solution in closed form is exp(-t) sin(pi x).
"""

import numpy as np
from jaxtyping import Float64

import torchlean_typed as tl
from torchlean_typed import Dim, Params, Tensor, TensorPack, autograd, nn

SEED = 2026
STEPS = 200

model = nn.Seq(nn.linear(2, 16), nn.tanh(), nn.linear(16, 16), nn.tanh(), nn.linear(16, 1))


def chebyshev(count: Dim["n"]) -> Float64[Tensor, "n"]:
    """Points between 0 and 1 that are denser at the ends."""
    middles = (tl.arange(count).astype(np.float64) + 0.5) / count
    return (1.0 - tl.cos(np.pi * middles)) / 2.0


def lattice(times: Float64[Tensor, "n"], places: Float64[Tensor, "m"]) -> Float64[Tensor, "n*m 2"]:
    """Every time with every place."""
    shape = (times.shape[0], places.shape[0])
    t, x = tl.broadcast_to(times[:, None], shape), tl.broadcast_to(places[None, :], shape)
    return tl.stack([tl.flatten(t), tl.flatten(x)], axis=1)


inside = lattice(chebyshev(8), chebyshev(12))
start = lattice(tl.zeros(1), chebyshev(12))
ends = lattice(chebyshev(8), tl.tensor([0.0, 1.0]))


def temperature(params: Params[model], points: Float64[Tensor, "n 2"]) -> Float64[Tensor, "n"]:
    """The network's u at points (t, x)."""
    return model(params, points)[:, 0]


def along(points: Float64[Tensor, "n 2"], axis: int) -> Float64[Tensor, "n 2"]:
    """The direction of an axis at each point."""
    return tl.broadcast_to(tl.eye(2)[axis][None, :], points.shape)


def left_over(params: Params[model], points: Float64[Tensor, "n 2"]) -> Float64[Tensor, "n"]:
    """What is left of the equation, u_t - u_xx / pi^2. The points do not mix: a direction each is enough."""

    def u(points: Float64[Tensor, "n 2"]) -> Float64[Tensor, "n"]:
        return temperature(params, points)

    def slope(points: Float64[Tensor, "n 2"]) -> Float64[Tensor, "n"]:
        return autograd.fn.jvp(u, points, along(points, 1))

    in_time = autograd.fn.jvp(u, points, along(points, 0))
    return in_time - autograd.fn.jvp(slope, points, along(points, 1)) / np.pi**2


def residuals(params: Params[model]) -> Float64[Tensor, "124"]:
    """All that should be 0: the equation inside, and the temperature at the start and at both ends."""
    initial = temperature(params, start) - tl.sin(np.pi * start[:, 1])
    return tl.concat([left_over(params, inside), 3.0 * initial, 3.0 * temperature(params, ends)])


def fit() -> tuple[Params[model], float]:
    """Levenberg-Marquardt steps: those that make the residuals smaller are taken, and the damping follows."""
    params = model.init(seed=SEED)

    @tl.compile
    def of_vector(vector: Float64[Tensor, "337"]) -> Float64[Tensor, "124"]:
        return residuals(TensorPack.unflatten(vector, like=params))

    vector, damping = params.flatten(), 1e-2
    value = of_vector(vector)
    for _ in range(STEPS):
        jacobian = autograd.fn.jacrev(of_vector, vector).tensor
        step = tl.solve(jacobian.T @ jacobian + damping * tl.eye(337), jacobian.T @ value)
        found = of_vector(vector - step)
        if float(tl.vecdot(found, found)) < float(tl.vecdot(value, value)):
            vector, value, damping = vector - step, found, damping / 3
        else:
            damping = 4 * damping
    return TensorPack.unflatten(vector, like=params), float(tl.sqrt(tl.mean(value**2)))


def largest_error(params: Params[model]) -> float:
    """How far the network is from the closed form at most, on a lattice of points that were not used."""
    points = lattice(tl.linspace(0.0, 1.0, 41), tl.linspace(0.0, 1.0, 61))
    exact = tl.exp(-points[:, 0]) * tl.sin(np.pi * points[:, 1])
    return float(tl.max(tl.abs(temperature(params, points) - exact)))


def main() -> None:
    """Fit, and compare with the closed form."""
    params, residual = fit()
    print(f"residual: {residual:.1e} root mean square, at 124 points")
    print(f"largest error: {largest_error(params):.1e} of temperatures up to 1")


if __name__ == "__main__":
    main()
