"""Initial parameters: their statistics, and that one seed gives the same numbers everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from torchlean_typed import Seq, ShapeError, nn


def test_the_same_seed_gives_the_same_numbers_on_every_machine() -> None:
    np.testing.assert_array_equal(
        nn.linear(3, 2).init(seed=2026)["0.weight"].numpy(),
        [
            [-0.7034185799182511, 0.30653438781659426, -0.07171134014769409],
            [-0.2837191299518034, -0.3178601948063394, 0.6364935864826597],
        ],
    )
    model = nn.Seq(nn.linear(2, 2), nn.tanh(), nn.residual(nn.linear(2, 2) >> nn.relu() >> nn.linear(2, 2)))
    golden = {
        "0.weight": [[0.3354862482481791, -0.5639050832878074], [-1.124380644784199, -1.1842605976919982]],
        "0.bias": [0.0, 0.0],
        "2.0.weight": [[-1.4520681229270813, -0.33796540233142003], [0.35087610292426596, -1.2294088484020733]],
        "2.0.bias": [0.0, 0.0],
        "2.2.weight": [[0.9383307770192308, -0.6648094665553603], [-0.21887024728254878, -0.1305742623423698]],
        "2.2.bias": [0.0, 0.0],
    }
    params = model.init(seed=0)
    assert params.names == tuple(golden)
    for name, values in golden.items():
        np.testing.assert_array_equal(params[name].numpy(), values)


def test_seeds_and_entries_differ() -> None:
    model = nn.linear(4, 4) >> nn.linear(4, 4)
    weights = [model.init(seed=seed)[name].numpy().tolist() for seed in (0, 1) for name in ("0.weight", "1.weight")]
    assert len({str(weight) for weight in weights}) == 4


def test_dtypes() -> None:
    model = nn.linear(3, 2) >> nn.layer_norm(2)
    double, single = model.init(seed=0), model.init(seed=0, dtype=np.float32)
    assert {x.dtype.name for x in double} == {"float64"}
    assert {x.dtype.name for x in single} == {"float32"}
    for a, b in zip(double, single, strict=True):
        np.testing.assert_array_equal(a.numpy().astype(np.float32), b.numpy())
    assert {x.dtype.name for x in model.init(seed=0, dtype="float16")} == {"float16"}


def limits(model: Seq, name: str) -> tuple[float, float, float]:
    """The largest absolute value, the mean and the standard deviation of one parameter."""
    values = model.init(seed=1)[name].numpy()
    return float(np.abs(values).max()), float(values.mean()), float(values.std())


def check_uniform(model: Seq, name: str, limit: float) -> None:
    top, mean, deviation = limits(model, name)
    assert 0.98 * limit < top <= limit
    assert abs(mean) < 0.02 * limit
    assert abs(deviation / (limit / np.sqrt(3)) - 1) < 0.02


def test_a_layer_that_feeds_a_relu_starts_with_hes_values() -> None:
    check_uniform(nn.linear(100, 300) >> nn.relu(), "0.weight", np.sqrt(6 / 100))
    check_uniform(nn.linear(100, 300) >> nn.Seq(nn.Seq(nn.relu())), "0.weight", np.sqrt(6 / 100))
    check_uniform(nn.residual(nn.linear(200, 200) >> nn.relu()), "0.0.weight", np.sqrt(6 / 200))


@pytest.mark.parametrize(
    "follows", [nn.Seq, nn.gelu, nn.tanh, nn.sigmoid, nn.softmax, lambda: nn.layer_norm(300), lambda: nn.linear(300, 2)]
)
def test_any_other_starts_with_glorots(follows: Callable[[], Seq]) -> None:
    check_uniform(nn.linear(100, 300) >> follows(), "0.weight", np.sqrt(6 / 400))


def test_a_parameter_of_ones_own_with_two_axes_starts_with_glorots_and_others_with_0() -> None:
    layer = nn.layer(lambda p, x: x, params={"w": "300 100", "b": "300", "s": ""})
    check_uniform(layer, "0.w", np.sqrt(6 / 400))
    assert not layer.init(seed=0)["0.b"].numpy().any()
    assert layer.init(seed=0)["0.s"].numpy() == 0.0
    kernel = nn.layer(lambda p, x: x, params={"k": "20 10 5 5"})
    check_uniform(kernel, "0.k", np.sqrt(6 / (25 * 30)))


def test_biases_start_with_0_and_scales_with_1() -> None:
    params = (nn.linear(3, 4) >> nn.relu() >> nn.layer_norm(4)).init(seed=0)
    assert not params["0.bias"].numpy().any()
    assert (params["2.weight"].numpy() == 1).all()
    assert not params["2.bias"].numpy().any()


@pytest.mark.parametrize("dtype", [np.int64, bool, np.complex128, np.longdouble])
def test_parameters_are_floating(dtype: type) -> None:
    with pytest.raises(ShapeError) as caught:
        nn.linear(3, 2).init(seed=0, dtype=dtype)
    assert str(caught.value) == f"init: parameters have a floating dtype, got {np.dtype(dtype).name}"


def test_a_seed_is_not_negative() -> None:
    with pytest.raises(ShapeError) as caught:
        nn.linear(3, 2).init(seed=-1)
    assert str(caught.value) == "init: seed must be an int of at least 0, got -1"
