"""Every name that the contract of the public interface promises is there."""

from __future__ import annotations

import inspect

import pytest

import torchlean_typed as tl

TOP = """
    Tensor TensorPack Seq Params Rows Dim OutputLoss ShapeError DomainError TracingError nn loss autograd random
    tensor from_numpy zeros ones full zeros_like ones_like full_like eye arange linspace ensure allclose checked eager
    compiled compile
    matmul add subtract multiply divide negative abs square sqrt exp log log1p expm1 sin cos tanh sigmoid relu gelu
    softplus safe_log reciprocal pow maximum minimum clip where sign
    sum mean max min logsumexp softmax log_softmax
    reshape flatten permute_dims swapaxes matrix_transpose expand_dims squeeze broadcast_to concat stack
    detach layer_norm
"""
LAYERS = """
    Seq linear relu gelu tanh sigmoid softplus softmax log_softmax flatten layer_norm residual input layer
    conv2d conv_transpose2d max_pool2d avg_pool2d global_avg_pool embedding positional_embedding dropout mlp
    multi_head_attention transformer_block concat_branches add_branches batch_norm
    training update_statistics
"""
MODEL = """
    linear_params grad_params grad_inputs grad_x grad_target ValueAndGrads value_and_grads value_and_grad_params
    value_and_grad_params_scalar value_and_grad_x value_and_grad_target vjp_params vjp_inputs vjp_input jacrev_params
    jvp_params hvp_params
"""
FN = "Fn jacfwd hessian vjp jacrev grad value_and_grad value_and_grad_scalar jvp hvp"
PACK = "of named shapes names map dot norm flatten unflatten zeros_like"
MEMBERS = {
    tl: TOP,
    tl.nn: LAYERS,
    tl.loss: "OutputLoss mse cross_entropy cross_entropy_one_hot detach",
    tl.random: "normal uniform",
    tl.autograd: "model fn checkpoint",
    tl.autograd.model: MODEL,
    tl.autograd.fn: FN,
    tl.TensorPack: PACK,
    tl.Rows: "stacked tensor __len__ __getitem__ __iter__",
    tl.Seq: "init __call__ __rshift__ in_shape out_shape param_shapes param_names summary",
    tl.Tensor: "shape dtype ndim size item numpy T mT __len__ __array__ __eq__ detach",
}


@pytest.mark.parametrize(
    ("owner", "name"),
    [pytest.param(o, n, id=f"{o.__name__}.{n}") for o, names in MEMBERS.items() for n in names.split()],
)
def test_the_name_is_there(owner: object, name: str) -> None:
    assert hasattr(owner, name)


@pytest.mark.parametrize("owner", [tl, tl.nn], ids=lambda owner: owner.__name__)
def test_what_is_promised_is_listed(owner: object) -> None:
    assert set(MEMBERS[owner].split()) <= set(owner.__all__)  # type: ignore[attr-defined, index]
    assert list(owner.__all__) == sorted(owner.__all__)  # type: ignore[attr-defined]


def test_the_arguments_are_in_the_order_of_the_contract() -> None:
    def arguments(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]

    m, f = tl.autograd.model, tl.autograd.fn
    of_a_loss = ["model", "loss", "params", "x", "target"]
    for name in MODEL.split():
        if "grad" in name and name != "ValueAndGrads":
            assert arguments(getattr(m, name)) == of_a_loss
    for name in ("vjp_params", "vjp_inputs", "vjp_input"):
        assert arguments(getattr(m, name)) == ["model", "params", "x", "seed_out"]
    assert arguments(m.jacrev_params) == ["model", "params", "x", "chunk_size"]
    assert arguments(m.jvp_params) == arguments(m.hvp_params) == [*of_a_loss, "vparams"]
    assert arguments(m.linear_params) == ["w", "b"]
    for name in ("grad", "value_and_grad", "value_and_grad_scalar"):
        assert arguments(getattr(f, name)) == ["f", "x"]
    assert arguments(f.jacrev) == arguments(f.jacfwd) == arguments(f.hessian) == ["f", "x", "chunk_size"]
    assert arguments(f.vjp) == ["f", "x", "seed_out"]
    assert arguments(f.jvp) == arguments(f.hvp) == ["f", "x", "v"]
    assert arguments(tl.nn.linear) == ["in_features", "out_features", "bias"]
    assert arguments(tl.Seq.init) == ["self", "seed", "dtype"]
    assert arguments(tl.Seq.__call__) == ["self", "params", "x"]
    assert arguments(tl.loss.cross_entropy_one_hot) == ["reduction", "axis"]
    assert arguments(tl.TensorPack.unflatten) == ["vector", "like"]
