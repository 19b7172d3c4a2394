"""What is known of a model, a pack, a loss and a result before anything runs: at run time and in the checker alike."""

from __future__ import annotations

from dataclasses import dataclass

from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, print_shape, print_shapes
from torchlean_typed.shapes.unify import plain


@dataclass(frozen=True)
class PackKind:
    """An ordered pack of tensors. ``names`` is empty where the entries were not named."""

    shapes: tuple[Shape, ...]
    names: tuple[str, ...] = ()

    @property
    def is_nameless(self) -> bool:
        """Whether it has entries whose names are not known: those of a model annotated with its shapes alone."""
        return bool(self.shapes) and not self.names

    def label(self, index: int) -> str:
        """How a message calls an entry."""
        return f'entry {index} ("{self.names[index]}")' if self.names else f"entry {index}"

    def __str__(self) -> str:
        return plain(print_shapes(self.shapes))


UNNAMED = "model"


@dataclass(frozen=True)
class ModelKind:
    """A model from inputs to outputs; flexible names (``?b``) stand for any size, and are one size in one call.

    ``takes`` is "floating" or "integer", or "any" of a layer that passes on what it gets; without it, it is not known.
    In ``layers`` one ``UNNAMED`` stands for the layers of a model whose annotation does not tell them.
    """

    input: Shape
    output: Shape
    params: PackKind = PackKind(())
    layers: tuple[str, ...] = ()
    takes: str = ""

    def __str__(self) -> str:
        parts = (print_shape(self.input), print_shape(self.output))
        return ", ".join(f'"{plain(part)}"' for part in (*parts, str(self.params)))


@dataclass(frozen=True)
class LossKind:
    """A function of a model's output and a target. ``same`` says that both have one shape, of any rank.

    ``classes`` says that the target has the number of a class for each sample: the output's shape without ``axis``.
    ``result`` is the shape that it gives, where ``reduction`` and ``axis``, those of the standard losses, do not tell.
    """

    name: str
    output: Shape = ANY_SHAPE
    target: Shape = ANY_SHAPE
    same: bool = False
    reduction: str = "mean"
    axis: int | None = None
    result: Shape = ()
    classes: bool = False

    @property
    def standard(self) -> bool:
        """Whether it is one of ours, which reduce."""
        return self.same or self.classes


@dataclass(frozen=True)
class RowsKind:
    """Exactly ``count`` tensors or packs of one shape, one for each coordinate of ``outer``."""

    count: Dimension
    item: Shape | PackKind
    outer: Shape = ANY_SHAPE


@dataclass(frozen=True)
class GradsKind:
    """The payload of ``value_and_grads``."""

    value: Shape
    dparams: PackKind
    dx: Shape
    dtarget: Shape
