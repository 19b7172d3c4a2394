"""The specification's page: every function of ``autograd.model`` and ``autograd.fn``, by its rule of the same name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mypy.expandtype import expand_type
from mypy.nodes import CallExpr, ConditionalExpr, Expression, IndexExpr, LambdaExpr, MemberExpr, NameExpr, RefExpr
from mypy.plugin import FunctionContext, FunctionSigContext
from mypy.types import AnyType, CallableType, FunctionLike, Instance, Type, TypeVarType, UnionType, get_proper_type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.library.losses import applied_here
from torchlean_mypy.library.scalar_operands import is_one_of_several
from torchlean_mypy.library.several import for_each
from torchlean_mypy.reports.codes import Reporting, error_count, has_error, is_mistyped, report_unknown
from torchlean_mypy.syntax.names import FUNCTION_DERIVATIVES, MODEL_DERIVATIVES, PACK, SEQ, UPDATE_STATISTICS
from torchlean_mypy.types.convert import dtype_marker, shape_of, tensor_of, unknown_type
from torchlean_mypy.types.kinds import (
    KindTypes,
    check_variables,
    dtypes_of_entries,
    instance_of,
    loss_kind,
    open_model,
    output_dtype,
    pack_dtype,
    pack_kind,
    params_kind,
)
from torchlean_mypy.types.model_variables import shape_of_data
from torchlean_typed.shapes import derivative_dtypes as dtype_rules
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import GradsKind, LossKind, ModelKind, PackKind, RowsKind
from torchlean_typed.shapes.shape import ANY_SHAPE

PACKS = ("params", "vparams")
OPTIONS = ("chunk_size",)  # how something is computed, whatever is given
OF_OUTPUT = ("jacrev", "jacfwd", "jvp")  # what they give is unknown itself where f(x) is
SEEN = (NameExpr, MemberExpr, IndexExpr, ConditionalExpr)  # mypy may look at these once more
UNKNOWN_PACK = PackKind((), ("?",))  # of a model and of a pack of which nothing is known


# --- autograd.model ---------------------------------------------------------------------------------------------------


def model_signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """Models, packs and tensors of any shapes: whether they fit, and what comes of it, is said by us."""
    declared = ctx.default_signature
    any_types = {
        variable.id: variable.upper_bound if tensor_of(variable) is not None else unknown_type()
        for variable in declared.variables
        if isinstance(variable, TypeVarType)
    }
    loose = expand_type(declared, any_types)
    return loose.copy_modified(variables=()) if isinstance(loose, CallableType) else declared


@dataclass
class ModelCall:
    """The arguments of a call of ``autograd.model``, by parameter: their types, and what the types say."""

    name: str
    types: KindTypes
    given: dict[str, Type]
    kinds: dict[str, Any] = field(default_factory=dict)
    pack: PackKind = UNKNOWN_PACK  # of the model's parameters

    def __post_init__(self) -> None:
        candidates = [params_kind(self.given.get("model")), *(pack_kind(self.given.get(name)) for name in PACKS)]
        self.pack = next((pack for pack in candidates if pack is not None), UNKNOWN_PACK)
        for parameter, typ in self.given.items():
            self.kinds[parameter] = self._kind(parameter, typ)

    def _kind(self, parameter: str, typ: Type) -> Any:
        match parameter:
            case "model":
                return open_model(typ, self.pack)
            case "loss":
                return loss_kind(typ) or LossKind("the loss")
            case "params" | "vparams":
                return pack_kind(typ) or self.pack
        model = instance_of(self.given.get("model"), SEQ)
        of_class = {shape_of_data(arg) for arg in model.args[:2]} - {None} if model is not None else set()
        shape = shape_of_data(typ) if of_class and shape_of_data(typ) in of_class else shape_of(typ)
        return ANY_SHAPE if shape is None else shape

    def check(self) -> Any:
        """What the function gives.

        Raises:
            ShapeError: where the arguments do not fit.
        """
        model = self.given.get("model", unknown_type())
        for parameter in PACKS:
            if parameter in self.given:
                check_variables(self.name, model, self.given[parameter], parameter, "the model")
        result = getattr(rules, self.name)(**self.kinds)
        dtype_rules.check_dtypes(self.name, self._dtypes(), self.kinds.get("loss"))
        if "model" in self.kinds:
            dtype_rules.check_input(self.name, self.kinds["model"], dtype_marker(self.given["x"]))
        return result

    def _dtypes(self) -> list[tuple[str, str, str | None]]:
        packs = [entry for parameter in PACKS for entry in dtypes_of_entries(parameter, self.given.get(parameter))]
        tensors = [parameter for parameter in self.given if parameter not in (*PACKS, "model", "loss")]
        return [*packs, *((parameter, parameter, dtype_marker(self.given[parameter])) for parameter in tensors)]

    def unchecked(self) -> Any:
        """What the function gives, whatever the arguments."""
        loose = dict.fromkeys(self.kinds, ANY_SHAPE) | {"loss": LossKind("the loss"), "params": self.pack}
        loose |= {"model": ModelKind(ANY_SHAPE, ANY_SHAPE, self.pack), "vparams": self.pack}
        try:
            return getattr(rules, self.name)(**{parameter: loose[parameter] for parameter in self.kinds})
        except (ShapeError, Undetermined):
            return ANY_SHAPE

    def type_of(self, kind: Any, default: Type) -> Type:
        """The type of what the function gives."""
        dtype = output_dtype(self.given.get("params"), self.given.get("x") or self.given.get("w"))
        of = self.types
        match kind:
            case None:
                return of.named("builtins.float")
            case GradsKind():
                parts = [of.tensor(dtype, ()), self.pack_type(kind.dparams), of.tensor(dtype, kind.dx)]
                target = of.tensor(dtype_marker(self.given.get("target")), kind.dtarget)
                proper = get_proper_type(default)
                return proper.copy_modified(args=[*parts, target]) if isinstance(proper, Instance) else default
            case RowsKind():
                args = [of.dimension(kind.count), self.pack_type(kind.item), of.shape(kind.outer)]
                rows = get_proper_type(default)
                return rows.copy_modified(args=args) if isinstance(rows, Instance) else default
            case PackKind():
                return self.pack_type(kind)
            case (None | tuple(), PackKind() | tuple()):
                return of.tuple([self.type_of(part, default) for part in kind])
        return of.tensor(dtype_marker(self.given.get("target")) if "target" in self.name else dtype, kind)

    def pack_type(self, kind: Any) -> Type:
        """The type of a pack; in generic code, and where nothing is known of it, that of the model's parameters."""
        if kind is not self.pack:
            return self.types.pack(kind, dtype_marker(self.given.get("x") or self.given.get("w")))
        if kind is not UNKNOWN_PACK:
            return self.types.pack(kind, pack_dtype(self.given.get("params")))
        model = instance_of(self.given.get("model"), SEQ)
        return self.types.named(PACK, model.args[2:4] if model is not None else [unknown_type()] * 2)


def of_model(ctx: FunctionContext, name: str) -> Type:
    """A function of ``autograd.model``."""
    return for_each(ctx, lambda alone: _of_model(alone, name))


def _of_model(ctx: FunctionContext, name: str) -> Type:
    formals = _formals(ctx)
    if not all(formals.values()):
        return ctx.default_return_type  # mypy has said what is missing
    given = {parameter: types[0] for parameter, types in formals.items()}
    call = ModelCall(name, KindTypes(ctx.api), given)
    if "loss" in given:
        call.kinds["loss"] = applied_here(ctx, call.kinds, given)
    with Reporting(ctx) as reporting:
        return call.type_of(call.check(), ctx.default_return_type)
    if reporting.refused:
        call = ModelCall(name, call.types, dict.fromkeys(given, unknown_type()))
    return call.type_of(call.unchecked(), ctx.default_return_type)


def _formals(ctx: FunctionContext) -> dict[str, list[Type]]:
    """The types of the arguments, by parameter; of each parameter that shapes depend on."""
    pairs = zip(ctx.callee_arg_names, ctx.arg_types, strict=True)
    return {str(parameter): types for parameter, types in pairs if parameter not in OPTIONS}


# --- autograd.fn ------------------------------------------------------------------------------------------------------


def function_signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """A function given by name takes and gives any shape, as far as mypy sees: we apply it to the shape of ``x``.

    A lambda keeps the signature, from which mypy infers what its parameter is.
    """
    declared = ctx.default_signature
    expression = ctx.args[0][0] if ctx.args and ctx.args[0] else None
    anything = KindTypes(ctx.api).tensor(None, ANY_SHAPE)
    formals = list(declared.arg_types)
    function, several = get_proper_type(formals[0]), _several(ctx)
    if several is not None:
        formals[1] = several
    is_lambda = isinstance(expression, LambdaExpr)
    if isinstance(function, CallableType) and (several or not is_lambda):
        given = several if several and is_lambda else unknown_type()
        formals[0] = function.copy_modified(arg_types=[given], ret_type=anything)
    for number, parameter in enumerate(declared.arg_names):
        if number >= 2 and parameter not in OPTIONS:
            formals[number] = anything
    # what the result is used for must not decide what x is
    variables = declared.variables if several is None else ()
    return declared.copy_modified(arg_types=formals, ret_type=unknown_type(), variables=variables)


def _several(ctx: FunctionSigContext) -> Type | None:
    """The type of an ``x`` that has one of several shapes, of which the signature can name but one."""
    given = ctx.args[1] if len(ctx.args) > 1 else []
    if len(given) != 1 or not (isinstance(given[0], SEEN) or _says_so(given[0])):
        return None
    typ = ctx.api.get_expression_type(given[0])
    return typ if is_one_of_several(typ) else None


def _says_so(expression: Expression) -> bool:
    """Whether this calls a function whose annotation says that it gives one of several."""
    callee = (
        expression.callee.node if isinstance(expression, CallExpr) and isinstance(expression.callee, RefExpr) else None
    )
    signature = get_proper_type(getattr(callee, "type", None))
    return isinstance(signature, CallableType) and isinstance(get_proper_type(signature.ret_type), UnionType)


def of_function(ctx: FunctionContext, name: str) -> Type:
    """A function of ``autograd.fn``."""
    formals = _formals(ctx)
    if not all(formals.values()) or name.startswith("_"):  # our own helpers, in the library's bodies
        return ctx.default_return_type
    if is_mistyped(ctx.api, ctx.args):
        return unknown_type()
    all_of_x = ctx.arg_types[1][0]
    return for_each(ctx, lambda alone: _of_tensor(alone, name, all_of_x))


def _of_tensor(ctx: FunctionContext, name: str, all_of_x: Type) -> Type:
    """What it gives for an ``x`` of one type, which may be one of several."""
    function, x, *others = (types[0] for types in _formals(ctx).values())
    before = error_count(ctx.api)
    shapes = [ANY_SHAPE if (shape := shape_of(typ)) is None else shape for typ in (x, *others)]
    may_be_floating = dtype_marker(x) in (None, "number") or dtype_rules.is_floating(str(dtype_marker(x)))
    output = _output(ctx, function, x, all_of_x) if may_be_floating else None
    output_shape = shape_of(output) if output is not None else None
    # where f does not take this x, what there is to say has been said, maybe when mypy looked at the call before
    failed = error_count(ctx.api) > before or has_error(ctx.api, ctx.context)

    def check() -> Any:
        dtype_rules.require_floating(name, "x", dtype_marker(x))
        dtype_rules.require_differentiable(name, "f(x)", dtype_marker(output))
        kind = rule(shapes[0], ANY_SHAPE if output_shape is None else output_shape, *shapes[1:])
        if others and name == "vjp":
            dtype_rules.require_dtype(name, "seed_out", dtype_marker(others[0]), "f(x)", dtype_marker(output))
        elif others:
            dtype_rules.require_dtype(name, "v", dtype_marker(others[0]), "x", dtype_marker(x))
        return kind

    rule, kind = getattr(rules, name), None
    if output is None and may_be_floating and not failed and name not in OF_OUTPUT and _is_unseen(function):
        report_unknown(ctx.api, f"{name}: what f gives for this x is not seen: annotate it", ctx.args[0][0])
    if not failed:
        with Reporting(ctx) as reporting:
            kind = check()
        failed = reporting.refused
    if kind is None:
        kind = rule(ANY_SHAPE if failed else shapes[0], ANY_SHAPE, *[ANY_SHAPE] * len(others))
    types = KindTypes(ctx.api)
    dtype = dtype_marker(output if name == "jvp" else x) if not failed else None
    if isinstance(kind, RowsKind):
        return types.rows(kind, dtype)
    if name not in ("value_and_grad", "value_and_grad_scalar"):
        return types.tensor(dtype, kind)
    value = types.named("builtins.float") if kind[0] is None else types.tensor(dtype_marker(output), kind[0])
    return types.tuple([value, types.tensor(dtype, kind[1])])


def _output(ctx: FunctionContext, function: Type, x: Type, all_of_x: Type) -> Type | None:
    """The type of ``f(x)``. What a lambda gives for this x, mypy has found out already."""
    expression, proper = ctx.args[0][0], get_proper_type(function)
    if isinstance(expression, LambdaExpr) and isinstance(proper, CallableType) and not is_one_of_several(all_of_x):
        return proper.ret_type
    return result_of(ctx.api, expression, function, [x], ctx.context)


def _is_unseen(function: Type) -> bool:
    """Whether mypy knows nothing of a function: a lambda that is not followed, one without annotations."""
    proper = get_proper_type(function)
    return isinstance(proper, AnyType) or (isinstance(proper, CallableType) and proper.implicit)


FUNCTIONS = {MODEL_DERIVATIVES: of_model, FUNCTION_DERIVATIVES: of_function}
SIGNATURES = {
    MODEL_DERIVATIVES: model_signature,
    UPDATE_STATISTICS: model_signature,
    FUNCTION_DERIVATIVES: function_signature,
}
