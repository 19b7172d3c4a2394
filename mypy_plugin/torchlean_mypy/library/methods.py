"""Which operation stands behind each method, operator and property of Tensor: read off the class itself.

``sum = reduce.sum`` in the class says so. It is read when mypy analyses the class and kept in the class's metadata,
which goes into mypy's cache. mypy does not keep the bodies of a library's functions, so the few methods that are
written out there are listed here.
"""

from __future__ import annotations

from mypy.nodes import AssignmentStmt, MemberExpr, NameExpr, TypeInfo
from mypy.plugin import ClassDefContext

from torchlean_mypy.syntax.names import TENSOR

METADATA = "torchlean_typed"
WRITTEN_OUT = {"__eq__": "equal", "__ne__": "not_equal", "T": "transpose", "mT": "matrix_transpose"}


def read(ctx: ClassDefContext, name: str) -> None:
    """Note the operation's name for each attribute of the class that is one."""
    found: dict[str, str] = {}
    for statement in ctx.cls.defs.body:
        match statement:
            case AssignmentStmt(lvalues=[NameExpr(name=method)], rvalue=MemberExpr(name=operation)):
                found[method] = operation
    ctx.cls.info.metadata[METADATA] = found


def operation_behind(info: TypeInfo, method: str) -> tuple[str, int] | None:
    """The name of the operation behind a method or property, and the place of ``self`` among its arguments."""
    owner = info if METADATA in info.metadata else next((base for base in info.mro if METADATA in base.metadata), info)
    bound: dict[str, str] = owner.metadata.get(METADATA, {})
    plain = f"__{method[3:]}"
    if method.startswith("__r") and plain in bound:  # the reflected operator
        return bound[plain], 1
    operation = bound.get(method) or WRITTEN_OUT.get(method)
    return (operation, 0) if operation is not None else None


CLASSES = {TENSOR: read}
