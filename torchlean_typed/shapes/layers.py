"""The layers' signatures under the layers' names: at run time and in the checker alike."""

from __future__ import annotations

from collections.abc import Callable

from torchlean_typed.shapes.branching import add_branches, concat_branches, residual
from torchlean_typed.shapes.chaining import BATCH, chain
from torchlean_typed.shapes.dense_layers import (
    ACTIVATIONS,
    activation,
    along_axis,
    batch_norm,
    dropout,
    flatten,
    input,
    layer,
    layer_norm,
    linear,
    mlp,
)
from torchlean_typed.shapes.image_layers import conv2d, conv_transpose2d, global_avg_pool, pool2d
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.sequence_layers import (
    embedding,
    multi_head_attention,
    positional_embedding,
    transformer_block,
)

__all__ = [
    "BATCH",
    "OF_MODELS",
    "RULES",
    "SHAPELESS",
    "activation",
    "add_branches",
    "along_axis",
    "batch_norm",
    "chain",
    "concat_branches",
    "conv2d",
    "conv_transpose2d",
    "dropout",
    "embedding",
    "flatten",
    "global_avg_pool",
    "input",
    "layer",
    "layer_norm",
    "linear",
    "mlp",
    "multi_head_attention",
    "pool2d",
    "positional_embedding",
    "residual",
    "transformer_block",
]

# the rule behind each function of ``nn`` that takes sizes, by the function's name
RULES: dict[str, Callable[..., ModelKind]] = {
    "linear": linear,
    **dict.fromkeys(ACTIVATIONS, activation),
    **dict.fromkeys(("softmax", "log_softmax"), along_axis),
    "flatten": flatten,
    "layer_norm": layer_norm,
    "batch_norm": batch_norm,
    "dropout": dropout,
    "mlp": mlp,
    "input": input,
    "conv2d": conv2d,
    "conv_transpose2d": conv_transpose2d,
    **dict.fromkeys(("max_pool2d", "avg_pool2d"), pool2d),
    "global_avg_pool": global_avg_pool,
    "embedding": embedding,
    "positional_embedding": positional_embedding,
    "multi_head_attention": multi_head_attention,
    "transformer_block": transformer_block,
}
# of those that take models, which come first; what else they take is named
OF_MODELS: dict[str, Callable[..., ModelKind]] = {
    "residual": residual,
    "add_branches": add_branches,
    "concat_branches": concat_branches,
}
# parameters that no signature depends on: their values need not be known
SHAPELESS = frozenset({"activation", "causal", "eps", "momentum", "rate", "seed"})
