"""The library's functions where a declared type says what is asked of a function: ``act: Activation = tl.relu``.

To mypy they give a tensor of any shape, which goes with what every ``Callable`` and every protocol asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Expression,
    ExpressionStmt,
    FuncDef,
    MemberExpr,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    RefExpr,
    ReturnStmt,
    Statement,
    Var,
)
from mypy.plugins.functools import PARTIAL
from mypy.semanal import is_trivial_body
from mypy.types import Type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.asked import asked_of, functions_in
from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.flow.places import found, is_field, puts
from torchlean_mypy.flow.questions import Asked, question
from torchlean_mypy.library.callables import tells_no_shapes
from torchlean_mypy.library.ways import table
from torchlean_mypy.reports.codes import report, report_unknown
from torchlean_mypy.syntax.expressions import HOLDING, Nodes, held
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types.convert import tensors_in
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.errors import ShapeError, Undetermined

_OURS = f"{PACKAGE}."
SIMPLE = (AssignmentStmt, ExpressionStmt, OperatorAssignmentStmt, ReturnStmt)


def follow(nodes: Nodes, asked: Asked) -> None:
    """Have mypy ask where such a function is put somewhere, returned or a default."""
    functions = _Functions(nodes)
    for statement in functions.statements(nodes):
        given = [put for put in puts(statement) if functions.are_in(put[0])]
        asked[id(statement)] += [question(statement, partial(functions.check, *put)) for put in given]
    for definition in nodes[ClassDef]:
        # nothing but fields may stand in a NamedTuple when the daemon comes again
        if any(getattr(base, "name", "") == "NamedTuple" for base in definition.base_type_exprs):
            asked[id(definition)] += [one for part in definition.defs.body for one in asked.pop(id(part), [])]
    for function in nodes[FuncDef]:
        for argument in function.arguments:
            value = argument.initializer
            if value is not None and functions.are_in(value) and not is_trivial_body(function.body):
                check = partial(functions.check, value, function.name, partial(_declared, argument.variable))
                function.body.body.insert(0, question(function, check))


def _declared(variable: Var, api: Any) -> Type | None:
    return variable.type


class _Functions:
    """The functions of a file whose types do not tell what they give."""

    def __init__(self, nodes: Nodes) -> None:
        self.found: set[Expression] = set()  # in the daemon the nodes of names are others by the time they are checked
        self.names: set[Node | None] = set()
        given = [statement for statement in nodes[AssignmentStmt] if self.are_in(statement.rvalue)]
        self.names = {target.node for one in given for target in one.lvalues if isinstance(target, NameExpr)}

    def are_in(self, value: Expression) -> bool:
        """Whether a value is such a function, or a display that holds one."""
        if type(value) in HOLDING:
            return any([self.are_in(part) for part in held(value)])
        is_one = self._is_one(value)
        if is_one:
            self.found.add(value)
        return is_one

    def _is_one(self, value: Expression) -> bool:
        """Whether this is one of the library's, also with some of its arguments or by a name, or a tensor's method."""
        match value:
            case NameExpr(node=node, fullname=name):
                return node in self.names or name.startswith(_OURS)
            case MemberExpr(name=attribute, fullname=name):
                return name.startswith(_OURS) if name else attribute in table() or attribute.startswith("__")
            case CallExpr(callee=RefExpr(fullname=name), args=[function, *_]) if name == PARTIAL:
                return self._is_one(function)
        return False

    def statements(self, nodes: Nodes) -> Iterator[Statement]:
        """The statements that may put such a function somewhere."""
        lines = {call.line for call in nodes[CallExpr] if is_field(call) or any(map(self.are_in, call.args))}
        for statement in (one for kind in SIMPLE for one in nodes[kind]):
            value = getattr(statement, "rvalue", getattr(statement, "expr", None))
            within = range(statement.line, (statement.end_line or statement.line) + 1)
            if (value is not None and self.are_in(value)) or not lines.isdisjoint(within):
                yield statement

    def check(self, value: Expression, op: str, declared: Callable[[Any], Type | None], api: Any) -> None:
        """Check what the functions in a value give for what they will get."""
        for function, typ in functions_in(value, declared(api), self.found.__contains__):
            _check(function, op, typ, api)


def _check(value: Expression, op: str, typ: Type | None, api: Any) -> None:
    asked = asked_of(typ, api)
    if asked is None or not mentions_dimensions(asked) or any(kind.is_star() for kind in asked.arg_kinds):
        return
    if not tells_no_shapes(found(value, api)) and not _is_method(value, api):
        return
    result = result_of(api, value, found(value, api) or asked, asked.arg_types, value, asked)
    if result is not None:
        matcher = Matcher(api, op, ())
        try:
            matcher.argument(asked.ret_type, result, None, f"the result of {_name(value)}")
            matcher.solve()
        except ShapeError as error:
            report(api, error, value)
        except Undetermined as reason:
            report_unknown(api, str(reason), value)


def _is_method(value: Expression, api: Any) -> bool:
    owner = found(value.expr, api) if isinstance(value, MemberExpr) else None
    return owner is not None and bool(tensors_in(owner))


def _name(function: Expression) -> str:
    return function.name if isinstance(function, NameExpr | MemberExpr) else "partial"
