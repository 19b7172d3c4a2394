"""Annotations of packs, models, losses and rows: ``TensorPack["32 64, 32"]``, ``Seq["*b 64", "*b 10"]`` and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mypy.errorcodes import VALID_TYPE
from mypy.plugin import AnalyzeTypeContext
from mypy.types import RawExpressionType, Type, UnboundType

from torchlean_mypy.annotations.jaxtyped import bound_names, in_signature, semantic_analyzer, text_of
from torchlean_mypy.flow import patches
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.names import LOSS, PACK, ROWS, SEQ
from torchlean_mypy.types.convert import unknown_type
from torchlean_mypy.types.erase import any_pack, without_unbound
from torchlean_mypy.types.kinds import KindTypes
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.layers import BATCH
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, parse_shape, parse_shapes


def pack(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``TensorPack["32 64, 32"]``, ``TensorPack[P]`` and ``TensorPack``."""
    texts = _texts(ctx, "TensorPack", 1)
    if texts is None:
        return _generic(ctx, PACK, 2)
    shapes = _read(ctx, "TensorPack", lambda: parse_shapes(texts[0], "TensorPack"))
    if shapes is None:
        return any_pack(KindTypes(ctx.api))
    return KindTypes(ctx.api).pack(PackKind(shapes))


def model(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``Seq["*b 64", "*b 10"]``, with the parameters' shapes as a third text, ``Seq[I, O, P]`` and ``Seq``."""
    texts = _texts(ctx, "Seq", 2, 3)
    if texts is None:
        return _generic(ctx, SEQ, 5)
    shapes = _read(ctx, "Seq", lambda: (parse_shape(texts[0], "Seq"), parse_shape(texts[1], "Seq")))
    params = _read(ctx, "Seq", lambda: parse_shapes(texts[2], "Seq")) if len(texts) == 3 else ()
    if shapes is None or params is None:
        return KindTypes(ctx.api).named(SEQ, [unknown_type()] * 5)
    kind = ModelKind(_own_batch(shapes[0]), _own_batch(shapes[1]), PackKind(params))
    return KindTypes(ctx.api).model(kind, len(texts) == 3)


def _own_batch(shape: Shape) -> Shape:
    """A model's batch axes are its own, whatever they are called: it takes any number of them."""
    return tuple(BATCH if isinstance(axis, Variadic) else axis for axis in shape)


def loss(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``OutputLoss["b 10", "b 10"]`` and ``OutputLoss``."""
    texts = _texts(ctx, "OutputLoss", 2)
    if texts is None:
        return _generic(ctx, LOSS, 3)
    op = "OutputLoss"
    shapes = _read(ctx, op, lambda: (parse_shape(texts[0], op), parse_shape(texts[1], op)))
    output, target = shapes or (ANY_SHAPE, ANY_SHAPE)
    return KindTypes(ctx.api).loss(LossKind("the loss", output, target))


def rows(ctx: AnalyzeTypeContext, name: str) -> Type:
    """``Rows["10", T]``."""
    types = KindTypes(ctx.api)
    args = ctx.type.args
    if not args:
        return types.named(ROWS, [unknown_type()] * 3)
    text = text_of(args[0])
    forget_names(ctx)
    if len(args) != 2:
        error = ShapeError("Rows", 'takes a dimension and a row, as in Rows["10", Float64[Tensor, "64"]]')
        report(ctx.api, error, ctx.type)
        return types.named(ROWS, [unknown_type()] * 3)
    item = ctx.api.analyze_type(args[1])
    if text is None:
        return types.named(ROWS, [ctx.api.analyze_type(args[0]), item, unknown_type()])
    shapes = _read(ctx, "Rows", lambda: (parse_shape(text, "Rows"),))
    shape = shapes[0] if shapes is not None else ()
    if len(shape) != 1 or isinstance(shape[0], Variadic):
        if shapes is not None:
            report(ctx.api, ShapeError("Rows", f'"{text}" is not one dimension'), ctx.type)
        return types.named(ROWS, [unknown_type(), item, unknown_type()])
    return types.named(ROWS, [types.dimension(shape[0]), item, unknown_type()])


def _texts(ctx: AnalyzeTypeContext, name: str, *counts: int) -> list[str] | None:
    """The texts in the brackets; None where there are none, as in a bare or generic one, and where they are wrong."""
    texts = [text for arg in ctx.type.args if (text := text_of(arg)) is not None]
    forget_names(ctx)
    if texts and len(texts) < len(ctx.type.args):
        report(ctx.api, ShapeError(name, "takes texts of shapes or type variables, not both"), ctx.type)
        return None
    if texts and len(texts) not in counts:
        noun = "text of shapes" if counts == (1,) else "texts of shapes"
        error = ShapeError(name, f"takes {' or '.join(map(str, counts))} {noun}, got {len(texts)}")
        report(ctx.api, error, ctx.type)
        return None
    return texts or None


def forget_names(ctx: AnalyzeTypeContext, names: Iterable[str] = ()) -> None:
    """Take back that the name in ``TensorPack["n"]`` is not defined: mypy looked for type variables in the text.

    So with other ``names`` in the brackets, and where an alias is made: mypy read its texts as types before.
    """
    errors = semantic_analyzer(ctx).errors
    reported = errors.error_info_map.get(errors.file, [])
    texts = [arg for arg in ctx.type.args if isinstance(arg, UnboundType) and arg.original_str_expr is not None]
    wrong = {(arg.line, f'Name "{arg.name}" is not defined') for arg in texts}
    wrong |= {(ctx.type.line, f'Name "{name}" is not defined') for name in names}
    places = {(arg.line, arg.column) for arg in ctx.type.args if text_of(arg) is not None}
    reported[:] = [
        info
        for info in reported
        if (info.line, info.message) not in wrong
        and not (info.code is VALID_TYPE and (info.line, info.column) in places)
    ]


def _read(ctx: AnalyzeTypeContext, name: str, parse: Callable[[], tuple[Shape, ...]]) -> tuple[Shape, ...] | None:
    """Shapes from texts; names that nothing around the annotation binds are sizes that are not known."""
    patches.schedule(semantic_analyzer(ctx))
    try:
        shapes = parse()
    except ShapeError as error:
        report(ctx.api, error, ctx.type)
        return None
    if in_signature(ctx):
        return shapes
    return tuple(without_unbound(shape, bound_names(ctx)) for shape in shapes)


def _generic(ctx: AnalyzeTypeContext, fullname: str, count: int) -> Type:
    """The class with type variables or nothing in its brackets; what is left out or wrong is not known."""
    patches.schedule(semantic_analyzer(ctx))
    args = [] if any(text_of(arg) is not None for arg in ctx.type.args) else ctx.type.args
    given = [ctx.api.analyze_type(arg) for arg in args if not isinstance(arg, RawExpressionType)]
    return KindTypes(ctx.api).named(fullname, [*given, *[unknown_type()] * count][:count])


TYPES = {PACK: pack, SEQ: model, LOSS: loss, ROWS: rows}
