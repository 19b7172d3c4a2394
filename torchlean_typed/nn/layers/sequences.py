"""The layers of sequences, ``*b n d``."""

from __future__ import annotations

from typing import Any

from torchlean_typed.nn import initializers
from torchlean_typed.nn.layers.basic import affine, mlp
from torchlean_typed.nn.layers.normalization import layer_norm
from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq
from torchlean_typed.ops import attention, indexing, structure
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.sequence_layers import require_tokens
from torchlean_typed.tensor import Tensor


@maker
def embedding(vocab: int, features: int) -> Seq:
    """The rows of a table at integers from 0 to ``vocab - 1``, parameter ``weight: vocab d``, drawn from N(0, 1).

    Shapes: ``*b -> *b d``, of integers.

    >>> nn.embedding(27, 16)
    Seq["*b", "*b 16", "27 16"]
    >>> model = nn.embedding(27, 16)
    >>> model(model.init(seed=0), tl.tensor([2, 0, 26], dtype=np.int64)).shape
    (3, 16)
    """
    kind = rules.embedding("embedding", vocab, features)

    def forward(params: Any, x: Tensor) -> Tensor:
        require_tokens(x.dtype.name)
        return indexing.take(params[0], x, 0)

    return Seq.of_layer(Layer(kind, forward, (initializers.standard_normal,)))


@maker
def positional_embedding(length: int, features: int) -> Seq:
    """A vector of its own added at each place of a sequence, parameter ``weight: n d``, drawn from N(0, 1).

    Source: Gehring and others 2017, arXiv:1705.03122.

    Shapes: ``*b n d -> *b n d``, n the length.

    >>> nn.embedding(27, 16) >> nn.positional_embedding(64, 16)
    Seq["*b 64", "*b 64 16", "27 16, 64 16"]
    """
    kind = rules.positional_embedding("positional_embedding", length, features)

    def forward(params: Any, x: Tensor) -> Tensor:
        return x + structure.reshape(params[0], (*(1,) * (x.ndim - 2), length, features))

    return Seq.of_layer(Layer(kind, forward, (initializers.standard_normal,)))


@maker
def multi_head_attention(features: int, heads: int, causal: bool = False) -> Seq:
    """Self-attention: each head looks at its part of the features, and the output mixes the heads.

    The parameters are ``weight: d d`` and ``bias: d`` of ``q``, ``k``, ``v`` and ``out``; with ``causal`` each place
    looks at itself and what stands before it alone.

    Source: Vaswani and others 2017, arXiv:1706.03762.

    Shapes: ``*b n d -> *b n d``.

    >>> nn.multi_head_attention(8, heads=2)
    Seq["*b n 8", "*b n 8", "8 8, 8, 8 8, 8, 8 8, 8, 8 8, 8"]
    >>> nn.multi_head_attention(8, heads=2).param_names[:4]
    ('0.q.weight', '0.q.bias', '0.k.weight', '0.k.bias')
    """
    kind = rules.multi_head_attention("multi_head_attention", features, heads, causal)

    def split(x: Tensor) -> Tensor:
        return structure.swapaxes(structure.reshape(x, (*x.shape[:-1], heads, features // heads)), -3, -2)

    def forward(params: Any, x: Tensor) -> Tensor:
        query, key, value = (split(affine(x, params[i], params[i + 1])) for i in (0, 2, 4))
        seen = attention.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return affine(structure.reshape(structure.swapaxes(seen, -3, -2), x.shape), params[6], params[7])

    return Seq.of_layer(Layer(kind, forward, (initializers.glorot_uniform, initializers.zeros) * 4))


@maker
def transformer_block(features: int, heads: int, hidden: int, causal: bool = False) -> Seq:
    """Attention and a model of two linear layers with a gelu, each beside the identity and after a layer norm.

    The parameters are those of ``norm1``, ``attention``, ``norm2`` and ``mlp``.

    Source: Xiong and others 2020, arXiv:2002.04745 (the norm comes first).

    Shapes: ``*b n d -> *b n d``.

    >>> block = nn.transformer_block(8, heads=2, hidden=32)
    >>> block.param_names[:3], block.param_names[-1]
    (('0.norm1.weight', '0.norm1.bias', '0.attention.q.weight'), '0.mlp.2.bias')
    """
    kind = rules.transformer_block("transformer_block", features, heads, hidden, causal)
    look = layer_norm(features) >> multi_head_attention(features, heads, causal)
    think = layer_norm(features) >> mlp(features, hidden, features, activation="gelu")
    count = len(look.kind.params.shapes)
    starts = tuple(start for part in (look, think) for layer in part.layers for start in layer.initializers)

    def forward(params: Any, x: Tensor) -> Tensor:
        x = x + look.forward(params[:count], x)
        return x + think.forward(params[count:], x)

    return Seq.of_layer(Layer(kind, forward, tuple(start or initializers.glorot_uniform for start in starts)))
