"""Recomputing instead of keeping: a model whose inner results are forgotten, and computed again for its derivative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torchlean_typed.engine.mode import eager
from torchlean_typed.graph import signature
from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq, initializers_of
from torchlean_typed.ops.op import operation
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf, make, tracing
from torchlean_typed.transform.batch import batch_all
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

if TYPE_CHECKING:
    from typing import TypeVar

    from numpy.typing import DTypeLike

    Model = TypeVar("Model", bound=Seq)
else:
    Model = Seq


@maker
def checkpoint(model: Model) -> Model:
    """The same model, which keeps nothing but its input for the derivative and computes the rest again.

    Reverse mode needs the results of all layers. Of a chain of checkpoints it needs the inputs of each, and the results
    within one at a time, for one more evaluation. Derivatives of higher order work too; in eager mode those of first
    order by reverse mode take less memory.

    Shapes: those of ``model``.

    >>> block = nn.linear(4, 4) >> nn.tanh()
    >>> model = autograd.checkpoint(block) >> autograd.checkpoint(block)
    >>> model
    Seq["*b 4", "*b 4", "4 4, 4, 4 4, 4"]
    """
    body = Body(model)

    def forward(params: Sequence[Tensor], x: Tensor) -> Tensor:
        operands = [*params, x]
        return recomputed(operands, body, *body.result(operands))

    return Seq.of_layer(Layer(model.kind, forward, initializers_of(model.layers)))  # type: ignore[return-value]


class Body:
    """What is recomputed: a function of parameters and, last, the input."""

    def __init__(self, model: Seq) -> None:
        self.model = model
        self._results: dict[Any, tuple[tuple[int, ...], str]] = {}

    def __call__(self, operands: Sequence[Tensor]) -> Tensor:
        """The model's output, recorded as far as the operands are."""
        return self.model.forward(operands[:-1], operands[-1])

    def result(self, operands: Sequence[Tensor]) -> tuple[tuple[int, ...], str]:
        """Shape and dtype of the output, found out with shapes alone."""
        key = signature(operands)
        if key not in self._results:
            with tracing():
                output = self([leaf(x.shape, x.dtype) for x in operands])
            self._results[key] = output.shape, output.dtype.name
        return self._results[key]


def _pull(ct: Tensor, out: Tensor, *operands: Tensor, body: Body, **result: Any) -> list[Tensor]:
    if not any(x._order for x in operands):  # values alone are asked for
        leaves = [leaf(x.shape, x.dtype, x._array) for x in operands]
        return vjp([body(leaves)], leaves, [ct], is_last=True)
    leaves = [x for x in operands if x._order]
    found = iter(vjp([body(operands)], leaves, [ct]))
    return [next(found) if x._order else x for x in operands]


def _push(tangents: Sequence[Tensor | None], out: Tensor, *operands: Tensor, body: Body, **result: Any) -> Tensor:
    pairs = [(x, t) for x, t in zip(operands, tangents, strict=True) if t is not None]
    return jvp([body(operands)], [x for x, _ in pairs], [t for _, t in pairs])[0]


def _batch(op: Any, operands: Sequence[Tensor], batched: Sequence[bool], size: int, statics: Any) -> Tensor:
    chosen = [x for x, is_batched in zip(operands, batched, strict=True) if is_batched]
    leaves = [leaf(x.shape[1:], x.dtype, None if x._array is None else x._array[0]) for x in chosen]
    of_one = iter(leaves)
    output = statics["body"]([next(of_one) if flag else x for x, flag in zip(operands, batched, strict=True)])
    return batch_all([output], leaves, chosen)[0]


@operation(
    lambda op, operands, body, shape, dtype: shape,
    lambda op, names, body, shape, dtype: dtype,
    pull=_pull,
    push=_push,
    batch=_batch,
    public=False,
)
def recomputed(operands: Sequence[Tensor], body: Body, shape: Sequence[int], dtype: DTypeLike) -> Tensor:
    """The body's output, of which only the operands are kept."""
    with eager():
        output = body([make(array) for array in operands])  # type: ignore[arg-type]
    return output.numpy()  # type: ignore[return-value]
