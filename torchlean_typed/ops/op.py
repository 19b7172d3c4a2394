"""The record of an operation, the decorators that make one, and the table of all of them.

The function that carries ``@operation`` *is* its NumPy kernel: its body gets arrays, its signature and docstring are
the public ones. What users call is the wrapper: it reads its arguments, applies the rules, and runs or records the
kernel. A ``@composite`` function has a body of other operations instead and needs no kernel and no derivative.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from torchlean_typed.ops.derivatives import elementwise_pieces
from torchlean_typed.shapes import dtypes as dtype_rules
from torchlean_typed.shapes.shape import Shape

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Operand: TypeAlias = Tensor | float

Function = TypeVar("Function", bound=Callable[..., Any])
ShapeRule = Callable[..., Shape]
DtypeRule = Callable[..., dtype_rules.Dtype]
# tangent or cotangent of operand i, from (tangent or cotangent, result, operands, statics)
Derivative = Callable[..., "Tensor"]


@dataclass(frozen=True, eq=False)
class Op:
    """One operation: everything that anything else may want to know of it.

    ``jvp`` and ``vjp`` have one function an operand (or one for all, for operands in a sequence, which gets the
    operand's number first); each is called ``f(t, result, *operands, **statics)``. A missing ``jvp`` says that the
    operation is linear in each operand: its tangent is the operation itself at the tangent. ``batch`` applies the
    operation to operands of which some have an extra leading axis.
    """

    name: str
    rule: ShapeRule
    dtype: DtypeRule
    kernel: Callable[..., Any] | None
    tensors: tuple[str, ...]
    statics: tuple[str, ...]
    defaults: tuple[Any, ...]
    sequence: bool = False
    jvp: tuple[Derivative, ...] | Derivative | None = None
    vjp: tuple[Derivative, ...] | Derivative | None = None
    batch: Callable[..., Tensor] | None = None
    differentiable: bool = True
    doc: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The call's operands and static parameters, each in the order of the signature."""
        count = len(self.tensors)
        if not kwargs and len(args) == count and inspect.Parameter.empty not in self.defaults:
            operands, statics = args, self.defaults
        else:
            names = self.tensors + self.statics
            if len(args) > len(names):
                raise TypeError(f"{self.name}() takes {len(names)} arguments, got {len(args)}")
            values = dict(zip(names, args, strict=False))
            for name, value in kwargs.items():
                if name not in names or name in values:
                    problem = "got twice" if name in values else "unexpected"
                    raise TypeError(f"{self.name}(): argument {name!r} is {problem}")
                values[name] = value
            missing = [name for name in self.tensors if name not in values]
            operands = tuple(values[name] for name in self.tensors if name in values)
            statics = tuple(values.get(name, default) for name, default in zip(self.statics, self.defaults, strict=True))
            missing += [name for name, value in zip(self.statics, statics, strict=True) if value is inspect.Parameter.empty]
            if missing:
                raise TypeError(f"{self.name}(): argument {missing[0]!r} is missing")
        if self.sequence:
            if not isinstance(operands[0], (list, tuple)):
                raise TypeError(f"{self.name}(): {self.tensors[0]!r} must be a list or tuple of tensors, got {operands[0]!r}")
            operands = tuple(operands[0])
        return operands, tuple(tuple(value) if isinstance(value, list) else value for value in statics)


TABLE: dict[str, Op] = {}


class Evaluator:
    """What the floor above installs, so that operations can be run here: how to apply one, and how to make a tensor."""

    apply: Callable[[Op, tuple[Any, ...], tuple[Any, ...]], Any]
    check: Callable[[Op, tuple[Any, ...], tuple[Any, ...]], None]
    constant: Callable[[Any], Any]


def operation(
    rule: ShapeRule,
    dtype: DtypeRule = dtype_rules.common,
    *,
    partials: tuple[Callable[..., Any], ...] | None = None,
    public: bool = True,
    **pieces: Any,
) -> Callable[[Function], Function]:
    """Make the decorated NumPy kernel an operation.

    ``partials`` gives an elementwise operation its derivatives whole: for each operand the factor
    ``partial(result, *operands, **statics)`` that tangents and cotangents are multiplied by.
    """

    def decorate(kernel: Function) -> Function:
        derived = elementwise_pieces(partials) if partials is not None else {}
        record = _record(kernel, rule, dtype, kernel, {**pieces, **derived})
        return _wrapper(record, kernel, lambda operands, statics: Evaluator.apply(record, operands, statics), public)

    return decorate


def composite(rule: ShapeRule, dtype: DtypeRule = dtype_rules.common, **pieces: Any) -> Callable[[Function], Function]:
    """Make the decorated function, written with other operations, a public one with a rule and errors of its own."""

    def decorate(body: Function) -> Function:
        record = _record(body, rule, dtype, None, pieces)

        def run(operands: tuple[Any, ...], statics: tuple[Any, ...]) -> Any:
            Evaluator.check(record, operands, statics)
            return body(operands, *statics) if record.sequence else body(*operands, *statics)

        return _wrapper(record, body, run, True)

    return decorate


def record_of(function: Callable[..., Any]) -> Op:
    """The record behind a public function."""
    return function.record  # type: ignore[attr-defined, no-any-return]


def _wrapper(record: Op, function: Function, run: Callable[..., Any], public: bool) -> Function:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        operands, statics = record.bind(args, kwargs)
        return run(operands, statics)

    call.record = record  # type: ignore[attr-defined]
    if public:
        TABLE[record.name] = record
    return call  # type: ignore[return-value]


def _record(function: Callable[..., Any], rule: ShapeRule, dtype: DtypeRule, kernel: Any, pieces: dict[str, Any]) -> Op:
    tensors: list[str] = []
    statics: list[str] = []
    defaults: list[Any] = []
    sequence = False
    for name, parameter in inspect.signature(function).parameters.items():
        annotation = str(parameter.annotation)
        if annotation in ("Tensor", "Operand", "Sequence[Tensor]"):
            tensors.append(name)
            sequence = sequence or annotation.startswith("Sequence")
        else:
            statics.append(name)
            defaults.append(parameter.default)
    return Op(
        function.__name__,
        rule,
        dtype,
        kernel,
        tuple(tensors),
        tuple(statics),
        tuple(defaults),
        sequence,
        doc=inspect.getdoc(function) or "",
        **pieces,
    )
