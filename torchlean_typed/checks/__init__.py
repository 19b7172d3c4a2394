"""The run-time boundary: annotations with shapes checked while a program runs, in the words of the mypy plugin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Never, Protocol

from torchlean_typed.brackets import MYPY
from torchlean_typed.checks.annotations import params_annotation, plain_sizes
from torchlean_typed.checks.boundary import refusal
from torchlean_typed.checks.calls import Frame, current
from torchlean_typed.checks.decorator import checked
from torchlean_typed.checks.libraries import bind, to_bind
from torchlean_typed.checks.readers import Statements
from torchlean_typed.checks.switch import set_checks
from torchlean_typed.checks.words import advice
from torchlean_typed.ops.statics import numpy_dtype
from torchlean_typed.shapes.arguments import check_dtype, place_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, parse_shape
from torchlean_typed.shapes.unify import Unifier, flexible
from torchlean_typed.tensor import Tensor

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

__all__ = ["Params", "checked", "ensure", "set_checks"]


if MYPY or not TYPE_CHECKING:

    class Params:
        """The pack of a model's parameters, as an annotation: ``def step(params: Params[model]) -> Params[model]``.

        >>> model = nn.linear(3, 2)
        >>> isinstance(model.init(seed=0), Params[model])
        True
        """

        def __new__(cls, *args: object) -> Never:
            """Params is an annotation, not a constructor."""
            raise TypeError(
                "Params is not called: parameters are made by model.init(seed); annotate with Params[model]"
            )

        if not MYPY:

            def __class_getitem__(cls, model: Any) -> Any:
                """The annotation for packs of exactly the shapes of the model's parameters."""
                return params_annotation(model)

else:

    class Params(Any, Protocol):
        """Any pack goes for it, and it for any pack."""

        def __class_getitem__(cls, model: Any) -> Any: ...


def ensure(x: Tensor, shape: str, dtype: DTypeLike | None = None) -> Tensor:
    """The tensor itself, after checking that its shape is as written: from unknown shapes into annotated code.

    Within a ``tl.checked`` function, the names of its signature are the sizes of this call; any other name stands for
    one size within the text.

    Shapes: ``x: shape``, result ``shape``.

    Raises:
        ShapeError: for another shape or dtype.

    >>> tl.ensure(tl.ones((4, 3)), "b 3").shape
    (4, 3)
    >>> tl.ensure(tl.ones((4, 2)), "b 3")
    Traceback (most recent call last):
    torchlean_typed.shapes.errors.ShapeError: ensure: x has shape [4, 2], expected [b, 3]
    """
    if not isinstance(x, Tensor):
        raise refusal("ensure", x, Tensor, place_of(1, "x"), advice(x, Tensor))
    if not isinstance(shape, str):
        raise refusal("ensure", shape, str, place_of(2, "shape"), 'write the shape as a text, such as "b 3"')
    if dtype is not None:
        expected = numpy_dtype("ensure", dtype).name
        check_dtype("ensure", expected, (expected,), x.dtype.name, "x")
    frame = current.get()
    if frame is not None and id(sys._getframe(1).f_code) not in frame.plan.codes:
        frame = None
    ensured = _ensured if frame is None else frame.solved.ensured
    if (frame is not None and frame.said is not None) or (shape, x.shape) not in ensured:
        _ensure(x, shape, frame)
        if len(ensured) < _ENSURED_LIMIT and (frame is None or frame.said is None):
            ensured.add((shape, x.shape))
    return x


_ENSURED_LIMIT = 4096
_ensured: set[tuple[str, Shape]] = set()


def _ensure(x: Tensor, shape: str, frame: Frame | None) -> None:
    said = Statements(Unifier("ensure")) if frame is None else frame.statements.resumed("ensure")
    known, waiting = said.unifier.sizes, said.unifier.unsolved
    said.unifier.match(flexible(parse_shape(shape, "ensure")), x.shape, "x")
    said.unifier.solve()
    for text in said.unifier.unsolved.keys() - waiting.keys():
        hint = "name each of its sizes alone somewhere in the text, or write the size"
        raise ShapeError("ensure", f'what "{text}" is cannot be told', expected=text, got=str(x.shape), hint=hint)
    if frame is None:
        return
    # names that are not of the signature are forgotten: they may be other sizes at the next call of ensure
    new = {name: size for name, size in said.unifier.sizes.items() if name in frame.plan.names - known.keys()}
    if new:
        frame.said = frame.statements.resumed(frame.plan.op)
        frame.said.unifier.learn(new, "an ensured tensor")
        bind(to_bind(plain_sizes(new)))
