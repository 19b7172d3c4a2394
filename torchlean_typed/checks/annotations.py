"""``TensorPack["32 64, n"]`` and its like at run time: classes that isinstance checks, and so beartype does too.

In a jaxtyped function the names are the same sizes as in the annotations of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from torchlean_typed.checks.hints import reader_of
from torchlean_typed.checks.readers import (
    DimReader,
    LossReader,
    ModelReader,
    PackReader,
    Reader,
    RowsReader,
    Statements,
)
from torchlean_typed.checks.words import found
from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import LossKind, ModelKind, PackKind
from torchlean_typed.shapes.shape import Variadic, parse_shape, parse_shapes
from torchlean_typed.shapes.unify import Unifier, flexible


class Shaped(type):
    """The class of these classes: a value is an instance if its shapes are as written."""

    reader: Reader

    def __instancecheck__(cls, value: object) -> bool:
        return not cls.__instancecheck_str__(value)

    def __instancecheck_str__(cls, value: object) -> str:
        """What is wrong with the value, for beartype to tell; nothing where it is right."""
        from torchlean_typed.checks.libraries import bind, to_bind

        said = Statements(Unifier(cls.__name__))
        try:
            cls.reader.state(said, value, "the value")
            solved = said.unifier.solve()
        except ShapeError as error:
            return error.problem
        names = cls.reader.names()
        sizes = {name: size for name, size in solved.items() if name in names}
        return bind(to_bind(plain_sizes(sizes)) + to_bind(said.unifier.unsolved))


def known_sizes(bindings: Any) -> dict[str, int | tuple[int, ...]]:
    """The names that have been solved to sizes."""
    return {
        name: value
        for name, value in bindings.items()
        if isinstance(value, int) or (isinstance(value, tuple) and all(isinstance(axis, int) for axis in value))
    }


def plain_sizes(sizes: Any) -> dict[str, Any]:
    """The names that have been solved to sizes, as they are written; those of a model's own are left out."""
    return {name.replace("?", ""): size for name, size in known_sizes(sizes).items() if "'" not in name}


@lru_cache(maxsize=4096)
def class_of(name: str, reader: Reader) -> Shaped:
    """The class whose instances are the values that a reader takes."""
    return Shaped(name, (), {"reader": reader, "__module__": "torchlean_typed", "__slots__": ()})


def subscripted(cls: type, given: Any, generic: Callable[[Any], Any]) -> Any:
    """What ``cls[given]`` is: a class for texts, and for type variables what ``generic`` makes of them.

    Raises:
        ShapeError: for a text that is no shape, and for another number of texts.
    """
    arguments = given if isinstance(given, tuple) else (given,)
    if not any(isinstance(argument, str) for argument in arguments):
        missing = len(cls.__parameters__) - len(arguments)  # type: ignore[attr-defined]
        return generic((*arguments, *[Any] * missing))
    reader = _READERS[cls.__name__](cls, arguments)
    shown = ", ".join(f'"{part}"' if isinstance(part, str) else _shown(part) for part in arguments)
    return class_of(f"{cls.__name__}[{shown}]", reader)


def dim_annotation(text: Any) -> Shaped:
    """What ``Dim[text]`` is."""
    if not isinstance(text, str):
        raise ShapeError("Dim", f'takes the text of one dimension, as in Dim["n"], got {text!r}', got=repr(text))
    return class_of(f'Dim["{text}"]', DimReader(_dimension("Dim", text)))


def params_annotation(model: Any) -> Shaped:
    """What ``Params[model]`` is."""
    from torchlean_typed.pack import TensorPack

    kind = getattr(model, "kind", None)
    if not isinstance(kind, ModelKind):
        got = found(model)
        raise ShapeError("Params", f"takes a variable that is a model, as in Params[model], got {got}", got=got)
    return class_of(f'TensorPack["{kind.params}"]', PackReader(TensorPack, kind.params))


def _shown(part: Any) -> str:
    return part.__name__.replace("'", '"') if isinstance(part, type) else str(part)


def _texts(name: str, arguments: tuple[Any, ...], *counts: int) -> tuple[str, ...]:
    if not all(isinstance(part, str) for part in arguments):
        raise ShapeError(name, "takes texts of shapes or type variables, not both", got=str(arguments))
    if len(arguments) not in counts:
        wanted = " or ".join(map(str, counts))
        noun = "text of shapes" if wanted == "1" else "texts of shapes"
        raise ShapeError(name, f"takes {wanted} {noun}, got {len(arguments)}", expected=wanted, got=len(arguments))
    return arguments


def _dimension(name: str, text: str) -> Dimension:
    shape = flexible(parse_shape(text, name))
    if len(shape) != 1 or isinstance(shape[0], Variadic):
        raise ShapeError(name, f'"{text}" is not one dimension', expected="one dimension", got=text)
    return shape[0]


def _pack(cls: type, arguments: tuple[Any, ...]) -> Reader:
    (text,) = _texts("TensorPack", arguments, 1)
    return PackReader(cls, PackKind(tuple(flexible(shape) for shape in parse_shapes(text, "TensorPack"))))


def _model(cls: type, arguments: tuple[Any, ...]) -> Reader:
    given, result, *params = _texts("Seq", arguments, 2, 3)
    shapes = [flexible(parse_shape(text, "Seq")) for text in (given, result)]
    pack = PackKind(tuple(flexible(shape) for text in params for shape in parse_shapes(text, "Seq")))
    return ModelReader(cls, ModelKind(shapes[0], shapes[1], pack), bool(params))


def _loss(cls: type, arguments: tuple[Any, ...]) -> Reader:
    output, target = (flexible(parse_shape(t, "OutputLoss")) for t in _texts("OutputLoss", arguments, 2))
    return LossReader(cls, LossKind("the loss", output, target))


def _rows(cls: type, arguments: tuple[Any, ...]) -> Reader:
    if len(arguments) != 2 or not isinstance(arguments[0], str) or isinstance(arguments[1], str):
        raise ShapeError("Rows", 'takes a dimension and a row, as in Rows["10", Float64[Tensor, "64"]]')
    row = reader_of(arguments[1])
    return RowsReader(cls, _dimension("Rows", arguments[0]), row, row is not None and row.whole)


_READERS: dict[str, Callable[[type, tuple[Any, ...]], Reader]] = {
    "TensorPack": _pack,
    "Seq": _model,
    "OutputLoss": _loss,
    "Rows": _rows,
}
