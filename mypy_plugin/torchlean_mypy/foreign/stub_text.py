"""Shape stubs, read as text: the signatures in a ``.pyi`` file whose annotations are shapes.

The form is described in stubs/README.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from torchlean_mypy.syntax.spelling import MARKERS
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import Shape, parse_shape
from torchlean_typed.shapes.unify import flexible

# What a parameter may say beside the array annotations, and how many texts it takes.
WORDS = {"Shape": 1, "Dim": 1, "DType": 1, "Scalar": 1, "Nested": 2}
CLASSES = ("ndarray", "Tensor")


@dataclass(frozen=True)
class Annotation:
    """What an annotation says.

    ``word`` is one of ``WORDS``, a class of arrays, ``tuple``, ``None``, or empty where it says nothing. A ``dtype`` is
    a name of the signature's own (``?d``), a fixed one or a kind of it, or not known.
    """

    word: str = ""
    shape: Shape | None = None
    dtype: str | None = None
    items: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """One parameter: how it may be given, what its annotation says, and the value that it has if it is left out."""

    name: str
    says: Annotation
    positional: bool
    is_optional: bool
    default: str | int | None = None


@dataclass(frozen=True)
class Signature:
    """One line of a stub."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Annotation


def read(folder: Path) -> dict[str, list[Signature]]:
    """The signatures in a folder's stubs, by the full name of what they describe: ``numpy.random.Generator.normal``.

    Raises:
        ValueError: for a text that is no stub; the message says where.
    """
    found: dict[str, list[Signature]] = {}
    for file in sorted(folder.glob("*.pyi")):
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise ValueError(f"{file}:{error.lineno}: {error.msg}") from None
        for name, definition in _definitions(tree.body, file.stem):
            try:
                signature = _signature(name.rpartition(".")[2], definition, "." in name.removeprefix(f"{file.stem}."))
            except ShapeError as error:
                raise ValueError(f"{file}:{definition.lineno}: {error}") from None
            found.setdefault(name, []).append(signature)
    return found


def _definitions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield f"{prefix}.{statement.name}", statement
        elif isinstance(statement, ast.ClassDef):
            yield from _definitions(statement.body, f"{prefix}.{statement.name}")


def _signature(name: str, definition: ast.FunctionDef, is_method: bool) -> Signature:
    arguments = definition.args
    if arguments.vararg is not None or arguments.kwarg is not None:
        raise ShapeError(name, "a stub has no *args and **kwargs", hint="write one line for each way to call it")
    positional = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *(
            (argument, default, True)
            for argument, default in zip(positional, [*missing, *arguments.defaults], strict=True)
        ),
        *(
            (argument, default, False)
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ),
    ]
    parameters = tuple(_parameter(name, *pair) for pair in (pairs[1:] if is_method else pairs))
    return Signature(name, parameters, _annotation(name, definition.returns))


def _parameter(op: str, argument: ast.arg, default: ast.expr | None, positional: bool) -> Parameter:
    says = _annotation(op, argument.annotation)
    value: str | int | None = None
    match default:
        case ast.Constant(value=int(number)):
            value = number
        case ast.Name(id=name):
            value = name
    return Parameter(argument.arg, says, positional, default is not None, value)


def _annotation(op: str, node: ast.expr | None) -> Annotation:
    match node:
        case ast.Constant(value=None):
            return Annotation("None")
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=items)):
            return Annotation("tuple", items=tuple(_annotation(op, item) for item in items))
        case ast.Subscript(value=ast.Name(id=word) | ast.Attribute(attr=word), slice=inside):
            arguments = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return _shaped(op, word, arguments)
    return Annotation()


def _shaped(op: str, word: str, arguments: list[ast.expr]) -> Annotation:
    texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    count = WORDS.get(word, 2 if word == "Array" else None)
    if count is not None and (len(texts), len(arguments)) != (count, count):
        raise ShapeError(op, f"{word} takes {count} {'text' if count == 1 else 'texts'}", got=len(arguments))
    match word:
        case "DType" | "Scalar":
            return Annotation(word, dtype=_own(texts[0]))
        case "Shape" | "Dim":
            return Annotation(word, _shape(op, texts[0]))
        case "Nested" | "Array":
            return Annotation("ndarray" if word == "Array" else word, _shape(op, texts[1]), _own(texts[0]))
    name = getattr(arguments[0], "id", getattr(arguments[0], "attr", None))
    if word in MARKERS and name in CLASSES and len(arguments) == 2 and len(texts) == 1:
        return Annotation(str(name), _shape(op, texts[0]), MARKERS[word])
    return Annotation()


def _shape(op: str, text: str) -> Shape:
    return flexible(parse_shape(text, op))


def _own(name: str) -> str | None:
    return None if name == "_" else f"?{name}"
