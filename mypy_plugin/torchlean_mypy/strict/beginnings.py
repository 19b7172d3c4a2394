"""Where an unknown shape begins: at an expression whose shape is not known, while the shapes of its parts are.

What mypy found of a file's expressions is gone over when all of them are checked. So it does not matter whether a hook
of ours was asked: what other functions and operators make of a tensor is seen as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    ComparisonExpr,
    ConditionalExpr,
    DictionaryComprehension,
    Expression,
    ExpressionStmt,
    ForStmt,
    GeneratorExpr,
    IndexExpr,
    LambdaExpr,
    ListExpr,
    MatchStmt,
    MemberExpr,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    OpExpr,
    StarExpr,
    StrExpr,
    TupleExpr,
    WithStmt,
)
from mypy.types import NoneType, TupleType, Type, TypedDictType, get_proper_type

from torchlean_mypy.flow.questions import Bound
from torchlean_mypy.reports.codes import Strictness
from torchlean_mypy.strict.captures import lost_capture, uses
from torchlean_mypy.strict.merged import merges
from torchlean_mypy.strict.reasons import DISPLAYS, Place, Reasons, TypeOf, operands
from torchlean_mypy.syntax.expressions import PARTS, parts
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types.contained import (
    has_lost_items,
    has_shapes,
    is_lost,
    is_whole,
    knows,
    loses,
    may_be_known,
    shapes_in,
    sizes_unsaid,
)
from torchlean_mypy.types.convert import shape_of

Unpacked = tuple[Expression, int, int]
OPERATIONS = (CallExpr, IndexExpr, MemberExpr, OpExpr)
ENSURE = f"{PACKAGE}.checks.ensure"
OF_PATTERNS = "its shape is not known: leave Tensor() out of the pattern, take an attribute, or use tl.ensure"
OF_BASES = "names of sizes in the arguments of a base class stand for any: write numbers, or hold it in an attribute"


@dataclass(frozen=True)
class Beginning:
    """Where an unknown shape begins, and why; whether the shape of a part of it is known, and so lost here."""

    place: Place
    reason: str
    lost: bool


class Unknowns:
    """What is not known of the expressions of a file."""

    def __init__(self, path: str, everything: list[Node], found: TypeOf) -> None:
        def types(part: Expression) -> Type | None:
            return Bound.before(path, part) or found(part)

        self.types, self.reasons, self.path = types, Reasons(types, path), path
        self.needless = {part for node in everything for part in _needless(node)}
        self.arguments: dict[Node, CallExpr] = {
            part: call for call in everything if isinstance(call, CallExpr) for part in call.args
        }
        self.expressions = [node for node in everything if isinstance(node, Expression)]
        self.assignments = [node for node in everything if isinstance(node, OperatorAssignmentStmt)]
        self.bound = [pair for node in everything for pair in _bound(node)]
        self.matches = [node for node in everything if isinstance(node, MatchStmt)]
        self.names = uses(everything) if self.matches else []
        self.bases = [base for node in everything if isinstance(node, ClassDef) for base in _open_bases(node)]
        self.targets = [pair for node in everything for pair in _targets(node)]
        self.unpacked = [pair for node in everything if isinstance(node, AssignmentStmt) for pair in _unpacked(node)]
        self.found = {part for part in self.expressions if loses(types(part)) or self.gives_any(part)}

    def beginnings(self) -> Iterator[Beginning]:
        """The expressions that are unknown for a reason of their own, rather than for one within them."""
        owners: set[object] = set()
        unknown = {part for part in self.found if not self._is_needless(part)}
        for statement in self.assignments:
            if self.gives_any(statement):
                yield Beginning(statement, self.reasons.of(statement), lost=True)
        told: set[Expression] = set()
        for starred, collected in self.unpacked:
            if self._collects_several(collected):
                yield Beginning(starred, self.reasons.of(starred), lost=True)
                told.add(collected[0])
        for base in self.bases:
            yield Beginning(base, OF_BASES, lost=True)
        for target, value in self.bound:
            if value not in told and self._loses_items(target, value):
                owner, unsaid = self.reasons.unsaid_of(value, "the items")
                if unsaid is None:
                    yield Beginning(value, self.reasons.of_items(value), lost=True)
                elif owner not in owners:
                    yield Beginning(value, unsaid, lost=True)
                    owners.add(owner)
        for call in self.expressions:
            if isinstance(call, CallExpr) and call not in self.found and merges(call, self.types):
                yield Beginning(call, self.reasons.of_merged(call), lost=True)
        for match in self.matches:
            name = lost_capture(match, self.names, self.types)
            owner, unsaid = self.reasons.unsaid_of(match.subject, name or "")
            if name is not None and (unsaid is None or owner not in owners):
                yield Beginning(match.subject, unsaid or f"{name}: {OF_PATTERNS}", lost=True)
                owners.add(owner)
        for expression in sorted((part for part in self.expressions if part in unknown), key=_place):
            inner = unknown & (_within(expression) - {_function(expression)})
            if self._begins(expression, inner) and not self.reasons.is_of_error(expression):
                owner, unsaid = self.reasons.unsaid(expression)
                if unsaid is None:
                    yield Beginning(expression, self.reasons.of(expression), self._loses(expression))
                elif owner not in owners:
                    yield Beginning(expression, unsaid, lost=True)
                    owners.add(owner)

    def _begins(self, expression: Expression, unknown: set[Expression]) -> bool:
        """Whether it is not for the unknown parts of it: they are known at first, as ``z`` in ``for ...: z = f(z)``."""
        at_first = isinstance(expression, OPERATIONS) and all(may_be_known(self.types(part)) for part in unknown)
        return not unknown or (at_first and not may_be_known(self.types(expression)))

    def _loses_items(self, target: Expression, value: Expression) -> bool:
        """Whether names get what is not known, of a tensor, an array or an object whose shapes are known."""
        if not is_whole(self.types(value)) and not sizes_unsaid(self.types(value))[1]:
            return False
        names = [self.types(name) for name in nodes(target, NameExpr) if name.name != "_"]
        return any(is_lost(typ) or loses(typ) for typ in names)

    def gives_any(self, place: Node) -> bool:
        """Whether a call or an operator with a tensor whose shape is known gives what is Any to mypy."""
        match place:
            case OperatorAssignmentStmt():
                return is_lost(self.types(place.rvalue)) and self._loses(place)
            case OpExpr() | ComparisonExpr() | CallExpr() | IndexExpr() | ConditionalExpr():
                return (self._is_lost(place) or self.reasons.is_unseen(place)) and self._loses(place)
        return False

    def _is_lost(self, place: Expression) -> bool:
        """Whether something is Any that somebody asks for."""
        items = isinstance(place, CallExpr) and self.reasons.is_generic(place) and has_lost_items(self.types(place))
        return (items or is_lost(self.types(place))) and place not in self.needless and not self._reduces(place)

    def _reduces(self, place: Expression) -> bool:
        """Whether this is ``a.sum()`` of an array, which is Any to NumPy's stubs: there a number need be no float."""
        given = list(operands(place))
        return self.reasons.is_of_numpy(place) and len(given) == 1 and self.reasons.is_array(given[0])

    def _is_needless(self, expression: Expression) -> bool:
        """Whether nobody asks for the shape, or what asks for the items of a list has found what it needs in them."""
        if expression in self.needless:
            return not self.reasons.is_unseen(expression)
        if any(expression is target and value in self.found for target, value in self.targets):
            return True  # which is told of the value
        if isinstance(expression, DISPLAYS) and not self._differ(expression):
            return True
        if isinstance(get_proper_type(self.types(expression)), TypedDictType):
            return True  # its items will be asked for
        call = self.arguments.get(expression)
        if call is None or shape_of(self.types(expression)) is not None:
            return False
        whole = knows(self.types(call)) and not loses(self.types(call))
        return whole or bool(Strictness.reasons(self.path, call)) or self._is_needless(call)

    def _differ(self, display: Expression) -> bool:
        """Whether the items of a list have several shapes; mypy may say less of it, for what is made of it."""
        items = {tuple(shapes_in(self.types(item))) for item in operands(display)}
        return len(items) > 1

    def _collects_several(self, unpacked: Unpacked) -> bool:
        """Whether the list in ``first, *rest = pack`` is of several shapes."""
        value, before, after = unpacked
        whole = get_proper_type(self.types(value) or NoneType())
        items: Sequence[Type | None] = whole.items if isinstance(whole, TupleType) else []
        if isinstance(value, TupleExpr | ListExpr):
            items = [self.types(item) for item in value.items]
        return len({tuple(shapes_in(item)) for item in items[before : len(items) - after]}) > 1

    def _loses(self, place: Place) -> bool:
        """Whether some operand's shape is known, or that of a tensor whose method this calls by another name."""
        if isinstance(place, CallExpr) and self.reasons.is_of_some_function(place):
            return True
        return any(knows(self.types(operand)) for operand in operands(place))


def _place(expression: Expression) -> tuple[int, int]:
    return expression.line, expression.column


def _within(expression: Expression) -> set[Expression]:
    """The expressions in one, without those of functions in it."""
    lambdas = [part for part in nodes(expression, LambdaExpr) if part is not expression]
    bodies = {inner for part in lambdas for inner in nodes(part.body, Expression)}
    return {part for part in nodes(expression, Expression) if part is not expression} - bodies


def _unpacked(assignment: AssignmentStmt) -> Iterator[tuple[StarExpr, Unpacked]]:
    """The ``*rest`` of ``first, *rest = pack``, with what is unpacked, and how many names stand before it and after."""
    for target in assignment.lvalues:
        names = target.items if isinstance(target, TupleExpr | ListExpr) else []
        for number, name in enumerate(names):
            if isinstance(name, StarExpr) and getattr(name.expr, "name", "_") != "_":
                yield name, (assignment.rvalue, number, len(names) - number - 1)


def _targets(node: Node) -> Iterator[tuple[MemberExpr, Expression]]:
    """The attributes that are made here, without an annotation, and what they get."""
    if isinstance(node, AssignmentStmt) and node.type is None:
        members = [target for target in node.lvalues if isinstance(target, MemberExpr)]
        yield from ((target, node.rvalue) for target in members if target.is_inferred_def)


def _open_bases(definition: ClassDef) -> Iterator[Expression]:
    """The bases whose arguments have names of sizes: ``class Rows(Stack[Float64[Tensor, "n"]])``."""
    info = definition.info
    if type(info).__name__ == "FakeInfo" or not any(loses(arg) for base in info.bases for arg in base.args):
        return  # the first in code that mypy does not look at
    for base in definition.base_type_exprs:
        if any(character.isalpha() for text in nodes(base, StrExpr) for character in text.value):
            yield base


def _displays(argument: Expression) -> Iterator[Expression]:
    """The lists and the like that are written out in an argument: what is called looks at their items."""
    if isinstance(argument, DISPLAYS):
        yield argument
        for item in parts(argument, PARTS.get(type(argument), ())):
            yield from _displays(item) if isinstance(item, Expression) else ()


def _function(expression: Expression) -> Expression | None:
    """The name of what is called: its type may hold shapes too, but what is lost is what the call gives."""
    callee = expression.callee if isinstance(expression, CallExpr) else None
    return callee if isinstance(callee, NameExpr) else None


def _bound(node: Node) -> Iterator[tuple[Expression, Expression]]:
    """The names that get parts of something, and of what: ``for x in xs``, ``a, b = xs``, ``with xs as x``."""
    match node:
        case ForStmt():
            yield node.index, node.expr
        case GeneratorExpr() | DictionaryComprehension():
            yield from zip(node.indices, node.sequences, strict=True)
        case AssignmentStmt(lvalues=[TupleExpr() | ListExpr() as target], rvalue=value):
            yield target, value
        case WithStmt():
            yield from ((target, value) for target, value in zip(node.target, node.expr, strict=True) if target)


def _needless(node: Node) -> Iterator[Expression]:
    """The expressions whose shape nobody asks for: a call for what it does, what ``ensure`` gets, both of ``is``."""
    match node:
        case ExpressionStmt(expr=CallExpr() as call):
            yield call
        case CallExpr(callee=callee, args=arguments):
            yield from arguments[:1] if getattr(callee, "fullname", "") == ENSURE else ()
            yield from (part for argument in arguments for part in _displays(argument))
        case ComparisonExpr(operators=["is" | "is not"], operands=compared):
            yield from compared
        case AssignmentStmt(type=declared, rvalue=value) if declared is not None:
            if isinstance(value, DISPLAYS) or not (is_lost(declared) or has_shapes(declared)):
                yield value
