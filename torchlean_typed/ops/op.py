"""The record of an operation, the decorators that make one, and the table of all of them.

The function that carries ``@operation`` *is* its NumPy kernel: its body gets arrays, its signature and docstring are
the public ones. What users call is the wrapper: it reads its arguments, applies the rules, and runs or records the
kernel. A ``@composite`` function has a body of other operations instead and needs no kernel and no derivative.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from torchlean_typed.ops.derivatives import elementwise_pieces
from torchlean_typed.shapes import dtypes as dtype_rules
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Shapes

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Operand: TypeAlias = Tensor | float

Function = TypeVar("Function", bound=Callable[..., Any])
ShapeRule = Callable[..., Shape | Shapes]
DtypeRule = Callable[..., dtype_rules.Dtype]
# tangent or cotangent of operand i, from (tangent or cotangent, result, operands, statics)
Derivative = Callable[..., "Tensor"]


@dataclass(frozen=True, eq=False)
class Op:
    """One operation: everything that anything else may want to know of it.

    ``jvp`` and ``vjp`` have one function an operand (or one for all, for operands in a sequence, which gets the
    operand's number first); each is called ``f(t, result, *operands, **statics)``. A missing ``jvp`` says that the
    operation is linear in each operand: its tangent is the operation itself at the tangent. ``batch`` applies the
    operation to operands of which some have an extra leading axis. ``sequence`` says that the operands are the items of
    one argument, ``spread`` that they are all the arguments after the static ones; an ``optional`` operand may be None.
    ``form`` is the operation written with others, for compiled programs, where its derivative then shares what they
    compute.
    """

    name: str
    rule: ShapeRule
    dtype: DtypeRule
    kernel: Callable[..., Any] | None
    tensors: tuple[str, ...]
    statics: tuple[str, ...]
    defaults: tuple[Any, ...]
    keys: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    sequence: bool = False
    spread: bool = False
    jvp: tuple[Derivative, ...] | Derivative | None = None
    vjp: tuple[Derivative, ...] | Derivative | None = None
    batch: Callable[..., Tensor] | None = None
    differentiable: bool = True
    form: Callable[..., Tensor] | None = None
    doc: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The call's operands and static parameters, each in the order of the signature."""
        count = len(self.tensors)
        if self.spread:
            args = (args[len(self.statics) :], *args[: len(self.statics)])
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
            missing = [name for name in self.tensors if name not in values and name not in self.optional]
            operands = tuple(values.get(name) for name in self.tensors)
            statics = tuple(
                values.get(name, default) for name, default in zip(self.statics, self.defaults, strict=True)
            )
            missing += [
                name for name, value in zip(self.statics, statics, strict=True) if value is inspect.Parameter.empty
            ]
            if missing:
                raise TypeError(f"{self.name}(): argument {missing[0]!r} is missing")
        if self.sequence:
            if not isinstance(operands[0], (list, tuple)):
                got, expected = type(operands[0]).__name__, "a list or tuple of tensors"
                problem = f"{self.tensors[0]} must be {expected}, got {got}"
                raise ShapeError(self.name, problem, expected=expected, got=got)
            operands = tuple(operands[0])
        return operands, tuple(self._plain(name, value) for name, value in zip(self.statics, statics, strict=True))

    def arguments(self, operands: Sequence[Any], statics: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the rule, the kernel and the body are called with: the arguments of the public function in its order."""
        if self.spread:
            return (*statics, *operands)
        return (operands, *statics) if self.sequence else (*operands, *statics)

    def named(self, statics: tuple[Any, ...]) -> dict[str, Any]:
        """Static parameters by name."""
        return dict(zip(self.statics, statics, strict=True))

    @staticmethod
    def derivative(rules: tuple[Derivative, ...] | Derivative, index: int) -> Derivative:
        """Of ``jvp`` or ``vjp``, the function of one operand."""
        return functools.partial(rules, index) if callable(rules) else rules[index]

    def _plain(self, name: str, value: Any) -> Any:
        """A static parameter in plain Python values, which can be compared, hashed and printed."""
        if value is None or type(value) in (int, bool, float, str):
            return value
        if isinstance(value, list) and name in self.keys:
            return value  # a list is no index: the rule says so
        if isinstance(value, (list, tuple)):
            return tuple(self._plain(name, item) for item in value)
        if isinstance(value, slice):
            return slice(*(self._plain(name, bound) for bound in (value.start, value.stop, value.step)))
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.dtype):
            return value.newbyteorder("=")
        if hasattr(value, "__array__") and not isinstance(value, type):
            got = type(value).__name__
            raise ShapeError(self.name, f"{name} takes plain Python values, got {got}", expected=name, got=got)
        return value


TABLE: dict[str, Op] = {}


class Evaluator:
    """What the floor above installs, so that operations can be run here.

    ``apply`` an operation; ``check`` the operands of one by its rules alone, and give them as tensors; make a
    ``constant`` of an array.
    """

    apply: Callable[[Op, tuple[Any, ...], tuple[Any, ...]], Any]
    check: Callable[[Op, tuple[Any, ...], tuple[Any, ...]], tuple[Any, ...]]
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
            return body(*record.arguments(Evaluator.check(record, operands, statics), statics))

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
    keys: list[str] = []
    annotations: list[str] = []
    optional: list[str] = []
    sequence = spread = False
    for name, parameter in inspect.signature(function).parameters.items():
        annotation = str(parameter.annotation)
        if annotation in ("Tensor", "Operand", "Sequence[Tensor]", "Tensor | None"):
            tensors.append(name)
            spread = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            sequence = spread or sequence or annotation.startswith("Sequence")
            optional += [name] if parameter.default is None else []
        else:
            statics.append(name)
            annotations.append(annotation)
            defaults.append(parameter.default)
            if annotation == "Index":
                keys.append(name)
    return Op(
        function.__name__,
        rule,
        dtype,
        kernel,
        tuple(tensors),
        tuple(statics),
        tuple(defaults),
        tuple(keys),
        tuple(annotations),
        tuple(optional),
        sequence,
        spread,
        doc=inspect.getdoc(function) or "",
        **pieces,
    )
