"""The models and losses of the value tests, each with its counterpart written on its own with HIPS autograd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np

import torchlean_typed as tl
from torchlean_typed import OutputLoss, Seq, Tensor, TensorPack, loss, nn
from torchlean_typed.pack import make_pack

Array = np.ndarray[Any, Any]
Weights = Sequence[Any]


@dataclass(frozen=True)
class Model:
    """A model of ours, and the same function of arrays: ``reference(weights, x)``."""

    name: str
    model: Seq
    reference: Callable[[Weights, Any], Any]
    sample: tuple[int, ...] = (3,)
    output: tuple[int, ...] = (2,)

    def __repr__(self) -> str:
        return self.name


def dense(w: Any, b: Any, x: Any) -> Any:
    """A linear layer for any number of batch axes."""
    return anp.dot(x, anp.transpose(w)) + b


def softmax(x: Any) -> Any:
    """Along the last axis."""
    e = anp.exp(x)
    return e / anp.sum(e, axis=-1, keepdims=True)


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: anp.where(x > 0, x, 0.0),
    "gelu": lambda x: 0.5 * x * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (x + 0.044715 * x**3))),
    "tanh": anp.tanh,
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)),
    "softplus": lambda x: anp.log(1 + anp.exp(x)),
    "softmax": softmax,
    "log_softmax": lambda x: anp.log(softmax(x)),
}


def mlp(activation: str) -> Model:
    """Two linear layers with an activation between them."""
    f = ACTIVATIONS[activation]
    model = nn.linear(3, 4) >> getattr(nn, activation)() >> nn.linear(4, 2)
    return Model(f"mlp-{activation}", model, lambda p, x: dense(p[2], p[3], f(dense(p[0], p[1], x))))


def normalised(w: Any, b: Any, x: Any) -> Any:
    """Layer normalisation."""
    mean = anp.mean(x, axis=-1, keepdims=True)
    variance = anp.mean((x - mean) ** 2, axis=-1, keepdims=True)
    return (x - mean) / anp.sqrt(variance + 1e-5) * w + b


def _norm_residual(p: Weights, x: Any) -> Any:
    h = normalised(p[2], p[3], dense(p[0], p[1], x))
    h = h + dense(p[6], p[7], anp.tanh(dense(p[4], p[5], h)))
    return dense(p[8], p[9], h)


NORM_RESIDUAL = Model(
    "layer_norm-residual",
    nn.Seq(
        nn.linear(3, 4),
        nn.layer_norm(4),
        nn.residual(nn.linear(4, 3) >> nn.tanh() >> nn.linear(3, 4)),
        nn.linear(4, 2),
    ),
    _norm_residual,
)
FLATTEN = Model(
    "flatten",
    nn.input("2 3") >> nn.flatten(2) >> nn.linear(6, 2),
    lambda p, x: dense(p[0], p[1], anp.reshape(x, (*x.shape[:-2], 6))),
    sample=(2, 3),
)


def _scaled(params: TensorPack, x: Tensor) -> Tensor:
    lead = (1,) * (x.ndim - 1)
    return tl.sin(x * params["scale"].reshape((*lead, 3))) + params["shift"]


OWN_LAYER = Model(
    "layer of one's own",
    nn.layer(_scaled, params={"scale": "3", "shift": ""}, input="*b 3", output="*b 3") >> nn.linear(3, 2),
    lambda p, x: dense(p[2], p[3], anp.sin(x * p[0]) + p[1]),
)
LINEAR = Model("linear", nn.linear(3, 2), lambda p, x: dense(p[0], p[1], x))
NO_BIAS = Model("linear-no-bias", nn.linear(3, 2, bias=False), lambda p, x: anp.dot(x, anp.transpose(p[0])))
NO_PARAMS = Model(
    "activations-only",
    nn.softplus() >> nn.tanh(),
    lambda p, x: anp.tanh(ACTIVATIONS["softplus"](x)),
    output=(3,),
)
TANH = mlp("tanh")

MODELS = [LINEAR, NO_BIAS, *map(mlp, ACTIVATIONS), NORM_RESIDUAL, FLATTEN, OWN_LAYER, NO_PARAMS]
BATCHES: list[tuple[int, ...]] = [(), (4,), (2, 3)]


@dataclass(frozen=True)
class Loss:
    """A loss of ours, and the same function of arrays."""

    name: str
    loss: OutputLoss
    reference: Callable[[Any, Any], Any]
    detached: bool = False

    def __repr__(self) -> str:
        return self.name


def _squares(o: Any, y: Any) -> Any:
    return (o - y) ** 2


def _cross_entropies(o: Any, y: Any, axis: int = -1) -> Any:
    return -anp.sum(y * (o - anp.log(anp.sum(anp.exp(o), axis=axis, keepdims=True))), axis=axis)


def _smooth(output: Tensor, target: Tensor) -> Tensor:
    return tl.mean(tl.sqrt((output - target) ** 2 + 1.0) * tl.sigmoid(target))


MSE = Loss("mse", loss.mse(), lambda o, y: anp.mean(_squares(o, y)))
CROSS_ENTROPY = Loss("cross_entropy", loss.cross_entropy_one_hot(), lambda o, y: anp.mean(_cross_entropies(o, y)))
LOSSES = [
    MSE,
    CROSS_ENTROPY,
    Loss("mse-sum", loss.mse("sum"), lambda o, y: anp.sum(_squares(o, y))),
    Loss("cross_entropy-sum", loss.cross_entropy_one_hot("sum"), lambda o, y: anp.sum(_cross_entropies(o, y))),
    Loss(
        "cross_entropy-axis-0",
        loss.cross_entropy_one_hot(axis=0),
        lambda o, y: anp.mean(_cross_entropies(o, y, axis=0)),
    ),
    Loss(
        "own",
        OutputLoss(_smooth),
        lambda o, y: anp.mean(anp.sqrt((o - y) ** 2 + 1.0) / (1 + anp.exp(-y))),
    ),
    Loss("mse-detached", loss.detach(loss.mse()), MSE.reference, detached=True),
    Loss("cross_entropy-detached", loss.detach(loss.cross_entropy_one_hot()), CROSS_ENTROPY.reference, detached=True),
]


def weights_for(example: Model, seed: int = 0, dtype: Any = np.float64) -> list[Array]:
    """Values for every parameter, none of them special: scales are not 1, shifts not 0."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.normal(size=shape)).astype(dtype) for shape in example.model.param_shapes]


def pack_for(example: Model, weights: Weights) -> TensorPack:
    """The values as the model's parameters."""
    return make_pack(tuple(map(tl.from_numpy, weights)), example.model.param_names)


def input_for(example: Model, batch: tuple[int, ...], seed: int = 1, dtype: Any = np.float64) -> Array:
    """An input with these batch axes."""
    return np.asarray(np.random.default_rng(seed).normal(size=(*batch, *example.sample))).astype(dtype)


def like_output(example: Model, batch: tuple[int, ...], seed: int = 2, dtype: Any = np.float64) -> Array:
    """Something in the shape of the output: a target of positive rows that sum to 1, or a seed."""
    values = np.random.default_rng(seed).uniform(0.1, 1.0, (*batch, *example.output))
    return np.asarray(values / values.sum(axis=-1, keepdims=True)).astype(dtype)
