"""Values and gradients against PyTorch: convolution, pooling, attention, normalisation, contraction, decompositions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import torchlean_typed as tl
from torchlean_typed import Tensor
from torchlean_typed.trace import leaf
from torchlean_typed.transform.vjp import vjp

torch = pytest.importorskip("torch", reason="torch is not installed")
functional = torch.nn.functional

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
TOLERANCE = {np.float64: 1e-11, np.float32: 3e-5}


def arrays(dtype: Any, *shapes: tuple[int, ...], seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def compare(ours: Callable[..., Tensor], theirs: Callable[..., Any], operands: list[Any]) -> None:
    """One value and, for a random cotangent, one gradient for each operand."""
    tolerance = TOLERANCE[operands[0].dtype.type]
    leaves = [leaf(x.shape, x.dtype, x) for x in operands]
    output = ours(*leaves)
    variables = [torch.from_numpy(x.copy()).requires_grad_() for x in operands]
    expected = theirs(*variables)
    assert output.dtype == operands[0].dtype
    assert output.shape == tuple(expected.shape)
    np.testing.assert_allclose(output.numpy(), expected.detach().numpy(), rtol=tolerance, atol=tolerance)
    (cotangent,) = arrays(operands[0].dtype, output.shape, seed=1)
    expected.backward(torch.from_numpy(cotangent))
    for found, variable in zip(vjp([output], leaves, [tl.from_numpy(cotangent)]), variables, strict=True):
        scale = float(variable.grad.abs().max()) or 1.0
        np.testing.assert_allclose(found.numpy(), variable.grad.numpy(), rtol=tolerance, atol=tolerance * scale)


CONVOLUTIONS = [
    {},
    {"stride": 2, "padding": 1},
    {"stride": (1, 3), "padding": (2, 0), "dilation": (2, 1)},
    {"groups": 2, "padding": 1},
    {"padding": "same", "dilation": (3, 2)},
    {"padding": "valid", "stride": 2},
]


@DTYPES
@pytest.mark.parametrize("statics", CONVOLUTIONS, ids=str)
@pytest.mark.parametrize("bias", [False, True], ids=["plain", "bias"])
def test_conv2d(dtype: Any, statics: dict[str, Any], bias: bool) -> None:
    groups = statics.get("groups", 1)
    operands = arrays(dtype, (2, 4, 9, 8), (6, 4 // groups, 3, 2), (6,))[: 3 if bias else 2]
    compare(lambda *xs: tl.conv2d(*xs, **statics), lambda *xs: functional.conv2d(*xs, **statics), operands)


@pytest.mark.parametrize("statics", [{}, {"stride": 2, "padding": 2, "dilation": 2}, {"groups": 4}], ids=str)
def test_conv1d(statics: dict[str, Any]) -> None:
    operands = arrays(np.float64, (3, 4, 11), (8, 4 // statics.get("groups", 1), 3), (8,))
    compare(lambda *xs: tl.conv1d(*xs, **statics), lambda *xs: functional.conv1d(*xs, **statics), operands)


@pytest.mark.parametrize(
    "statics",
    [
        {},
        {"stride": 2, "padding": 1, "output_padding": 1},
        {"stride": (3, 1), "output_padding": (2, 0), "groups": 2},
        {"padding": (0, 1), "dilation": (1, 2)},
        {"dilation": (2, 3), "output_padding": (1, 2)},
    ],
    ids=str,
)
def test_conv_transpose2d(statics: dict[str, Any]) -> None:
    groups = statics.get("groups", 1)
    operands = arrays(np.float64, (2, 4, 5, 4), (4, 6 // groups, 3, 2), (6,))
    ours = lambda *xs: tl.conv_transpose2d(*xs, **statics)  # noqa: E731
    compare(ours, lambda *xs: functional.conv_transpose2d(*xs, **statics), operands)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_the_same_padding_of_an_even_kernel() -> None:
    operands = arrays(np.float64, (2, 3, 7, 8), (4, 3, 2, 4), (4,))
    compare(lambda *xs: tl.conv2d(*xs, padding="same"), lambda *xs: functional.conv2d(*xs, padding="same"), operands)
    operands = arrays(np.float64, (2, 3, 7), (4, 3, 4))
    compare(lambda *xs: tl.conv1d(*xs, padding="same"), lambda *xs: functional.conv1d(*xs, padding="same"), operands)


@DTYPES
@pytest.mark.parametrize("arguments", [(3, 1, 1, 2), ((2, 3), None, (1, 1), (2, 3))], ids=str)
def test_max_pooling_with_dilation(dtype: Any, arguments: tuple[Any, ...]) -> None:
    x = arrays(dtype, (2, 3, 9, 10))
    compare(lambda x: tl.max_pool2d(x, *arguments), lambda x: functional.max_pool2d(x, *arguments), x)


@DTYPES
@pytest.mark.parametrize("arguments", [(2,), (3, 2, 1), ((3, 2), (1, 2), (1, 0))], ids=str)
def test_pooling(dtype: Any, arguments: tuple[Any, ...]) -> None:
    x = arrays(dtype, (2, 3, 8, 9))
    compare(lambda x: tl.max_pool2d(x, *arguments), lambda x: functional.max_pool2d(x, *arguments), x)
    compare(lambda x: tl.avg_pool2d(x, *arguments), lambda x: functional.avg_pool2d(x, *arguments), x)


def test_the_first_of_ties_has_the_derivative_of_max_pool2d() -> None:
    compare(lambda x: tl.max_pool2d(x, 2, 1), lambda x: functional.max_pool2d(x, 2, 1), [np.ones((1, 1, 3, 3))])


@DTYPES
@pytest.mark.parametrize(("mask", "is_causal"), [(None, False), (None, True), ("all heads", False), ("each", False)])
def test_attention(dtype: Any, mask: str | None, is_causal: bool) -> None:
    operands = arrays(dtype, (2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 7))
    rng = np.random.default_rng(2)
    allowed = None if mask is None else rng.random((5, 6) if mask == "all heads" else (2, 3, 5, 6)) < 0.7
    if allowed is not None:
        allowed[..., 0] = True
    ours = None if allowed is None else tl.from_numpy(allowed)
    theirs = None if allowed is None else torch.from_numpy(allowed)
    compare(
        lambda q, k, v: tl.scaled_dot_product_attention(q, k, v, ours, is_causal),
        lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, theirs, is_causal=is_causal),
        operands,
    )


@DTYPES
def test_batch_norm(dtype: Any) -> None:
    x, weight, bias, mean, variance = arrays(dtype, (4, 3, 2, 5), (3,), (3,), (3,), (3,))
    variance = np.square(variance) + dtype(0.5)
    state = [torch.from_numpy(mean.copy()), torch.from_numpy(variance.copy())]
    given = [tl.from_numpy(mean), tl.from_numpy(variance)]
    compare(
        lambda x, w, b: tl.batch_norm(x, w, b, *given),
        lambda x, w, b: functional.batch_norm(x, *state, w, b, training=False),
        [x, weight, bias],
    )
    compare(
        lambda x, w, b: tl.batch_norm_training(x, w, b, *given)[0],
        lambda x, w, b: functional.batch_norm(x, *state, w, b, training=True),
        [x, weight, bias],
    )
    renewed = tl.batch_norm_training(tl.from_numpy(x), tl.from_numpy(weight), tl.from_numpy(bias), *given)[1:]
    for found, expected in zip(renewed, state, strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=TOLERANCE[dtype])


@DTYPES
def test_layer_norm_and_softmax(dtype: Any) -> None:
    operands = arrays(dtype, (4, 3, 5), (5,), (5,))
    compare(tl.layer_norm, lambda x, w, b: functional.layer_norm(x, (5,), w, b), operands)
    compare(lambda x: tl.log_softmax(x, 1), lambda x: functional.log_softmax(x, 1), operands[:1])


@pytest.mark.parametrize("subscripts", ["bij,bjk,kl->bil", "ii->i", "...ij,...j->...i", "i,j,k->kij", "ijkj->ik"])
def test_einsum(subscripts: str) -> None:
    sizes = {"b": 3, "i": 2, "j": 4, "k": 5, "l": 2}
    terms = subscripts.split("->")[0].split(",")
    shapes = [(*((3, 2) if "..." in term else ()), *(sizes[i] for i in term.replace("...", ""))) for term in terms]
    operands = arrays(np.float64, *shapes)
    compare(lambda *xs: tl.einsum(subscripts, *xs), lambda *xs: torch.einsum(subscripts, *xs), operands)


def test_statistics() -> None:
    x = arrays(np.float64, (3, 4, 5))
    for name in ("var", "std"):
        ours, theirs = getattr(tl, name), getattr(torch, name)
        compare(lambda x, f=ours: f(x, (0, 2), 1.0), lambda x, f=theirs: f(x, (0, 2), correction=1), x)
    compare(lambda x: tl.prod(x, 1), lambda x: torch.prod(x, 1), x)
    compare(lambda x: tl.cumulative_sum(x, 1), lambda x: torch.cumsum(x, 1), x)
    with_zeros = x[0].copy()
    with_zeros[0, 1, 2] = with_zeros[1, 0, 0] = with_zeros[1, 2, 0] = 0.0
    compare(lambda x: tl.prod(x, 1), lambda x: torch.prod(x, 1), [with_zeros])


def test_decompositions() -> None:
    (factor, b) = arrays(np.float64, (2, 4, 4), (2, 4, 3))
    matrix = factor @ np.swapaxes(factor, -1, -2) + np.eye(4)
    compare(tl.solve, torch.linalg.solve, [factor, b])
    compare(tl.logdet, torch.logdet, [matrix])
    # torch looks at the lower triangle alone in the value, and gives the symmetric gradient
    compare(tl.cholesky, torch.linalg.cholesky, [matrix])
    lower = np.tril(factor) + 2 * np.eye(4)
    compare(tl.triangular_solve, lambda a, b: torch.linalg.solve_triangular(a, b, upper=False), [lower, b])


def test_indexing() -> None:
    x, updates = arrays(np.float64, (4, 5), (3, 2, 5))
    indices = np.array([[0, 3], [3, 3], [1, 0]])
    index = tl.from_numpy(indices)
    compare(lambda x: tl.take(x, index, axis=0), lambda x: functional.embedding(torch.from_numpy(indices), x), [x])
    flat = torch.from_numpy(indices.ravel())
    compare(
        lambda x, u: tl.scatter_add(x, index, u),
        lambda x, u: x.index_add(0, flat, u.reshape(6, 5)),
        [x, updates],
    )
    chosen = np.array([[0], [3], [2], [0]])
    compare(
        lambda x: tl.take_along_axis(x, tl.from_numpy(chosen)),
        lambda x: torch.gather(x, 1, torch.from_numpy(chosen)),
        [x],
    )
    ids = torch.nn.functional.one_hot(torch.from_numpy(indices), 4).numpy()
    np.testing.assert_array_equal(tl.one_hot(index, 4, np.int64).numpy(), ids)
