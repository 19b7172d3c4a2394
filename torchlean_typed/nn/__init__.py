"""Models: ``Seq`` and its layers. Parameters live outside a model, in a ``TensorPack`` made by ``model.init``."""

from torchlean_typed.nn.layers import (
    flatten,
    gelu,
    input,
    layer,
    layer_norm,
    linear,
    log_softmax,
    relu,
    residual,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from torchlean_typed.nn.seq import Seq

__all__ = [
    "Seq",
    "flatten",
    "gelu",
    "input",
    "layer",
    "layer_norm",
    "linear",
    "log_softmax",
    "relu",
    "residual",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
]
