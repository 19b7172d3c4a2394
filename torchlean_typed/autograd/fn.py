"""Derivatives of pure functions of one tensor, ``Fn``: any callable from a Tensor to a Tensor."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from torchlean_typed.autograd.chunks import in_chunks
from torchlean_typed.autograd.core import (
    columns_for,
    gradients,
    rows_by_jvp,
    rows_by_vjp,
    rows_for,
)
from torchlean_typed.checks.boundary import boundary
from torchlean_typed.engine.compiled import CompiledFunction
from torchlean_typed.engine.run import kept, prepare
from torchlean_typed.functions import require_tensor
from torchlean_typed.rows import Rows, make_rows
from torchlean_typed.shapes import derivative_dtypes as dtype_rules
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.shapes.models import require_shape
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.jvp import jvp as push_forward
from torchlean_typed.transform.vjp import vjp as pull_back

if TYPE_CHECKING:
    from typing_extensions import TypeVar, TypeVarTuple, Unpack

    DT = TypeVar("DT", default=Any)
    S = TypeVarTuple("S", default=Unpack[tuple[Any, ...]])
    Fn = Callable[[Tensor[DT, *S]], Tensor[Any, *tuple[Any, ...]]]
else:
    Fn = Callable


def _run(
    op: str,
    f: Callable[..., Tensor],
    build: Callable[..., Sequence[Tensor]],
    x: Tensor,
    *others: Tensor,
    built: str | None = None,
) -> list[Tensor]:
    """Run ``build(output, x, *others)`` on a recording of ``f``; ``built`` names what it gives, if ``op`` does not."""
    # a plain function may close over what changes: only one that was compiled on purpose is kept
    key: tuple[Hashable, ...] | None = None
    if type(f) is CompiledFunction:
        # of a tensor that is being recorded, its number in the dtype's place: no program is kept for it
        key = (built or op, f, x._shape, x._order or x._dtype)
        for y in others:
            key += (y._shape, y._order or y._dtype)
        program = kept(key)
        if program is not None:
            return program.run((x, *others))
    return _prepared(op, f, build, (x, *others), key)


def _prepared(
    op: str, f: Callable[..., Tensor], build: Callable[..., Sequence[Tensor]], inputs: Sequence[Tensor], key: Hashable
) -> list[Tensor]:
    def recorded(x: Tensor, *others: Tensor) -> Sequence[Tensor]:
        output = require_tensor(op, f, f(x))
        dtype_rules.require_differentiable(op, "f(x)", output.dtype.name)
        return build(output, x, *others)

    return prepare(recorded, inputs, key, lambda: dtype_rules.require_floating(op, "x", inputs[0].dtype.name))


@boundary
def grad(f: Fn[DT, *S], x: Tensor[DT, *S]) -> Tensor[DT, *S]:
    """Gradient of a scalar function.

    Shapes: ``x: *s``, ``f(x)`` a scalar, result ``*s``.

    Raises:
        ShapeError: where ``f(x)`` is no scalar, or ``x`` is not floating.

    >>> autograd.fn.grad(lambda x: tl.sum(x**2), tl.tensor([1.0, 2.0]))
    Tensor([2., 4.], float64[2])
    """

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        rules.grad(x.shape, output.shape)
        return gradients(output, [x], is_last=True)

    return _run("grad", f, build, x)[0]


@boundary
def value_and_grad(f: Fn[DT, *S], x: Tensor[DT, *S]) -> tuple[Tensor[Any], Tensor[DT, *S]]:
    """Value and gradient of a scalar function, in one pass.

    Shapes: ``x: *s``, ``f(x)`` a scalar, results a scalar and ``*s``.

    >>> autograd.fn.value_and_grad(lambda x: tl.sum(x**2), tl.tensor([1.0, 2.0]))
    (Tensor(5., float64[]), Tensor([2., 4.], float64[2]))
    """

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        rules.value_and_grad(x.shape, output.shape)
        return [output, *gradients(output, [x], is_last=True)]

    value, gradient = _run("value_and_grad", f, build, x)
    return value, gradient


@boundary
def value_and_grad_scalar(f: Fn[DT, *S], x: Tensor[DT, *S]) -> tuple[float, Tensor[DT, *S]]:
    """As ``value_and_grad``, with the value as a float.

    Shapes: ``x: *s``, ``f(x)`` a scalar, results a float and ``*s``.

    >>> autograd.fn.value_and_grad_scalar(lambda x: tl.sum(x**2), tl.tensor([1.0, 2.0]))
    (5.0, Tensor([2., 4.], float64[2]))
    """

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        rules.value_and_grad_scalar(x.shape, output.shape)
        return [output, *gradients(output, [x], is_last=True)]

    value, gradient = _run("value_and_grad_scalar", f, build, x)
    return float(value), gradient


@boundary
def vjp(f: Fn[DT, *S], x: Tensor[DT, *S], seed_out: Tensor) -> Tensor[DT, *S]:
    """Vector-Jacobian product: the seed, a cotangent of the output, pulled back to the input.

    Shapes: ``x: *s``, ``f(x)`` and ``seed_out: *t``, result ``*s``.

    Raises:
        ShapeError: where the seed does not have the shape of ``f(x)``.

    >>> autograd.fn.vjp(lambda x: 2.0 * x, tl.tensor([1.0, 2.0]), tl.tensor([1.0, 0.0]))
    Tensor([2., 0.], float64[2])
    """

    def build(output: Tensor, x: Tensor, seed: Tensor) -> Sequence[Tensor]:
        rules.vjp(x.shape, output.shape, seed.shape)
        dtype_rules.require_dtype("vjp", "seed_out", seed.dtype.name, "f(x)", output.dtype.name)
        return pull_back([output], [x], [seed], is_last=True)

    return _run("vjp", f, build, x, seed_out)[0]


@boundary
def jvp(f: Fn[DT, *S], x: Tensor[DT, *S], v: Tensor[DT, *S]) -> Tensor:
    """Jacobian-vector product: the tangent ``v`` of the input pushed forward to the output.

    Shapes: ``x`` and ``v: *s``, ``f(x)`` and the result ``*t``.

    >>> autograd.fn.jvp(lambda x: x**2, tl.tensor([1.0, 2.0]), tl.tensor([1.0, 0.0]))
    Tensor([2., 0.], float64[2])
    """
    require_shape("jvp", "v", v.shape, "x", x.shape)
    dtype_rules.require_dtype("jvp", "v", v.dtype.name, "x", x.dtype.name)

    def build(output: Tensor, x: Tensor, v: Tensor) -> Sequence[Tensor]:
        return push_forward([output], [x], [v])

    return _run("jvp", f, build, x, v)[0]


@boundary
def hvp(f: Fn[DT, *S], x: Tensor[DT, *S], v: Tensor[DT, *S]) -> Tensor[DT, *S]:
    """Hessian-vector product of a scalar function, forward over reverse.

    Shapes: ``x`` and ``v: *s``, ``f(x)`` a scalar, result ``*s``.

    >>> autograd.fn.hvp(lambda x: tl.sum(x**3), tl.tensor([1.0, 2.0]), tl.tensor([1.0, 0.0]))
    Tensor([6., 0.], float64[2])
    """
    require_shape("hvp", "v", v.shape, "x", x.shape)
    dtype_rules.require_dtype("hvp", "v", v.dtype.name, "x", x.dtype.name)

    def build(output: Tensor, x: Tensor, v: Tensor) -> Sequence[Tensor]:
        rules.hvp(x.shape, output.shape, v.shape)
        return push_forward(gradients(output, [x]), [x], [v])

    return _run("hvp", f, build, x, v)[0]


@boundary
def jacrev(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int | None = None) -> Rows[Any, Tensor[DT, *S]]:
    """Jacobian by reverse mode: one row in the shape of ``x`` for each coordinate of ``f(x)``, in row-major order.

    One batched pass, or one for every ``chunk_size`` rows, which takes less memory. Best where ``f`` has fewer outputs
    than inputs.

    Shapes: ``x: *s``, ``f(x): *t``, n rows ``*s`` with n the number of elements of ``*t``; ``rows.tensor: *t *s``.

    >>> autograd.fn.jacrev(lambda x: tl.tensor([[1.0, 2.0]]) @ x, tl.tensor([1.0, 1.0])).tensor
    Tensor([[1., 2.]], float64[1, 2])
    """
    if chunk_size is not None:
        return _jacrev_in_chunks(f, x, chunk_size)

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        return [output, *rows_by_vjp(output, [x])]

    output, stacked = _run("jacrev", f, build, x)
    return make_rows(stacked, output.shape)


@boundary
def jacfwd(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int | None = None) -> Rows[Any, Tensor[DT, *S]]:
    """Jacobian by forward mode: the same rows as ``jacrev``, best where ``f`` has more outputs than inputs.

    One batched pass, or one for every ``chunk_size`` columns, which takes less memory.

    Shapes: ``x: *s``, ``f(x): *t``, n rows ``*s`` with n the number of elements of ``*t``; ``rows.tensor: *t *s``.

    >>> autograd.fn.jacfwd(lambda x: x * x, tl.tensor([1.0, 3.0])).tensor
    Tensor([[2., 0.],
            [0., 6.]], float64[2, 2])
    """
    if chunk_size is not None:
        return _jacfwd_in_chunks(f, x, chunk_size)

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        return [output, rows_by_jvp(output, x)]

    output, stacked = _run("jacfwd", f, build, x)
    return make_rows(stacked, output.shape)


@boundary
def hessian(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int | None = None) -> Rows[Any, Tensor[DT, *S]]:
    """Hessian of a scalar function, forward over reverse: one row in the shape of ``x`` for each coordinate of ``x``.

    One batched pass, or one for every ``chunk_size`` rows, which takes less memory.

    Shapes: ``x: *s``, ``f(x)`` a scalar, n rows ``*s`` with n the number of elements of ``*s``; ``rows.tensor: *s *s``.

    >>> autograd.fn.hessian(lambda x: tl.sum(x**3), tl.tensor([1.0, 2.0])).tensor
    Tensor([[ 6.,  0.],
            [ 0., 12.]], float64[2, 2])
    """
    if chunk_size is not None:
        return _hessian_in_chunks(f, x, chunk_size)

    def build(output: Tensor, x: Tensor) -> Sequence[Tensor]:
        rules.hessian(x.shape, output.shape)
        (gradient,) = gradients(output, [x])
        return [rows_by_jvp(gradient, x)]

    return make_rows(_run("hessian", f, build, x)[0], x.shape)


def _jacrev_in_chunks(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int) -> Rows[Any, Tensor[DT, *S]]:
    def build(output: Tensor, x: Tensor, seeds: Tensor) -> Sequence[Tensor]:
        return rows_for(output, [x], seeds)

    (output,) = _run("jacrev", f, lambda output, x: [output], x, built="output")
    (stacked,) = in_chunks("jacrev", output, chunk_size, lambda seeds: _run("jacrev", f, build, x, seeds))
    return make_rows(stacked, output.shape)


def _jacfwd_in_chunks(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int) -> Rows[Any, Tensor[DT, *S]]:
    def build(output: Tensor, x: Tensor, tangents: Tensor) -> Sequence[Tensor]:
        return columns_for(output, x, tangents)

    (output,) = _run("jacfwd", f, lambda output, x: [output], x, built="output")
    (stacked,) = in_chunks("jacfwd", x, chunk_size, lambda units: _run("jacfwd", f, build, x, units), columns=True)
    return make_rows(stacked, output.shape)


def _hessian_in_chunks(f: Fn[DT, *S], x: Tensor[DT, *S], chunk_size: int) -> Rows[Any, Tensor[DT, *S]]:
    def build(output: Tensor, x: Tensor, tangents: Tensor) -> Sequence[Tensor]:
        rules.hessian(x.shape, output.shape)
        (gradient,) = gradients(output, [x])
        return columns_for(gradient, x, tangents)

    (stacked,) = in_chunks("hessian", x, chunk_size, lambda units: _run("hessian", f, build, x, units), columns=True)
    return make_rows(stacked, x.shape)
