"""Packs, models, losses and rows as arguments of users' functions: what they say about the callee's names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mypy.types import CallableType, Instance, LiteralType, Type, TypeVarId, TypeVarType, get_proper_type

from torchlean_mypy.convert import Types, is_dimension, unknown_type
from torchlean_mypy.kinds import (
    check_variables,
    has_params,
    instance_of,
    loss_kind,
    model_kind,
    pack_kind,
    rows_kind,
)
from torchlean_mypy.names import LOSS, PACK, ROWS, SEQ
from torchlean_typed.shapes.arguments import match_loss, match_model, match_pack
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import same_packs
from torchlean_typed.shapes.shape import Variadic

if TYPE_CHECKING:
    from torchlean_mypy.formals import Matcher


def match_kind(matcher: Matcher, formal: Type, actual: Type, place: str) -> bool:
    """State what a pack, a model, a loss or rows say; whether the formal is one of these.

    Raises:
        ShapeError: where the two cannot fit.
    """
    if instance_of(formal, PACK) is not None:
        check_variables(matcher.name, formal, actual, place, "the other arguments")
        f, a = pack_kind(formal), pack_kind(actual)
        if f is not None and a is not None:
            if (owner := _owner(matcher, formal, place)) is not None:
                same_packs(matcher.name, f, a, place, owner)
            else:
                match_pack(matcher.unifier, _pack(matcher, f), a, place)
    elif instance_of(formal, SEQ) is not None:
        _models(matcher, formal, actual, place)
    elif instance_of(formal, LOSS) is not None:
        loss, given = loss_kind(formal), loss_kind(actual)
        if loss is not None and given is not None:
            opened = replace(loss, output=matcher.formal(loss.output), target=matcher.formal(loss.target))
            match_loss(matcher.unifier, opened, given, place)
    elif instance_of(formal, ROWS) is not None:
        _rows(matcher, formal, actual, place)
    else:
        return False
    return True


def _owner(matcher: Matcher, formal: Type, place: str) -> str | None:
    """Of a pack or model of a type variable, the place of the first such argument."""
    kind = instance_of(formal, PACK) or instance_of(formal, SEQ)
    mark = get_proper_type(kind.args[1 if kind.type.fullname == PACK else 3]) if kind is not None else None
    if not isinstance(mark, LiteralType):
        return None
    return matcher.owners.setdefault(str(mark.value), place)


def _pack(matcher: Matcher, kind: PackKind) -> PackKind:
    return replace(kind, shapes=tuple(matcher.formal(shape) for shape in kind.shapes))


def _models(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    check_variables(matcher.name, formal, actual, f"the parameter pack of {place}", "the other arguments")
    _owner(matcher, formal, f"the parameter pack of {place}")
    f, a = model_kind(formal), model_kind(actual)
    if f is None or a is None:
        return
    opened = replace(f, input=matcher.formal(f.input), output=matcher.formal(f.output), params=_pack(matcher, f.params))
    match_model(matcher.unifier, opened, a, place, has_params(formal) and has_params(actual))


def _rows(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    f, a = rows_kind(formal), rows_kind(actual)
    left, right = instance_of(formal, ROWS), instance_of(actual, ROWS)
    if left is None or right is None:
        return
    if f is not None and a is not None:
        (count,) = matcher.formal((f.count,))
        if not isinstance(count, Variadic):
            matcher.unifier.dimension(count, a.count, f"the number of rows of {place}")
    matcher.argument(left.args[1], right.args[1], None, f"a row of {place}")


# --- generic code over any model ------------------------------------------------------------------------------------


def shares_shapes(signature: CallableType) -> bool:
    """Whether a type variable stands in two models and packs among the formals, ``Seq[I, O, P]``, ``TensorPack[P]``."""
    found = [variable for formal in signature.arg_types for variable in _variables(formal)]
    return len(set(found)) < len(found)


def marked(formal: Type, types: Types) -> Type:
    """A pack or model of a type variable with the variable's name in it, which is gone once mypy has inferred it."""
    kind = instance_of(formal, PACK) or instance_of(formal, SEQ)
    if kind is None or not isinstance(get_proper_type(formal), Instance):
        return formal
    place = 1 if kind.type.fullname == PACK else 3
    variable = get_proper_type(kind.args[place - 1])
    if not isinstance(variable, TypeVarType) or is_dimension(variable):
        return formal
    mark = LiteralType(variable.name, types.named("builtins.str"))
    return kind.copy_modified(args=[*kind.args[:place], mark, *kind.args[place + 1 :]])


def loosened(formals: Sequence[Type]) -> list[Type]:
    """The formals, in which each type variable stands in one pack or model: the first of these, models before packs.

    What the variable is, mypy infers from that one; whether the others fit it is for us to say.
    """
    result, taken = list(formals), set[TypeVarId]()
    for index in sorted(range(len(formals)), key=lambda index: instance_of(formals[index], SEQ) is None):
        own = set(_variables(formals[index]))
        formal = get_proper_type(formals[index])
        if isinstance(formal, Instance) and own & taken:
            args = [unknown_type() if getattr(arg, "id", None) in taken else arg for arg in formal.args]
            result[index] = formal.copy_modified(args=args)
        taken |= own
    return result


def _variables(formal: Type) -> list[TypeVarId]:
    kind = instance_of(formal, PACK) or instance_of(formal, SEQ)
    args = [get_proper_type(arg) for arg in kind.args] if kind is not None else []
    return list(dict.fromkeys(arg.id for arg in args if isinstance(arg, TypeVarType) and not is_dimension(arg)))
