"""``Params[model]``: the pack of the parameters of a model that is a variable.

An imported model's type is known by then. One of the same module is not: what is assigned to it is read off the source,
``nn.Seq(nn.linear(64, 32), nn.relu())`` and ``a >> b``, by the rules that the calls themselves follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    AssignmentStmt,
    Block,
    CallExpr,
    DictExpr,
    Expression,
    FloatExpr,
    FuncItem,
    IfStmt,
    IntExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    Statement,
    StrExpr,
    TryStmt,
    UnaryExpr,
    Var,
    WithStmt,
)
from mypy.plugin import AnalyzeTypeContext
from mypy.types import LiteralType, Type, UnboundType, get_proper_type

from torchlean_mypy.annotations import semantic_analyzer, text_of
from torchlean_mypy.codes import report
from torchlean_mypy.convert import unknown_type
from torchlean_mypy.kinds import KindTypes, has_params, model_kind
from torchlean_mypy.names import LAYERS, PACK, PARAMS, SEQ
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import ModelKind, PackKind


def params(ctx: AnalyzeTypeContext, name: str) -> Type:
    """The annotation ``Params[model]``."""
    types = KindTypes(ctx.api)
    pack = params_of(ctx)
    return types.named(PACK, [unknown_type()] * 2) if pack is None else types.pack(pack)


def params_of(ctx: AnalyzeTypeContext) -> PackKind | None:
    """The parameters of the model in the brackets; None after an error."""
    argument = ctx.type.args[0] if len(ctx.type.args) == 1 else None
    name = text_of(argument) if argument is not None else None
    if name is None and isinstance(argument, UnboundType):
        name = argument.name
    if name is None:
        report(ctx.api, ShapeError("Params", "takes a variable that is a model, as in Params[model]"), ctx.type)
        return None
    semantic = semantic_analyzer(ctx)
    symbol = semantic.lookup_qualified(name, ctx.type, suppress_errors=True)
    try:
        kind = _of_variable(symbol.node, semantic, frozenset()) if symbol is not None else None
    except (ShapeError, Undetermined):
        return None  # reported where the model is made
    if kind is None:
        hint = 'write the shapes, TensorPack["32 64, 32"], or assign the model to a variable of the module'
        report(ctx.api, ShapeError("Params", f'which model "{name}" is cannot be seen here', hint=hint), ctx.type)
        return None
    return kind.params


def _of_variable(node: object, semantic: Any, seen: frozenset[str]) -> ModelKind | None:
    if not isinstance(node, Var):
        return None
    kind = model_kind(node.type)
    if kind is not None:
        return kind if has_params(node.type) else None
    if node.fullname in seen:
        return None
    value = _assigned(node, semantic)
    return None if value is None else _model(value, semantic, seen | {node.fullname})


def _assigned(node: Var, semantic: Any) -> Expression | None:
    """What is assigned to a variable, where that happens once, in the functions around or in its module."""
    bodies: list[Sequence[Statement]] = [f.body.body for f in semantic.function_stack if isinstance(f, FuncItem)]
    module, _, name = node.fullname.rpartition(".")
    if module in semantic.modules:
        bodies.append(semantic.modules[module].defs)
    found = [
        statement.rvalue
        for body in bodies
        for statement in _statements(body)
        for target in statement.lvalues
        if isinstance(target, NameExpr) and (target.node is node or (target.name == name and target.node is None))
    ]
    return found[0] if len(found) == 1 else None


def _statements(body: Sequence[Statement]) -> Iterator[AssignmentStmt]:
    for statement in body:
        match statement:
            case AssignmentStmt():
                yield statement
            case Block():
                yield from _statements(statement.body)
            case WithStmt():
                yield from _statements(statement.body.body)
            case IfStmt():
                for block in [*statement.body, *([statement.else_body] if statement.else_body else [])]:
                    yield from _statements(block.body)
            case TryStmt():
                yield from _statements(statement.body.body)


def _model(value: Expression, semantic: Any, seen: frozenset[str]) -> ModelKind | None:
    """The model that an expression makes."""
    if isinstance(value, RefExpr):
        return _of_variable(value.node, semantic, seen)
    if isinstance(value, OpExpr) and value.op == ">>":
        return _chained([value.left, value.right], semantic, seen)
    if not isinstance(value, CallExpr) or not isinstance(value.callee, RefExpr):
        return None
    fullname = value.callee.fullname
    if fullname == SEQ and all(kind == ARG_POS for kind in value.arg_kinds):
        return _chained(value.args, semantic, seen)
    if not fullname.startswith(LAYERS) or not all(kind in (ARG_POS, ARG_NAMED) for kind in value.arg_kinds):
        return None
    name = fullname.removeprefix(LAYERS)
    if name == "residual":
        inner = _model(value.args[0], semantic, seen)
        return None if inner is None else rules.residual(name, inner)
    if name == "layer":
        return _own_layer(value)
    return _by_rule(name, value)


def _chained(parts: Sequence[Expression], semantic: Any, seen: frozenset[str]) -> ModelKind | None:
    kinds = [_model(part, semantic, seen) for part in parts]
    known = [kind for kind in kinds if kind is not None]
    return rules.chain("Seq", known) if len(known) == len(kinds) else None


def _by_rule(name: str, call: CallExpr) -> ModelKind | None:
    rule = rules.RULES.get(name)
    values = [_value(argument) for argument in call.args]
    if rule is None or any(value is None for value in values):
        return None
    positional = [value for value, kind in zip(values, call.arg_kinds, strict=True) if kind == ARG_POS]
    named = {key: value for key, value in zip(call.arg_names, values, strict=True) if key is not None}
    return rule(name, *positional, **named)


def _own_layer(call: CallExpr) -> ModelKind | None:
    order = ("fn", "params", "input", "output")
    given = {
        name or order[i]: argument for i, (name, argument) in enumerate(zip(call.arg_names, call.args, strict=True))
    }
    texts = given.get("params")
    names: tuple[str, ...] = ()
    params: object = ""
    if isinstance(texts, DictExpr):
        pairs = [(_value(key) if key else None, _value(value)) for key, value in texts.items]
        if any(not isinstance(text, str) for pair in pairs for text in pair):
            return None
        names, params = tuple(str(key) for key, _ in pairs), ", ".join(str(value) for _, value in pairs)
    elif texts is not None:
        params = _value(texts)
    source, result = (_value(given[what]) if what in given else None for what in ("input", "output"))
    return rules.layer("layer", params, source, result, names) if isinstance(params, str) else None


def _value(expression: Expression) -> object:
    """A value that is written out, or a Final one; None where it is neither."""
    match expression:
        case IntExpr() | StrExpr() | FloatExpr():
            return expression.value
        case UnaryExpr(op="-", expr=IntExpr() as inner):
            return -inner.value
        case NameExpr(fullname="builtins.True"):
            return True
        case NameExpr(fullname="builtins.False"):
            return False
        case RefExpr(node=Var() as variable):
            literal = get_proper_type(variable.type) if variable.type is not None else None
            known = getattr(literal, "last_known_value", literal)
            if isinstance(known, LiteralType):
                return known.value
            return variable.final_value
    return None


TYPES = {PARAMS: params}
