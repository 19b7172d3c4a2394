"""Layers that are made of models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq, initializers_of
from torchlean_typed.ops import arithmetic, structure
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.tensor import Tensor


@maker
def residual(inner: Seq) -> Seq:
    """``x + inner(x)``.

    Shapes: ``*b n -> *b n``, where ``inner`` gives the shape that it takes.

    >>> nn.residual(nn.linear(8, 8) >> nn.tanh())
    Seq["*b 8", "*b 8", "8 8, 8"]
    """
    kind = rules.residual("residual", inner.kind)
    return Seq.of_layer(Layer(kind, lambda params, x: x + inner.forward(params, x), initializers_of(inner.layers)))


@maker
def add_branches(*models: Seq) -> Seq:
    """The sum of what the models give for one input.

    The parameters are those of the models, one after the other, and have the branch's number in their names.

    Shapes: ``*b n -> *b m``, where every model takes ``*b n`` and gives ``*b m``.

    >>> branches = nn.add_branches(nn.linear(8, 4), nn.linear(8, 6) >> nn.relu() >> nn.linear(6, 4))
    >>> branches
    Seq["*b 8", "*b 4", "4 8, 4, 6 8, 6, 4 6, 4"]
    >>> branches.param_names
    ('0.0.0.weight', '0.0.0.bias', '0.1.0.weight', '0.1.0.bias', '0.1.2.weight', '0.1.2.bias')
    """
    kind = rules.add_branches("add_branches", *(model.kind for model in models))
    return _joined(kind, models, lambda outputs: reduce(arithmetic.add, outputs))


@maker
def concat_branches(*models: Seq, axis: int = -1) -> Seq:
    """What the models give for one input, one after the other along an axis that is counted from the end.

    The parameters are those of the models, one after the other, and have the branch's number in their names.

    Shapes: ``*b n -> *b m+k``, where every model takes ``*b n``, and they give ``*b m`` and ``*b k``.

    >>> nn.concat_branches(nn.linear(8, 4), nn.linear(8, 3))
    Seq["*b 8", "*b 7", "4 8, 4, 3 8, 3"]
    >>> nn.concat_branches(nn.conv2d(1, 4, 3, padding=1), nn.max_pool2d(3, stride=1, padding=1), axis=-3)
    Seq["*b 1 h w", "*b 5 h w", "4 1 3 3, 4"]
    """
    kind = rules.concat_branches("concat_branches", *(model.kind for model in models), axis=axis)
    return _joined(kind, models, lambda outputs: structure.concat(outputs, axis))


def _joined(kind: ModelKind, models: Sequence[Seq], join: Callable[[list[Tensor]], Tensor]) -> Seq:
    """A layer that runs the models on one input, each with its own parameters."""
    starts = tuple(start for model in models for start in initializers_of(model.layers))

    def forward(params: Any, x: Tensor) -> Tensor:
        outputs, first = [], 0
        for model in models:
            count = len(model.kind.params.shapes)
            outputs.append(model.forward(params[first : first + count], x))
            first += count
        return join(outputs)

    return Seq.of_layer(Layer(kind, forward, starts))
