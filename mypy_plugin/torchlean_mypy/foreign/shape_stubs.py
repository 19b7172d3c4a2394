"""Calls of other libraries' functions that have a shape stub: the result's shape, by the stub's signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mypy.nodes import ARG_NAMED, ARG_POS, CallExpr, Expression, MypyFile, RefExpr, TypeInfo
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.calls.arguments import UNDECIDED, value_of
from torchlean_mypy.calls.displays import nested
from torchlean_mypy.foreign.stub_text import Annotation, Parameter, Signature, read
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.names import NDARRAY
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of
from torchlean_mypy.types.dependencies import may_have_shapes
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.erase import without_flexible
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.bounds import at_least
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown
from torchlean_typed.shapes.dtypes import SUPPORTED, WEAK, WEAK_BOOL, WEAK_FLOAT, WEAK_INT, dtype_name, members
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, substitute_shape
from torchlean_typed.shapes.unify import Unifier

Given = tuple[Expression | None, Type | None]  # an argument; of a default, neither


class DoesNotApply(Exception):
    """The call is not what this line of the stub describes."""


class Library:
    """The stubs of all folders. A function that a project has stubs for is described by these alone."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.stubs: dict[str, list[Signature]] = {}
        for folder in folders:
            for name, signatures in read(folder).items():
                self.stubs.setdefault(name, signatures)
        self.packages = {name.partition(".")[0] for name in self.stubs}
        self._known: dict[str, list[Signature]] = {}  # by where they are defined
        self._waiting = dict.fromkeys(self.stubs)  # until their module is imported and analysed

    def cover(self, fullname: str) -> bool:
        """Whether a function or method may have a stub."""
        return fullname.partition(".")[0] in self.packages

    def call(self, ctx: FunctionContext | MethodContext, name: str) -> Type:
        """The result of a call, where a stub describes it; else what mypy found."""
        tree, context = getattr(ctx.api, "tree", None), ctx.context
        if not isinstance(context, CallExpr) or not isinstance(tree, MypyFile):
            return ctx.default_return_type
        modules = Types(ctx.api).modules
        signatures = self._signatures(context.callee, name, modules)
        if not signatures or not may_have_shapes(tree, modules):
            return ctx.default_return_type
        failure: ShapeError | None = None
        for signature in signatures:
            try:
                return Call(ctx, context, signature).result()
            except DoesNotApply:
                continue
            except ShapeError as error:
                failure = failure or error
            except Undetermined:
                return ctx.default_return_type
        if failure is not None:
            report(ctx.api, failure, context)
        return ctx.default_return_type

    def _signatures(self, callee: Expression, fullname: str, modules: Mapping[str, MypyFile]) -> list[Signature]:
        for name in list(self._waiting):
            if (defined := _definition(name, modules)) is not None:
                self._known.setdefault(defined, self.stubs[name])
                del self._waiting[name]
        node = callee.node if isinstance(callee, RefExpr) else None
        return (self._known.get(node.fullname) if node is not None else None) or self._known.get(fullname) or []


def _definition(name: str, modules: Mapping[str, MypyFile]) -> str | None:
    """The full name under which mypy knows a function or method, which is that of where it is defined."""
    parent, _, last = name.rpartition(".")
    if parent in modules:
        symbol = modules[parent].names.get(last)
        return symbol.node.fullname if symbol is not None and symbol.node is not None else None
    module, _, class_name = parent.rpartition(".")
    owner = modules[module].names.get(class_name) if module in modules else None
    return f"{owner.node.fullname}.{last}" if owner is not None and isinstance(owner.node, TypeInfo) else None


class Call:
    """One call, held against one line of a stub."""

    def __init__(self, ctx: FunctionContext | MethodContext, call: CallExpr, signature: Signature) -> None:
        self.ctx, self.signature = ctx, signature
        self.unifier = Unifier(signature.name)
        self.dtypes: dict[str, str] = {}
        types = {
            id(expression): typ
            for expressions, found in zip(ctx.args, ctx.arg_types, strict=True)
            for expression, typ in zip(expressions, found, strict=True)
        }
        for number, (parameter, argument) in enumerate(self._bound(call), 1):
            typ = types.get(id(argument)) if argument is not None else None
            self._state(parameter, (argument, typ), place_of(number, parameter.name))

    def _bound(self, call: CallExpr) -> list[tuple[Parameter, Expression | None]]:
        """Each parameter with its argument, None for one that is left out."""
        if not set(call.arg_kinds) <= {ARG_POS, ARG_NAMED}:
            raise DoesNotApply
        named = {name: value for name, value in zip(call.arg_names, call.args, strict=True) if name is not None}
        positional = [value for name, value in zip(call.arg_names, call.args, strict=True) if name is None]
        bound: list[tuple[Parameter, Expression | None]] = []
        for parameter in self.signature.parameters:
            value = positional.pop(0) if positional and parameter.positional else named.pop(parameter.name, None)
            if value is None and not parameter.is_optional:
                raise DoesNotApply
            bound.append((parameter, value))
        if positional or named:
            raise DoesNotApply
        return bound

    def _state(self, parameter: Parameter, given: Given, place: str) -> None:
        """State what an argument says of the stub's names."""
        says, is_default = parameter.says, given[1] is None
        if not says.word:
            return
        value = parameter.default if is_default else value_of(self.ctx.api, *given)
        shape = says.shape or ()
        match says.word:
            case "None" if value is not None:
                raise DoesNotApply
            case "Dim":
                if isinstance(value, bool) or not isinstance(value, int | DimExpr | Unknown):
                    raise DoesNotApply
                self.unifier.match(shape, (value,), place)
            case "Shape":
                self.unifier.match(shape, _sizes(value), place)
            case "DType":
                name = dtype_name(parameter.default if value is None else value)
                self._dtype(says, name if name in SUPPORTED else None)
            case "Scalar":
                self._dtype(says, _of_scalar(given[1]))
            case "Nested":
                self._nested(says, given, place)
            case "ndarray" | "Tensor":
                self._array(says, given[1], place)

    def _array(self, says: Annotation, typ: Type | None, place: str) -> None:
        shape, dtype = shape_of(typ), dtype_marker(typ)
        if shape is None:
            raise DoesNotApply
        if says.dtype is not None and says.dtype.startswith("?"):
            self._dtype(says, dtype)
        elif says.dtype is not None and dtype is not None and not {*members(says.dtype)} & {*members(dtype)}:
            raise DoesNotApply
        self.unifier.match(says.shape or (), shape, place)

    def _nested(self, says: Annotation, given: Given, place: str) -> None:
        found = nested(self.ctx.api, *given)
        if found is None:
            raise DoesNotApply
        shape, dtypes = found
        self.unifier.match(says.shape or (), shape, place)
        numbers = [dtype for dtype in (WEAK_FLOAT, WEAK_INT, WEAK_BOOL) if dtype in dtypes]
        strong = [dtype for dtype in dtypes if dtype not in WEAK]
        if None not in dtypes and not (numbers and strong) and len(strong) < 2:
            self._dtype(says, strong[0] if strong else WEAK[numbers[0]] if numbers else "float64")

    def _dtype(self, says: Annotation, dtype: str | None) -> None:
        if says.dtype is not None and dtype is not None:
            self.dtypes.setdefault(says.dtype, dtype)

    def result(self) -> Type:
        """The type of the result."""
        return self._made(self.signature.result, self.ctx.default_return_type)

    def _made(self, says: Annotation, default: Type) -> Type:
        types = Types(self.ctx.api)
        shape = without_flexible(substitute_shape(says.shape or (), self.unifier.solve()))
        shape = tuple(axis if isinstance(axis, Variadic) else _size(axis) for axis in shape)
        named = says.dtype is not None and says.dtype.startswith("?")
        dtype = self.dtypes.get(str(says.dtype)) if named else says.dtype
        match says.word:
            case "tuple":
                return types.tuple([self._made(item, types.any_tuple().args[0]) for item in says.items])
            case "Dim" if len(shape) == 1 and not isinstance(shape[0], Variadic):
                return types.size(shape[0])
            case "Tensor":
                return types.tensor(dtype, shape)
            case "ndarray":
                native = get_proper_type(default)
                array = types.array(dtype, shape)
                if dtype is None and isinstance(native, Instance) and native.type.fullname == NDARRAY:
                    return array.copy_modified(args=[array.args[0], native.args[1]])
                return array
        return default


def _sizes(value: object) -> Shape:
    if value is UNDECIDED:
        return ANY_SHAPE
    sizes = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(size, int | DimExpr | Unknown) and not isinstance(size, bool) for size in sizes):
        raise DoesNotApply
    return sizes


def _of_scalar(typ: Type | None) -> str | None:
    weak = weak_dtype(typ) if typ is not None else None
    return WEAK.get(weak) if weak is not None else None


def _size(dim: Dimension) -> Dimension:
    """A size that was computed, as NumPy has it: not negative. What may be less is not known."""
    if isinstance(dim, int):
        return max(0, dim)
    return dim if at_least(dim, 0) else UNKNOWN
