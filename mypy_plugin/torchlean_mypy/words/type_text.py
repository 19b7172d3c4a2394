"""Types as mypy prints them in messages, read again, and said as users write them.

``Tensor[float64, n, m]`` is ``Float64[Tensor, 'n m']``, and the nested tuples of a pack or a model are their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from torchlean_mypy.syntax.spelling import MARKERS
from torchlean_mypy.types.facts import Facts, applied
from torchlean_mypy.types.numpy_types import sized
from torchlean_typed.shapes.dtypes import members
from torchlean_typed.shapes.shape import parse_dim

OPENING, CLOSING = "[(", "])"
SHAPED = re.compile(r"\b(?:Tensor|ndarray|TensorPack|Seq|Dim)\[")
DIMENSION = re.compile(r"\*.*|.*: int")  # as a variable of a function
SIGNATURE = re.compile(r"(?P<start>\s*def )(?:\[(?P<variables>[^()]*)\] )?(?P<rest>\w+\(.*)")
# ``float64`` is ``Float64``; what is not known is ``Shaped``
SPELLED = {marker: name for name, marker in MARKERS.items() if marker is not None}


@dataclass(frozen=True)
class TypeText:
    """A type: the text of its name, and those of its arguments where it has any."""

    text: str

    @cached_property
    def name(self) -> str:
        """The name before the arguments; a union has none, nor has it arguments."""
        return "" if len(self.alternatives) > 1 else self.text.partition("[")[0].rpartition(".")[2]

    @cached_property
    def args(self) -> tuple[str, ...]:
        """The texts of the arguments."""
        _, bracket, rest = self.text.partition("[")
        inner = rest.removesuffix("]")
        return tuple(split(inner, ", ")) if len(self.alternatives) == 1 and bracket and inner not in ("", "()") else ()

    @cached_property
    def alternatives(self) -> list[TypeText]:
        """The members of a union; of anything else, itself."""
        return [TypeText(part) for part in split(self.text, " | ")]

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """The dimensions of a Tensor or an array, ``_`` where one is not known; None for anything else."""
        if self.name == "Tensor" and self.args:
            return _sizes(self.args[1:])
        if self.name == "ndarray" and self.args and self.args[0].startswith("tuple["):
            return _sizes((self.args[0],) if "..." in self.args[0][-6:] else TypeText(self.args[0]).args)
        return None

    @property
    def dtype(self) -> str | None:
        """The dtype of a Tensor or an array, where it is known; of many an array NumPy's stubs know only the kind."""
        if self.name == "ndarray" and len(self.args) > 1:
            scalar = TypeText(self.args[1].removeprefix("dtype[").removesuffix("]"))
            name = sized(scalar.name, *scalar.args[:1] or ("",))
            return name if name in SPELLED else None
        return self.args[0] if self.name == "Tensor" and self.args and self.args[0] != "Any" else None

    @property
    def entries(self) -> list[tuple[str, ...]] | None:
        """The shapes of a pack's entries; None for anything else."""
        if self.name != "TensorPack" or not self.args or not self.args[0].startswith("tuple["):
            return None
        return [_sizes(TypeText(shape).args) for shape in TypeText(self.args[0]).args]

    @property
    def readable(self) -> str:
        """The type as it is written in annotations."""
        if len(parts := split(self.text, " | ")) > 1:
            return " | ".join(TypeText(part).readable for part in parts)
        if self.sizes is not None:
            if self.dtype is None and self.sizes == ("...",):
                return self.name
            return f"{SPELLED.get(self.dtype or '', 'Shaped')}[{self.name}, '{_written(self.sizes)}']"
        if self.entries is not None:
            return f"TensorPack['{', '.join(map(_written, self.entries))}']"
        if self.name in ("TensorPack", "Seq") and set(self.args) == {"Any"}:
            return self.name
        if self.name == "Seq" and len(self.args) >= 3 and self.args[0].startswith("tuple["):
            shapes = [f"'{_written(_sizes(TypeText(arg).args))}'" for arg in self.args[:2]]
            pack = TypeText(f"TensorPack[{self.args[2]}, Any]").entries
            shapes += [f"'{', '.join(map(_written, pack))}'"] if pack is not None else []
            return f"Seq[{', '.join(shapes)}]"
        if self.name == "Dim" and self.args and "'" not in self.text:
            return f"Dim['{_written(_sizes(self.args))}']"
        if not self.args:
            return self.text
        if self.text.startswith("["):  # the parameters of a callable
            return f"[{', '.join(TypeText(arg).readable for arg in self.args)}]"
        return f"{self.name}[{', '.join(TypeText(arg).readable for arg in self.args)}]"


def readable_signature(text: str) -> str:
    """A function as mypy prints it in a note, with its types as they are written in annotations."""
    found = SIGNATURE.fullmatch(text)
    if found is None:
        return text
    variables = [one for one in split(found["variables"] or "", ", ") if one and not DIMENSION.fullmatch(one)]
    start = f"{found['start']}[{', '.join(variables)}] " if variables else found["start"]
    rest, done = found["rest"], ""
    while (match := SHAPED.search(rest)) is not None:
        end = match.end()
        while end < len(rest) and rest[match.end() - 1 : end].count("[") > rest[match.end() - 1 : end].count("]"):
            end += 1
        done += rest[: match.start()] + TypeText(rest[match.start() : end]).readable
        rest = rest[end:]
    return start + done + rest


def split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in OPENING) - (char in CLOSING)
        if depth == 0 and text.startswith(separator, index):
            parts.append(text[start:index])
            start = index + len(separator)
    return [*parts, text[start:]]


def _sizes(texts: Iterable[str]) -> tuple[str, ...]:
    names = Facts.active.names if Facts.active else {}
    return tuple(_size(text) for text in texts if names.get(text) != ())


def _size(text: str) -> str:
    if text.startswith(("*tuple", "tuple[")):
        return "..."
    if text in ("Any", "int", "object"):  # mypy joins two sizes to their bound, and that and a third to `object`
        return "_"
    if Facts.active and text.partition("[")[0] == text and not text.startswith("*") and "?" not in text:
        return str(applied(parse_dim(text)))
    return text.replace("?", "")


def _written(sizes: tuple[str, ...]) -> str:
    return " ".join(sizes)


def goes_with(got: TypeText, expected: TypeText) -> bool:
    """Whether a value of one type may be one of another, as far as the texts tell."""
    if got == expected:
        return True
    if got.name == expected.name == "tuple" and len(got.args) == len(expected.args):
        return all(goes_with(*map(TypeText, pair)) for pair in zip(got.args, expected.args, strict=True))
    if got.name == expected.name == "TensorPack":
        return "Any" in (*got.args[:1], *expected.args[:1])
    if len(got.alternatives) > 1 or len(expected.alternatives) > 1:
        return all(any(goes_with(one, other) for other in expected.alternatives) for one in got.alternatives)
    if got.sizes is None or expected.sizes is None or got.name != expected.name:
        return False
    same_dtype = None in (a := got.dtype, b := expected.dtype) or set(members(a or "")) <= set(members(b or ""))
    return same_dtype and may_be_same(got.sizes, expected.sizes)


def may_be_same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two shapes may be the same: ``_`` is any size, ``...`` any number of axes."""
    if "..." not in a:
        a, b = b, a
    if "..." not in a:
        return len(a) == len(b) and all(map(_may_be_same_size, a, b))
    head, tail = a[: a.index("...")], a[a.index("...") + 1 :]
    variadic = next((index for index, size in enumerate(b) if size.startswith(("*", "..."))), None)
    if variadic is None:
        fits = len(head) + len(tail) <= len(b)
        return fits and all(map(_may_be_same_size, (*head, *tail), (*b[: len(head)], *b[len(b) - len(tail) :])))
    before, after = zip(head, b[:variadic], strict=False), zip(tail[::-1], b[:variadic:-1], strict=False)
    return all(_may_be_same_size(x, y) for x, y in (*before, *after))


def _may_be_same_size(x: str, y: str) -> bool:
    return x == y or "_" in (x, y)
