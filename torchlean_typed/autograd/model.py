"""Derivatives of models and their losses: the specification's page, function by function.

Every function takes any number of leading batch axes, checks its arguments before any work, and gives derivatives in
exactly the shapes of what they are taken with respect to. Models are compiled once for each signature, unless
``tl.eager()`` says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from torchlean_typed.autograd import calls
from torchlean_typed.autograd.results import ValueAndGrads as ValueAndGrads
from torchlean_typed.checks.boundary import boundary
from torchlean_typed.loss import OutputLoss
from torchlean_typed.nn.seq import Seq
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.rows import Rows, make_rows
from torchlean_typed.shapes import derivative_dtypes as dtype_rules
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", default=Any)
    Names = TypeVar("Names", default=Any)
    X = TypeVar("X", bound=Tensor, default=Any)
    Y = TypeVar("Y", bound=Tensor, default=Any)
else:
    X = Y = Tensor  # the boundary reads the classes in annotations


@boundary
def linear_params(w: Tensor, b: Tensor) -> TensorPack:
    """The parameters of a model of one linear layer, from its weight and bias.

    Shapes: ``w: out in``, ``b: out``.

    Raises:
        ShapeError: where the two do not go together.

    >>> autograd.model.linear_params(tl.ones((2, 3)), tl.zeros(2))
    TensorPack(0.weight: float64[2, 3], 0.bias: float64[2])
    """
    names = rules.linear_params(w.shape, b.shape).names
    dtype_rules.check_dtypes("linear_params", [(what, what, x.dtype.name) for what, x in (("w", w), ("b", b))])
    return make_pack((w, b), names)


@boundary
def value_and_grads(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: X, target: Y
) -> ValueAndGrads[Tensor[Any], TensorPack[P, Names], X, Y]:
    """The loss of ``model(params, x)`` against the target, and its gradients, in one pass.

    Shapes: ``dparams`` as ``params``, ``dx`` as ``x``, ``dtarget`` as ``target``; ``value`` a scalar.

    Raises:
        ShapeError: for parameters of another model, an input or a target that does not fit, a loss that is no scalar.

    >>> model, x, y = nn.linear(2, 1), tl.tensor([[1.0, 2.0]]), tl.tensor([[0.0]])
    >>> params = autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> out = autograd.model.value_and_grads(model, loss.mse(), params, x, y)
    >>> out.value, out.dparams["0.weight"], out.dx
    (Tensor(9., float64[]), Tensor([[ 6., 12.]], float64[1, 2]), Tensor([[6., 6.]], float64[1, 2]))
    """
    value, *grads, dx, dtarget = calls.with_all("value_and_grads", model, loss, params, x, target)
    return ValueAndGrads(value, calls.pack_of(model, grads), cast("X", dx), cast("Y", dtarget))


@boundary
def grad_params(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: Tensor, target: Tensor
) -> TensorPack[P, Names]:
    """Gradient of the loss with respect to the parameters.

    Shapes: as ``params``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.grad_params(model, loss.mse(), params, tl.ones(2), tl.zeros(1))["0.bias"]
    Tensor([4.], float64[1])
    """
    _, *grads = calls.with_params("grad_params", model, loss, params, x, target)
    return calls.pack_of(model, grads)


@boundary
def grad_inputs(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: X, target: Y
) -> tuple[X, Y]:
    """Gradients of the loss with respect to the input and the target.

    Shapes: as ``x``, and as ``target``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.grad_inputs(model, loss.mse(), params, tl.ones(2), tl.zeros(1))
    (Tensor([4., 4.], float64[2]), Tensor([-4.], float64[1]))
    """
    _, dx, dtarget = calls.with_inputs("grad_inputs", model, loss, params, x, target)
    return cast("X", dx), cast("Y", dtarget)


@boundary
def grad_x(model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: X, target: Tensor) -> X:
    """Gradient of the loss with respect to the input.

    Shapes: as ``x``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.grad_x(model, loss.mse(), params, tl.ones(2), tl.zeros(1))
    Tensor([4., 4.], float64[2])
    """
    return cast("X", calls.with_x("grad_x", model, loss, params, x, target)[1])


@boundary
def grad_target(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: Tensor, target: Y
) -> Y:
    """Gradient of the loss with respect to the target.

    Shapes: as ``target``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.grad_target(model, loss.mse(), params, tl.ones(2), tl.zeros(1))
    Tensor([-4.], float64[1])
    """
    return cast("Y", calls.with_target("grad_target", model, loss, params, x, target)[1])


@boundary
def value_and_grad_params(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: Tensor, target: Tensor
) -> tuple[Tensor, TensorPack[P, Names]]:
    """The loss and its gradient with respect to the parameters.

    Shapes: a scalar, and as ``params``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.value_and_grad_params(model, loss.mse(), params, tl.ones(2), tl.zeros(1))[0]
    Tensor(4., float64[])
    """
    value, *grads = calls.with_params("value_and_grad_params", model, loss, params, x, target)
    return value, calls.pack_of(model, grads)


@boundary
def value_and_grad_params_scalar(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: Tensor, target: Tensor
) -> tuple[float, TensorPack[P, Names]]:
    """As ``value_and_grad_params``, with the loss as a float.

    Shapes: a float, and as ``params``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.value_and_grad_params_scalar(model, loss.mse(), params, tl.ones(2), tl.zeros(1))[0]
    4.0
    """
    value, *grads = calls.with_params("value_and_grad_params_scalar", model, loss, params, x, target)
    return float(value), calls.pack_of(model, grads)


@boundary
def value_and_grad_x(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: X, target: Tensor
) -> tuple[Tensor, X]:
    """The loss and its gradient with respect to the input.

    Shapes: a scalar, and as ``x``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.value_and_grad_x(model, loss.mse(), params, tl.ones(2), tl.zeros(1))
    (Tensor(4., float64[]), Tensor([4., 4.], float64[2]))
    """
    value, dx = calls.with_x("value_and_grad_x", model, loss, params, x, target)
    return value, cast("X", dx)


@boundary
def value_and_grad_target(
    model: Seq[Any, Any, P, Names], loss: OutputLoss, params: TensorPack[P, Names], x: Tensor, target: Y
) -> tuple[Tensor, Y]:
    """The loss and its gradient with respect to the target.

    Shapes: a scalar, and as ``target``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.value_and_grad_target(model, loss.mse(), params, tl.ones(2), tl.zeros(1))
    (Tensor(4., float64[]), Tensor([-4.], float64[1]))
    """
    value, dtarget = calls.with_target("value_and_grad_target", model, loss, params, x, target)
    return value, cast("Y", dtarget)


@boundary
def vjp_params(
    model: Seq[Any, Any, P, Names], params: TensorPack[P, Names], x: Tensor, seed_out: Tensor
) -> TensorPack[P, Names]:
    """Vector-Jacobian product with respect to the parameters: a cotangent of the output, pulled back.

    Shapes: ``seed_out`` as the model's output at this ``x``; the result as ``params``.

    Raises:
        ShapeError: where the seed does not have the shape of the output.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.vjp_params(model, params, tl.ones(2), tl.ones(1))["0.weight"]
    Tensor([[1., 1.]], float64[1, 2])
    """
    return calls.pack_of(model, calls.pulled("vjp_params", "params", model, params, x, seed_out))


@boundary
def vjp_inputs(model: Seq[Any, Any, P, Names], params: TensorPack[P, Names], x: Tensor, seed_out: Tensor) -> TensorPack:
    """Vector-Jacobian product with respect to the inputs, as a pack of one entry, ``x``.

    Shapes: ``seed_out`` as the model's output at this ``x``; the entry as ``x``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.vjp_inputs(model, params, tl.ones(2), tl.ones(1)).shapes
    ((2,),)
    """
    return make_pack(tuple(calls.pulled("vjp_inputs", "x", model, params, x, seed_out)), ("x",))


@boundary
def vjp_input(model: Seq[Any, Any, P, Names], params: TensorPack[P, Names], x: X, seed_out: Tensor) -> X:
    """Vector-Jacobian product with respect to the one input.

    Shapes: ``seed_out`` as the model's output at this ``x``; the result as ``x``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.vjp_input(model, params, tl.ones(2), tl.ones(1))
    Tensor([1., 1.], float64[2])
    """
    return cast("X", calls.pulled("vjp_input", "x", model, params, x, seed_out)[0])


@boundary
def jacrev_params(
    model: Seq[Any, Any, P, Names], params: TensorPack[P, Names], x: Tensor, chunk_size: int | None = None
) -> Rows[Any, TensorPack[P, Names]]:
    """Jacobian of the output with respect to the parameters: one pack for each output coordinate, in row-major order.

    One batched reverse pass, or one for every ``chunk_size`` rows, which takes less memory.

    Shapes: n rows, each as ``params``, with n the number of elements of the model's output at this ``x``.

    >>> model, params = nn.linear(2, 3), nn.linear(2, 3).init(seed=0)
    >>> autograd.model.jacrev_params(model, params, tl.ones((4, 2)))
    Rows(12 packs of [[3, 2], [3]])
    """
    outer_shape, stacked = calls.rows("jacrev_params", model, params, x, chunk_size)
    return make_rows(calls.pack_of(model, stacked), outer_shape)


@boundary
def jvp_params(
    model: Seq[Any, Any, P, Names],
    loss: OutputLoss,
    params: TensorPack[P, Names],
    x: Tensor,
    target: Tensor,
    vparams: TensorPack[P, Names],
) -> float:
    """Directional derivative of the loss: ``d/dt loss(params + t * vparams)`` at t = 0.

    Shapes: ``vparams`` as ``params``; the result a float.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.jvp_params(model, loss.mse(), params, tl.ones(2), tl.zeros(1), params)
    8.0
    """
    return float(calls.pushed("jvp_params", "value", model, loss, params, x, target, vparams)[0])


@boundary
def hvp_params(
    model: Seq[Any, Any, P, Names],
    loss: OutputLoss,
    params: TensorPack[P, Names],
    x: Tensor,
    target: Tensor,
    vparams: TensorPack[P, Names],
) -> TensorPack[P, Names]:
    """Hessian-vector product of the loss with respect to the parameters, forward over reverse.

    Shapes: ``vparams`` and the result as ``params``.

    >>> model, params = nn.linear(2, 1), autograd.model.linear_params(tl.ones((1, 2)), tl.zeros(1))
    >>> autograd.model.hvp_params(model, loss.mse(), params, tl.ones(2), tl.zeros(1), params)["0.weight"]
    Tensor([[4., 4.]], float64[1, 2])
    """
    return calls.pack_of(model, calls.pushed("hvp_params", "gradient", model, loss, params, x, target, vparams))
