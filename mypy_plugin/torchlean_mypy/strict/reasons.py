"""Why the shape of an expression is not known, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy.nodes import (
    LDEF,
    CallExpr,
    ComparisonExpr,
    ConditionalExpr,
    DictExpr,
    Expression,
    IndexExpr,
    ListExpr,
    MemberExpr,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    OpExpr,
    SetExpr,
    StarExpr,
    SymbolNode,
    TupleExpr,
    UnaryExpr,
    Var,
)
from mypy.operators import op_methods
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    NoneType,
    Overloaded,
    Type,
    TypedDictType,
    get_proper_type,
    has_type_vars,
)

from torchlean_mypy.foreign.numpy_operations import Lost
from torchlean_mypy.library.callables import is_some_function
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.syntax.expressions import PARTS, parts
from torchlean_mypy.types.class_arguments import is_of_error, sized
from torchlean_mypy.types.contained import has_lost_items, is_lost, shapes_in, sizes_unsaid
from torchlean_mypy.types.convert import shape_of, tensor_of, tensors_in
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.shape import ANY_SHAPE

Place = Expression | OperatorAssignmentStmt
TypeOf = Callable[[Expression], Type | None]
DISPLAYS = (DictExpr, ListExpr, SetExpr, StarExpr, TupleExpr)


def operands(place: Place) -> Iterator[Expression]:
    """What a call, an operator or an index makes its result of; of a list that is written out, its items."""
    match place:
        case OperatorAssignmentStmt():
            direct: list[Node] = list(sides(place))
        case CallExpr(callee=MemberExpr(expr=receiver)):
            direct = [receiver, *place.args]
        case CallExpr():
            direct = list(place.args)
        case _:
            direct = parts(place, PARTS.get(type(place), ()))
    for part in direct:
        if isinstance(part, DISPLAYS):
            yield from operands(part)
        if isinstance(part, Expression):
            yield part


def sides(place: OpExpr | OperatorAssignmentStmt) -> tuple[Expression, Expression]:
    """The operands of an operator."""
    if isinstance(place, OpExpr):
        return place.left, place.right
    return place.lvalue, place.rvalue


def _asked(expression: Expression) -> tuple[Expression, str]:
    """The object that is asked for an attribute, an item or a method's result, and the name of that."""
    match expression:
        case IndexExpr(base=owner):
            return owner, "the item"
        case CallExpr(callee=MemberExpr(expr=owner, name=name)) | MemberExpr(expr=owner, name=name):
            return owner, name
        case CallExpr(callee=NameExpr(name=name) as owner) | (NameExpr(name=name) as owner):
            return owner, name
        case CallExpr(callee=owner):
            return owner, "the call"
    return expression, ""


class Reasons:
    """Says why, by what mypy found of the expressions."""

    def __init__(self, types: TypeOf, path: str) -> None:
        self.types, self.path = types, path

    def is_unseen(self, place: Expression) -> bool:
        """Whether this calls a function without annotations, into which mypy does not look."""
        callee = get_proper_type(self.types(place.callee) or NoneType()) if isinstance(place, CallExpr) else None
        return isinstance(callee, CallableType) and callee.implicit

    def is_of_some_function(self, call: CallExpr) -> bool:
        """Whether it is not seen which function is called: of one with a name that is said where it is called."""
        return not isinstance(call.callee, NameExpr | MemberExpr) and is_some_function(self.types(call.callee))

    def is_generic(self, call: CallExpr) -> bool:
        """Whether mypy infers what a function gives from its arguments, without our help: ``list(map(f, xs))``."""
        callee = get_proper_type(self.types(call.callee) or NoneType())
        results = [item.ret_type for item in callee.items] if isinstance(callee, FunctionLike) else []
        return any(has_type_vars(result) and not mentions_dimensions(result) for result in results)

    def is_array(self, expression: Expression) -> bool:
        """Whether this is an array of NumPy's."""
        return tensor_of(self.types(expression)) is None and shape_of(self.types(expression)) is not None

    def is_of_numpy(self, place: Place) -> bool:
        """Whether this calls a function of NumPy's, or a method of an array."""
        callee = place.callee if isinstance(place, CallExpr) else None
        if isinstance(callee, MemberExpr) and self.is_array(callee.expr):
            return True
        return (getattr(callee, "fullname", None) or "").startswith("numpy.")

    def variable(self, attribute: MemberExpr) -> SymbolNode | None:
        """What an attribute of an object of the user's is in its class."""
        owner = get_proper_type(self.types(attribute.expr))
        symbol = owner.type.get(attribute.name) if isinstance(owner, Instance) else None
        return symbol.node if symbol is not None else None

    def is_of_error(self, expression: Expression) -> bool:
        """Whether this is an attribute of what a refused call gave, or the result of a method of it."""
        owner = sized(self.types(_asked(expression)[0]))
        return owner is not None and is_of_error(owner)

    def unsaid(self, expression: Expression) -> tuple[object, str | None]:
        """The object whose attribute or method this is, and what its type does not say; None where it says all."""
        owner, name = _asked(expression)
        if isinstance(get_proper_type(self.types(owner) or NoneType()), TypedDictType):
            return self._of_dictionary(owner)
        return (None, None) if owner is expression else self.unsaid_of(owner, name)

    def unsaid_of(self, owner: Expression, name: str) -> tuple[object, str | None]:
        """The same of an object, and the name of what it is asked for."""
        cls, sizes = sizes_unsaid(self.types(owner))
        if not sizes:
            return None, None
        several = "sizes" if len(sizes) > 1 else "size"
        unsaid = f"nothing of its {several} {', '.join(sizes)}"
        if isinstance(owner, NameExpr) and isinstance(owner.node, Var) and not owner.node.is_inferred:
            # in another function it may be the first: the daemon checks them one by one
            return (
                owner.node if owner.kind == LDEF else owner,
                f"{name}: the annotation {owner.name}: {cls} says {unsaid}",
            )
        return owner, f"{name}: the type {cls} says {unsaid}"

    def _of_dictionary(self, owner: Expression) -> tuple[object, str | None]:
        """A TypedDict, whose type has no sizes that it could say."""
        typed = get_proper_type(self.types(owner) or NoneType())
        if not isinstance(typed, TypedDictType):
            return None, None
        whose = owner.node if isinstance(owner, NameExpr) and owner.kind == LDEF else owner
        return whose, f"{typed.fallback.type.name}: what a TypedDict holds has sizes of which its type says nothing"

    def of(self, place: Place) -> str:
        """Why the shape of what this gives is not known, though the shapes of its parts are."""
        match place:
            case OpExpr() | OperatorAssignmentStmt():
                return self._of_operator(place)
            case CallExpr():
                return self._of_call(place)
            case NameExpr(name=name) | MemberExpr(name=name):
                return f"{name} has no declared shape"
            case ConditionalExpr():
                return "if: the shapes of the two values differ, or one is not known"
            case IndexExpr():
                return self._of_operation("getitem", place)
            case ComparisonExpr(operators=[op, *_]) if any(is_lost(self.types(one)) for one in place.operands):
                return f"{op}: the type of an operand is Any, and so is that of the result: declare it"
            case ComparisonExpr(operators=[op, *_]) | UnaryExpr(op=op):
                return self._of_operation(op, place)
            case StarExpr(expr=NameExpr(name=name)):
                return f"{name} is a list of several shapes, of which mypy makes one: give each a name of its own"
            case _ if isinstance(place, DISPLAYS):
                return "the items have several shapes, of which mypy makes one: declare the type, list[Tensor]"
        return "its shape is not declared"

    def of_items(self, value: Expression) -> str:
        """Why what a loop goes through is not known, or what several names get of one thing."""
        if self.is_array(value):
            return "iter: no shape stub says what shape NumPy's result has"
        name = value.name if isinstance(value, NameExpr | MemberExpr) else "the object"
        return f"{name}: the shape of what it gives here is not declared"

    def _of_operator(self, place: OpExpr | OperatorAssignmentStmt) -> str:
        op = self._operation(place)
        for operand, side in zip(sides(place)[::-1], ("right", "left"), strict=True):
            if is_lost(self.types(operand)):
                return f"{op}: the type of the {side} operand is Any, and so is that of the result: declare it"
        return self._of_operation(op, place)

    def _of_operation(self, op: str, place: Place) -> str:
        if (lost := Lost.reasons[self.path].get(id(place))) is not None:
            return lost[1]
        if any(map(self.is_array, operands(place))):
            return f"{op}: no shape stub says what shape NumPy's result has"
        return f"{op}: the shape of the result is not known"

    def _of_call(self, call: CallExpr) -> str:
        callee = call.callee
        name = callee.name if isinstance(callee, NameExpr | MemberExpr) else "the call"
        if self.is_unseen(call):
            return f"{name}: it is not annotated, so that mypy does not look into it: annotate it"
        if is_lost(self.types(call)):
            return f"{name}: the type of its result is Any: declare it"
        if has_lost_items(self.types(call)):
            return f"{name}: the type of what its result holds is Any: declare it"
        if any(is_lost(self.types(argument)) for argument in call.args):
            return f"{name}: the type of an argument is Any: declare it"
        if self.is_of_numpy(call):
            return self._of_operation(name, call)
        if self.is_of_some_function(call):
            return "it is not seen here which function this calls"
        if name == "cast":
            return "cast: the type that it is given does not say the shape"
        if self.is_generic(call):
            return self.of_merged(call)
        if self._is_overloaded(callee):
            return f"{name}: which of its overloads it is depends on what is not known of the argument's shape"
        if any(shape != ANY_SHAPE for shape in shapes_in(self.types(call))):
            return f"the result of {name} is declared with a size that is not known"
        return f"the result of {name} has no declared shape"

    def of_merged(self, call: CallExpr) -> str:
        """Why what a generic function gets or gives is not known, though its arguments are."""
        name = call.callee.name if isinstance(call.callee, NameExpr | MemberExpr) else "the call"
        return f"{name}: mypy infers one type from arguments of several shapes"

    def _is_overloaded(self, callee: Expression) -> bool:
        """Whether this is a function with overloads of several shapes."""
        function = get_proper_type(self.types(callee) or NoneType())
        return isinstance(function, Overloaded) and any(map(mentions_dimensions, function.items))

    def _operation(self, place: OpExpr | OperatorAssignmentStmt) -> str:
        for operand in sides(place):
            for tensor in tensors_in(self.types(operand) or NoneType()):
                behind = operation_behind(tensor.type, op_methods.get(place.op, ""))
                if behind is not None:
                    return behind[0]
        return place.op
