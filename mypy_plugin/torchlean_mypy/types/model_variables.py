"""Inputs and outputs in code for any model: ``def predict(model: Seq[I, O, P], params: TensorPack[P], x: I) -> O``.

A type variable over what a model takes or gives that stands for a tensor too is any number of axes, as ``*I`` is: the
model is ``Seq["*I", "*O", P]`` to us then, and ``x`` a ``Shaped[Tensor, "*I"]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from mypy.nodes import AssignmentStmt, Decorator, FuncDef, OverloadedFuncDef, RefExpr, Statement, Var
from mypy.semanal_shared import has_placeholder
from mypy.types import (
    CallableType,
    Instance,
    Overloaded,
    Type,
    TypeVarId,
    TypeVarType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import LOSS, PACK, SEQ
from torchlean_mypy.syntax.statements import every
from torchlean_mypy.types.convert import Types, is_dimension, tensor_of, unknown_type
from torchlean_mypy.types.walk import Walk, signature_parts
from torchlean_typed.shapes.shape import Shape, Variadic

Names = dict[TypeVarId, str]


def follow(statements: Iterable[Statement], types: Types) -> None:
    """Put shapes in the place of such variables, in signatures and in what is annotated in their functions."""
    for statement in statements:
        match statement:
            case FuncDef(type=CallableType() as signature):
                if names := _names(signature):
                    _put_in([statement, *every(statement.body.body)], _Shapes(names, types))
            case Decorator(var=Var(type=CallableType() as signature)) as decorator:
                decorator.var.type = _opened(signature, types)
            case OverloadedFuncDef(type=Overloaded(items=items)) as overloaded:
                overloaded.type = Overloaded([_opened(item, types) for item in items])


def _opened(signature: CallableType, types: Types) -> CallableType:
    return _Shapes(_names(signature), types).signature(signature)


def _put_in(statements: Iterable[Statement], shapes: _Shapes) -> None:
    for statement in statements:
        match statement:
            case FuncDef(type=CallableType() as signature):
                statement.type = shapes.signature(signature)
            case AssignmentStmt(type=Type() as annotated) if statement.unanalyzed_type is not None:
                statement.type = annotated.accept(shapes)
                for target in statement.lvalues:
                    if isinstance(target, RefExpr) and isinstance(target.node, Var):
                        target.node.type = statement.type


def _names(signature: CallableType) -> Names:
    """The function's own variables over what models take and give."""
    if not signature.variables or has_placeholder(signature):
        return {}
    own = {variable.id for variable in signature.variables}
    found = _Uses.of(signature_parts(signature)).data()
    return {variable.id: variable.name for variable in found if variable.id in own}


def has_data_of_class(signature: CallableType) -> bool:
    """Whether a class's variable stands for what a model takes or gives: a function's own do so no more."""
    return bool(_Uses.of(signature.arg_types).data())


def told_by_tensors(signature: CallableType) -> CallableType:
    """A constructor's signature in which mypy infers such variables from tensors alone, or not at all.

    mypy has but one type for a variable: in ``Trainer(model, x)`` it is that of ``x``, and not what the model takes.
    """
    uses = _Uses.of(signature.arg_types)
    over = {variable.id for variable in uses.data()}
    formals = [formal.accept(_Untold(over)) for formal in signature.arg_types]
    untold = over - uses.tensors
    result = signature.ret_type.accept(_Unknown(untold))
    variables = [variable for variable in signature.variables if variable.id not in untold]
    return signature.copy_modified(arg_types=formals, ret_type=result, variables=variables)


def with_data(formals: Sequence[Type], signature: CallableType, types: Types) -> tuple[list[Type], list[Type]]:
    """The formals with shapes in the place of such variables, for our rules, and these shapes' own variables."""
    names = {variable.id: variable.name for variable in _Uses.of(signature.arg_types).data()}
    shapes = _Shapes(names, types)
    return [formal.accept(shapes) for formal in formals], [types.axis(Variadic(name)) for name in names.values()]


def shape_of_data(typ: Type) -> Shape | None:
    """The shape of what a class's type variable stands for, which a model takes or gives; None for anything else."""
    proper = get_proper_type(typ)
    if not isinstance(proper, TypeVarType) or is_dimension(proper):
        return None
    return (Variadic(proper.name),)


class _Uses(Walk):
    """What the type variables of a signature stand for."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: dict[TypeVarId, TypeVarType] = {}  # of what models take and give
        self.packs: set[TypeVarId] = set()
        self.tensors: set[TypeVarId] = set()

    @classmethod
    def of(cls, parts: Iterable[Type]) -> Self:
        """What those in these types stand for."""
        uses = cls()
        for part in parts:
            part.accept(uses)
        return uses

    def data(self) -> list[TypeVarType]:
        """Those over what models take and give, where a tensor is of one of them, or its bound is Tensor."""
        found = [variable for variable in self.shapes.values() if variable.id not in self.packs]
        return found if any(one.id in self.tensors or tensor_of(one) is not None for one in found) else []

    def visit_instance(self, t: Instance, /) -> Type:
        ids = [{arg.id: arg} if isinstance(arg, TypeVarType) else {} for arg in map(get_proper_type, t.args)]
        match t.type.fullname:
            case name if name == SEQ:
                self.shapes |= ids[0] | ids[1]
                self.packs |= {*ids[2]}
            case name if name == PACK:
                self.packs |= {*ids[0]}
            case name if name != LOSS and t.args:
                return super().visit_instance(t)
        return t

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        self.tensors.add(t.id)
        return t


class _Unknown(Walk):
    """Makes type variables unknown."""

    def __init__(self, over: set[TypeVarId]) -> None:
        super().__init__()
        self.over = over

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        return unknown_type() if t.id in self.over else t


class _Untold(_Unknown):
    """Makes them unknown in models and losses, and leaves them elsewhere."""

    def visit_instance(self, t: Instance, /) -> Type:
        if t.type.fullname in (SEQ, LOSS):
            return t.copy_modified(args=[arg.accept(_Unknown(self.over)) for arg in t.args])
        return super().visit_instance(t) if t.args else t

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        return t


class _Shapes(Walk):
    """Puts shapes in the place of type variables."""

    def __init__(self, names: Mapping[TypeVarId, str], types: Types) -> None:
        super().__init__()
        self.names, self.types = names, types

    def signature(self, signature: CallableType) -> CallableType:
        """The signature with shapes, of which the variables are no variables any more."""
        *formals, result = [part.accept(self) for part in signature_parts(signature)]
        variables = [variable for variable in signature.variables if variable.id not in self.names]
        return signature.copy_modified(arg_types=formals, ret_type=result, variables=variables)

    def visit_instance(self, t: Instance, /) -> Type:
        if t.type.fullname in (SEQ, LOSS):
            return t.copy_modified(args=[self._shape(arg) for arg in t.args])
        return super().visit_instance(t) if t.args else t

    def _shape(self, arg: Type) -> Type:
        proper = get_proper_type(arg)
        if isinstance(proper, TypeVarType) and proper.id in self.names:
            return self.types.tuple([self.types.axis(Variadic(self.names[proper.id]))])
        return arg.accept(self)

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        return self.types.tensor(None, (Variadic(self.names[t.id]),)) if t.id in self.names else t
