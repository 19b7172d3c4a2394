"""``Params[model]``: the pack of the parameters of a model that is a variable.

An imported model's type is known by then. One of the same module is not: what is assigned to it is read off the source,
``nn.Seq(nn.linear(64, 32), nn.relu())`` and ``a >> b``, by the rules that the calls themselves follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ARG_STAR,
    ArgKind,
    CallExpr,
    ConditionalExpr,
    Decorator,
    DictExpr,
    Expression,
    FuncDef,
    GeneratorExpr,
    ListComprehension,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StarExpr,
    SymbolNode,
    TupleExpr,
    Var,
)
from mypy.plugin import AnalyzeTypeContext
from mypy.types import CallableType, Type, UnboundType

from torchlean_mypy.annotations.jaxtyped import semantic_analyzer, text_of
from torchlean_mypy.annotations.kind_annotations import forget_names
from torchlean_mypy.calls.arguments import UNDECIDED, is_complete
from torchlean_mypy.calls.source import assigned_to, value_in
from torchlean_mypy.calls.spread import MOST
from torchlean_mypy.reports.codes import report, report_unknown
from torchlean_mypy.syntax.names import DIM, LAYERS, PARAMS, SEQ, TRAINING
from torchlean_mypy.syntax.settled import is_only_starred
from torchlean_mypy.types.convert import dimension_of, shape_from
from torchlean_mypy.types.erase import any_pack, solved
from torchlean_mypy.types.kinds import KindTypes, has_params, instance_of, model_kind
from torchlean_mypy.types.walk import symbols_in
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.dim import Dimension, DimExpr
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.shape import Shape, is_known, shape_names

SHOWN = 'write the shapes, TensorPack["32 64, 32"]'


def params(ctx: AnalyzeTypeContext, name: str) -> Type:
    """The annotation ``Params[model]``."""
    types = KindTypes(ctx.api)
    pack = _params_of(ctx)
    return any_pack(types) if pack is None else types.pack(pack)


def _params_of(ctx: AnalyzeTypeContext) -> PackKind | None:
    """The parameters of the model in the brackets; None after an error."""
    argument = ctx.type.args[0] if len(ctx.type.args) == 1 else None
    name = text_of(argument) if argument is not None else None
    if name is None and isinstance(argument, UnboundType):
        name = argument.name
    if name is None:
        report(ctx.api, ShapeError("Params", "takes a variable that is a model, as in Params[model]"), ctx.type)
        return None
    semantic = semantic_analyzer(ctx)
    forget_names(ctx, {name.partition(".")[0]} if "." in name else ())
    symbol = semantic.lookup_qualified(name, ctx.type, suppress_errors="." in name)
    if symbol is None and "." not in name:
        return None  # mypy says that it is not defined
    node = symbol.node if symbol is not None else None
    if isinstance(node, Var):
        used: set[str] = getattr(ctx.api, "aliases_used", set())
        used.add(node.fullname)  # so that dmypy looks here again when it changes
        if instance_of(node.type, SEQ) is not None and not has_params(node.type):
            report(
                ctx.api,
                ShapeError("Params", f'the type of "{name}" does not tell its parameters', hint=SHOWN),
                ctx.type,
            )
            return None
    try:
        kind = Reader(semantic).of_variable(node)
    except ShapeError:
        return None  # reported where the model is made
    except Undetermined as reason:
        report_unknown(ctx.api, str(reason), ctx.type)
        return None
    if kind is None:
        hint = f"{SHOWN}, or assign the model to a variable of the module"
        report(ctx.api, ShapeError("Params", f'which model "{name}" is cannot be seen here', hint=hint), ctx.type)
        return None
    if not all(map(is_known, kind.params.shapes)):
        report_unknown(ctx.api, f'Params: a size of "{name}" cannot be seen here; {SHOWN}', ctx.type)
    return kind.params


class Reader:
    """Reads models off the source, by the rules that the calls follow; None is a model that cannot be seen."""

    def __init__(self, semantic: Any) -> None:
        self.semantic = semantic
        self.seen: set[SymbolNode] = set()

    def of_variable(self, node: SymbolNode | None) -> ModelKind | None:
        """The model that a variable is: by its type, or by what is assigned to it."""
        if not isinstance(node, Var):
            return None
        if node.type is not None and model_kind(node.type) is not None:
            return model_kind(node.type) if has_params(node.type) else None
        if node in self.seen:
            return None
        self.seen.add(node)
        kinds = [self.model(value) for value in assigned_to(node, self.semantic) or ()]
        self.seen.remove(node)
        return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else None

    def model(self, value: Expression) -> ModelKind | None:
        """The model that an expression makes."""
        match value:
            case RefExpr():
                return self.of_variable(value.node)
            case OpExpr(op=">>"):
                return self.chained([value.left, value.right])
            case ConditionalExpr():
                kinds = self.model(value.if_expr), self.model(value.else_expr)
                return kinds[0] if kinds[0] == kinds[1] else None
            case CallExpr(callee=RefExpr(fullname=name)) if name == SEQ and set(value.arg_kinds) <= {ARG_POS, ARG_STAR}:
                parts = [self.parts(one, kind) for one, kind in zip(value.args, value.arg_kinds, strict=True)]
                known = [some for some in parts if some is not None]
                return self.chained([part for some in known for part in some]) if len(known) == len(parts) else None
            case CallExpr(callee=RefExpr() as callee) if set(value.arg_kinds) <= {ARG_POS, ARG_NAMED}:
                return self.made(value, callee)
        return None

    def made(self, call: CallExpr, callee: RefExpr) -> ModelKind | None:
        """The model that a call makes: of a layer, or of a function whose result is annotated."""
        if callee.fullname == TRAINING:
            return self.model(call.args[0]) if len(call.args) == 1 else None
        if not callee.fullname.startswith(LAYERS):
            return self.returned(call, callee.node)
        layer = callee.fullname.rpartition(".")[2]
        if layer == "layer":
            return self.own_layer(call)
        if layer in rules.OF_MODELS:
            return self.of_models(call, layer)
        rule, values = rules.RULES.get(layer), [self.value(argument) for argument in call.args]
        if rule is None or UNDECIDED in values:
            return None
        positional = [value for value, name in zip(values, call.arg_names, strict=True) if name is None]
        named = {name: value for value, name in zip(values, call.arg_names, strict=True) if name is not None}
        return _applied(rule, layer, *positional, **named)

    def of_models(self, call: CallExpr, layer: str) -> ModelKind | None:
        """The model that a layer makes of models; what else it takes is named."""
        arguments = list(zip(call.args, call.arg_names, strict=True))
        kinds = [self.model(argument) for argument, name in arguments if name in (None, "inner")]
        others = {name: self.value(argument) for argument, name in arguments if name not in (None, "inner")}
        known = [kind for kind in kinds if kind is not None]
        return _applied(rules.OF_MODELS[layer], layer, *known, **others) if len(known) == len(kinds) else None

    def chained(self, parts: Sequence[Expression]) -> ModelKind | None:
        """The model that models make, one after the other."""
        kinds = [self.model(part) for part in parts]
        known = [kind for kind in kinds if kind is not None]
        return rules.chain("Seq", known) if len(known) == len(kinds) else None

    def parts(self, argument: Expression, kind: ArgKind) -> list[Expression] | None:
        """The models that an argument stands for, which may be ``*[nn.linear(4, 4) for _ in range(3)]``."""
        match argument:
            case _ if kind != ARG_STAR:
                return [argument]
            case NameExpr(node=Var() as variable):
                values = assigned_to(variable, self.semantic) or []
                is_seen = len(values) == 1 and values[0].line < argument.line
                tree = self.semantic.modules[self.semantic.cur_mod_id]
                return self.parts(values[0], kind) if is_seen and is_only_starred(tree, argument.name) else None
            case ListExpr(items=items) | TupleExpr(items=items) if not any(isinstance(one, StarExpr) for one in items):
                return items
            case OpExpr(op="*", left=ListExpr(items=items), right=times):
                count = self.value(times)
                return items * count if isinstance(count, int) and count <= MOST else None
            case ListComprehension(
                generator=GeneratorExpr(
                    left_expr=made,
                    indices=[NameExpr(name="_")],
                    sequences=[CallExpr(callee=RefExpr(fullname="builtins.range"), args=[bound])],
                    condlists=[[]],
                )
            ):
                count = self.value(bound)
                return [made] * count if isinstance(count, int) and count <= MOST else None
        return None

    def own_layer(self, call: CallExpr) -> ModelKind | None:
        """The model that ``nn.layer`` makes."""
        order = ("fn", "params", "input", "output")
        if len(call.args) > len(order):
            raise Undetermined("layer: its arguments are not those that it takes")
        given = {
            name or order[i]: argument for i, (name, argument) in enumerate(zip(call.arg_names, call.args, strict=True))
        }
        texts = given.get("params")
        names: tuple[str, ...] = ()
        params: object = ""
        if isinstance(texts, DictExpr):
            pairs = [(self.value(key) if key else None, self.value(value)) for key, value in texts.items]
            if any(not isinstance(text, str) for pair in pairs for text in pair):
                return None
            names, params = tuple(str(key) for key, _ in pairs), tuple(str(value) for _, value in pairs)
        elif texts is not None:
            params = self.value(texts)
        source, result = (self.value(given[what]) if what in given else None for what in ("input", "output"))
        return rules.layer("layer", params, source, result, names) if isinstance(params, str | tuple) else None

    def returned(self, call: CallExpr, node: SymbolNode | None) -> ModelKind | None:
        """What a function's annotation says that it gives, for the sizes in this call."""
        function = node.func if isinstance(node, Decorator) else node
        signature = function.type if isinstance(function, FuncDef) else None
        if not isinstance(signature, CallableType) or not has_params(signature.ret_type):
            return None
        bindings: dict[str, Dimension | Shape] = {}
        for position, (name, argument) in enumerate(zip(call.arg_names, call.args, strict=True)):
            index = signature.arg_names.index(name) if name in signature.arg_names else position
            formal = instance_of(signature.arg_types[index], DIM) if index < len(signature.arg_types) else None
            size, value = dimension_of(formal) if formal is not None else None, self.value(argument)
            if isinstance(size, DimExpr) and size.name is not None and isinstance(value, int | DimExpr):
                bindings[f"?{size.name}"] = value
        kind = model_kind(signature.ret_type)
        if kind is None:
            return None
        # the names that are the function's own: its type may not say so yet
        own = shape_names(shape_from(list(symbols_in(*signature.arg_types).values())))

        def here(shape: Shape) -> Shape:
            return solved(shape, own, bindings)

        pack = replace(kind.params, shapes=tuple(map(here, kind.params.shapes)))
        return replace(kind, input=here(kind.input), output=here(kind.output), params=pack)

    def value(self, expression: Expression) -> object:
        """What stands there as a number, a text, or a tuple of such."""
        return value_in(expression, self.semantic)


def _applied(rule: Callable[..., ModelKind], layer: str, *args: Any, **named: Any) -> ModelKind:
    if not is_complete(rule, layer, *args, **named):
        raise Undetermined(f"{layer}: its arguments are not those that it takes")  # of the call mypy says so itself
    return rule(layer, *args, **named)


TYPES = {PARAMS: params}
