"""torchlean_typed, by its public API: models compile on first use, plain functions with ``tl.compile``."""

from __future__ import annotations

from typing import Any

import numpy as np

import torchlean_typed as tl
from benchmarks.case import Run
from benchmarks.problems import ConvNet, Function, Net
from torchlean_typed import Seq, Tensor, TensorPack, autograd, loss, nn
from torchlean_typed.trace import leaf_of, tracing


def model_of(net: Net) -> Seq:
    activation = getattr(nn, net.activation)
    parts = [
        part for sizes in zip(net.widths, net.widths[1:], strict=False) for part in (nn.linear(*sizes), activation())
    ]
    if isinstance(net, ConvNet):
        images = (nn.input("1 28 28"), nn.conv2d(1, 8, 3), nn.relu(), nn.max_pool2d(2), nn.flatten(3))
        return nn.Seq(*images, *parts[:-1])
    return nn.Seq(*parts[:-1])


def arguments(net: Net) -> tuple[Any, ...]:
    """The model, its loss, parameters, input and target."""
    model = model_of(net)
    criterion = loss.cross_entropy_one_hot() if net.loss == "cross_entropy" else loss.mse()
    return model, criterion, pack(model, net.weights()), tl.from_numpy(net.x()), tl.from_numpy(net.y())


def pack(model: Seq, weights: list[np.ndarray]) -> TensorPack:
    return TensorPack.named(dict(zip(model.param_names, map(tl.from_numpy, weights), strict=True)))


def numbers(*parts: Any) -> list[np.ndarray]:
    """Tensors and packs, one after the other, as arrays."""
    return [x.numpy() for part in parts for x in ([part] if isinstance(part, Tensor) else part)]


def value_and_grad(net: Net) -> Run:
    given = arguments(net)
    return Run(lambda: autograd.model.value_and_grad_params(*given), lambda result: numbers(*result))


def jacrev(net: Net) -> Run:
    model, _, params, x, _ = arguments(net)
    return Run(lambda: autograd.model.jacrev_params(model, params, x), lambda rows: numbers(rows.stacked))


def hvp(net: Net) -> Run:
    given = arguments(net)
    tangent = pack(given[0], net.weights(seed=3))
    return Run(lambda: autograd.model.hvp_params(*given, tangent), numbers)


def _function(function: Function) -> tuple[Any, Tensor]:
    constants = [tl.from_numpy(array) for array in function.constants()]
    return tl.compile(lambda x: function.write(tl, x, *constants)), tl.from_numpy(function.x())


def hessian(function: Function) -> Run:
    f, x = _function(function)
    return Run(lambda: autograd.fn.hessian(f, x), lambda rows: numbers(rows.tensor))


def jacfwd(function: Function) -> Run:
    f, x = _function(function)
    return Run(lambda: autograd.fn.jacfwd(f, x), lambda rows: numbers(rows.tensor))


def eager_forward(function: Function) -> Run:
    """The function itself, nothing recorded; operation by operation, each checked."""
    x, constants = tl.from_numpy(function.x()), [tl.from_numpy(array) for array in function.constants()]
    return Run(lambda: function.write(tl, x, *constants), numbers)


def eager_recorded(function: Function) -> Run:
    """The function while a derivative is taken: each operation becomes a node."""
    x, constants = tl.from_numpy(function.x()), [tl.from_numpy(array) for array in function.constants()]

    def call() -> Tensor:
        with tracing():
            return function.write(tl, leaf_of(x), *constants)

    return Run(call, numbers)


def eager_grad(function: Function) -> Run:
    """A plain function is not compiled: recorded, and differentiated, at each call."""
    x, constants = tl.from_numpy(function.x()), [tl.from_numpy(array) for array in function.constants()]
    return Run(lambda: autograd.fn.grad(lambda x: function.write(tl, x, *constants), x), numbers)


def eager_value_and_grad(net: Net) -> Run:
    run = value_and_grad(net)

    def call() -> Any:
        with tl.eager():
            return run.call()

    return Run(call, run.arrays)
