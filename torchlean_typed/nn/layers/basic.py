"""The layers of dense models, and one of a user's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Literal

from torchlean_typed.engine.closures import observe
from torchlean_typed.functions import annotated_pack, annotated_shapes, name_of, require_function, require_tensor
from torchlean_typed.nn import initializers
from torchlean_typed.nn.maker import maker
from torchlean_typed.nn.seq import Layer, Seq
from torchlean_typed.ops import choice, elementwise, linalg, neural, random, structure
from torchlean_typed.pack import make_pack
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import apply_model, require_shape
from torchlean_typed.shapes.user_functions import layer_arguments, refuse_tensor, require_pack
from torchlean_typed.tensor import Tensor

Activation = Literal["relu", "gelu", "tanh", "sigmoid", "softplus"]


@maker
def linear(in_features: int, out_features: int, bias: bool = True) -> Seq:
    """``x @ weight.T + bias``, parameters ``weight: out in`` and ``bias: out``.

    Shapes: ``*b in -> *b out``.

    >>> nn.linear(64, 32)
    Seq["*b 64", "*b 32", "32 64, 32"]
    """
    kind = rules.linear("linear", in_features, out_features, bias)

    def forward(params: Any, x: Tensor) -> Tensor:
        return affine(x, params[0], params[1] if bias else None)

    return Seq.of_layer(Layer(kind, forward, (None, initializers.zeros) if bias else (None,)))


def affine(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """``x @ weight.T + bias`` for any number of batch axes."""
    product = linalg.matmul(x, structure.transpose(weight))
    if bias is None:
        return product
    return product + structure.reshape(bias, (*(1,) * (product.ndim - 1), bias.shape[0]))


def _activation(name: str, function: Callable[[Tensor], Tensor]) -> Seq:
    return Seq.of_layer(Layer(rules.activation(name), lambda params, x: function(x)))


@maker
def relu() -> Seq:
    """``max(x, 0)``, element by element.

    Shapes: ``*b -> *b``.

    >>> nn.relu()
    Seq["*b", "*b", ""]
    """
    return _activation("relu", elementwise.relu)


@maker
def gelu() -> Seq:
    """Gaussian error linear unit, tanh approximation, element by element.

    Shapes: ``*b -> *b``.

    >>> nn.gelu()
    Seq["*b", "*b", ""]
    """
    return _activation("gelu", elementwise.gelu)


@maker
def tanh() -> Seq:
    """Hyperbolic tangent, element by element.

    Shapes: ``*b -> *b``.

    >>> nn.tanh()
    Seq["*b", "*b", ""]
    """
    return _activation("tanh", elementwise.tanh)


@maker
def sigmoid() -> Seq:
    """Logistic function, element by element.

    Shapes: ``*b -> *b``.

    >>> nn.sigmoid()
    Seq["*b", "*b", ""]
    """
    return _activation("sigmoid", elementwise.sigmoid)


@maker
def softplus() -> Seq:
    """``log(1 + exp(x))``, element by element.

    Shapes: ``*b -> *b``.

    >>> nn.softplus()
    Seq["*b", "*b", ""]
    """
    return _activation("softplus", elementwise.softplus)


ACTIVATIONS: dict[str, Callable[[], Seq]] = {
    function.__name__: function for function in (relu, gelu, tanh, sigmoid, softplus)
}


@maker
def softmax(axis: int = -1) -> Seq:
    """Softmax along an axis, counted from the end, so that batch axes do not matter.

    Shapes: ``*b n -> *b n``.

    >>> nn.softmax()
    Seq["*b n0", "*b n0", ""]
    """
    return Seq.of_layer(Layer(rules.along_axis("softmax", axis), lambda params, x: neural.softmax(x, axis)))


@maker
def log_softmax(axis: int = -1) -> Seq:
    """Logarithm of the softmax along an axis, counted from the end.

    Shapes: ``*b n -> *b n``.

    >>> nn.log_softmax()
    Seq["*b n0", "*b n0", ""]
    """
    return Seq.of_layer(Layer(rules.along_axis("log_softmax", axis), lambda params, x: neural.log_softmax(x, axis)))


@maker
def flatten(axes: int) -> Seq:
    """The last ``axes`` axes become one, in row-major order.

    Shapes: ``*b n m -> *b n*m`` for ``axes=2``.

    >>> nn.input("1 28 28") >> nn.flatten(3)
    Seq["*b 1 28 28", "*b 784", ""]
    """
    kind = rules.flatten("flatten", axes)

    def forward(params: Any, x: Tensor) -> Tensor:
        batch = x.ndim - axes
        return structure.reshape(x, (*x.shape[:batch], math.prod(x.shape[batch:])))

    return Seq.of_layer(Layer(kind, forward))


@maker
def dropout(rate: float, seed: int) -> Seq:
    """Each element 0 with probability ``rate``, the others divided by ``1 - rate``.

    Which ones is drawn from the seed and the shape, so that a model gives the same for the same arguments. For another
    draw make the model with another seed, and for inference with rate 0: the parameters fit all of them.

    Source: Srivastava and others 2014, JMLR 15.

    Shapes: ``*b -> *b``.

    >>> nn.dropout(0.5, seed=0)
    Seq["*b", "*b", ""]
    """
    kind = rules.dropout("dropout", rate, seed)

    def forward(params: Any, x: Tensor) -> Tensor:
        if not rate:
            return x
        kept = random.uniform(x.shape, seed, x.dtype) >= rate
        return choice.where(kept, x / (1.0 - rate), 0.0)

    return Seq.of_layer(Layer(kind, forward))


@maker
def mlp(*sizes: int, activation: Activation = "relu") -> Seq:
    """Linear layers from each size to the next, with an activation between them.

    Shapes: ``*b in -> *b out``.

    >>> nn.mlp(64, 32, 10)
    Seq["*b 64", "*b 10", "32 64, 32, 10 32, 10"]
    >>> nn.mlp(64, 32, 10).param_names
    ('0.weight', '0.bias', '2.weight', '2.bias')
    """
    rules.mlp("mlp", *sizes, activation=activation)
    parts = [linear(sizes[0], sizes[1])]
    for n, m in pairwise(sizes[1:]):
        parts += [ACTIVATIONS[activation](), linear(n, m)]
    return Seq(*parts)


@maker
def input(shape: str | tuple[int, ...]) -> Seq:
    """Nothing but a statement: what follows gets inputs of this shape, after any batch axes.

    ``shape`` is that of one sample, as a text, in which sizes may have names, or as a tuple.

    Shapes: ``*b s -> *b s``.

    >>> nn.input("1 28 28")
    Seq["*b 1 28 28", "*b 1 28 28", ""]
    >>> nn.input((1, 28, 28)) >> nn.conv2d(1, 4, 3)
    Seq["*b 1 28 28", "*b 4 26 26", "4 1 3 3, 4"]
    """
    return Seq.of_layer(Layer(rules.input("input", shape), lambda params, x: x))


@maker
def layer(
    fn: Callable[..., Tensor],
    params: str | Mapping[str, str] = "",
    input: str | None = None,
    output: str | None = None,
) -> Seq:
    """A layer of your own: ``fn(params, x)`` with a TensorPack of the parameters, or ``fn(x)`` where there are none.

    ``params`` gives the parameters' shapes, ``"32 64, 32"``, or with their names, ``{"weight": "32 64"}``; ``input``
    and ``output`` the shapes of what it takes and gives, ``"*b 64"``; where they are left out they are read off
    ``fn``'s jaxtyping annotations. Parameters with two or more axes start with Glorot's values, others with 0. What it
    closes over is treated as by ``tl.compile``.

    ``fn`` can be called with these arguments alone, by position; what else it takes has defaults. Where its first
    parameter is annotated, ``TensorPack["32 64, 32"]``, ``params`` has these shapes.

    Shapes: as ``input`` and ``output`` say.

    Raises:
        ShapeError: for a function that takes other arguments, for ``params`` that do not fit its annotation, for a
            parameter's size that is no number; at a call, for a result that does not have the declared shape.

    >>> nn.layer(lambda p, x: x * p["scale"], params={"scale": ""}, input="*b n", output="*b n")
    Seq["*b n", "*b n", "()"]
    """
    texts, names = (tuple(params.values()), tuple(params)) if isinstance(params, Mapping) else (params, ())
    takes, number = layer_arguments(bool(params))
    require_function("layer", fn, takes, number)
    arguments, result = annotated_shapes(fn)
    input = arguments[number - 1] if input is None and len(arguments) >= number else input
    kind = rules.layer("layer", texts, input, result if output is None else output, names)
    if params:
        refuse_tensor("layer", name_of(fn), arguments[0] if arguments else None)
        require_pack("layer", annotated_pack(fn), kind.params)
    _require_sizes(kind.params)
    count = len(kind.params.shapes)
    bare_names = tuple(name.partition(".")[2] for name in kind.params.names)

    def forward(tensors: Any, x: Tensor) -> Tensor:
        observe(fn)
        given = fn(make_pack(tuple(tensors), bare_names), x) if count else fn(x)
        result = require_tensor("layer", fn, given)
        declared = apply_model("layer", kind, kind.params, x.shape)
        require_shape("layer", "the function's result", result.shape, "the declared output", declared)
        return result

    starts = tuple(None if len(shape) > 1 else initializers.zeros for shape in kind.params.shapes)
    return Seq.of_layer(Layer(kind, forward, starts))


def _require_sizes(params: PackKind) -> None:
    """What is made by ``init`` has sizes that are known."""
    for index, shape in enumerate(params.shapes):
        if not all(isinstance(axis, int) for axis in shape):
            name = params.names[index].partition(".")[2]
            problem = f'parameter "{name}" has shape {show(shape)}: its sizes must be numbers'
            raise ShapeError("layer", problem, expected="numbers", got=show(shape), position=index)
