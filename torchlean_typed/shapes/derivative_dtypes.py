"""The dtypes of the specification's page: what is differentiated is floating, and all that is floating has one dtype.

A dtype that is not known is None, and "floating" is one of the floating ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.dtypes import FLOATING, Dtype
from torchlean_typed.shapes.kinds import LossKind, ModelKind
from torchlean_typed.shapes.vocabulary import fail

# What each function of `autograd.model` differentiates with respect to: this is floating.
DIFFERENTIATED = {
    "value_and_grads": ("params", "x", "target"),
    "grad_inputs": ("x", "target"),
    **dict.fromkeys(("grad_x", "value_and_grad_x", "vjp_inputs", "vjp_input"), ("x",)),
    **dict.fromkeys(("grad_target", "value_and_grad_target"), ("target",)),
    **dict.fromkeys(
        (
            "grad_params",
            "value_and_grad_params",
            "value_and_grad_params_scalar",
            "vjp_params",
            "jacrev_params",
            "jvp_params",
            "hvp_params",
        ),
        ("params",),
    ),
}


def check_dtypes(op: str, tensors: Sequence[tuple[str, str, Dtype]], loss: LossKind | None = None) -> None:
    """All that is floating has one dtype, and what a function of ``autograd.model`` differentiates is floating.

    Each tensor comes with the parameter it belongs to and with how a message calls it. A loss of one shape for output
    and target has one dtype for them too.
    """
    first: tuple[str, str] | None = None
    for parameter, what, dtype in tensors:
        if parameter in (*DIFFERENTIATED.get(op, ()), "vparams", "seed_out"):
            require_floating(op, what, dtype)
        if parameter == "target" and loss is not None and loss.classes:
            require_classes(op, loss.name, dtype)
        same = parameter == "target" and loss is not None and loss.same
        if dtype is None or dtype == "floating" or not (same or is_floating(dtype)):
            continue
        if first is not None:
            require_dtype(op, what, dtype, *first)
        first = first or (what, dtype)


def check_loss_dtypes(op: str, loss: LossKind, output: Dtype, target: Dtype) -> None:
    """A target of numbers of classes is of integers; one that is compared with the output has the output's dtype."""
    if loss.classes:
        require_classes(op, loss.name, target)
    elif loss.same:
        require_dtype(op, "the target", target, "the output", output)


def check_input(op: str, model: ModelKind, dtype: Dtype) -> None:
    """A model that starts with an embedding takes integers, any other floating values, as far as it is known."""
    if dtype is None or dtype == "number" or model.takes not in ("floating", "integer"):
        return
    if model.takes == "floating" and not is_floating(dtype):
        problem, hint = "a floating dtype", "convert it with astype"
    elif model.takes == "integer" and (is_floating(dtype) or dtype == "bool"):
        problem, hint = "integers", "make them with tl.tensor(..., np.int64)"
    else:
        return
    fail(op, f"x has dtype {dtype}, the model takes {problem}", expected=problem, got=dtype, hint=hint)


def require_floating(op: str, what: str, dtype: Dtype) -> None:
    """A derivative is taken with respect to floating values only."""
    require_differentiable(op, f"with respect to {what}", dtype, "convert it with astype")


def require_differentiable(
    op: str, what: str, dtype: Dtype, hint: str = "only floating values have a derivative"
) -> None:
    """Only floating values have a derivative."""
    if dtype is not None and dtype != "number" and not is_floating(dtype):
        fail(op, f"cannot differentiate {what} of dtype {dtype}", expected="a floating dtype", got=dtype, hint=hint)


def require_parameters(op: str, dtype: str) -> None:
    """A model's parameters are of a floating dtype."""
    if dtype not in FLOATING:
        problem = f"parameters have a floating dtype, got {dtype}"
        fail(op, problem, expected=", ".join(FLOATING), got=dtype)


def require_classes(op: str, loss: str, dtype: Dtype) -> None:
    """A target of numbers of classes is of integers."""
    if dtype is not None and dtype != "number" and (is_floating(dtype) or dtype == "bool"):
        problem = f"{loss}: the target holds numbers of classes, got {dtype}"
        hint = "for one-hot targets and probabilities use cross_entropy_one_hot"
        fail(op, problem, expected="an integer dtype", got=dtype, hint=hint)


def require_dtype(op: str, what: str, dtype: Dtype, owner: str, expected: Dtype) -> None:
    """A seed has the dtype of the output, a tangent that of its primal."""
    if None not in (dtype, expected) and "floating" not in (dtype, expected) and dtype != expected:
        problem = f"dtypes differ: {owner} is {expected}, {what} is {dtype}"
        hint = "dtypes are not promoted: convert one with astype"
        fail(op, problem, expected=expected, got=dtype, hint=hint)


def is_floating(dtype: str) -> bool:
    """Whether a dtype is one of the floating ones."""
    return dtype.startswith("float")
