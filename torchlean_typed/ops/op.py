"""The record of an operation, the decorators that make one, and the table of all of them.

The function that carries ``@operation`` *is* its NumPy kernel: its body gets arrays, its signature and docstring are
the public ones. What users call is the wrapper: it reads its arguments, applies the rules, and runs or records the
kernel. A ``@composite`` function has a body of other operations instead and needs no kernel and no derivative.
"""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from torchlean_typed.ops.derivatives import elementwise_pieces
from torchlean_typed.ops.statics import refuse_array, refuse_surplus
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
    operation is linear in each operand: its tangent is the operation itself at the tangent. ``pull`` and ``push`` stand
    for all operands' ``vjp`` and ``jvp`` at once, where one evaluation serves all. ``batch`` applies the
    operation to operands of which some have an extra leading axis. ``sequence`` says that the operands are the items of
    one argument, ``spread`` that they are all the arguments after the static ones; an ``optional`` operand may be None.
    ``moves`` says that each element of the result is one of an operand's elements, or zero, whatever their values.
    ``composed`` operations have their body for a kernel, and stand in no graph: the operations that it calls do.
    ``form`` is the operation written with others, for compiled programs, where its derivative then shares what they
    compute. ``known`` has shape and dtype of results by those of the operands, as far as they have been met.
    """

    name: str
    rule: ShapeRule
    dtype: DtypeRule
    kernel: Callable[..., Any]
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
    pull: Callable[..., list[Tensor]] | None = None
    push: Callable[..., Tensor] | None = None
    batch: Callable[..., Tensor] | None = None
    differentiable: bool = True
    moves: bool = False
    composed: bool = False
    form: Callable[..., Tensor] | None = None
    doc: str = field(default="", repr=False)
    known: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The call's operands and static parameters, each in the order of the signature."""
        if self.spread:
            args = (args[len(self.statics) :], *args[: len(self.statics)])
        try:
            operands, statics = self._sorted(*args, **kwargs)
        except TypeError:
            raise TypeError(f"{self.name}(){self._misfit(args, kwargs)}") from None
        if self.sequence:
            if not isinstance(operands[0], (list, tuple)):
                got, expected = type(operands[0]).__name__, "a list or tuple of tensors"
                problem = f"{self.tensors[0]} must be {expected}, got {got}"
                raise ShapeError(self.name, problem, expected=expected, got=got)
            operands = tuple(operands[0])
        if all(map(_is_plain, statics)):
            return operands, self.defaults if all(map(operator.is_, statics, self.defaults)) else statics
        return operands, tuple(self._plain(name, value) for name, value in zip(self.statics, statics, strict=True))

    @functools.cached_property
    def _sorted(self) -> Any:
        """A function with the operation's signature that sorts its arguments: Python binds faster than we could."""
        operands, parameters = ("".join(f"{name}, " for name in names) for names in (self.tensors, self.statics))
        function: Any = eval(f"lambda {operands}{parameters}: (({operands}), ({parameters}))")
        given = [default for default in self.defaults if default is not inspect.Parameter.empty]
        function.__defaults__ = (*[None] * len(self.optional), *given)
        return function

    def _misfit(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """What is wrong with a call that the signature does not take."""
        names = self.tensors + self.statics
        if len(args) > len(names):
            if all(isinstance(arg, int) for arg in args[len(self.tensors) :]):
                refuse_surplus(self.name, self.statics, self.annotations, args[len(self.tensors) :])
            return f" takes {len(names)} arguments, got {len(args)}"
        for name in kwargs:
            if name not in names or name in names[: len(args)]:
                return f": argument {name!r} is {'got twice' if name in names else 'unexpected'}"
        omissible = len(self._sorted.__defaults__ or ())
        missing = [name for name in names[len(args) : len(names) - omissible] if name not in kwargs]
        return f": argument {missing[0]!r} is missing"

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
        if _is_plain(value):
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
            refuse_array(self.name, name, type(value).__name__, name in self.keys)
        return value


_PLAIN = frozenset({int, bool, float, str, type(None), type(...)})


def _is_plain(value: Any) -> bool:
    """Whether the value consists of plain Python values already."""
    kind = type(value)
    if kind is tuple:
        return all(map(_is_plain, value))
    return kind in _PLAIN or (kind is slice and _PLAIN.issuperset(map(type, (value.start, value.stop, value.step))))


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
        return _wrapper(_record(kernel, rule, dtype, {**pieces, **derived}), public)

    return decorate


def composite(rule: ShapeRule, dtype: DtypeRule = dtype_rules.common, **pieces: Any) -> Callable[[Function], Function]:
    """Make the decorated function, written with other operations, a public one with a rule and errors of its own."""

    def decorate(body: Function) -> Function:
        return _wrapper(_record(body, rule, dtype, {**pieces, "composed": True}), True)

    return decorate


def record_of(function: Callable[..., Any]) -> Op:
    """The record behind a public function."""
    return function.record  # type: ignore[attr-defined, no-any-return]


def _wrapper(record: Op, public: bool) -> Any:
    """What users call: applies the record, or runs a composite's body once the rules have been applied."""
    defaults, body = record.defaults, record.kernel if record.composed else None
    alone = -1 if record.sequence or inspect.Parameter.empty in defaults else len(record.tensors)

    @functools.wraps(record.kernel)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not kwargs and len(args) == alone:  # the operands alone, as in most calls
            operands, statics = args, defaults
        else:
            operands, statics = record.bind(args, kwargs)
        if body is None:
            return Evaluator.apply(record, operands, statics)
        return body(*record.arguments(Evaluator.check(record, operands, statics), statics))

    call.record = record  # type: ignore[attr-defined]
    if public:
        TABLE[record.name] = record
    return call


def _record(function: Callable[..., Any], rule: ShapeRule, dtype: DtypeRule, pieces: dict[str, Any]) -> Op:
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
        function,
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
