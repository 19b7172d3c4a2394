"""Comparisons of a rank, as mypy narrows by them: ``x.ndim < 2`` is ``x.ndim == 0 or x.ndim == 1``.

mypy narrows a union by an attribute that is a literal in each of its members, compared by ``==``. So every comparison
with a number becomes one of these, the rank of a member that has a variadic is one of several, and where it is compared
a tensor with a ``*batch`` is a union: of those that have this rank, and of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from typing import Any, ClassVar

from mypy.literals import literal_hash
from mypy.nodes import (
    ComparisonExpr,
    Expression,
    IntExpr,
    LambdaExpr,
    ListExpr,
    MatchStmt,
    MemberExpr,
    NameExpr,
    Node,
    OpExpr,
    SetExpr,
    TupleExpr,
    UnaryExpr,
)
from mypy.plugin import AttributeContext
from mypy.types import Instance, LiteralType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.flow.narrowing import Narrowed
from torchlean_mypy.library.dims import of_each
from torchlean_mypy.syntax.expressions import PARTS, Nodes, copied
from torchlean_mypy.syntax.lookups import nodes as nodes_of
from torchlean_mypy.syntax.names import TENSOR
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.types.convert import Types, each_in, shape_of, tensor_of
from torchlean_typed.shapes.dim import UNKNOWN
from torchlean_typed.shapes.shape import Axis, Shape, Variadic

HIGHEST = 64  # of a NumPy array
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
Comparison = tuple[Expression, bool, Iterable[int]]  # of a rank: whether it is none of these numbers, or one


class Ranks:
    """The ``x.ndim`` that are compared, and the types of tensors that are known not to have a rank, by identity."""

    # with what they stand in, and whether in a lambda, which may be called with each of several tensors
    compared: ClassVar[Notes[int, tuple[Node, Node, bool]]] = Notes()
    others: ClassVar[dict[int, tuple[Type, int]]] = {}


Checker.listeners.append(lambda api: Ranks.others.clear())


def follow(file: str, nodes: Nodes) -> None:
    """Spell the comparisons of a file."""
    comparisons: list[ComparisonExpr] = nodes[ComparisonExpr]
    in_lambdas = _in_lambdas(nodes)
    spelled = {id(node): new for node in comparisons if (new := _spelled(node, node in in_lambdas)) is not None}
    for kind, some in nodes.items() if spelled else ():
        for name in PARTS.get(kind, ()):
            for node in some:
                setattr(node, name, _replaced(getattr(node, name), spelled))
    comparisons += [part for new in spelled.values() for part in _comparisons(new)]
    in_lambdas = _in_lambdas(nodes)
    for place in (*comparisons, *nodes[MatchStmt]):
        for side in [place.subject] if isinstance(place, MatchStmt) else place.operands:
            if isinstance(side, MemberExpr) and side.name == "ndim":
                Ranks.compared[file][id(side)] = side, place, place in in_lambdas


def _in_lambdas(nodes: Nodes) -> set[Node]:
    return {node for function in nodes[LambdaExpr] for node in nodes_of(function, ComparisonExpr)}


def _replaced(part: Any, spelled: dict[int, Expression]) -> Any:
    if isinstance(part, list):
        return [_replaced(item, spelled) for item in part]
    return spelled.get(id(part), part)


def _comparisons(node: Expression) -> list[ComparisonExpr]:
    if isinstance(node, OpExpr):
        return _comparisons(node.left) + _comparisons(node.right)
    return [node] if isinstance(node, ComparisonExpr) else []


def _spelled(node: ComparisonExpr, is_in_lambda: bool) -> Expression | None:
    """The comparison with ``==`` and ``!=`` alone; None for one that is as mypy reads it, which a lambda's is not.

    It may never hold where the lambda is called: ``pack.map(lambda w: w.mT if w.ndim == 2 else w)``.
    """
    if node.operators in (["=="], ["!="]) and not is_in_lambda:
        return None
    found: list[Expression] = []
    for operator, (left, right) in zip(node.operators, pairwise(node.operands), strict=True):
        understood = _understood(left, operator, right)
        if understood is None:
            return None
        rank, is_none, numbers = understood
        parts = [_comparison(copied(rank), "!=" if is_none else "==", number, node) for number in numbers]
        found.append(reduce(lambda one, other: _joined("and" if is_none else "or", one, other), parts))
    return reduce(lambda one, other: _joined("and", one, other), found)


def _understood(left: Expression, operator: str, right: Expression) -> Comparison | None:
    match left, right:
        case IntExpr(), MemberExpr() if operator in MIRRORED:
            return _understood(right, MIRRORED[operator], left)
        case MemberExpr(name="ndim", expr=NameExpr() | MemberExpr(expr=NameExpr())), IntExpr(value=value):
            if operator in ("==", "!="):
                return left, operator == "!=", [value]
            below = range(value + (operator in ("<=", ">"))) if operator in MIRRORED else range(0)
            return (left, operator in (">", ">="), below) if 0 < len(below) < HIGHEST else None
        case (
            MemberExpr(name="ndim", expr=NameExpr() | MemberExpr(expr=NameExpr())),
            TupleExpr(items=items) | ListExpr(items=items) | SetExpr(items=items),
        ) if items and operator in ("in", "not in"):
            numbers = [item.value for item in items if isinstance(item, IntExpr)]
            return (left, operator == "not in", numbers) if len(numbers) == len(items) else None
    return None


def _comparison(rank: Expression, operator: str, number: int, place: Expression) -> Expression:
    """``~(-1 - number) == rank``, as mypy refuses ``2 == rank`` where that cannot be; it reads the right side again."""
    inner = IntExpr(~number)
    outer = UnaryExpr("~", inner)
    comparison = ComparisonExpr([operator], [outer, rank])
    for part in (inner, outer, comparison):
        part.set_line(place)
    return comparison


def _joined(operator: str, left: Expression, right: Expression) -> Expression:
    joined = OpExpr(operator, left, right)
    joined.set_line(left)
    return joined


def rank(ctx: AttributeContext, name: str) -> Type:
    """``x.ndim``, where it is known."""
    if not isinstance(ctx.context, MemberExpr) or ctx.context.name != name:  # mypy looks which alternatives have it
        return of_each(ctx, lambda axes, types: rank_of(ctx.type, axes, types))
    return compared(ctx.api, ctx.context, ctx.type) or of_each(ctx, _rank)


def _rank(axes: Shape, types: Types) -> Type:
    integer = types.named("builtins.int")
    if _is_open(axes):
        return integer
    return integer.copy_modified(last_known_value=LiteralType(len(axes), integer))


def compared(api: Any, rank: MemberExpr, owner: Type) -> Type | None:
    """The type of the rank of a tensor where it is compared; None elsewhere, and of one rank but in lambdas."""
    types = Types(api)
    if literal_hash(rank) is not None and api.binder.get(rank) is not None:  # it follows from what the tensor is now
        api.binder.put(rank, types.named("builtins.int"), from_assignment=False)
    _, comparison, is_in_lambda = Ranks.compared[api.path].get(id(rank), (None, None, False))
    match comparison:
        case None:
            return None
        case ComparisonExpr(operands=[UnaryExpr(op="~", expr=IntExpr(value=bits)) as number, _]):
            api.store_type(number, _literal(~bits, types))
            if is_in_lambda and isinstance(rank.expr, NameExpr):
                owner = _split(api, rank.expr, ~bits, owner)
        case ComparisonExpr(operands=[_, IntExpr(value=value)]) if isinstance(rank.expr, NameExpr):
            owner = _split(api, rank.expr, value, owner)
    proper = get_proper_type(owner)
    items = proper.items if isinstance(proper, UnionType) else [owner] if is_in_lambda else []
    ranks = [rank_of(item, shape, types) for item in items if (shape := shape_of(item)) is not None]
    return UnionType.make_union(ranks) if ranks and len(ranks) == len(items) else None


def _split(api: Any, variable: NameExpr, rank: int, typ: Type) -> Type:
    """Have a variable be a union of what has this rank and of what has not, where its rank is not known."""
    items = each_in(typ)
    found: list[Type] = []
    for item in items:
        shape = shape_of(item) or ()
        # not one that nobody names: of what is made of it and of what is not, mypy would make one type
        is_named = any(isinstance(axis, Variadic) and axis.name is not None for axis in shape)
        said = expanded(shape, (UNKNOWN,) * rank) if is_named else None
        if said is None or not isinstance(item, Instance) or tensor_of(item) is None:
            found.append(item)
            continue
        one, other = Types(api).with_shape(item, said), item.copy_modified()
        Narrowed.types[id(one)] = one, variable, item
        Ranks.others[id(other)] = other, rank
        found += [one, other]
    if len(found) == len(items):
        return typ
    split = UnionType(found)
    api.store_type(variable, split)
    return split


def expanded(known: Shape, said: Shape) -> Shape | None:
    """A shape with as many axes as another; None where it cannot have them."""
    index = next((index for index, axis in enumerate(known) if isinstance(axis, Variadic)), None)
    if index is None:
        return known if len(known) == len(said) else None
    extra = len(said) - len(known) + 1
    filled: tuple[Axis, ...] = said[index : index + extra]
    return (*known[:index], *filled, *known[index + 1 :]) if extra >= 0 else None


def rank_of(typ: Type, shape: Shape, types: Types) -> Type:
    """The rank of a tensor of this type as a type by which mypy narrows."""
    if not _is_open(shape):
        return _literal(len(shape), types)
    _, never = Ranks.others.get(id(typ), (None, None))
    possible = [number for number in range(len(shape) - 1, HIGHEST + 1) if number != never]
    return UnionType.make_union([_literal(number, types) for number in possible])


def _literal(number: int, types: Types) -> LiteralType:
    return LiteralType(number, types.named("builtins.int"))


def _is_open(shape: Shape) -> bool:
    return any(isinstance(axis, Variadic) for axis in shape)


ATTRIBUTES = {f"{TENSOR}.ndim": rank}
