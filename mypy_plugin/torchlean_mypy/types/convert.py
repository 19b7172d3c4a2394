"""Shapes to mypy types and back: the only place where a shape is put into a type or read out of one.

``Tensor[dtype, *shape]``: each dimension is a fabricated type variable whose name is the dimension's text, so that
equal text is equal type and mypy's own messages can be read. A named variadic is a type variable tuple, ``...`` is
``*tuple[Any, ...]`` and an unknown dimension is ``Any``, which goes with everything.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import COVARIANT, MypyFile, TypeAlias, TypeInfo
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    ProperType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import DIM, DTYPES, NDARRAY, NUMPY_DTYPE, TENSOR
from torchlean_mypy.types.facts import restored
from torchlean_mypy.types.numpy_types import hidden_dtype, numpy_dtype_name
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, Unknown, names_of, substitute, symbol
from torchlean_typed.shapes.shape import ANY_SHAPE, Axis, Shape, Variadic, parse_dim

NAMESPACE = "dim:"
OPEN, _PRIME = "open__", "__prime"


def unknown_type() -> AnyType:
    """The type of what is not known; it goes with everything, and no strictness option counts it."""
    return AnyType(TypeOfAny.special_form)


# --- from types to shapes ---------------------------------------------------------------------------------------------


def is_dimension(variable: Type) -> bool:
    """Whether this type variable is a fabricated one, a dimension or a variadic."""
    # not by its id: mypy gives a method's variables new ones at each call
    return isinstance(variable, TypeVarLikeType) and variable.fullname.startswith(NAMESPACE)


def tensor_of(typ: Type | None) -> Instance | None:
    """The type as an instance of Tensor, where it is one (also a subclass, also a bounded type variable)."""
    return _instance_of(typ, TENSOR)


def _instance_of(typ: Type | None, fullname: str) -> Instance | None:
    if typ is None:
        return None
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.type.fullname == fullname:
        return proper
    if isinstance(proper, TypeVarType) and not is_dimension(proper):
        proper = get_proper_type(proper.upper_bound)
    if not isinstance(proper, Instance):
        return None
    if proper.type.fullname == fullname:
        return proper
    base = next((base for base in proper.type.mro[1:] if base.fullname == fullname), None)
    return map_instance_to_supertype(proper, base) if base is not None else None


def shape_of(typ: Type | None) -> Shape | None:
    """The shape of a Tensor, or of a ``numpy.ndarray[tuple[...], ...]``; None for anything else."""
    tensor = tensor_of(typ)
    if tensor is not None:
        return _sizes(tensor)
    array = _instance_of(typ, NDARRAY)
    if array is None:
        return None
    sizes = get_proper_type(array.args[0])
    return shape_from(sizes.items) if isinstance(sizes, TupleType) else ANY_SHAPE


@lru_cache(maxsize=8192)
def _sizes(tensor: Instance) -> Shape:
    return shape_from(tensor.args[1:])


def shape_from(types: Sequence[Type]) -> Shape:
    """The shape that the dimension arguments of a type spell."""
    axes = tuple(_axis_of(item) for item in types)
    if sum(isinstance(axis, Variadic) for axis in axes) > 1:
        return ANY_SHAPE
    return axes


def _axis_of(typ: Type) -> Axis:
    proper = get_proper_type(typ)
    if isinstance(proper, UnpackType):
        inner = get_proper_type(proper.type)
        if isinstance(inner, TypeVarTupleType) and is_dimension(inner):
            return Variadic(inner.name)
        return Variadic(None)
    return dimension_of(proper)


def dimension_of(typ: Type) -> Dimension:
    """The dimension that a dimension's type, a ``Dim[...]`` or a literal int type spells; else unknown."""
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType) and is_dimension(proper):
        return _parsed(proper.name)
    if isinstance(proper, Instance):
        if proper.type.fullname == DIM and proper.args:
            return dimension_of(proper.args[0])
        if proper.last_known_value is not None:
            return dimension_of(proper.last_known_value)
    if isinstance(proper, LiteralType) and isinstance(proper.value, int) and not isinstance(proper.value, bool):
        return proper.value
    return UNKNOWN


@lru_cache(maxsize=8192)
def _parsed(text: str) -> Dimension:
    if text.removeprefix("-").isdigit():  # a difference of sizes may be negative
        return int(text)
    if "?" not in text:
        return parse_dim(text)
    # names that are open, such as a model's, are not in the grammar: ?n, ?n'
    dim = parse_dim(text.replace("?", OPEN).replace("'", _PRIME))
    return substitute(dim, {n: symbol(n.replace(OPEN, "?").replace(_PRIME, "'")) for n in names_of(dim)})


def dtype_marker(typ: Type | None) -> str | None:
    """The name of a Tensor's (or array's) dtype class, ``float64`` or ``floating``; None where it is not known."""
    tensor = tensor_of(typ)
    if tensor is not None and tensor.args:
        marker = get_proper_type(tensor.args[0])
        if isinstance(marker, Instance) and marker.type.fullname.startswith(DTYPES):
            return None if marker.type.name == "generic" else marker.type.name
        return None
    array = _instance_of(typ, NDARRAY)
    return numpy_dtype_name(array.args[1]) if array is not None and len(array.args) > 1 else None


def each_in(typ: Type) -> list[ProperType]:
    """What a value of the type may be: the items of a union, or the type itself."""
    proper = get_proper_type(typ)
    return [*map(get_proper_type, proper.items)] if isinstance(proper, UnionType) else [proper]


def tensors_in(typ: Type) -> list[Instance]:
    """The Tensors a union is made of; of anything else, itself where it is one."""
    proper = get_proper_type(typ)
    found = [tensor_of(item) for item in proper.items] if isinstance(proper, UnionType) else [tensor_of(proper)]
    return [item for item in found if item is not None]


def _identity(text: str) -> TypeVarId:
    return TypeVarId(-1 - zlib.crc32(text.encode()), namespace=NAMESPACE + text)


@lru_cache(maxsize=8192)
def _variable(text: str, bound: Type) -> TypeVarType:
    return TypeVarType(text, NAMESPACE + text, _identity(text), [], bound, unknown_type(), COVARIANT)


def renamed(variable: TypeVarType, name: str) -> TypeVarType:
    """The fabricated variable of another name."""
    return _variable(name, variable.upper_bound)


def _variadic(axis: Variadic, sizes: Instance) -> TypeVarTupleType:
    default = UnpackType(sizes.copy_modified(args=[unknown_type()]))
    return TypeVarTupleType(str(axis.name), NAMESPACE + axis.key, _identity(axis.key), sizes, sizes, default)


# --- from shapes to types ---------------------------------------------------------------------------------------------


class _Build:
    """What was found and made for the build that the plugin works in; nothing changes a type once it is made."""

    modules: dict[str, MypyFile] | None = None
    classes: ClassVar[dict[str, TypeInfo]] = {}
    tensors: ClassVar[dict[tuple[str | None, Shape], Instance]] = {}

    @classmethod
    def begin(cls, modules: dict[str, MypyFile]) -> None:
        cls.modules, cls.classes, cls.tensors = modules, {}, {}


class Types:
    """Makes types, with the ``api`` of any hook's context."""

    def __init__(self, api: Any) -> None:
        self.modules: dict[str, MypyFile] = getattr(api, "modules", None) or api.api.modules
        if self.modules is not _Build.modules:
            _Build.begin(self.modules)

    def named(self, fullname: str, args: Sequence[Type] = ()) -> Instance:
        """An instance of a class of a module, by its full name."""
        return Instance(self._class(fullname), list(args))

    def _class(self, fullname: str) -> TypeInfo:
        found = _Build.classes.get(fullname)
        if found is None:
            # mypy's own look-up would take `torchlean_typed.tensor` for the function of that name
            module, _, name = fullname.rpartition(".")
            info = self.modules[module].names[name].node
            assert isinstance(info, TypeInfo), fullname
            found = _Build.classes[fullname] = info
        return found

    def dimension(self, dim: Dimension) -> Type:
        """The type argument for one dimension."""
        if isinstance(dim, Unknown):
            return unknown_type()
        return _variable(str(restored((dim,))[0]), self.named("builtins.int"))

    def axis(self, axis: Axis) -> Type:
        """The type argument for one dimension or variadic."""
        if isinstance(axis, int) and axis < 0:  # of what cannot be; that is reported where it is said
            return self.dimension(UNKNOWN)
        if not isinstance(axis, Variadic):
            return self.dimension(axis)
        if axis.name is None:
            return UnpackType(self.any_tuple())
        return UnpackType(_variadic(axis, self.named("builtins.tuple", [self.named("builtins.object")])))

    @staticmethod
    def argument_of(variable: TypeVarLikeType) -> Type:
        """A fabricated variable as a type argument."""
        return UnpackType(variable) if isinstance(variable, TypeVarTupleType) else variable

    def any_tuple(self) -> Instance:
        """``tuple[Any, ...]``."""
        return self.named("builtins.tuple", [unknown_type()])

    def dtype(self, name: str | None) -> Type:
        """The type argument for a dtype; ``Any`` where it is not known."""
        return self.named(DTYPES + name) if name is not None else unknown_type()

    def tensor(self, dtype: str | Type | None, shape: Shape) -> Instance:
        """``Tensor[dtype, *shape]``."""
        if isinstance(dtype, Type):
            return self.named(TENSOR, [dtype, *(self.axis(axis) for axis in shape)])
        shape = restored(shape)
        made = _Build.tensors.get((dtype, shape))
        if made is None:
            made = _Build.tensors[dtype, shape] = self.tensor(self.dtype(dtype), shape)
        return made

    def with_shape(self, tensor: Instance, shape: Shape) -> Instance:
        """The same type of a Tensor or an array with another shape."""
        if tensor.type.fullname == NDARRAY:
            return tensor.copy_modified(args=[self._sizes(shape), *tensor.args[1:]])
        return tensor.copy_modified(args=[tensor.args[0], *(self.axis(axis) for axis in shape)])

    def array(self, dtype: str | None, shape: Shape) -> Instance:
        """A NumPy array."""
        scalar = self.numpy_scalar(dtype)
        if scalar is None:
            scalar = hidden_dtype(dtype) if dtype is not None else unknown_type()
        return self.named(NDARRAY, [self._sizes(shape), self.named(NUMPY_DTYPE, [scalar])])

    def _sizes(self, shape: Shape) -> Type:
        return self.any_tuple() if shape == ANY_SHAPE else self.tuple([self.axis(axis) for axis in shape])

    def numpy_scalar(self, dtype: str | None) -> Type | None:
        """NumPy's scalar class of a dtype, where that is known and the program imports NumPy."""
        symbol = self.modules["numpy"].names.get(dtype or "") if "numpy" in self.modules else None
        if symbol is not None and isinstance(symbol.node, TypeAlias):
            return symbol.node.target
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        return Instance(symbol.node, [unknown_type() for _ in symbol.node.type_vars])

    def tuple(self, items: Sequence[Type]) -> TupleType:
        """``tuple[*items]``."""
        return TupleType(list(items), self.named("builtins.tuple", [self.named("builtins.object")]))

    def dim(self, dim: Dimension) -> Instance:
        """``Dim[dim]``."""
        return self.named(DIM, [self.dimension(dim)])

    def any_dim(self) -> Instance:
        """``Dim[Any]``: an int of which nothing is known."""
        return self.dim(UNKNOWN)

    def size(self, dim: Dimension) -> Instance:
        """``Dim[dim]``, or plain ``int`` for a size that is not known."""
        return self.named("builtins.int") if isinstance(dim, Unknown) else self.dim(dim)
