"""A shape: a tuple of dimensions and at most one variadic; reading and printing the jaxtyping grammar."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from keyword import iskeyword

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, Unknown, names_of, substitute, symbol
from torchlean_typed.shapes.errors import ShapeError


@dataclass(frozen=True)
class Variadic:
    """Any number of axes: ``*name``, or ``...`` where the name is None."""

    name: str | None

    def __str__(self) -> str:
        return "..." if self.name is None else f"*{self.name}"

    key = property(__str__, doc="The name under which bindings hold it: ``*name``, apart from the dimension ``name``.")


Axis = Dimension | Variadic
Shape = tuple[Axis, ...]

ANY_SHAPE: Shape = (Variadic(None),)


class Shapes(tuple[Shape, ...]):
    """What the rule of an operation with several results gives: their shapes."""

    __slots__ = ()


def parse_shape(text: str, op: str = "shape") -> Shape:
    """Read a shape in jaxtyping's grammar.

    Raises:
        ShapeError: for a text that is not a shape; the message quotes the part at fault.

    >>> print_shape(parse_shape("*batch n+1 3 _"))
    '*batch n+1 3 _'
    """
    shape = _parse(text)
    if isinstance(shape, ShapeError):
        raise ShapeError(op, shape.problem, expected=shape.expected, got=shape.got, hint=shape.hint)
    return shape


def parse_shapes(text: str, op: str = "shape") -> tuple[Shape, ...]:
    """Read a comma-separated list of shapes; the empty text is the empty list, and ``()`` in it the shape of a scalar.

    >>> [print_shape(shape) for shape in parse_shapes("32 64, 32")]
    ['32 64', '32']
    """
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    if "" in parts:
        problem = f'"{text}" has an empty place'
        raise ShapeError(op, problem, expected="shapes", got=text, hint="write () for the shape of a scalar")
    return tuple(() if part == "()" else parse_shape(part, op) for part in parts)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Shape | ShapeError:
    try:
        shape = tuple(_parse_axis(token) for token in text.split())
        if sum(isinstance(axis, Variadic) for axis in shape) > 1:
            raise _bad(text, f'"{text}" has two variadic parts', "a shape may have at most one of *name and ...")
    except ShapeError as error:
        return error
    return shape


def _bad(got: str, problem: str, hint: str) -> ShapeError:
    return ShapeError("shape", problem, expected="a jaxtyping shape", got=got, hint=hint)


def _parse_axis(token: str) -> Axis:
    name, equals, size = token.partition("=")
    if equals and name.isidentifier() and size:  # jaxtyping's "rows=4": the name is documentation
        return _parse_axis(size)
    if token.startswith(("#", "*#")):
        hint = "broadcasting is explicit here: write the sizes as they are"
        raise _bad(token, f'"{token}" marks a broadcast, which Tensor does not have', hint)
    if token == "...":
        return Variadic(None)
    name = token.removeprefix("*")
    if name.isidentifier():
        anonymous = name.startswith("_")
        if token.startswith("*"):
            return Variadic(None if anonymous else name)
        if anonymous:
            return UNKNOWN
    dim = parse_dim(token)
    if any(name.startswith("_") for name in names_of(dim)):
        hint = "name the axis: what begins with _ is any size, and another one each time"
        raise _bad(token, f'"{token}" computes with an axis that has no name', hint)
    return dim


def parse_dim(text: str) -> Dimension:
    """Read one dimension: a size, a name, or an expression of them with ``+ - * //`` and brackets."""
    if text.isascii() and text.isidentifier() and not iskeyword(text):
        return symbol(text)
    if text.isascii() and text.isdecimal() and text[0] != "0":
        return int(text)
    try:
        tree = ast.parse(text, mode="eval") if "#" not in text else None  # which would begin a comment
    except (SyntaxError, ValueError):
        tree = None
    dim = _evaluate(tree.body) if tree is not None else None
    if dim is None:
        raise _bad(
            text, f'"{text}" is not a dimension', "a dimension is a size, a name, or names and sizes with + - * //"
        )
    if isinstance(dim, int) and dim < 0:
        raise _bad(text, f'dimension "{text}" is negative', "a size is 0 or more")
    return dim


def _evaluate(node: ast.expr) -> Dimension | None:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.Name(id=name):
            return symbol(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _evaluate(operand)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _evaluate(left), _evaluate(right)
            if a is None or b is None:
                return None
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.FloorDiv():
                    return None if b == 0 else a // b
    return None


def print_shape(shape: Shape) -> str:
    """The shape in jaxtyping's grammar, in normal form."""
    return " ".join("_" if isinstance(axis, Unknown) else str(axis) for axis in shape)


def print_shapes(shapes: tuple[Shape, ...]) -> str:
    """Shapes as the text of a TensorPack."""
    return ", ".join(print_shape(shape) or "()" for shape in shapes)


def is_known(shape: Shape) -> bool:
    """Whether the shape is known whole: no unknown dimension and no anonymous variadic."""
    return not any(isinstance(axis, Unknown) or axis == Variadic(None) for axis in shape)


def shape_names(shape: Shape) -> frozenset[str]:
    """The names of the shape's dimensions, and ``*name`` for its variadic."""
    found: frozenset[str] = frozenset()
    for axis in shape:
        if isinstance(axis, Variadic):
            found |= {axis.key} if axis.name is not None else frozenset()
        else:
            found |= names_of(axis)
    return found


Bindings = Mapping[str, "Dimension | Shape"]


def substitute_shape(shape: Shape, values: Bindings) -> Shape:
    """The shape with every name, and the variadic (under ``*name``), replaced at once; one without a value stays."""
    if not values:
        return shape
    dims = {name: value for name, value in values.items() if not isinstance(value, tuple)}
    axes: list[Axis] = []
    for axis in shape:
        if isinstance(axis, Variadic):
            value = values.get(axis.key)
            axes.extend(value if isinstance(value, tuple) else (axis,))
        else:
            axes.append(substitute(axis, dims))
    return tuple(axes)


def size_of(shape: Shape) -> Dimension:
    """The number of elements; unknown where the shape has a variadic."""
    if any(isinstance(axis, Variadic) for axis in shape):
        return UNKNOWN
    return math.prod(axis for axis in shape if not isinstance(axis, Variadic))
