"""Models: ``Seq`` and its layers. Parameters live outside a model, in a ``TensorPack`` made by ``model.init``."""

from torchlean_typed.nn.layers.basic import (
    dropout,
    flatten,
    gelu,
    input,
    layer,
    linear,
    log_softmax,
    mlp,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from torchlean_typed.nn.layers.branches import add_branches, concat_branches, residual
from torchlean_typed.nn.layers.images import avg_pool2d, conv2d, conv_transpose2d, global_avg_pool, max_pool2d
from torchlean_typed.nn.layers.normalization import batch_norm, layer_norm
from torchlean_typed.nn.layers.sequences import (
    embedding,
    multi_head_attention,
    positional_embedding,
    transformer_block,
)
from torchlean_typed.nn.seq import Seq
from torchlean_typed.nn.statistics import training, update_statistics

__all__ = [
    "Seq",
    "add_branches",
    "avg_pool2d",
    "batch_norm",
    "concat_branches",
    "conv2d",
    "conv_transpose2d",
    "dropout",
    "embedding",
    "flatten",
    "gelu",
    "global_avg_pool",
    "input",
    "layer",
    "layer_norm",
    "linear",
    "log_softmax",
    "max_pool2d",
    "mlp",
    "multi_head_attention",
    "positional_embedding",
    "relu",
    "residual",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
    "training",
    "transformer_block",
    "update_statistics",
]
