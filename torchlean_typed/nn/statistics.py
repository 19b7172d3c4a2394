"""Batch normalisation in its two ways, and its state: a model's running statistics are entries of its parameters.

A ``batch_norm`` layer normalises by the running statistics in its parameters. In ``training(model)`` it normalises by
those of the batch, and ``update_statistics`` moves the running ones towards them. All are pure functions.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from torchlean_typed.checks.boundary import boundary
from torchlean_typed.engine.run import execute
from torchlean_typed.nn.seq import Layer, Names, P, Seq, initializers_of
from torchlean_typed.ops import conversion, normalization
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.tensor import Tensor

Model = TypeVar("Model", bound=Seq)
Renewed = list[tuple[Tensor, Tensor]]  # an entry of the parameters, and what it becomes

# None while models infer; in training, where layers put what their running statistics become
_renewed: ContextVar[Renewed | None] = ContextVar("renewed", default=None)


@contextmanager
def _of_the_batch() -> Iterator[Renewed]:
    found: Renewed = []
    before = _renewed.get()
    try:
        _renewed.set(found)  # in here, since Python may be interrupted as soon as it is set
        yield found
    finally:
        _renewed.set(before)


def normalised(params: Sequence[Tensor], x: Tensor, momentum: float, eps: float, axis: int) -> Tensor:
    """What a layer with the parameters weight, bias, mean and variance gives, in the way that is asked for."""
    weight, bias, mean, variance = params
    found = _renewed.get()
    if found is None:
        state = conversion.detach(mean), conversion.detach(variance)
        return normalization.batch_norm(x, weight, bias, *state, eps, axis)
    result, *new = normalization.batch_norm_training(x, weight, bias, mean, variance, momentum, eps, axis)
    found += zip((mean, variance), new, strict=True)
    return result


@boundary
def training(model: Model) -> Model:
    """The same model where batches are normalised by their own statistics: for the gradients of training.

    It takes the same parameters. Its derivatives with respect to running statistics are 0, as the model's own are, so
    that a step of gradient descent leaves them alone.

    Shapes: those of the model.

    >>> model = nn.linear(4, 3) >> nn.batch_norm(3)
    >>> params = model.init(seed=0)
    >>> y = nn.training(model)(params, tl.random.normal((50, 4), seed=1))
    >>> tl.allclose(tl.mean(y, axis=0), tl.zeros(3), atol=1e-12)
    True
    """
    if "training" not in model.variants:  # made once, so that programs are found again

        def forward(params: Any, x: Tensor) -> Tensor:
            with _of_the_batch():
                return model.forward(params, x)

        made = functools.partial(training, model)
        layer = Layer(model.kind, forward, initializers_of(model.layers), made)
        model.variants["training"] = Seq.of_layer(layer)
    return model.variants["training"]  # type: ignore[return-value]


@boundary
def update_statistics(model: Seq[Any, Any, P, Names], params: TensorPack[P, Names], x: Tensor) -> TensorPack[P, Names]:
    """The parameters with running statistics that have moved towards those of the batch ``x``; all else as it was.

    A running mean becomes ``(1 - momentum) * mean + momentum * mean of the batch``, a variance likewise, with the
    unbiased one of the batch.

    Shapes: ``params`` and the result as the model's parameters.

    Raises:
        ShapeError: for parameters of another model, and for an input that does not fit.

    >>> model = nn.batch_norm(1, momentum=0.5)
    >>> nn.update_statistics(model, model.init(seed=0), tl.tensor([[1.0], [3.0]]))["0.mean"]
    Tensor([1.], float64[1])
    """
    model.output_shape("update_statistics", params, x)

    def renewed(x: Tensor, *tensors: Tensor) -> list[Tensor]:
        with _of_the_batch() as found:
            model.forward(tensors, x)
        entries = {id(entry): state for entry, state in found}
        return [entries.get(id(tensor), tensor) for tensor in tensors]

    tensors = execute(renewed, (x, *params.tensors), ("statistics", model))
    return make_pack(tuple(tensors), params.names)
