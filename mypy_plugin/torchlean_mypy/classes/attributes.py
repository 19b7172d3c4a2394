"""Which names of a constructor's parameters its object keeps: these are names of the class.

What is declared says itself which names it has. Of an attribute without an annotation, ``self.mean = tl.mean(x,
axis=0)``, the operations' rules tell it; where they do not, it may have all names of the parameters that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    EllipsisExpr,
    Expression,
    FloatExpr,
    FuncDef,
    IndexExpr,
    IntExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    SliceExpr,
    Statement,
    TupleExpr,
    UnaryExpr,
)

from torchlean_mypy.library.ways import parameters, table
from torchlean_mypy.syntax.expressions import within
from torchlean_mypy.syntax.statements import blocks
from torchlean_typed.ops.op import Op
from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import Shape, Shapes, Variadic, is_known, shape_names

OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "pow", "@": "matmul"}
CONSTANTS = {"None": None, "True": True, "False": False}
PLAIN = ("float", "int", "bool", "str")  # what these give has no shape
SHAPELESS = ("ndim", "dtype")
FILLED = {"zeros": 1, "ones": 1, "empty": 1, "full": 1, "eye": 2}  # and how often a size stands in the shape


@dataclass(frozen=True)
class Value:
    """What is known of a value: its names; where it is a tensor of a known shape, that; and a size, where it is one."""

    names: frozenset[str] = frozenset()
    shape: Shape | None = None
    size: Dimension | None = None


def kept_names(constructor: FuncDef, given: Mapping[str, Value], declared: Iterable[str]) -> frozenset[str]:
    """The names of the parameters' shapes that attributes have which are not among those declared."""
    values = dict(given)
    kept: frozenset[str] = frozenset()
    own = constructor.arguments[0].variable.name if constructor.arguments else ""
    for target, value in _assignments(constructor.body.body, values):
        if isinstance(target, MemberExpr) and isinstance(target.expr, NameExpr) and target.expr.name == own:
            kept |= value.names if target.name not in declared else frozenset()
        elif isinstance(target, NameExpr):
            values[target.name] = value
    return kept


def value_in(constructor: FuncDef, expression: Expression, given: Mapping[str, Value]) -> Value:
    """What is known of an expression in a constructor."""
    values = dict(given)
    for target, value in _assignments(constructor.body.body, values):
        if isinstance(target, NameExpr):
            values[target.name] = value
    return _value(expression, values)


def _assignments(statements: list[Statement], values: Mapping[str, Value]) -> Iterable[tuple[Expression, Value]]:
    for statement in statements:
        if isinstance(statement, AssignmentStmt) and statement.unanalyzed_type is None:
            for target in statement.lvalues:
                yield from _pairs(target, statement.rvalue, values)
        for block in blocks(statement):
            yield from _assignments(block.body, values)


def _pairs(target: Expression, value: Expression, values: Mapping[str, Value]) -> Iterable[tuple[Expression, Value]]:
    if not isinstance(target, TupleExpr):
        yield target, _value(value, values)
    elif isinstance(value, TupleExpr) and len(value.items) == len(target.items):
        for one, item in zip(target.items, value.items, strict=True):
            yield from _pairs(one, item, values)
    else:
        yield from ((one, _any_of(value, values)) for one in target.items)


def _any_of(expression: Expression, values: Mapping[str, Value]) -> Value:
    """Something that is made of what an expression mentions."""
    mentioned = [node.name for node in within(expression) if isinstance(node, NameExpr) and node.name in values]
    return Value(frozenset[str]().union(*(values[name].names for name in mentioned)))


def _value(expression: Expression, values: Mapping[str, Value]) -> Value:
    match expression:
        case NameExpr(name=name) if name in values:
            return values[name]
        case IntExpr() | FloatExpr():
            return Value(shape=())
        case MemberExpr(name=name) if name in SHAPELESS:
            return Value()
        case CallExpr(callee=NameExpr(name=name)) if name in PLAIN:
            return Value()
        case IndexExpr(base=MemberExpr(expr=inner, name="shape"), index=index):
            shape, axis = _value(inner, values).shape, _constant(index)
            if shape is not None and is_known(shape) and isinstance(axis, int) and -len(shape) <= axis < len(shape):
                size = shape[axis]
                return Value(shape_names((size,)), size=None if isinstance(size, Variadic) else size)
        case CallExpr(callee=NameExpr(name=name) | MemberExpr(name=name), args=[sizes, *_]) if name in FILLED:
            axes = [_size(part, values) for part in (sizes.items if isinstance(sizes, TupleExpr) else [sizes])]
            shape = tuple(axis for axis in axes for _ in range(FILLED[name]) if axis is not None)
            if len(shape) == len(axes) * FILLED[name]:
                return Value(shape_names(shape), shape)
    return _result(expression, values) or _any_of(expression, values)


def _size(expression: Expression, values: Mapping[str, Value]) -> Dimension | None:
    return expression.value if isinstance(expression, IntExpr) else _value(expression, values).size


def _result(expression: Expression, values: Mapping[str, Value]) -> Value | None:
    """What an operation gives, where its rule tells."""
    match expression:
        case UnaryExpr(op="-", expr=inner):
            return _applied("negative", [inner], {}, values)
        case OpExpr(op=op, left=left, right=right) if op in OPERATORS:
            return _applied(OPERATORS[op], [left, right], {}, values)
        case IndexExpr(base=base, index=index):
            return _applied("getitem", [base, index], {}, values)
        case MemberExpr(expr=inner, name="T" | "mT" as name):
            return _applied({"T": "transpose", "mT": "matrix_transpose"}[name], [inner], {}, values)
        case CallExpr(callee=MemberExpr(expr=inner, name=name), args=args, arg_names=names):
            receiver = [inner] if _value(inner, values).shape is not None else []
            single = [argument for argument, given in zip(args, names, strict=True) if given is None]
            named = {given: argument for argument, given in zip(args, names, strict=True) if given is not None}
            return _applied(name, [*receiver, *single], named, values)
    return None


def _applied(
    name: str, single: list[Expression], named: dict[str, Expression], values: Mapping[str, Value]
) -> Value | None:
    record = table().get(name)
    if record is None or record.spread or record.sequence:
        return None
    arguments = {**dict(zip(parameters(record), single, strict=False)), **named}
    try:
        shape = record.rule(record.name, *_ruled(record, arguments, values))
    except (KeyError, ShapeError, Undetermined):
        return None
    return None if isinstance(shape, Shapes) or not is_known(shape) else Value(shape_names(shape), shape)


def _ruled(record: Op, arguments: Mapping[str, Expression], values: Mapping[str, Value]) -> Iterable[object]:
    """The arguments as the rule takes them; a KeyError for one that is not known."""
    shapes = [_value(arguments[name], values).shape for name in record.tensors]
    if None in shapes:
        raise KeyError
    statics = zip(record.statics, record.defaults, strict=True)
    return record.arguments(
        shapes, tuple(_constant(arguments[name]) if name in arguments else default for name, default in statics)
    )


def _constant(expression: Expression) -> object:
    """The value of a constant; a KeyError for what is none."""
    match expression:
        case IntExpr(value=value):
            return value
        case NameExpr(name=name):
            return CONSTANTS[name]
        case UnaryExpr(op="-", expr=IntExpr(value=value)):
            return -value
        case TupleExpr(items=items):
            return tuple(map(_constant, items))
        case SliceExpr(begin_index=None, end_index=None, stride=None):
            return slice(None)
        case EllipsisExpr():
            return ...
    raise KeyError
