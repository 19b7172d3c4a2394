"""Losses: functions of a model's output and a target to a scalar."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Literal

from torchlean_typed.brackets import MYPY, Generic
from torchlean_typed.checks.annotations import subscripted
from torchlean_typed.checks.boundary import boundary
from torchlean_typed.engine.closures import observe
from torchlean_typed.functions import annotated_shapes, name_of, require_function, require_tensor
from torchlean_typed.immutable import Immutable, fix
from torchlean_typed.ops import elementwise, indexing, neural, reduce, structure
from torchlean_typed.shapes.derivative_dtypes import check_loss_dtypes
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import LossKind
from torchlean_typed.shapes.models import apply_loss
from torchlean_typed.shapes.shape import ANY_SHAPE, parse_shape
from torchlean_typed.shapes.unify import flexible
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Output = TypeVar("Output", default=Any, covariant=True)
    Target = TypeVar("Target", default=Any, covariant=True)
    Spec = TypeVar("Spec", default=Any, covariant=True)
    Reduction = Literal["mean", "sum", "none"]
else:
    from typing import TypeVar

    Output, Target, Spec = TypeVar("Output"), TypeVar("Target"), TypeVar("Spec")


class OutputLoss(Immutable, Generic[Output, Target, Spec]):
    """A function of a model's output and a target. In annotations: ``OutputLoss["b 10", "b 10"]``.

    ``OutputLoss(fn)`` makes one of your own, ``fn(output, target)``, whose shapes are read off its jaxtyping
    annotations where it has some. What it closes over is treated as by ``tl.compile``. Losses of one function are
    equal, and so are two that ``loss`` makes alike.

    >>> absolute = OutputLoss(lambda output, target: tl.mean(tl.abs(output - target)))
    >>> absolute(tl.ones((2, 3)), tl.zeros((2, 3)))
    Tensor(1., float64[])
    """

    __slots__ = ("__weakref__", "_hash", "_identity", "forward", "kind")
    forward: Callable[[Tensor, Tensor], Tensor]
    kind: LossKind
    _identity: Hashable  # losses that compute the same share their compiled programs
    _hash: int

    if not MYPY:

        def __class_getitem__(cls, given: Any) -> Any:
            """The annotation for texts of shapes; with type variables, the generic class."""
            return subscripted(cls, given, super().__class_getitem__)

    def __init__(self, fn: Callable[[Tensor, Tensor], Tensor]) -> None:
        require_function("OutputLoss", fn, "(output, target)", 2)
        identity = fn if _is_hashable(fn) else id(fn)

        @functools.wraps(fn)
        def forward(output: Tensor, target: Tensor) -> Tensor:
            observe(fn)
            return fn(output, target)

        fix(self, forward=forward, kind=_kind_of(fn), _identity=identity, _hash=hash(identity))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OutputLoss) and self._identity == other._identity

    def __hash__(self) -> int:
        return self._hash

    @boundary
    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        """The loss of an output and a target."""
        apply_loss("loss", self.kind, output.shape, target.shape)
        check_loss_dtypes("loss", self.kind, output.dtype.name, target.dtype.name)
        return require_tensor("loss", self.forward, self.forward(output, target))

    def __reduce__(self) -> tuple[Any, ...]:
        match self._identity:
            case LossKind(reduction=reduction, axis=axis) as kind:  # one of ours: what it computes is a closure
                makers = {"mse": mse, "cross_entropy": cross_entropy, "cross_entropy_one_hot": cross_entropy_one_hot}
                return makers[kind.name], (reduction,) if axis is None else (reduction, axis)
            case ("detach", OutputLoss() as inner):
                return detach, (inner,)
        return OutputLoss, (self.forward.__wrapped__,)  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"OutputLoss({self.kind.name})"


def _loss(forward: Callable[[Tensor, Tensor], Tensor], kind: LossKind, identity: Hashable) -> OutputLoss:
    """A loss of ours, of which the kind and the identity are known."""
    result: OutputLoss = object.__new__(OutputLoss)
    fix(result, forward=forward, kind=kind, _identity=identity, _hash=hash(identity))
    return result


def _is_hashable(fn: object) -> bool:
    try:
        hash(fn)
    except TypeError:
        return False
    return True


def _kind_of(fn: Callable[..., Any]) -> LossKind:
    name = "the loss" if name_of(fn) == "<lambda>" else name_of(fn)
    parameters, result = annotated_shapes(fn)
    texts = (*(*parameters, None, None)[:2], result)
    shapes = [ANY_SHAPE if text is None else flexible(parse_shape(text, name)) for text in texts]
    return LossKind(name, shapes[0], shapes[1], result=shapes[2])


def _reduced(values: Tensor, reduction: str) -> Tensor:
    return reduce.mean(values) if reduction == "mean" else reduce.sum(values) if reduction == "sum" else values


def _check_reduction(op: str, reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ShapeError(op, f'reduction must be "mean", "sum" or "none", got {reduction!r}', got=repr(reduction))


def _check_axis(op: str, axis: int) -> None:
    if isinstance(axis, bool) or not isinstance(axis, int):
        raise ShapeError(op, f"axis must be an int, got {axis!r}", expected="an int", got=repr(axis))


@boundary
def mse(reduction: Reduction = "mean") -> OutputLoss:
    """Squared error ``(output - target)**2``; with ``mean`` averaged over all elements.

    Shapes: output and target ``*s``; the loss a scalar, or ``*s`` with ``none``.

    >>> loss.mse()(tl.tensor([[1.0, 3.0]]), tl.tensor([[0.0, 0.0]]))
    Tensor(5., float64[])
    """
    _check_reduction("mse", reduction)

    def forward(output: Tensor, target: Tensor) -> Tensor:
        return _reduced(elementwise.square(output - target), reduction)

    kind = LossKind("mse", same=True, reduction=reduction)
    return _loss(forward, kind, kind)


@boundary
def cross_entropy_one_hot(reduction: Reduction = "mean", axis: int = -1) -> OutputLoss:
    """Cross-entropy ``-sum(target * log_softmax(output))`` along the class axis; with ``mean`` averaged over samples.

    The samples are all other axes. The output holds logits, the target one-hot rows or probabilities; the loss is
    differentiable with respect to both.

    Shapes: output and target ``*b c``; the loss a scalar, or ``*b`` with ``none``.

    >>> loss.cross_entropy_one_hot()(tl.tensor([[0.0, 0.0]]), tl.tensor([[1.0, 0.0]]))
    Tensor(0.69314718, float64[])
    """
    _check_reduction("cross_entropy_one_hot", reduction)
    _check_axis("cross_entropy_one_hot", axis)

    def forward(output: Tensor, target: Tensor) -> Tensor:
        return _reduced(-reduce.sum(target * neural.log_softmax(output, axis), axis), reduction)

    kind = LossKind("cross_entropy_one_hot", same=True, reduction=reduction, axis=axis)
    return _loss(forward, kind, kind)


@boundary
def cross_entropy(reduction: Reduction = "mean", axis: int = -1) -> OutputLoss:
    """Cross-entropy ``-log_softmax(output)[target]`` along the class axis; with ``mean`` averaged over samples.

    The samples are all other axes. The output holds logits, the target numbers of classes, of an integer dtype: no
    derivative is taken with respect to them.

    Shapes: output ``*b c`` and target ``*b``; the loss a scalar, or ``*b`` with ``none``.

    Raises:
        DomainError: for a target that is negative or no class; the message names the first.

    >>> loss.cross_entropy()(tl.tensor([[0.0, 0.0]]), tl.tensor([1], np.int64))
    Tensor(0.69314718, float64[])
    """
    _check_reduction("cross_entropy", reduction)
    _check_axis("cross_entropy", axis)

    def forward(output: Tensor, target: Tensor) -> Tensor:
        place = axis % output.ndim
        chosen = structure.expand_dims(indexing.classes_of(target, output.shape[place], "cross_entropy"), place)
        picked = indexing.gather_along(neural.log_softmax(output, place), chosen, place)
        return _reduced(-structure.squeeze(picked, place), reduction)

    kind = LossKind("cross_entropy", reduction=reduction, axis=axis, classes=True)
    return _loss(forward, kind, kind)


@boundary
def detach(inner: OutputLoss[Output, Target, Spec]) -> OutputLoss[Output, Target, Spec]:
    """The same loss, through which no gradient flows back into the model's output: a metric.

    Shapes: those of ``inner``.

    >>> loss.detach(loss.mse())
    OutputLoss(mse)
    """
    if not isinstance(inner, OutputLoss):
        got = type(inner).__name__
        raise ShapeError("detach", f"needs a loss, got {got}", expected="OutputLoss", got=got)

    def forward(output: Tensor, target: Tensor) -> Tensor:
        return inner.forward(elementwise.detach(output), target)

    return _loss(forward, inner.kind, ("detach", inner))
