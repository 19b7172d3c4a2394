"""The shape rules of operations on square matrices."""

from __future__ import annotations

from torchlean_typed.shapes.contraction import same_leading
from torchlean_typed.shapes.dim import same
from torchlean_typed.shapes.rearrangement import matrix_axes
from torchlean_typed.shapes.shape import Shape, Variadic
from torchlean_typed.shapes.vocabulary import fail, require_same


def square(op: str, x: Shape, *parameters: object) -> Shape:
    """``*b n n -> *b n n``."""
    rows, columns = matrix_axes(op, x)
    if same(rows, columns) is False:
        fail(op, f"the matrix is not square: {rows} and {columns}", [("operand", x)], expected=rows, got=columns)
    return x


def of_square(op: str, x: Shape) -> Shape:
    """``*b n n -> *b``."""
    return square(op, x)[:-2]


def solve(op: str, a: Shape, b: Shape, *parameters: object) -> Shape:
    """``*b n n, *b n k -> *b n k``, or a vector ``n``; one of the two may be a plain matrix."""
    operands = [("left", a), ("right", b)]
    square(op, a)
    if b == ():
        fail(op, "the right operand is a scalar", operands, expected="rank 1 or more", got="rank 0")
    vector = len(b) == 1 and not isinstance(b[0], Variadic)
    rows = b[0] if vector else matrix_axes(op, b)[0]
    assert not isinstance(rows, Variadic)
    require_same(matrix_axes(op, a)[1], rows, op, "the sizes of the matrix and of the right operand differ", operands)
    lead = same_leading(op, a[:-2], () if vector else b[:-2], operands)
    return (*lead, *(b if vector else b[-2:]))
