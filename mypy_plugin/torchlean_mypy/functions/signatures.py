"""Calls of functions whose signature mentions shapes: unified by our rules, reported in our words.

Two hooks work together. The signature hook takes the shapes out of the formals, so that mypy checks the rest, and sends
the formals with the result type in a private carrier, ``Call[result, (name, place of *args, variables, defaults,
*formals)]``.
The call hook opens the carrier, unifies formals and actual arguments, and gives the result with the names put in.
"""

from __future__ import annotations

from mypy.nodes import ARG_STAR, ARG_STAR2, Decorator, FuncDef, SymbolNode
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeVarTupleType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.calls.asked import asks_by_protocol
from torchlean_mypy.calls.formals import Given, Matcher, has_to_fit
from torchlean_mypy.calls.lambdas import gets_lambda, with_parameters
from torchlean_mypy.calls.spread import Actuals
from torchlean_mypy.functions import combinators, overloads
from torchlean_mypy.functions.given import apply, functions_given, of_one_size, told_by
from torchlean_mypy.functions.methods import with_sizes
from torchlean_mypy.library.alone import for_each_shape
from torchlean_mypy.library.callables import tells_no_shapes
from torchlean_mypy.library.several import for_each
from torchlean_mypy.reports.codes import has_error, report, report_unknown
from torchlean_mypy.syntax.names import CALL, PACK, SEQ
from torchlean_mypy.types.class_arguments import of_error
from torchlean_mypy.types.contained import shapes_in
from torchlean_mypy.types.convert import (
    Types,
    dimension_of,
    is_dimension,
    shape_of,
    tensor_of,
    tensors_in,
    unknown_type,
)
from torchlean_mypy.types.defaults import default_of
from torchlean_mypy.types.erase import erased
from torchlean_mypy.types.generic_kinds import is_generic, loosened, marked, shares_shapes
from torchlean_mypy.types.kinds import expanded, instance_of
from torchlean_mypy.types.memory import Memory, Question
from torchlean_mypy.types.model_variables import has_data_of_class, told_by_tensors, with_data
from torchlean_mypy.types.numpy_types import tells_all
from torchlean_mypy.types.walk import mentions_dimensions, signature_parts, without_never
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import is_known, shape_names
from torchlean_typed.shapes.unify import flexible_name, require_possible


class Signatures:
    """Remembers by callee whether its signature mentions a dimension, and what it is without: both at every call."""

    def __init__(self) -> None:
        self._known: dict[SymbolNode, tuple[Type, bool]] = {}
        self._with_carriers: dict[SymbolNode, tuple[CallableType, CallableType]] = {}

    def hook(self, ctx: FunctionSigContext | MethodSigContext, name: str) -> FunctionLike:
        """The callee's signature without shapes, for mypy to check; its result is the carrier."""
        callee: FunctionLike = ctx.default_signature
        if not isinstance(callee, CallableType):
            return callee
        if not self.have_to_fit(callee) or _is_left_alone(callee) or name == "__set__":
            return callee  # mypy itself compares what a descriptor is set to
        if _is_overload(callee):
            return _of_overload(callee, ctx, name)
        if callee.definition is None or gets_lambda(ctx):
            return _with_carrier(callee, ctx, name)
        if isinstance(ctx, MethodSigContext):
            return _of_method(callee, callee.definition, ctx, name)
        known = self._with_carriers.get(callee.definition)
        if known is None or known[0] is not callee:
            known = self._with_carriers[callee.definition] = (callee, _with_carrier(callee, ctx, name))
        return known[1]

    def have_to_fit(self, signature: CallableType) -> bool:
        """Whether the signature, as it was declared, has a dimension in it, or a pack and a model that go together."""
        definition, function = signature.definition, _function_of(signature)
        declared = function.type if function is not None else None
        if definition is None or declared is None:
            return has_shapes(signature)
        known = self._known.get(definition)
        if known is None or known[0] is not declared:
            known = (declared, has_shapes(declared))
            self._known[definition] = known
        return known[1]


def _of_overload(callee: CallableType, ctx: FunctionSigContext | MethodSigContext, name: str) -> CallableType:
    """The signature of an overload, which mypy chooses; of a function's, we say what a result of ``n*m`` is."""
    decided = overloads.decided(callee, ctx)
    if decided.ret_type is not callee.ret_type or isinstance(ctx, MethodSigContext):
        return decided
    apart = overloads.apart(callee, Types(ctx.api))
    return decided if apart is None else decided.copy_modified(ret_type=_with_carrier(apart, ctx, name).ret_type)


def _of_method(callee: CallableType, definition: SymbolNode, ctx: MethodSigContext, name: str) -> CallableType:
    """The signature of a method with the carrier, remembered by what the method is called on."""
    receiver = get_proper_type(ctx.type)
    told = isinstance(receiver, Instance) and tells_all(receiver) and all(map(is_dimension, callee.variables))
    question = (definition, receiver) if told else None
    known = Memory.recall(question)
    if not isinstance(known, CallableType):
        known = _with_carrier(callee, ctx, name)
        Memory.keep(question, known)
    return known


def _with_carrier(callee: CallableType, ctx: FunctionSigContext | MethodSigContext, name: str) -> CallableType:
    types = Types(ctx.api)
    receiver = ctx.type if isinstance(ctx, MethodSigContext) else None
    formals, result, carried_names = with_sizes(callee, _function_of(callee), receiver, name, ctx.api)
    if callee.is_type_obj() and is_generic(callee) and has_data_of_class(callee):
        formals, data = with_data(formals, callee, types)
        callee, carried_names = told_by_tensors(callee), [*carried_names, *data]
        result = callee.ret_type
    op = LiteralType(_name_of(callee, name), types.named("builtins.str"))
    stars = [callee.arg_kinds.index(kind) if kind in callee.arg_kinds else -1 for kind in (ARG_STAR, ARG_STAR2)]
    places = [LiteralType(star, types.named("builtins.int")) for star in stars]
    defaults = [default_of(formal, callee.variables) or NoneType() for formal in formals]
    stated, taken = [_item(formal) for formal in formals], callee.arg_types
    if is_generic(callee):
        stated, taken = marked(stated, types), loosened(taken)
    carried = [op, *places, types.tuple(carried_names), types.tuple(defaults), *stated]
    open_formals = [erased(arg, types) for arg in taken]
    return callee.copy_modified(
        arg_types=with_parameters(formals, open_formals, carried_names, ctx),
        ret_type=types.named(CALL, [result, types.tuple(carried)]),
        variables=[variable for variable in callee.variables if not is_dimension(variable)],
    )


def has_shapes(signature: Type) -> bool:
    """Whether a call of a function of this type would have to be checked by us."""
    proper = get_proper_type(signature)
    if not isinstance(proper, CallableType):
        return mentions_dimensions(proper)
    parts = signature_parts(proper)
    has_sizes = any(map(mentions_dimensions, parts)) or shares_shapes(proper) or has_data_of_class(proper)
    return has_sizes or any(map(asks_by_protocol, proper.arg_types))


def _function_of(signature: CallableType) -> FuncDef | None:
    """The function behind a signature."""
    definition = signature.definition
    function = definition.func if isinstance(definition, Decorator) else definition
    return function if isinstance(function, FuncDef) else None


def _is_overload(signature: CallableType) -> bool:
    """Whether mypy chooses, by shape as well."""
    function = _function_of(signature)
    return function is not None and function.is_overload


def _is_left_alone(signature: CallableType) -> bool:
    """Whether mypy must see that a class is abstract."""
    return signature.is_type_obj() and (signature.type_object().is_abstract or signature.type_object().is_protocol)


def _name_of(callee: CallableType, name: str) -> str:
    """The function's name in messages: a constructor and a callable object have their class's."""
    function = _function_of(callee)
    if function is not None and function.info and function.name in ("__init__", "__call__", "__new__"):
        return function.info.name
    return name


def _item(formal: Type) -> Type:
    """A formal as an item of the carrier's tuple; mypy alone solves for what ``*xs: Unpack[Ts]`` stands for."""
    inner = formal.type if isinstance(formal, UnpackType) else formal
    return unknown_type() if isinstance(inner, TypeVarTupleType) else inner


def call(ctx: FunctionContext | MethodContext, name: str) -> Type:
    """The result of a call whose signature was sent in a carrier; of any other call, what mypy found."""
    carrier = get_proper_type(ctx.default_return_type)
    if not isinstance(carrier, Instance) or carrier.type.fullname != CALL:
        return expanded(without_never(ctx.default_return_type), ctx.api)
    question = _question(carrier, ctx)
    known = Memory.recall(question)
    if known is not None:
        return known
    return for_each(ctx, lambda alone: _solved(alone, carrier, question if alone is ctx else None))


def _question(carrier: Instance, ctx: FunctionContext | MethodContext) -> Question | None:
    """What the result depends on; None where these are not only types, but what ``*args`` holds."""
    for kinds in ctx.arg_kinds:
        if ARG_STAR in kinds or ARG_STAR2 in kinds:
            return None
    return carrier, *[tuple(types) for types in ctx.arg_types]


def _solved(ctx: FunctionContext | MethodContext, carrier: Instance, question: Question | None) -> Type:
    """The result, by unification.

    It is kept where it is a matter of types: a size has a value, and the items of a display have types of their own.
    """
    result, carried = carrier.args[0], get_proper_type(carrier.args[1])
    assert isinstance(carried, TupleType)
    op, *stars, variables, defaults = (get_proper_type(item) for item in carried.items[:5])
    formals = carried.items[5:]
    assert isinstance(op, LiteralType)
    assert isinstance(variables, TupleType) and isinstance(defaults, TupleType)
    matcher = Matcher(ctx.api, str(op.value), variables.items)
    actuals = Actuals(ctx, [star.value for star in stars if isinstance(star, LiteralType)])
    functions: list[Given] = []
    told = frozenset[str]()
    try:
        for number, (formal, arg_name) in enumerate(zip(formals, ctx.callee_arg_names, strict=False)):
            for offset, (actual, expression, given) in enumerate(actuals.of(number)):  # several for *args and **kwargs
                place = place_of(number + 1 + offset, given or arg_name)
                given_functions = functions_given(ctx.api, formal, actual, expression)
                functions += [(*function, place) for function in given_functions]
                if not any(function is expression for _, _, function in given_functions):
                    matcher.argument(formal, actual, expression, place)
            if not ctx.arg_types[number] and not isinstance(defaults.items[number], NoneType):
                default = Types(ctx.api).dim(dimension_of(defaults.items[number]))
                matcher.argument(formal, default, None, place_of(number + 1, arg_name))
        applied = [*functions, *matcher.lambdas]
        gives_function = isinstance(get_proper_type(result), CallableType)
        told = told_by(formals) if applied or gives_function else told
        for function in applied:  # once the other arguments tell what they get
            apply(ctx, matcher, told, function)
        if gives_function:
            told |= of_one_size(ctx, matcher, formals, applied)
        bindings = matcher.solve()
        require_possible(matcher.name, matcher.formal(shape_of(result) or ()), bindings)
        names = frozenset(name for shape in shapes_in(result) for name in shape_names(shape)) & matcher.own
        unsolved = [name for name in sorted(names) if flexible_name(name) not in bindings]
        if unsolved and matcher.choices and (exact := for_each_shape(ctx.api, ctx.context)) is not None:
            return exact
        _report_unsolved(ctx, matcher, unsolved)
        by_type = all(tensor_of(formal) is not None or not has_to_fit(formal) for formal in formals)
        if unsolved or applied or not by_type or not tells_all(result):
            question = None
    except ShapeError as error:
        if not any(has_error(ctx.api, argument) for given in ctx.args for argument in given):
            report(ctx.api, error, ctx.context, ctx.args)
        return of_error(expanded(combinators.result_of(result, matcher.own, told, {}, Types(ctx.api)), ctx.api))
    except Undetermined as reason:
        if (exact := for_each_shape(ctx.api, ctx.context)) is not None:
            return exact
        report_unknown(ctx.api, str(reason), ctx.context)
        bindings, question = {}, None
    found = combinators.result_of(result, matcher.own, told, bindings, Types(ctx.api))
    return Memory.keep(question, expanded(found, ctx.api))


def _is_unknown(typ: Type) -> bool:
    """Whether the shape of a tensor, or those of a pack or a model, are not known."""
    kinds = [instance for name in (PACK, SEQ) if (instance := instance_of(typ, name)) is not None]
    if any(isinstance(get_proper_type(kind.args[0]), AnyType) for kind in kinds):
        return True
    return any(not is_known(shape_of(tensor) or ()) for tensor in tensors_in(typ))


def is_applied(typ: Type | None) -> bool:
    """Whether what a call of a value of this type gives is for us to say."""
    function = get_proper_type(typ)
    return tells_no_shapes(function) or (isinstance(function, CallableType) and has_shapes(function))


def _report_unsolved(ctx: FunctionContext | MethodContext, matcher: Matcher, unsolved: list[str]) -> None:
    """Report names of the result that the arguments do not tell, though their shapes are known."""
    given = [typ for types in ctx.arg_types for typ in types]
    if unsolved and not any(map(_is_unknown, given)):
        report_unknown(ctx.api, f'{matcher.name}: no argument says what "{unsolved[0]}" is', ctx.context)
