"""A model's layers as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from torchlean_typed.shapes import layers as layer_rules
from torchlean_typed.shapes.errors import show
from torchlean_typed.shapes.unify import plain

if TYPE_CHECKING:
    from torchlean_typed.nn.seq import Seq

COLUMNS = ("layer", "input", "output", "parameters", "count")


def rows(model: Seq) -> list[tuple[str, str, str, str, int]]:
    """One row a layer: name, input, output, parameters' shapes, number of parameters."""
    result = []
    for index, layer in enumerate(model.layers):
        # what the layers up to here make of the model's input says what this one gets
        before = layer_rules.chain("summary", [_given(model), *[part.kind for part in model.layers[:index]]])
        here = layer_rules.chain("summary", [_given(model), *[part.kind for part in model.layers[: index + 1]]])
        shapes = cast("tuple[tuple[int, ...], ...]", layer.kind.params.shapes)
        count = sum(math.prod(shape) for shape in shapes)
        shown = ", ".join(show(shape) for shape in shapes)
        result.append((f"{index} {layer.name}", plain(show(before.output)), plain(show(here.output)), shown, count))
    return result


def _given(model: Seq) -> Any:
    """A layer that states the model's input."""
    from dataclasses import replace

    return replace(layer_rules.activation("input"), input=model.kind.input, output=model.kind.input, takes="any")


def as_text(model: Seq) -> str:
    """The table as plain text."""
    table = [[str(cell) for cell in row] for row in rows(model)]
    total = ["total", "", "", "", str(sum(row[4] for row in rows(model)))]
    table = [list(COLUMNS), *table, total]
    widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
    lines = []
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        lines.append(" ".join([f"{cells[0]} ", *cells[1:], row[-1].rjust(widths[-1])]).rstrip())
    return "\n".join(lines)
