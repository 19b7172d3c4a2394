"""The shapes of the specification's page: one function an entry of ``autograd.model`` and of ``autograd.fn``.

Each has the name of the public function, takes what is known of its arguments, and gives what is known of its result.
The public function calls it before any work; the checker calls it with symbols.
"""

from __future__ import annotations

from torchlean_typed.shapes.errors import show
from torchlean_typed.shapes.kinds import GradsKind, LossKind, ModelKind, PackKind, RowsKind
from torchlean_typed.shapes.models import apply_model, check_params, require_shape, same_shapes, scalar_loss
from torchlean_typed.shapes.shape import Shape, size_of
from torchlean_typed.shapes.vocabulary import fail, plain_dims

# --- autograd.model ---------------------------------------------------------------------------------------------------


def linear_params(w: Shape, b: Shape) -> PackKind:
    """The pack of a single linear model: ``weight: out in``, ``bias: out``."""
    op, operands = "linear_params", [("w", w), ("b", b)]
    plain_dims(w, op), plain_dims(b, op)
    if len(w) != 2 or len(b) != 1:
        fail(
            op,
            "w must have rank 2 and b rank 1",
            operands,
            expected="[out, in] and [out]",
            got=f"{show(w)} and {show(b)}",
        )
    require_shape(op, "b", b, "w's first axis", w[:1])
    return PackKind((w, b), ("0.weight", "0.bias"))


def value_and_grads(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> GradsKind:
    """Loss, and gradients in the shapes of params, x and target."""
    _check("value_and_grads", model, loss, params, x, target)
    return GradsKind((), model.params, x, target)


def grad_params(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> PackKind:
    """In the shapes of params."""
    _check("grad_params", model, loss, params, x, target)
    return model.params


def grad_inputs(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> tuple[Shape, Shape]:
    """In the shapes of x and target."""
    _check("grad_inputs", model, loss, params, x, target)
    return x, target


def grad_x(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> Shape:
    """In the shape of x."""
    _check("grad_x", model, loss, params, x, target)
    return x


def grad_target(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> Shape:
    """In the shape of target."""
    _check("grad_target", model, loss, params, x, target)
    return target


def value_and_grad_params(
    model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape
) -> tuple[Shape, PackKind]:
    """The loss, and its gradient in the shapes of params."""
    _check("value_and_grad_params", model, loss, params, x, target)
    return (), model.params


def value_and_grad_params_scalar(
    model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape
) -> tuple[None, PackKind]:
    """The loss as a float, and its gradient in the shapes of params."""
    _check("value_and_grad_params_scalar", model, loss, params, x, target)
    return None, model.params


def value_and_grad_x(
    model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape
) -> tuple[Shape, Shape]:
    """The loss, and its gradient in the shape of x."""
    _check("value_and_grad_x", model, loss, params, x, target)
    return (), x


def value_and_grad_target(
    model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape
) -> tuple[Shape, Shape]:
    """The loss, and its gradient in the shape of target."""
    _check("value_and_grad_target", model, loss, params, x, target)
    return (), target


def vjp_params(model: ModelKind, params: PackKind, x: Shape, seed_out: Shape) -> PackKind:
    """A seed in the shape of the model's output; a pack in the shapes of params."""
    _check_seed("vjp_params", model, params, x, seed_out)
    return model.params


def vjp_inputs(model: ModelKind, params: PackKind, x: Shape, seed_out: Shape) -> PackKind:
    """A seed in the shape of the model's output; a pack of one entry in the shape of x."""
    _check_seed("vjp_inputs", model, params, x, seed_out)
    return PackKind((x,), ("x",))


def vjp_input(model: ModelKind, params: PackKind, x: Shape, seed_out: Shape) -> Shape:
    """A seed in the shape of the model's output; a tensor in the shape of x."""
    _check_seed("vjp_input", model, params, x, seed_out)
    return x


def jacrev_params(model: ModelKind, params: PackKind, x: Shape) -> RowsKind:
    """One pack in the shapes of params for each output coordinate."""
    output = apply_model("jacrev_params", model, params, x)
    return RowsKind(size_of(output), model.params, output)


def jvp_params(model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape, vparams: PackKind) -> None:
    """A tangent in the shapes of params; a float."""
    _check("jvp_params", model, loss, params, x, target)
    check_params("jvp_params", model, vparams, "vparams")


def hvp_params(
    model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape, vparams: PackKind
) -> PackKind:
    """A tangent in the shapes of params; a pack in the shapes of params."""
    _check("hvp_params", model, loss, params, x, target)
    check_params("hvp_params", model, vparams, "vparams")
    return model.params


def _check(op: str, model: ModelKind, loss: LossKind, params: PackKind, x: Shape, target: Shape) -> None:
    scalar_loss(op, loss, apply_model(op, model, params, x), target)


def _check_seed(op: str, model: ModelKind, params: PackKind, x: Shape, seed_out: Shape) -> None:
    output = apply_model(op, model, params, x)
    require_shape(op, "seed_out", seed_out, "the model's output", output, _seed_hint(x, seed_out))


def _seed_hint(x: Shape, seed_out: Shape) -> str | None:
    return "a seed is like the output; it is a tangent that is like x" if same_shapes(x, seed_out) else None


# --- autograd.fn: `output` is the shape of f(x) -----------------------------------------------------------------------


def grad(x: Shape, output: Shape) -> Shape:
    """Of a scalar function; in the shape of x."""
    _check_scalar("grad", output)
    return x


def value_and_grad(x: Shape, output: Shape) -> tuple[Shape, Shape]:
    """Of a scalar function: its value, and the gradient in the shape of x."""
    _check_scalar("value_and_grad", output)
    return (), x


def value_and_grad_scalar(x: Shape, output: Shape) -> tuple[None, Shape]:
    """Of a scalar function: its value as a float, and the gradient in the shape of x."""
    _check_scalar("value_and_grad_scalar", output)
    return None, x


def vjp(x: Shape, output: Shape, seed_out: Shape) -> Shape:
    """A seed in the shape of f(x); the result in the shape of x."""
    require_shape("vjp", "seed_out", seed_out, "f(x)", output, _seed_hint(x, seed_out))
    return x


def jvp(x: Shape, output: Shape, v: Shape) -> Shape:
    """A tangent in the shape of x; the result in the shape of f(x)."""
    require_shape("jvp", "v", v, "x", x)
    return output


def hvp(x: Shape, output: Shape, v: Shape) -> Shape:
    """Of a scalar function: a tangent in the shape of x; the result in the shape of x."""
    require_shape("hvp", "v", v, "x", x)
    _check_scalar("hvp", output)
    return x


def jacrev(x: Shape, output: Shape) -> RowsKind:
    """One row in the shape of x for each coordinate of f(x)."""
    return RowsKind(size_of(output), x, output)


def jacfwd(x: Shape, output: Shape) -> RowsKind:
    """One row in the shape of x for each coordinate of f(x)."""
    return RowsKind(size_of(output), x, output)


def hessian(x: Shape, output: Shape) -> RowsKind:
    """Of a scalar function: one row in the shape of x for each coordinate of x."""
    _check_scalar("hessian", output)
    return RowsKind(size_of(x), x, x)


def _check_scalar(op: str, output: Shape) -> None:
    require_shape(op, "f(x)", output, "a scalar", (), "sum it first, or use jacrev for a function with many outputs")
