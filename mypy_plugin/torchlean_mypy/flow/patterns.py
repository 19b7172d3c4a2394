"""``match x.shape`` and ``match x.ndim``: what a ``case`` says is asserted at its beginning, as of other conditions.

In ``case Shift(w=w)`` and ``case Tensor()`` mypy forgets the sizes of what has any number of them: it gets them back.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from mypy.nodes import (
    Expression,
    IndexExpr,
    IntExpr,
    MatchStmt,
    MemberExpr,
    NameExpr,
    Statement,
    TempNode,
    TypeInfo,
    Var,
)
from mypy.patterns import AsPattern, ClassPattern, Pattern, SequencePattern, StarredPattern, ValuePattern
from mypy.types import Instance, LiteralType, TupleType, Type, UnionType, flatten_nested_unions, get_proper_type

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.flow import cases
from torchlean_mypy.flow.conditions import equal, put
from torchlean_mypy.flow.questions import question
from torchlean_mypy.syntax.expressions import compared, copied
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.statements import every, nested
from torchlean_mypy.types.contained import is_whole, loses, sizes_unsaid
from torchlean_mypy.types.convert import Types


def follow(definitions: list[Statement]) -> None:
    """Put in the assertions that the patterns of a file stand for."""
    for block in [definitions, *(block for statement in [*every(definitions)] for block in nested(statement))]:
        for index, statement in reversed([*enumerate(block)]):
            if not isinstance(statement, MatchStmt):
                continue
            owner = compared(statement.subject)
            if owner is None or isinstance(statement.subject, IndexExpr):
                _recall(block, index, statement)
                continue
            names = [name for pattern in statement.patterns for name in _captured(pattern)]
            block.insert(index, question(statement, partial(_declare, names)))
            _assert(statement, owner)
            if isinstance(statement.subject, MemberExpr) and statement.subject.name == "shape":
                cases.follow(statement, owner)


def _assert(statement: MatchStmt, owner: Expression) -> None:
    """Put in what the patterns say of the tensor, a copy in each: what it is in one, it is not in the next."""
    for pattern, body in zip(statement.patterns, statement.bodies, strict=True):
        match pattern:
            case SequencePattern(patterns=parts) if not any(isinstance(part, StarredPattern) for part in parts):
                for axis, part in enumerate(parts):
                    if isinstance(part, ValuePattern):
                        size = IndexExpr(MemberExpr(copied(owner), "shape"), IntExpr(axis))
                        put(body.body, 0, equal(size, part.expr, pattern), pattern.line)
                put(body.body, 0, equal(MemberExpr(copied(owner), "ndim"), IntExpr(len(parts)), pattern), pattern.line)
            case ValuePattern(expr=IntExpr() as rank):
                put(body.body, 0, equal(MemberExpr(copied(owner), "ndim"), rank, pattern), pattern.line)


def _captured(pattern: Pattern) -> list[NameExpr]:
    """The names that a pattern gives to sizes."""
    parts = pattern.patterns if isinstance(pattern, SequencePattern) else []
    return [part.name for part in parts if isinstance(part, AsPattern) and part.pattern is None and part.name]


def _declare(names: list[NameExpr], api: Any) -> None:
    """Declare sizes to be ints: each ``case`` may have other ones."""
    for name in names:
        if isinstance(name.node, Var) and name.node.is_inferred:
            name.node.type = Types(api).named("builtins.int")


def _recall(block: list[Statement], index: int, statement: MatchStmt) -> None:
    """Have mypy ask before the statement, and at the beginning of each ``case`` of a class."""
    classes = [_class_of(pattern) for pattern in statement.patterns]
    if not any(cls for cls, _ in classes):
        return
    held = _Held(statement.subject, [part.name for one in statement.patterns for part in nodes(one, AsPattern)])
    block.insert(index, question(statement, held.note))
    for (cls, name), body in zip(classes, statement.bodies, strict=True):
        if cls is not None:
            body.body.insert(0, question(body, partial(held.restore, cls, name)))


def _class_of(pattern: Pattern) -> tuple[ClassPattern | None, NameExpr | None]:
    """The pattern as one of a class, and the name that it has."""
    if isinstance(pattern, AsPattern) and isinstance(pattern.pattern, ClassPattern):
        return pattern.pattern, pattern.name
    return (pattern if isinstance(pattern, ClassPattern) else None), None


class _Held:
    """What a ``match`` is about, and its type; and the names that its patterns bind."""

    # what mypy declares such variables to be: of [*b], tensors of any number of sizes that cannot be
    declared: ClassVar[dict[Var, Type]] = {}

    def __init__(self, subject: Expression, names: list[NameExpr | None]) -> None:
        self.subject, self.names = subject, names
        self.type: Type | None = None

    def note(self, api: Any) -> None:
        """Note the type before the statement; mypy looks whether its patterns fit what it declared the names to be."""
        with api.msg.filter_errors(), api.local_type_map:
            self.type = api.expr_checker.accept(self.subject)
        for name in self.names:
            if name is not None and isinstance(name.node, Var) and name.node in self.declared:
                name.node.type = UnionType.make_union(_once(self.declared[name.node], name.node.type))

    def restore(self, pattern: ClassPattern, name: NameExpr | None, api: Any) -> None:
        """Give what is matched, its name and those of its attributes the sizes that it has."""
        info, whole = pattern.class_ref.node, get_proper_type(self.type)
        items = [*map(get_proper_type, whole.items)] if isinstance(whole, UnionType) else [whole]
        fits = [item for item in items if isinstance(info, TypeInfo) and _is_of(item, info)]
        if not fits or not isinstance(info, TypeInfo):
            return
        found = UnionType.make_union([item for item in fits if item is not None])
        if api.binder.can_put_directly(self.subject):
            _put(self.subject, found, api)
        if name is not None:
            self._bind(name, found, api)
        for attribute, target in _attributes(pattern, info):
            with api.msg.filter_errors(), api.local_type_map:
                self._bind(target, api.expr_checker.accept(MemberExpr(TempNode(found), attribute)), api)

    def _bind(self, name: NameExpr, found: Type, api: Any) -> None:
        """Have a name that the pattern binds be this, also to what reads it as it is declared."""
        variable = name.node
        if not isinstance(variable, Var) or not variable.is_inferred or variable.type is None:
            return
        if _put(name, found, api):
            self.declared.setdefault(variable, variable.type)
            variable.type = UnionType.make_union(
                [item for item in _once(variable.type, found) if not loses(item) and not sizes_unsaid(item)[1]]
            )


Checker.listeners.append(lambda api: _Held.declared.clear())


def _is_of(typ: Type | None, info: TypeInfo) -> bool:
    fallback = typ.partial_fallback if isinstance(typ, TupleType) else typ
    return isinstance(fallback, Instance) and fallback.type.has_base(info.fullname)


def _put(target: Expression, found: Type, api: Any) -> bool:
    """Have something be this from here on, if that is known and what it is to mypy is not; whether it is so."""
    is_news = _are_whole(found) and not _are_whole(api.binder.get(target))
    if is_news:
        api.binder.put(target, found)
    return is_news


def _once(*types: Type | None) -> list[Type]:
    return [*dict.fromkeys(flatten_nested_unions([typ for typ in types if typ is not None]))]


def _are_whole(typ: Type | None) -> bool:
    """Whether all is known of what this may be."""
    proper = get_proper_type(typ)
    return all(map(is_whole, proper.items)) if isinstance(proper, UnionType) else is_whole(proper)


def _attributes(pattern: ClassPattern, info: TypeInfo) -> list[tuple[str, NameExpr]]:
    """The attributes that a pattern gives names, and these."""
    listed = info.names.get("__match_args__")
    typ = get_proper_type(listed.type) if listed is not None else None
    items = [*map(get_proper_type, typ.items)] if isinstance(typ, TupleType) else []
    names = [str(item.value) for item in items if isinstance(item, LiteralType)]
    given = [*zip(names, pattern.positionals, strict=False)]
    given += zip(pattern.keyword_keys, pattern.keyword_values, strict=True)
    captured = [(key, part.name) for key, part in given if isinstance(part, AsPattern) and part.pattern is None]
    return [(key, name) for key, name in captured if name is not None]
