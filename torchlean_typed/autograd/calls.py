"""How the functions of ``autograd.model`` check their arguments and run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from torchlean_typed.autograd.chunks import in_chunks
from torchlean_typed.autograd.core import gradients, rows_by_vjp, rows_for
from torchlean_typed.engine.run import kept, prepare
from torchlean_typed.functions import require_tensor
from torchlean_typed.loss import OutputLoss
from torchlean_typed.nn.seq import Seq
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.shapes import derivative_dtypes as dtype_rules
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.shapes.models import require_scalar, require_shape
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", default=Any)
    Names = TypeVar("Names", default=Any)

Pack = TensorPack
Model = Seq
Loss = OutputLoss


def _check(
    op: str, model: Model, loss: Loss | None, params: Pack, vparams: Pack | None, tensors: dict[str, Tensor]
) -> None:
    """The rule of ``op`` on these arguments, and their dtypes.

    Raises:
        ShapeError: for what does not fit, before any work.
    """
    kinds = [model.kind, *([] if loss is None else [loss.kind]), params.kind, *[x.shape for x in tensors.values()]]
    getattr(rules, op)(*kinds, *([] if vparams is None else [vparams.kind]))
    dtype_rules.check_dtypes(op, _dtypes(params, vparams, tensors), None if loss is None else loss.kind)
    dtype_rules.check_input(op, model.kind, tensors["x"].dtype.name)


def _dtypes(params: Pack, vparams: Pack | None, tensors: dict[str, Tensor]) -> list[tuple[str, str, str]]:
    """Each tensor's parameter, how a message calls it, and its dtype."""
    packs = [("params", params), *([("vparams", vparams)] if vparams is not None else [])]
    entries = [(p, f'{p} "{name}"', x) for p, pack in packs for name, x in zip(pack.names, pack.tensors, strict=True)]
    return [(p, what, x.dtype.name) for p, what, x in (*entries, *((name, name, x) for name, x in tensors.items()))]


def run(
    op: str,
    built: Hashable,
    build: Callable[..., Sequence[Tensor]],
    model: Model,
    loss: Loss | None,
    params: Pack,
    x: Tensor,
    other: Tensor | None = None,
    vparams: Pack | None = None,
    is_checked: bool = True,
) -> list[Tensor]:
    """Check the arguments, then run ``build(value, weights, x, other, tangents)``.

    The value is the loss of the model, or its output without a loss; ``other`` the target, or the seed. ``built`` names
    what is computed: functions that compute the same share one program. A call with a signature that was seen before
    does no more than look the program up: what the arguments are was checked then.
    """
    # of a tensor that is being recorded, its number in the dtype's place: no program is kept for it
    weights, kind = params._signature or params.signature, x._order or x._dtype
    key: tuple[Hashable, ...]
    if other is None:
        key, inputs = (built, model, loss, weights, x._shape, kind), [*params.tensors, x]
    else:
        key = (built, model, loss, weights, x._shape, kind, other._shape, other._order or other._dtype)
        inputs = [*params.tensors, x, other]
    if vparams is not None:
        key += (vparams._signature or vparams.signature,)
        inputs += vparams.tensors
    program = kept(key)
    if program is not None:
        return program.run(inputs)
    names = {"x": x} if other is None or not is_checked else {"x": x, "seed_out" if loss is None else "target": other}
    check = partial(_check, op, model, loss, params, vparams, names)
    return prepare(_recorded(op, build, model, loss, len(params)), inputs, key, check)


def _recorded(
    op: str, build: Callable[..., Sequence[Tensor]], model: Model, loss: Loss | None, count: int
) -> Callable[..., Sequence[Tensor]]:
    """What is traced: the value, then what ``build`` makes of it."""

    def recorded(*leaves: Tensor) -> Sequence[Tensor]:
        weights, rest = leaves[:count], leaves[count:]
        value = model.forward(weights, rest[0])
        if loss is not None:
            value = require_tensor(op, loss.forward, loss.forward(value, rest[1]))
            require_scalar(op, loss.kind.name, value.shape)
        dtype_rules.require_differentiable(op, "the model's output" if loss is None else "the loss", value.dtype.name)
        return build(op, value, weights, *rest)

    return recorded


def pack_of(model: Seq[Any, Any, P, Names], tensors: Sequence[Tensor]) -> TensorPack[P, Names]:
    """Tensors in the shapes of the model's parameters, under their names."""
    return make_pack(tuple(tensors), model.kind.params.names)


class Gradients:
    """The loss, and its gradients with respect to those of params, x and target that ``of`` names; no others."""

    def __init__(self, *of: str) -> None:
        self.of = of

    def run(self, op: str, model: Model, loss: Loss, params: Pack, x: Tensor, target: Tensor) -> list[Tensor]:
        """The value, then the gradients, one after the other."""
        return run(op, self, self._build, model, loss, params, x, target)

    def _build(self, op: str, value: Tensor, weights: Sequence[Tensor], x: Tensor, target: Tensor) -> Sequence[Tensor]:
        leaves = {"params": weights, "x": (x,), "target": (target,)}
        return [value, *gradients(value, [leaf for name in self.of for leaf in leaves[name]], True)]


with_params, with_x, with_target = Gradients("params").run, Gradients("x").run, Gradients("target").run
with_inputs, with_all = Gradients("x", "target").run, Gradients("params", "x", "target").run


def pulled(op: str, of: str, model: Model, params: Pack, x: Tensor, seed_out: Tensor) -> list[Tensor]:
    """A cotangent of the output pulled back to the parameters or to x, as ``of`` says."""
    return run(op, ("pulled", of), _pulled_to[of], model, None, params, x, seed_out)


def _pull(of: str, op: str, output: Tensor, weights: Sequence[Tensor], x: Tensor, seed: Tensor) -> Sequence[Tensor]:
    # once more: of a layer of one's own the declared shapes may leave something open
    require_shape(op, "seed_out", seed.shape, "the model's output", output.shape)
    dtype_rules.require_dtype(op, "seed_out", seed.dtype.name, "the model's output", output.dtype.name)
    return vjp([output], weights if of == "params" else [x], [seed], is_last=True)


_pulled_to = {of: partial(_pull, of) for of in ("params", "x")}


def rows(
    op: str, model: Model, params: Pack, x: Tensor, chunk_size: int | None
) -> tuple[tuple[int, ...], list[Tensor]]:
    """The output's shape, and its Jacobian's rows with respect to each parameter, stacked."""
    if chunk_size is None:
        output, *stacked = run(op, "rows", _rows, model, None, params, x)
        return output.shape, stacked
    output = run(op, "output", _output, model, None, params, x)[0]
    return output.shape, in_chunks(
        op,
        output,
        chunk_size,
        lambda seeds: run(op, "rows", _rows_for, model, None, params, x, seeds, is_checked=False),
    )


def _output(op: str, output: Tensor, weights: Sequence[Tensor], x: Tensor) -> Sequence[Tensor]:
    return [output]


def _rows_for(op: str, output: Tensor, weights: Sequence[Tensor], x: Tensor, seeds: Tensor) -> Sequence[Tensor]:
    return rows_for(output, weights, seeds)


def _rows(op: str, output: Tensor, weights: Sequence[Tensor], x: Tensor) -> Sequence[Tensor]:
    return [output, *rows_by_vjp(output, weights)]


def pushed(
    op: str, of: str, model: Model, loss: Loss, params: Pack, x: Tensor, target: Tensor, vparams: Pack
) -> list[Tensor]:
    """A tangent of the parameters pushed forward to the loss's value or to its gradient, as ``of`` says."""
    return run(op, ("pushed", of), _pushed_to[of], model, loss, params, x, target, vparams)


def _push(
    of: str, op: str, value: Tensor, weights: Sequence[Tensor], x: Tensor, target: Tensor, *tangents: Tensor
) -> Sequence[Tensor]:
    return jvp([value] if of == "value" else gradients(value, weights), weights, tangents)


_pushed_to = {of: partial(_push, of) for of in ("value", "gradient")}
