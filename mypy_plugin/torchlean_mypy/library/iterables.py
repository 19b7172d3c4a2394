"""Loops over tensors and packs: ``for row in x``, ``zip(x, y)``, ``list(x)``, ``pairwise(x)``.

A row of a tensor lacks the first axis; an item of a pack is one of its entries.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from mypy.nodes import (
    ARG_POS,
    AssignmentStmt,
    CallExpr,
    Context,
    DictionaryComprehension,
    Expression,
    ForStmt,
    GeneratorExpr,
    ListExpr,
    RefExpr,
    StarExpr,
    TempNode,
    TupleExpr,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import Argument, call_of, checked
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import item_of
from torchlean_mypy.calls.spread import items_of, repeated_item
from torchlean_mypy.reports.codes import refused, report_unknown
from torchlean_mypy.syntax.expressions import Nodes
from torchlean_mypy.syntax.names import PACK, TENSOR
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.types.convert import shape_of, unknown_type
from torchlean_mypy.types.facts import applied
from torchlean_mypy.types.kinds import pack_kind
from torchlean_typed.shapes import scalars
from torchlean_typed.shapes.dim import same
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, Variadic

Targets = dict[int, tuple[Expression, TupleExpr | ListExpr, int]]


class Unpacked:
    """What ``a, b = x`` and ``for a, b in x`` go through: by identity, itself, the names, and whose axes they take."""

    targets: ClassVar[Notes[int, tuple[Expression, TupleExpr | ListExpr, int]]] = Notes()


def follow(file: str, nodes: Nodes) -> None:
    """Note what a file unpacks: ``x`` along its first axis, its rows along the second."""
    targets = Unpacked.targets[file]
    for assignment in nodes[AssignmentStmt]:
        if len(assignment.lvalues) == 1:
            _note(targets, assignment.lvalues[0], assignment.rvalue, 0)
    for loop in nodes[ForStmt]:
        _note(targets, loop.index, loop.expr, 1)
    for comprehension in (*nodes[GeneratorExpr], *nodes[DictionaryComprehension]):
        for target, value in zip(comprehension.indices, comprehension.sequences, strict=True):
            _note(targets, target, value, 1)


def _note(targets: Targets, target: Expression, value: Expression, depth: int) -> None:
    if not isinstance(target, TupleExpr | ListExpr):
        return
    targets[id(value)] = value, target, depth
    name = value.callee.fullname if isinstance(value, CallExpr) and isinstance(value.callee, RefExpr) else ""
    if depth and isinstance(value, CallExpr) and name in ("builtins.enumerate", "builtins.zip"):
        places = target.items[1:] if name == "builtins.enumerate" else target.items
        for item, place in zip(value.args, places, strict=False):
            _note(targets, place, item, depth)


def around_star(api: Any, value: Context) -> tuple[int, int] | None:
    """How many names stand before and after ``*b`` where this value is assigned to ``a, *b, c``."""
    _, target, depth = Unpacked.targets[api.path].get(id(value), (None, None, 0))
    stars = [i for i, item in enumerate(target.items) if isinstance(item, StarExpr)] if target and not depth else []
    return (stars[0], len(target.items) - stars[0] - 1) if target is not None and stars else None


def _check_unpacked(api: Any, value: Context, axes: Shape) -> None:
    """``a, b = x`` has to have as many names as there are rows."""
    _, target, depth = Unpacked.targets[api.path].get(id(value), (None, None, 0))
    if target is None or (depth and (not axes or axes[0] == 0 or isinstance(axes[0], Variadic))):
        return  # no row, nothing to unpack
    refused(api, value, lambda: _unpack(target, axes[depth:]))


def _unpack(target: TupleExpr | ListExpr, axes: Shape) -> None:
    """Give the names what they stand for: a tensor, or the rows that it has.

    Raises:
        ShapeError: for another number of rows, and for the rows of a scalar.
    """
    scalars.length(axes)
    if isinstance(axes[0], Variadic):
        return
    names = [item for item in target.items if not isinstance(item, StarExpr)]
    is_open, size = len(names) < len(target.items), applied(axes[0])
    enough = not isinstance(size, int) or size >= len(names)
    if not (enough if is_open else same(size, len(names)) is not False):
        problem = f"axis 0 has size {size}, expected {'at least ' * is_open}{len(names)}"
        raise ShapeError("unpack", problem, operands=[("operand", axes)], axis=0)
    for name in names:
        if isinstance(name, TupleExpr | ListExpr):
            _unpack(name, axes[1:])


def rows(ctx: MethodContext, name: str) -> Type:
    """``for row in x``: each row lacks the first axis."""
    result = get_proper_type(ctx.default_return_type)
    axes = shape_of(ctx.type)
    if axes is None or not isinstance(result, Instance) or refused(ctx.api, ctx.context, lambda: scalars.length(axes)):
        return ctx.default_return_type
    _check_unpacked(ctx.api, ctx.context, axes)
    row = item_of(ctx.type, ctx.api)
    return ctx.default_return_type if row is None else result.copy_modified(args=[row])


def entries(ctx: MethodContext, name: str) -> Type:
    """``for entry in pack``: an entry has one of the shapes that the pack's type tells."""
    result, item = get_proper_type(ctx.default_return_type), item_of(ctx.type, ctx.api)
    if item is None or not isinstance(result, Instance):
        if pack_kind(ctx.type) is not None:
            report_unknown(ctx.api, "TensorPack: the shape of each entry is not known", ctx.context)
        return ctx.default_return_type
    return result.copy_modified(args=[item])


def over_rows(ctx: FunctionContext | MethodContext, name: str) -> Type:
    """``enumerate(x)``, ``zip(x, y)``, ``sorted(x, key=f)`` and their like: as of the list of the rows or entries."""
    node, checker = ctx.context, cast(Any, ctx.api)
    if not isinstance(node, CallExpr):
        return ctx.default_return_type
    given: list[Argument] = []
    has_rows = False
    for expression, kind, arg_name in zip(node.args, node.arg_kinds, node.arg_names, strict=True):
        typ = type_of(checker, expression) if kind == ARG_POS else None
        item = None if typ is None else item_of(typ, checker) or _any_of(checker, expression, typ)
        if typ is not None and item is not None:
            _check_unpacked(checker, expression, shape_of(typ) or ())
            has_rows, expression = True, TempNode(checker.named_generic_type("builtins.list", [item]), context=node)
        given.append((expression, kind, arg_name))
    if not has_rows:
        return ctx.default_return_type
    context = checker.expr_checker.type_context[-1]
    return checked(checker, call_of(node.callee, given, node), context)


def _any_of(api: Any, expression: Expression, typ: Type) -> Type | None:
    """What an item of a tuple, or of a display, is, where they have several shapes."""
    items = items_of(api, expression, typ) or ()
    is_shaped = all(shape_of(item) is not None for item in items)
    return UnionType.make_union([*items]) if is_shaped and len({*items}) > 1 else None


def chained(ctx: MethodContext, name: str) -> Type:
    """``chain.from_iterable([x, y])``: as of a list of the lists of their rows."""
    node, checker = ctx.context, cast(Any, ctx.api)
    if not isinstance(node, CallExpr) or not ctx.args or not ctx.args[0]:
        return ctx.default_return_type
    over = ctx.args[0][0], ctx.arg_types[0][0]
    items = items_of(checker, *over) or [repeated_item(checker, *over) or unknown_type()]
    found = dict.fromkeys(item_of(item, checker) for item in items)
    known = [row for row in found if row is not None]
    if len(known) < len(found):
        return ctx.default_return_type
    row = UnionType.make_union(known)
    rows = checker.named_generic_type("builtins.list", [checker.named_generic_type("builtins.list", [row])])
    result: Type = checker.expr_checker.accept(
        call_of(node.callee, [(TempNode(rows, context=node), ARG_POS, None)], node)
    )
    return result


BUILTINS = ("enumerate", "list", "tuple", "iter", "reversed", "zip", "set", "frozenset")
ITERTOOLS = (
    "batched",
    "chain",
    "combinations",
    "combinations_with_replacement",
    "compress",
    "cycle",
    "groupby",
    "islice",
    "pairwise",
    "permutations",
    "product",
    "tee",
    "zip_longest",
)
FUNCTIONS = dict.fromkeys(
    [*(f"builtins.{name}" for name in BUILTINS), *(f"itertools.{name}" for name in ITERTOOLS)], over_rows
)
METHODS = {f"{TENSOR}.__iter__": rows, f"{PACK}.__iter__": entries, "itertools.chain.from_iterable": chained}
