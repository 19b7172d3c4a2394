"""Pairing formals with actual arguments: wherever a formal has a shape, the actual one is stated to be equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    DictExpr,
    Expression,
    LambdaExpr,
    TupleExpr,
)
from mypy.types import (
    CallableType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    UnionType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.calls.asked import asks_by_protocol
from torchlean_mypy.calls.iteration import item_of
from torchlean_mypy.calls.kind_formals import match_kind
from torchlean_mypy.calls.members import may_have, meant, rank_of
from torchlean_mypy.calls.spread import WRITTEN, alike, each_item
from torchlean_mypy.syntax.lookups import lambda_of
from torchlean_mypy.syntax.names import DIM
from torchlean_mypy.types.class_arguments import sized, sizes_in
from torchlean_mypy.types.contained import alternatives_in
from torchlean_mypy.types.convert import (
    Types,
    dimension_of,
    dtype_marker,
    shape_of,
    tensor_of,
    tensors_in,
    unknown_type,
)
from torchlean_mypy.types.erase import opened
from torchlean_mypy.types.facts import applied
from torchlean_mypy.types.generalise import names_of_variables, own_dimensions
from torchlean_mypy.types.generic_kinds import Generic, has_marks, mark_of
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.arguments import check_dtype
from torchlean_typed.shapes.class_names import match_sizes
from torchlean_typed.shapes.dim import DimExpr
from torchlean_typed.shapes.dtypes import members, words
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Bindings, Shape, Variadic, shape_names
from torchlean_typed.shapes.unify import Unifier, flexible, flexible_name

# a function as an argument: what is asked of it, its type, itself, and where it stands
Given = tuple[Type, Type, Expression, str]
# an argument of a parameter with several shapes: those, its own, and where it stands
Choice = tuple[list[Shape], Shape, str]
PARTS = {"_KT": "a key", "_VT": "a value", "_VT_co": "a value", "_YieldT_co": "an item"}  # by typeshed's names


class Matcher:
    """States what the arguments of one call say about the callee's names, and solves it."""

    def __init__(self, api: Any, name: str, variables: Sequence[Type]) -> None:
        self.api = api
        self.name = name
        self.unifier = Unifier(name)
        self.own = names_of_variables(*variables)
        self.opened = 0
        self.generic = Generic(name)
        self.lambdas: list[Given] = []  # what they give is known when what they get is
        self.choices: list[Choice] = []  # which of the shapes it has is known when the names are

    def solve(self) -> Bindings:
        """The callee's names, solved.

        Raises:
            ShapeError: where they cannot be.
            Undetermined: where two arguments have one of several shapes each, and nothing else tells what they share.
        """
        bindings = self.unifier.solve()
        open_names: dict[str, str] = {}  # and where they stand
        for formals, actual, place in self.choices:
            self._choose(formals, actual, place)
            names = {name for formal in formals for name in shape_names(formal)}
            for name in sorted(names.intersection(map(flexible_name, self.own)) - {*bindings}):
                if (other := open_names.setdefault(name, place)) != place:
                    raise Undetermined(f"{self.name}: the shapes of {other} and {place} may not go together")
        return bindings

    def argument(self, formal: Type, actual: Type, expression: Expression | None, place: str) -> None:
        """State what one argument says.

        Raises:
            ShapeError: for a rank or a dtype that cannot fit.
            Undetermined: for an item of a list that is one of several objects.
        """
        f, a = get_proper_type(formal), get_proper_type(actual)
        if shape_of(f) is not None:
            self._tensor(f, actual, place)
        elif alternatives_in(a) and not isinstance(f, UnionType) and has_to_fit(f):
            raise Undetermined(f"{self.name}: {place} may have one of several shapes")
        elif match_kind(self, f, actual, place):
            return
        elif (mark := mark_of(f)) is not None:
            self.generic.state(mark, a, unknown_type(), place)
        elif isinstance(f, UnionType):
            self._union(f, actual, expression, place)
        elif isinstance(f, Instance) and f.type.fullname == DIM:
            value = value_of(self.api, expression, actual)
            if isinstance(value, int | DimExpr) and not isinstance(value, bool):
                (dim,) = self.formal((dimension_of(f),))
                assert not isinstance(dim, Variadic)
                self.unifier.dimension(dim, value, place)
        elif expression is not None and self._is_lambda(f, a, expression):
            self.lambdas.append((formal, actual, expression, place))
        elif (wanted := sized(f)) is not None:
            self._object(wanted, a, place)
        elif isinstance(f, TupleType):
            self._tuple(f, a, expression, place)
        elif isinstance(f, CallableType) and isinstance(a, CallableType):
            self._callable(f, a, place)
        elif isinstance(f, Instance) and f.args and (has_to_fit(f) or asks_by_protocol(f)):
            self._generic(f, a, expression, place)

    def formal(self, shape: Shape) -> Shape:
        """A formal's shape with the callee's own names made flexible."""
        return applied(flexible(shape, keep=shape_names(shape) - self.own))

    def _tensor(self, formal: Type, actual: Type, place: str) -> None:
        shape = shape_of(actual)
        if shape is None and tensor_of(formal) is not None:  # one of several: each has to fit, none says what a name is
            fixed = self.formal(shape_of(formal) or ())
            self.choices += [([fixed], applied(shape_of(one) or ()), place) for one in tensors_in(actual)]
        if shape is None or (tensor_of(formal) is None) != (tensor_of(actual) is None):
            return
        self._dtype(dtype_marker(formal), dtype_marker(actual), place)
        self.unifier.match(self.formal(shape_of(formal) or ()), applied(shape), place)

    def _alone(self, formal: Shape, actual: Shape, place: str) -> None:
        """Require that a shape fits with what is stated so far, of which it says nothing."""
        alone = self.unifier.resumed(self.name)
        alone.match(formal, actual, place)
        alone.solve()

    def _dtype(self, expected: str | None, got: str | None, place: str) -> None:
        if expected is None or got is None or expected == got:
            return
        allowed = members(expected)
        if not set(allowed) & set(members(got)):
            check_dtype(self.name, words(expected), allowed, words(got), place)

    def _union(self, formal: UnionType, actual: Type, expression: Expression | None, place: str) -> None:
        """Optional and the like: where one member only can be meant, that one."""
        a = get_proper_type(actual)
        shaped = [item for item in formal.items if has_to_fit(item)]
        if isinstance(a, UnionType):
            rest = [item for item in a.items if not isinstance(get_proper_type(item), NoneType)]
            if len(rest) != 1:
                for item in rest:
                    self._any_of(formal, meant(formal, shaped, item), item, place)
                return
            actual = rest[0]
        shape = shape_of(actual)
        if len(shaped) > 1 and shape is not None:
            shaped = meant(formal, shaped, actual)
            shapes = {shape_of(item) for item in shaped}
            if len(shaped) > 1 and len(shapes) == 1:  # of several dtypes
                self.unifier.match(self.formal(shapes.pop() or ()), applied(shape), place)
            elif len(shaped) > 1:
                self._any_of(formal, shaped, actual, place)
        if len(shaped) == 1 and (shape_of(shaped[0]) is None or shape is not None):
            if shape is not None and any(shape_of(item) == ANY_SHAPE for item in formal.items):
                try:
                    self._dtype(dtype_marker(shaped[0]), dtype_marker(actual), place)
                    self._alone(self.formal(shape_of(shaped[0]) or ()), applied(shape), place)
                except ShapeError:
                    return  # it is meant by the member of any shape
            self.argument(shaped[0], actual, expression, place)

    def _any_of(self, formal: UnionType, shaped: list[Type], actual: Type, place: str) -> None:
        """State that a tensor has one of several shapes, unless it may be meant by a member that has none."""
        shape, rank = shape_of(actual), rank_of(actual)
        formals = [one for item in shaped if (one := shape_of(item)) is not None]
        if shape is None or rank is None or not formals:
            return  # of unknown rank it may have the shape of one member or of another
        if not any(not has_to_fit(item) and may_have(item, rank) for item in formal.items):
            self.choices.append(([self.formal(one) for one in formals], applied(shape), place))

    def _choose(self, formals: list[Shape], actual: Shape, place: str) -> None:
        """Require that one of several shapes fits.

        Raises:
            ShapeError: what is wrong with the first, where none does.
            Undetermined: where one may.
        """
        failures: list[ShapeError | Undetermined] = []
        for formal in formals:
            try:
                return self._alone(formal, actual, place)
            except (ShapeError, Undetermined) as error:
                failures.append(error)
        raise next((one for one in failures if isinstance(one, Undetermined)), failures[0])

    def _tuple(self, formal: TupleType, actual: Type, expression: Expression | None, place: str) -> None:
        items: Sequence[Type] | None = None
        if isinstance(actual, TupleType) and len(actual.items) == len(formal.items):
            items = actual.items
        if items is None or any(isinstance(get_proper_type(i), UnpackType) for i in [*formal.items, *items]):
            return
        expressions: Sequence[Expression | None] = [None] * len(items)
        if isinstance(expression, TupleExpr) and len(expression.items) == len(items):
            expressions = expression.items
        for index, (f, a, e) in enumerate(zip(formal.items, items, expressions, strict=True)):
            self.argument(f, a, e, f"item {index} of {place}")

    def _object(self, formal: Instance, actual: Type, place: str) -> None:
        """An object of a class with sizes."""
        given = sized(actual)
        if given is None or not given.type.has_base(formal.type.fullname):
            return
        (names, wanted), (_, found) = sizes_in(formal), sizes_in(map_instance_to_supertype(given, formal.type))
        formals, actuals = [self.formal(size) for size in wanted], [applied(size) for size in found]
        match_sizes(self.unifier, names, formals, actuals, place)

    def _generic(self, formal: Instance, actual: Type, expression: Expression | None, place: str) -> None:
        if isinstance(expression, DictExpr) and len(formal.args) == 2:
            for index, (key, value) in enumerate(expression.items):
                found, name = type_of(self.api, value), value_of(self.api, key, None)
                if found is not None and key is None:
                    self.argument(formal, found, value, place)
                elif found is not None:
                    text = f'item "{name}"' if isinstance(name, str) else f"item {name}"
                    text = text if isinstance(name, str | int) else f"value {index}"
                    self.argument(formal.args[1], found, value, f"{text} of {place}")
            return
        if isinstance(expression, WRITTEN) and len(formal.args) == 1:
            # a display has been given the erased formal's type: its items know their own shapes
            for index, (typ, item) in enumerate(each_item(self.api, expression, actual)):
                self.argument(formal.args[0], typ, item, f"item {index} of {place}")
            return
        if formal.type.fullname == "typing.Iterable" and (row := item_of(actual, self.api)) is not None:
            for index, one in enumerate(alike(row)):
                self.argument(formal.args[0], one, None, f"item {index} of {place}")
        if not isinstance(actual, Instance) or not actual.type.has_base(formal.type.fullname):
            return
        mapped = map_instance_to_supertype(actual, formal.type)
        if len(mapped.args) == len(formal.args):
            for index, (f, a) in enumerate(zip(formal.args, mapped.args, strict=True)):
                for one, where in zip(alike(a), _held(formal, index, place), strict=False):
                    self.argument(f, one, None, where)

    def _is_lambda(self, formal: ProperType, actual: ProperType, expression: Expression) -> bool:
        """Whether this is a lambda with a name, whose parameters mypy has not been told."""
        if isinstance(expression, LambdaExpr) or not isinstance(actual, CallableType) or not actual.implicit:
            return False
        return isinstance(formal, CallableType | Instance) and lambda_of(self.api, expression) is not None

    def _callable(self, formal: CallableType, actual: CallableType, place: str) -> None:
        """A function as an argument: what it takes and gives must fit what it will be given and asked for."""
        if len(formal.arg_types) != len(actual.arg_types):
            return
        own = names_of_variables(*own_dimensions(actual))
        if own:  # a function for any shapes: its names are to be solved too, apart from the callee's
            self.opened += 1
            actual = opened(actual, own, "'" * self.opened, Types(self.api))
        for f, a in zip(formal.arg_types, actual.arg_types, strict=True):
            self.argument(f, a, None, f"a parameter of {place}")
        self.argument(formal.ret_type, actual.ret_type, None, f"the result of {place}")


def _held(formal: Instance, index: int, place: str) -> tuple[str, str]:
    """Where one thing stands that an object holds, and where another like it; of the parameters of a model, itself."""
    if mark_of(formal.args[index]) is not None:
        return place, place
    if len(formal.args) == 1:
        return f"item 0 of {place}", f"item 1 of {place}"
    words = PARTS.get(name := formal.type.type_vars[index], name)
    return f"{words} of {place}", f"another {words.split()[-1]} of {place}"


def has_to_fit(formal: Type) -> bool:
    """Whether there is anything in a formal that has to fit: a dimension, a rank, or a type variable over packs."""
    return mentions_dimensions(formal) or has_marks(formal) or shape_of(formal) not in (None, ANY_SHAPE)
