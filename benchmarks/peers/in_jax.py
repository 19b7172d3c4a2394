"""JAX: one jitted function of weights and data, warmed up.

*Placed* arguments are JAX arrays already; otherwise they are NumPy arrays, as a user has them. Asynchronous dispatch is
off, and one result is waited for, with which the others come: that is faster than ``jax.block_until_ready`` on all.
Weights are ``(in, out)`` and images ``(height, width, channels)``, as in the examples of JAX and Flax, and faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.case import Run
from benchmarks.problems import ConvNet, Function, Net

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)

Weights = list[Any]
ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu, "gelu": jax.nn.gelu}


class names:
    """The names that a `Function` is written in."""

    sum, mean, sin, exp, tanh = staticmethod(jnp.sum), staticmethod(jnp.mean), jnp.sin, jnp.exp, jnp.tanh
    softplus = staticmethod(jax.nn.softplus)


def forward(net: Net, weights: Weights, x: Any) -> Any:
    if isinstance(net, ConvNet):
        kernel, bias, *weights = weights
        x = x.reshape(-1, 28, 28, 1)  # one channel
        x = jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")) + bias
        x = jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        x = x.reshape(x.shape[0], -1)
    for index in range(0, len(weights), 2):
        x = x @ weights[index] + weights[index + 1]
        if index + 2 < len(weights):
            x = ACTIVATIONS[net.activation](x)
    return x


def loss(net: Net) -> Callable[..., Any]:
    def of_weights(weights: Weights, x: Any, y: Any) -> Any:
        output = forward(net, weights, x)
        if net.loss == "cross_entropy":
            return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(output), axis=-1))
        return jnp.mean((output - y) ** 2)

    return of_weights


def placed_weights(net: Net, seed: int = 0) -> Weights:
    """The weights in JAX's layouts."""
    if isinstance(net, ConvNet):
        kernel, bias, matrix, last = net.weights(seed)
        return [
            kernel.transpose(2, 3, 1, 0),
            bias,
            matrix.reshape(10, 8, 13, 13).T.swapaxes(0, 1).reshape(-1, 10),
            last,
        ]
    return [array.T.copy() for array in net.weights(seed)]


def ours(net: Net, arrays: Weights) -> list[np.ndarray]:
    """Gradients, or their rows, in our layouts."""
    found = list(map(np.asarray, arrays))
    if isinstance(net, ConvNet):
        kernel, bias, matrix, last = found
        return [
            kernel.transpose(3, 2, 0, 1),
            bias,
            matrix.reshape(13, 13, 8, 10).swapaxes(0, 1).T.reshape(10, -1),
            last,
        ]
    return [array.swapaxes(-1, -2) if index % 2 == 0 else array for index, array in enumerate(found)]


def _run(function: Callable[..., Any], given: tuple[Any, ...], placed: bool, arrays: Callable[..., Any]) -> Run:
    jitted = jax.jit(function)
    if placed:
        given = jax.device_put(given)

    def call() -> Any:
        result = jitted(*given)
        (result[0] if type(result) in (tuple, list) else result).block_until_ready()
        return result

    return Run(call, arrays)


def value_and_grad(net: Net, placed: bool) -> Run:
    given = (placed_weights(net), net.x(), net.y())
    return _run(jax.value_and_grad(loss(net)), given, placed, lambda r: [np.asarray(r[0]), *ours(net, r[1])])


def jacrev(net: Net, placed: bool) -> Run:
    jacobian = jax.jacrev(lambda weights, x: forward(net, weights, x))
    return _run(jacobian, (placed_weights(net), net.x()), placed, lambda rows: ours(net, rows))


def hvp(net: Net, placed: bool) -> Run:
    """Forward over reverse, which JAX's documentation recommends."""

    def product(weights: Weights, x: Any, y: Any, tangent: Weights) -> Any:
        return jax.jvp(lambda w: jax.grad(loss(net))(w, x, y), (weights,), (tangent,))[1]

    given = (placed_weights(net), net.x(), net.y(), placed_weights(net, seed=3))
    return _run(product, given, placed, lambda result: ours(net, result))


def hessian(function: Function, placed: bool) -> Run:
    constants = [jnp.asarray(array) for array in function.constants()]
    whole = jax.hessian(lambda x: function.write(names, x, *constants))
    return _run(whole, (function.x(),), placed, lambda result: [np.asarray(result)])


def jacfwd(function: Function, placed: bool) -> Run:
    constants = [jnp.asarray(array) for array in function.constants()]
    whole = jax.jacfwd(lambda x: function.write(names, x, *constants))
    return _run(whole, (function.x(),), placed, lambda result: [np.asarray(result)])
