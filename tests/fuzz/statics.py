"""Static parameters: for each, by its name and annotation, texts that often fit the operands and sometimes do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz.operands import text_of_shape
from tests.fuzz.program import Scope
from tests.fuzz.sizes import Size, literal

SUBSCRIPTS = (
    *("ij,jk->ik", "ij,kj->ik", "ij->ji", "ij->", "ij->j", "i,j->ij", "i,i->", "ii", "ii->i", "i,i->i", "ij,ij->i"),
    *("...ij,...jk->...ik", "...i->...", "...", "bij,bjk->bik", "i...,...i", "ij,j", "i->ij", "ij,jk", "abc->cab"),
)


@dataclass
class Call:
    """The call that statics are drawn for: the operands' shapes in the first world, and sizes to write."""

    rng: Random
    scope: Scope
    name: str
    shapes: list[tuple[int, ...]]
    operands: list[str]
    pool: Sequence[Size]

    @property
    def rank(self) -> int:
        return len(self.shapes[0]) if self.shapes else 2

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.shapes[0] if self.shapes else ()


Draw = Callable[[Call], str]


def one_axis(call: Call, extra: int = 0) -> str:
    rank = call.rank + extra
    if rank == 0 or call.rng.random() < 0.06:
        return str(call.rng.randint(-4, 4))
    return str(call.rng.randint(-rank, rank - 1))


def several(call: Call) -> str:
    axes = call.rng.sample(range(call.rank), call.rng.randint(0, call.rank))
    texts = [str(axis if call.rng.random() < 0.5 else axis - call.rank) for axis in axes]
    return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"


def axis(call: Call) -> str:
    if call.name in ("sum", "mean", "max", "min", "logsumexp", "prod", "var", "std", "flip"):
        return call.rng.choice(("None", one_axis(call), several(call)))
    if call.name == "squeeze":
        ones = [index for index, size in enumerate(call.sizes) if size == 1]
        return str(call.rng.choice(ones)) if ones and call.rng.random() < 0.9 else one_axis(call)
    if call.name in ("take", "argmax", "argmin", "cumulative_sum", "roll"):
        return call.rng.choice(("None", *[one_axis(call)] * 4))
    return one_axis(call, extra=int(call.name in ("expand_dims", "stack")))


def axes(call: Call) -> str:
    if call.name == "tensordot":
        return call.rng.choice(("0", "1", "1", "1", "2", "([-1], [0])", "((0,), (0,))", "([0], [-1])"))
    order = call.rng.sample(range(call.rank), call.rank)
    if call.rng.random() < 0.06:
        order = order[1:]
    return f"({''.join(f'{i if call.rng.random() < 0.7 else i - call.rank}, ' for i in order).rstrip()})"


def new_shape(call: Call) -> str:
    """For reshape another way to write the elements, for broadcast_to a shape that the operand stretches to."""
    rng = call.rng
    if not call.shapes:
        chosen = [rng.choice(call.pool) for _ in range(rng.choice((0, 1, 2, 2, 3)))]
        return chosen[0].written if len(chosen) == 1 and rng.random() < 0.5 else text_of_shape(chosen)
    own = [axis_text(call, index) for index in range(call.rank)]
    if rng.random() < 0.12:
        own = [rng.choice(call.pool).written for _ in range(rng.randint(1, 3))]
    elif call.name == "broadcast_to":
        own = [rng.choice(call.pool).written if size == 1 else text for size, text in zip(call.sizes, own, strict=True)]
    else:
        own = refactored(call, own)
    return (
        own[0] if len(own) == 1 and rng.random() < 0.4 else "(" + ", ".join(own) + ("," if len(own) == 1 else "") + ")"
    )


def axis_text(call: Call, index: int) -> str:
    """The size of an axis of the first operand, as a number or as what it is."""
    if len(call.scope.worlds) == 1 and call.rng.random() < 0.7:
        return str(call.sizes[index])
    true = tuple(shape[index] for shape in operand_shapes(call))
    same = [size.written for size in call.pool if size.values(call.scope) == true]
    ranks = {len(world.values[call.operands[0]].shape) for world in call.scope.worlds}
    return call.rng.choice([f"{call.operands[0]}.shape[{index}]", *same] if len(ranks) == 1 else ["-1", "2"])


def operand_shapes(call: Call) -> list[tuple[int, ...]]:
    shapes = [world.values[call.operands[0]].shape for world in call.scope.worlds]
    return shapes if all(len(shape) == call.rank for shape in shapes) else [(-1,) * call.rank]


def refactored(call: Call, own: list[str]) -> list[str]:
    rng = call.rng
    factors = [split_size(call, text, index) for index, text in enumerate(own)]
    texts = [text for pair in factors for text in pair]
    if rng.random() < 0.5:
        rng.shuffle(texts)
    while len(texts) > 1 and rng.random() < 0.5:
        texts[:2] = [" * ".join(f"({t})" if set(t) & set("+-/") else t for t in texts[:2])]
    if rng.random() < 0.3:
        texts.insert(rng.randint(0, len(texts)), "1")
    if texts and rng.random() < 0.35:
        texts[rng.randrange(len(texts))] = "-1"
    return texts


def split_size(call: Call, text: str, index: int) -> list[str]:
    """A size as two factors, where two sizes of the pool (or numbers) have it as their product."""
    values = tuple(shape[index] for shape in operand_shapes(call))
    found = []
    for a in [*call.pool, literal(2), literal(3)]:
        for b in call.pool:
            product = tuple(x * y for x, y in zip(a.values(call.scope), b.values(call.scope), strict=True))
            if product == values and "1" not in (a.text, b.text):
                found.append([a.written, b.written])
    return call.rng.choice(found) if found and call.rng.random() < 0.6 else [text]


def key(call: Call) -> str:
    rng = call.rng
    items: list[str] = []
    used = rng.randint(0, call.rank) if rng.random() < 0.95 else call.rank + 1
    for index in range(used):
        if rng.random() < 0.12:
            items.append("None")
        items.append(item(call, call.sizes[index] if index < call.rank else 1))
    if rng.random() < 0.2 or not items:
        items.insert(rng.randint(0, len(items)), "...")
    return ", ".join(items)


def item(call: Call, size: int) -> str:
    rng = call.rng
    if rng.random() < 0.35:
        return str(rng.choice((0, 0, -1, 1, 2, -2)))
    return ":".join((bound(call, size), bound(call, size))) + rng.choice(("", "", "", "", ":1", ":2", ":3", ":-1"))


def bound(call: Call, size: int) -> str:
    if call.rng.random() < 0.15:
        return call.rng.choice(call.pool).written
    return call.rng.choice(("", "", "", "1", "-1", "2", "-2", "3", "0"))


def sections(call: Call) -> str:
    rng = call.rng
    return rng.choice(("1", "2", "3", "2", "[1]", "[1, 2]", "(0, 1)", "[2, 1]", rng.choice(call.pool).written))


def widths(call: Call) -> str:
    rng = call.rng
    pairs = ", ".join(
        f"({rng.randint(0, 2)}, {rng.choice(('0', '1', rng.choice(call.pool).written))})" for _ in call.sizes
    )
    return rng.choice(("1", "(1, 2)", "2", f"({pairs},)" if pairs else "0", "-1" if rng.random() < 0.3 else "0"))


def sides(call: Call) -> str:
    rng = call.rng
    return rng.choice(("1", "2", "2", "(1, 2)", "3", "(2, 1)"))


def moved(call: Call) -> str:
    return call.rng.choice((one_axis(call), one_axis(call), "(0, 1)", "(1, 0)", "(-1, 0)"))


def choice(*texts: str) -> Draw:
    return lambda call: call.rng.choice(texts)


def size(call: Call) -> str:
    return call.rng.choice(call.pool).written


FLAG = choice("True", "False")
DRAWERS: dict[str, Draw] = {
    "axis": axis,
    "axes": axes,
    "shape": new_shape,
    "key": key,
    "indices_or_sections": sections,
    "pad_width": widths,
    "subscripts": lambda call: repr(call.rng.choice(SUBSCRIPTS)),
    **dict.fromkeys(("axis1", "axis2"), one_axis),
    **dict.fromkeys(("source", "destination"), moved),
    **dict.fromkeys(("kernel", "stride", "dilation"), sides),
    **dict.fromkeys(("n_rows", "num", "num_classes"), size),
    **dict.fromkeys(("keepdims", "is_causal", "upper", "lower", "include_initial"), FLAG),
    "n_cols": lambda call: call.rng.choice(("None", size(call))),
    "padding": choice("0", "1", "(1, 0)", "0"),
    "output_padding": choice("0", "0", "1"),
    "groups": choice("1", "1", "1", "2"),
    "shift": choice("1", "-2", "(1, 2)"),
    **dict.fromkeys(("k", "offset"), choice("0", "1", "-1", "2")),
    "dtype": choice("np.float64", "np.float32", "np.int64", '"float64"'),
    "start": lambda call: call.rng.choice(("0", "1", "2", "0.5", size(call))),
    "stop": lambda call: call.rng.choice(("3", "5", "4.5", size(call))),
    "step": choice("1", "2", "0.5", "3"),
    **dict.fromkeys(("fill_value", "constant_values", "correction"), choice("0", "0.5")),
    **dict.fromkeys(("eps", "momentum"), choice("0.1", "1e-3")),
    "min": choice("None", "0.0", "-1.0"),
    "max": choice("None", "1.0"),
    "scale": choice("None", "0.5"),
    "seed": choice("1", "2"),
}
