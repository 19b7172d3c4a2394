"""Loops that make a variable another thing each time.

mypy goes through a loop until nothing changes, but no more than four times: what a variable would be after a fifth is
not among what mypy takes it for then, and code in which it is that is dead to it. So before the fourth time it is seen
whether there would be a fifth. A variable that keeps changing is anything of its kind from there on, and is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from mypy.binder import Frame
from mypy.literals import extract_var_from_literal_hash
from mypy.nodes import ForStmt, Var, WhileStmt
from mypy.subtypes import is_same_type
from mypy.typeops import make_simplified_union
from mypy.types import TupleType, Type, UnionType

from torchlean_mypy.flow.questions import question
from torchlean_mypy.library.evaluation import Outcome, joined
from torchlean_mypy.reports.codes import report_unknown
from torchlean_mypy.syntax.expressions import Nodes
from torchlean_mypy.types.contained import knows, loses
from torchlean_mypy.types.convert import Types, dtype_marker, each_in, shape_of, tensor_of
from torchlean_mypy.types.erase import erased
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.shape import ANY_SHAPE, Shapes

LAST = 4  # how often mypy goes through a loop
TUPLE = "builtins.tuple"


@dataclass
class _Loop:
    """A loop, and how often mypy has gone through it since it came to it."""

    statement: ForStmt | WhileStmt
    gathered: Frame | None = None  # what mypy gathers in
    times: int = 0

    @property
    def keyword(self) -> str:
        return "for" if isinstance(self.statement, ForStmt) else "while"


def follow(nodes: Nodes) -> None:
    """Have mypy ask at the beginning of the body of each loop."""
    for statement in (*nodes[ForStmt], *nodes[WhileStmt]):
        statement.body.body.insert(0, question(statement, partial(_begin, _Loop(statement))))


def _begin(loop: _Loop, api: Any) -> None:
    """The body begins: for the last time, perhaps, and then what would still change is made unknown."""
    binder = api.binder
    level = binder.continue_frames[-1]
    if loop.gathered is not binder.frames[level]:
        loop.gathered, loop.times = binder.frames[level], 0
    loop.times += 1
    if loop.times != LAST:
        return
    known: dict[Any, Type] = {}
    unknown: dict[Any, Type] = {}
    while not (changing := _changing(loop, level, api)).keys() <= unknown.keys():
        new = {key: typ for key, typ in changing.items() if key not in unknown}
        known |= new
        unknown |= {key: _any_of_its_kind(typ, Types(api)) for key, typ in new.items()}
        if isinstance(loop.statement, WhileStmt):  # where the condition does not hold is after the loop
            for key, typ in new.items():
                _put(key, UnionType.make_union([typ, unknown[key]]), binder)
            with api.msg.filter_errors():
                api.expr_checker.accept(loop.statement.expr)
        for key in new:
            _put(key, unknown[key], binder)
    for key, typ in unknown.items():
        if key in changing and not loses(changing[key]):  # of [1, ...] and [1] mypy makes one
            binder._put(key, typ, True, level)
    _report(loop, known, api)


def _report(loop: _Loop, known: dict[Any, Type], api: Any) -> None:
    """Report what is lost of what was known of variables."""
    lost = [key for key, typ in known.items() if knows(typ) or not loses(typ)]
    names = sorted(variable.name for key in lost if (variable := _told(key, loop)) is not None)
    if names:
        what, pronoun = ("has another shape", "it") if len(names) == 1 else ("have other shapes", "them")
        whose = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        reason = f"{loop.keyword}: {whose} {what} each time: declare {pronoun}, if that is meant"
        report_unknown(api, reason, loop.statement)


def _put(key: Any, typ: Type, binder: Any) -> None:
    """From here on, a variable is of this type, which it may be."""
    variable = extract_var_from_literal_hash(key)
    if variable is not None and variable.type is not None and variable.is_inferred:
        variable.type = make_simplified_union([variable.type, typ])
    binder._put(key, typ, True)


def _changing(loop: _Loop, level: int, api: Any) -> dict[Any, Type]:
    """What has shapes and would be yet another thing after the body, with all that it would have been."""
    binder = api.binder
    isolated, whole = binder.frame_context(can_skip=False, discard=True), binder.frame_context(can_skip=False)
    with isolated, whole as gathered:
        with binder.frame_context(can_skip=False, break_frame=2, continue_frame=1):
            for statement in loop.statement.body.body:
                if not binder.is_unreachable():
                    api.accept(statement)
        after = {**gathered.types}
    found: dict[Any, Type] = {}
    for key, now in after.items():
        known = binder._get(key, level)
        if known is not None and mentions_dimensions(now.type):
            typ = make_simplified_union([known.type, now.type])
            if not is_same_type(typ, known.type) or (loses(now.type) and not loses(known.type)):
                found[key] = typ
    return found


def _told(key: Any, loop: _Loop) -> Var | None:
    """The variable that is reported: one that there was before the loop, and whose type is not declared."""
    variable = extract_var_from_literal_hash(key)
    if variable is None or variable.line >= loop.statement.line:
        return None
    return variable if variable.is_inferred or variable.is_argument else None


def _any_of_its_kind(typ: Type, types: Types) -> Type:
    """A type that has room for what a variable becomes."""
    items = each_in(typ)
    tensors = [item for item in items if tensor_of(item) is not None]
    tuples = [item for item in items if isinstance(item, TupleType) and item.partial_fallback.type.fullname == TUPLE]
    found = [erased(item, types) for item in items if item not in tensors and item not in tuples]
    if tensors:
        one = joined([Outcome(shape_of(tensor) or (), dtype_marker(tensor)) for tensor in tensors])
        found.append(types.tensor(one.dtype, ANY_SHAPE if isinstance(one.shape, Shapes) else one.shape))
    if tuples:
        parts = [erased(part, types) for item in tuples for part in item.items]
        found.append(types.named(TUPLE, [UnionType.make_union([*dict.fromkeys(parts)])]))
    return UnionType.make_union([*dict.fromkeys(found)])
