"""mypy's revealed types in jaxtyping's text: of ``Tensor[...dtypes.float64, b, 3]``, ``Float64[Tensor, "b 3"]``."""

from __future__ import annotations

from dataclasses import dataclass

DTYPES = {
    "float16": "Float16",
    "float32": "Float32",
    "float64": "Float64",
    "floating": "Float",
    "integer": "Integer",
    "signed_integer": "Int",
    "unsigned_integer": "UInt",
    "number": "Num",
    "bool": "Bool",
    **{f"{sign}int{bits}": f"{'U' if sign else ''}Int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
OPENING, CLOSING = "[(", ")]"


@dataclass(frozen=True)
class Name:
    """A type: its name, and its arguments where it has any."""

    name: str
    args: tuple[str, ...] | None = None


def jaxtyping_text(revealed: str) -> str:
    """The text as users write it."""
    revealed = revealed.strip()
    alternatives = split(revealed, " | ")
    if len(alternatives) > 1:
        return " | ".join(map(jaxtyping_text, alternatives))
    if revealed.startswith("def "):
        return _callable(revealed)
    typ = parsed(revealed)
    if typ.args is None:
        return typ.name
    if typ.name == "Tensor":
        return f'{dtype_text(typ.args[0])}[Tensor, "{shape_text(typ.args[1:])}"]'
    if typ.name == "ndarray":
        sizes = parsed(typ.args[0])
        shape = shape_in(typ.args[0]) if sizes.name == "tuple" and "..." not in (sizes.args or ()) else "..."
        dtype = parsed(typ.args[1]).args or ("Any",)
        return f'{dtype_text(dtype[0])}[np.ndarray, "{shape}"]'
    if typ.name in KINDS:
        return KINDS[typ.name](typ.args)
    if typ.args[-1].startswith("fallback="):
        return jaxtyping_text(typ.args[-1].removeprefix("fallback="))
    if typ.name == "Dim":
        return f'Dim["{shape_text(typ.args)}"]'
    return f"{typ.name}[{', '.join(map(jaxtyping_text, typ.args))}]"


def pack_text(args: tuple[str, ...]) -> str:
    """``TensorPack["32 64, 32"]``; of any shapes, ``TensorPack``, and of generic code, ``TensorPack[P]``."""
    shapes = parsed(args[0])
    if shapes.args is None:
        return "TensorPack" if shapes.name == "Any" else f"TensorPack[{shapes.name}]"
    return f'TensorPack["{pack_shapes(args[0])}"]'


def pack_shapes(text: str) -> str:
    """The shapes of a pack's entries."""
    return ", ".join(shape_in(shape) or "()" for shape in parsed(text).args or () if shape != "()")


def model_text(args: tuple[str, ...]) -> str:
    """``Seq["*b 64", "*b 10", "32 64, 32"]``, as far as it is known."""
    if any(not arg.startswith("tuple[") for arg in args[:2]):
        return f"Seq[{', '.join(args[:3])}]" if args[0] != "Any" else "Seq"
    shapes = [shape_in(arg) for arg in args[:2]]
    shapes += [pack_shapes(args[2])] if args[2].startswith("tuple[") else []
    quoted = ", ".join(f'"{shape}"' for shape in shapes)
    return f"Seq[{quoted}]"


def loss_text(args: tuple[str, ...]) -> str:
    """``OutputLoss["b 10", "b 10"]``."""
    return f'OutputLoss["{shape_in(args[0])}", "{shape_in(args[1])}"]' if args[0] != "Any" else "OutputLoss"


def rows_text(args: tuple[str, ...]) -> str:
    """``Rows["10", TensorPack["32 64, 32"]]``."""
    return f'Rows["{shape_text(args[:1])}", {jaxtyping_text(args[1])}]'


def shape_in(text: str) -> str:
    """A shape that is a tuple of dimensions."""
    args = parsed(text).args or ()
    return shape_text(tuple(arg.replace("?", "") for arg in args if arg != "()"))


def dtype_text(text: str) -> str:
    """jaxtyping's class for a dtype's."""
    return DTYPES.get(parsed(text).name, "Shaped")


def shape_text(dims: tuple[str, ...]) -> str:
    """A shape in jaxtyping's text."""
    shown = []
    for dim in dims:
        if dim in ("Any", "int", "object"):  # mypy joins two sizes to their bound, int, and that and a third to object
            shown.append("_")
        else:
            shown.append("..." if dim.startswith("*tuple") else dim)
    return " ".join(shown)


def parsed(text: str) -> Name:
    """The name, without its module, and the arguments."""
    text = text.strip().rstrip("?")
    if text == "...":
        return Name(text)
    head, bracket, rest = text.partition("[")
    name = head.rpartition(".")[2]
    if not bracket:
        return Name(name)
    inner = rest[: rest.rindex("]")]
    return Name(name, tuple(split(inner, ", ")) if inner else ())


def split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in OPENING) - (char in CLOSING)
        if depth == 0 and text.startswith(separator, index):
            parts.append(text[start:index])
            start = index + len(separator)
    return [*parts, text[start:]]


def _callable(text: str) -> str:
    """``def [b] (x: Tensor[...]) -> Tensor[...]`` without the names of the type variables and the defaults."""
    signature, _, result = text.removeprefix("def ").rpartition(" -> ")
    if not signature:
        signature, result = result, "None"
    if signature.startswith("["):
        signature = split(signature, " (")[-1]
    inner = signature.strip().removeprefix("(").removesuffix(")")
    shown = []
    for parameter in split(inner, ", ") if inner else []:
        name, colon, typ = parameter.partition(": ")
        shown.append(jaxtyping_text(typ if colon else name))
    return f"Callable[[{', '.join(shown)}], {jaxtyping_text(result)}]"


KINDS = {"TensorPack": pack_text, "Seq": model_text, "OutputLoss": loss_text, "Rows": rows_text}
