"""How the functions of ``autograd.model`` check their arguments and run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, cast

from torchlean_typed.autograd.core import gradients, rows_by_vjp
from torchlean_typed.autograd.results import ValueAndGrads
from torchlean_typed.engine.run import execute
from torchlean_typed.functions import require_tensor
from torchlean_typed.loss import OutputLoss
from torchlean_typed.nn.seq import Seq
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.shapes.models import require_scalar, require_shape
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.jvp import jvp
from torchlean_typed.transform.vjp import vjp

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", default=Any)
    Names = TypeVar("Names", default=Any)
    X = TypeVar("X", bound=Tensor, default=Any)
    Y = TypeVar("Y", bound=Tensor, default=Any)

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
    rules.check_dtypes(op, _dtypes(params, vparams, tensors), None if loss is None else loss.kind)
    rules.check_input(op, model.kind, tensors["x"].dtype.name)


def _dtypes(params: Pack, vparams: Pack | None, tensors: dict[str, Tensor]) -> list[tuple[str, str, str]]:
    """Each tensor's parameter, how a message calls it, and its dtype."""
    packs = [("params", params), *([("vparams", vparams)] if vparams is not None else [])]
    entries = [(p, f'{p} "{name}"', x) for p, pack in packs for name, x in zip(pack.names, pack.tensors, strict=True)]
    return [(p, what, x.dtype.name) for p, what, x in (*entries, *((name, name, x) for name, x in tensors.items()))]


def run(
    op: str,
    built: Hashable,
    model: Model,
    loss: Loss | None,
    params: Pack,
    build: Callable[..., Sequence[Tensor]],
    vparams: Pack | None = None,
    **tensors: Tensor,
) -> list[Tensor]:
    """Check the arguments, then run ``build(value, weights, *tensors, *tangents)``.

    The value is the loss of the model, or its output without a loss. ``built`` names what is computed: functions that
    compute the same share one program.
    """
    count = len(params)

    def recorded(*leaves: Tensor) -> Sequence[Tensor]:
        weights, rest = leaves[:count], leaves[count:]
        value = model.forward(weights, rest[0])
        if loss is not None:
            value = require_tensor(op, loss.forward, loss.forward(value, rest[1]))
            require_scalar(op, loss.kind.name, value.shape)
        return build(value, weights, *rest)

    packs = (params,) if vparams is None else (params, vparams)
    inputs = [*params.tensors, *tensors.values(), *(() if vparams is None else vparams.tensors)]
    key = (built, model, loss, *[pack.names if pack._named else len(pack) for pack in packs])
    return execute(recorded, inputs, key, lambda: _check(op, model, loss, params, vparams, tensors))


def pack_of(model: Seq[Any, Any, P, Names], tensors: Sequence[Tensor]) -> TensorPack[P, Names]:
    """Tensors in the shapes of the model's parameters, under their names."""
    return make_pack(tuple(tensors), model.param_names)


def loss_gradients(
    op: str, model: Seq[Any, Any, P, Names], loss: Loss, params: TensorPack[P, Names], x: X, target: Y, *of: str
) -> ValueAndGrads[Tensor, TensorPack[P, Names], X, Y]:
    """The loss, and its gradients with respect to those of params, x and target that ``of`` names; no others."""

    def build(value: Tensor, weights: Sequence[Tensor], x: Tensor, target: Tensor) -> Sequence[Tensor]:
        leaves = {"params": weights, "x": (x,), "target": (target,)}
        return [value, *gradients(value, [leaf for name in of for leaf in leaves[name]])]

    value, *found = run(op, of, model, loss, params, build, x=x, target=target)
    dparams = pack_of(model, [found.pop(0) for _ in params]) if "params" in of else None
    dx = found.pop(0) if "x" in of else None
    dtarget = found.pop(0) if "target" in of else None
    return cast("ValueAndGrads[Tensor, TensorPack[P, Names], X, Y]", ValueAndGrads(value, dparams, dx, dtarget))


def pulled(op: str, of: str, model: Model, params: Pack, x: Tensor, seed_out: Tensor) -> list[Tensor]:
    """A cotangent of the output pulled back to the parameters or to x, as ``of`` says."""

    def build(output: Tensor, weights: Sequence[Tensor], x: Tensor, seed: Tensor) -> Sequence[Tensor]:
        # once more: of a layer of one's own the declared shapes may leave something open
        require_shape(op, "seed_out", seed.shape, "the model's output", output.shape)
        rules.require_dtype(op, "seed_out", seed.dtype.name, "the model's output", output.dtype.name)
        return vjp([output], weights if of == "params" else [x], [seed])

    return run(op, ("pulled", of), model, None, params, build, x=x, seed_out=seed_out)


def rows(op: str, model: Model, params: Pack, x: Tensor) -> list[Tensor]:
    """The output, and its Jacobian's rows with respect to each parameter, stacked."""

    def build(output: Tensor, weights: Sequence[Tensor], x: Tensor) -> Sequence[Tensor]:
        return [output, *rows_by_vjp(output, weights)]

    return run(op, "rows", model, None, params, build, x=x)


def pushed(
    op: str, of: str, model: Model, loss: Loss, params: Pack, x: Tensor, target: Tensor, vparams: Pack
) -> list[Tensor]:
    """A tangent of the parameters pushed forward to the loss's value or to its gradient, as ``of`` says."""

    def build(value: Tensor, weights: Sequence[Tensor], x: Tensor, y: Tensor, *tangents: Tensor) -> Sequence[Tensor]:
        return jvp([value] if of == "value" else gradients(value, weights), weights, tangents)

    return run(op, ("pushed", of), model, loss, params, build, vparams, x=x, target=target)
