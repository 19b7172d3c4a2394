"""The layers' signatures, one small function each under the layer's name, and how layers are chained.

Every layer takes any number of leading batch axes, ``*?b``: a flexible variadic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from torchlean_typed.shapes.dim import Dimension, DimExpr, Unknown, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.shape import Bindings, Shape, Variadic, parse_shape, parse_shapes, shape_names, substitute_shape
from torchlean_typed.shapes.unify import Unifier, flexible, is_flexible
from torchlean_typed.shapes.vocabulary import fail

BATCH = Variadic("?b")


def _positive(op: str, value: object, what: str) -> Dimension:
    if isinstance(value, (bool, str, float)) or value is None:
        fail(op, f"{what} must be an int, got {value!r}", expected="an int", got=repr(value))
    if isinstance(value, int) and value < 1:
        fail(op, f"{what} must be at least 1, got {value}", expected="1 or more", got=value)
    return value  # type: ignore[return-value]


def _require_unknown(op: str, value: object, problem: str, expected: str) -> None:
    """A parameter of another kind than it should be may only be one that the checker does not know."""
    if not isinstance(value, (Unknown, DimExpr)):
        fail(op, f"{problem}, got {value!r}", expected=expected, got=repr(value))


def linear(op: str, in_features: object, out_features: object, bias: object = True) -> ModelKind:
    """``*b in -> *b out``; parameters ``weight: out in`` and ``bias: out``."""
    n, m = _positive(op, in_features, "in_features"), _positive(op, out_features, "out_features")
    if not isinstance(bias, bool):
        _require_unknown(op, bias, "bias must be True or False", "True or False")
        raise Undetermined(f"{op}: the value of bias is not known")
    params = PackKind(((m, n), (m,)), ("0.weight", "0.bias")) if bias else PackKind(((m, n),), ("0.weight",))
    return ModelKind((BATCH, n), (BATCH, m), params, ("linear",))


def activation(op: str, *parameters: object) -> ModelKind:
    """``*b -> *b``; no parameters."""
    return ModelKind((BATCH,), (BATCH,), layers=(op,))


def along_axis(op: str, axis: object = -1) -> ModelKind:
    """``*b n -> *b n`` along the last axis or another one, counted from the end: batch axes do not count."""
    if isinstance(axis, int) and not isinstance(axis, bool):
        if axis >= 0:
            expected = "an axis counted from the end, such as -1"
            problem = f"axis must be negative, counted from the end, got {axis}"
            fail(op, problem, expected=expected, got=axis, hint="any number of batch axes may stand before")
        shape: Shape = (BATCH, *(symbol(f"?n{i}") for i in range(-axis)))
        return ModelKind(shape, shape, layers=(op,))
    _require_unknown(op, axis, "axis must be an int", "an axis counted from the end, such as -1")
    return activation(op)


def flatten(op: str, axes: object) -> ModelKind:
    """``*b n m ... -> *b n*m*...``: the last ``axes`` axes become one."""
    if not isinstance(axes, int) or isinstance(axes, bool):
        if isinstance(axes, Unknown):
            raise Undetermined(f"{op}: the number of axes is not known")
        fail(op, f"axes must be an int, got {axes!r}", expected="how many of the last axes become one", got=repr(axes))
    _positive(op, axes, "axes")
    dims = tuple(symbol(f"?n{i}") for i in range(axes))
    return ModelKind((BATCH, *dims), (BATCH, math.prod(dims)), layers=("flatten",))  # type: ignore[arg-type]


def layer_norm(op: str, features: object, eps: object = 1e-5) -> ModelKind:
    """``*b d -> *b d``; parameters ``weight: d`` and ``bias: d``."""
    d = _positive(op, features, "features")
    if isinstance(eps, bool) or not isinstance(eps, (int, float)):
        _require_unknown(op, eps, "eps must be a number", "a small positive number")
    elif eps < 0:
        fail(op, f"eps must not be negative, got {eps}", expected="a small positive number", got=eps)
    return ModelKind((BATCH, d), (BATCH, d), PackKind(((d,), (d,)), ("0.weight", "0.bias")), ("layer_norm",))


def input(op: str, shape: object) -> ModelKind:
    """``*b s -> *b s``, with ``s`` the shape of one sample as a text: states what cannot be inferred."""
    stated = flexible(_text_shape(op, shape, "shape"))
    if not any(isinstance(axis, Variadic) for axis in stated):
        stated = (BATCH, *stated)
    return ModelKind(stated, stated, layers=("input",))


def layer(op: str, params: object = "", input: object = None, output: object = None, names: object = ()) -> ModelKind:
    """A user's own: shapes as texts, ``*b`` for batch axes; a shape that is not given is not known."""
    if isinstance(params, str):
        shapes = parse_shapes(params, op)
    elif isinstance(params, tuple):
        shapes = tuple(_text_shape(op, text, "a parameter's shape") for text in params)
    else:
        fail(op, f"params must be the parameters' shapes as a text, got {params!r}", expected="a text", got=repr(params))
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


def residual(op: str, inner: ModelKind) -> ModelKind:
    """``*b n -> *b n``: ``x + inner(x)``; the inner model gives the shape that it takes."""
    tagged = _tagged(inner, "'")
    unifier = Unifier(op)
    try:
        unifier.match(tagged.input, tagged.output, "the inner model's output")
        bindings = unifier.solve()
    except ShapeError:
        problem = "the inner model's output does not fit its input"
        operands = [("input", _plain_shape(inner.input)), ("output", _plain_shape(inner.output))]
        raise ShapeError(
            op, problem, operands=operands, expected=show(operands[0][1]), got=show(operands[1][1]), position=0
        ) from None
    shape = substitute_shape(tagged.input, bindings)
    params = PackKind(inner.params.shapes, tuple(f"0.{name}" for name in inner.params.names))
    return _canonical(ModelKind(shape, shape, params, ("residual",)))


def chain(op: str, parts: Sequence[ModelKind]) -> ModelKind:
    """One model out of models, each taking what the one before gives; the layers of all are numbered through.

    Raises:
        ShapeError: for a part that does not fit; ``position`` is its number.
    """
    unifier = Unifier(op)
    tagged = [_tagged(kind, f"'{number}") for number, kind in enumerate(parts)]
    layers = tuple(layer for kind in parts for layer in kind.layers)
    names: list[str] = []
    done = 0
    for number, kind in enumerate(parts):
        names += [_renumbered(name, done) for name in kind.params.names]
        if number:
            _join(unifier, tagged[number - 1], tagged[number], kind, layers, done, number)
        done += len(kind.layers)
    params = PackKind(tuple(shape for kind in parts for shape in kind.params.shapes), tuple(names))
    if not parts:
        return ModelKind((BATCH,), (BATCH,), params)
    first, last = (_settled(shape, unifier.bindings) for shape in (tagged[0].input, tagged[-1].output))
    return _canonical(ModelKind(first, last, params, layers))


def _settled(shape: Shape, values: Bindings) -> Shape:
    """The shape with every name replaced, and those in what it is replaced by."""
    for _ in values:
        replaced = substitute_shape(shape, values)
        if replaced == shape:
            break
        shape = replaced
    return shape


def _renumbered(name: str, offset: int) -> str:
    number, _, rest = name.partition(".")
    return f"{int(number) + offset}.{rest}"


def _join(
    unifier: Unifier, before: ModelKind, here: ModelKind, kind: ModelKind, layers: tuple[str, ...], done: int, number: int
) -> None:
    """State that the part ``here`` takes what ``before`` gives; ``done`` layers stand before it."""
    given = show(_plain_shape(_settled(before.output, unifier.bindings)))
    try:
        unifier.match(here.input, before.output, "the output before it")
        unifier.solve()
    except ShapeError:
        expected = show(_plain_shape(kind.input))
        sources = f" from layer {done - 1} ({layers[done - 1]})" if done else ""
        problem = f"layer {done} ({layers[done]}) expects input {expected}, got {given}{sources}"
        raise ShapeError(unifier.op, problem, expected=expected, got=given, position=number) from None
    if unifier.unsolved and not _has_unknown(here.input, before.output):
        problem = f"which sizes layer {done} ({layers[done]}) gets cannot be inferred: it expects {show(_plain_shape(kind.input))}, got {given}"
        hint = 'state the input shape: nn.input("1 28 28") first'
        raise ShapeError(unifier.op, problem, hint=hint, position=number)


def _has_unknown(*shapes: Shape) -> bool:
    return any(isinstance(axis, Unknown) or axis == Variadic(None) for shape in shapes for axis in shape)


def _tagged(kind: ModelKind, tag: str) -> ModelKind:
    """The layer with flexible names of its own."""
    rigid = frozenset(n for n in shape_names(kind.input) | shape_names(kind.output) if not is_flexible(n))
    return replace(kind, input=flexible(kind.input, tag, rigid), output=flexible(kind.output, tag, rigid))


def _strip(text: str) -> str:
    """A text without the tags of names."""
    return "".join(part if i == 0 else part.lstrip("0123456789") for i, part in enumerate(text.split("'")))


def _plain_shape(shape: Shape) -> Shape:
    names = {name: _renamed(name, _strip(name.lstrip("*?"))) for name in shape_names(shape) if is_flexible(name)}
    return substitute_shape(shape, names)


def _renamed(name: str, new: str) -> Dimension | Shape:
    return (Variadic(new),) if name.startswith("*") else symbol(new)


def _canonical(kind: ModelKind) -> ModelKind:
    """The model with short names again: the batch axes ``?b``, other names without tags where they stay apart."""
    names = sorted(n for n in shape_names(kind.input) | shape_names(kind.output) if is_flexible(n))
    values: dict[str, Dimension | Shape] = {}
    taken = set()
    for name in names:
        short = "b" if name.startswith("*") else _strip(name.lstrip("?"))
        unique = short
        while unique in taken:
            unique = f"{unique}_"
        taken.add(unique)
        values[name] = _renamed(name, f"?{unique}")
    return replace(kind, input=substitute_shape(kind.input, values), output=substitute_shape(kind.output, values))




# the rule behind each function of ``nn`` that takes sizes, by the function's name
RULES: dict[str, Callable[..., ModelKind]] = {
    "linear": linear,
    **dict.fromkeys(("relu", "gelu", "tanh", "sigmoid", "softplus"), activation),
    **dict.fromkeys(("softmax", "log_softmax"), along_axis),
    "flatten": flatten,
    "layer_norm": layer_norm,
    "input": input,
}
