"""Variables that are bound to tensors of several shapes in turn: what they are is what they were bound to last.

mypy declares such a variable to be the union of all that it is bound to, and takes what it was bound to last for the
members of the union that go with it. An unknown size goes with every size: of ``[_, m]`` after ``[m, _]`` it would make
``[m, m]``. So the variable is declared to be a tensor of any shape, which keeps what it was bound to as it is; to
other modules it is the union again. A variable that another function reads, also a lambda, is left as mypy
declares it.

A file, and a function that binds its own arguments again, begins with a question: then redefinition is allowed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from mypy.nodes import (
    AssignmentStmt,
    ClassDef,
    Decorator,
    Expression,
    ForStmt,
    FuncDef,
    GlobalDecl,
    LambdaExpr,
    ListExpr,
    NameExpr,
    Node,
    NonlocalDecl,
    OperatorAssignmentStmt,
    OverloadedFuncDef,
    StarExpr,
    Statement,
    TupleExpr,
    Var,
    WhileStmt,
    WithStmt,
)
from mypy.typeops import make_simplified_union
from mypy.types import Instance, TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.flow import conditions
from torchlean_mypy.flow.questions import question
from torchlean_mypy.syntax.expressions import Nodes, all_of
from torchlean_mypy.syntax.names import ANY_ARRAY, ANY_TENSOR, NDARRAY
from torchlean_mypy.syntax.statements import blocks, every
from torchlean_mypy.types.convert import Types, each_in, tensor_of
from torchlean_mypy.types.unions import open_in, opened

DEFINITIONS = (FuncDef, Decorator, OverloadedFuncDef, ClassDef)
Seen = dict[Var, list[Type]]  # what the variables of a module were bound to


def follow(definitions: list[Statement], nodes: Nodes) -> None:
    """Have mypy ask after each statement that binds a variable that is bound again, or narrowed."""
    narrowed, has_lambdas = conditions.tested(nodes), bool(nodes[LambdaExpr])
    for function in nodes[FuncDef]:
        if function.body.body:
            own = [argument.variable for argument in function.arguments]
            own = [variable for variable in own if not variable.is_self]
            _follow(function.body.body, function, own, narrowed, has_lambdas)
    seen: Seen = {}
    _follow(definitions, definitions[0], [], narrowed, has_lambdas, seen)
    definitions.insert(0, question(definitions[0], lambda api: None))
    definitions.append(question(definitions[-1], partial(_restore, seen)))


def _follow(
    body: list[Statement],
    place: Statement,
    own: list[Var],
    narrowed: set[Node],
    has_lambdas: bool,
    seen: Seen | None = None,
) -> None:
    """Put the questions into one scope."""
    bound: Counter[str] = Counter()
    for statement, in_loop in _of_scope(body):
        for target in _targets(statement):
            bound[target.name] += 2 if in_loop or target.node in narrowed else 1
    again = [variable for variable in own if variable.name in bound or variable in narrowed]
    names = {name for name, count in bound.items() if count > 1} | {variable.name for variable in again}
    elsewhere = names & _used_elsewhere(body, has_lambdas) if names else set()
    names -= elsewhere
    if names:
        _ask(body, names, partial(_declare, seen))
    if elsewhere:
        _ask(body, elsewhere, _open)
    if again:
        targets = [_reference(variable) for variable in again if variable.name in names]
        body.insert(0, question(place, partial(_declare, seen, targets)))


def _of_scope(body: Sequence[Statement], in_loop: bool = False) -> Iterator[tuple[Statement, bool]]:
    """The statements of a scope, and whether each may be reached again."""
    for statement in body:
        yield statement, in_loop
        inner = in_loop or isinstance(statement, ForStmt | WhileStmt)
        for block in blocks(statement):
            yield from _of_scope(block.body, inner)


def _ask(body: list[Statement], names: set[str], answer: Callable[[list[NameExpr], Any], None]) -> None:
    """Put a question behind each statement that binds one of these names."""
    for statement in [*body]:
        for block in blocks(statement):
            _ask(block.body, names, answer)
        targets = [target for target in _targets(statement) if target.name in names]
        if targets:
            asked = question(statement, partial(answer, targets))
            match statement:
                case ForStmt(body=inner) | WithStmt(body=inner):
                    inner.body.insert(0, asked)
                case _:
                    body.insert(next(i for i, one in enumerate(body) if one is statement) + 1, asked)


def _targets(statement: Statement) -> list[NameExpr]:
    """The names that a statement binds."""
    match statement:
        case AssignmentStmt():
            waiting: list[Expression | None] = [*statement.lvalues]
        case OperatorAssignmentStmt():
            waiting = [statement.lvalue]
        case ForStmt():
            waiting = [statement.index]
        case WithStmt():
            waiting = [*statement.target]
        case _:
            return []
    found = []
    while waiting:
        match waiting.pop():
            case NameExpr() as name:
                found.append(name)
            case TupleExpr(items=items) | ListExpr(items=items):
                waiting += items
            case StarExpr(expr=inner):
                waiting.append(inner)
    return found


def _used_elsewhere(body: list[Statement], has_lambdas: bool) -> set[str]:
    """The names that functions, lambdas among them, and classes within a scope use."""
    scope = [statement for statement, _ in _of_scope(body)]
    definitions: list[Statement] = [statement for statement in scope if isinstance(statement, DEFINITIONS)]
    for function in all_of(every(body))[LambdaExpr] if has_lambdas else ():
        definitions += function.body.body
    used = all_of(every(definitions))
    declared = {name for node in (*used[GlobalDecl], *used[NonlocalDecl]) for name in node.names}
    return declared.union(node.name for node in used[NameExpr])


def _reference(variable: Var) -> NameExpr:
    name = NameExpr(variable.name)
    name.node = variable
    return name


def _open(targets: list[NameExpr], api: Any) -> None:
    """Declare a variable to be of unknown rank, where mypy takes what it was bound to for what it is declared to be."""
    for target in targets:
        variable, now = target.node, api.binder.get(target)
        if isinstance(variable, Var) and variable.is_inferred and variable.type is not None and now is not None:
            variable.type = opened(variable.type, open_in([variable.type, now]))


def _declare(seen: Seen | None, targets: list[NameExpr], api: Any) -> None:
    """Declare the variables that are bound to tensors to be tensors of any shape; mypy knows what they are now."""
    if not api.options.allow_redefinition:
        return
    for target in targets:
        variable = target.node
        if not isinstance(variable, Var) or variable.type is None or variable.is_final:
            continue
        if not (variable.is_inferred or variable.is_argument) or api.binder.get(target) is None:
            continue
        declared = _any_shape(variable.type, Types(api))
        if declared is None:
            continue
        if seen is not None:
            seen.setdefault(variable, []).append(api.binder.get(target))
        if variable.is_argument:  # as other variables: what it is bound to is no longer read as what it was
            variable.is_argument, variable.is_inferred = False, True
        variable.type = declared


def _any_shape(typ: Type, types: Types) -> Type | None:
    """A type with tensors of any shape for its tensors; None where it has none."""
    items = each_in(typ)
    wider = [_wider(item, types) for item in items]
    if not any(wider):
        return None
    return UnionType.make_union([*dict.fromkeys(new or old for old, new in zip(items, wider, strict=True))])


def _wider(typ: Type, types: Types) -> Type | None:
    proper = get_proper_type(typ)
    if tensor_of(proper) is not None:
        return types.named(ANY_TENSOR)
    if isinstance(proper, Instance) and proper.type.fullname == NDARRAY:
        return types.named(ANY_ARRAY)
    if isinstance(proper, TupleType):
        return types.named("builtins.tuple", [types.named("builtins.object")])
    return None


def _restore(seen: Seen, api: Any) -> None:
    """At the end of a module its variables are to others what mypy declares them to be."""
    for variable, bound in seen.items():
        variable.type = make_simplified_union(bound)
    seen.clear()
