"""Generic code over any model, ``Seq[I, O, P]`` and ``TensorPack[P]``: what a type variable is in all of a call.

mypy infers a type variable from all arguments together, and where they differ it joins what they say. So it is shown
one of them, and whether the others fit that one is for us to say: the formals are carried with a mark in the
variable's place, since the variable itself is gone once mypy has inferred it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    Type,
    TypeVarId,
    TypeVarType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import PACK, SEQ
from torchlean_mypy.types.convert import Types, is_dimension, unknown_type
from torchlean_mypy.types.kinds import check_lists, instance_of, list_of_shapes, pack_of
from torchlean_mypy.types.walk import Walk
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.models import same_packs

MARK = "shapes of "
LISTS = {PACK: 0, SEQ: 2}  # which argument of the type lists the shapes of a pack


class _Variables(Walk):
    """Puts something in the place of the type variables of a formal.

    Those of a callable are left as they are: mypy compares functions well enough.
    """

    def __init__(self, change: Callable[[TypeVarType], Type]) -> None:
        super().__init__()
        self.change = change
        self.kinds: set[TypeVarId] = set()  # the variables that stand for the shapes of packs
        self.found: list[TypeVarId] = []
        self.depth = 0  # how many classes that hold several things the variable stands in

    def visit_instance(self, t: Instance, /) -> Type:
        if not t.args:
            return t
        if t.type.fullname in (PACK, SEQ):
            listed = get_proper_type(t.args[LISTS[t.type.fullname]])
            self.kinds |= {listed.id} if isinstance(listed, TypeVarType) else set()
            return super().visit_instance(t)
        self.depth += 1
        changed = super().visit_instance(t)
        self.depth -= 1
        return changed

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        if is_dimension(t):
            return t
        self.found += [t.id] * (1 + bool(self.depth))
        return self.change(t)

    def visit_callable_type(self, t: CallableType, /) -> Type:
        return t


def _variables(*formals: Type) -> _Variables:
    visitor = _Variables(lambda variable: variable)
    for formal in formals:
        formal.accept(visitor)
    return visitor


def is_generic(signature: CallableType) -> bool:
    """Whether a function has type variables of its own."""
    return not all(map(is_dimension, signature.variables))


def shares_shapes(signature: CallableType) -> bool:
    """Whether a type variable stands for several models or packs: in two formals, in a list, in ``*args``."""
    visitor = _variables(*signature.arg_types)
    stars = zip(signature.arg_types, signature.arg_kinds, strict=True)
    repeated = [formal for formal, kind in stars if kind in (ARG_STAR, ARG_STAR2)]
    found = [variable for variable in [*visitor.found, *_variables(*repeated).found] if variable in visitor.kinds]
    return len(set(found)) < len(found)


def marked(formals: Sequence[Type], types: Types) -> list[Type]:
    """The formals with marks for the type variables of packs."""
    over = _variables(*formals).kinds
    text = types.named("builtins.str")
    visitor = _Variables(lambda variable: LiteralType(MARK + variable.name, text) if variable.id in over else variable)
    return [formal.accept(visitor) for formal in formals]


def loosened(formals: Sequence[Type]) -> list[Type]:
    """The formals, in which each type variable stands in one alone: a model if there is one, or else a pack."""
    result, taken = list(formals), set[TypeVarId]()
    over = _variables(*formals).kinds
    visitor = _Variables(lambda variable: unknown_type() if variable.id in over & taken else variable)
    for index in sorted(range(len(formals)), key=lambda index: _rank(formals[index])):
        result[index] = formals[index].accept(visitor)
        taken |= {*_variables(formals[index]).found}
    return result


def _rank(formal: Type) -> int:
    proper = get_proper_type(formal)
    if not isinstance(proper, Instance):
        return 2
    return (SEQ, PACK).index(proper.type.fullname) if proper.type.fullname in (SEQ, PACK) else 2


def mark_of(typ: Type) -> str | None:
    """The mark that stands in the place of a type variable."""
    proper = get_proper_type(typ)
    text = str(proper.value) if isinstance(proper, LiteralType) else ""
    return text if text.startswith(MARK) else None


def has_marks(formal: Type) -> bool:
    """Whether a mark stands anywhere in a formal."""
    visitor = _Marks()
    formal.accept(visitor)
    return visitor.found


class _Marks(Walk):
    found = False

    def visit_literal_type(self, t: LiteralType, /) -> Type:
        self.found = self.found or mark_of(t) is not None
        return t

    def visit_callable_type(self, t: CallableType, /) -> Type:
        return t


class Generic:
    """What the arguments of one call say of the type variables: the first of each, and where it is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.first: dict[str, tuple[Type, Type, str]] = {}

    def states(self, formal: Type, actual: Type, place: str) -> bool:
        """State what the shapes of a pack, or of a model's parameters, are; whether the formal is of a type variable.

        Raises:
            ShapeError: where they are not what they are in the first place.
        """
        mark = mark_of(list_of_shapes(formal))
        if mark is not None:
            pack, model = instance_of(actual, PACK), instance_of(actual, SEQ)
            names = pack.args[1] if pack is not None else model.args[3] if model is not None else unknown_type()
            self.state(mark, list_of_shapes(actual), names, place)
        return mark is not None

    def state(self, mark: str, shapes: Type, names: Type, place: str) -> None:
        """State what a type variable is at a place."""
        found = get_proper_type(shapes)
        if isinstance(found, Instance):  # mypy has joined them
            raise ShapeError(self.name, f"{place} is one of several packs, whose shapes differ", expected="one pack")
        if isinstance(found, AnyType):
            return
        first, first_names, owner = self.first.setdefault(mark, (found, names, place))
        check_lists(self.name, get_proper_type(first), found, place, owner)
        left, right = pack_of(first, first_names), pack_of(found, names)
        if left is not None and right is not None:
            same_packs(self.name, left, right, place, owner)
