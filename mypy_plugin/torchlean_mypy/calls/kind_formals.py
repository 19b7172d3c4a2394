"""Packs, models, losses and rows as arguments of users' functions: what they say about the callee's names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mypy.types import Type

from torchlean_mypy.syntax.names import LOSS, PACK, ROWS, SEQ
from torchlean_mypy.types.kinds import (
    check_variables,
    has_params,
    instance_of,
    loss_kind,
    model_kind,
    pack_kind,
    rows_kind,
)
from torchlean_typed.shapes.arguments import match_loss, match_model, match_pack
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.shape import Variadic

if TYPE_CHECKING:
    from torchlean_mypy.calls.formals import Matcher


def match_kind(matcher: Matcher, formal: Type, actual: Type, place: str) -> bool:
    """State what a pack, a model, a loss or rows say; whether the formal is one of these.

    Raises:
        ShapeError: where the two cannot fit.
    """
    if instance_of(formal, PACK) is not None:
        if matcher.generic.states(formal, actual, place):
            return True
        check_variables(matcher.name, formal, actual, place, "the other arguments")
        f, a = pack_kind(formal), pack_kind(actual)
        if f is not None and a is not None:
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


def _pack(matcher: Matcher, kind: PackKind) -> PackKind:
    return replace(kind, shapes=tuple(matcher.formal(shape) for shape in kind.shapes))


def _models(matcher: Matcher, formal: Type, actual: Type, place: str) -> None:
    parameters = f"the parameter pack of {place}"
    if not matcher.generic.states(formal, actual, parameters):
        check_variables(matcher.name, formal, actual, parameters, "the other arguments")
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
