"""Seq: a model as a chain of layers. It never changes and holds no parameters: ``init`` makes them, calls take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.brackets import MYPY, Generic
from torchlean_typed.checks.annotations import subscripted
from torchlean_typed.checks.boundary import boundary
from torchlean_typed.engine.run import execute
from torchlean_typed.immutable import Immutable, fix
from torchlean_typed.nn.initializers import Initializer, glorot_uniform, he_uniform
from torchlean_typed.ops.statics import numpy_dtype
from torchlean_typed.pack import TensorPack, make_pack
from torchlean_typed.shapes import layers as layer_rules
from torchlean_typed.shapes.derivative_dtypes import check_dtypes, check_input, require_parameters
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.models import apply_model
from torchlean_typed.shapes.shape import Shape, Variadic
from torchlean_typed.shapes.unify import plain
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import is_tracing, make

if TYPE_CHECKING:
    from numpy.typing import DTypeLike
    from typing_extensions import TypeVar

    In = TypeVar("In", default=Any, covariant=True)
    Out = TypeVar("Out", default=Any, covariant=True)
    P = TypeVar("P", default=Any, covariant=True)
    Names = TypeVar("Names", default=Any, covariant=True)
    Layers = TypeVar("Layers", default=Any, covariant=True)
else:
    from typing import TypeVar

    In, Out, P, Names, Layers = (TypeVar(name) for name in ("In", "Out", "P", "Names", "Layers"))

Forward = Callable[[Sequence[Tensor], Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: its signature, how its parameters start, and what it computes from them and its input."""

    kind: ModelKind
    forward: Forward
    initializers: tuple[Initializer | None, ...] = ()
    made: Callable[[], Seq] | None = None  # the call that made it

    @property
    def name(self) -> str:
        """Such as ``linear``."""
        return self.kind.layers[0]

    def __reduce__(self) -> tuple[Any, ...]:
        return _made_again, (self.made,)


class Seq(Immutable, Generic[In, Out, P, Names, Layers]):
    """A model from inputs of one shape to outputs of another, with any number of leading batch axes.

    In annotations: ``Seq["*b 64", "*b 10"]``, with the parameters ``Seq["*b 64", "*b 10", "32 64, 32, 10 32, 10"]``,
    or generic, ``Seq[I, O, P]`` with ``TensorPack[P]``.

    Raises:
        ShapeError: for a layer that does not take what the one before it gives.

    >>> model = nn.Seq(nn.linear(4, 8), nn.relu(), nn.linear(8, 3))
    >>> model
    Seq["*b 4", "*b 3", "8 4, 8, 3 8, 3"]
    >>> params = model.init(seed=0)
    >>> model(params, tl.ones((5, 4))).shape
    (5, 3)
    """

    __slots__ = ("__weakref__", "_outputs", "kind", "layers", "variants")
    kind: ModelKind
    layers: tuple[Layer, ...]
    variants: dict[str, Seq]  # the models that were made of it
    _outputs: dict[tuple[Any, ...], Shape]

    if not MYPY:

        def __class_getitem__(cls, given: Any) -> Any:
            """The annotation for texts of shapes; with type variables, the generic class."""
            return subscripted(cls, given, super().__class_getitem__)

    def __init__(self, *parts: Seq) -> None:
        for number, part in enumerate(parts):
            if not isinstance(part, Seq):
                got = getattr(part, "__name__", type(part).__name__)
                ours = getattr(part, "__module__", "").startswith(__package__)
                hint = f"call it: nn.{got}()" if ours else "wrap a function with nn.layer"
                raise ShapeError("Seq", f"part {number} is no layer but {got}", expected="a layer", got=got, hint=hint)
        kind = layer_rules.chain("Seq", [part.kind for part in parts])
        fix(self, kind=kind, layers=tuple(layer for part in parts for layer in part.layers), variants={}, _outputs={})

    @staticmethod
    def of_layer(layer: Layer) -> Seq:
        """A model of one layer."""
        model: Seq = object.__new__(Seq)
        fix(model, kind=layer.kind, layers=(layer,), variants={}, _outputs={})
        return model

    def __rshift__(self, other: Seq) -> Seq:
        return Seq(self, other)

    @property
    def in_shape(self) -> tuple[Any, ...]:
        """The shape of one input, without batch axes; a size that the model leaves open is its name."""
        return _one_sample(self.kind.input)

    @property
    def out_shape(self) -> tuple[Any, ...]:
        """The shape of one output, without batch axes."""
        return _one_sample(self.kind.output)

    @property
    def param_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The parameters' shapes, in order."""
        return self.kind.params.shapes  # type: ignore[return-value]

    @property
    def param_names(self) -> tuple[str, ...]:
        """The parameters' names, in order, such as ``0.weight``."""
        return self.kind.params.names

    @boundary
    def init(self, seed: int, dtype: DTypeLike = "float64") -> TensorPack[P, Names]:
        """Parameters to start from: He's for a layer that feeds a relu, Glorot's otherwise, biases 0.

        The same seed gives the same parameters on every machine.

        Raises:
            ShapeError: for a dtype that is not floating, and for a negative seed.

        >>> nn.linear(3, 2).init(seed=1).shapes
        ((2, 3), (2,))
        """
        require_parameters("init", numpy_dtype("init", dtype).name)
        if seed < 0:
            raise ShapeError("init", f"seed must be an int of at least 0, got {seed}", expected="0 or more", got=seed)
        starts = initializers_of(self.layers)
        tensors = []
        for index, (shape, start) in enumerate(zip(self.param_shapes, starts, strict=True)):
            values = start(np.random.default_rng([seed, index]), shape)
            tensors.append(make(np.asarray(values, dtype)))
        return make_pack(tuple(tensors), self.param_names)

    def output_shape(self, op: str, params: TensorPack, x: Tensor) -> tuple[int, ...]:
        """The shape of the output for these arguments, which are checked.

        Raises:
            ShapeError: for parameters of another model, for an input that does not fit, and for dtypes that differ.
        """
        key = (params.shapes, params.kind.names, x.shape)
        shape = self._outputs.get(key)
        if shape is None:
            shape = apply_model(op, self.kind, params.kind, x.shape)
            if len(self._outputs) < 1000:
                self._outputs[key] = shape
        if any(weight.dtype is not x.dtype for weight in params.tensors):
            whats = [*(f'params "{name}"' for name in params.names), "x"]
            dtypes = [tensor.dtype.name for tensor in (*params.tensors, x)]
            check_dtypes(op, [(what, what, dtype) for what, dtype in zip(whats, dtypes, strict=True)])
        if self.kind.takes == "integer" or x.dtype.kind != "f":
            check_input(op, self.kind, x.dtype.name)
        return shape  # type: ignore[return-value]

    @boundary
    def __call__(self, params: TensorPack, x: Tensor) -> Tensor:
        """The model's output; any number of leading batch axes."""
        self.output_shape("Seq", params, x)
        if is_tracing():
            return self.forward(params.tensors, x)
        return execute(lambda x, *weights: [self.forward(weights, x)], (x, *params.tensors), ("call", self))[0]

    def forward(self, tensors: Sequence[Tensor], x: Tensor) -> Tensor:
        """The output, from arguments that are known to fit."""
        start = 0
        for layer in self.layers:
            stop = start + len(layer.kind.params.shapes)
            x = layer.forward(tensors[start:stop], x)
            start = stop
        return x

    def summary(self) -> str:
        """A table of the layers: number, name, input, output, parameters.

        >>> print((nn.linear(4, 8) >> nn.relu()).summary())
        layer     input   output  parameters  count
        0 linear  [*b, 4] [*b, 8] [8, 4], [8]    40
        1 relu    [*b, 8] [*b, 8]                 0
        total                                    40
        """
        from torchlean_typed.nn.summary import as_text

        return as_text(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _chained, self.layers

    def __repr__(self) -> str:
        return f"Seq[{self.kind}]"


def _made_again(made: Callable[[], Seq]) -> Layer:
    """A layer from the call that made it, where a pickle is read."""
    return made().layers[0]


def _chained(*layers: Layer) -> Seq:
    """A model of these layers, where a pickle is read."""
    return Seq(*map(Seq.of_layer, layers))


def initializers_of(layers: Sequence[Layer]) -> tuple[Initializer, ...]:
    """How each parameter starts: as its layer says, else by what the layer feeds."""
    starts: list[Initializer] = []
    for index, layer in enumerate(layers):
        follows = layers[index + 1].name if index + 1 < len(layers) else ""
        default = he_uniform if follows == "relu" else glorot_uniform
        own = layer.initializers or (None,) * len(layer.kind.params.shapes)
        starts += [initializer or default for initializer in own]
    return tuple(starts)


def _one_sample(shape: Shape) -> tuple[int | str, ...]:
    """Without the batch axes; where a layer of one's own leaves everything open, that is ``...``."""
    axes = [axis for axis in shape if axis == Variadic(None) or not isinstance(axis, Variadic)]
    return tuple(axis if isinstance(axis, int) else plain(axis) for axis in axes)
