"""Models are pickled as the calls that made their layers."""

import copy
import pickle
from collections.abc import Callable

import pytest

import torchlean_typed as tl
from torchlean_typed import Seq, Tensor, TensorPack, nn


def scaled(params: TensorPack, x: Tensor) -> Tensor:
    return x * params["scale"]


MODELS = {
    "Seq": nn.Seq(nn.linear(3, 4), nn.Seq(nn.relu(), nn.linear(4, 3)), nn.residual(nn.linear(3, 3) >> nn.tanh())),
    "add_branches": nn.add_branches(nn.linear(3, 2), nn.linear(3, 2, bias=False)),
    "avg_pool2d": nn.avg_pool2d(2),
    "batch_norm": nn.batch_norm(3, axis=-2, momentum=0.2),
    "concat_branches": nn.concat_branches(nn.linear(3, 2), nn.linear(3, 3), axis=-1),
    "conv2d": nn.conv2d(2, 3, (2, 1), padding=1),
    "conv_transpose2d": nn.conv_transpose2d(2, 3, 2, stride=2),
    "dropout": nn.dropout(0.5, seed=3),
    "embedding": nn.embedding(10, 4),
    "flatten": nn.flatten(2),
    "global_avg_pool": nn.global_avg_pool(),
    "input": nn.input("1 n n"),
    "layer": nn.layer(scaled, params={"scale": ""}, input="*b n", output="*b n"),
    "layer_norm": nn.layer_norm(3, eps=0.1),
    "linear": nn.linear(3, 4, bias=False),
    "log_softmax": nn.log_softmax(axis=-2),
    "max_pool2d": nn.max_pool2d(2, stride=1),
    "mlp": nn.mlp(3, 4, 2, activation="tanh"),
    "multi_head_attention": nn.multi_head_attention(4, 2, causal=True),
    "positional_embedding": nn.positional_embedding(5, 4),
    "residual": nn.residual(nn.residual(nn.linear(3, 3))),
    "softmax": nn.softmax(),
    "training": nn.training(nn.linear(3, 3) >> nn.batch_norm(3)),
    "transformer_block": nn.transformer_block(4, 2, 8),
    **{name: getattr(nn, name)() for name in ("gelu", "relu", "sigmoid", "softplus", "tanh")},
}


def test_every_layer_is_here() -> None:
    assert set(MODELS) == set(nn.__all__) - {"update_statistics"}


@pytest.mark.parametrize("through", [lambda m: pickle.loads(pickle.dumps(m)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_pickling_and_copying(model: Seq, through: Callable[[Seq], Seq]) -> None:
    other = through(model)
    assert other.kind == model.kind
    assert [x.numpy().tolist() for x in other.init(seed=1)] == [x.numpy().tolist() for x in model.init(seed=1)]


def test_a_model_computes_the_same_after_pickling() -> None:
    model, x = MODELS["Seq"] >> MODELS["layer_norm"] >> MODELS["layer"], tl.random.normal((5, 3), seed=0)
    params = model.init(seed=0).map(lambda w: w + 0.5)
    assert pickle.loads(pickle.dumps(model))(params, x).numpy().tolist() == model(params, x).numpy().tolist()


def test_a_layer_of_a_function_without_a_name_cannot_be_pickled() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(nn.layer(lambda x: x))
