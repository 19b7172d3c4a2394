"""Packs, models, losses and rows as types, and back: ``PackKind`` and its like are what the rules take.

A pack's type is a tuple type whose fallback is ``TensorPack[shapes, names]``, so that ``w, b = pack`` and ``pack[0]``
are typed by mypy itself. A shape within these types is a tuple of dimensions. Names that a model leaves open stand in
them with their ``?``, and are nobody's type variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from mypy.typeops import tuple_fallback
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    ProperType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import LOSS, PACK, ROWS, SEQ
from torchlean_mypy.types.convert import Types, dimension_of, dtype_marker, shape_from, shape_of, unknown_type
from torchlean_mypy.types.memory import Memory
from torchlean_mypy.types.model_variables import shape_of_data
from torchlean_typed.shapes.derivative_dtypes import is_floating
from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import UNNAMED, LossKind, ModelKind, PackKind, RowsKind
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape

# --- from types to kinds ----------------------------------------------------------------------------------------------


def instance_of(typ: Type | None, fullname: str) -> Instance | None:
    """The type as an instance of the class, where it is one; a pack is one behind its tuple.

    What is one of several, as a variable is that a loop binds anew, is one where all have the same shapes.
    """
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, UnionType):
        first, *others = [instance_of(item, fullname) for item in proper.items]
        return first if first is not None and all(other is not None and other == first for other in others) else None
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, TupleType):
        proper = tuple_fallback(proper)
    return proper if isinstance(proper, Instance) and proper.type.fullname == fullname else None


def pack_kind(typ: Type | None) -> PackKind | None:
    """What the type says of a TensorPack; None where that is nothing."""
    pack = instance_of(typ, PACK)
    return pack_of(pack.args[0], pack.args[1]) if pack is not None else None


@lru_cache(maxsize=8192)
def pack_of(shapes: Type, names: Type) -> PackKind | None:
    """The pack of a list of shapes and one of names; None where the shapes are not known."""
    entries = _shapes(shapes)
    return None if entries is None else PackKind(entries, _texts(names))


@lru_cache(maxsize=8192)
def model_kind(typ: Type | None) -> ModelKind | None:
    """What the type says of a Seq; None where its input or output is not known."""
    model = instance_of(typ, SEQ)
    if model is None:
        return None
    source, result = shape_in(model.args[0]), shape_in(model.args[1])
    if source is None or result is None:
        return None
    params = pack_of(model.args[2], model.args[3]) or PackKind(())
    takes, *layers = _texts(model.args[4]) or ("", UNNAMED)
    return ModelKind(source, result, params, tuple(layers), takes)


def open_model(typ: Type | None, params: PackKind) -> ModelKind:
    """What the type says of the shapes that a model takes and gives; what it does not say is open."""
    model = instance_of(typ, SEQ)
    shapes = [shape_of_data(arg) or shape_in(arg) for arg in model.args[:2]] if model is not None else [None, None]
    source, result = (ANY_SHAPE if shape is None else shape for shape in shapes)
    return ModelKind(source, result, params, takes=taken(typ))


def taken(typ: Type | None) -> str:
    """Which dtypes a model's type says that it takes: that stands before the names of its layers."""
    model = instance_of(typ, SEQ)
    return "".join(_texts(model.args[4])[:1]) if model is not None else ""


def params_kind(typ: Type | None) -> PackKind | None:
    """What a model's type says of its parameters."""
    model = instance_of(typ, SEQ)
    return pack_of(model.args[2], model.args[3]) if model is not None else None


def has_params(typ: Type | None) -> bool:
    """Whether a model's type says what its parameters are."""
    model = instance_of(typ, SEQ)
    return model is not None and _shapes(model.args[2]) is not None


@lru_cache(maxsize=8192)
def loss_kind(typ: Type | None) -> LossKind | None:
    """What the type says of an OutputLoss; of one that says nothing, a loss of any shapes."""
    loss = instance_of(typ, LOSS)
    if loss is None:
        return None
    output, target = (ANY_SHAPE if (s := shape_in(arg)) is None else s for arg in loss.args[:2])
    spec = get_proper_type(loss.args[2])
    if not isinstance(spec, TupleType):
        return LossKind("the loss", output, target, result=ANY_SHAPE)
    name, same, classes, reduction, axis = (_literal(item) for item in spec.items[:5])
    result = shape_in(spec.items[5])
    return LossKind(
        str(name),
        output,
        target,
        bool(same),
        str(reduction),
        axis if isinstance(axis, int) else None,
        ANY_SHAPE if result is None else result,
        bool(classes),
    )


def rows_kind(typ: Type | None) -> RowsKind | None:
    """What the type says of Rows."""
    rows = instance_of(typ, ROWS)
    if rows is None:
        return None
    pack = pack_kind(rows.args[1])
    item = shape_of(rows.args[1]) if pack is None else pack
    outer = shape_in(rows.args[2])
    if item is None:
        return None
    return RowsKind(dimension_of(rows.args[0]), item, ANY_SHAPE if outer is None else outer)


def length_of(typ: Type | None) -> Dimension | None:
    """How many entries a pack or rows have; None for anything else."""
    pack, rows = pack_kind(typ), instance_of(typ, ROWS)
    if pack is not None:
        return len(pack.shapes)
    return dimension_of(rows.args[0]) if rows is not None else None


def pack_dtypes(typ: Type | None, count: int) -> list[str | None]:
    """The dtypes of a pack's ``count`` entries."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, TupleType) and len(proper.items) == count:
        return [dtype_marker(item) for item in proper.items]
    return [None] * count


def pack_dtype(typ: Type | None) -> str | None:
    """The one dtype of all entries of a pack, where it is known."""
    kind = pack_kind(typ)
    dtypes = set(pack_dtypes(typ, len(kind.shapes))) if kind is not None else set()
    return dtypes.pop() if len(dtypes) == 1 else None


def output_dtype(params: Type | None, x: Type | None) -> str | None:
    """The dtype of a model's output: that of the input; of integers, which an embedding takes, the parameters'."""
    dtype = dtype_marker(x)
    return dtype if dtype is None or is_floating(dtype) else pack_dtype(params)


def dtypes_of_entries(parameter: str, typ: Type | None) -> list[tuple[str, str, str | None]]:
    """For each entry of a pack the parameter it is given as, how a message calls it, and its dtype."""
    kind = pack_kind(typ)
    if kind is None:
        return []
    names = kind.names or [str(index) for index in range(len(kind.shapes))]
    dtypes = pack_dtypes(typ, len(kind.shapes))
    return [(parameter, f'{parameter} "{name}"', dtype) for name, dtype in zip(names, dtypes, strict=True)]


def check_variables(op: str, left: Type, right: Type, what: str = "the right pack", owner: str = "the left") -> None:
    """Packs, or a model and a pack, of generic code: of the same type variable, where one of the two is of one.

    Raises:
        ShapeError: where the variables differ, or one has shapes that are known.
    """
    check_lists(op, list_of_shapes(left), list_of_shapes(right), what, owner)


def check_lists(op: str, a: ProperType, b: ProperType, what: str, owner: str) -> None:
    """As ``check_variables``, of the type arguments that list the shapes."""
    if not isinstance(a, TypeVarType) and not isinstance(b, TypeVarType):
        return
    if a != b and not isinstance(a, AnyType) and not isinstance(b, AnyType):
        shown = [typ.name if isinstance(typ, TypeVarType) else f'"{pack_of(typ, typ)}"' for typ in (a, b)]
        problem = f"{what} does not fit {owner}: the shapes are {shown[0]} in {owner}, here {shown[1]}"
        raise ShapeError(op, problem, expected=shown[0], got=shown[1])


def list_of_shapes(typ: Type) -> ProperType:
    """The type argument of a pack, or of a model, that lists the shapes."""
    pack, model = instance_of(typ, PACK), instance_of(typ, SEQ)
    shapes = pack.args[0] if pack is not None else model.args[2] if model is not None else unknown_type()
    return get_proper_type(shapes)


def shape_in(typ: Type) -> Shape | None:
    """The shape that a tuple of dimensions spells."""
    proper = get_proper_type(typ)
    return shape_from(proper.items) if isinstance(proper, TupleType) else None


def _shapes(typ: Type) -> tuple[Shape, ...] | None:
    proper = get_proper_type(typ)
    if not isinstance(proper, TupleType):
        return None
    shapes = tuple(shape_in(item) for item in proper.items)
    return None if None in shapes else shapes  # type: ignore[return-value]


def _texts(typ: Type) -> tuple[str, ...]:
    proper = get_proper_type(typ)
    return tuple(str(_literal(item)) for item in proper.items) if isinstance(proper, TupleType) else ()


def _literal(typ: Type) -> object:
    proper = get_proper_type(typ)
    return proper.value if isinstance(proper, LiteralType) else None


# --- from kinds to types ----------------------------------------------------------------------------------------------


class KindTypes(Types):
    """Makes types of kinds."""

    def shape(self, shape: Shape) -> TupleType:
        """A shape as a tuple of dimensions."""
        return self.tuple([self.axis(axis) for axis in shape])

    def texts(self, texts: Sequence[str]) -> Type:
        """Texts as a tuple of literals; without any, not known."""
        return self.tuple([self.literal(text) for text in texts]) if texts else unknown_type()

    def literal(self, value: str | int | bool) -> LiteralType:
        """A literal type."""
        return LiteralType(value, self.named(f"builtins.{type(value).__name__}"))

    def pack(self, kind: PackKind, dtype: str | None = None) -> TupleType:
        """A pack of tensors of these shapes."""
        question = ("pack", kind, dtype)
        known = Memory.recall(question)
        if isinstance(known, TupleType):
            return known
        fallback = self.named(PACK, [self.tuple([self.shape(shape) for shape in kind.shapes]), self.texts(kind.names)])
        made = TupleType([self.tensor(dtype, shape) for shape in kind.shapes], fallback)
        Memory.keep(question, made)
        return made

    def model(self, kind: ModelKind, params: bool = True) -> Instance:
        """A model; without ``params``, one of which they are not known."""
        question = ("model", kind, params)
        known = Memory.recall(question)
        if isinstance(known, Instance):
            return known
        shapes: Type = self.tuple([self.shape(shape) for shape in kind.params.shapes]) if params else unknown_type()
        names = self.texts(kind.params.names) if params else unknown_type()
        layers = self.texts((kind.takes, *kind.layers) if kind.takes or kind.layers else ())
        made = self.named(SEQ, [self.shape(kind.input), self.shape(kind.output), shapes, names, layers])
        Memory.keep(question, made)
        return made

    def loss(self, kind: LossKind) -> Instance:
        """A loss."""
        axis = unknown_type() if kind.axis is None else self.literal(kind.axis)
        spec = [self.literal(value) for value in (kind.name, kind.same, kind.classes, kind.reduction)]
        shapes = [self.shape(shape) for shape in (kind.output, kind.target, kind.result)]
        return self.named(LOSS, [*shapes[:2], self.tuple([*spec, axis, shapes[2]])])

    def rows(self, kind: RowsKind, dtype: str | None = None) -> Instance:
        """Rows of tensors or of packs."""
        item = self.pack(kind.item, dtype) if isinstance(kind.item, PackKind) else self.tensor(dtype, kind.item)
        return self.named(ROWS, [self.dimension(kind.count), item, self.shape(kind.outer)])


def expanded(typ: Type, api: Any) -> Type:
    """A ``TensorPack[P]`` of generic code whose shapes are known by now, as the tuple that a known pack is."""
    proper = get_proper_type(typ)
    kind = pack_kind(proper) if isinstance(proper, Instance) else None
    if kind is not None:
        return KindTypes(api).pack(kind)
    if isinstance(proper, TupleType) and instance_of(proper, PACK) is None:
        return proper.copy_modified(items=[expanded(item, api) for item in proper.items])
    return typ
