"""What can be called, and gives what its signature does not tell: the library's functions, models, partials."""

from __future__ import annotations

from mypy.types import AnyType, CallableType, Instance, Overloaded, Type, get_proper_type

from torchlean_mypy.library.ways import table
from torchlean_mypy.syntax.names import LOSS, PACKAGE, SEQ
from torchlean_mypy.types.convert import shape_of, tensor_of
from torchlean_typed.shapes.shape import ANY_SHAPE

OPERATORS = "_operator."
OBJECTS = (SEQ, LOSS, "functools.partial", "functools._lru_cache_wrapper")


def is_library_function(typ: Type | None) -> bool:
    """Whether a value of this type is one of the library's functions, whose signatures do not tell their shapes."""
    function = get_proper_type(typ)
    if not isinstance(function, CallableType) or function.is_type_obj() or function.is_bound:
        return False
    if function.definition is not None:
        return function.definition.fullname.startswith((f"{PACKAGE}.", OPERATORS))
    # mypy's cache keeps no more than the name
    return function.name in table() and shape_of(function.ret_type) == ANY_SHAPE


def may_be_library_function(typ: Type | None) -> bool:
    """Whether a variable of this type may be one, for all that its type says: a tensor's method, ``Callable``."""
    function = get_proper_type(typ)
    if isinstance(function, Instance) and function.type.fullname == "builtins.staticmethod":
        return shape_of(function.args[-1]) == ANY_SHAPE
    if not isinstance(function, CallableType) or function.is_type_obj():
        return False
    result = get_proper_type(function.ret_type)
    if isinstance(result, AnyType):
        return function.is_ellipsis_args
    return tensor_of(result) is not None and shape_of(result) == ANY_SHAPE


def is_some_function(typ: Type | None) -> bool:
    """Whether only the signature is left of a function, which tells no shape: a tensor's method, or one of several.

    What is declared to be a ``Callable`` has no names of parameters.
    """
    function = get_proper_type(typ)
    if not isinstance(function, CallableType) or not may_be_library_function(function):
        return False
    definition = function.definition
    is_left = definition is None or definition.fullname.startswith(f"{PACKAGE}.")
    return is_left and any(name is not None for name in function.arg_names)


def tells_no_shapes(typ: Type | None) -> bool:
    """Whether what a call of a value of this type gives is not in its signature."""
    function = get_proper_type(typ)
    if isinstance(function, Overloaded):
        return any(map(tells_no_shapes, function.items))
    if isinstance(function, Instance):
        return function.type.fullname in OBJECTS
    return is_library_function(function)
