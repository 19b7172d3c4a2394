"""The words for a value of the wrong class, which the run time and the checker share."""

from __future__ import annotations

from collections.abc import Iterable

from torchlean_typed.shapes.errors import ShapeError

_NOUNS = {"ndarray": "a NumPy array", "Rows": "Rows", "function": "a function"}
_PLAIN = ("bool", "int", "float", "list", "tuple")


def a(name: str) -> str:
    """A noun with its article."""
    return _NOUNS.get(name) or f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def wrong_class(op: str, place: str, expected: str, got: str, hint: str | None) -> ShapeError:
    """The error for something at ``place`` that is not what is expected there."""
    return ShapeError(op, f"{place} must be {expected}, got {got}", expected=expected, got=got, hint=hint)


def order_hint(op: str, names: Iterable[str]) -> str:
    """The hint for arguments that stand in each other's places."""
    return f"the order is {op}({', '.join(names)})"


def made_from(wanted: str, got: str) -> str | None:
    """How to make of a value of the class ``got`` one of the class ``wanted``, where that can be guessed."""
    if wanted == "Tensor" and got in ("ndarray", "generic"):
        return "wrap arrays with tl.from_numpy"
    if wanted == "Tensor" and got in _PLAIN:
        return "make a tensor with tl.tensor"
    if wanted == "Tensor" and got in ("TensorPack", "Rows"):
        return f"take one entry of the {got}"
    if wanted == "ndarray" and got == "Tensor":
        return "take its values with .numpy()"
    if wanted == "TensorPack" and got in ("Tensor", "list", "tuple", "dict"):
        return 'make a pack with TensorPack.of(w, b) or TensorPack.named({"weight": w})'
    if wanted == "TensorPack" and got == "ndarray":
        return "wrap arrays with tl.from_numpy, then make a pack with TensorPack.of"
    return None
