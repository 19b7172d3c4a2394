"""JAX: one jitted function of weights and data, warmed up, its result waited for.

*Placed* arguments are JAX arrays already; otherwise they are NumPy arrays, as a user has them. Asynchronous dispatch is
off, which is faster for a caller who waits. Weights are ``(in, out)``, as in JAX's examples.
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
        x = jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID") + bias[:, None, None]
        x = jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
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


def turned(arrays: list[Any]) -> list[np.ndarray]:
    """From our layout of weights to JAX's, or back: the last two axes of matrices exchanged."""
    return [a if a.ndim == 4 else np.swapaxes(a, -1, -2).copy() if a.ndim > 1 else a for a in map(np.asarray, arrays)]


def _run(function: Callable[..., Any], given: tuple[Any, ...], placed: bool, arrays: Callable[..., Any]) -> Run:
    jitted = jax.jit(function)
    if placed:
        given = jax.device_put(given)
    return Run(lambda: jax.block_until_ready(jitted(*given)), arrays)


def value_and_grad(net: Net, placed: bool) -> Run:
    given = (turned(net.weights()), net.x(), net.y())
    return _run(jax.value_and_grad(loss(net)), given, placed, lambda r: [np.asarray(r[0]), *turned(r[1])])


def jacrev(net: Net, placed: bool) -> Run:
    jacobian = jax.jacrev(lambda weights, x: forward(net, weights, x))

    def rows(result: list[Any]) -> list[np.ndarray]:
        return [a if a.ndim == 2 else np.swapaxes(a, -1, -2) for a in map(np.asarray, result)]

    return _run(jacobian, (turned(net.weights()), net.x()), placed, rows)


def hvp(net: Net, placed: bool) -> Run:
    """Forward over reverse, which JAX's documentation recommends."""

    def product(weights: Weights, x: Any, y: Any, tangent: Weights) -> Any:
        return jax.jvp(lambda w: jax.grad(loss(net))(w, x, y), (weights,), (tangent,))[1]

    return _run(product, (turned(net.weights()), net.x(), net.y(), turned(net.weights(seed=3))), placed, turned)


def hessian(function: Function, placed: bool) -> Run:
    constants = [jnp.asarray(array) for array in function.constants()]
    whole = jax.hessian(lambda x: function.write(names, x, *constants))
    return _run(whole, (function.x(),), placed, lambda result: [np.asarray(result)])


def jacfwd(function: Function, placed: bool) -> Run:
    constants = [jnp.asarray(array) for array in function.constants()]
    whole = jax.jacfwd(lambda x: function.write(names, x, *constants))
    return _run(whole, (function.x(),), placed, lambda result: [np.asarray(result)])
