"""HIPS autograd: its own drivers; where those take one array only, the functions that they are made of.

The convolution is a product with the patches of the images, which need no gradient and so cost it nothing:
``autograd.scipy.signal.convolve`` takes many times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad as grad_of
from autograd import hessian as hessian_of
from autograd import jacobian, make_hvp
from autograd import value_and_grad as value_and_grad_of
from autograd.core import make_vjp

from benchmarks.case import Run
from benchmarks.problems import ConvNet, Function, Net

Weights = list[Any]


class names:
    """The names that a `Function` is written in."""

    sum, mean, sin, exp, tanh = staticmethod(anp.sum), staticmethod(anp.mean), anp.sin, anp.exp, anp.tanh

    @staticmethod
    def softplus(x: Any) -> Any:
        return anp.logaddexp(0, x)


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + anp.tanh(0.7978845608028654 * (x + 0.044715 * x**3)))


ACTIVATIONS = {"tanh": anp.tanh, "relu": lambda x: anp.maximum(x, 0), "gelu": gelu}


def forward(net: Net, weights: Weights, x: Any) -> Any:
    if isinstance(net, ConvNet):
        kernel, bias, *weights = weights
        patches = np.lib.stride_tricks.sliding_window_view(x[:, 0], (3, 3), axis=(1, 2)).reshape(-1, 9)
        x = anp.maximum(anp.dot(patches, kernel.reshape(8, 9).T) + bias, 0)
        x = anp.max(x.reshape(-1, 13, 2, 13, 2, 8), axis=(2, 4))
        x = anp.transpose(x, (0, 3, 1, 2)).reshape(-1, 8 * 13 * 13)
    for index in range(0, len(weights), 2):
        x = anp.dot(x, weights[index].T) + weights[index + 1]
        if index + 2 < len(weights):
            x = ACTIVATIONS[net.activation](x)
    return x


def loss(net: Net) -> Callable[..., Any]:
    def of_weights(weights: Weights, x: Any, y: Any) -> Any:
        output = forward(net, weights, x)
        if net.loss == "cross_entropy":
            shifted = output - anp.max(output, axis=-1, keepdims=True)
            logarithms = shifted - anp.log(anp.sum(anp.exp(shifted), axis=-1, keepdims=True))
            return -anp.mean(anp.sum(y * logarithms, axis=-1))
        return anp.mean((output - y) ** 2)

    return of_weights


def value_and_grad(net: Net) -> Run:
    function, given = value_and_grad_of(loss(net)), (net.weights(), net.x(), net.y())
    return Run(lambda: function(*given), lambda result: [np.asarray(result[0]), *result[1]])


def jacrev(net: Net) -> Run:
    """As ``jacobian`` does it, which takes one array: one forward pass, then a backward pass for each row."""
    weights, x = net.weights(), net.x()

    def call() -> list[Any]:
        pull_back, output = make_vjp(lambda w: forward(net, w, x), weights)
        rows = [pull_back(row) for row in np.eye(output.size, dtype=output.dtype)]
        return [np.stack(entries) for entries in zip(*rows, strict=True)]

    return Run(call, list)


def hvp(net: Net) -> Run:
    weights, x, y, tangent = net.weights(), net.x(), net.y(), net.weights(seed=3)
    product = make_hvp(lambda w: loss(net)(w, x, y))
    return Run(lambda: product(weights)[0](tangent), list)


def _function(function: Function) -> tuple[Callable[..., Any], np.ndarray]:
    constants = function.constants()
    return lambda x: function.write(names, x, *constants), function.x()


def hessian(function: Function) -> Run:
    f, x = _function(function)
    whole = hessian_of(f)
    return Run(lambda: whole(x), lambda result: [result])


def jacfwd(function: Function) -> Run:
    """By rows: HIPS autograd has no batched forward mode."""
    f, x = _function(function)
    whole = jacobian(f)
    return Run(lambda: whole(x), lambda result: [result])


def eager_forward(function: Function) -> Run:
    f, x = _function(function)
    return Run(lambda: f(x), lambda result: [result])


def eager_recorded(function: Function) -> Run:
    f, x = _function(function)
    return Run(lambda: make_vjp(f, x), lambda result: [result[1]])


def eager_grad(function: Function) -> Run:
    f, x = _function(function)
    gradient = grad_of(f)
    return Run(lambda: gradient(x), lambda result: [result])


eager_value_and_grad = value_and_grad
