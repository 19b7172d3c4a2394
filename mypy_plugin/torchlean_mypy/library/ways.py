"""How an operation of the table is called, and with what: its arguments by parameter, their values, the operands."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from mypy.nodes import Expression, ListExpr, NameExpr, SymbolNode, TupleExpr, TypeInfo
from mypy.types import Instance, NoneType, Type

import torchlean_typed.ops
from torchlean_mypy.calls.arguments import is_value, value_of
from torchlean_mypy.calls.iteration import count_of, written
from torchlean_mypy.calls.spread import items_of, repeated_item
from torchlean_mypy.calls.steps import stepped
from torchlean_mypy.library.choices import literals_of
from torchlean_mypy.library.evaluation import Operand, alternatives
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.syntax.names import OPERATIONS
from torchlean_mypy.types.convert import shape_of
from torchlean_mypy.types.memory import Question
from torchlean_typed.ops.op import TABLE, Op
from torchlean_typed.shapes.dim import Dimension


@cache
def table() -> dict[str, Op]:
    """The operation table, filled."""
    for module in pkgutil.iter_modules(torchlean_typed.ops.__path__):
        importlib.import_module(OPERATIONS + module.name)
    return TABLE


@dataclass(slots=True)
class Argument:
    """An actual argument: its type, and the expression where there is one."""

    type: Type
    expression: Expression | None = None

    @property
    def variable(self) -> SymbolNode | None:
        """The variable that it is, where it is one."""
        return self.expression.node if isinstance(self.expression, NameExpr) else None


@dataclass(frozen=True, eq=False)
class Way:
    """A way to call an operation: the parameter that ``self`` is of a method or property, and the others."""

    record: Op
    own: str
    names: tuple[str, ...]
    is_reflected: bool = False


@cache
def by_name(name: str) -> Way | None:
    """How a function is called."""
    record = table().get(name)
    return Way(record, "", parameters(record)) if record is not None else None


@lru_cache(maxsize=1024)
def bound(info: TypeInfo, name: str) -> Way | None:
    """How a method or property of Tensor or of a subclass is."""
    behind = operation_behind(info, name)
    record = table().get(behind[0]) if behind is not None else None
    if record is None or behind is None:
        return None
    names = [*parameters(record)]
    own = names.pop(behind[1])
    return Way(record, own, tuple(names), behind[1] > 0)


# By parameter: one argument, several for ``*operands``, none for one that is left out.
Arguments = dict[str, list[Argument]]


def parameters(record: Op) -> tuple[str, ...]:
    """The parameters in the order of the signature."""
    return record.statics + record.tensors if record.spread else record.tensors + record.statics


def question_of(way: Way, ctx: Any, receiver: Argument | None) -> Question | None:
    """What the result depends on; None where these are not only types and values."""
    record = way.record
    if (record.sequence and not record.spread) or (receiver is not None and type(receiver.type) is not Instance):
        return None
    parts: list[Hashable] = [way, receiver.type if receiver is not None else None]
    for number, types in enumerate(getattr(ctx, "arg_types", ())):
        if record.statics and _parameter(way, ctx, number) in record.statics:
            for typ, expression in zip(types, ctx.args[number], strict=True):
                is_said = is_value(typ) or literals_of(typ)  # by the type
                parts.append(typ if is_said else repr(_value(record, ctx.api, expression, typ, receiver)))
        else:
            for typ in types:
                if type(typ) is not Instance:
                    return None
            parts += types
        parts.append(number)
    return tuple(parts)


def _parameter(way: Way, ctx: Any, number: int) -> str:
    """The parameter of an argument: an operator's have no names, a function's need not come in the record's order."""
    given = ctx.callee_arg_names[number]
    return given if given is not None and given in way.names else way.names[number]


def arguments_of(way: Way, ctx: Any) -> Arguments:
    """The arguments by parameter."""
    given = enumerate(getattr(ctx, "arg_types", ()))
    return {_parameter(way, ctx, number): [*map(Argument, types, ctx.args[number])] for number, types in given}


def same(operands: Sequence[Argument]) -> tuple[int, ...]:
    """For each operand which is the first that is the same variable: it has one shape, whichever that is."""
    variables = [operand.variable for operand in operands]
    return tuple([number if one is None else variables.index(one) for number, one in enumerate(variables)])


def operands_of(record: Op, arguments: Arguments, api: Any) -> list[Argument] | None:
    """The operands; None where one is missing, or nobody knows how many there are."""
    if record.spread or record.sequence:
        given = arguments.get(record.tensors[0], [])
        if record.spread:
            return given
        items = items_of(api, given[0].expression, given[0].type) if given else None
        if items is None:
            return None
        display = written(api, given[0].expression)
        parts = display.items if isinstance(display, ListExpr | TupleExpr) else [None] * len(items)
        return [*map(Argument, items, parts)]
    operands: list[Argument] = []
    for name in record.tensors:
        arguments_here = arguments.get(name)
        if arguments_here:
            operands.append(arguments_here[0])
        elif name in record.optional:
            operands.append(Argument(NoneType()))
        else:
            return None
    return operands


def each_of(record: Op, arguments: Arguments, api: Any) -> tuple[list[Operand], Dimension] | None:
    """What is known of each tensor of a list whose items are alike, and of their number."""
    given = arguments.get(record.tensors[0], []) if record.sequence else []
    item = repeated_item(api, given[0].expression, given[0].type) if given else None
    return (alternatives(item), count_of(api, given[0].expression, given[0].type)) if item is not None else None


def statics_of(record: Op, arguments: Arguments, api: Any) -> list[object]:
    statics: list[object] = []
    for name, default in zip(record.statics, record.defaults, strict=True):
        given = arguments.get(name)
        first = arguments[record.tensors[0]] if given and record.keys else [None]
        statics.append(_value(record, api, given[0].expression, given[0].type, first[0]) if given else default)
    return statics


def _value(record: Op, api: Any, expression: Expression | None, typ: Type, first: Argument | None) -> object:
    """The value of a static argument; that of a key may depend on what it is a key of."""
    value = value_of(api, expression, typ, lists=bool(record.keys))
    return stepped(api, expression, value, shape_of(first.type)) if record.keys and first is not None else value
