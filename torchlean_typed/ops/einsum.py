"""Contractions: einsum and its special cases, lowered to diagonals, sums, products and matrix products."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from string import ascii_letters
from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops import arithmetic, indexing, linalg, rearrangement, reduce, structure
from torchlean_typed.ops.op import composite
from torchlean_typed.shapes import contraction as rules
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes.vocabulary import axis_position

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

__all__ = ["einsum", "outer", "tensordot", "vecdot"]

# An axis is known by its index: a letter, or a number for one that ``...`` stands for.
Indices = tuple[Hashable, ...]
Factor = tuple[Indices, "Tensor"]


@composite(rules.einsum, dtypes.numeric)
def einsum(subscripts: str, *operands: Tensor) -> Tensor:
    """Products of elements whose indices agree, summed over every index that the result does not name.

    A repeated index of one operand is its diagonal; ``...`` stands for axes without an index, which are broadcast; a
    result that is left out has every index that occurs once, in alphabetical order. Several operands are contracted in
    pairs, in the order of ``numpy.einsum_path``, by matrix products.

    Shapes: by the subscripts: ``"ij,jk->ik"`` is ``i j, j k -> i k``.

    Raises:
        ShapeError: for subscripts that are none, and where axes of one index have different sizes.

    >>> x = tl.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> tl.einsum("ij,jk->ik", x, x), tl.einsum("ii", x)
    (Tensor([[ 7., 10.],
            [15., 22.]], float64[2, 2]), Tensor(5., float64[]))
    """
    terms, output = rules.subscript_terms("einsum", subscripts, len(operands))
    rests = [rules.split_term("einsum", term, x.shape, ())[1] for term, x in zip(terms, operands, strict=True)]
    common = np.broadcast_shapes(*rests)  # type: ignore[arg-type]
    factors = []
    for term, rest, x in zip(terms, rests, operands, strict=True):
        indices = _indices(term, len(rest))
        stretched = [indices.index(i) for i, size in enumerate(rest) if size != common[i]]
        x = structure.squeeze(x, stretched) if stretched else x
        factors.append((tuple(index for i, index in enumerate(indices) if i not in stretched), x))
    return _contract(factors, _indices(output, len(common)))


def _indices(term: rules.Term, rest: int) -> Indices:
    """A term with numbers for the axes of ``...``; operands whose ``...`` stand for something have one rank there."""
    return tuple(i for index in term for i in (range(rest) if index is ... else (index,)))


def _contract(factors: list[Factor], output: Indices) -> Tensor:
    """The product of all factors, summed over what is not in the output."""
    for chosen in _path(factors, output):
        taken = [factors[i] for i in chosen]
        factors = [factor for i, factor in enumerate(factors) if i not in chosen]
        result = taken[0]
        for count, factor in enumerate(taken[1:], 2):
            needed = {*output, *_indices_of(factors), *_indices_of(taken[count:])}
            result = _pair(result, factor, needed)
        factors.append(result)
    ((indices, x),) = [_summed(factor, set(output)) for factor in factors]
    return _in_order(x, indices, output)


def _indices_of(factors: Iterable[Factor]) -> set[Hashable]:
    return {index for indices, _ in factors for index in indices}


def _path(factors: Sequence[Factor], output: Indices) -> list[tuple[int, ...]]:
    if len(factors) < 3:
        return [(0, 1)] if len(factors) == 2 else []
    letters = dict(zip(sorted(_indices_of(factors), key=str), ascii_letters, strict=False))
    text = ",".join("".join(letters[index] for index in indices) for indices, _ in factors)
    text += "->" + "".join(letters[index] for index in output)
    shapes = [np.broadcast_to(np.empty(()), x.shape) for _, x in factors]  # only the shapes are looked at
    return [tuple(step) for step in np.einsum_path(text, *shapes, optimize="greedy")[0][1:]]


def _summed(factor: Factor, needed: set[Hashable]) -> Factor:
    """One factor with each index once, its diagonals taken, and without the indices that nothing else needs."""
    indices, x = factor
    for index in dict.fromkeys(indices):
        while indices.count(index) > 1:
            i = indices.index(index)
            j = indices.index(index, i + 1)
            x = indexing.diagonal(rearrangement.moveaxis(x, (i, j), (-2, -1)))
            indices = (*(other for k, other in enumerate(indices) if k not in (i, j)), index)
    dropped = [i for i, index in enumerate(indices) if index not in needed]
    if dropped:
        x = reduce.sum(x, tuple(dropped))
    return tuple(index for index in indices if index in needed), x


def _pair(first: Factor, second: Factor, needed: set[Hashable]) -> Factor:
    """The product of two factors, summed over the indices that are not needed."""
    left, x = _summed(first, needed | {*second[0]})
    right, y = _summed(second, needed | {*first[0]})
    shared = [index for index in left if index in right]
    batch = tuple(index for index in shared if index in needed)
    inner = tuple(index for index in shared if index not in needed)
    rows = tuple(index for index in left if index not in shared)
    columns = tuple(index for index in right if index not in shared)
    result = (*batch, *rows, *columns)
    size = dict(zip((*left, *right), (*x.shape, *y.shape), strict=True))
    stack = tuple(size[index] for index in batch)
    if not inner:  # nothing to sum over: an elementwise product
        x = _reshaped(_in_order(x, left, batch + rows), (*stack, *(size[i] for i in rows), *(1 for _ in columns)))
        y = _reshaped(_in_order(y, right, batch + columns), (*stack, *(1 for _ in rows), *(size[i] for i in columns)))
        return result, arithmetic.multiply(x, y)
    height, depth, width = (math.prod(size[index] for index in part) for part in (rows, inner, columns))
    x = _reshaped(_in_order(x, left, batch + rows + inner), (*stack, height, depth))
    y = _reshaped(_in_order(y, right, batch + inner + columns), (*stack, depth, width))
    return result, _reshaped(linalg.matrix_product(x, y), tuple(size[index] for index in result))


def _in_order(x: Tensor, indices: Indices, wanted: Indices) -> Tensor:
    return x if indices == wanted else structure.permute_dims(x, [indices.index(index) for index in wanted])


def _reshaped(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    return x if x.shape == shape else structure.reshape(x, shape)


@composite(rules.tensordot, dtypes.numeric)
def tensordot(x1: Tensor, x2: Tensor, axes: int | Sequence[Sequence[int]] = 2) -> Tensor:
    """Sums of products over the last ``axes`` axes of one and the first of the other, or over two lists of axes.

    Shapes: ``*a k, k *b -> *a *b``, k the axes that are summed over.

    >>> tl.tensordot(tl.ones((2, 3)), tl.ones((3, 2)), axes=1)
    Tensor([[3., 3.],
            [3., 3.]], float64[2, 2])
    """
    left, right = rules.contracted_axes("tensordot", x1.shape, x2.shape, axes)
    first = list(range(x1.ndim))
    second = list(range(x1.ndim, x1.ndim + x2.ndim))
    for i, j in zip(left, right, strict=True):
        second[j] = first[i]
    output = [i for i in first if i not in second] + [j for j in second if j not in first]
    return _contract([(tuple(first), x1), (tuple(second), x2)], tuple(output))


@composite(rules.vecdot, dtypes.numeric)
def vecdot(x1: Tensor, x2: Tensor, axis: int = -1) -> Tensor:
    """Dot products of the vectors along one axis.

    Shapes: ``*s n, *s n -> *s``, with ``n`` at ``axis``.

    >>> tl.vecdot(tl.tensor([[1.0, 2.0], [3.0, 4.0]]), tl.tensor([[1.0, 1.0], [2.0, 0.0]]))
    Tensor([3., 6.], float64[2])
    """
    return reduce.sum(arithmetic.multiply(x1, x2), axis_position(x1.shape, axis, "vecdot"))


@composite(rules.outer, dtypes.numeric)
def outer(x1: Tensor, x2: Tensor) -> Tensor:
    """The products of every element of one vector with every element of another.

    Shapes: ``n, m -> n m``.

    >>> tl.outer(tl.tensor([1.0, 2.0]), tl.tensor([3.0, 4.0]))
    Tensor([[3., 4.],
            [6., 8.]], float64[2, 2])
    """
    return arithmetic.multiply(structure.expand_dims(x1, 1), structure.expand_dims(x2, 0))
