"""The signatures of the layers that know nothing of images or sequences, one small function each."""

from __future__ import annotations

import math
from itertools import pairwise

from torchlean_typed.shapes.chaining import BATCH
from torchlean_typed.shapes.dim import Dimension, DimExpr, Unknown, symbol
from torchlean_typed.shapes.errors import Undetermined
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.shape import Shape, Variadic, parse_shape, parse_shapes
from torchlean_typed.shapes.unify import flexible
from torchlean_typed.shapes.vocabulary import fail

ACTIVATIONS = ("relu", "gelu", "tanh", "sigmoid", "softplus")


def positive(op: str, value: object, what: str, least: int = 1) -> Dimension:
    """A parameter that is a size, of at least ``least``."""
    if isinstance(value, (bool, str, float)) or value is None:
        fail(op, f"{what} must be an int, got {value!r}", expected="an int", got=repr(value))
    if isinstance(value, int) and value < least:
        fail(op, f"{what} must be at least {least}, got {value}", expected=f"{least} or more", got=value)
    return value  # type: ignore[return-value]


def require_unknown(op: str, value: object, problem: str, expected: str) -> None:
    """A parameter of another kind than it should be may only be one that the checker does not know."""
    if not isinstance(value, (Unknown, DimExpr)):
        fail(op, f"{problem}, got {value!r}", expected=expected, got=repr(value))


def flag(op: str, value: object, what: str) -> bool:
    """A parameter that is True or False, on which a signature depends."""
    if not isinstance(value, bool):
        require_unknown(op, value, f"{what} must be True or False", "True or False")
        raise Undetermined(f"{op}: the value of {what} is not known")
    return value


def linear(op: str, in_features: object, out_features: object, bias: object = True) -> ModelKind:
    """``*b in -> *b out``; parameters ``weight: out in`` and ``bias: out``."""
    n, m = positive(op, in_features, "in_features"), positive(op, out_features, "out_features")
    return ModelKind(
        (BATCH, n), (BATCH, m), weight_and_bias((m, n), m, flag(op, bias, "bias")), ("linear",), "floating"
    )


def weight_and_bias(weight: Shape, out: Dimension, bias: bool) -> PackKind:
    """The parameters of a layer with a weight and perhaps a ``bias: out``."""
    return PackKind((weight, (out,)), ("0.weight", "0.bias")) if bias else PackKind((weight,), ("0.weight",))


def activation(op: str, *parameters: object) -> ModelKind:
    """``*b -> *b``; no parameters."""
    return ModelKind((BATCH,), (BATCH,), layers=(op,), takes="any" if op == "relu" else "floating")


def axis_from_end(op: str, axis: object) -> int | None:
    """An axis counted from the end: batch axes do not count; None where it is not known."""
    if not isinstance(axis, int) or isinstance(axis, bool):
        require_unknown(op, axis, "axis must be an int", "an axis counted from the end, such as -1")
        return None
    if axis >= 0:
        expected = "an axis counted from the end, such as -1"
        problem = f"axis must be negative, counted from the end, got {axis}"
        fail(op, problem, expected=expected, got=axis, hint="any number of batch axes may stand before")
    return axis


def along_axis(op: str, axis: object = -1) -> ModelKind:
    """``*b n -> *b n`` along the last axis or another one, counted from the end."""
    place = axis_from_end(op, axis)
    if place is None:
        return activation(op)
    shape: Shape = (BATCH, *(symbol(f"?n{i}") for i in range(-place)))
    return ModelKind(shape, shape, layers=(op,), takes="floating")


def flatten(op: str, axes: object) -> ModelKind:
    """``*b n m ... -> *b n*m*...``: the last ``axes`` axes become one."""
    if not isinstance(axes, int) or isinstance(axes, bool):
        if isinstance(axes, Unknown):
            raise Undetermined(f"{op}: the number of axes is not known")
        fail(op, f"axes must be an int, got {axes!r}", expected="how many of the last axes become one", got=repr(axes))
    positive(op, axes, "axes")
    dims = tuple(symbol(f"?n{i}") for i in range(axes))
    return ModelKind((BATCH, *dims), (BATCH, math.prod(dims)), layers=("flatten",), takes="any")


def layer_norm(op: str, features: object, eps: object = 1e-5) -> ModelKind:
    """``*b d -> *b d``; parameters ``weight: d`` and ``bias: d``."""
    d = positive(op, features, "features")
    require_from_0(op, eps, "eps")
    params = PackKind(((d,), (d,)), ("0.weight", "0.bias"))
    return ModelKind((BATCH, d), (BATCH, d), params, ("layer_norm",), "floating")


def batch_norm(op: str, features: object, axis: object = -1, momentum: object = 0.1, eps: object = 1e-5) -> ModelKind:
    """``*b c -> *b c``, or with c at another axis from the end; ``weight``, ``bias``, ``mean`` and ``variance: c``."""
    c = positive(op, features, "features")
    require_from_0(op, eps, "eps")
    require_from_0(op, momentum, "momentum")
    if isinstance(momentum, (int, float)) and momentum > 1:
        fail(op, f"momentum must be at most 1, got {momentum}", expected="a number from 0 to 1", got=momentum)
    place = axis_from_end(op, axis)
    if place is None:
        raise Undetermined(f"{op}: the value of axis is not known")
    shape: Shape = (BATCH, c, *(symbol(f"?n{i}") for i in range(-place - 1)))
    names = tuple(f"0.{name}" for name in ("weight", "bias", "mean", "variance"))
    return ModelKind(shape, shape, PackKind(((c,),) * 4, names), (op,), "floating")


def require_from_0(op: str, value: object, what: str) -> None:
    """A parameter that is a number of at least 0; it need not be known."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        require_unknown(op, value, f"{what} must be a number", "a number from 0")
    elif value < 0:
        fail(op, f"{what} must not be negative, got {value}", expected="a number from 0", got=value)


def dropout(op: str, rate: object, seed: object) -> ModelKind:
    """``*b -> *b``; no parameters."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float)):
        require_unknown(op, rate, "rate must be a number", "a number from 0, below 1")
    elif not 0 <= rate < 1:
        fail(op, f"rate must be from 0, and below 1, got {rate}", expected="a number from 0, below 1", got=rate)
    positive(op, seed, "seed", least=0)
    return activation(op)


def mlp(op: str, *sizes: object, activation: object = "relu") -> ModelKind:
    """Linear layers from each size to the next, with an activation between them: ``*b in -> *b out``."""
    if len(sizes) < 2:
        problem = f"needs two sizes or more, the first of the input and the last of the output, got {len(sizes)}"
        fail(op, problem, expected="two sizes or more", got=len(sizes))
    if activation not in ACTIVATIONS:
        allowed = f"one of {', '.join(ACTIVATIONS)}"
        require_unknown(op, activation, f"activation must be {allowed}", allowed)
    dims = [positive(op, size, "a size") for size in sizes]
    shapes: list[Shape] = []
    names: tuple[str, ...] = ()
    for number, (n, m) in enumerate(pairwise(dims)):
        shapes += [(m, n), (m,)]
        names += (f"{2 * number}.weight", f"{2 * number}.bias")
    layers = ("linear", str(activation)) * (len(dims) - 1)
    params = PackKind(tuple(shapes), names)
    return ModelKind((BATCH, dims[0]), (BATCH, dims[-1]), params, layers[:-1], "floating")


def input(op: str, shape: object) -> ModelKind:
    """``*b s -> *b s``, with ``s`` the shape of one sample, sizes or a text: states what cannot be inferred."""
    if isinstance(shape, tuple):
        stated: Shape = tuple(positive(op, size, "a size") for size in shape)
    else:
        stated = flexible(_text_shape(op, shape, "shape"))
    if not any(isinstance(axis, Variadic) for axis in stated):
        stated = (BATCH, *stated)
    return ModelKind(stated, stated, layers=("input",), takes="any")


def layer(op: str, params: object = "", input: object = None, output: object = None, names: object = ()) -> ModelKind:
    """A user's own: shapes as texts, ``*b`` for batch axes; a shape that is not given is not known."""
    if isinstance(params, str):
        shapes = parse_shapes(params, op)
    elif isinstance(params, tuple):
        shapes = tuple(_text_shape(op, text, "a parameter's shape") for text in params)
    else:
        fail(
            op, f"params must be the parameters' shapes as a text, got {params!r}", expected="a text", got=repr(params)
        )
    entry_names = names if isinstance(names, tuple) and names else tuple(map(str, range(len(shapes))))
    entry_names = tuple(f"0.{name}" for name in entry_names)
    patterns = [
        (Variadic(None),) if text is None else flexible(_text_shape(op, text, what))
        for text, what in ((input, "input"), (output, "output"))
    ]
    return ModelKind(patterns[0], patterns[1], PackKind(shapes, entry_names), ("layer",))


def _text_shape(op: str, text: object, what: str) -> Shape:
    if not isinstance(text, str):
        if isinstance(text, Unknown):
            raise Undetermined(f"{op}: the text of {what} is not known")
        fail(op, f'{what} must be a text such as "1 28 28", got {text!r}', expected="a text", got=repr(text))
    return parse_shape(text, op)
