"""PyTorch: ``nn.Sequential`` and ``autograd.grad`` for gradients, ``torch.func`` for everything of a higher order.

*Compiled* wraps what is called in ``torch.compile``, with its default back end. Where that cannot be compiled there is
no run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import func, nn
from torch.nn import functional

from benchmarks.case import Run
from benchmarks.problems import ConvNet, Function, Net

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "gelu": lambda: nn.GELU(approximate="tanh")}


class names:
    """The names that a `Function` is written in."""

    sum, mean, sin, exp, tanh, softplus = torch.sum, torch.mean, torch.sin, torch.exp, torch.tanh, functional.softplus


def model_of(net: Net) -> nn.Module:
    dtype = getattr(torch, net.dtype)
    layers: list[nn.Module] = []
    if isinstance(net, ConvNet):
        layers = [nn.Conv2d(1, 8, 3, dtype=dtype), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    for into, out in zip(net.widths, net.widths[1:], strict=False):
        layers += [nn.Linear(into, out, dtype=dtype), ACTIVATIONS[net.activation]()]
    model = nn.Sequential(*layers[:-1])
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), net.weights(), strict=True):
            parameter.copy_(torch.from_numpy(array))
    return model


def criterion(net: Net) -> Callable[..., Any]:
    return functional.cross_entropy if net.loss == "cross_entropy" else functional.mse_loss


def squared(output: Any, y: Any) -> Any:
    """Written out: in forward mode over reverse mode ``mse_loss`` stops with an error."""
    return torch.mean((output - y) ** 2)


def numbers(tensors: Any) -> list[np.ndarray]:
    return [tensor.detach().numpy() for tensor in tensors]


def value_and_grad(net: Net, compiled: bool) -> Run:
    model, loss = model_of(net), criterion(net)
    weights, x, y = list(model.parameters()), torch.from_numpy(net.x()), torch.from_numpy(net.y())

    def value(x: Any, y: Any) -> Any:
        return loss(model(x), y)

    if compiled:
        value = torch.compile(value)

    def call() -> tuple[Any, ...]:
        result = value(x, y)
        return (result, *torch.autograd.grad(result, weights))

    return Run(call, numbers)


def _functional(net: Net) -> tuple[Callable[..., Any], dict[str, Any], Any, Any]:
    model = model_of(net)
    weights = {name: parameter.detach() for name, parameter in model.named_parameters()}
    return lambda w, x: func.functional_call(model, w, (x,)), weights, torch.from_numpy(net.x()), net.y()


def _run(function: Callable[..., Any], given: tuple[Any, ...], compiled: bool, arrays: Callable[..., Any]) -> Run:
    if compiled:
        function = torch.compile(function)
    return Run(lambda: function(*given), arrays)


def jacrev(net: Net, compiled: bool) -> Run:
    model, weights, x, _ = _functional(net)
    return _run(func.jacrev(model), (weights, x), compiled, lambda rows: numbers(rows.values()))


def hvp(net: Net, compiled: bool) -> Run:
    """Forward over reverse, which the documentation of torch.func recommends."""
    model, weights, x, target = _functional(net)
    loss, y = functional.cross_entropy if net.loss == "cross_entropy" else squared, torch.from_numpy(target)
    tangents = dict(zip(weights, map(torch.from_numpy, net.weights(seed=3)), strict=True))

    def product(weights: Any, x: Any, y: Any, tangents: Any) -> Any:
        return func.jvp(func.grad(lambda w: loss(model(w, x), y)), (weights,), (tangents,))[1]

    return _run(product, (weights, x, y, tangents), compiled, lambda result: numbers(result.values()))


def _function(function: Function) -> tuple[Callable[..., Any], Any]:
    constants = [torch.from_numpy(array) for array in function.constants()]
    return lambda x: function.write(names, x, *constants), torch.from_numpy(function.x())


def hessian(function: Function, compiled: bool) -> Run:
    f, x = _function(function)
    return _run(func.hessian(f), (x,), compiled, lambda result: numbers([result]))


def jacfwd(function: Function, compiled: bool) -> Run:
    f, x = _function(function)
    return _run(func.jacfwd(f), (x,), compiled, lambda result: numbers([result]))
