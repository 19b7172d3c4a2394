"""The signatures of the layers of sequences, ``*b n d``."""

from __future__ import annotations

from collections.abc import Mapping

from torchlean_typed.shapes.chaining import BATCH
from torchlean_typed.shapes.dense_layers import layer_norm, linear, mlp, positive, require_unknown
from torchlean_typed.shapes.dim import symbol
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.vocabulary import exact_quotient, fail


def embedding(op: str, vocab: object, features: object) -> ModelKind:
    """``*b -> *b d``, of integers; parameter ``weight: vocab d``."""
    count, d = positive(op, vocab, "vocab"), positive(op, features, "features")
    return ModelKind((BATCH,), (BATCH, d), PackKind(((count, d),), ("0.weight",)), (op,), "integer")


def positional_embedding(op: str, length: object, features: object) -> ModelKind:
    """``*b n d -> *b n d``; parameter ``weight: n d``."""
    shape = (positive(op, length, "length"), positive(op, features, "features"))
    return ModelKind((BATCH, *shape), (BATCH, *shape), PackKind((shape,), ("0.weight",)), (op,), "floating")


def require_tokens(dtype: str | None) -> None:
    """An embedding takes integers."""
    if dtype is not None and (dtype.startswith("float") or dtype == "bool"):
        hint = "make them with tl.tensor(..., np.int64)"
        fail("embedding", f"takes integers, got {dtype}", expected="an integer dtype", got=dtype, hint=hint)


def multi_head_attention(op: str, features: object, heads: object, causal: object = False) -> ModelKind:
    """``*b n d -> *b n d``; parameters ``weight: d d`` and ``bias: d`` of ``q``, ``k``, ``v`` and ``out``."""
    d, count = positive(op, features, "features"), positive(op, heads, "heads")
    exact_quotient(d, count, op, f"{d} features do not divide into {count} heads", ())
    _require_flag(op, causal)
    params = _parts({name: linear(op, d, d) for name in ("q", "k", "v", "out")})
    shape = (BATCH, symbol("?n"), d)
    return ModelKind(shape, shape, params, (op,), "floating")


def transformer_block(op: str, features: object, heads: object, hidden: object, causal: object = False) -> ModelKind:
    """``*b n d -> *b n d``; parameters of ``norm1``, ``attention``, ``norm2`` and ``mlp``."""
    attention = multi_head_attention(op, features, heads, causal)
    norm = layer_norm(op, features)
    two = mlp(op, features, positive(op, hidden, "hidden"), features, activation="gelu")
    params = _parts({"norm1": norm, "attention": attention, "norm2": norm, "mlp": two})
    return ModelKind(attention.input, attention.output, params, (op,), "floating")


def _require_flag(op: str, causal: object) -> None:
    if not isinstance(causal, bool):
        require_unknown(op, causal, "causal must be True or False", "True or False")


def _parts(parts: Mapping[str, ModelKind]) -> PackKind:
    """The parameters of a layer's parts, under their names: ``0.q.weight``; a chain keeps its numbers."""
    names = []
    for label, kind in parts.items():
        names += [
            f"0.{label}.{name if len(kind.layers) > 1 else name.removeprefix('0.')}" for name in kind.params.names
        ]
    return PackKind(tuple(shape for kind in parts.values() for shape in kind.params.shapes), tuple(names))
