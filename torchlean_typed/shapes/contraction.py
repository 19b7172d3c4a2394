"""The shape rules of contractions: einsum and the products that are special cases of it."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import NoReturn

from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.rules import drop_axes
from torchlean_typed.shapes.shape import Axis, Shape, Variadic
from torchlean_typed.shapes.vocabulary import (
    Operands,
    axis_position,
    axis_positions,
    broadcast,
    fail,
    plain_dims,
    require_int,
    require_same,
    variadic_position,
)

# The subscripts of one tensor: an index a letter, and at most one ``...`` for the axes without a letter.
Term = tuple[str | EllipsisType, ...]


def subscript_terms(op: str, subscripts: object, count: int) -> tuple[list[Term], Term]:
    """The terms of ``count`` operands and of the result, which may be left out: then every index that occurs once."""
    if not isinstance(subscripts, str):
        raise Undetermined(f"{op}: the value of subscripts is not known")
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = [_term(op, text, subscripts) for text in inputs.split(",")]
    if len(terms) != count:
        fail(op, f"{subscripts!r} has subscripts for {len(terms)} tensors, got {count}", expected=len(terms), got=count)
    letters = [index for term in terms for index in term if isinstance(index, str)]
    if not arrow:
        once = tuple(sorted(index for index in letters if letters.count(index) == 1))
        return terms, ((...,) if any(... in term for term in terms) else ()) + once
    result = _term(op, output, subscripts)
    for index in result:
        if isinstance(index, str) and index not in letters:
            fail(op, f"index {index} of the result is in no operand of {subscripts!r}", got=index)
        if isinstance(index, str) and result.count(index) > 1:
            fail(op, f"index {index} occurs twice in the result of {subscripts!r}", got=index)
    return terms, result


def _term(op: str, text: str, subscripts: str) -> Term:
    head, dots, tail = text.partition("...")
    for index in head + tail:
        if not (index.isascii() and index.isalpha()):
            fail(op, f"{index!r} in {subscripts!r} is no index", expected="letters, commas, one -> and ...", got=index)
    return (*head, *((...,) if dots else ()), *tail)


def split_term(op: str, term: Term, shape: Shape, operands: Operands) -> tuple[list[tuple[str, Dimension]], Shape]:
    """The axes that have an index, with it, and those that ``...`` stands for."""
    text = "".join("..." if index is ... else str(index) for index in term)
    if ... not in term:
        dims = plain_dims(shape, op)
        if len(dims) != len(term):
            problem = f"{text!r} names {len(term)} axes of a tensor of rank {len(dims)}"
            fail(op, problem, operands, expected=len(term), got=len(dims))
        return [(str(index), size) for index, size in zip(term, dims, strict=True)], ()
    before = term.index(...)
    after = len(term) - before - 1
    variadic = variadic_position(shape)
    if variadic is None and len(shape) < before + after:
        problem = f"{text!r} names {before + after} axes of a tensor of rank {len(shape)}"
        fail(op, problem, operands, expected=f"rank {before + after} or more", got=len(shape))
    if variadic is not None and (before > variadic or after > len(shape) - variadic - 1):
        raise Undetermined(f"{op}: which axes of {show(shape)} {text!r} names depends on {shape[variadic]}")
    end = len(shape) - after
    named = plain_dims((*shape[:before], *shape[end:]), op)
    indices = [index for index in term if isinstance(index, str)]
    return list(zip(indices, named, strict=True)), shape[before:end]


def einsum(op: str, subscripts: object, *operands: Shape) -> Shape:
    """By the subscripts: axes of one index have one size; what ``...`` stands for is broadcast."""
    shown = [(f"operand {number}", shape) for number, shape in enumerate(operands)]
    terms, output = subscript_terms(op, subscripts, len(operands))
    sizes: dict[str, Dimension] = {}
    rests: list[tuple[str, Shape]] = []
    for term, (label, shape) in zip(terms, shown, strict=True):
        named, rest = split_term(op, term, shape, shown)
        rests.append((label, rest))
        for index, size in named:
            sizes[index] = require_same(sizes.get(index, size), size, op, f"the sizes of index {index} differ", shown)
    common = broadcast(op, rests)
    if common != () and ... not in output:
        at = variadic_position(common)
        if at is not None:
            _fail_on_rest(op, subscripts, common, common[at], shown)
        fail(op, f"the result of {subscripts!r} leaves out the axes of ...", shown, hint="name them, or sum them first")
    result: list[Axis] = []
    for part in output:
        result.extend(common if isinstance(part, EllipsisType) else (sizes[part],))
    return tuple(result)


def _fail_on_rest(op: str, subscripts: object, common: Shape, rest: Axis, operands: Operands) -> NoReturn:
    if common == (Variadic(None),):
        raise Undetermined(f"{op}: whether ... of {subscripts!r} stands for any axes is not known")
    problem = f"the result of {subscripts!r} leaves out the axes of ...; whether there are any depends on {rest}"
    fail(op, problem, operands, hint="name them, or sum them first")


def contracted_axes(op: str, x1: Shape, x2: Shape, axes: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of each operand that a tensordot sums over: the last n and the first n, or two sequences."""
    first, second = plain_dims(x1, op), plain_dims(x2, op)
    operands = [("left", x1), ("right", x2)]
    if isinstance(axes, (tuple, list)):
        if len(axes) != 2:
            fail(op, f"axes must be an int or two sequences of axes, got {axes!r}", operands, expected=2, got=len(axes))
        left, right = (axis_positions(x, part, op) for x, part in ((x1, axes[0]), (x2, axes[1])))
    else:
        count = require_int(axes, op, "axes")
        if not 0 <= count <= min(len(first), len(second)):
            fail(op, f"cannot sum over {count} axes", operands, expected="0 up to the lower rank", got=count)
        left, right = tuple(range(len(first) - count, len(first))), tuple(range(count))
    if len(left) != len(right):
        problem = f"{len(left)} axes of the left operand and {len(right)} of the right one"
        fail(op, problem, operands, expected=len(left), got=len(right))
    return left, right


def tensordot(op: str, x1: Shape, x2: Shape, axes: object = 2) -> Shape:
    """``*a k, k *b -> *a *b``: the axes that are summed over have one size each."""
    operands = [("left", x1), ("right", x2)]
    left, right = contracted_axes(op, x1, x2, axes)
    first, second = plain_dims(x1, op), plain_dims(x2, op)
    for i, j in zip(left, right, strict=True):
        problem = f"axis {i} of the left and axis {j} of the right operand differ"
        require_same(first[i], second[j], op, problem, operands)
    return (*drop_axes(x1, left), *drop_axes(x2, right))


def vecdot(op: str, x1: Shape, x2: Shape, axis: object = -1) -> Shape:
    """``*s n, *s n -> *s``: the axis that is summed over has one size, the others are broadcast."""
    operands = [("left", x1), ("right", x2)]
    positions = [axis_position(shape, axis, op) for shape in (x1, x2)]
    sizes = [shape[position] for shape, position in zip((x1, x2), positions, strict=True)]
    a, b = sizes
    if not isinstance(a, Variadic) and not isinstance(b, Variadic):
        require_same(a, b, op, f"the sizes of axis {axis} differ", operands)
    common = broadcast(op, operands)
    return drop_axes(common, (axis_position(common, axis, op),))


def outer(op: str, x1: Shape, x2: Shape) -> Shape:
    """``n, m -> n m``."""
    for label, shape in (("left", x1), ("right", x2)):
        if len(plain_dims(shape, op)) != 1:
            operands = [("left", x1), ("right", x2)]
            fail(op, f"the {label} operand must have rank 1", operands, expected=1, got=len(shape))
    return (*x1, *x2)


def same_leading(op: str, a: Sequence[Axis], b: Sequence[Axis], operands: Operands) -> Shape:
    """The leading axes of two stacks of matrices: equal (a literal 1 stretches), or one of the two has none."""
    return broadcast(op, [(label, tuple(axes)) for (label, _), axes in zip(operands, (a, b), strict=True)])
